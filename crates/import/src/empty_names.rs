//! Rejects records whose names are empty, such as the title of a task: commands refuse them, too.

use wsdb_store::{Store, Transaction};

use crate::error::{Error, Reject};
use crate::merge_base::load_by_id;
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::unique::reject;

/// Removes the records with an empty name. Names that were empty before are kept: the record in the
/// database has one, too, or the record in the file is an export that was not edited.
pub(crate) async fn reject_empty_names<T: DocumentRecord>(
    store: &Store<Transaction>,
    parsed: &mut Vec<ParsedRecord<T>>,
    rejects: &mut Vec<Reject>,
) -> Result<(), Error> {
    let Some(field) = T::NAME else { return Ok(()) };
    let is_empty = |found: &ParsedRecord<T>| {
        let is_export = || found.rev == Some(T::rev_of(&found.record.version()));
        found.may_lack_name && has_empty_name(&found.record) && !is_export()
    };
    if !parsed.iter().any(is_empty) {
        return Ok(());
    }
    let stored = load_by_id::<T>(store).await?;
    let was_empty = |found: &ParsedRecord<T>| {
        let stored = stored.get(found.record.id().as_ref());
        stored.is_some_and(has_empty_name)
    };
    let empty = parsed.extract_if(.., |found| is_empty(found) && !was_empty(found));
    rejects.extend(empty.map(|found| reject(&found, format!("{field} must not be empty"))));
    Ok(())
}

fn has_empty_name<T: DocumentRecord>(record: &T) -> bool {
    let fields = record.to_fields();
    let mut names = fields.iter().filter(|(field, _)| T::NAME == Some(field));
    names.any(|(_, name)| name.as_str().is_some_and(|it| it.trim().is_empty()))
}
