//! What all records that can be named on the command line have in common.

mod architecture;
mod finished;
mod records;

pub use finished::{Finishable, hide_finished};
use wsdb_core::{Moment, Timestamp};
use wsdb_store::{Connection, Record, Records};

use crate::Error;
use crate::views::ListRecord;

/// Maximum number of candidates shown for an ambiguous name.
pub(crate) const MAX_CANDIDATES: u64 = 6;

/// A record that can be named on the command line.
pub trait Resource: Record {
    /// View that is returned when the record was changed.
    type View: ListRecord;

    /// Returns the stored form of a field's value if the field has a vocabulary that contains it.
    fn canonical_value(_field: &str, _value: &str) -> Option<String> {
        None
    }

    /// Returns the ids of the records with this name. The default looks at the name column.
    #[allow(async_fn_in_trait)]
    async fn find_by_name<C: Connection>(
        records: &Records<'_, C, Self>,
        name: &str,
    ) -> Result<Vec<String>, Error> {
        Ok(records.ids_by_name(name, MAX_CANDIDATES).await?)
    }

    /// Checks that people may store these values; imports accept more.
    ///
    /// # Errors
    /// [`Error::Malformed`] or [`Error::Invalid`] with the reason.
    fn validate(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Returns the record with the values that are effective at a time.
    fn effective_at(self, _now: Moment) -> Self {
        self
    }

    /// Like [`Resource::validate`], for a record that was changed.
    ///
    /// # Errors
    /// Same as [`Resource::validate`].
    fn validate_update(&self, _before: &Self) -> Result<(), Error> {
        self.validate()
    }

    /// Checks that no other record has the same value in a field that must be unique.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`] with the other record.
    #[allow(async_fn_in_trait)]
    async fn check_unique<C: Connection>(
        &self,
        _records: &Records<'_, C, Self>,
    ) -> Result<(), Error> {
        Ok(())
    }

    /// Updates the time of the last change, if the record has a column for it.
    fn set_updated_at(&mut self, _now: Timestamp) {}
}

/// Returns the stored form of a value of a vocabulary; `None` if the vocabulary does not have it.
fn canonical<V: std::str::FromStr + ToString>(value: &str) -> Option<String> {
    value.parse::<V>().ok().map(|value| value.to_string())
}
