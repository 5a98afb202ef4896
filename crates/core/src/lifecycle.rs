//! Open and finished records: which statuses mean that something is left to do.

use std::str::FromStr;

use crate::{
    DecisionStatus, DetectionStatus, IssueStatus, ScanStatus, SessionStatus, TaskStatus,
    Vocabulary, VocabularyError,
};

/// The word for every open status in filters.
pub const OPEN: &str = "open";

/// A status that is open or finished.
pub trait Lifecycle: Vocabulary {
    /// Returns whether something is left to do.
    fn is_open(self) -> bool;

    /// Returns every open status.
    fn open() -> Vec<Self> {
        let all = Self::ALL.iter().copied();
        all.filter(|status| status.is_open()).collect()
    }

    /// Returns every status that is not open.
    fn finished() -> Vec<Self> {
        let all = Self::ALL.iter().copied();
        all.filter(|status| !status.is_open()).collect()
    }
}

impl Lifecycle for TaskStatus {
    fn is_open(self) -> bool {
        !self.is_terminal()
    }
}

impl Lifecycle for SessionStatus {
    fn is_open(self) -> bool {
        self == Self::InProgress
    }
}

impl Lifecycle for IssueStatus {
    fn is_open(self) -> bool {
        self == Self::Open
    }
}

/// A decision is open until it is implemented or no longer valid. One with an unknown status may be
/// open.
impl Lifecycle for DecisionStatus {
    fn is_open(self) -> bool {
        matches!(self, Self::Planned | Self::InProgress | Self::Unknown)
    }
}

/// An ignored detection is finished while it is ignored; see
/// [`DetectionStatus::effective`](crate::DetectionStatus::effective).
impl Lifecycle for DetectionStatus {
    fn is_open(self) -> bool {
        self == Self::Open
    }
}

impl Lifecycle for ScanStatus {
    fn is_open(self) -> bool {
        self == Self::Running
    }
}

/// A value of a filter by status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusChoice<V> {
    /// Every open status: in filters, `open` means more than the status that is also called so.
    Open,
    /// One status.
    One(V),
}

impl<V: Lifecycle> StatusChoice<V> {
    /// Returns the chosen statuses.
    pub fn statuses(self) -> Vec<V> {
        match self {
            StatusChoice::Open => V::open(),
            StatusChoice::One(status) => vec![status],
        }
    }
}

impl<V: Lifecycle> FromStr for StatusChoice<V> {
    type Err = VocabularyError;

    fn from_str(word: &str) -> Result<Self, VocabularyError> {
        if word.trim().eq_ignore_ascii_case(OPEN) {
            Ok(StatusChoice::Open)
        } else {
            word.parse().map(StatusChoice::One)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_means_every_status_that_is_not_finished() {
        let statuses = |word: &str| {
            let choice = word.parse::<StatusChoice<TaskStatus>>().expect("a status");
            choice.statuses()
        };
        let mut all = statuses(" Open");
        assert_eq!(all.len(), 7);
        assert!(!all.contains(&TaskStatus::Closed));
        all.extend(TaskStatus::finished());
        assert_eq!(all, TaskStatus::ALL);
        assert_eq!(statuses("todo"), [TaskStatus::Pending]);
        assert!("ajar".parse::<StatusChoice<TaskStatus>>().is_err());
    }

    #[test]
    fn open_decisions_are_not_implemented_yet() {
        let open = [
            DecisionStatus::Planned,
            DecisionStatus::InProgress,
            DecisionStatus::Unknown,
        ];
        assert_eq!(DecisionStatus::open(), open);
    }
}
