//! Changing and deleting records: what is the same for every noun.

use wsdb_store::Referrers;

use crate::{Actor, Error, Expected, Noun, Workspace, resolve_all};

/// Changes the records that the words mean, all or none. A record that stays as it was is not
/// written.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`], for all words at once, [`Error::Unexpected`]
/// where a record is not as expected, and what [`Noun::check`] refuses.
pub async fn edit_records<R>(
    workspace: &Workspace,
    actor: &Actor,
    verb: &str,
    words: &[String],
    expected: &Expected,
    edit: impl Fn(&mut R),
) -> Result<Vec<R::View>, Error>
where
    R: Noun + PartialEq,
    R::View: From<R>,
{
    workspace
        .by(actor, verb)
        .write(async |store| {
            let records = store.records::<R>();
            let mut edited = Vec::new();
            for id in resolve_all(&records, words).await? {
                let before = records.get(&id).await?;
                expected.check::<R>(&id, || R::View::from(before.clone().as_of(actor.now)))?;
                let mut record = before.clone();
                edit(&mut record);
                record.check()?;
                if record != before {
                    record.touch(actor.now);
                    records.replace_known(before, record.clone()).await?;
                }
                edited.push(record.into());
            }
            Ok(edited)
        })
        .await
}

/// Deletes the records that the words mean, all or none.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`] for all words at once, and
/// [`wsdb_store::Error::StillReferenced`] where others refer to a record that is to be kept whole.
pub async fn remove_records<R: Noun>(
    workspace: &Workspace,
    actor: &Actor,
    verb: &str,
    words: &[String],
    referrers: Referrers,
) -> Result<Vec<R::Id>, Error> {
    workspace
        .by(actor, verb)
        .write(async |store| {
            let records = store.records::<R>();
            let ids = resolve_all(&records, words).await?;
            for id in &ids {
                records.delete(id, referrers).await?;
            }
            Ok(ids)
        })
        .await
}
