//! Values under the key `rev` that identify no version. One that somebody typed over the version of an
//! exported record counts as none; in a file that never was an export, `rev` is a field of the user.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use wsdb_core::JsonObject;
use wsdb_store::{Store, Transaction, for_each_kind};

use crate::document::ParsedRecords;
use crate::error::Error;
use crate::merge_base::load_by_id;
use crate::record::DocumentRecord;
use crate::record_reader::{ParsedRecord, REV_KEY};
use crate::report::Warning;

macro_rules! remove_from_all {
    ($store:ident, $records:ident, $counts:ident; $($kind:ident: $record:ident,)*) => {
        $(remove_from::<wsdb_core::$record>(
            $store,
            &mut $records.$kind,
            |record| &mut record.document_fields,
            &mut $counts,
        )
        .await?;)*
    };
}

/// Numbers of records in a file with values that identify no version.
#[derive(Default)]
struct RevCounts {
    ignored: usize,
    kept: usize,
}

/// Removes the values of records whose versions exports name, and warns about all.
pub(crate) async fn remove_invalid_revs(
    store: &Store<Transaction>,
    records: &mut ParsedRecords,
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    let mut counts: BTreeMap<Arc<Path>, RevCounts> = BTreeMap::new();
    for_each_kind!(remove_from_all, store, records, counts;);
    for (file, RevCounts { ignored, kept }) in counts {
        let mut warn = |count: usize, message: &str| {
            let records = match count {
                0 => return,
                1 => "1 record".to_owned(),
                count => format!("{count} records"),
            };
            warnings.push(Warning {
                file: Some(file.to_path_buf()),
                path: String::new(),
                message: format!("{message} ({records})"),
            });
        };
        warn(
            ignored,
            "rev was ignored, because its value was not written by an export",
        );
        warn(
            kept,
            "rev is kept as an unknown field, because its value was not written by an export",
        );
    }
    Ok(())
}

async fn remove_from<T: DocumentRecord>(
    store: &Store<Transaction>,
    found: &mut [ParsedRecord<T>],
    fields: fn(&mut T) -> &mut JsonObject,
    counts: &mut BTreeMap<Arc<Path>, RevCounts>,
) -> Result<(), Error> {
    let has_rev = |record: &T| record.document_fields().contains_key(REV_KEY);
    if !T::HAS_REV || T::IS_LINK || !found.iter().any(|found| has_rev(&found.record)) {
        return Ok(());
    }
    let known = load_by_id::<T>(store).await?;
    for found in found.iter_mut().filter(|found| has_rev(&found.record)) {
        let counts = counts.entry(found.file.clone()).or_default();
        let record = known.get(found.record.id().as_ref());
        if record.is_some_and(|record| !has_rev(record)) {
            fields(&mut found.record).remove(REV_KEY);
            counts.ignored += 1;
        } else {
            counts.kept += 1;
        }
    }
    Ok(())
}
