//! History: what was done, by whom, and how every record changed by it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Fields, Page, SessionId, Timestamp};

/// Who does something, and what it is called: kept with every change.
///
/// ```
/// use wsdb_core::Author;
/// let author = Author::new("mira", "task add", "2025-11-20T10:00:00Z".parse()?);
/// assert_eq!(author.actor, "mira");
/// # Ok::<(), wsdb_core::TimestampError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The user's or the assistant's name.
    pub actor: String,
    /// What is done, such as `task add`.
    pub verb: String,
    /// When, in UTC.
    pub time: Timestamp,
}

impl Author {
    /// Someone who does something at a time.
    pub fn new(actor: &str, verb: &str, time: Timestamp) -> Self {
        Author {
            actor: actor.to_owned(),
            verb: verb.to_owned(),
            time,
        }
    }
}

/// The number of an action: a later one is higher. People write `12` or `#12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActionId(pub i64);

impl fmt::Display for ActionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl FromStr for ActionId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.trim_start_matches('#')
            .parse()
            .map(ActionId)
            .map_err(|_| format!("{text:?} is no number of a change, such as #12"))
    }
}

/// What was done at once: one user action, one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Its number.
    pub id: ActionId,
    /// When, in UTC.
    pub time: Timestamp,
    /// Who.
    pub actor: String,
    /// In which session, if one was open.
    pub session: Option<SessionId>,
    /// What it is called, such as `task add`.
    pub verb: String,
    /// The action that this one took back.
    pub undoes: Option<ActionId>,
    /// The action that took this one back.
    pub undone_by: Option<ActionId>,
}

impl Action {
    /// What an import is called that brought a whole history with it.
    pub const IMPORT_WITH_HISTORY: &str = "import with history";
    /// What a copy is called.
    pub const COPY: &str = "copy";

    /// Whether this tells how the database itself came by its history. That is no part of the
    /// workspace's history, which goes on elsewhere without it.
    pub fn is_arrival(&self) -> bool {
        [Self::IMPORT_WITH_HISTORY, Self::COPY].contains(&self.verb.as_str())
    }
}

/// What happened to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// Some of its fields have other values.
    Changed,
    /// It is gone.
    Removed,
}

impl ChangeKind {
    /// The word that is kept.
    pub fn word(self) -> &'static str {
        match self {
            ChangeKind::Added => "added",
            ChangeKind::Changed => "changed",
            ChangeKind::Removed => "removed",
        }
    }
}

impl FromStr for ChangeKind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        [Self::Added, Self::Changed, Self::Removed]
            .into_iter()
            .find(|kind| kind.word() == word)
            .ok_or_else(|| format!("{word:?} is no kind of change"))
    }
}

/// How records of one table changed by an action.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordChange {
    /// Its number: a later one is higher.
    pub id: i64,
    /// The action.
    pub action: ActionId,
    /// The table, such as `workspace_tasks`.
    pub table: String,
    /// The records: one, or many that were added at once or changed in the same way.
    pub records: Vec<String>,
    /// What happened to them.
    pub kind: ChangeKind,
    /// The fields that changed, by column, as they were; all of a record that is gone.
    pub before: Fields,
    /// The same fields as they became; all of a record that is new. Empty where many are.
    pub after: Fields,
}

/// Which actions are wanted. The default is all, the newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HistoryFilter {
    /// These actions.
    pub actions: Vec<ActionId>,
    /// Those that touched this record.
    pub record: Option<String>,
    /// Those at this time or later.
    pub since: Option<Timestamp>,
    /// Those before this time.
    pub before: Option<Timestamp>,
    /// Those in one of these sessions.
    pub session: Vec<SessionId>,
    /// Those by one of these actors.
    pub actor: Vec<String>,
    /// Those that are neither taken back nor take another one back.
    pub standing: bool,
    /// Oldest first.
    pub oldest_first: bool,
    /// Which part of the list.
    pub page: Page,
}
