//! What was done, as `--json` shows it.

use serde::Serialize;
use wsdb_core::{
    Action, ActionId, Fields, HIDDEN, KeyPath, RecordChange, SessionId, Timestamp, hide_secrets,
    is_secret_key,
};

/// What was done at once: one command, one import.
#[derive(Debug, Clone, Serialize)]
pub struct ActionView {
    /// Its number, as people write it behind a `#`.
    pub change: ActionId,
    /// When.
    pub time: Timestamp,
    /// Who.
    pub actor: String,
    /// In which session, if one was open.
    pub session: Option<SessionId>,
    /// What it is called, such as `task add`.
    pub verb: String,
    /// The change that this one took back.
    pub undoes: Option<ActionId>,
    /// The change that took this one back.
    pub undone_by: Option<ActionId>,
    /// The records that changed by it, those of one kind together.
    pub records: Vec<TouchedView>,
}

/// Records of one kind that changed alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TouchedView {
    /// What they are called, such as `task`.
    pub noun: &'static str,
    /// `added`, `changed` or `removed`.
    pub kind: &'static str,
    /// How many they are.
    pub count: usize,
    /// Their ids; of many, the first ten.
    pub ids: Vec<String>,
}

/// So many ids are told of records that changed alike.
const TOLD: usize = 10;

impl ActionView {
    /// An action, with an outline of what it changed. How records look in documents is no
    /// record, and left out.
    pub(crate) fn new(action: Action, changes: &[RecordChange]) -> Self {
        let Action {
            id,
            time,
            actor,
            session,
            verb,
            undoes,
            undone_by,
        } = action;
        ActionView {
            change: id,
            time,
            actor,
            session,
            verb,
            undoes,
            undone_by,
            records: touched(changes),
        }
    }
}

/// What a record is called; `None` where it is none.
fn noun(table: &str) -> Option<&'static str> {
    match table {
        "document_bases" => None,
        table => Some(wsdb_store::noun(table).unwrap_or("record")),
    }
}

fn touched(changes: &[RecordChange]) -> Vec<TouchedView> {
    let mut all: Vec<TouchedView> = Vec::new();
    for change in changes {
        let Some(noun) = noun(&change.table) else {
            continue;
        };
        let kind = change.kind.word();
        let at = all.iter().position(|t| t.noun == noun && t.kind == kind);
        let at = at.unwrap_or_else(|| {
            all.push(TouchedView {
                noun,
                kind,
                count: 0,
                ids: Vec::new(),
            });
            all.len() - 1
        });
        all[at].count += change.records.len();
        let more = TOLD.saturating_sub(all[at].ids.len());
        all[at]
            .ids
            .extend(change.records.iter().take(more).cloned());
    }
    all
}

/// An action with the fields that it changed.
#[derive(Debug, Clone, Serialize)]
pub struct ActionDetails {
    /// The action.
    #[serde(flatten)]
    pub action: ActionView,
    /// How each record changed, in the order in which it was done.
    pub changes: Vec<ChangeView>,
}

/// How a record changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangeView {
    /// What it is called, such as `task`.
    pub noun: &'static str,
    /// `added`, `changed` or `removed`.
    pub kind: &'static str,
    /// The record; several that were added together or changed in the same way.
    pub ids: Vec<String>,
    /// The fields that changed, by column, as they were; all of a record that is gone.
    pub before: Fields,
    /// The same fields as they became; all of a record that is new. Empty where several are.
    pub after: Fields,
}

impl ChangeView {
    pub(crate) fn new(change: RecordChange) -> Option<Self> {
        let (mut before, mut after) = (change.before, change.after);
        if change.table.starts_with("configuration_") {
            without_secrets(&mut before);
            without_secrets(&mut after);
        }
        Some(ChangeView {
            noun: noun(&change.table)?,
            kind: change.kind.word(),
            ids: change.records,
            before,
            after,
        })
    }
}

/// Hides the secrets of a configuration: undo brings them back all the same.
fn without_secrets(fields: &mut Fields) {
    if let Some(data) = fields.get_mut("snapshot_data") {
        hide_secrets(data, &mut KeyPath::default());
    }
    let by_key = fields
        .get("key_path")
        .and_then(|key| key.as_str())
        .is_some_and(is_secret_key);
    for name in ["old_value", "new_value"] {
        if let Some(value) = fields.get_mut(name) {
            match by_key && !value.is_null() {
                true => *value = HIDDEN.into(),
                false => _ = hide_secrets(value, &mut KeyPath::default()),
            }
        }
    }
}

/// What was taken back.
#[derive(Debug, Clone, Serialize)]
pub struct UndoneView {
    /// The change, as it was.
    pub undone: ActionView,
    /// The change that this made; null where it was only tried out.
    pub change: Option<ActionId>,
    /// What happened to the records now.
    pub records: Vec<TouchedView>,
}

impl UndoneView {
    pub(crate) fn new(
        undone: ActionView,
        change: Option<ActionId>,
        changes: &[RecordChange],
    ) -> Self {
        UndoneView {
            undone,
            change,
            records: touched(changes),
        }
    }
}

/// What was forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PrunedView {
    /// How many changes were forgotten.
    pub forgotten: u64,
    /// How many are left.
    pub kept: u64,
    /// Whether this only tells what would be forgotten.
    pub dry_run: bool,
}
