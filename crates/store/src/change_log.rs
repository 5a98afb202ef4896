//! The changes of a transaction that are not yet written to the history.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wsdb_core::{Author, ChangeKind, Json, JsonObject, Timestamp};

/// The action of a transaction, and its changes that are not written yet.
#[derive(Debug)]
pub(crate) struct ChangeLog {
    author: Option<Arc<Author>>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    /// The number of the action, once it has one.
    pub(crate) action: Option<i64>,
    /// The name of the action, if it differs from the author's.
    pub(crate) verb: Option<&'static str>,
    /// The session that the action belongs to, if it was determined beforehand.
    pub(crate) session: Option<Option<String>>,
    /// The changes to write.
    pub(crate) pending: Vec<PendingChange>,
}

/// A row to be written to `record_changes`.
#[derive(Debug, Clone, Default)]
pub(crate) struct PendingChange {
    /// The action, if it isn't the transaction's own.
    pub(crate) action: Option<i64>,
    pub(crate) table: String,
    pub(crate) id: Option<String>,
    /// The ids of several records, as a JSON list.
    pub(crate) ids: Option<String>,
    pub(crate) kind: &'static str,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

impl PendingChange {
    /// Describes how one row of a table changed.
    pub(crate) fn of(
        table: &str,
        kind: ChangeKind,
        id: &str,
        before: Option<JsonObject>,
        after: Option<JsonObject>,
    ) -> Self {
        let text =
            |fields: Option<JsonObject>| fields.map(|fields| Json::Object(fields).to_string());
        PendingChange {
            action: None,
            table: table.to_owned(),
            id: Some(id.to_owned()),
            ids: None,
            kind: kind.as_str(),
            before: text(before),
            after: text(after),
        }
    }
}

impl ChangeLog {
    pub(crate) fn new(author: Option<Arc<Author>>) -> Self {
        ChangeLog {
            author,
            state: Mutex::default(),
        }
    }

    /// Returns the state, which later changes are added to.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns who acts, and when; "unknown" if the store has no author. The system clock is read
    /// only where no caller has set an author with [`Store::with_author`](crate::Store::with_author).
    pub(crate) fn author(&self) -> Author {
        let author = self.author.as_deref().cloned();
        let mut author = author.unwrap_or_else(|| Author::new("unknown", "write", now()));
        if let Some(verb) = self.state().verb {
            author.verb = verb.to_owned();
        }
        author
    }

    /// Gives the action another name than its author's.
    pub(crate) fn set_action_name(&self, verb: &'static str) {
        self.state().verb = Some(verb);
    }
}

fn now() -> Timestamp {
    let now = sea_orm::sqlx::types::chrono::Utc::now().naive_utc();
    Timestamp::from_utc(now)
        .or_else(|| "9999-12-31".parse().ok())
        .unwrap_or_else(|| unreachable!("9999-12-31 is a valid time"))
}
