//! The fields of a session that `edit` sets.

use wsdb_core::Session;

use crate::commands::fields::{Editable, Field, NAME, TextOrStdin, optional};

impl Editable for Session {
    const FIELDS: &'static [Field<Session>] = &[
        Field::new(
            "user",
            "NAME",
            "User",
            &optional(|s: &mut Session| &mut s.user, NAME),
        ),
        Field::new(
            "assistant",
            "NAME",
            "AI assistant",
            &optional(|s: &mut Session| &mut s.ai_assistant, NAME),
        ),
        Field::new(
            "notes",
            "TEXT",
            "Handoff notes for the next session (- reads stdin)",
            &optional(|s: &mut Session| &mut s.handoff_notes, TextOrStdin),
        )
        .short('n'),
    ];
}
