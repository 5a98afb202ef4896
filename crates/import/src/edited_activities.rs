//! Recognizes the activities of a session that have no id in their file, also after an edit of their text or
//! time, from which such ids are derived.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use strsim::normalized_levenshtein;
use wsdb_core::{Activity, SessionId, Timestamp, natural_order};
use wsdb_store::{DocumentEntry, Store, Transaction};

use crate::document::{ParsedRecords, SessionsWithLists};
use crate::document_paths::DocumentPaths;
use crate::error::Error;
use crate::merge_base::load_by_id;
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::shapes::{RecordOrder, Shapes};

/// How similar two texts have to be to be versions of one, from 0 to 1; 1 is the same text.
const MIN_SIMILARITY: f64 = 0.5;

/// An activity in the list of a session.
pub(crate) struct ListedActivity<'a> {
    pub(crate) activity: &'a Activity,
    /// The id that was derived for it; `None` if the file has its id.
    pub(crate) derived_id: Option<&'a str>,
}

/// Returns the id that each activity in the list of a session has here; `None` for new ones. Those without an
/// id are recognized by their contents, and if these are new, by the derived id.
pub(crate) fn find_ids<'k>(
    list: &[ListedActivity<'_>],
    known: &[&'k Activity],
) -> Vec<Option<&'k str>> {
    let by_id = known.iter().map(|known| (known.id.as_str(), *known));
    let mut matches = Matches {
        list,
        ids: vec![None; list.len()],
        remaining: by_id.collect(),
    };
    matches.add_by_id(|listed, _| listed.derived_id.is_none());
    matches.add_by_id(|listed, known| contents(listed.activity) == contents(known));
    matches.add_by_contents(known);
    matches.add_by_id(|_, _| true);
    matches.ids
}

/// The activities of a list that are known.
struct Matches<'l, 'k> {
    list: &'l [ListedActivity<'l>],
    /// The id of each activity of the list here.
    ids: Vec<Option<&'k str>>,
    /// The known activities that are not yet found, by id.
    remaining: HashMap<&'k str, &'k Activity>,
}

impl<'k> Matches<'_, 'k> {
    /// Finds activities by their own or derived ids.
    fn add_by_id(&mut self, is_match: impl Fn(&ListedActivity<'_>, &Activity) -> bool) {
        for (listed, found) in self.list.iter().zip(&mut self.ids) {
            let id = listed.derived_id.unwrap_or(listed.activity.id.as_str());
            let known = self
                .remaining
                .get(id)
                .filter(|known| is_match(listed, known));
            if found.is_none()
                && let Some(known) = known
            {
                *found = Some(known.id.as_str());
                self.remaining.remove(id);
            }
        }
    }

    /// Finds activities without an id by their contents; of equal ones, the first in `known`.
    fn add_by_contents(&mut self, known: &[&'k Activity]) {
        let mut equal: HashMap<_, Vec<&'k Activity>> = HashMap::new();
        let known = known.iter().rev();
        for known in known.filter(|known| self.remaining.contains_key(known.id.as_str())) {
            equal.entry(contents(known)).or_default().push(known);
        }
        for (listed, found) in self.list.iter().zip(&mut self.ids) {
            if found.is_some() || listed.derived_id.is_none() {
                continue;
            }
            let equal = equal.get_mut(&contents(listed.activity));
            if let Some(known) = equal.and_then(Vec::pop) {
                *found = Some(known.id.as_str());
                self.remaining.remove(known.id.as_str());
            }
        }
    }
}

/// Returns what identifies an activity without an id.
fn contents(activity: &Activity) -> (&str, Timestamp, &str) {
    let Activity {
        description,
        time,
        activity_type,
        ..
    } = activity;
    (description, *time, activity_type.as_str())
}

/// The activities in the database, and how files had them.
struct KnownActivities {
    /// By session, in the order of their file.
    by_session: HashMap<SessionId, Vec<Activity>>,
    shapes: Shapes,
}

impl KnownActivities {
    async fn load(store: &Store<Transaction>) -> Result<Self, Error> {
        let mut all: Vec<Activity> = load_by_id(store).await?.into_values().collect();
        all.sort_by(|a, b| natural_order(a.id.as_str(), b.id.as_str()));
        all.sort_by_key(|activity| activity.time);
        let order = RecordOrder::load(store, Activity::KIND).await?;
        order.sort(&mut all, |activity| activity.id.as_str());
        let mut by_session: HashMap<SessionId, Vec<Activity>> = HashMap::new();
        for activity in all {
            let of_session = by_session.entry(activity.session_id.clone()).or_default();
            of_session.push(activity);
        }
        let shapes = Shapes::load(store, Activity::KIND).await?;
        Ok(KnownActivities { by_session, shapes })
    }

    fn of(&self, session: &SessionId) -> &[Activity] {
        self.by_session.get(session).map_or(&[], Vec::as_slice)
    }

    /// Returns whether the file had no id for an activity.
    fn is_without_id(&self, activity: &Activity) -> bool {
        let shape = self.shapes.get(activity.id.as_str());
        shape.is_some_and(|shape| !shape.has_field("id"))
    }
}

/// Gives the activities without an id in the files those that they have here.
pub(crate) async fn recognize(
    store: &Store<Transaction>,
    paths: &DocumentPaths,
    records: &mut ParsedRecords,
    listed: &SessionsWithLists,
) -> Result<(), Error> {
    let parsed = &mut records.activities;
    if !parsed.iter().any(is_without_id) {
        return Ok(());
    }
    let known = KnownActivities::load(store).await?;
    let mut lists: HashMap<(Arc<Path>, SessionId), Vec<usize>> = HashMap::new();
    for (index, found) in parsed.iter().enumerate() {
        let session = &found.record.session_id;
        // A list with rejected activities is not complete.
        if listed.activities.contains(session) && !known.of(session).is_empty() {
            let list = lists.entry((found.file.clone(), session.clone()));
            list.or_default().push(index);
        }
    }
    let mut held: HashMap<Arc<str>, HashMap<String, DocumentEntry>> = HashMap::new();
    for ((file, session), indexes) in lists {
        let path = paths.of(&file);
        if !held.contains_key(&path) {
            let entries = store.documents().entries(&path, Activity::KIND).await?;
            let entries = entries.into_iter();
            let by_id = entries.map(|entry| (entry.record_id.clone(), entry));
            held.insert(path.clone(), by_id.collect());
        }
        let Some(held) = held.get(&path) else {
            continue;
        };
        let known_list: Vec<&Activity> = known.of(&session).iter().collect();
        let list: Vec<ListedActivity<'_>> = indexes
            .iter()
            .map(|index| &parsed[*index])
            .map(|found| ListedActivity {
                activity: &found.record,
                derived_id: is_without_id(found).then(|| found.record.id.as_str()),
            })
            .collect();
        let mut ids = find_ids(&list, &known_list);
        let in_file: Vec<&Activity> = known_list
            .iter()
            .copied()
            .filter(|it| held.contains_key(it.id.as_str()) && known.is_without_id(it))
            .collect();
        for (new, gone) in find_edits(&ids, &in_file) {
            let mut gone = &gone[..];
            for new in new {
                let found = &parsed[indexes[new]];
                let is_edit = |it: &&Activity| is_version_of(found, it, &held[it.id.as_str()]);
                if let Some(position) = gone.iter().position(is_edit) {
                    ids[new] = Some(gone[position].id.as_str());
                    gone = &gone[position + 1..];
                }
            }
        }
        let mut used: HashSet<String> = known_list.iter().map(|it| it.id.to_string()).collect();
        for (index, id) in indexes.into_iter().zip(ids) {
            let found = &mut parsed[index];
            if !is_without_id(found) {
                continue;
            }
            let id = id.map_or_else(|| unused_id(found.record.id.as_str(), &used), str::to_owned);
            used.insert(id.clone());
            if let Ok(id) = id.try_into() {
                found.record.id = id;
            }
        }
    }
    Ok(())
}

/// Returns whether the file has no id for an activity.
fn is_without_id(found: &ParsedRecord<Activity>) -> bool {
    !found.has_field(position("id")) && found.id_in_file.is_none()
}

fn position(field: &str) -> usize {
    let position = Activity::FIELDS.iter().position(|name| *name == field);
    position.unwrap_or_else(|| unreachable!("activities have no field {field}"))
}

/// Returns an id that no activity of the session has.
fn unused_id(id: &str, used: &HashSet<String>) -> String {
    let mut ids = (2..).map(|number| format!("{id}-{number}"));
    if used.contains(id) {
        ids.find(|id| !used.contains(id)).unwrap_or_default()
    } else {
        id.to_owned()
    }
}

/// Returns which new activities are in the place of which ones that the file no longer has: between the same
/// other activities. `known` are those that the file had, in its order, and new ones have no id.
fn find_edits<'k>(
    ids: &[Option<&str>],
    known: &[&'k Activity],
) -> Vec<(Vec<usize>, Vec<&'k Activity>)> {
    let kept: HashSet<&str> = ids.iter().copied().flatten().collect();
    let mut gone: HashMap<Option<&str>, Vec<&'k Activity>> = HashMap::new();
    let mut before = None;
    for activity in known {
        if kept.contains(activity.id.as_str()) {
            before = Some(activity.id.as_str());
        } else {
            gone.entry(before).or_default().push(activity);
        }
    }
    let known: HashSet<&str> = known.iter().map(|it| it.id.as_str()).collect();
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
        .filter_map(|(before, new)| Some((new, gone.remove(&before)?)))
        .collect()
}

/// Returns whether an activity in a file is an edited version of one that the file had in its place: of a
/// similar text, or of the same time. Anything else may be another activity.
fn is_version_of(
    found: &ParsedRecord<Activity>,
    activity: &Activity,
    held: &DocumentEntry,
) -> bool {
    let has_time = found.has_field(position("time")) && !activity.time.is_date();
    let texts = (&found.record.description, &activity.description);
    found.rev == held.rev
        && (normalized_levenshtein(texts.0, texts.1) >= MIN_SIMILARITY
            || has_time && found.record.time == activity.time)
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
    fn edits(
        before: &[&str],
        after: &[Option<&str>],
    ) -> Result<Vec<String>, Box<dyn std::error::Error>> {
        let known: Vec<Activity> = before
            .iter()
            .map(|id| activity(id))
            .collect::<Result<_, _>>()?;
        let known: Vec<&Activity> = known.iter().collect();
        let edits = find_edits(after, &known).into_iter();
        let mut edits: Vec<String> = edits
            .map(|(new, gone)| {
                let gone: Vec<&str> = gone.iter().map(|gone| gone.id.as_str()).collect();
                format!("{} by {new:?}", gone.join(" "))
            })
            .collect();
        edits.sort();
        Ok(edits)
    }

    #[test]
    fn edits_are_between_the_same_activities() -> TestResult {
        let (a, c) = (Some("a"), Some("c"));
        assert_eq!(edits(&["a", "b", "c"], &[a, None, c])?, ["b by [1]"]);
        assert_eq!(edits(&["a", "b"], &[None, None])?, ["a b by [0, 1]"]);
        assert_eq!(
            edits(&["a", "b", "c"], &[a, None, None, c])?,
            ["b by [1, 2]"]
        );
        Ok(())
    }

    #[test]
    fn activity_is_recognized_by_its_contents_before_the_derived_id() -> TestResult {
        let (one, two) = (activity("one")?, activity("two")?);
        // Its text was "one" before, from which the id is derived.
        let mut edited = activity("two")?;
        edited.id = one.id.clone();
        let list = [
            ListedActivity {
                activity: &two,
                derived_id: Some("two"),
            },
            ListedActivity {
                activity: &one,
                derived_id: Some("one"),
            },
        ];
        assert_eq!(find_ids(&list, &[&edited]), [Some("one"), None]);
        assert_eq!(find_ids(&list[1..], &[&edited]), [Some("one")]);
        Ok(())
    }

    #[test]
    fn activity_that_was_added_or_removed_elsewhere_is_no_edit() -> TestResult {
        assert_eq!(edits(&["a", "b"], &[Some("a"), Some("b"), None])?, [""; 0]);
        assert_eq!(edits(&["a", "b"], &[Some("b"), None])?, [""; 0]);
        Ok(())
    }
}
