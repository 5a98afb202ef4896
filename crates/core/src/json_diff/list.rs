//! Aligns the entries of two lists, so that an inserted entry is one difference and not a change of
//! every entry after it.
//!
//! Entries with a name, an ID or a key are matched by it; all others by their content, in the order
//! of the longest common subsequence. Everything is at most `n log n` in the length of the lists,
//! apart from small groups of at most [`MAX_COMPARISONS`].

use std::collections::{HashMap, HashSet};

use super::entry_names::{Identity, identities, other_identity, version};
use super::similarity::{are_compatible, equal_fields, is_mixed, similarity};
use super::text_name::name_or_text;
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

/// The indexes of one entry in the older and in the newer list.
pub(super) type Match = (usize, usize);

/// The entries of two lists, matched.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Alignment {
    /// All entries, in the order of the newer list.
    pub(super) steps: Vec<Step>,
    /// The entries whose order changed, in the order of the older and of the newer list; empty if
    /// the order is the same.
    pub(super) reordered: (Vec<Match>, Vec<Match>),
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
            let anchors = olds.iter().copied();
            let anchors = anchors.filter_map(|old| Some((old, self.new_of_old[old]?)));
            let anchors: Vec<Match> = anchors.collect();
            let (olds, news) = (self.free_old(olds), self.free_new(news));
            self.add_similar(&olds, &news, |old, new| {
                let is_moved = |(o, n): &Match| (*o < old) != (*n < new);
                let (old_entry, new_entry) = (&contents.0[old], &contents.1[new]);
                match (version(old_entry), version(new_entry)) {
                    // Several versions are there because they do not replace each other.
                    (Some(old), Some(new)) if !are_compatible(old, new) => 0,
                    (Some(_), Some(_)) if anchors.iter().any(is_moved) => 0,
                    _ => 1 + equal_fields(old_entry, new_entry),
                }
            });
        }
        // What was renamed may have kept its ID.
        let flatten = |order: &[Identity], groups: &HashMap<Identity, Vec<usize>>| {
            let mut all: Vec<usize> = order.iter().flat_map(|one| groups[one].clone()).collect();
            all.sort_unstable();
            all
        };
        let (named_olds, named_news) = (flatten(&order, &olds), flatten(&new_order, &news));
        self.add_equal(&named_olds, &named_news, other_identity);
        // `flask` is the same entry as `flask==3.0`.
        let is_text = |list: &[Json], at: &usize| list[*at].is_string();
        let (olds, news) = (0..self.old.len(), 0..self.new.len());
        let olds: Vec<usize> = olds.filter(|at| is_text(self.old, at)).collect();
        let news: Vec<usize> = news.filter(|at| is_text(self.new, at)).collect();
        for (old, new) in [(&named_olds, &news), (&olds, &named_news)] {
            self.add_equal(old, new, |entry| name_or_text(entry).map(str::to_owned));
        }
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
        let is_mixed = is_mixed(self.old) || is_mixed(self.new);
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
            self.add_similar(&old_gap, &new_gap, |old, new| {
                similarity(&contents.0[old], &contents.1[new], is_mixed)
            });
        }
    }

    /// Matches entries in their order so that the sum of their scores is highest; entries with the
    /// score 0 do not match.
    fn add_similar(
        &mut self,
        olds: &[usize],
        news: &[usize],
        score: impl Fn(usize, usize) -> usize,
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
                scores[at] = score(*old, *new);
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
fn reordered(by_old: Vec<Match>) -> (Vec<Match>, Vec<Match>) {
    let mut by_new = by_old.clone();
    by_new.sort_unstable_by_key(|(_, new)| *new);
    let is_same = |at: &usize| by_old[*at] == by_new[*at];
    let start = (0..by_old.len()).take_while(is_same).count();
    let end = by_old.len() - (0..by_old.len()).rev().take_while(is_same).count();
    (by_old[start..end].to_vec(), by_new[start..end].to_vec())
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
