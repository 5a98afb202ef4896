//! Claims on tasks. Each change reads the existing claim and decides in the same transaction: on
//! SQLite nobody else writes meanwhile; on PostgreSQL the second writer is retried and then sees
//! the first one's claim.

use std::collections::HashMap;

use sea_orm::Select;
use sea_orm::sea_query::Condition;
use wsdb_core::{Claim, ClaimFilter, Page, Task, TaskId, Timestamp};

use crate::entity::task_claim::{Column, Entity};
use crate::record::{Filter, impl_record};
use crate::records::Records;
use crate::{Connection, Error, OnDelete, Store, Tasks, Transaction, query};

impl_record!(Claim, task_claim, TaskId, ClaimFilter, "claim", None);

impl Filter<Claim> for ClaimFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(query::any(Column::Id, &self.ids))
            .add_option(query::any(Column::Holder, &self.holder))
    }

    fn order(&self, select: Select<Entity>) -> Select<Entity> {
        query::ordered(select, Column::Since, Column::Id, false)
    }

    fn page(&self) -> Page {
        self.page
    }
}

/// Maximum number of ids in a query. For more tasks all claims are read: there are only as many as
/// people and agents at work.
const MAX_IDS_IN_QUERY: usize = 500;

fn claims<C: Connection>(store: &Store<C>) -> Records<'_, C, Claim> {
    Records::new(store)
}

impl<'a, C: Connection> Tasks<'a, C> {
    /// Returns the claims, each with the id of its task, whether or not their leases have expired.
    pub fn claims(&self) -> Records<'a, C, Claim> {
        claims(self.store())
    }

    /// Returns the claims on these tasks, whether or not their leases have expired.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn claims_on(&self, ids: &[TaskId]) -> Result<HashMap<TaskId, Claim>, Error> {
        let filter = ClaimFilter {
            ids: match ids.len() {
                0 => return Ok(HashMap::new()),
                1..MAX_IDS_IN_QUERY => ids.to_vec(),
                _ => Vec::new(),
            },
            ..ClaimFilter::default()
        };
        let claims = self.claims().list(&filter).await?.into_iter();
        Ok(claims.map(|claim| (claim.id.clone(), claim)).collect())
    }

    /// Claims a task that nobody has claimed, or whose lease expired before the claim begins.
    ///
    /// # Errors
    /// [`Error::Claimed`] if somebody holds it, and [`Error::NotFound`] if there is no such task.
    pub async fn claim(&self, claim: Claim) -> Result<Claim, Error> {
        self.store()
            .write(async |store| {
                Records::<_, Task>::new(store).get(&claim.id).await?;
                let existing = claims(store).find(&claim.id).await?;
                let tasks = store.tasks();
                tasks.replace_claim(existing, claim.clone()).await?;
                Ok(claim.clone())
            })
            .await
    }

    /// Sets the time at which the lease of a claim held by `who` expires.
    ///
    /// # Errors
    /// [`Error::Claimed`] if somebody else holds the task, [`Error::NotClaimed`] if nobody does.
    pub async fn heartbeat(
        &self,
        id: &TaskId,
        who: &str,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<Claim, Error> {
        self.store()
            .write(async |store| {
                let mut claim =
                    claim_of(store, id, now, |claim| claim.can_be_renewed_by(who)).await?;
                claim.expires = expires;
                claims(store).save(claim).await
            })
            .await
    }

    /// Releases a claim that `who` holds or whose lease has expired; with `force`, any claim.
    ///
    /// # Errors
    /// Same as [`Tasks::heartbeat`].
    pub async fn release(
        &self,
        id: &TaskId,
        who: &str,
        now: Timestamp,
        force: bool,
    ) -> Result<Claim, Error> {
        self.store()
            .write(async |store| {
                if force && claims(store).find(id).await?.is_none() {
                    return Err(Error::InvalidState(format!("task {id} is not claimed")));
                }
                let may = |claim: &Claim| force || claim.can_be_released_by(who, now);
                claim_of(store, id, now, may).await?;
                claims(store).delete(id, OnDelete::Respect).await
            })
            .await
    }
}

impl Tasks<'_, Transaction> {
    /// Same as [`Tasks::claim`] for a task that exists and on which `existing` is the claim; both
    /// were read in this transaction.
    ///
    /// # Errors
    /// [`Error::Claimed`] if somebody holds it.
    pub async fn replace_claim(&self, existing: Option<Claim>, claim: Claim) -> Result<(), Error> {
        let records = claims(self.store());
        match existing {
            None => records.insert(claim).await.map(drop),
            Some(before) if Claim::can_be_claimed(Some(&before), claim.since) => {
                records.save_changed(before, claim).await
            }
            Some(before) => Err(Error::Claimed {
                own: before.holder == claim.holder,
                claim: Box::new(before),
            }),
        }
    }

    /// Prevents others from claiming until the transaction ends, so that a search for a free task
    /// sees what others have claimed instead of being retried again and again. It has to be the
    /// first call in its transaction: a later one would not see claims made in the meantime.
    ///
    /// # Errors
    /// [`Error::Busy`] if others have been claiming for longer than the busy timeout.
    pub async fn lock_claims(&self) -> Result<(), Error> {
        self.store().connection.lock_table("task_claims").await
    }
}

/// Returns the claim on a task if `may` allows to change it.
async fn claim_of(
    store: &Store<Transaction>,
    id: &TaskId,
    now: Timestamp,
    may: impl Fn(&Claim) -> bool,
) -> Result<Claim, Error> {
    match claims(store).find(id).await? {
        Some(claim) if may(&claim) => Ok(claim),
        Some(claim) if !claim.is_expired(now) => Err(Error::Claimed {
            own: false,
            claim: Box::new(claim),
        }),
        _ => Err(Error::NotClaimed { task: id.clone() }),
    }
}
