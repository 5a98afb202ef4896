//! Aligns the entries of two lists, so that an inserted entry is one difference and not a change of
//! every entry after it.
//!
//! Entries with a name, an ID or a key are matched by it; all others by their content, in the order
//! of the longest common subsequence. Everything is at most `n log n` in the length of the lists,
//! apart from small groups of at most [`MAX_COMPARISONS`].

use std::collections::{HashMap, HashSet};

use super::entry_names::{Identity, identities, other_identity, version};
use crate::Json;

/// Maximum number of pairs of entries that are compared to find those that resemble each other.
/// More are paired in their order.
const MAX_COMPARISONS: usize = 10_000;
/// Maximum number of pairs of equal entries for an exact longest common subsequence. Only lists that
/// repeat few values very often have more.
const MAX_EQUAL_PAIRS: usize = 2_000_000;

/// What became of an entry. The numbers are indexes of the older and the newer list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The entry is in both lists, perhaps with another content.
    Kept(usize, usize),
    /// The entry is only in the older list.
    Removed(usize),
    /// The entry is only in the newer list.
    Added(usize),
}

/// The entries of two lists, matched.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Alignment {
    /// All entries, in the order of the newer list.
    pub(super) steps: Vec<Step>,
    /// The entries of both lists whose order changed, by their indexes in the older and the newer
    /// list, in the order of each; empty if the order is the same.
    pub(super) reordered: (Vec<usize>, Vec<usize>),
}

/// Matches the entries of two lists.
pub(super) fn align(old: &[Json], new: &[Json]) -> Alignment {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let ends = old_rest.iter().rev().zip(new_rest.iter().rev());
    let end = ends.take_while(|(a, b)| a == b).count();
    let mut matches = Matches {
        old,
        new,
        new_of_old: vec![None; old.len()],
        is_new_taken: vec![false; new.len()],
    };
    for index in 0..start {
        matches.add(index, index);
    }
    for index in 1..=end {
        matches.add(old.len() - index, new.len() - index);
    }
    let (olds, news) = (start..old.len() - end, start..new.len() - end);
    let mut contents = (Vec::new(), Vec::new());
    let named = (
        by_identity(old, olds, &mut contents.0),
        by_identity(new, news, &mut contents.1),
    );
    matches.add_named(named);
    matches.add_by_content(&contents.0, &contents.1);
    matches.finish()
}

/// Entries by their identity, in the order in which they first occur.
type ByIdentity = (Vec<Identity>, HashMap<Identity, Vec<usize>>);

/// Groups entries by identity; those without one are added to `others`.
fn by_identity(
    list: &[Json],
    range: std::ops::Range<usize>,
    others: &mut Vec<usize>,
) -> ByIdentity {
    let (mut order, mut groups) = (Vec::new(), HashMap::new());
    for index in range {
        match identities(&list[index]).next() {
            Some(identity) => {
                let group: &mut Vec<usize> = groups.entry(identity.clone()).or_default();
                if group.is_empty() {
                    order.push(identity);
                }
                group.push(index);
            }
            None => others.push(index),
        }
    }
    (order, groups)
}

struct Matches<'a> {
    old: &'a [Json],
    new: &'a [Json],
    new_of_old: Vec<Option<usize>>,
    is_new_taken: Vec<bool>,
}

impl Matches<'_> {
    fn add(&mut self, old: usize, new: usize) {
        self.new_of_old[old] = Some(new);
        self.is_new_taken[new] = true;
    }

    fn free_old(&self, olds: &[usize]) -> Vec<usize> {
        let free = olds.iter().filter(|old| self.new_of_old[**old].is_none());
        free.copied().collect()
    }

    fn free_new(&self, news: &[usize]) -> Vec<usize> {
        let free = news.iter().filter(|new| !self.is_new_taken[**new]);
        free.copied().collect()
    }

    /// Matches the free entries for which a function returns the same value, in their order.
    fn add_equal<K: Eq + std::hash::Hash>(
        &mut self,
        olds: &[usize],
        news: &[usize],
        key: impl Fn(&Json) -> Option<K>,
    ) {
        let mut waiting: HashMap<K, Vec<usize>> = HashMap::new();
        for index in self.free_new(news).into_iter().rev() {
            if let Some(key) = key(&self.new[index]) {
                waiting.entry(key).or_default().push(index);
            }
        }
        for index in self.free_old(olds) {
            let key = key(&self.old[index]);
            let same = key.and_then(|key| waiting.get_mut(&key));
            if let Some(new) = same.and_then(Vec::pop) {
                self.add(index, new);
            }
        }
    }

    /// Matches entries with the same name; several of one name first by content and version.
    fn add_named(&mut self, named: (ByIdentity, ByIdentity)) {
        let ((order, olds), (new_order, news)) = named;
        for identity in &order {
            let (olds, Some(news)) = (&olds[identity], news.get(identity)) else {
                continue;
            };
            if let ([old], [new]) = (olds.as_slice(), news.as_slice()) {
                self.add(*old, *new);
                continue;
            }
            let contents = (self.old, self.new);
            self.add_equal_content(olds, news, contents);
            self.add_equal(olds, news, |entry| version(entry).cloned());
            let (olds, news) = (self.free_old(olds), self.free_new(news));
            self.add_similar(&olds, &news, |old, new| 1 + equal_fields(old, new));
        }
        // What was renamed may have kept its ID.
        let flatten = |order: &[Identity], groups: &HashMap<Identity, Vec<usize>>| {
            let mut all: Vec<usize> = order.iter().flat_map(|one| groups[one].clone()).collect();
            all.sort_unstable();
            all
        };
        let (olds, news) = (flatten(&order, &olds), flatten(&new_order, &news));
        self.add_equal(&olds, &news, other_identity);
    }

    fn add_equal_content(
        &mut self,
        olds: &[usize],
        news: &[usize],
        (old, new): (&[Json], &[Json]),
    ) {
        let mut waiting: HashMap<&Json, Vec<usize>> = HashMap::new();
        for index in self.free_new(news).into_iter().rev() {
            waiting.entry(&new[index]).or_default().push(index);
        }
        for index in self.free_old(olds) {
            if let Some(same) = waiting.get_mut(&old[index]).and_then(Vec::pop) {
                self.add(index, same);
            }
        }
    }

    /// Matches entries without a name: equal ones in order, then those that moved, then what
    /// remains between two equal ones.
    fn add_by_content(&mut self, olds: &[usize], news: &[usize]) {
        let contents = (self.old, self.new);
        let anchors = common_subsequence(olds, news, contents);
        for (old, new) in &anchors {
            self.add(*old, *new);
        }
        self.add_equal_content(olds, news, contents);
        let (mut old_rest, mut new_rest) = (
            self.free_old(olds).into_iter().peekable(),
            self.free_new(news).into_iter().peekable(),
        );
        let last = (usize::MAX, usize::MAX);
        for (old_end, new_end) in anchors.into_iter().chain([last]) {
            let mut old_gap = Vec::new();
            while let Some(index) = old_rest.next_if(|index| *index < old_end) {
                old_gap.push(index);
            }
            let mut new_gap = Vec::new();
            while let Some(index) = new_rest.next_if(|index| *index < new_end) {
                new_gap.push(index);
            }
            match (old_gap.as_slice(), new_gap.as_slice()) {
                ([old], [new]) => self.add(*old, *new),
                _ => self.add_similar(&old_gap, &new_gap, similarity),
            }
        }
    }

    /// Matches entries in their order so that the sum of their scores is highest; entries with the
    /// score 0 do not match.
    fn add_similar(
        &mut self,
        olds: &[usize],
        news: &[usize],
        score: impl Fn(&Json, &Json) -> usize,
    ) {
        if olds.len().saturating_mul(news.len()) > MAX_COMPARISONS {
            for (old, new) in olds.iter().zip(news) {
                self.add(*old, *new);
            }
            return;
        }
        let width = news.len() + 1;
        let mut best = vec![0; (olds.len() + 1) * width];
        let mut scores = vec![0; olds.len() * width];
        for (row, old) in olds.iter().enumerate().rev() {
            for (column, new) in news.iter().enumerate().rev() {
                let at = row * width + column;
                scores[at] = score(&self.old[*old], &self.new[*new]);
                let matched = scores[at] + best[at + width + 1];
                best[at] = matched.max(best[at + 1]).max(best[at + width]);
            }
        }
        let (mut row, mut column) = (0, 0);
        while row < olds.len() && column < news.len() {
            let at = row * width + column;
            if scores[at] > 0 && best[at] == scores[at] + best[at + width + 1] {
                self.add(olds[row], news[column]);
                (row, column) = (row + 1, column + 1);
            } else if best[at] == best[at + width] {
                row += 1;
            } else {
                column += 1;
            }
        }
    }

    fn finish(self) -> Alignment {
        let pairs = self.new_of_old.iter().enumerate();
        let pairs: Vec<(usize, usize)> = pairs
            .filter_map(|(old, new)| Some((old, (*new)?)))
            .collect();
        let in_order: HashSet<usize> = longest_increasing(pairs.iter().map(|(_, new)| *new))
            .into_iter()
            .map(|at| pairs[at].0)
            .collect();
        // A removed entry precedes the next entry that has kept its place.
        let mut steps: Vec<(usize, usize, Step)> = Vec::with_capacity(self.old.len());
        let mut next = self.new.len();
        for (old, new) in self.new_of_old.iter().enumerate().rev() {
            match new {
                Some(new) => {
                    steps.push((*new, usize::MAX, Step::Kept(old, *new)));
                    if in_order.contains(&old) {
                        next = *new;
                    }
                }
                None => steps.push((next, old, Step::Removed(old))),
            }
        }
        let added = self.is_new_taken.iter().enumerate();
        let added = added.filter(|(_, is_taken)| !**is_taken);
        steps.extend(added.map(|(new, _)| (new, usize::MAX, Step::Added(new))));
        steps.sort_unstable_by_key(|(new, old, _)| (*new, *old));
        let reordered = if in_order.len() == pairs.len() {
            (Vec::new(), Vec::new())
        } else {
            reordered(pairs)
        };
        Alignment {
            steps: steps.into_iter().map(|(_, _, step)| step).collect(),
            reordered,
        }
    }
}

/// Returns the pairs in the order of each list, without those at both ends whose order is the same.
fn reordered(by_old: Vec<(usize, usize)>) -> (Vec<usize>, Vec<usize>) {
    let mut by_new = by_old.clone();
    by_new.sort_unstable_by_key(|(_, new)| *new);
    let is_same = |at: &usize| by_old[*at] == by_new[*at];
    let start = (0..by_old.len()).take_while(is_same).count();
    let end = by_old.len() - (0..by_old.len()).rev().take_while(is_same).count();
    (
        by_old[start..end].iter().map(|(old, _)| *old).collect(),
        by_new[start..end].iter().map(|(_, new)| *new).collect(),
    )
}

/// Returns the number of fields that are equal in two objects.
fn equal_fields(old: &Json, new: &Json) -> usize {
    match (old, new) {
        (Json::Object(old), Json::Object(new)) => {
            let equal = |(key, value): &(&String, &Json)| new.get(key) == Some(*value);
            old.iter().filter(equal).count()
        }
        _ => 0,
    }
}

/// Returns how much two entries resemble each other. Of scalars and lists, as many as possible
/// match, best those with a common beginning or equal entries. Objects match if a field is equal, or
/// if they are so small that they have no more differences than a removed and an added entry.
fn similarity(old: &Json, new: &Json) -> usize {
    const SAME_KIND: usize = 1000;
    match (old, new) {
        (Json::Object(old_fields), Json::Object(new_fields)) => match equal_fields(old, new) {
            0 if old_fields.len().max(new_fields.len()) <= 2 => {
                let shared = old_fields.keys().filter(|key| new_fields.contains_key(key));
                shared.count()
            }
            equal => SAME_KIND * equal,
        },
        (Json::Array(old), Json::Array(new)) => {
            let equal = old.iter().zip(new).filter(|(a, b)| a == b);
            SAME_KIND + equal.take(SAME_KIND - 1).count()
        }
        (Json::Object(_) | Json::Array(_), _) | (_, Json::Object(_) | Json::Array(_)) => 0,
        (Json::String(old), Json::String(new)) => {
            let common = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b);
            SAME_KIND + common.take(SAME_KIND - 1).count()
        }
        _ => SAME_KIND,
    }
}

/// Returns the longest common subsequence of the entries with these indexes, as pairs of indexes
/// (the algorithm of Hunt and Szymanski). With too many equal entries, equal ones are paired in
/// their order first.
fn common_subsequence(
    olds: &[usize],
    news: &[usize],
    (old, new): (&[Json], &[Json]),
) -> Vec<(usize, usize)> {
    let mut places: HashMap<&Json, Vec<usize>> = HashMap::new();
    for index in news {
        places.entry(&new[*index]).or_default().push(*index);
    }
    let count = |index: &usize| places.get(&old[*index]).map_or(0, Vec::len);
    let mut candidates: Vec<(usize, usize)> = Vec::new();
    if olds.iter().map(count).sum::<usize>() <= MAX_EQUAL_PAIRS {
        for index in olds {
            // From the last to the first, so that an entry is used only once.
            let same = places.get(&old[*index]).into_iter().flatten().rev();
            candidates.extend(same.map(|new| (*index, *new)));
        }
    } else {
        let mut used: HashMap<&Json, usize> = HashMap::new();
        for index in olds {
            let next = used.entry(&old[*index]).or_default();
            let same = places.get(&old[*index]).and_then(|all| all.get(*next));
            candidates.extend(same.map(|new| (*index, *new)));
            *next += 1;
        }
    }
    let longest = longest_increasing(candidates.iter().map(|(_, new)| *new));
    longest.into_iter().map(|at| candidates[at]).collect()
}

/// Returns the positions of a longest strictly increasing subsequence.
fn longest_increasing(values: impl Iterator<Item = usize>) -> Vec<usize> {
    /// The last value of the best subsequence of a length, and its node.
    struct End {
        value: usize,
        node: usize,
    }
    let mut ends: Vec<End> = Vec::new();
    // For each position, the one before it in its subsequence.
    let mut before: Vec<Option<usize>> = Vec::new();
    for (node, value) in values.enumerate() {
        let length = ends.partition_point(|end| end.value < value);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter].node));
        let end = End { value, node };
        match ends.get_mut(length) {
            Some(known) => *known = end,
            None => ends.push(end),
        }
    }
    let mut positions: Vec<usize> =
        std::iter::successors(ends.last().map(|end| end.node), |node| before[*node]).collect();
    positions.reverse();
    positions
}
