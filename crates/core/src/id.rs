//! Ids of records, and the series that new ids continue.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Maximum length of an id, in bytes.
const MAX_LEN: usize = 200;

/// A text that is not a valid id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The text is empty.
    #[error("an ID must not be empty")]
    Empty,
    /// The text is longer than 200 bytes.
    #[error("ID too long: {0} bytes (maximum {MAX_LEN})")]
    TooLong(usize),
    /// The text has surrounding whitespace or contains a control character.
    #[error("invalid ID {0:?}: control characters and surrounding whitespace are not allowed")]
    Characters(String),
}

fn check(text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        Err(IdError::Empty)
    } else if text.len() > MAX_LEN {
        Err(IdError::TooLong(text.len()))
    } else if text.trim() != text || text.chars().any(char::is_control) {
        Err(IdError::Characters(text.to_owned()))
    } else {
        Ok(())
    }
}

macro_rules! define_ids {
    ($($name:ident: $description:literal,)*) => {$(
        #[doc = $description]
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Creates an id from a text.
            ///
            /// # Errors
            /// Returns [`IdError`] if the text is empty, too long, padded, or contains control
            /// characters.
            pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
                let text = text.into();
                check(&text)?;
                Ok(Self(text))
            }

            /// Returns the id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    )*};
}

/// Calls a macro with every type of id and its description.
#[macro_export]
macro_rules! for_each_id {
    ($callback:ident) => {
        $callback! {
            TaskId: "The ID of a task, such as `WS-TASK-007`.",
            SessionId: "The ID of a session, such as `2025-11-20-session-001`.",
            ActivityId: "The ID of an activity of a session.",
            LinkId: "The ID of a link from a session to a decision or an issue.",
            IssueId: "The ID of a cross-repo issue, such as `ISSUE-001`.",
            DecisionId: "The ID of a decision, such as `DEC-001`.",
            StateId: "The ID of an architecture state, such as `STATE-001`.",
            PlacementId: "The ID of a component placement, such as `PLACEMENT-001`.",
            GoalId: "The ID of an architecture goal, such as `GOAL-001`.",
            DetectionId: "The ID of a drift detection, such as `DRIFT-001`.",
            ScanId: "The ID of a drift scan, such as `SCAN-001`.",
            ContextSwitchId: "The ID of a visit, such as `CONTEXT-001`.",
            SnapshotId: "The ID of a configuration snapshot, such as `SNAPSHOT-001`.",
            ChangeId: "The ID of a configuration change, such as `CHANGE-001`.",
        }
    };
}
for_each_id!(define_ids);

/// A series of numbered ids: a prefix and a number with at least three digits.
///
/// ```
/// use wsdb_core::IdSeries;
/// assert_eq!(IdSeries::TASKS.id(8), "WS-TASK-008");
/// assert_eq!(IdSeries::TASKS.number("WS-TASK-1234"), Some(1234));
/// assert_eq!(IdSeries::TASKS.number("TASK-GUI-A1"), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdSeries {
    prefix: std::borrow::Cow<'static, str>,
}

impl IdSeries {
    /// `WS-TASK-001`, `WS-TASK-002`, …
    pub const TASKS: IdSeries = IdSeries::with_prefix("WS-TASK-");
    /// `ISSUE-001`, …
    pub const ISSUES: IdSeries = IdSeries::with_prefix("ISSUE-");
    /// `DEC-001`, …
    pub const DECISIONS: IdSeries = IdSeries::with_prefix("DEC-");
    /// `STATE-001`, …
    pub const STATES: IdSeries = IdSeries::with_prefix("STATE-");
    /// `PLACEMENT-001`, …
    pub const PLACEMENTS: IdSeries = IdSeries::with_prefix("PLACEMENT-");
    /// `GOAL-001`, …
    pub const GOALS: IdSeries = IdSeries::with_prefix("GOAL-");
    /// `DRIFT-001`, …
    pub const DETECTIONS: IdSeries = IdSeries::with_prefix("DRIFT-");
    /// `SCAN-001`, …
    pub const SCANS: IdSeries = IdSeries::with_prefix("SCAN-");
    /// `CONTEXT-001`, …
    pub const CONTEXTS: IdSeries = IdSeries::with_prefix("CONTEXT-");
    /// `SNAPSHOT-001`, …
    pub const SNAPSHOTS: IdSeries = IdSeries::with_prefix("SNAPSHOT-");
    /// `CHANGE-001`, …
    pub const CHANGES: IdSeries = IdSeries::with_prefix("CHANGE-");

    /// All series with a fixed prefix.
    pub(crate) const ALL: [IdSeries; 11] = [
        IdSeries::TASKS,
        IdSeries::ISSUES,
        IdSeries::DECISIONS,
        IdSeries::STATES,
        IdSeries::PLACEMENTS,
        IdSeries::GOALS,
        IdSeries::DETECTIONS,
        IdSeries::SCANS,
        IdSeries::CONTEXTS,
        IdSeries::SNAPSHOTS,
        IdSeries::CHANGES,
    ];

    /// Upper bound of numbers in a series, exclusive.
    const MAX_NUMBER: u64 = 1_000_000_000_000_000;

    const fn with_prefix(prefix: &'static str) -> IdSeries {
        IdSeries {
            prefix: std::borrow::Cow::Borrowed(prefix),
        }
    }

    /// Returns the series of sessions on a day: `2025-11-20-session-001`, …
    pub fn sessions(day: crate::Timestamp) -> IdSeries {
        IdSeries {
            prefix: format!("{}-session-", day.date()).into(),
        }
    }

    /// Returns the series of a session's activities: `2025-11-20-session-001-log-001`, …
    pub fn activities(session: &SessionId) -> IdSeries {
        IdSeries {
            prefix: format!("{session}-log-").into(),
        }
    }

    /// Returns the common prefix of the ids.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Returns the id with a number.
    pub fn id(&self, number: u64) -> String {
        format!("{}{number:03}", self.prefix)
    }

    /// Returns the number of an id; `None` if the id does not belong to the series.
    pub fn number(&self, id: &str) -> Option<u64> {
        let digits = id.strip_prefix(&*self.prefix)?;
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        // Such a number was chosen by a person; a series continued from there would soon reach the
        // end of a 64-bit column.
        digits.parse().ok().filter(|n| *n < Self::MAX_NUMBER)
    }
}

/// Compares ids with numbers in numeric order: `WS-TASK-999` sorts before `WS-TASK-1000`.
///
/// Ids that differ only in leading zeros are compared as text, so the order is total.
///
/// ```
/// use std::cmp::Ordering;
/// assert_eq!(wsdb_core::natural_order("WS-TASK-999", "WS-TASK-1000"), Ordering::Less);
/// ```
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut x, mut y) = (a.as_bytes(), b.as_bytes());
    loop {
        match (x.first(), y.first()) {
            (None, None) => return a.cmp(b),
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(p), Some(q)) if p.is_ascii_digit() && q.is_ascii_digit() => {
                let (m, n) = (digits(x), digits(y));
                let order = m.0.len().cmp(&n.0.len()).then_with(|| m.0.cmp(n.0));
                if order != Ordering::Equal {
                    return order;
                }
                (x, y) = (m.1, n.1);
            }
            (Some(p), Some(q)) if p == q => (x, y) = (&x[1..], &y[1..]),
            (Some(p), Some(q)) => return p.cmp(q),
        }
    }
}

/// Splits off the leading digits, and strips their leading zeros.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text
        .iter()
        .position(|b| !b.is_ascii_digit())
        .unwrap_or(text.len());
    let zeros = text[..end].iter().take_while(|b| **b == b'0').count();
    (&text[zeros..end], &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_that_cannot_be_typed_are_rejected() {
        assert_eq!(TaskId::new(""), Err(IdError::Empty));
        assert!(TaskId::new("a\u{1b}[2J").is_err());
        assert!(TaskId::new(" a").is_err());
        assert!(TaskId::new("x".repeat(201)).is_err());
        assert_eq!(TaskId::new("é 1").map(String::from), Ok("é 1".to_owned()));
    }

    proptest! {
        #[test]
        fn series_parses_its_own_ids(number in 0..IdSeries::MAX_NUMBER) {
            prop_assert_eq!(IdSeries::ISSUES.number(&IdSeries::ISSUES.id(number)), Some(number));
        }

        #[test]
        fn natural_order_is_total(a in "[a0-9-]{0,6}", b in "[a0-9-]{0,6}", c in "[a0-9-]{0,6}") {
            prop_assert_eq!(natural_order(&a, &b), natural_order(&b, &a).reverse());
            prop_assert_eq!(natural_order(&a, &b) == Ordering::Equal, a == b);
            let mut ids = [a, b, c];
            ids.sort_by(|x, y| natural_order(x, y));
            prop_assert!(natural_order(&ids[0], &ids[2]) != Ordering::Greater);
        }

        #[test]
        fn natural_order_compares_numbers_by_value(a in 0u32.., b in 0u32..) {
            prop_assert_eq!(natural_order(&format!("T-{a}"), &format!("T-{b}")), a.cmp(&b));
        }
    }
}
