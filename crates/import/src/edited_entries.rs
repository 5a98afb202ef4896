//! Recognizes the entries of a session that have no id in their file, also after an edit of their text or time,
//! from which such ids are derived.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use strsim::normalized_levenshtein;
use wsdb_core::{Activity, SessionDecision, SessionId, SessionIssue, Timestamp, natural_order};
use wsdb_store::{DocumentEntry, Store, Transaction};

use crate::document::{Contents, text_of};
use crate::document_paths::DocumentPaths;
use crate::error::Error;
use crate::merge_base::load_by_id;
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::shape::Shape;
use crate::shapes::{RecordOrder, Shapes};

/// How similar two texts have to be to be versions of one, from 0 to 1; 1 is the same text.
const MIN_SIMILARITY: f64 = 0.5;

/// Maximum number of pairs of texts that are compared in one place of a list, such as 50 new entries with 50
/// removed ones: each pair takes time in proportion to the product of its lengths. If there are more, the
/// list was rewritten, and none of its entries counts as an edited one.
const MAX_COMPARED_PAIRS: usize = 2_500;

/// A record in one of the lists of a session.
pub(crate) trait SessionEntry: DocumentRecord {
    fn session(&self) -> &SessionId;
    /// Returns its text.
    fn text(&self) -> &str;
    /// Returns its time and its type.
    fn time_and_type(&self) -> Option<(Timestamp, &str)> {
        None
    }
    /// Returns whether the file has no id for an entry, and its text identifies it.
    fn is_without_id(found: &ParsedRecord<Self>) -> bool;
    /// Gives an entry the ids of a known one.
    fn take_ids(&mut self, known: &Self);
    /// Gives an entry other ids, with this suffix.
    fn add_to_ids(&mut self, suffix: &str);
}

fn add_to_id<I: AsRef<str> + TryFrom<String>>(id: &mut I, suffix: &str) {
    if let Ok(new) = format!("{}{suffix}", id.as_ref()).try_into() {
        *id = new;
    }
}

impl SessionEntry for Activity {
    fn session(&self) -> &SessionId {
        &self.session_id
    }
    fn text(&self) -> &str {
        &self.description
    }
    fn time_and_type(&self) -> Option<(Timestamp, &str)> {
        Some((self.time, self.activity_type.as_str()))
    }
    fn is_without_id(found: &ParsedRecord<Self>) -> bool {
        !has_field(found, "id") && found.id_in_file.is_none()
    }
    fn take_ids(&mut self, known: &Self) {
        self.id = known.id.clone();
    }
    fn add_to_ids(&mut self, suffix: &str) {
        add_to_id(&mut self.id, suffix);
    }
}

/// Returns whether the file has no id for a link with this text.
fn is_link_without_id<T>(found: &ParsedRecord<T>, text: &str) -> bool {
    let shape = found.shape.as_deref().map(Shape::parse);
    let has_id = shape.is_none_or(|shape| shape.has_field("id"));
    !has_id && !text.is_empty() && found.id_in_file.is_none()
}

macro_rules! impl_session_entry_of_link {
    ($link:ident, $target:ident, $noun:literal) => {
        impl SessionEntry for $link {
            fn session(&self) -> &SessionId {
                &self.session_id
            }
            fn text(&self) -> &str {
                text_of(&self.document_fields, $noun).unwrap_or_default()
            }
            fn is_without_id(found: &ParsedRecord<Self>) -> bool {
                is_link_without_id(found, found.record.text())
            }
            fn take_ids(&mut self, known: &Self) {
                self.id = known.id.clone();
                // The record may have been deleted.
                if known.$target.is_some() {
                    self.$target = known.$target.clone();
                }
            }
            fn add_to_ids(&mut self, suffix: &str) {
                add_to_id(&mut self.id, suffix);
                if let Some(target) = &mut self.$target {
                    add_to_id(target, suffix);
                }
            }
        }
    };
}
impl_session_entry_of_link!(SessionDecision, decision_id, "decision");
impl_session_entry_of_link!(SessionIssue, issue_id, "issue");

/// An entry in a list of a session.
pub(crate) struct ListedEntry<'a, T> {
    pub(crate) entry: &'a T,
    /// The id that was derived for it; `None` if the file has its id.
    pub(crate) derived_id: Option<&'a str>,
}

/// Returns the id that each entry in a list of a session has here; `None` for new ones. Those without an
/// id are recognized by their contents, and if these are new, by the derived id.
pub(crate) fn find_ids<'k, T: SessionEntry>(
    list: &[ListedEntry<'_, T>],
    known: &[&'k T],
) -> Vec<Option<&'k str>> {
    let by_id = known.iter().map(|known| (known.id().as_ref(), *known));
    let mut matches = Matches {
        list,
        ids: vec![None; list.len()],
        remaining: by_id.collect(),
    };
    matches.add_by_id(|listed, _| listed.derived_id.is_none());
    matches.add_by_id(|listed, known| contents(listed.entry) == contents(known));
    matches.add_by_contents(known);
    matches.add_by_id(|_, _| true);
    matches.ids
}

/// The entries of a list that are known.
struct Matches<'l, 'k, T> {
    list: &'l [ListedEntry<'l, T>],
    /// The id of each entry of the list here.
    ids: Vec<Option<&'k str>>,
    /// The known entries that are not yet found, by id.
    remaining: HashMap<&'k str, &'k T>,
}

impl<'k, T: SessionEntry> Matches<'_, 'k, T> {
    /// Finds entries by their own or derived ids.
    fn add_by_id(&mut self, is_match: impl Fn(&ListedEntry<'_, T>, &T) -> bool) {
        for (listed, found) in self.list.iter().zip(&mut self.ids) {
            let id = listed.derived_id.unwrap_or(listed.entry.id().as_ref());
            let known = self
                .remaining
                .get(id)
                .filter(|known| is_match(listed, known));
            if found.is_none()
                && let Some(known) = known
            {
                *found = Some(known.id().as_ref());
                self.remaining.remove(id);
            }
        }
    }

    /// Finds entries without an id by their contents; of equal ones, the first in `known`.
    fn add_by_contents(&mut self, known: &[&'k T]) {
        let mut equal: HashMap<_, Vec<&'k T>> = HashMap::new();
        let known = known.iter().rev();
        for known in known.filter(|known| self.remaining.contains_key(known.id().as_ref())) {
            equal.entry(contents(*known)).or_default().push(known);
        }
        for (listed, found) in self.list.iter().zip(&mut self.ids) {
            if found.is_some() || listed.derived_id.is_none() {
                continue;
            }
            let equal = equal.get_mut(&contents(listed.entry));
            if let Some(known) = equal.and_then(Vec::pop) {
                *found = Some(known.id().as_ref());
                self.remaining.remove(known.id().as_ref());
            }
        }
    }
}

/// Returns what identifies an entry without an id.
fn contents<T: SessionEntry>(entry: &T) -> (&str, Option<(Timestamp, &str)>) {
    (entry.text(), entry.time_and_type())
}

/// The entries in the database, and how files had them.
struct KnownEntries<T> {
    /// By session, in the order of their file.
    by_session: HashMap<SessionId, Vec<T>>,
    shapes: Shapes,
}

impl<T: SessionEntry> KnownEntries<T> {
    async fn load(store: &Store<Transaction>) -> Result<Self, Error> {
        let mut all: Vec<T> = load_by_id(store).await?.into_values().collect();
        all.sort_by(|a, b| natural_order(a.id().as_ref(), b.id().as_ref()));
        all.sort_by_key(|entry| entry.time_and_type().map(|(time, _)| time));
        let order = RecordOrder::load(store, T::KIND).await?;
        order.sort(&mut all, |entry| entry.id().as_ref());
        let mut by_session: HashMap<SessionId, Vec<T>> = HashMap::new();
        for entry in all {
            let of_session = by_session.entry(entry.session().clone()).or_default();
            of_session.push(entry);
        }
        let shapes = Shapes::load(store, T::KIND).await?;
        Ok(KnownEntries { by_session, shapes })
    }

    fn of(&self, session: &SessionId) -> &[T] {
        self.by_session.get(session).map_or(&[], Vec::as_slice)
    }

    /// Returns whether the file had no id for an entry.
    fn is_without_id(&self, entry: &T) -> bool {
        let shape = self.shapes.get(entry.id().as_ref());
        shape.is_some_and(|shape| !shape.has_field("id"))
    }
}

/// Sets the ids of entries that have none in the files to those in the database, and likewise for the
/// decisions and issues that they describe.
pub(crate) async fn recognize(
    store: &Store<Transaction>,
    paths: &DocumentPaths,
    contents: &mut Contents,
) -> Result<(), Error> {
    let (records, listed) = (&mut contents.records, &contents.listed);
    recognize_entries(store, paths, &mut records.activities, &listed.activities).await?;
    let links = &mut records.session_decisions;
    if recognize_entries(store, paths, links, &listed.decisions).await? {
        let decisions = &mut contents.inline_decisions;
        let linked_id = |link: &SessionDecision| link.decision_id.clone();
        set_inline_ids(links, decisions, linked_id, |decision, id| decision.id = id);
    }
    let links = &mut records.session_issues;
    if recognize_entries(store, paths, links, &listed.issues).await? {
        let issues = &mut contents.inline_issues;
        let linked_id = |link: &SessionIssue| link.issue_id.clone();
        set_inline_ids(links, issues, linked_id, |issue, id| issue.id = id);
    }
    Ok(())
}

/// Sets the ids of the records that links without an id describe to those that the links refer to.
fn set_inline_ids<T: SessionEntry, R, I>(
    links: &[ParsedRecord<T>],
    records: &mut [ParsedRecord<R>],
    linked_id: impl Fn(&T) -> Option<I>,
    set_id: impl Fn(&mut R, I),
) {
    let links = links.iter().filter(|link| T::is_without_id(link));
    let ids = links.filter_map(|link| {
        let place = (link.file.to_path_buf(), link.path.clone());
        Some((place, linked_id(&link.record)?))
    });
    let mut ids: HashMap<(PathBuf, String), I> = ids.collect();
    for found in records {
        if let Some(id) = ids.remove(&(found.file.to_path_buf(), found.path.clone())) {
            set_id(&mut found.record, id);
        }
    }
}

/// Gives the entries of one kind without an id in the files those that they have here. Returns whether any
/// changed. `listed` are the sessions with complete lists.
async fn recognize_entries<T: SessionEntry>(
    store: &Store<Transaction>,
    paths: &DocumentPaths,
    parsed: &mut [ParsedRecord<T>],
    listed: &HashSet<SessionId>,
) -> Result<bool, Error> {
    if !parsed.iter().any(T::is_without_id) {
        return Ok(false);
    }
    let known = KnownEntries::<T>::load(store).await?;
    let mut lists: HashMap<(Arc<Path>, SessionId), Vec<usize>> = HashMap::new();
    for (index, found) in parsed.iter().enumerate() {
        let session = found.record.session();
        // A list with rejected entries is not complete.
        if listed.contains(session) && !known.of(session).is_empty() {
            let list = lists.entry((found.file.clone(), session.clone()));
            list.or_default().push(index);
        }
    }
    let mut held: HashMap<Arc<str>, HashMap<String, DocumentEntry>> = HashMap::new();
    let mut is_changed = false;
    for ((file, session), indexes) in lists {
        let path = paths.of(&file);
        if !held.contains_key(&path) {
            let entries = store.documents().entries(&path, T::KIND).await?;
            let entries = entries.into_iter();
            let by_id = entries.map(|entry| (entry.record_id.clone(), entry));
            held.insert(path.clone(), by_id.collect());
        }
        let Some(held) = held.get(&path) else {
            continue;
        };
        let known_list: Vec<&T> = known.of(&session).iter().collect();
        let list: Vec<ListedEntry<'_, T>> = indexes
            .iter()
            .map(|index| &parsed[*index])
            .map(|found| ListedEntry {
                entry: &found.record,
                derived_id: T::is_without_id(found).then(|| found.record.id().as_ref()),
            })
            .collect();
        let mut ids = find_ids(&list, &known_list);
        let by_id = known_list.iter().map(|it| (it.id().as_ref(), *it));
        let by_id: HashMap<&str, &T> = by_id.collect();
        let in_file: Vec<&str> = known_list
            .iter()
            .filter(|it| held.contains_key(it.id().as_ref()) && known.is_without_id(it))
            .map(|it| it.id().as_ref())
            .collect();
        let is_edit =
            |new: usize, id: &str| is_version_of(&parsed[indexes[new]], by_id[id], &held[id]);
        for (new, id) in find_edits(&ids, &in_file, is_edit) {
            ids[new] = Some(id);
        }
        let mut used: HashSet<String> = by_id.keys().map(|id| (*id).to_owned()).collect();
        for (index, id) in indexes.into_iter().zip(ids) {
            let found = &mut parsed[index];
            if !T::is_without_id(found) {
                continue;
            }
            if let Some(known) = id.and_then(|id| by_id.get(id)) {
                found.record.take_ids(known);
                found.is_recognized = true;
            } else if let Some(suffix) = unused_suffix(found.record.id().as_ref(), &used) {
                found.record.add_to_ids(&suffix);
            }
            used.insert(found.record.id().as_ref().to_owned());
            is_changed = true;
        }
    }
    Ok(is_changed)
}

fn has_field<T: DocumentRecord>(found: &ParsedRecord<T>, field: &str) -> bool {
    let position = T::FIELDS.iter().position(|name| *name == field);
    position.is_some_and(|position| found.has_field(position))
}

/// Returns a suffix that makes an id unused in the session; `None` if the id is unused already.
fn unused_suffix(id: &str, used: &HashSet<String>) -> Option<String> {
    let mut suffixes = (2..).map(|number| format!("-{number}"));
    let is_unused = |suffix: &String| !used.contains(&format!("{id}{suffix}"));
    used.contains(id)
        .then(|| suffixes.find(is_unused))
        .flatten()
}

/// Returns the new entries that are edited versions of ones that the file no longer has, with the ids of
/// these: they are between the same other entries and in the same order. `known` are the ids of those that
/// the file had, in its order, and new ones have no id.
pub(crate) fn find_edits<'k>(
    ids: &[Option<&str>],
    known: &[&'k str],
    is_edit: impl Fn(usize, &str) -> bool,
) -> Vec<(usize, &'k str)> {
    let mut edits = Vec::new();
    for Gap { new, removed } in find_gaps(ids, known) {
        if new.len() * removed.len() > MAX_COMPARED_PAIRS {
            continue;
        }
        let mut removed = &removed[..];
        for new in new {
            if let Some(position) = removed.iter().position(|id| is_edit(new, id)) {
                edits.push((new, removed[position]));
                removed = &removed[position + 1..];
            }
        }
    }
    edits
}

/// A place between the same entries in two versions of a list.
#[derive(Debug)]
struct Gap<'k> {
    /// The indexes of the new entries there.
    new: Vec<usize>,
    /// The ids of the entries that are no longer there.
    removed: Vec<&'k str>,
}

fn find_gaps<'k>(ids: &[Option<&str>], known: &[&'k str]) -> Vec<Gap<'k>> {
    let kept: HashSet<&str> = ids.iter().copied().flatten().collect();
    let mut gone: HashMap<Option<&str>, Vec<&'k str>> = HashMap::new();
    let mut before = None;
    for id in known {
        if kept.contains(id) {
            before = Some(*id);
        } else {
            gone.entry(before).or_default().push(id);
        }
    }
    let known: HashSet<&str> = known.iter().copied().collect();
    let mut new: HashMap<Option<&str>, Vec<usize>> = HashMap::new();
    let mut before = None;
    for (index, id) in ids.iter().enumerate() {
        match id {
            Some(id) if known.contains(id) => before = Some(*id),
            Some(_) => {}
            None => new.entry(before).or_default().push(index),
        }
    }
    let places = new.into_iter();
    places
        .filter_map(|(before, new)| {
            let removed = gone.remove(&before)?;
            Some(Gap { new, removed })
        })
        .collect()
}

/// Returns whether two texts are similar enough to be versions of one: by their letters, or because one
/// only adds words to the other, which may be many if that is short.
pub(crate) fn are_similar(a: &str, b: &str) -> bool {
    contains_words(a, b) || contains_words(b, a) || have_similar_letters(a, b)
}

/// Returns whether a text contains the words of another one, in their order.
fn contains_words(text: &str, other: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        let words = words.filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let other = words(other);
    let mut all = words(text).into_iter();
    !other.is_empty() && other.iter().all(|word| all.any(|it| it == *word))
}

fn have_similar_letters(a: &str, b: &str) -> bool {
    let (a_length, b_length) = (a.chars().count(), b.chars().count());
    let shortest = MIN_SIMILARITY * a_length.max(b_length) as f64;
    a_length.min(b_length) as f64 >= shortest && normalized_levenshtein(a, b) >= MIN_SIMILARITY
}

/// Returns whether an entry in a file is an edited version of one that the file had in its place: of a
/// similar text, or of the same time. Anything else may be another entry.
fn is_version_of<T: SessionEntry>(
    found: &ParsedRecord<T>,
    known: &T,
    held: &DocumentEntry,
) -> bool {
    let time = |entry: &T| entry.time_and_type().map(|(time, _)| time);
    let has_time = has_field(found, "time") && time(known).is_some_and(|time| !time.is_date());
    let texts = (found.record.text(), known.text());
    found.rev == held.rev
        && (are_similar(texts.0, texts.1) || has_time && time(&found.record) == time(known))
}

#[cfg(test)]
mod tests {
    use wsdb_core::JsonObject;

    use super::*;

    type TestResult = Result<(), Box<dyn std::error::Error>>;

    fn activity(id: &str) -> Result<Activity, Box<dyn std::error::Error>> {
        Ok(Activity {
            id: id.to_owned().try_into()?,
            session_id: SessionId::new("s1")?,
            activity_type: "note".parse()?,
            description: id.to_owned(),
            files_created: Vec::new(),
            files_modified: Vec::new(),
            outcome: None,
            time: "2026-01-01".parse()?,
            extra_metadata: None,
            document_fields: JsonObject::new(),
        })
    }

    /// Finds the edits in a file that had these activities; new ones are `None`.
    fn edits(before: &[&str], after: &[Option<&str>]) -> Vec<String> {
        let gaps = find_gaps(after, before).into_iter();
        let edits = gaps.map(|gap| format!("{} by {:?}", gap.removed.join(" "), gap.new));
        let mut edits: Vec<String> = edits.collect();
        edits.sort();
        edits
    }

    #[test]
    fn text_with_added_words_is_a_version() {
        assert!(are_similar("use steel", "use stainless steel"));
        assert!(are_similar("Ladder: steel, not wood", "ladder steel"));
        assert!(are_similar("use steel", "use steal"));
        assert!(!are_similar("use steel", "steel has no use"));
        assert!(!are_similar("use steel", "paint the ladders"));
        assert!(!are_similar("use steel", ""));
    }

    #[test]
    fn edits_are_between_the_same_activities() {
        let (a, c) = (Some("a"), Some("c"));
        assert_eq!(edits(&["a", "b", "c"], &[a, None, c]), ["b by [1]"]);
        assert_eq!(edits(&["a", "b"], &[None, None]), ["a b by [0, 1]"]);
        assert_eq!(
            edits(&["a", "b", "c"], &[a, None, None, c]),
            ["b by [1, 2]"]
        );
    }

    #[test]
    fn rewritten_list_has_no_edits() {
        let before: Vec<String> = (0..51).map(|number| number.to_string()).collect();
        let before: Vec<&str> = before.iter().map(String::as_str).collect();
        let is_edit = |_: usize, _: &str| true;
        assert_eq!(find_edits(&[None; 49], &before, is_edit).len(), 49);
        assert_eq!(find_edits(&[None; 51], &before, is_edit), []);
    }

    #[test]
    fn activity_is_recognized_by_its_contents_before_the_derived_id() -> TestResult {
        let (one, two) = (activity("one")?, activity("two")?);
        // Its text was "one" before, from which the id is derived.
        let mut edited = activity("two")?;
        edited.id = one.id.clone();
        let list = [
            ListedEntry {
                entry: &two,
                derived_id: Some("two"),
            },
            ListedEntry {
                entry: &one,
                derived_id: Some("one"),
            },
        ];
        assert_eq!(find_ids(&list, &[&edited]), [Some("one"), None]);
        assert_eq!(find_ids(&list[1..], &[&edited]), [Some("one")]);
        Ok(())
    }

    #[test]
    fn activity_that_was_added_or_removed_elsewhere_is_no_edit() {
        assert_eq!(edits(&["a", "b"], &[Some("a"), Some("b"), None]), [""; 0]);
        assert_eq!(edits(&["a", "b"], &[Some("b"), None]), [""; 0]);
    }
}
