//! How an error is reported, apart from its message.

use std::fmt::Display;

use crate::args::TypedOptions;
use crate::redact::redact_urls;

/// How an error is reported, apart from its message.
pub(super) struct ErrorReport {
    pub(super) code: &'static str,
    pub(super) exit: u8,
    pub(super) hint: Option<String>,
    /// The claim that prevents the action; part of the JSON output.
    pub(super) claim: Option<wsdb_core::Json>,
}

impl ErrorReport {
    pub(super) fn new(code: &'static str, exit: u8) -> Self {
        ErrorReport {
            code,
            exit,
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

/// Formats commands in hints, so that they refer to the same database as the command that failed.
pub(super) struct CommandFormatter {
    typed: TypedOptions,
    /// Whether the database is a URL that is not shown in full.
    is_redacted: bool,
}

impl CommandFormatter {
    pub(super) fn new(typed: TypedOptions) -> Self {
        CommandFormatter {
            is_redacted: redact_urls(&typed.database) != typed.database,
            typed: TypedOptions {
                actor: redact_urls(&typed.actor),
                database: typed.database,
            },
        }
    }

    /// Returns a command in quotes, with the actor of the command that failed.
    pub(super) fn format(&self, command: impl Display) -> String {
        self.format_for(command, &self.typed.actor)
    }

    /// Returns a command in quotes that does not depend on the actor, such as `history`: there,
    /// `--actor` would look like a filter.
    pub(super) fn format_without_actor(&self, command: impl Display) -> String {
        self.format_for(command, "")
    }

    fn format_for(&self, command: impl Display, actor: &str) -> String {
        if self.is_redacted {
            format!("'wsdb {command}{actor}' with the same --database")
        } else {
            format!("'wsdb {command}{}{actor}'", self.typed.database)
        }
    }
}
