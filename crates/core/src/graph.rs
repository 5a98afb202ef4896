//! Task dependencies: what blocks a task, and the graph of all tasks.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use petgraph::algo::{astar, kosaraju_scc};
use petgraph::graphmap::DiGraphMap;

use crate::{TaskId, TaskStatus};

/// A dependency that blocks a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// The task that must be done first.
    pub id: TaskId,
    /// Its status; `None` if the task does not exist.
    pub status: Option<TaskStatus>,
}

/// Returns the dependencies that are not closed, in their order and without duplicates.
///
/// ```
/// use std::collections::HashMap;
/// use wsdb_core::{TaskId, TaskStatus, blockers};
/// let (done, open) = (TaskId::new("A")?, TaskId::new("B")?);
/// let known = HashMap::from([(done.clone(), TaskStatus::Completed)]);
/// let blockers = blockers(&[done, open.clone()], &known);
/// assert_eq!(blockers.len(), 1);
/// assert_eq!((&blockers[0].id, blockers[0].status), (&open, None));
/// # Ok::<(), wsdb_core::IdError>(())
/// ```
pub fn blockers(dependencies: &[TaskId], known: &HashMap<TaskId, TaskStatus>) -> Vec<Blocker> {
    let mut found: Vec<Blocker> = Vec::new();
    for id in dependencies {
        let status = known.get(id).copied();
        let open = !status.is_some_and(TaskStatus::is_terminal);
        if open && found.iter().all(|b| b.id != *id) {
            found.push(Blocker {
                id: id.clone(),
                status,
            });
        }
    }
    found
}

/// A dependency between two tasks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Edge {
    /// The task that depends on another one.
    pub task: TaskId,
    /// The task that it depends on.
    pub depends_on: TaskId,
}

/// Returns the cycle that appears if `task` depends on `depends_on`: from the task along its
/// dependencies back to itself. It is the shortest cycle through the first of `depends_on` that
/// closes one.
///
/// ```
/// use wsdb_core::{Edge, TaskId, cycle};
/// let (a, b) = (TaskId::new("A")?, TaskId::new("B")?);
/// let edges = [Edge { task: b.clone(), depends_on: a.clone() }];
/// assert_eq!(cycle(&edges, &a, &[b.clone()]), Some(vec![a.clone(), b.clone(), a.clone()]));
/// assert_eq!(cycle(&edges, &b, &[a]), None);
/// # Ok::<(), wsdb_core::IdError>(())
/// ```
pub fn cycle(edges: &[Edge], task: &TaskId, depends_on: &[TaskId]) -> Option<Vec<TaskId>> {
    let pairs = edges.iter().map(|edge| (&edge.task, &edge.depends_on));
    find_cycle(pairs, task, depends_on)
}

/// Finds a cycle like [`cycle`] between any ids; each pair is an edge from its first to its second
/// id.
pub fn find_cycle<'a, T: Ord + Hash + Clone + 'a>(
    pairs: impl Iterator<Item = (&'a T, &'a T)>,
    from: &T,
    to: &[T],
) -> Option<Vec<T>> {
    let graph: DiGraphMap<&T, ()> = pairs.collect();
    to.iter().find_map(|first| {
        let (_, way) = astar(&graph, first, |id| id == from, |_| 1, |_| 0)?;
        Some([from].into_iter().chain(way).cloned().collect())
    })
}

/// A line in a tree of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeLine<'a> {
    /// The task.
    pub id: &'a TaskId,
    /// Its depth in the tree.
    pub depth: usize,
    /// Whether it is the last task below its parent.
    pub last: bool,
    /// Whether the task and those below it are already shown further up.
    pub already_shown: bool,
    /// Number of tasks directly below that are hidden because of the maximum depth.
    pub has_hidden_children: usize,
}

/// Converts the graph to a tree: below each task are those that depend on it. Tasks are in the
/// order of `nodes`; in a cycle without a root, the first task becomes the root.
pub fn flatten_tree<'a>(
    nodes: &'a [TaskId],
    edges: &[Edge],
    max_depth: usize,
) -> Vec<TreeLine<'a>> {
    let places: HashMap<&TaskId, usize> = nodes.iter().zip(0..).collect();
    let mut graph: DiGraphMap<usize, ()> = DiGraphMap::new();
    (0..nodes.len()).for_each(|place| {
        graph.add_node(place);
    });
    for edge in edges {
        if let (Some(&from), Some(&to)) = (places.get(&edge.depends_on), places.get(&edge.task)) {
            graph.add_edge(from, to, ());
        }
    }
    let mut lines = Vec::new();
    let mut open: HashSet<usize> = HashSet::new();
    // The next line is the last item.
    let mut stack: Vec<(usize, usize, bool)> = Vec::new();
    stack.extend(roots(&graph).into_iter().rev().map(|root| (root, 0, true)));
    while let Some((place, depth, last)) = stack.pop() {
        let mut below: Vec<usize> = graph.neighbors(place).collect();
        let deep = depth >= max_depth && !below.is_empty();
        let again = open.contains(&place);
        lines.push(TreeLine {
            id: &nodes[place],
            depth,
            last,
            already_shown: again,
            has_hidden_children: if deep && !again { below.len() } else { 0 },
        });
        if again || deep {
            continue;
        }
        open.insert(place);
        below.sort_unstable_by(|a, b| b.cmp(a));
        let children = below
            .into_iter()
            .zip(std::iter::once(true).chain(std::iter::repeat(false)));
        stack.extend(children.map(|(child, last)| (child, depth + 1, last)));
    }
    lines
}

/// Returns the nodes from which all others can be reached: the first of each strongly connected
/// component without incoming edges.
fn roots(graph: &DiGraphMap<usize, ()>) -> Vec<usize> {
    let knots = kosaraju_scc(graph);
    let mut knot_of = vec![0; graph.node_count()];
    for (knot, members) in knots.iter().enumerate() {
        members.iter().for_each(|place| knot_of[*place] = knot);
    }
    let mut is_root = vec![true; knots.len()];
    for (from, to, ()) in graph.all_edges() {
        if knot_of[from] != knot_of[to] {
            is_root[knot_of[to]] = false;
        }
    }
    let chosen = knots.iter().zip(is_root).filter(|(_, is_root)| *is_root);
    let mut roots: Vec<usize> = chosen
        .filter_map(|(members, _)| members.iter().copied().min())
        .collect();
    roots.sort_unstable();
    roots
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(number: usize) -> TaskId {
        TaskId::new(format!("T-{number}")).expect("valid id")
    }

    fn edges(pairs: &[(usize, usize)]) -> Vec<Edge> {
        let edge = |(task, first): &(usize, usize)| Edge {
            task: id(*task),
            depends_on: id(*first),
        };
        pairs.iter().map(edge).collect()
    }

    fn drawn(size: usize, pairs: &[(usize, usize)], deepest: usize) -> String {
        let nodes: Vec<TaskId> = (0..size).map(id).collect();
        let lines = flatten_tree(&nodes, &edges(pairs), deepest);
        let line = |branch: &TreeLine<'_>| {
            let marks = if branch.already_shown { "^" } else { "" };
            let cut = "…".repeat(branch.has_hidden_children);
            format!("{}{}{marks}{cut}", ".".repeat(branch.depth), branch.id)
        };
        lines.iter().map(line).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn trees_name_each_task_once() {
        let diamond = [(1, 0), (2, 0), (3, 1), (3, 2)];
        assert_eq!(drawn(5, &diamond, 9), "T-0 .T-1 ..T-3 .T-2 ..T-3^ T-4");
        assert_eq!(drawn(4, &diamond, 1), "T-0 .T-1… .T-2…");
        // Two tasks that depend on each other, one that depends on them, and one that depends on
        // itself.
        let knots = [(1, 2), (2, 1), (0, 2), (3, 3)];
        assert_eq!(drawn(4, &knots, 9), "T-1 .T-2 ..T-0 ..T-1^ T-3 .T-3^");
    }

    #[test]
    fn a_chain_may_be_long() {
        let chain: Vec<(usize, usize)> = (1..20_000).map(|n| (n, n - 1)).collect();
        let nodes: Vec<TaskId> = (0..20_000).map(id).collect();
        let lines = flatten_tree(&nodes, &edges(&chain), usize::MAX);
        assert_eq!(lines.last().map(|line| line.depth), Some(19_999));
        let around = cycle(&edges(&chain), &id(0), &[id(19_999)]);
        assert_eq!(around.map(|way| way.len()), Some(20_001));
    }

    const SIZE: usize = 7;

    /// Whether one task depends on another, directly or indirectly.
    fn reaches(pairs: &[(usize, usize)]) -> [[bool; SIZE]; SIZE] {
        let mut reach = [[false; SIZE]; SIZE];
        pairs.iter().for_each(|(from, to)| reach[*from][*to] = true);
        for middle in 0..SIZE {
            for from in 0..SIZE {
                for to in 0..SIZE {
                    reach[from][to] |= reach[from][middle] && reach[middle][to];
                }
            }
        }
        reach
    }

    fn pairs() -> impl Strategy<Value = Vec<(usize, usize)>> {
        let unique = proptest::collection::btree_set((0..SIZE, 0..SIZE), 0..14);
        unique.prop_map(|pairs| pairs.into_iter().collect())
    }

    proptest! {
        #[test]
        fn a_cycle_is_found_where_there_is_one(pairs in pairs(), task in 0..SIZE, first in 0..SIZE) {
            let found = cycle(&edges(&pairs), &id(task), &[id(first)]);
            let closes = task == first || reaches(&pairs)[first][task];
            prop_assert_eq!(found.is_some(), closes);
            if let Some(way) = found {
                prop_assert_eq!(&way[..2], [id(task), id(first)]);
                prop_assert_eq!(way.last(), Some(&id(task)));
                let inner: HashSet<&TaskId> = way[1..].iter().collect();
                prop_assert_eq!(inner.len(), way.len() - 1, "no node is visited twice");
                let known = edges(&pairs);
                for step in way[1..].windows(2) {
                    let step = Edge { task: step[0].clone(), depends_on: step[1].clone() };
                    prop_assert!(known.contains(&step));
                }
            }
        }

        #[test]
        fn a_tree_shows_every_task_and_every_edge_once(pairs in pairs()) {
            let nodes: Vec<TaskId> = (0..SIZE).map(id).collect();
            let lines = flatten_tree(&nodes, &edges(&pairs), usize::MAX);
            let mut above: Vec<&TaskId> = Vec::new();
            let mut shown = Vec::new();
            let mut roots = 0;
            for line in &lines {
                above.truncate(line.depth);
                match above.last() {
                    Some(first) => shown.push(Edge { task: line.id.clone(), depends_on: (*first).clone() }),
                    None => roots += 1,
                }
                above.push(line.id);
            }
            let mut all = edges(&pairs);
            all.sort();
            shown.sort();
            prop_assert_eq!(shown, all);
            let mut whole: Vec<TaskId> =
                lines.iter().filter(|line| !line.already_shown).map(|line| line.id.clone()).collect();
            whole.sort();
            prop_assert_eq!(whole, nodes);
            // The number of roots is as small as possible.
            let reach = reaches(&pairs);
            let knot = |a: usize, b: usize| a == b || (reach[a][b] && reach[b][a]);
            let tops = (0..SIZE).filter(|&a| (0..SIZE).all(|b| !reach[a][b] || knot(a, b)));
            let firsts = tops.filter(|&a| (0..a).all(|b| !knot(a, b))).count();
            prop_assert_eq!(roots, firsts);
        }
    }
}
