//! Rejects records whose names are empty, such as the title of a task: commands refuse them, too.

use wsdb_store::{Store, Transaction};

use crate::error::{EmptyName, Error, Problem, Reject};
use crate::identity::has_empty_name;
use crate::merge_base::load_by_id;
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::unique::reject;

/// Removes the records with an empty name, and notes the empty names of records that are rejected anyway.
/// Names that were empty before are kept: the record in the database has one, too, or the record in the file is
/// an export that was not edited.
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
    let is_of_kind = |name: &EmptyName| name.record.kind == T::KIND;
    let mut of_rejects = rejects.iter().flat_map(|reject| &reject.empty_names);
    if !parsed.iter().any(is_empty) && !of_rejects.any(is_of_kind) {
        return Ok(());
    }
    let stored = load_by_id::<T>(store).await?;
    let was_empty = |id: &str| stored.get(id).is_some_and(has_empty_name);
    let reason = || format!("{field} must not be empty");
    for reject in &mut *rejects {
        let of_kind = reject.empty_names.extract_if(.., |name| is_of_kind(name));
        let new = of_kind.filter(|name| !name.record.id.as_deref().is_some_and(was_empty));
        let problems = new.map(|name| Problem::new(name.path, reason()));
        reject.reasons.extend(problems);
    }
    let empty = parsed.extract_if(.., |found| {
        is_empty(found) && !was_empty(found.record.id().as_ref())
    });
    rejects.extend(empty.map(|found| reject(&found, reason())));
    Ok(())
}
