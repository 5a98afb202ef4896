//! Ids of records, and the series that new ids continue.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The longest id that is taken, in bytes.
const LONGEST: usize = 200;

/// Why a text is no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The text is empty.
    #[error("an id can't be empty")]
    Empty,
    /// The text is longer than 200 bytes.
    #[error("an id has at most {LONGEST} bytes, this one has {0}")]
    TooLong(usize),
    /// White space around the id, or a control character in it.
    #[error("an id has no control characters and no white space around it: {0:?}")]
    Characters(String),
}

fn check(text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        Err(IdError::Empty)
    } else if text.len() > LONGEST {
        Err(IdError::TooLong(text.len()))
    } else if text.trim() != text || text.chars().any(char::is_control) {
        Err(IdError::Characters(text.to_owned()))
    } else {
        Ok(())
    }
}

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes a text as an id.
            ///
            /// # Errors
            /// An empty, overlong or unprintable text is refused.
            pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
                let text = text.into();
                check(&text)?;
                Ok(Self(text))
            }

            /// The id as text.
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

ids! {
    /// Names a task, such as `WS-TASK-007`.
    TaskId;
    /// Names a session, such as `2025-11-20-session-001`.
    SessionId;
    /// Names an activity of a session.
    ActivityId;
    /// Names a link from a session to a decision or an issue.
    LinkId;
    /// Names a cross-repo issue, such as `ISSUE-001`.
    IssueId;
    /// Names a decision, such as `DEC-001`.
    DecisionId;
    /// Names an architecture state, such as `STATE-001`.
    StateId;
    /// Names a component placement, such as `PLACEMENT-001`.
    PlacementId;
    /// Names an architecture goal, such as `GOAL-001`.
    GoalId;
    /// Names a drift detection, such as `DRIFT-001`.
    DetectionId;
    /// Names a drift scan, such as `SCAN-001`.
    ScanId;
    /// Names a context switch, such as `CONTEXT-001`.
    ContextSwitchId;
    /// Names a configuration snapshot, such as `SNAPSHOT-001`.
    SnapshotId;
    /// Names a configuration change, such as `CHANGE-001`.
    ChangeId;
}

/// A series of numbered ids: a prefix and a number with at least three digits.
///
/// ```
/// use wsdb_core::Series;
/// assert_eq!(Series::TASKS.id(8), "WS-TASK-008");
/// assert_eq!(Series::TASKS.number("WS-TASK-1234"), Some(1234));
/// assert_eq!(Series::TASKS.number("TASK-GUI-A1"), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    prefix: std::borrow::Cow<'static, str>,
}

impl Series {
    /// `WS-TASK-001`, `WS-TASK-002`, …
    pub const TASKS: Series = Series::named("WS-TASK-");
    /// `ISSUE-001`, …
    pub const ISSUES: Series = Series::named("ISSUE-");
    /// `DEC-001`, …
    pub const DECISIONS: Series = Series::named("DEC-");
    /// `STATE-001`, …
    pub const STATES: Series = Series::named("STATE-");
    /// `PLACEMENT-001`, …
    pub const PLACEMENTS: Series = Series::named("PLACEMENT-");
    /// `GOAL-001`, …
    pub const GOALS: Series = Series::named("GOAL-");
    /// `DRIFT-001`, …
    pub const DETECTIONS: Series = Series::named("DRIFT-");
    /// `SCAN-001`, …
    pub const SCANS: Series = Series::named("SCAN-");
    /// `CONTEXT-001`, …
    pub const CONTEXTS: Series = Series::named("CONTEXT-");
    /// `SNAPSHOT-001`, …
    pub const SNAPSHOTS: Series = Series::named("SNAPSHOT-");
    /// `CHANGE-001`, …
    pub const CHANGES: Series = Series::named("CHANGE-");

    /// The numbers end before this one.
    const END: u64 = 1_000_000_000_000_000;

    const fn named(prefix: &'static str) -> Series {
        Series {
            prefix: std::borrow::Cow::Borrowed(prefix),
        }
    }

    /// The sessions of the UTC day of `start`: `2025-11-20-session-001`, …
    pub fn sessions(start: crate::Timestamp) -> Series {
        Series {
            prefix: format!("{}-session-", start.date()).into(),
        }
    }

    /// The activities of a session: `2025-11-20-session-001-log-001`, …
    pub fn activities(session: &SessionId) -> Series {
        Series {
            prefix: format!("{session}-log-").into(),
        }
    }

    /// What every id of the series begins with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The id with this number.
    pub fn id(&self, number: u64) -> String {
        format!("{}{number:03}", self.prefix)
    }

    /// The number of an id of this series; `None` for an id that is not of the series.
    pub fn number(&self, id: &str) -> Option<u64> {
        let digits = id.strip_prefix(&*self.prefix)?;
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        // A number that nobody counted to is somebody's own; a series that went on from there
        // would soon be at the end of a 64-bit column.
        digits.parse().ok().filter(|n| *n < Self::END)
    }
}

/// Orders ids as people count: `WS-TASK-999` before `WS-TASK-1000`.
///
/// Ids that differ only in leading zeros are ordered as text, so that the order is total.
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

/// The leading digits without leading zeros, and the rest.
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
    fn ids_that_could_not_be_typed_are_refused() {
        assert_eq!(TaskId::new(""), Err(IdError::Empty));
        assert!(TaskId::new("a\u{1b}[2J").is_err());
        assert!(TaskId::new(" a").is_err());
        assert!(TaskId::new("x".repeat(201)).is_err());
        assert_eq!(TaskId::new("é 1").map(String::from), Ok("é 1".to_owned()));
    }

    proptest! {
        #[test]
        fn a_series_reads_what_it_writes(number in 0..Series::END) {
            prop_assert_eq!(Series::ISSUES.number(&Series::ISSUES.id(number)), Some(number));
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
        fn natural_order_counts(a in 0u32.., b in 0u32..) {
            prop_assert_eq!(natural_order(&format!("T-{a}"), &format!("T-{b}")), a.cmp(&b));
        }
    }
}
