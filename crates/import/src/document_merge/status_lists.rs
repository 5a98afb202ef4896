//! Lists whose names mean a status, such as `completed_tasks`: moving a record to another one changes its
//! status, even if the record has no such field.

use wsdb_core::{DecisionStatus, IssueStatus, Json, SessionStatus, TaskStatus, Vocabulary};

use super::tree::Tree;
use crate::shape::COMPLETED_TASKS;

/// The lists of tasks that an import reads, and the key that some documents have in place of the first.
pub(super) const TASK_LISTS: [&str; 2] = ["active_tasks", COMPLETED_TASKS];
pub(super) const ALL_TASKS: &str = "tasks";

/// The words for the status of a kind of record.
#[derive(Debug)]
pub(super) struct StatusWords {
    /// The last word of the names of the lists.
    pub(super) noun: &'static str,
    /// Returns the usual word for a status.
    normalize: fn(&str) -> Option<&'static str>,
}

fn normalize<V: Vocabulary>(word: &str) -> Option<&'static str> {
    word.parse::<V>().ok().map(V::as_str)
}

pub(super) static KINDS: [StatusWords; 4] = [
    StatusWords {
        noun: ALL_TASKS,
        normalize: normalize::<TaskStatus>,
    },
    StatusWords {
        noun: "issues",
        normalize: normalize::<IssueStatus>,
    },
    StatusWords {
        noun: "decisions",
        normalize: normalize::<DecisionStatus>,
    },
    StatusWords {
        noun: "sessions",
        normalize: normalize::<SessionStatus>,
    },
];

impl StatusWords {
    /// Returns whether a list contains all records of the kind, or those with one status.
    pub(super) fn is_list(&self, name: &str) -> bool {
        name == self.noun || self.word_of_list(name).is_some()
    }

    /// Returns the status that the name of a list means; `blocked_tasks` and `blocked` mean the same.
    fn word_of_list(&self, name: &str) -> Option<&'static str> {
        let word = name
            .strip_suffix(self.noun)
            .map(|it| it.trim_end_matches('_'));
        // Other documents may have a field with such a name.
        let word = word.or((self.noun == ALL_TASKS).then_some(name))?;
        (self.normalize)(word)
    }

    /// Returns the status of a record in a list that has none itself.
    fn status_in(&self, list: &str) -> Option<&'static str> {
        match list {
            "active_tasks" | ALL_TASKS => Some(TaskStatus::Pending.as_str()),
            list => self.word_of_list(list),
        }
    }

    /// Returns whether records with this status belong in a list.
    fn is_status_in(&self, status: &str, list: &str) -> bool {
        let is_terminal = || status.parse().is_ok_and(TaskStatus::is_terminal);
        match list {
            "active_tasks" | ALL_TASKS => !is_terminal(),
            COMPLETED_TASKS => is_terminal(),
            list => self.word_of_list(list).is_none_or(|it| it == status),
        }
    }

    /// Returns the status of a record in a list. `before` is the record in the common ancestor, with its
    /// list.
    pub(super) fn status_of(
        &self,
        record: InList<'_>,
        before: Option<InList<'_>>,
    ) -> Option<String> {
        let status = |record: InList<'_>| match record.record.get(record.status_key)? {
            Tree::Leaf(Json::String(word)) => {
                let normal = (self.normalize)(word).map(str::to_owned);
                Some(normal.unwrap_or_else(|| word.clone()))
            }
            _ => None,
        };
        let own = status(record);
        let is_only_moved =
            before.is_some_and(|before| before.list != record.list && status(before) == own);
        let is_kept = |own: &String| !is_only_moved || self.is_status_in(own, record.list);
        let in_list = || self.status_in(record.list).map(str::to_owned);
        own.clone().filter(is_kept).or_else(in_list).or(own)
    }
}

/// A record in a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct InList<'t> {
    pub(super) record: &'t Tree,
    pub(super) list: &'t str,
    /// The key of its status.
    pub(super) status_key: &'t str,
}

/// The status of a record in the three versions, in lists whose names mean a status.
#[derive(Debug, Default)]
pub(super) struct Statuses {
    pub(super) base: Option<String>,
    pub(super) ours: Option<String>,
    pub(super) theirs: Option<String>,
}

impl Statuses {
    /// Returns whether both sides changed the status, to different ones.
    pub(super) fn is_conflict(&self) -> bool {
        self.ours != self.theirs && self.ours != self.base && self.theirs != self.base
    }
}

/// Several lists of a document among which records move.
#[derive(Debug)]
pub(super) struct ListGroup<'t> {
    pub(super) words: &'static StatusWords,
    pub(super) lists: Vec<&'t str>,
}
