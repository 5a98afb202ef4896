//! Claims on tasks. Each change reads the claim that is there and decides in the same transaction:
//! on SQLite nobody else writes meanwhile, on PostgreSQL who comes second tries again and then
//! sees what came first.

use std::collections::HashMap;

use sea_orm::Select;
use sea_orm::sea_query::Condition;
use wsdb_core::{Claim, ClaimFilter, Page, Task, TaskId, Timestamp};

use crate::entity::task_claim::{Column, Entity};
use crate::record::{Filter, Records, kept};
use crate::{Connection, Error, Referrers, Store, Tasks, Transaction, query};

kept!(Claim, task_claim, TaskId, ClaimFilter, "claim", None);

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

/// Beyond so many tasks every claim is read: there are as many as people and assistants at work.
const SOME: usize = 500;

fn claims<C: Connection>(store: &Store<C>) -> Records<'_, C, Claim> {
    Records::over(store)
}

impl<'a, C: Connection> Tasks<'a, C> {
    /// The claims, under the ids of their tasks, as they stand: neither asks whether a lease goes on.
    pub fn claims(&self) -> Records<'a, C, Claim> {
        claims(self.store())
    }

    /// The claims on these tasks, whether or not their leases have ended.
    ///
    /// # Errors
    /// [`Error::Corrupt`], or what the database reports.
    pub async fn claims_on(&self, ids: &[TaskId]) -> Result<HashMap<TaskId, Claim>, Error> {
        let filter = ClaimFilter {
            ids: match ids.len() {
                0 => return Ok(HashMap::new()),
                1..SOME => ids.to_vec(),
                _ => Vec::new(),
            },
            ..ClaimFilter::default()
        };
        let found = self.claims().list(&filter).await?.into_iter();
        Ok(found.map(|claim| (claim.id.clone(), claim)).collect())
    }

    /// Takes a task that nobody has in hand, or whose lease ended before the claim begins.
    ///
    /// # Errors
    /// [`Error::Claimed`] where somebody has it, and [`Error::NotFound`] where there is no such task.
    pub async fn claim(&self, claim: Claim) -> Result<Claim, Error> {
        self.store()
            .write(async |store| {
                Records::<_, Task>::over(store).get(&claim.id).await?;
                match claims(store).find(&claim.id).await? {
                    None => claims(store).insert(claim.clone()).await,
                    Some(before) if Claim::may_take(Some(&before), claim.since) => {
                        claims(store).replace(claim.clone()).await
                    }
                    Some(before) => Err(Error::Claimed {
                        own: before.holder == claim.holder,
                        claim: Box::new(before),
                    }),
                }
            })
            .await
    }

    /// Lets the lease of a claim that `who` holds end at another time.
    ///
    /// # Errors
    /// [`Error::Claimed`] where somebody else has the task, [`Error::NotClaimed`] where nobody has.
    pub async fn heartbeat(
        &self,
        id: &TaskId,
        who: &str,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<Claim, Error> {
        self.store()
            .write(async |store| {
                let mut claim = held(store, id, who, now, |claim| claim.may_renew(who)).await?;
                claim.expires = expires;
                claims(store).replace(claim).await
            })
            .await
    }

    /// Ends a claim that `who` holds, or whose lease has ended; with `force`, any claim.
    ///
    /// # Errors
    /// As [`Tasks::heartbeat`].
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
                    return Err(Error::Refused(format!("nobody has claimed task {id}")));
                }
                let may = |claim: &Claim| force || claim.may_release(who, now);
                held(store, id, who, now, may).await?;
                claims(store).delete(id, Referrers::Respect).await
            })
            .await
    }
}

impl Tasks<'_, Transaction> {
    /// Lets nobody else claim until the transaction ends: who looks for a free task sees what
    /// others have taken, instead of trying again and again. The first call in its transaction:
    /// what was read before stays as it was.
    ///
    /// # Errors
    /// [`Error::Busy`] where others have been claiming for longer than the busy timeout.
    pub async fn queue_for_claims(&self) -> Result<(), Error> {
        self.store().connection.queue_for("task_claims").await
    }
}

/// The claim that `who` may change.
async fn held(
    store: &Store<Transaction>,
    id: &TaskId,
    who: &str,
    now: Timestamp,
    may: impl Fn(&Claim) -> bool,
) -> Result<Claim, Error> {
    match claims(store).find(id).await? {
        Some(claim) if may(&claim) => Ok(claim),
        Some(claim) if !claim.is_over(now) => Err(Error::Claimed {
            own: false,
            claim: Box::new(claim),
        }),
        _ => Err(Error::NotClaimed {
            task: id.clone(),
            holder: who.to_owned(),
        }),
    }
}
