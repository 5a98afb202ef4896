//! Claims: who has claimed a task, and until when.

use wsdb_core::{Claim, ClaimFilter, TaskId, Timestamp};
use wsdb_store::{Error, OnDelete, Store};

use crate::fixtures::{self, id};
use crate::{Case, at, block_on, test_cases};

test_cases!(
    missing_task_cannot_be_claimed,
    claimed_task_is_refused_until_the_lease_expires,
    claims_on_many_tasks_are_found,
    claims_are_filtered_by_holder,
    unclaimed_task_can_be_neither_renewed_nor_released,
    claim_is_renewed_by_its_holder_only,
    claim_is_released_by_its_holder_only,
    forced_release_ends_the_claim_of_another,
    expired_claim_is_released_by_anybody,
    one_of_many_concurrent_claims_wins,
    claim_is_deleted_with_its_task,
);

const NOON: &str = "2025-11-20T12:00:00";
const BEFORE_EXPIRY: &str = "2025-11-20T12:59:59.999999";
const EXPIRY: &str = "2025-11-20T13:00:00";
const LATER: &str = "2025-11-21";

fn claim(holder: &str, since: &str, expires: &str) -> Claim {
    Claim::new(id("T-1"), holder.into(), at(since), at(expires))
}

async fn insert_task(case: &Case) -> TaskId {
    let task = fixtures::task("T-1", false);
    case.store.tasks().insert(task).await.unwrap().id
}

/// Inserts T-1, claimed by mira from noon to the expiry.
async fn insert_claimed_task(case: &Case) -> TaskId {
    let task = insert_task(case).await;
    let claimed = case.store.tasks().claim(claim("mira", NOON, EXPIRY)).await;
    claimed.unwrap();
    task
}

/// The holder that prevents a claim, a renewal or a release.
#[derive(Debug, PartialEq)]
struct Refusal {
    holder: String,
    /// Whether the holder is the one who was refused.
    own: bool,
}

fn refusal(result: Result<Claim, Error>) -> Refusal {
    match result {
        Err(Error::Claimed { claim, own }) => Refusal {
            holder: claim.holder,
            own,
        },
        other => panic!("not refused: {other:?}"),
    }
}

fn refusal_by(holder: &str, own: bool) -> Refusal {
    Refusal {
        holder: holder.into(),
        own,
    }
}

fn is_not_claimed(result: &Result<Claim, Error>) -> bool {
    matches!(result, Err(Error::NotClaimed { .. }))
}

async fn missing_task_cannot_be_claimed(case: &Case) {
    let claim = Claim::new(id("T-404"), "mira".into(), at(NOON), at(EXPIRY));
    let missing = case.store.tasks().claim(claim).await;
    assert!(matches!(missing, Err(Error::NotFound { noun: "task", .. })));
}

async fn claimed_task_is_refused_until_the_lease_expires(case: &Case) {
    let (tasks, task) = (case.store.tasks(), insert_task(case).await);
    let first = Claim {
        session_id: Some(id("2025-11-20-session-001")),
        ..claim("mira", NOON, EXPIRY)
    };
    assert_eq!(tasks.claim(first.clone()).await.unwrap(), first);
    for time in [NOON, BEFORE_EXPIRY] {
        let refused = tasks.claim(claim("jo", time, LATER)).await;
        assert_eq!(refusal(refused), refusal_by("mira", false));
        let refused = tasks.claim(claim("mira", time, LATER)).await;
        assert_eq!(refusal(refused), refusal_by("mira", true));
    }
    assert_eq!(tasks.claims().get(&task).await.unwrap(), first);

    let second = claim("jo", EXPIRY, LATER);
    assert_eq!(tasks.claim(second.clone()).await.unwrap(), second);
    assert_eq!(tasks.claims().all().await.unwrap(), [second]);
}

/// Looks for more ids than a statement has.
async fn claims_on_many_tasks_are_found(case: &Case) {
    let (tasks, task) = (case.store.tasks(), insert_claimed_task(case).await);
    let missing = (0..600).map(|n| id(&format!("X-{n}")));
    let ids: Vec<TaskId> = missing.chain([task.clone()]).collect();
    let claims = tasks.claims_on(&ids).await.unwrap();
    let expected = claim("mira", NOON, EXPIRY);
    assert_eq!(claims.into_iter().collect::<Vec<_>>(), [(task, expected)]);
    assert!(tasks.claims_on(&[]).await.unwrap().is_empty());
}

async fn claims_are_filtered_by_holder(case: &Case) {
    insert_claimed_task(case).await;
    for (holder, expected) in [("mira", 1), ("jo", 0)] {
        let filter = ClaimFilter {
            holder: vec![holder.into()],
            ..ClaimFilter::default()
        };
        let count = case.store.tasks().claims().count(&filter).await;
        assert_eq!(count.unwrap(), expected, "{holder}");
    }
}

async fn unclaimed_task_can_be_neither_renewed_nor_released(case: &Case) {
    let (tasks, task) = (case.store.tasks(), insert_task(case).await);
    let renewed = tasks.heartbeat(&task, "mira", at(NOON), at(EXPIRY)).await;
    assert!(is_not_claimed(&renewed));
    let released = tasks.release(&task, "mira", at(NOON), true).await;
    let error = released.unwrap_err().to_string();
    assert_eq!(error, "task T-1 is not claimed");
}

async fn claim_is_renewed_by_its_holder_only(case: &Case) {
    let (tasks, task) = (case.store.tasks(), insert_claimed_task(case).await);
    let renew = async |actor: &str, now: Timestamp| {
        let tasks = case.store.tasks();
        tasks.heartbeat(&task, actor, now, at(LATER)).await
    };
    let refused = renew("jo", at(NOON)).await;
    assert_eq!(refusal(refused), refusal_by("mira", false));
    // An expired claim can be replaced by another one, but not renewed.
    assert!(is_not_claimed(&renew("jo", at(EXPIRY)).await));
    let renewed = renew("mira", at(EXPIRY)).await.unwrap();
    assert_eq!((renewed.since, renewed.expires), (at(NOON), at(LATER)));
    assert_eq!(tasks.claims().get(&task).await.unwrap(), renewed);
}

async fn claim_is_released_by_its_holder_only(case: &Case) {
    let (tasks, task) = (case.store.tasks(), insert_claimed_task(case).await);
    let refused = tasks.release(&task, "jo", at(BEFORE_EXPIRY), false).await;
    assert_eq!(refusal(refused), refusal_by("mira", false));
    let released = tasks.release(&task, "mira", at(BEFORE_EXPIRY), false).await;
    assert_eq!(released.unwrap(), claim("mira", NOON, EXPIRY));
    assert_eq!(tasks.claims().find(&task).await.unwrap(), None);
}

async fn forced_release_ends_the_claim_of_another(case: &Case) {
    let (tasks, task) = (case.store.tasks(), insert_claimed_task(case).await);
    tasks.release(&task, "jo", at(NOON), true).await.unwrap();
    assert_eq!(tasks.claims().find(&task).await.unwrap(), None);
}

async fn expired_claim_is_released_by_anybody(case: &Case) {
    let (tasks, task) = (case.store.tasks(), insert_claimed_task(case).await);
    let released = tasks.release(&task, "jo", at(EXPIRY), false).await;
    released.unwrap();
    assert_eq!(tasks.claims().find(&task).await.unwrap(), None);
}

/// Claims T-1 with a store of its own, and returns the winner and whether it is `holder`.
fn claim_as(url: &str, holder: &str) -> (String, bool) {
    block_on(async {
        let store = Store::connect(url).await.unwrap();
        let claimed = store.tasks().claim(claim(holder, NOON, EXPIRY)).await;
        store.close().await.unwrap();
        match claimed {
            Ok(claim) => (claim.holder, true),
            refused => (refusal(refused).holder, false),
        }
    })
}

async fn one_of_many_concurrent_claims_wins(case: &Case) {
    let task = insert_task(case).await;
    let url = case.database.url();
    for round in 0..5 {
        let results: Vec<(String, bool)> = std::thread::scope(|scope| {
            let url = &url;
            let racers: Vec<_> = (0..6)
                .map(|racer| scope.spawn(move || claim_as(url, &format!("racer-{racer}"))))
                .collect();
            let results = racers.into_iter().map(|racer| racer.join().unwrap());
            results.collect()
        });
        let mut winners = results.iter().filter(|(_, has_won)| *has_won);
        let winner = &winners.next().unwrap().0;
        assert_eq!(winners.next(), None, "round {round}: {results:?}");
        let all_know = results.iter().all(|(holder, _)| holder == winner);
        assert!(all_know, "round {round}: {results:?}");
        let tasks = case.store.tasks();
        let released = tasks.release(&task, winner, at(NOON), false).await;
        released.unwrap();
    }
}

async fn claim_is_deleted_with_its_task(case: &Case) {
    let task = insert_claimed_task(case).await;
    let deleted = case.store.tasks().delete(&task, OnDelete::Respect).await;
    deleted.unwrap();
    let count = case.database.rows("SELECT count(*) FROM task_claims");
    assert_eq!(count, ["0"]);
}
