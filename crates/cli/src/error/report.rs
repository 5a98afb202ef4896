//! How an error is reported, apart from its message.

use wsdb_app::views::{ConflictingClaim, ErrorCode};

/// How an error is reported, apart from its message.
pub(super) struct ErrorReport {
    pub(super) code: ErrorCode,
    pub(super) hint: Option<String>,
    /// The claim that prevents the action; part of the JSON output.
    pub(super) claim: Option<ConflictingClaim>,
}

impl ErrorReport {
    pub(super) fn new(code: ErrorCode) -> Self {
        ErrorReport {
            code,
            hint: None,
            claim: None,
        }
    }

    pub(super) fn with_hint(self, hint: impl Into<String>) -> Self {
        ErrorReport {
            hint: Some(hint.into()),
            ..self
        }
    }
}
