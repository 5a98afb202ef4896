//! The fields of a configuration snapshot that `edit` sets.

use wsdb_core::ConfigurationSnapshot;

use crate::commands::fields::{Editable, Field, TextOrStdin, field};

impl Editable for ConfigurationSnapshot {
    const FIELDS: &'static [Field<Self>] =
        &[field!("-n, --notes <TEXT>", "Notes (- reads stdin)", optional notes: TextOrStdin)];
}
