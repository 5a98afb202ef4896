//! Finds the lists of a document among which records move.

use std::collections::HashSet;

use super::record_lists::{id_of, is_record_list};
use super::status_lists::{ALL_TASKS, KINDS, ListGroup, TASK_LISTS};
use super::tree::Tree;
use super::versions::Versions;

/// Returns the groups of lists among which records move. `keys` are those of the document.
pub(super) fn find_groups<'t>(keys: &[&'t str], versions: Versions<'t>) -> Vec<ListGroup<'t>> {
    let is_list = |key: &str| {
        let mut values = versions.field(key).all();
        values.all(|value| value.as_list().is_some() || value.is_empty())
    };
    let groups = KINDS.iter().filter_map(|words| {
        let main = TASK_LISTS.into_iter().filter(|_| words.noun == ALL_TASKS);
        let main: Vec<&str> = main.filter(|list| is_list(list)).collect();
        let others = keys.iter().copied().filter(|key| {
            let is_other = !main.contains(key) && words.is_list(key) && is_list(key);
            is_other && is_record_list(key, versions.field(key))
        });
        let all: Vec<&str> = main.iter().copied().chain(others).collect();
        let lists = if have_common_ids(&all, versions) {
            main
        } else {
            all
        };
        (lists.len() > 1).then_some(ListGroup { words, lists })
    });
    groups.collect()
}

/// Returns whether a record is in several of the lists, so that one of them contains copies.
fn have_common_ids(lists: &[&str], versions: Versions<'_>) -> bool {
    let mut versions = versions.all();
    versions.any(|version| {
        let mut seen: HashSet<String> = HashSet::new();
        lists.iter().any(|list| {
            let items = version.get(list).and_then(Tree::as_list);
            let ids = items
                .into_iter()
                .flatten()
                .filter_map(|item| id_of(item, list));
            let ids: HashSet<String> = ids.collect();
            let is_common = ids.iter().any(|id| seen.contains(id));
            seen.extend(ids);
            is_common
        })
    })
}
