//! Formats commands that people may run next.

use std::fmt::Display;

use wsdb_app::{NoCurrentSession, shell_quote};
use wsdb_core::SessionId;

use crate::redact::redact_urls;

/// Options as they were typed, each after a space; empty for those that were not typed.
#[derive(Debug, Clone, Default)]
pub(crate) struct TypedOptions {
    /// `--workspace` and `--database`.
    pub(crate) database: String,
    /// `--actor`.
    pub(crate) actor: String,
}

/// Formats commands so that they refer to the same database as the one that was typed.
#[derive(Debug, Clone, Default)]
pub(crate) struct CommandFormatter {
    typed: TypedOptions,
    /// Whether the database is a URL that is not shown in full.
    is_redacted: bool,
}

impl CommandFormatter {
    pub(crate) fn new(typed: TypedOptions) -> Self {
        CommandFormatter {
            is_redacted: redact_urls(&typed.database) != typed.database,
            typed: TypedOptions {
                actor: redact_urls(&typed.actor),
                database: typed.database,
            },
        }
    }

    /// Returns a command in quotes, with the actor that was typed.
    pub(crate) fn format(&self, command: impl Display) -> String {
        self.format_for(command, &self.typed.actor)
    }

    /// Returns a command in quotes that does not depend on the actor, such as `history`: there,
    /// `--actor` would look like a filter.
    pub(crate) fn format_without_actor(&self, command: impl Display) -> String {
        self.format_for(command, "")
    }

    /// Returns what to do if changes belong to no session.
    pub(crate) fn session_hint(&self, reason: &NoCurrentSession) -> String {
        let end = |id: &SessionId| self.format(format!("session end {}", shell_quote(id.as_ref())));
        match reason {
            NoCurrentSession::Missing(_) | NoCurrentSession::Ended(_) => {
                "specify an open session with --session ID, or unset WSDB_SESSION".to_owned()
            }
            NoCurrentSession::Several(_) => {
                "choose one with --session ID or WSDB_SESSION".to_owned()
            }
            NoCurrentSession::Inactive(ids) => match ids.as_slice() {
                [id] => format!(
                    "run {} to end it, or continue it with --session {id}",
                    end(id)
                ),
                _ => format!(
                    "end them with {}, or continue one with --session ID",
                    self.format("session end ID")
                ),
            },
        }
    }

    fn format_for(&self, command: impl Display, actor: &str) -> String {
        if self.is_redacted {
            format!("'wsdb {command}{actor}' with the same --database")
        } else {
            format!("'wsdb {command}{}{actor}'", self.typed.database)
        }
    }

    /// Adds the typed options to a command that starts with `wsdb`.
    pub(crate) fn add_options(&self, command: &str) -> String {
        self.complete(command, &self.typed.actor)
    }

    /// Adds the typed database to a command that does not depend on the actor, such as
    /// `wsdb task list`.
    pub(crate) fn add_database(&self, command: &str) -> String {
        self.complete(command, "")
    }

    fn complete(&self, command: &str, actor: &str) -> String {
        if self.is_redacted {
            format!("{command}{actor} (with the same --database)")
        } else {
            format!("{command}{}{actor}", self.typed.database)
        }
    }
}
