//! Writes the records of the earlier tool, and reads them back to compare them.

use std::collections::HashMap;

use wsdb_store::{Record, Store, Transaction, for_each_kind};

use super::read::ParsedDatabase;
use crate::digest::FieldDigests;
use crate::error::Error;
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;

macro_rules! write_kinds {
    ($records:expr, $store:ident; $($kind:ident: $record:ident,)*) => {
        // All are written before the first is compared: a record may get references to later ones.
        $(write_records(&$records.$kind, $store).await?;)*
        $(compare(&$records.$kind, $store).await?;)*
    };
}

macro_rules! count_kinds {
    ($store:ident; $($kind:ident: $record:ident,)*) => {
        0 $(+ {
            let all = <wsdb_core::$record as Record>::Filter::default();
            $store.records::<wsdb_core::$record>().count(&all).await?
        })*
    };
}

/// Returns the number of all records.
pub(super) async fn count_records(store: &Store<Transaction>) -> Result<u64, Error> {
    Ok(for_each_kind!(count_kinds, store;))
}

impl ParsedDatabase {
    /// Writes the records into a store without any.
    pub(super) async fn write(&self, store: &Store<Transaction>) -> Result<(), Error> {
        // The old database may have an open session of the actor, to which the adoption does not belong.
        store.history().pin_session().await?;
        for_each_kind!(write_kinds, self.records, store;);
        Ok(())
    }
}

async fn write_records<T: DocumentRecord>(
    parsed: &[ParsedRecord<T>],
    store: &Store<Transaction>,
) -> Result<(), Error> {
    let records: Vec<T> = parsed.iter().map(|it| it.record.clone()).collect();
    let written = store.records::<T>().insert_many(&records, &|_| {}).await;
    Ok(written?)
}

/// Compares the records with what the database now holds.
async fn compare<T: DocumentRecord>(
    parsed: &[ParsedRecord<T>],
    store: &Store<Transaction>,
) -> Result<(), Error> {
    let stored = store.records::<T>().all().await?;
    let stored: HashMap<&str, &T> = stored.iter().map(|it| (it.id().as_ref(), it)).collect();
    for ParsedRecord { record, .. } in parsed {
        let id = record.id().as_ref();
        let found = stored.get(id).map(|found| sorted_digests(*found));
        if found.as_ref() != Some(&sorted_digests(record)) {
            return Err(Error::Store(wsdb_store::Error::InvalidState(format!(
                "{} {id} does not match the old database after it was copied; all changes were rolled back",
                T::NOUN
            ))));
        }
    }
    Ok(())
}

fn sorted_digests<T: DocumentRecord>(record: &T) -> FieldDigests<'_> {
    let mut digests = record.digests();
    digests.sort_unstable();
    digests
}
