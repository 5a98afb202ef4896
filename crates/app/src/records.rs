//! Editing and deleting records of any kind.

use wsdb_store::OnDelete;

use crate::{Actor, Error, Precondition, Resource, Workspace, resolve_all};

/// Changes the named records, all or none. A record that stays the same is not written.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`] for all names together, [`Error::Unexpected`] if a
/// record does not have the expected values, and the errors of [`Resource::validate`].
pub async fn edit_records<R>(
    workspace: &Workspace,
    actor: &Actor,
    verb: &str,
    names: &[String],
    expected: &Precondition,
    edit: impl Fn(&mut R),
) -> Result<Vec<R::View>, Error>
where
    R: Resource + PartialEq,
    R::View: From<R>,
{
    let edit = |record: &mut R| {
        edit(record);
        Ok(())
    };
    try_edit_records(workspace, actor, verb, names, expected, edit).await
}

/// Like [`edit_records`], with an edit that may fail.
///
/// # Errors
/// Same as [`edit_records`], and the errors of `edit`.
pub async fn try_edit_records<R>(
    workspace: &Workspace,
    actor: &Actor,
    verb: &str,
    names: &[String],
    expected: &Precondition,
    edit: impl Fn(&mut R) -> Result<(), Error>,
) -> Result<Vec<R::View>, Error>
where
    R: Resource + PartialEq,
    R::View: From<R>,
{
    workspace
        .by(actor, verb)
        .write(async |store| {
            let records = store.records::<R>();
            let mut edited = Vec::new();
            for id in resolve_all(&records, names).await? {
                let before = records.get(&id).await?;
                expected.check::<R>(&id, || {
                    R::View::from(before.clone().effective_at(actor.moment()))
                })?;
                let mut record = before.clone();
                edit(&mut record)?;
                record.validate_update(&before)?;
                if record != before {
                    record.check_unique(&records).await?;
                    record.set_updated_at(actor.now);
                    records.save_changed(before, record.clone()).await?;
                }
                edited.push(record.into());
            }
            Ok(edited)
        })
        .await
}

/// Deletes the named records, all or none.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`] for all names together, and
/// [`wsdb_store::Error::StillReferenced`] if other records require one of them.
pub async fn remove_records<R: Resource>(
    workspace: &Workspace,
    actor: &Actor,
    verb: &str,
    names: &[String],
    referrers: OnDelete,
) -> Result<Vec<R::Id>, Error> {
    workspace
        .by(actor, verb)
        .write(async |store| {
            let records = store.records::<R>();
            let ids = resolve_all(&records, names).await?;
            for id in &ids {
                records.delete(id, referrers).await?;
            }
            Ok(ids)
        })
        .await
}
