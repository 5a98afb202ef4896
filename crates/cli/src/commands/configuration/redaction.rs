//! Notes about values that look like secrets.

use crate::context::Context;

/// Formats a number of values: `1 value looks like a secret`.
pub(in crate::commands) fn secrets_count(number: usize) -> String {
    match number {
        1 => "1 value looks like a secret".to_owned(),
        number => format!("{number} values look like secrets"),
    }
}

/// Prints a note about values that are hidden because they look like secrets.
pub(in crate::commands) fn note_redacted(context: &Context, hidden: usize) {
    let rest = match hidden {
        0 => return,
        1 => "is hidden; use --show-secrets to show it",
        _ => "are hidden; use --show-secrets to show them",
    };
    let count = secrets_count(hidden);
    context.ui.print_note(&format!("{count} and {rest}"));
}
