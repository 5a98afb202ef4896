//! The fields of a configuration snapshot that `edit` sets.

use wsdb_core::ConfigurationSnapshot;

use crate::commands::fields::{Editable, Field, TextOrStdin, optional};

impl Editable for ConfigurationSnapshot {
    const FIELDS: &'static [Field<ConfigurationSnapshot>] = &[Field::new(
        "notes",
        "TEXT",
        "Notes (- reads stdin)",
        &optional(|s: &mut ConfigurationSnapshot| &mut s.notes, TextOrStdin),
    )
    .short('n')];
}
