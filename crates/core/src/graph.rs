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
    let mut blockers: Vec<Blocker> = Vec::new();
    for id in dependencies {
        let status = known.get(id).copied();
        let is_open = !status.is_some_and(TaskStatus::is_terminal);
        if is_open && blockers.iter().all(|blocker| blocker.id != *id) {
            blockers.push(Blocker {
                id: id.clone(),
                status,
            });
        }
    }
    blockers
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
/// use wsdb_core::{Edge, TaskId, find_dependency_cycle};
/// let (a, b) = (TaskId::new("A")?, TaskId::new("B")?);
/// let edges = [Edge { task: b.clone(), depends_on: a.clone() }];
/// assert_eq!(find_dependency_cycle(&edges, &a, &[b.clone()]), Some(vec![a.clone(), b.clone(), a.clone()]));
/// assert_eq!(find_dependency_cycle(&edges, &b, &[a]), None);
/// # Ok::<(), wsdb_core::IdError>(())
/// ```
pub fn find_dependency_cycle(
    edges: &[Edge],
    task: &TaskId,
    depends_on: &[TaskId],
) -> Option<Vec<TaskId>> {
    let pairs = edges.iter().map(|edge| (&edge.task, &edge.depends_on));
    find_cycle(pairs, task, depends_on)
}

/// Like [`find_dependency_cycle`], for any ids; each pair is an edge from its first to its second
/// id.
pub fn find_cycle<'a, T: Ord + Hash + Clone + 'a>(
    pairs: impl Iterator<Item = (&'a T, &'a T)>,
    from: &T,
    to: &[T],
) -> Option<Vec<T>> {
    let graph: DiGraphMap<&T, ()> = pairs.collect();
    to.iter().find_map(|first| {
        let (_, path) = astar(&graph, first, |id| id == from, |_| 1, |_| 0)?;
        Some([from].into_iter().chain(path).cloned().collect())
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
    pub is_last: bool,
    /// Whether the task and those below it are already shown further up.
    pub already_shown: bool,
    /// Number of tasks directly below that are hidden because of the maximum depth.
    pub hidden_children: usize,
}

/// A line of the tree that is still to be written.
struct StackItem {
    node: usize,
    depth: usize,
    is_last: bool,
}

/// Converts the graph to a tree: below each task are those that depend on it. Tasks are in the
/// order of `nodes`; in a cycle without a root, the first task becomes the root.
pub fn flatten_tree<'a>(
    nodes: &'a [TaskId],
    edges: &[Edge],
    max_depth: usize,
) -> Vec<TreeLine<'a>> {
    let indexes: HashMap<&TaskId, usize> = nodes.iter().zip(0..).collect();
    let mut graph: DiGraphMap<usize, ()> = DiGraphMap::new();
    (0..nodes.len()).for_each(|index| {
        graph.add_node(index);
    });
    for edge in edges {
        if let (Some(&from), Some(&to)) = (indexes.get(&edge.depends_on), indexes.get(&edge.task)) {
            graph.add_edge(from, to, ());
        }
    }
    let mut lines = Vec::new();
    let mut shown: HashSet<usize> = HashSet::new();
    // The next line is the last item.
    let roots = roots(&graph).into_iter().rev();
    let mut stack: Vec<StackItem> = roots
        .map(|node| StackItem {
            node,
            depth: 0,
            is_last: true,
        })
        .collect();
    while let Some(StackItem {
        node,
        depth,
        is_last,
    }) = stack.pop()
    {
        let mut children: Vec<usize> = graph.neighbors(node).collect();
        let is_cut = depth >= max_depth && !children.is_empty();
        let already_shown = shown.contains(&node);
        lines.push(TreeLine {
            id: &nodes[node],
            depth,
            is_last,
            already_shown,
            hidden_children: if is_cut && !already_shown {
                children.len()
            } else {
                0
            },
        });
        if already_shown || is_cut {
            continue;
        }
        shown.insert(node);
        children.sort_unstable_by(|a, b| b.cmp(a));
        stack.extend(
            children
                .into_iter()
                .enumerate()
                .map(|(number, child)| StackItem {
                    node: child,
                    depth: depth + 1,
                    is_last: number == 0,
                }),
        );
    }
    lines
}

/// Returns the nodes from which all others can be reached: the first of each strongly connected
/// component without incoming edges.
fn roots(graph: &DiGraphMap<usize, ()>) -> Vec<usize> {
    let components = kosaraju_scc(graph);
    let mut component_of = vec![0; graph.node_count()];
    for (component, nodes) in components.iter().enumerate() {
        nodes
            .iter()
            .for_each(|node| component_of[*node] = component);
    }
    let mut is_root = vec![true; components.len()];
    for (from, to, ()) in graph.all_edges() {
        if component_of[from] != component_of[to] {
            is_root[component_of[to]] = false;
        }
    }
    let components = components.iter().zip(is_root);
    let mut roots: Vec<usize> = components
        .filter(|(_, is_root)| *is_root)
        .filter_map(|(nodes, _)| nodes.iter().copied().min())
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

    fn format_tree(size: usize, pairs: &[(usize, usize)], max_depth: usize) -> String {
        let nodes: Vec<TaskId> = (0..size).map(id).collect();
        let lines = flatten_tree(&nodes, &edges(pairs), max_depth);
        let line = |branch: &TreeLine<'_>| {
            let marks = if branch.already_shown { "^" } else { "" };
            let cut = "…".repeat(branch.hidden_children);
            format!("{}{}{marks}{cut}", ".".repeat(branch.depth), branch.id)
        };
        lines.iter().map(line).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn tree_expands_each_task_once() {
        let diamond = [(1, 0), (2, 0), (3, 1), (3, 2)];
        assert_eq!(
            format_tree(5, &diamond, 9),
            "T-0 .T-1 ..T-3 .T-2 ..T-3^ T-4"
        );
        assert_eq!(format_tree(4, &diamond, 1), "T-0 .T-1… .T-2…");
        // Two tasks that depend on each other, one that depends on them, and one that depends on
        // itself.
        let cycles = [(1, 2), (2, 1), (0, 2), (3, 3)];
        assert_eq!(
            format_tree(4, &cycles, 9),
            "T-1 .T-2 ..T-0 ..T-1^ T-3 .T-3^"
        );
    }

    #[test]
    fn long_chain_needs_no_deep_stack() {
        let chain: Vec<(usize, usize)> = (1..20_000).map(|n| (n, n - 1)).collect();
        let nodes: Vec<TaskId> = (0..20_000).map(id).collect();
        let lines = flatten_tree(&nodes, &edges(&chain), usize::MAX);
        assert_eq!(lines.last().map(|line| line.depth), Some(19_999));
        let cycle = find_dependency_cycle(&edges(&chain), &id(0), &[id(19_999)]);
        assert_eq!(cycle.map(|cycle| cycle.len()), Some(20_001));
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
        fn cycle_is_found_if_and_only_if_there_is_one(pairs in pairs(), task in 0..SIZE, first in 0..SIZE) {
            let cycle = find_dependency_cycle(&edges(&pairs), &id(task), &[id(first)]);
            let closes = task == first || reaches(&pairs)[first][task];
            prop_assert_eq!(cycle.is_some(), closes);
            if let Some(cycle) = cycle {
                prop_assert_eq!(&cycle[..2], [id(task), id(first)]);
                prop_assert_eq!(cycle.last(), Some(&id(task)));
                let inner: HashSet<&TaskId> = cycle[1..].iter().collect();
                prop_assert_eq!(inner.len(), cycle.len() - 1, "no node is visited twice");
                let known = edges(&pairs);
                for pair in cycle[1..].windows(2) {
                    let edge = Edge { task: pair[0].clone(), depends_on: pair[1].clone() };
                    prop_assert!(known.contains(&edge));
                }
            }
        }

        #[test]
        fn tree_has_every_task_and_every_edge_once(pairs in pairs()) {
            let nodes: Vec<TaskId> = (0..SIZE).map(id).collect();
            let lines = flatten_tree(&nodes, &edges(&pairs), usize::MAX);
            let mut above: Vec<&TaskId> = Vec::new();
            let mut edges_in_tree = Vec::new();
            let mut roots = 0;
            for line in &lines {
                above.truncate(line.depth);
                match above.last() {
                    Some(first) => edges_in_tree.push(Edge { task: line.id.clone(), depends_on: (*first).clone() }),
                    None => roots += 1,
                }
                above.push(line.id);
            }
            let mut all = edges(&pairs);
            all.sort();
            edges_in_tree.sort();
            prop_assert_eq!(edges_in_tree, all);
            let mut expanded: Vec<TaskId> =
                lines.iter().filter(|line| !line.already_shown).map(|line| line.id.clone()).collect();
            expanded.sort();
            prop_assert_eq!(expanded, nodes);
            // The number of roots is as small as possible.
            let reach = reaches(&pairs);
            let same_component = |a: usize, b: usize| a == b || (reach[a][b] && reach[b][a]);
            let tops = (0..SIZE).filter(|&a| (0..SIZE).all(|b| !reach[a][b] || same_component(a, b)));
            let firsts = tops.filter(|&a| (0..a).all(|b| !same_component(a, b))).count();
            prop_assert_eq!(roots, firsts);
        }
    }
}
