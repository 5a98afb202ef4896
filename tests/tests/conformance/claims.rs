//! Claims: who has claimed a task, and until when.

use wsdb_core::{Claim, ClaimFilter, Task, TaskId, Timestamp};
use wsdb_store::{Error, OnDelete, Store};

use crate::fixtures::{self, id};
use crate::{Case, at, records as suite};

const NOON: &str = "2025-11-20T12:00:00";
const LAST: &str = "2025-11-20T12:59:59.999999";
const END: &str = "2025-11-20T13:00:00";

fn claim(who: &str, from: &str, to: &str) -> Claim {
    Claim::new(id("T-1"), who.into(), at(from), at(to))
}

async fn one_task(case: &Case) -> TaskId {
    let task = fixtures::task("T-1", false);
    case.store.tasks().insert(task).await.unwrap().id
}

/// Who holds the task in the error, and whether that is who asked.
fn in_the_way(refused: Result<Claim, Error>) -> (String, bool) {
    match refused {
        Err(Error::Claimed { claim, own }) => (claim.holder, own),
        other => panic!("not refused: {other:?}"),
    }
}

fn is_not_claimed(refused: &Result<Claim, Error>) -> bool {
    matches!(refused, Err(Error::NotClaimed { .. }))
}

pub(crate) async fn records(case: &Case) {
    let numbers = (1..10).map(|n| format!("R-{n}"));
    let names = numbers.chain((0..1203).map(|n| format!("R-{n:04}")));
    let tasks: Vec<Task> = names.map(|name| fixtures::task(&name, false)).collect();
    let tasks_written = case.store.tasks().insert_many(&tasks, &|_| ()).await;
    tasks_written.unwrap();
    suite::crud_of_every_table(&case.store.tasks().claims(), fixtures::claim).await;
}

pub(crate) async fn taken_once_until_the_lease_ends(case: &Case) {
    let (tasks, task) = (case.store.tasks(), one_task(case).await);
    let missing = tasks
        .claim(Claim::new(id("T-404"), "mira".into(), at(NOON), at(END)))
        .await;
    assert!(matches!(missing, Err(Error::NotFound { noun: "task", .. })));

    let mut first = claim("mira", NOON, END);
    first.session_id = Some(id("2025-11-20-session-001"));
    assert_eq!(tasks.claim(first.clone()).await.unwrap(), first);
    for from in [NOON, LAST] {
        let refused = tasks.claim(claim("jo", from, "2025-12-01")).await;
        assert_eq!(in_the_way(refused), ("mira".to_owned(), false));
        let refused = tasks.claim(claim("mira", from, "2025-12-01")).await;
        assert_eq!(in_the_way(refused), ("mira".to_owned(), true));
    }
    assert_eq!(tasks.claims().get(&task).await.unwrap(), first);

    // Not a microsecond later than its end.
    let second = claim("jo", END, "2025-11-21");
    assert_eq!(tasks.claim(second.clone()).await.unwrap(), second);
    assert_eq!(
        tasks.claims().all().await.unwrap(),
        std::slice::from_ref(&second)
    );
    let on = tasks.claims_on(&[task.clone(), id("T-404")]).await.unwrap();
    assert_eq!(on.into_iter().collect::<Vec<_>>(), [(task.clone(), second)]);
    let many: Vec<TaskId> = (0..1000)
        .map(|n| id(&format!("X-{n}")))
        .chain([task])
        .collect();
    assert_eq!(tasks.claims_on(&many).await.unwrap().len(), 1);
    assert!(tasks.claims_on(&[]).await.unwrap().is_empty());

    let of = |who: &str| ClaimFilter {
        holder: vec![who.into()],
        ..ClaimFilter::default()
    };
    assert_eq!(tasks.claims().count(&of("jo")).await.unwrap(), 1);
    assert_eq!(tasks.claims().count(&of("mira")).await.unwrap(), 0);
}

pub(crate) async fn renewed_and_released_by_the_holder(case: &Case) {
    let (tasks, task) = (case.store.tasks(), one_task(case).await);
    let (noon, end, later) = (at(NOON), at(END), at("2025-11-21"));
    let renew = async |who: &str, now: Timestamp, to: Timestamp| {
        case.store.tasks().heartbeat(&task, who, now, to).await
    };
    assert!(is_not_claimed(&renew("mira", noon, end).await));
    let nobody = tasks.release(&task, "mira", noon, true).await;
    let nobody = nobody.unwrap_err().to_string();
    assert_eq!(nobody, format!("task {task} is not claimed"));

    tasks.claim(claim("mira", NOON, END)).await.unwrap();
    assert_eq!(
        in_the_way(renew("jo", noon, later).await),
        ("mira".to_owned(), false)
    );
    assert!(
        is_not_claimed(&renew("jo", end, later).await),
        "it may be taken, not renewed"
    );
    let renewed = renew("mira", end, later).await.expect("nobody took it");
    assert_eq!((renewed.since, renewed.expires), (noon, later));
    assert_eq!(tasks.claims().get(&task).await.unwrap(), renewed);

    let refused = tasks.release(&task, "jo", end, false).await;
    assert_eq!(in_the_way(refused), ("mira".to_owned(), false));
    assert_eq!(
        tasks.release(&task, "mira", end, false).await.unwrap(),
        renewed
    );
    assert_eq!(tasks.claims().find(&task).await.unwrap(), None);

    tasks.claim(claim("mira", NOON, END)).await.unwrap();
    tasks
        .release(&task, "jo", noon, true)
        .await
        .expect("by force");
    tasks.claim(claim("mira", NOON, END)).await.unwrap();
    tasks.release(&task, "jo", end, false).await.unwrap();
}

pub(crate) async fn one_of_many_concurrent_claims_wins(case: &Case) {
    let task = one_task(case).await;
    let url = case.database.url();
    for round in 0..10 {
        let racers = (0..6).map(|racer| {
            let url = url.clone();
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build();
                runtime.unwrap().block_on(async {
                    let store = Store::connect(&url).await.unwrap();
                    let claimed = store
                        .tasks()
                        .claim(claim(&format!("r{racer}"), NOON, END))
                        .await;
                    store.close().await.unwrap();
                    match claimed {
                        Ok(claim) => (true, claim.holder),
                        refused => (false, in_the_way(refused).0),
                    }
                })
            })
        });
        let racers: Vec<_> = racers.collect();
        let ended: Vec<(bool, String)> = racers.into_iter().map(|r| r.join().unwrap()).collect();
        let winners: Vec<&String> = ended
            .iter()
            .filter(|(won, _)| *won)
            .map(|(_, who)| who)
            .collect();
        assert_eq!(winners.len(), 1, "round {round}: {ended:?}");
        assert!(
            ended.iter().all(|(_, holder)| holder == winners[0]),
            "{ended:?}"
        );
        let who = winners[0].clone();
        case.store
            .tasks()
            .release(&task, &who, at(NOON), false)
            .await
            .unwrap();
    }
}

pub(crate) async fn deleted_with_its_task(case: &Case) {
    let (tasks, task) = (case.store.tasks(), one_task(case).await);
    tasks.claim(claim("mira", NOON, END)).await.unwrap();
    tasks.delete(&task, OnDelete::Respect).await.unwrap();
    assert_eq!(
        case.database.rows("SELECT count(*) FROM task_claims"),
        ["0"]
    );
}
