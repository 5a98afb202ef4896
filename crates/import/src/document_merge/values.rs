//! The three-way merge of values: records by id, fields by name.

use std::collections::{HashMap, HashSet};

use wsdb_core::{Json, Timestamp};

use super::conflict::{ConflictKind, DocumentConflict};
use super::list_groups::find_groups;
use super::merged::{Merged, Side};
use super::order::merge_order;
use super::record_lists::{ListEntries, RecordLists, is_record_list, is_rev};
use super::tree::Tree;
use super::versions::Versions;
use crate::digest::hash;

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

/// How a field of an object is merged.
#[derive(Debug, Clone, Copy)]
enum FieldRule {
    Merge,
    /// The result does not have it.
    LeaveOut,
    /// Each side keeps its value.
    KeepBoth,
}

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
                    let lists = self.lists(&RecordLists::new(&[(name, versions)]));
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
        self.fields(place, versions, |_| FieldRule::Merge)
    }

    /// Merges the fields of an object, each by its rule.
    fn fields(
        &mut self,
        place: Place<'_>,
        versions: Versions<'_>,
        rule_of: impl Fn(&str) -> FieldRule,
    ) -> Merged {
        let merged = field_order(versions).into_iter().filter_map(|key| {
            match rule_of(key) {
                FieldRule::Merge => {}
                FieldRule::LeaveOut => return None,
                FieldRule::KeepBoth => {
                    let Versions { ours, theirs, .. } = versions.field(key);
                    let merged = if ours == theirs {
                        Merged::Clean(ours?.clone())
                    } else {
                        Merged::conflict(ours, theirs)
                    };
                    return Some((key.to_owned(), merged));
                }
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
        let order = field_order(versions);
        let mut lists: HashMap<&str, Vec<Merged>> = HashMap::new();
        for group in find_groups(&order, versions) {
            let items = self.lists(&RecordLists::of_group(&group, versions));
            lists.extend(group.lists.into_iter().zip(items));
        }
        let mut fields = Vec::with_capacity(order.len());
        for key in order {
            let place = Place {
                record: None,
                field: key,
            };
            let revs = versions.field(key);
            if key == "rev" && revs.all().all(is_rev) {
                let rev = merge_revs(revs);
                fields.extend(rev.map(|rev| (key.to_owned(), Merged::Clean(rev))));
                continue;
            }
            let value = match lists.remove(key) {
                Some(items) => {
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
    fn lists(&mut self, lists: &RecordLists<'_>) -> Vec<Vec<Merged>> {
        let mut items: Vec<Vec<Merged>> = Vec::new();
        // The records that the sides have in different lists.
        let mut apart: HashMap<&str, Option<Merged>> = HashMap::new();
        for index in 0..lists.len() {
            let order = lists.order(index).into_iter();
            let merged = order.filter_map(|key| {
                if !lists.is_apart(key) {
                    return self.record(key, lists);
                }
                let merged = apart.entry(key).or_insert_with(|| self.record(key, lists));
                let merged = merged.as_ref()?;
                let is_whole = matches!(merged, Merged::Conflict { .. });
                if !is_whole && !lists.statuses(key).is_conflict() {
                    return (lists.list_of(key) == Some(index)).then(|| merged.clone());
                }
                // Each side has it in its own list.
                let [ours, theirs] = if lists.is_in_ours(key, index) {
                    [merged.resolve(Side::Ours), None]
                } else {
                    [None, merged.resolve(Side::Theirs)]
                };
                Some(Merged::Conflict { ours, theirs })
            });
            items.push(merged.collect());
        }
        items
    }

    /// Merges a record, or another item of a list. Returns `None` if it was deleted.
    fn record(&mut self, key: &str, lists: &RecordLists<'_>) -> Option<Merged> {
        let (versions, kind) = (lists.get(key), lists.kind());
        let statuses = lists.statuses(key);
        let place = Place {
            record: Some(key),
            field: "",
        };
        // A field that the versions have under different names is one field.
        let with_keys_of = |record: Option<&Tree>, other: Option<&Tree>| {
            kind.and_then(|kind| kind.with_our_keys(record?, other?))
        };
        let renamed_base = with_keys_of(versions.base, versions.ours.or(versions.theirs));
        let base = renamed_base.as_ref().or(versions.base);
        let with_our_keys = with_keys_of(versions.theirs, versions.ours);
        let with_base_keys = with_keys_of(with_our_keys.as_ref().or(versions.theirs), base);
        let renamed = with_base_keys.as_ref().or(with_our_keys.as_ref());
        let versions = Versions {
            base,
            theirs: renamed.or(versions.theirs),
            ..versions
        };
        let Versions { base, ours, theirs } = versions;
        let is_same = |a: &Tree, b: &Tree| a == b || canonical_record(a) == canonical_record(b);
        let (kind, is_conflict) = match (base, ours, theirs) {
            (_, None, None) => return None,
            (None, Some(one), None) | (None, None, Some(one)) => {
                return Some(Merged::Clean(one.clone()));
            }
            (None, Some(ours), Some(theirs)) => (
                ConflictKind::AddedTwice,
                !is_same(ours, theirs) || statuses.ours != statuses.theirs,
            ),
            (Some(base), Some(ours), None) => (
                ConflictKind::DeletedInTheirs,
                !is_same(base, ours) || statuses.ours != statuses.base,
            ),
            (Some(base), None, Some(theirs)) => (
                ConflictKind::DeletedInOurs,
                !is_same(base, theirs) || statuses.theirs != statuses.base,
            ),
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
                    let is_conflict = lists.is_apart(key) && statuses.is_conflict();
                    let keys = [ours, theirs].map(|side| (side, lists.status_key(side)));
                    let key = keys.into_iter().find(|(side, key)| side.get(key).is_some());
                    let status = is_conflict.then(|| key.map_or("status", |(_, key)| key));
                    if let Some(field) = status {
                        let json = |status: Option<String>| status.map(Json::from);
                        let kind = ConflictKind::Field {
                            field: field.to_owned(),
                            ours: json(statuses.ours),
                            theirs: json(statuses.theirs),
                        };
                        self.conflict(place, kind);
                    }
                    return Some(self.record_fields(place, versions, status));
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

    /// Merges the fields of a record that both sides have; see [`merge_revs`]. `status` is the key of the
    /// status if that is in conflict, which has been noted.
    fn record_fields(
        &mut self,
        place: Place<'_>,
        versions: Versions<'_>,
        status: Option<&str>,
    ) -> Merged {
        let revs = versions.field("rev");
        let has_rev = revs.all().next().is_some() && revs.all().all(is_rev);
        let merged = self.fields(place, versions, |key| {
            if status == Some(key) {
                FieldRule::KeepBoth
            } else if has_rev && key == "rev" {
                FieldRule::LeaveOut
            } else {
                FieldRule::Merge
            }
        });
        if !has_rev {
            return merged;
        }
        let is_version = |side: Option<&Tree>| {
            let own = |tree: &Tree| own_fields(tree).canonical();
            side.map(own) == merged.resolve(Side::Ours).as_ref().map(own)
        };
        let rev = match (is_version(versions.ours), is_version(versions.theirs)) {
            _ if revs.base == revs.ours || revs.base == revs.theirs => merge_revs(revs),
            (false, false) if merged.is_clean() => merge_revs(revs),
            (false, true) if merged.is_clean() => revs.theirs.cloned(),
            _ => revs.ours.cloned(),
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
        fields.insert(at, ("rev".to_owned(), Merged::Clean(rev)));
        Merged::object(fields)
    }
}

/// Returns the `rev` of what two versions were merged into. If one side exported it, the result was made from
/// that version. If both did, the result is a new version, which no database knows: it would look like an
/// edit of the version that it names, and that version itself like an edit back.
fn merge_revs(revs: Versions<'_>) -> Option<Tree> {
    let text = |rev: Option<&Tree>| match rev {
        Some(Tree::Leaf(Json::String(rev))) => Some(rev.clone()),
        _ => None,
    };
    match (text(revs.ours), text(revs.theirs)) {
        _ if revs.base == revs.ours => revs.theirs.or(revs.ours).cloned(),
        _ if revs.base == revs.theirs || revs.ours == revs.theirs => {
            revs.ours.or(revs.theirs).cloned()
        }
        (Some(ours), Some(theirs)) => {
            let mut both = [ours, theirs];
            both.sort_unstable();
            let rev = format!("{:016x}", hash(both.concat().as_bytes()));
            Some(Tree::Leaf(Json::from(rev)))
        }
        _ => revs.ours.or(revs.theirs).cloned(),
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
