//! Ready tasks, blocked tasks and dependencies, compared with a naive computation over all tasks.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use wsdb_core::{
    Claim, Edge, Page, Priority, Task, TaskFilter, TaskId, TaskStatus, Vocabulary, blockers,
};

use crate::fixtures::{self, id};
use crate::{Case, at};

/// Numbers that look random, and are the same everywhere.
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
async fn workspace(case: &Case, count: usize) -> Vec<Task> {
    let mut dice = Rng(7);
    let name = |number: usize| -> TaskId { id(&format!("T-{number}")) };
    let tasks: Vec<Task> = (0..count)
        .map(|number| {
            let mut task = fixtures::task(name(number).as_str(), false);
            task.status = TaskStatus::ALL[dice.below(TaskStatus::ALL.len())];
            task.priority = match dice.below(Priority::ALL.len() + 1) {
                0 => None,
                rank => Some(Priority::ALL[rank - 1]),
            };
            task.created = at(&format!("2025-01-{:02}", 1 + dice.below(5)));
            task.repos_affected = vec![["core", "web", "docs"][dice.below(3)].into()];
            task.assigned_to = (dice.below(2) == 0).then(|| "mira".into());
            let wanted = [0, 0, 1, 1, 2, 3][dice.below(6)];
            task.dependencies = (0..wanted)
                .map(|_| name(dice.below(count + count / 20)))
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

/// The ready tasks and the number of open tasks that each blocks, by going through all tasks.
fn naively_ready(tasks: &[Task]) -> Vec<(TaskId, u64)> {
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

/// Claims of several people, in every state of the lease.
async fn claim_some(case: &Case, tasks: &[Task]) -> HashMap<TaskId, Claim> {
    let mut dice = Rng(5);
    let mut claims = HashMap::new();
    for task in tasks {
        let holder = match dice.below(3) {
            0 => "mira",
            1 => "jo",
            _ => continue,
        };
        let ends = [
            "2025-11-20T21:07:47.846999",
            "2025-11-20T21:07:47.847",
            "2025-11-20T21:07:48",
        ];
        let end = at(ends[dice.below(ends.len())]);
        let claim = Claim::new(task.id.clone(), holder.into(), at("2025-11-20"), end);
        case.store.tasks().claim(claim.clone()).await.unwrap();
        claims.insert(task.id.clone(), claim);
    }
    claims
}

pub(crate) async fn ready_with_claims_matches_a_naive_query(case: &Case) {
    let tasks = workspace(case, 300).await;
    let claims = claim_some(case, &tasks).await;
    let now = fixtures::now();
    let statuses = statuses(&tasks);
    for who in [None, Some("mira"), Some("jo"), Some("nobody")] {
        let holds = |id: &TaskId| {
            let claim = claims.get(id).filter(|claim| !claim.is_expired(now));
            claim.map(|claim| claim.holder.as_str())
        };
        let mut expected: Vec<TaskId> = Vec::new();
        for (own, task) in tasks
            .iter()
            .map(|task| (who.is_some() && holds(&task.id) == who, task))
        {
            let ended_lease = claims
                .get(&task.id)
                .is_some_and(|claim| claim.is_expired(now));
            let can_be_begun = match task.status {
                TaskStatus::Pending | TaskStatus::Approved => true,
                TaskStatus::InProgress => own || ended_lease,
                _ => false,
            };
            let is_free = own || holds(&task.id).is_none();
            if can_be_begun && is_free && blockers(&task.dependencies, &statuses).is_empty() {
                expected.push(task.id.clone());
            }
        }
        let all = TaskFilter::default();
        let (found, total) = case.store.tasks().ready(&all, who, now).await.unwrap();
        assert_eq!(total, expected.len() as u64);
        let mine = found
            .iter()
            .map(|ready| who.is_some() && holds(&ready.task.id) == who);
        let mine: Vec<bool> = mine.collect();
        assert!(mine.is_sorted_by(|a, b| a >= b), "one's own come first");
        let is_somebody = matches!(who, Some("mira" | "jo"));
        assert_eq!(mine.contains(&true), is_somebody, "{who:?}");
        let mut found: Vec<TaskId> = found.into_iter().map(|ready| ready.task.id).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{who:?}");
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

pub(crate) async fn ready_matches_a_naive_query(case: &Case) {
    let tasks = workspace(case, 300).await;
    let expected = naively_ready(&tasks);
    let total = expected.len() as u64;
    assert!(total > 20 && expected.iter().any(|(_, unblocks)| *unblocks > 1));
    let all = TaskFilter::default();
    assert_eq!(ready(case, &all).await, (expected.clone(), total));

    let part = |limit, offset| TaskFilter {
        page: Page { limit, offset },
        ..TaskFilter::default()
    };
    let page = part(Some(4), 3);
    assert_eq!(ready(case, &page).await, (expected[3..7].to_vec(), total));
    let beyond = part(None, total);
    assert_eq!(ready(case, &beyond).await, (Vec::new(), total));
    let reverse = TaskFilter {
        reverse: true,
        ..all.clone()
    };
    let backwards: Vec<_> = expected.iter().rev().cloned().collect();
    assert_eq!(ready(case, &reverse).await.0, backwards);

    // A filter chooses among them; what stands before them is asked of all tasks.
    let filter = TaskFilter {
        repo: vec!["core".into(), "web".into()],
        assigned_to: vec!["mira".into()],
        ..all
    };
    let by_id: HashMap<&TaskId, &Task> = tasks.iter().map(|task| (&task.id, task)).collect();
    let chosen: Vec<_> = expected
        .into_iter()
        .filter(|(id, _)| by_id[id].repos_affected != ["docs"] && by_id[id].assigned_to.is_some())
        .collect();
    assert!(!chosen.is_empty());
    let total = chosen.len() as u64;
    assert_eq!(ready(case, &filter).await, (chosen, total));
}

pub(crate) async fn blocked_matches_a_naive_query(case: &Case) {
    let tasks = workspace(case, 300).await;
    let known = statuses(&tasks);
    let mut expected: Vec<Task> = tasks.clone();
    expected.retain(|task| {
        !task.status.is_terminal() && !blockers(&task.dependencies, &known).is_empty()
    });
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

fn naive_edges(tasks: &[Task], open: bool) -> BTreeSet<Edge> {
    let known = statuses(tasks);
    let over = |id: &TaskId| known.get(id).is_some_and(|status| status.is_terminal());
    let all = tasks.iter().flat_map(|task| {
        task.dependencies.iter().map(|first| Edge {
            task: task.id.clone(),
            depends_on: first.clone(),
        })
    });
    all.filter(|edge| !open || !(over(&edge.task) || over(&edge.depends_on)))
        .collect()
}

/// What is reached from a task, with itself, in one direction.
fn reached(edges: &BTreeSet<Edge>, from: &TaskId, down: bool) -> BTreeSet<TaskId> {
    let mut found = BTreeSet::from([from.clone()]);
    loop {
        let before = found.len();
        for edge in edges {
            let (near, far) = if down {
                (&edge.depends_on, &edge.task)
            } else {
                (&edge.task, &edge.depends_on)
            };
            if found.contains(near) {
                found.insert(far.clone());
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

fn set(edges: Vec<Edge>) -> BTreeSet<Edge> {
    let all = edges.len();
    let set: BTreeSet<Edge> = edges.into_iter().collect();
    assert_eq!(set.len(), all, "each edge once");
    set
}

pub(crate) async fn edges_match_a_naive_query(case: &Case) {
    let tasks = workspace(case, 120).await;
    let store = case.store.tasks();
    for open in [false, true] {
        let all = naive_edges(&tasks, open);
        assert_eq!(set(store.edges(open).await.unwrap()), all);
        for task in tasks.iter().step_by(7) {
            let below = reached(&all, &task.id, true);
            let mut near = reached(&all, &task.id, false);
            near.extend(below.iter().cloned());
            let around =
                |edge: &&Edge| near.contains(&edge.task) && near.contains(&edge.depends_on);
            let expected: BTreeSet<Edge> = all.iter().filter(around).cloned().collect();
            let found = store.edges_around(&task.id, open).await.unwrap();
            assert_eq!(set(found), expected, "around {}", task.id);
            if !open {
                let to = all.iter().filter(|edge| below.contains(&edge.depends_on));
                let found = store.edges_to(&task.id).await.unwrap();
                assert_eq!(set(found), to.cloned().collect(), "to {}", task.id);
            }
        }
    }
}
