//! Ready tasks, blocked tasks and dependencies, compared with a naive computation over all tasks.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use wsdb_core::{
    Claim, Edge, Page, Priority, Task, TaskFilter, TaskId, TaskStatus, Vocabulary, blockers,
};

use crate::fixtures::{self, id};
use crate::{Case, at, test_cases};

test_cases!(
    ready_tasks_match_a_naive_computation,
    page_of_ready_tasks_is_a_part,
    ready_tasks_are_listed_in_reverse,
    filter_of_ready_tasks_does_not_change_their_blockers,
    ready_tasks_with_claims_match_a_naive_computation,
    blocked_tasks_match_a_naive_computation,
    unassigned_tasks_match_a_naive_computation,
    edges_match_a_naive_computation,
);

/// Pseudo-random numbers that are the same on every machine.
struct Rng(u64);

impl Rng {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

/// Tasks with cycles, with missing dependencies and with duplicate dependencies.
async fn insert_tasks(case: &Case, count: usize) -> Vec<Task> {
    let mut rng = Rng(7);
    let name = |number: usize| -> TaskId { id(&format!("T-{number}")) };
    let tasks: Vec<Task> = (0..count)
        .map(|number| {
            let mut task = fixtures::task(name(number).as_str(), false);
            task.status = TaskStatus::ALL[rng.below(TaskStatus::ALL.len())];
            task.priority = match rng.below(Priority::ALL.len() + 1) {
                0 => None,
                rank => Some(Priority::ALL[rank - 1]),
            };
            task.created = at(&format!("2025-01-{:02}", 1 + rng.below(5)));
            task.repos_affected = vec![["core", "web", "docs"][rng.below(3)].into()];
            task.assigned_to = (rng.below(2) == 0).then(|| "mira".into());
            let dependencies = [0, 0, 1, 1, 2, 3][rng.below(6)];
            task.dependencies = (0..dependencies)
                .map(|_| name(rng.below(count + count / 20)))
                .collect();
            task
        })
        .collect();
    let written = case.store.tasks().insert_many(&tasks, &|_| ()).await;
    written.unwrap();
    tasks
}

fn statuses(tasks: &[Task]) -> HashMap<TaskId, TaskStatus> {
    tasks
        .iter()
        .map(|task| (task.id.clone(), task.status))
        .collect()
}

fn rank(task: &Task) -> usize {
    let rank = |priority| Priority::ALL.iter().position(|known| *known == priority);
    task.priority.and_then(rank).unwrap_or(usize::MAX)
}

/// The ready tasks and the number of open tasks that each blocks, computed from all tasks.
fn naive_ready(tasks: &[Task]) -> Vec<(TaskId, u64)> {
    let known = statuses(tasks);
    let unblocks = |id: &TaskId| {
        let open = tasks.iter().filter(|task| !task.status.is_terminal());
        open.filter(|task| task.dependencies.contains(id)).count() as u64
    };
    let mut ready: Vec<(&Task, u64)> = tasks
        .iter()
        .filter(|task| matches!(task.status, TaskStatus::Pending | TaskStatus::Approved))
        .filter(|task| blockers(&task.dependencies, &known).is_empty())
        .map(|task| (task, unblocks(&task.id)))
        .collect();
    ready.sort_by_key(|(task, unblocks)| {
        (
            rank(task),
            Reverse(*unblocks),
            task.created,
            task.id.clone(),
        )
    });
    ready
        .into_iter()
        .map(|(task, unblocks)| (task.id.clone(), unblocks))
        .collect()
}

/// Claims two thirds of the tasks, some of them with a lease that has expired at
/// [`fixtures::now`].
async fn claim_some(case: &Case, tasks: &[Task]) -> HashMap<TaskId, Claim> {
    let mut rng = Rng(5);
    let mut claims = HashMap::new();
    for task in tasks {
        let holder = match rng.below(3) {
            0 => "mira",
            1 => "jo",
            _ => continue,
        };
        let ends = [
            "2025-11-20T21:07:47.846999",
            "2025-11-20T21:07:47.847",
            "2025-11-20T21:07:48",
        ];
        let end = at(ends[rng.below(ends.len())]);
        let claim = Claim::new(task.id.clone(), holder.into(), at("2025-11-20"), end);
        case.store.tasks().claim(claim.clone()).await.unwrap();
        claims.insert(task.id.clone(), claim);
    }
    claims
}

/// The tasks that an actor can start, computed from all tasks and claims.
fn naive_ready_for(
    actor: Option<&str>,
    tasks: &[Task],
    claims: &HashMap<TaskId, Claim>,
) -> Vec<TaskId> {
    let known = statuses(tasks);
    let is_ready = |task: &&Task| {
        let claim = claims.get(&task.id);
        let is_expired = claim.is_some_and(|claim| claim.is_expired(fixtures::now()));
        let is_own = actor.is_some() && current_holder(&task.id, claims) == actor;
        let has_status = match task.status {
            TaskStatus::Pending | TaskStatus::Approved => true,
            TaskStatus::InProgress => is_own || is_expired,
            _ => false,
        };
        let is_free = is_own || current_holder(&task.id, claims).is_none();
        has_status && is_free && blockers(&task.dependencies, &known).is_empty()
    };
    let mut ready: Vec<TaskId> = tasks
        .iter()
        .filter(is_ready)
        .map(|task| task.id.clone())
        .collect();
    ready.sort();
    ready
}

/// The holder of a claim that has not expired.
fn current_holder<'a>(id: &TaskId, claims: &'a HashMap<TaskId, Claim>) -> Option<&'a str> {
    let claim = claims.get(id)?;
    (!claim.is_expired(fixtures::now())).then_some(claim.holder.as_str())
}

async fn ready_tasks_with_claims_match_a_naive_computation(case: &Case) {
    let tasks = insert_tasks(case, 300).await;
    let claims = claim_some(case, &tasks).await;
    for actor in [None, Some("mira"), Some("jo"), Some("nobody")] {
        let all = TaskFilter::default();
        let ready = case.store.tasks().ready(&all, actor, fixtures::now()).await;
        let (ready, total) = ready.unwrap();
        let mut ready: Vec<TaskId> = ready.into_iter().map(|ready| ready.task.id).collect();
        let is_own = |id: &TaskId| actor.is_some() && current_holder(id, &claims) == actor;
        let own: Vec<bool> = ready.iter().map(is_own).collect();
        assert!(own.is_sorted_by(|a, b| a >= b), "own tasks come first");
        let has_claims = matches!(actor, Some("mira" | "jo"));
        assert_eq!(own.contains(&true), has_claims, "{actor:?}");
        ready.sort();
        let expected = naive_ready_for(actor, &tasks, &claims);
        assert_eq!(total, expected.len() as u64);
        assert_eq!(ready, expected, "{actor:?}");
    }
}

async fn ready(case: &Case, filter: &TaskFilter) -> (Vec<(TaskId, u64)>, u64) {
    let (found, total) = case
        .store
        .tasks()
        .ready(filter, None, fixtures::now())
        .await
        .unwrap();
    let found = found.into_iter();
    (
        found.map(|ready| (ready.task.id, ready.unblocks)).collect(),
        total,
    )
}

async fn ready_tasks_match_a_naive_computation(case: &Case) {
    let tasks = insert_tasks(case, 300).await;
    let expected = naive_ready(&tasks);
    let total = expected.len() as u64;
    assert!(total > 20 && expected.iter().any(|(_, unblocks)| *unblocks > 1));
    let all = TaskFilter::default();
    assert_eq!(ready(case, &all).await, (expected, total));
}

async fn page_of_ready_tasks_is_a_part(case: &Case) {
    insert_tasks(case, 120).await;
    let page = |limit, offset| TaskFilter {
        page: Page { limit, offset },
        ..TaskFilter::default()
    };
    let (all, total) = ready(case, &page(None, 0)).await;
    let part = ready(case, &page(Some(4), 3)).await;
    assert_eq!(part, (all[3..7].to_vec(), total));
    let beyond = ready(case, &page(None, total)).await;
    assert_eq!(beyond, (Vec::new(), total));
}

async fn ready_tasks_are_listed_in_reverse(case: &Case) {
    insert_tasks(case, 120).await;
    let (mut tasks, total) = ready(case, &TaskFilter::default()).await;
    tasks.reverse();
    let reverse = TaskFilter {
        reverse: true,
        ..TaskFilter::default()
    };
    assert_eq!(ready(case, &reverse).await, (tasks, total));
}

/// Tasks outside the filter block those inside.
async fn filter_of_ready_tasks_does_not_change_their_blockers(case: &Case) {
    let tasks = insert_tasks(case, 300).await;
    let filter = TaskFilter {
        repo: vec!["core".into(), "web".into()],
        assigned_to: vec!["mira".into()],
        ..TaskFilter::default()
    };
    let by_id: HashMap<&TaskId, &Task> = tasks.iter().map(|task| (&task.id, task)).collect();
    let expected: Vec<_> = naive_ready(&tasks)
        .into_iter()
        .filter(|(id, _)| by_id[id].repos_affected != ["docs"] && by_id[id].assigned_to.is_some())
        .collect();
    assert!(!expected.is_empty());
    let total = expected.len() as u64;
    assert_eq!(ready(case, &filter).await, (expected, total));
}

fn is_blocked(task: &Task, known: &HashMap<TaskId, TaskStatus>) -> bool {
    let has_blockers = !blockers(&task.dependencies, known).is_empty();
    !task.status.is_terminal() && (has_blockers || task.status == TaskStatus::Blocked)
}

async fn blocked_tasks_match_a_naive_computation(case: &Case) {
    let tasks = insert_tasks(case, 300).await;
    let known = statuses(&tasks);
    let mut expected: Vec<Task> = tasks.clone();
    expected.retain(|task| is_blocked(task, &known));
    expected.sort_by_key(|task| (rank(task), task.created, task.id.clone()));
    let total = expected.len() as u64;
    let all = TaskFilter::default();
    let found = case.store.tasks().blocked(&all).await.unwrap();
    assert_eq!(found, (expected.clone(), total));
    let page = TaskFilter {
        page: Page::first(3),
        ..all
    };
    let first = case.store.tasks().blocked(&page).await.unwrap();
    assert_eq!(first, (expected[..3].to_vec(), total));
}

async fn unassigned_tasks_match_a_naive_computation(case: &Case) {
    let tasks = insert_tasks(case, 300).await;
    let claims = claim_some(case, &tasks).await;
    let known = statuses(&tasks);
    let mut expected: Vec<Task> = tasks.clone();
    expected.retain(|task| {
        let is_taken = task.assigned_to.is_some() || claims.contains_key(&task.id);
        task.status == TaskStatus::Planning && !is_taken && !is_blocked(task, &known)
    });
    assert!(!expected.is_empty());
    expected.sort_by_key(|task| (rank(task), task.created, task.id.clone()));
    let total = expected.len() as u64;
    let filter = TaskFilter {
        status: vec![TaskStatus::Planning],
        ..TaskFilter::default()
    };
    let found = case.store.tasks().unassigned(&filter).await.unwrap();
    assert_eq!(found, (expected, total));
}

fn naive_edges(tasks: &[Task], open: bool) -> BTreeSet<Edge> {
    let known = statuses(tasks);
    let is_closed = |id: &TaskId| known.get(id).is_some_and(|status| status.is_terminal());
    let all = tasks.iter().flat_map(|task| {
        task.dependencies.iter().map(|dependency| Edge {
            task: task.id.clone(),
            depends_on: dependency.clone(),
        })
    });
    all.filter(|edge| !open || !(is_closed(&edge.task) || is_closed(&edge.depends_on)))
        .collect()
}

#[derive(Clone, Copy)]
enum Direction {
    /// From a task to those that it depends on.
    Dependencies,
    /// From a task to those that depend on it.
    Dependents,
}

/// The tasks that are reached from a task, with itself.
fn reachable(edges: &BTreeSet<Edge>, from: &TaskId, direction: Direction) -> BTreeSet<TaskId> {
    let mut reached = BTreeSet::from([from.clone()]);
    loop {
        let before = reached.len();
        for edge in edges {
            let (near, far) = match direction {
                Direction::Dependencies => (&edge.task, &edge.depends_on),
                Direction::Dependents => (&edge.depends_on, &edge.task),
            };
            if reached.contains(near) {
                reached.insert(far.clone());
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}

/// The edges as a set, each of which was listed once.
fn set(edges: Vec<Edge>) -> BTreeSet<Edge> {
    let count = edges.len();
    let set: BTreeSet<Edge> = edges.into_iter().collect();
    assert_eq!(set.len(), count, "duplicate edges");
    set
}

async fn edges_match_a_naive_computation(case: &Case) {
    let tasks = insert_tasks(case, 120).await;
    let store = case.store.tasks();
    for open in [false, true] {
        let all = naive_edges(&tasks, open);
        assert_eq!(set(store.edges(open).await.unwrap()), all);
        for task in tasks.iter().step_by(7) {
            let dependents = reachable(&all, &task.id, Direction::Dependents);
            let mut near = reachable(&all, &task.id, Direction::Dependencies);
            near.extend(dependents.iter().cloned());
            let is_near =
                |edge: &&Edge| near.contains(&edge.task) && near.contains(&edge.depends_on);
            let expected: BTreeSet<Edge> = all.iter().filter(is_near).cloned().collect();
            let found = store.edges_around(&task.id, open).await.unwrap();
            assert_eq!(set(found), expected, "around {}", task.id);
            if !open {
                let expected = all
                    .iter()
                    .filter(|edge| dependents.contains(&edge.depends_on));
                let found = store.edges_to(&task.id).await.unwrap();
                assert_eq!(set(found), expected.cloned().collect(), "to {}", task.id);
            }
        }
    }
}
