//! Versions of records that history is about to forget: files may still name them.

use wsdb_core::ActionId;
use wsdb_store::{EarlierVersion, KnownVersion, Store, Transaction, for_each_kind};

use crate::error::Error;
use crate::record::DocumentRecord;

macro_rules! remember_all {
    ($store:ident, $before:ident; $($kind:ident: $record:ident,)*) => {
        $(remember::<wsdb_core::$record>($store, $before).await?;)*
    };
}

/// Remembers the versions of records that only the actions before this one show, so that imports still
/// know them after these actions are deleted.
///
/// # Errors
/// Returns the errors of the database.
pub async fn remember_versions(store: &Store<Transaction>, before: ActionId) -> Result<(), Error> {
    for_each_kind!(remember_all, store, before;);
    Ok(())
}

async fn remember<T: DocumentRecord>(
    store: &Store<Transaction>,
    before: ActionId,
) -> Result<(), Error> {
    let ids = store.history().ids_changed_before::<T>(before).await?;
    let ids = Vec::from_iter(ids);
    let mut versions = Vec::new();
    let mut visit = |earlier: EarlierVersion<T>| {
        if earlier.replaced_by < before && !earlier.is_withdrawn {
            let version = earlier.record.version();
            let (id, rev) = (earlier.record.id().as_ref(), T::rev_of(&version));
            versions.push(KnownVersion::new(id, rev, version));
        }
        true
    };
    store.history().earlier_versions(&ids, &mut visit).await?;
    let documents = store.documents().without_history();
    Ok(documents.remember_versions(T::KIND, versions).await?)
}
