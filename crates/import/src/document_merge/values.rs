//! The three-way merge of values: records by id, fields by name.

use std::collections::HashSet;

use wsdb_core::{Json, Timestamp};

use super::conflict::{ConflictKind, DocumentConflict};
use super::merged::{Merged, Side};
use super::order::merge_order;
use super::record_kind::RecordKind;
use super::record_lists::{ListEntries, RecordLists, is_record_list, is_rev};
use super::tree::Tree;
use super::versions::Versions;

/// Where a value is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'p> {
    /// The id of the record; `None` for the fields of the document itself.
    pub(super) record: Option<&'p str>,
    /// The path of the field in it; empty for the record itself.
    pub(super) field: &'p str,
}

/// Fields with the time of the last change, of which the later one is taken.
const TIMES_OF_CHANGE: [&str; 5] = [
    "updated",
    "updated_at",
    "last_updated",
    "modified",
    "last_seen",
];

/// Fields that are lists of strings whose order has no meaning.
const UNORDERED_LISTS: [&str; 22] = [
    "affected_repos",
    "affected_repositories",
    "blocked_by",
    "dependencies",
    "depends",
    "depends_on",
    "deps",
    "files",
    "files_created",
    "files_modified",
    "labels",
    "prerequisites",
    "related_components",
    "related_detections",
    "related_files",
    "related_tasks",
    "repos",
    "repos_affected",
    "repos_scanned",
    "repositories",
    "supersedes",
    "tags",
];

/// Fields whose parts belong together.
const ATOMIC_FIELDS: [&str; 2] = ["claim", "wsdb_claim"];

/// Fields of a document with counters of its records.
pub(super) const COUNTERS: [&str; 2] = ["task_counts", "issue_counts"];

/// Merges values and collects the conflicts.
#[derive(Debug, Default)]
pub(super) struct Merger {
    pub(super) conflicts: Vec<DocumentConflict>,
}

impl Merger {
    fn conflict(&mut self, place: Place<'_>, kind: ConflictKind) {
        self.conflicts.push(DocumentConflict {
            record: place.record.map(str::to_owned),
            kind,
        });
    }

    /// Merges a field. Returns `None` if the result does not have it.
    fn value(&mut self, place: Place<'_>, name: &str, versions: Versions<'_>) -> Option<Merged> {
        if let Some(value) = versions.changed_on_one_side() {
            return value.cloned().map(Merged::Clean);
        }
        let Versions { ours, theirs, .. } = versions;
        if let (Some(ours), Some(theirs)) = (ours, theirs) {
            if TIMES_OF_CHANGE.contains(&name)
                && let Some(later) = later(ours, theirs)
            {
                return Some(Merged::Clean(later.clone()));
            }
            if ours.is_object() && theirs.is_object() && !ATOMIC_FIELDS.contains(&name) {
                return Some(self.object(place, versions));
            }
            if ours.as_list().is_some() && theirs.as_list().is_some() {
                let is_mergeable = is_record_list(name, versions)
                    || UNORDERED_LISTS.contains(&name) && has_only_strings(versions);
                if is_mergeable {
                    let lists = self.lists(RecordLists::new(&[(name, versions)]));
                    return lists.into_iter().next().map(Merged::list);
                }
            }
            // Counters are computed again.
            let is_number = |tree: &Tree| matches!(tree, Tree::Leaf(Json::Number(_)));
            let is_counter = COUNTERS.iter().any(|name| place.field.starts_with(name));
            if place.record.is_none() && is_counter && is_number(ours) && is_number(theirs) {
                return Some(Merged::Clean(ours.clone()));
            }
        }
        let json = |tree: Option<&Tree>| tree.map(Tree::to_json);
        let kind = ConflictKind::Field {
            field: place.field.to_owned(),
            ours: json(ours),
            theirs: json(theirs),
        };
        self.conflict(place, kind);
        Some(Merged::conflict(ours, theirs))
    }

    /// Merges the fields of an object.
    fn object(&mut self, place: Place<'_>, versions: Versions<'_>) -> Merged {
        self.fields(place, versions, |_| false)
    }

    /// Merges the fields of an object, without those that `is_left_out` selects.
    fn fields(
        &mut self,
        place: Place<'_>,
        versions: Versions<'_>,
        is_left_out: impl Fn(&str) -> bool,
    ) -> Merged {
        let merged = field_order(versions).into_iter().filter_map(|key| {
            if is_left_out(key) {
                return None;
            }
            let field = match place.field {
                "" => key.to_owned(),
                parent => format!("{parent}.{key}"),
            };
            let place = Place {
                field: &field,
                ..place
            };
            let value = self.value(place, key, versions.field(key))?;
            Some((key.to_owned(), value))
        });
        Merged::object(merged.collect())
    }

    /// Merges the document itself: a field may be one of several lists of records.
    pub(super) fn document(&mut self, versions: Versions<'_>) -> Merged {
        const TASK_LISTS: [&str; 2] = ["active_tasks", "completed_tasks"];
        let is_list = |key: &str| {
            let mut values = versions.field(key).all();
            values.all(|value| value.as_list().is_some() || value.is_empty())
        };
        let has_task_lists = TASK_LISTS.iter().all(|key| is_list(key));
        let task_lists = TASK_LISTS.map(|key| (key, versions.field(key)));
        let mut lists = if has_task_lists {
            self.lists(RecordLists::new(&task_lists))
        } else {
            Vec::new()
        };
        let order = field_order(versions);
        let mut fields = Vec::with_capacity(order.len());
        for key in order {
            let place = Place {
                record: None,
                field: key,
            };
            let revs = versions.field(key);
            if key == "rev" && revs.all().all(is_rev) {
                let is_theirs = revs.base == revs.ours;
                let rev = if is_theirs {
                    revs.theirs.or(revs.ours)
                } else {
                    revs.ours.or(revs.theirs)
                };
                fields.extend(rev.map(|rev| (key.to_owned(), Merged::Clean(rev.clone()))));
                continue;
            }
            let own = TASK_LISTS.iter().position(|list| *list == key);
            let value = match own.and_then(|index| lists.get_mut(index)) {
                Some(items) => {
                    let items = std::mem::take(items);
                    let is_kept = !items.is_empty() || versions.field(key).is_present();
                    is_kept.then(|| Merged::list(items))
                }
                None => self.value(place, key, versions.field(key)),
            };
            fields.extend(value.map(|value| (key.to_owned(), value)));
        }
        Merged::object(fields)
    }

    /// Merges lists whose items have keys. Returns the items of each list.
    fn lists(&mut self, lists: RecordLists<'_>) -> Vec<Vec<Merged>> {
        let mut items: Vec<Vec<Merged>> = Vec::new();
        for index in 0..lists.len() {
            let order = lists.order(index).into_iter();
            let merged = order.filter_map(|key| self.record(key, lists.get(key), lists.kind()));
            items.push(merged.collect());
        }
        items
    }

    /// Merges a record, or another item of a list. Returns `None` if it was deleted.
    fn record(
        &mut self,
        key: &str,
        versions: Versions<'_>,
        kind: Option<&RecordKind>,
    ) -> Option<Merged> {
        let place = Place {
            record: Some(key),
            field: "",
        };
        // A field that the sides have under different names is one field.
        let renamed = match (kind, versions.ours, versions.theirs) {
            (Some(kind), Some(ours), Some(theirs)) => kind.with_our_keys(theirs, ours),
            _ => None,
        };
        let versions = Versions {
            theirs: renamed.as_ref().or(versions.theirs),
            ..versions
        };
        let Versions { base, ours, theirs } = versions;
        let is_same = |a: &Tree, b: &Tree| a == b || canonical_record(a) == canonical_record(b);
        let (kind, is_conflict) = match (base, ours, theirs) {
            (_, None, None) => return None,
            (None, Some(one), None) | (None, None, Some(one)) => {
                return Some(Merged::Clean(one.clone()));
            }
            (None, Some(ours), Some(theirs)) => (ConflictKind::AddedTwice, !is_same(ours, theirs)),
            (Some(base), Some(ours), None) => (ConflictKind::DeletedInTheirs, !is_same(base, ours)),
            (Some(base), None, Some(theirs)) => {
                (ConflictKind::DeletedInOurs, !is_same(base, theirs))
            }
            (Some(_), Some(ours), Some(theirs)) => {
                if !ours.is_object() || !theirs.is_object() {
                    let place = Place {
                        field: "text",
                        ..place
                    };
                    return self.value(place, "", versions);
                }
                let created = kind.and_then(|kind| kind.created);
                if !created.is_some_and(|created| are_made_apart(versions, created)) {
                    return Some(self.record_fields(place, versions));
                }
                (ConflictKind::MadeApart, true)
            }
        };
        if is_conflict {
            self.conflict(place, kind);
            return Some(Merged::conflict(ours, theirs));
        }
        // Added twice, or deleted on one side.
        ours.filter(|_| theirs.is_some())
            .cloned()
            .map(Merged::Clean)
    }

    /// Merges the fields of a record that both sides have. `rev` names the version that the result was
    /// made from: the one of the side that exported the record last, or of ours if both did.
    fn record_fields(&mut self, place: Place<'_>, versions: Versions<'_>) -> Merged {
        let revs = versions.field("rev");
        let has_rev = revs.all().next().is_some() && revs.all().all(is_rev);
        if !has_rev {
            return self.object(place, versions);
        }
        let merged = self.fields(place, versions, |key| key == "rev");
        let is_version = |side: Option<&Tree>| {
            let own = |tree: &Tree| own_fields(tree).canonical();
            side.map(own) == merged.resolve(Side::Ours).as_ref().map(own)
        };
        let is_theirs =
            merged.is_clean() && is_version(versions.theirs) && !is_version(versions.ours);
        let rev = match (revs.base == revs.ours, revs.base == revs.theirs) {
            (true, false) => revs.theirs.or(revs.ours),
            (false, true) => revs.ours.or(revs.theirs),
            _ if is_theirs => revs.theirs,
            _ => revs.ours,
        };
        let Some(rev) = rev else { return merged };
        let before: HashSet<&str> = field_order(versions)
            .into_iter()
            .take_while(|key| *key != "rev")
            .collect();
        let mut fields = match merged {
            Merged::Clean(Tree::Object(fields)) => {
                let fields = fields.into_iter();
                fields
                    .map(|(key, value)| (key, Merged::Clean(value)))
                    .collect()
            }
            Merged::Object(fields) => fields,
            other => return other,
        };
        let at = fields
            .iter()
            .take_while(|(key, _)| before.contains(key.as_str()))
            .count();
        fields.insert(at, ("rev".to_owned(), Merged::Clean(rev.clone())));
        Merged::object(fields)
    }
}

/// Returns whether both sides changed the record, and it was made at another time in ours than in theirs,
/// so that one is not a version of the other. A side that changed nothing but this time corrected it.
fn are_made_apart(versions: Versions<'_>, created: &str) -> bool {
    let time = |tree: Option<&Tree>| match tree?.get(created)? {
        Tree::Leaf(Json::String(text)) => text.parse::<Timestamp>().ok(),
        _ => None,
    };
    let (Some(ours), Some(theirs)) = (time(versions.ours), time(versions.theirs)) else {
        return false;
    };
    let rest = |tree: Option<&Tree>| {
        let mut record = canonical_record(tree?);
        if let Some(fields) = record.as_object_mut() {
            fields.retain(|key, _| key != created && !TIMES_OF_CHANGE.contains(&key.as_str()));
        }
        Some(record)
    };
    let base = rest(versions.base);
    ours != theirs && rest(versions.ours) != base && rest(versions.theirs) != base
}

/// Returns the keys of an object, in the order of the merged object.
fn field_order<'t>(versions: Versions<'t>) -> Vec<&'t str> {
    let keys = |tree: Option<&'t Tree>| {
        let fields = tree.map_or(&[][..], Tree::fields).iter();
        fields.map(|(key, _)| key.as_str()).collect::<Vec<_>>()
    };
    let (base, ours, theirs) = (
        keys(versions.base),
        keys(versions.ours),
        keys(versions.theirs),
    );
    merge_order(&base, &ours, &theirs, &[&|a: &&str, b: &&str| a.cmp(b)])
}

fn has_only_strings(versions: Versions<'_>) -> bool {
    let is_string = |tree: &Tree| matches!(tree, Tree::Leaf(Json::String(_)));
    versions
        .all()
        .filter_map(Tree::as_list)
        .all(|list| list.iter().all(is_string))
}

/// Returns the later of two times; `None` if one of them is no time.
fn later<'t>(ours: &'t Tree, theirs: &'t Tree) -> Option<&'t Tree> {
    let time = |tree: &Tree| match tree {
        Tree::Leaf(Json::String(text)) => text.parse::<Timestamp>().ok(),
        _ => None,
    };
    Some(if time(theirs)? > time(ours)? {
        theirs
    } else {
        ours
    })
}

/// Returns a record without the fields that its `rev` does not cover: `rev` itself, its claim, and the
/// records in it.
fn own_fields(record: &Tree) -> Tree {
    let fields = record.fields().iter().filter(|(key, _)| {
        key != "rev" && !ATOMIC_FIELDS.contains(&key.as_str()) && !ListEntries::is_nested(key)
    });
    Tree::Object(fields.cloned().collect())
}

/// Returns the form of a record in which it is compared: without its `rev` and those of the records
/// in it.
fn canonical_record(record: &Tree) -> Json {
    let Tree::Object(fields) = record else {
        return record.canonical();
    };
    let fields = fields
        .iter()
        .filter(|(key, value)| key != "rev" || !is_rev(value));
    let fields = fields.map(|(key, value)| {
        let json = match value.as_list() {
            Some(items) if ListEntries::is_nested(key) => {
                Json::Array(items.iter().map(canonical_record).collect())
            }
            _ => value.canonical(),
        };
        (key.clone(), json)
    });
    let is_filled = |(_, json): &(String, Json)| !json.is_null() && !is_empty(json);
    Json::Object(fields.filter(is_filled).collect())
}

fn is_empty(json: &Json) -> bool {
    match json {
        Json::Array(items) => items.is_empty(),
        Json::Object(fields) => fields.is_empty(),
        json => json.is_null(),
    }
}
