//! History: the actions, who did them, and how they changed the records.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{JsonObject, Page, SessionId, Since, Timestamp};

/// Who does something, what, and when; stored with every change.
///
/// ```
/// use wsdb_core::Author;
/// let author = Author::new("mira", "task add", "2025-11-20T10:00:00Z".parse()?);
/// assert_eq!(author.actor, "mira");
/// # Ok::<(), wsdb_core::TimestampError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The name of the user or assistant.
    pub actor: String,
    /// The command, such as `task add`.
    pub verb: String,
    /// When, in UTC.
    pub time: Timestamp,
    /// The session that the changes belong to.
    pub session: SessionChoice,
}

impl Author {
    /// Creates an author whose changes belong to the actor's recent session.
    pub fn new(actor: &str, verb: &str, time: Timestamp) -> Self {
        Author {
            actor: actor.to_owned(),
            verb: verb.to_owned(),
            time,
            session: SessionChoice::recent(time, DEFAULT_SESSION_TIMEOUT),
        }
    }
}

/// Time without work after which changes no longer belong to a session, unless a setting changes it:
/// longer than a working day, shorter than the time from one morning to the next.
pub const DEFAULT_SESSION_TIMEOUT: Duration = Duration::from_secs(12 * 60 * 60);

/// The session that an actor's changes belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionChoice {
    /// This session, if it is open.
    Named(SessionId),
    /// The actor's open session that started or saw changes recently, if there is exactly one.
    Recent {
        /// The earliest time that counts, in UTC.
        since: Timestamp,
        /// The present, in UTC: an imported session may start in the future.
        now: Timestamp,
    },
}

impl SessionChoice {
    /// Returns the choice of the session that saw work at most `timeout` before `now`.
    pub fn recent(now: Timestamp, timeout: Duration) -> Self {
        SessionChoice::Recent {
            since: now.saturating_sub_secs(timeout.as_secs()),
            now,
        }
    }
}

/// The number of an action; later ones are higher. Written as `12` or `#12`.
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
            .ok()
            .filter(|number| *number > 0)
            .map(ActionId)
            .ok_or_else(|| "expected the number of a change, such as 12".to_owned())
    }
}

/// An action of a user, done in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Its number.
    pub id: ActionId,
    /// When it was done, in UTC.
    pub time: Timestamp,
    /// Who did it.
    pub actor: String,
    /// The session that was open, if any.
    pub session: Option<SessionId>,
    /// The command, such as `task add`.
    pub verb: String,
    /// The action that this one undid.
    pub undoes: Option<ActionId>,
    /// The action that undid this one.
    pub undone_by: Option<ActionId>,
}

impl Action {
    /// The verb of an import.
    pub const IMPORT: &str = "import";
    /// The verb of an import of decisions as Markdown files.
    pub const DECISION_IMPORT: &str = "decision import";
    /// The verb of an import that includes the history of another database.
    pub const IMPORT_WITH_HISTORY: &str = "import with history";
    /// The verb of adopting the database of the earlier tool.
    pub const ADOPT: &str = "adopt";
    /// The verb of a copy.
    pub const COPY: &str = "copy";
    /// The verb of a restored backup.
    pub const RESTORE: &str = "restore";

    /// The verbs of the actions that read their records from files.
    pub const IMPORTS: [&str; 4] = [
        Self::IMPORT,
        Self::DECISION_IMPORT,
        Self::IMPORT_WITH_HISTORY,
        Self::ADOPT,
    ];

    /// Whether the action read its records from files.
    pub fn is_import(&self) -> bool {
        Self::IMPORTS.contains(&self.verb.as_str())
    }

    /// Whether the action shows how this database got its history. It does not belong to the
    /// history of the workspace, which continues elsewhere without it.
    pub fn is_import_or_copy(&self) -> bool {
        [Self::IMPORT_WITH_HISTORY, Self::COPY, Self::RESTORE].contains(&self.verb.as_str())
    }
}

/// Returns the command that a stored verb stands for. Commands that set a status are stored with
/// that status: `task start` as `task in_progress`.
///
/// ```
/// use wsdb_core::command_of_verb;
/// assert_eq!(command_of_verb("task in_progress"), "task start");
/// assert_eq!(command_of_verb("task add"), "task add");
/// ```
pub fn command_of_verb(verb: &str) -> &str {
    match verb {
        "task pending" => "task reopen",
        "task approved" => "task approve",
        "task in_progress" => "task start",
        "task blocked" => "task block",
        "task deferred" => "task defer",
        "task completed" => "task done",
        "task closed" => "task close",
        "task cancelled" => "task cancel",
        "task planning" | "task backlog" => "task status",
        "issue open" => "issue reopen",
        "issue resolved" => "issue resolve",
        "issue closed" => "issue close",
        "goal pending" => "goal reopen",
        "goal in_progress" => "goal start",
        "goal completed" => "goal done",
        "goal approved" | "goal planning" | "goal blocked" | "goal deferred" | "goal backlog"
        | "goal closed" | "goal cancelled" => "goal status",
        "decision planned"
        | "decision in_progress"
        | "decision implemented"
        | "decision maintained"
        | "decision superseded"
        | "decision rejected"
        | "decision deprecated" => "decision status",
        verb => verb,
    }
}

/// How a record changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It was added.
    Added,
    /// Some of its fields changed.
    Changed,
    /// It was removed.
    Removed,
}

impl ChangeKind {
    /// Returns the stored form.
    pub fn as_str(self) -> &'static str {
        match self {
            ChangeKind::Added => "added",
            ChangeKind::Changed => "changed",
            ChangeKind::Removed => "removed",
        }
    }

    /// Returns the word in texts and in JSON: `deleted` for a removed record.
    pub fn name(self) -> &'static str {
        match self {
            ChangeKind::Removed => "deleted",
            kind => kind.as_str(),
        }
    }
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ChangeKind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        [Self::Added, Self::Changed, Self::Removed]
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or_else(|| format!("unknown change type {word:?}"))
    }
}

/// An action with the changes it made.
#[derive(Debug, Clone, PartialEq)]
pub struct ActionWithChanges {
    /// The action.
    pub action: Action,
    /// Its changes.
    pub changes: Vec<RecordChange>,
}

/// A change that an action made to records of one table.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordChange {
    /// Its number; later ones are higher.
    pub id: i64,
    /// The action.
    pub action: ActionId,
    /// The table, such as `workspace_tasks`.
    pub table: String,
    /// The ids of the records: one, or several that were added together or changed in the same way.
    pub records: Vec<String>,
    /// How they changed.
    pub kind: ChangeKind,
    /// The old values of the changed fields by column; all fields of a removed record.
    pub before: JsonObject,
    /// The new values of the same fields; all fields of an added record. Empty for several added
    /// records.
    pub after: JsonObject,
}

/// Filters actions. The default matches all, newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HistoryFilter {
    /// Matches any of these actions; an empty list matches all.
    pub actions: Vec<ActionId>,
    /// Matches actions that changed this record.
    pub record: Option<String>,
    /// Matches actions at or after this time.
    pub since: Option<Since>,
    /// Matches actions before this time.
    pub before: Option<Timestamp>,
    /// Matches actions in any of these sessions; an empty list matches all.
    pub session: Vec<SessionId>,
    /// Matches actions of any of these actors; an empty list matches all.
    pub actor: Vec<String>,
    /// Matches only actions that are neither undone nor undo another one.
    pub in_effect: bool,
    /// Orders the oldest first.
    pub oldest_first: bool,
    /// Page of the list.
    pub page: Page,
}
