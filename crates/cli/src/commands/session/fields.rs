//! The fields of a session that `edit` sets.

use wsdb_core::Session;

use crate::commands::fields::{Editable, Field, NAME, PERSON, TextOrStdin, field};

impl Editable for Session {
    const FIELDS: &'static [Field<Self>] = &[
        field!("--user <NAME>", "User", optional user: PERSON),
        field!("--assistant <NAME>", "AI assistant", optional ai_assistant: NAME),
        field!(
            "-n, --notes <TEXT>",
            "Handoff notes for the next session (- reads stdin)",
            optional handoff_notes: TextOrStdin
        ),
    ];
}
