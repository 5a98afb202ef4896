//! Views of history: actions and the records that they changed.

use serde::Serialize;
use wsdb_core::{
    Action, ActionId, Json, JsonObject, RecordChange, SessionId, Timestamp, redact_secret_text,
    redact_secrets,
};

use crate::record_names::record_type;

/// An action: the changes made by one command or one import.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActionView {
    /// Its number, written with a `#`.
    pub change: ActionId,
    /// When it was done.
    pub time: Timestamp,
    /// Who did it.
    pub actor: String,
    /// The actor's session at that time, if one was open.
    pub session: Option<SessionId>,
    /// Its name, such as `task add`.
    pub verb: String,
    /// The change that this one undid.
    pub undoes: Option<ActionId>,
    /// The change that undid this one.
    pub undone_by: Option<ActionId>,
    /// The changed records, grouped by kind.
    pub records: Vec<TouchedView>,
}

list_record!(ActionView {
    change,
    time,
    actor,
    session,
    verb,
    undoes,
    undone_by,
    records
});

/// Records of one kind that were changed in the same way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TouchedView {
    /// Kind of record, such as `task`.
    pub record_type: &'static str,
    /// `added`, `changed` or `deleted`.
    pub change_type: &'static str,
    /// Number of records.
    pub count: usize,
    /// Their ids, at most ten.
    pub ids: Vec<String>,
}

/// Maximum number of ids listed for records that were changed in the same way.
const MAX_LISTED_IDS: usize = 10;

impl ActionView {
    /// Creates the view of an action with a summary of its changes. Merge bases of documents are
    /// not records and are left out.
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

/// Returns the kind of a table's records; `None` for what files held.
fn record_type_of_table(table: &str) -> Option<&'static str> {
    match table {
        "document_bases" | "document_records" => None,
        table => Some(wsdb_store::noun_of_table(table).map_or("record", record_type)),
    }
}

fn touched(changes: &[RecordChange]) -> Vec<TouchedView> {
    let mut all: Vec<TouchedView> = Vec::new();
    for change in changes {
        let Some(record_type) = record_type_of_table(&change.table) else {
            continue;
        };
        let change_type = change.kind.name();
        let at = all
            .iter()
            .position(|t| t.record_type == record_type && t.change_type == change_type);
        let at = at.unwrap_or_else(|| {
            all.push(TouchedView {
                record_type,
                change_type,
                count: 0,
                ids: Vec::new(),
            });
            all.len() - 1
        });
        all[at].count += change.records.len();
        let more = MAX_LISTED_IDS.saturating_sub(all[at].ids.len());
        all[at]
            .ids
            .extend(change.records.iter().take(more).cloned());
    }
    all
}

/// An action with the changed fields.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActionDetails {
    /// The action.
    #[serde(flatten)]
    pub action: ActionView,
    /// The changes, in the order in which they were made.
    pub changes: Vec<ChangeView>,
}

list_record!(ActionDetails { ..action: ActionView, changes });

/// A change of a record, or the same change of several records.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangeView {
    /// Kind of record, such as `task`.
    pub record_type: &'static str,
    /// `added`, `changed` or `deleted`.
    pub change_type: &'static str,
    /// ID of the record; several IDs if they were added together or changed in the same way.
    pub ids: Vec<String>,
    /// The changed fields with their old values, by column; all fields of a deleted record.
    pub before: JsonObject,
    /// The same fields with their new values; all fields of an added record. Empty for several
    /// records.
    pub after: JsonObject,
}

impl ChangeView {
    pub(crate) fn new(change: RecordChange) -> Option<Self> {
        let (mut before, mut after) = (change.before, change.after);
        if change.table.starts_with("configuration_") {
            without_secrets(&mut before);
            without_secrets(&mut after);
        }
        Some(ChangeView {
            record_type: record_type_of_table(&change.table)?,
            change_type: change.kind.name(),
            ids: change.records,
            before,
            after,
        })
    }
}

/// Redacts the secrets of a configuration. Undo restores them from the stored history.
fn without_secrets(fields: &mut JsonObject) {
    if let Some(data) = fields.get_mut("snapshot_data") {
        redact_secrets(data);
    }
    let key_path = fields.get("key_path").and_then(Json::as_str);
    let key_path = key_path.unwrap_or("").to_owned();
    for name in ["old_value", "new_value"] {
        if let Some(Json::String(text)) = fields.get_mut(name) {
            redact_secret_text(&key_path, text);
        }
    }
}

/// A change that was undone.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UndoneView {
    /// The change that was undone.
    pub undone: ActionView,
    /// The change made by the undo; null for a dry run.
    pub change: Option<ActionId>,
    /// The records that the undo changed.
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

/// Numbers of changes in history by the effect of pruning it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PrunedCounts {
    /// Deleted.
    pub deleted: u64,
    /// Still there.
    pub kept: u64,
}

/// Result of pruning history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PrunedView {
    /// Number of changes by the effect.
    pub counts: PrunedCounts,
    /// Whether this was a dry run, in which nothing was deleted.
    pub dry_run: bool,
}
