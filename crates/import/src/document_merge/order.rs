//! The order of the entries of two versions of a list or an object.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// How entries may be sorted.
pub(super) type Comparison<'c, K> = &'c dyn Fn(&K, &K) -> Ordering;

/// Returns the entries of both sides, each once.
///
/// Entries that only one side has come after the entry before them there. If both sides are sorted,
/// so is the result. If only one side changed the order, that order is used, otherwise ours.
pub(super) fn merge_order<K: Copy + Eq + Hash>(
    base: &[K],
    ours: &[K],
    theirs: &[K],
    comparisons: &[Comparison<'_, K>],
) -> Vec<K> {
    let (first, second) = if has_order_of(base, ours) && !has_order_of(base, theirs) {
        (theirs, ours)
    } else {
        (ours, theirs)
    };
    let in_first: HashSet<K> = first.iter().copied().collect();
    let in_second: HashSet<K> = second.iter().copied().collect();
    // The entries that only the second side has, by the common entry before them.
    let mut added: HashMap<Option<K>, Vec<K>> = HashMap::new();
    let mut before = None;
    for key in second {
        if in_first.contains(key) {
            before = Some(*key);
        } else {
            added.entry(before).or_default().push(*key);
        }
    }
    let mut order = Vec::with_capacity(first.len() + second.len());
    let mut pending = added.remove(&None).unwrap_or_default();
    for key in first {
        if in_second.contains(key) {
            order.append(&mut pending);
            pending = added.remove(&Some(*key)).unwrap_or_default();
        }
        order.push(*key);
    }
    order.append(&mut pending);
    let is_sorted =
        |keys: &[K], compare: Comparison<'_, K>| keys.is_sorted_by(|a, b| compare(a, b).is_le());
    let sorted = comparisons
        .iter()
        .find(|compare| is_sorted(ours, **compare) && is_sorted(theirs, **compare));
    if let Some(compare) = sorted {
        order.sort_by(|a, b| compare(a, b));
    }
    order
}

/// Whether the entries that two lists have in common are in the same order.
fn has_order_of<K: Copy + Eq + Hash>(a: &[K], b: &[K]) -> bool {
    let (in_a, in_b): (HashSet<K>, HashSet<K>) =
        (a.iter().copied().collect(), b.iter().copied().collect());
    let common_a = a.iter().filter(|key| in_b.contains(key));
    common_a.eq(b.iter().filter(|key| in_a.contains(key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merge(base: &str, ours: &str, theirs: &str, comparisons: &[Comparison<'_, char>]) -> String {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        let merged = merge_order(&chars(base), &chars(ours), &chars(theirs), comparisons);
        merged.into_iter().collect()
    }

    #[test]
    fn added_entries_come_after_the_entry_before_them() {
        assert_eq!(merge("acb", "acbx", "adcby", &[]), "adcbxy");
        assert_eq!(merge("", "b", "a", &[]), "ba");
    }

    #[test]
    fn sorted_entries_stay_sorted() {
        assert_eq!(merge("bd", "abd", "bcd", &[&char::cmp]), "abcd");
        assert_eq!(merge("bd", "bdf", "bde", &[&char::cmp]), "bdef");
        assert_eq!(merge("db", "dbf", "dbe", &[&char::cmp]), "dbfe");
    }

    #[test]
    fn order_that_one_side_changed_is_used() {
        assert_eq!(merge("abc", "abcx", "cab", &[]), "cxab");
        assert_eq!(merge("abc", "cab", "abcx", &[]), "cxab");
    }
}
