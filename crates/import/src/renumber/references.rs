//! The new ids of records, and the references to change.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wsdb_core::{
    ArchitectureState, Claim, ComponentPlacement, Decision, DriftDetection, DriftScan, Issue, Json,
    Session, Task,
};
use wsdb_store::for_each_kind;

use crate::document::Contents;
use crate::document_paths::folder_of;
use crate::error::{Reject, RejectedIdentity};
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;

/// The new ids of the records of the documents in one folder, by kind and by id in the file. Documents in
/// one folder refer to each other.
type FolderIds = HashMap<&'static str, HashMap<String, String>>;

/// The kind, file and id of a record.
type OwnKey = (&'static str, Arc<Path>, String);

/// Which of our own versions a record in a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OwnVersion {
    /// The one that the database has.
    Current,
    Older,
}

/// The new ids of records.
#[derive(Debug, Default)]
pub(crate) struct NewIds {
    /// Whether records get new ids if different records here have theirs.
    pub(crate) is_renumbering: bool,
    /// By the folder of the files.
    folders: HashMap<PathBuf, FolderIds>,
    /// Those of the records that an earlier import left out, in the same way: what it imported with them
    /// still refers to the records that have their ids here.
    left_out: HashMap<PathBuf, FolderIds>,
    /// The kind, file and id of the records that are known versions of our own: they refer to records
    /// by the ids that these have here.
    own: HashMap<OwnKey, OwnVersion>,
}

/// The fields with references to other records.
const REFERENCES: [&str; 15] = [
    "dependencies",
    "session_created",
    "session",
    "session_id",
    "supersedes",
    "related_tasks",
    "related_components",
    "related_detections",
    "related_task_id",
    "task_id",
    "architecture_state_id",
    "component_id",
    "rules",
    "scan_id",
    "drift_detection_id",
];

/// Returns whether a field refers to other records, by ids that may differ here.
pub(super) fn is_reference(field: &str) -> bool {
    REFERENCES.contains(&field)
}

impl NewIds {
    pub(super) fn new(is_renumbering: bool) -> Self {
        NewIds {
            is_renumbering,
            ..NewIds::default()
        }
    }

    pub(super) fn add(&mut self, file: &Path, kind: &'static str, from: &str, to: String) {
        let folder = self.folders.entry(folder_of(file).to_owned()).or_default();
        folder.entry(kind).or_default().insert(from.to_owned(), to);
    }

    /// Adds the new id of a record that an earlier import left out.
    pub(super) fn add_left_out(&mut self, file: &Path, kind: &'static str, from: &str, to: String) {
        let folder = folder_of(file).to_owned();
        let folder = self.left_out.entry(folder).or_default();
        folder.entry(kind).or_default().insert(from.to_owned(), to);
    }

    pub(super) fn add_if_missing(
        &mut self,
        file: &Path,
        kind: &'static str,
        from: &str,
        to: String,
    ) {
        let folder = self.folders.entry(folder_of(file).to_owned()).or_default();
        let kind = folder.entry(kind).or_default();
        kind.entry(from.to_owned()).or_insert(to);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.folders.is_empty()
    }

    /// Returns which version of our own the record of a kind with this id in a file is; `None` if it is
    /// none.
    pub(crate) fn own_version(
        &self,
        file: &Arc<Path>,
        kind: &'static str,
        id_in_file: &str,
    ) -> Option<OwnVersion> {
        if self.own.is_empty() {
            return None;
        }
        let key = (kind, file.clone(), id_in_file.to_owned());
        self.own.get(&key).copied()
    }

    /// Notes a record that is a known version of our own.
    pub(super) fn add_own<T: DocumentRecord>(
        &mut self,
        found: &ParsedRecord<T>,
        version: OwnVersion,
    ) {
        let id = found.id_in_file().to_owned();
        let key = (T::KIND, found.file.clone(), id);
        self.own.insert(key, version);
    }

    /// Returns the new id of a record.
    pub(super) fn new_id<T: DocumentRecord>(&self, found: &ParsedRecord<T>) -> Option<&str> {
        self.of(&found.file)?
            .new_id::<T>(found.record.id().as_ref())
    }

    /// Returns the new ids for references in a file.
    pub(crate) fn of(&self, file: &Path) -> Option<References<'_>> {
        self.folders.get(folder_of(file)).map(References)
    }

    /// Returns the new ids for the references of a record.
    fn of_record<T: DocumentRecord>(&self, found: &ParsedRecord<T>) -> Option<References<'_>> {
        let key = || (T::KIND, found.file.clone(), found.id_in_file().to_owned());
        if self.own.is_empty() || !self.own.contains_key(&key()) {
            return self.of(&found.file);
        }
        self.left_out.get(folder_of(&found.file)).map(References)
    }
}

/// Changes references to records.
#[derive(Clone, Copy)]
pub(crate) struct References<'a>(&'a FolderIds);

impl<'a> References<'a> {
    /// Returns the new id of a record of a kind.
    pub(crate) fn of_kind(self, kind: &str, id: &str) -> Option<&'a str> {
        let References(ids) = self;
        ids.get(kind)?.get(id).map(String::as_str)
    }

    /// Returns whether a record of a kind got this id.
    pub(crate) fn is_assigned(self, kind: &str, id: &str) -> bool {
        let References(ids) = self;
        ids.get(kind)
            .is_some_and(|ids| ids.values().any(|new| new == id))
    }

    pub(super) fn new_id<T: DocumentRecord>(self, id: &str) -> Option<&'a str> {
        self.of_kind(T::KIND, id)
    }

    /// Changes a reference to a record of this kind, and returns whether it changed.
    fn set<T: DocumentRecord>(self, id: &mut (impl AsRef<str> + TryFrom<String>)) -> bool {
        let new = self.new_id::<T>(id.as_ref()).map(str::to_owned);
        let new = new.and_then(|new| new.try_into().ok());
        new.map(|new| *id = new).is_some()
    }

    fn set_all<'i, T: DocumentRecord, I: AsRef<str> + TryFrom<String> + 'i>(
        self,
        ids: impl IntoIterator<Item = &'i mut I>,
    ) {
        for id in ids {
            self.set::<T>(id);
        }
    }

    fn set_decision(self, decision: &mut Decision) {
        self.set_all::<Session, _>(&mut decision.session);
        self.set_all::<Decision, _>(&mut decision.supersedes);
        self.set_all::<Task, _>(&mut decision.related_tasks);
        self.set_all::<DriftDetection, _>(&mut decision.related_detections);
        self.set_all::<ComponentPlacement, _>(&mut decision.related_components);
    }

    /// Changes the decisions behind the rules of a component: of all rules, or of a single one.
    fn set_rule_decisions(self, rules: &mut Json) {
        let set = |rule: &mut Json| {
            let id = rule.get("decision").and_then(Json::as_str);
            if let Some(new) = id.and_then(|id| self.new_id::<Decision>(id)) {
                rule["decision"] = Json::from(new);
            }
        };
        set(rules);
        let lists = rules.as_object_mut().into_iter().flatten();
        for rule in lists.filter_map(|(_, list)| list.as_array_mut()).flatten() {
            set(rule);
        }
    }
}

/// Changes the id of a record if it got a new one. That of a link may have changed with those at its ends.
fn set_own_id<T: DocumentRecord>(
    ids: &NewIds,
    found: &mut ParsedRecord<T>,
    id: impl FnOnce(&mut T) -> &mut T::Id,
) {
    let in_file = found.id_in_file().to_owned();
    let references = ids.of(&found.file);
    let new = references.and_then(|it| it.new_id::<T>(&in_file));
    if let Some(new) = new.and_then(|new| new.to_owned().try_into().ok()) {
        *id(&mut found.record) = new;
        found.id_in_file = Some(in_file);
    }
}

macro_rules! set_own_ids {
    ($contents:ident, $ids:ident; $($kind:ident: $record:ident,)*) => {
        $(for found in &mut $contents.records.$kind {
            set_own_id($ids, found, |record: &mut wsdb_core::$record| &mut record.id);
        })*
    };
}

/// Changes the ids of rejected records, which count as present under the ids that they have here.
pub(super) fn set_rejected_ids(rejects: &mut [Reject], ids: &NewIds) {
    for reject in rejects {
        let Some(References(ids)) = ids.of(&reject.file) else {
            continue;
        };
        for RejectedIdentity { kind, id } in reject.identities_mut() {
            let new = id.as_ref().and_then(|id| ids.get(kind)?.get(id));
            if let Some(new) = new {
                *id = Some(new.clone());
            }
        }
    }
}

/// Changes the ids of records, and what refers to them.
pub(super) fn apply(contents: &mut Contents, ids: &NewIds) {
    // Before the references of links change, from which some of their ids are derived.
    set_link_ids(contents, ids);
    for_each_kind!(set_own_ids, contents, ids;);
    for found in &mut contents.inline_decisions {
        set_own_id(ids, found, |decision| &mut decision.id);
    }
    for found in &mut contents.inline_issues {
        set_own_id(ids, found, |issue| &mut issue.id);
    }
    set_references(contents, ids);
    for folder in ids.folders.values() {
        for listed in [
            &mut contents.listed.activities,
            &mut contents.listed.decisions,
            &mut contents.listed.issues,
        ] {
            let sessions = std::mem::take(listed).into_iter();
            *listed = sessions
                .map(|mut session| {
                    References(folder).set::<Session>(&mut session);
                    session
                })
                .collect();
        }
    }
}

fn set_references(contents: &mut Contents, ids: &NewIds) {
    let records = &mut contents.records;
    for task in &mut records.tasks {
        if let Some(ids) = ids.of_record(task) {
            ids.set_all::<Task, _>(&mut task.record.dependencies);
            ids.set_all::<Session, _>(&mut task.record.session_created);
        }
    }
    for claim in &mut records.claims {
        set_claim(claim, ids);
    }
    for activity in &mut records.activities {
        if let Some(ids) = ids.of_record(activity) {
            ids.set::<Session>(&mut activity.record.session_id);
        }
    }
    for decision in records
        .decisions
        .iter_mut()
        .chain(&mut contents.inline_decisions)
    {
        if let Some(ids) = ids.of_record(decision) {
            ids.set_decision(&mut decision.record);
        }
    }
    for issue in records.issues.iter_mut().chain(&mut contents.inline_issues) {
        if let Some(ids) = ids.of_record(issue) {
            ids.set_all::<Task, _>(&mut issue.record.related_task_id);
        }
    }
    for placement in &mut records.placements {
        if let Some(ids) = ids.of_record(placement) {
            ids.set_all::<ArchitectureState, _>(&mut placement.record.architecture_state_id);
            let rules = placement.record.rules.as_mut();
            rules
                .into_iter()
                .for_each(|rules| ids.set_rule_decisions(rules));
        }
    }
    for goal in &mut records.goals {
        if let Some(ids) = ids.of_record(goal) {
            ids.set::<Task>(&mut goal.record.task_id);
            ids.set_all::<ArchitectureState, _>(&mut goal.record.architecture_state_id);
            ids.set_all::<ComponentPlacement, _>(&mut goal.record.component_id);
        }
    }
    for detection in &mut records.detections {
        if let Some(ids) = ids.of_record(detection) {
            ids.set_all::<Task, _>(&mut detection.record.related_task_id);
            ids.set_all::<DriftScan, _>(&mut detection.record.scan_id);
        }
    }
    for change in &mut records.changes {
        if let Some(ids) = ids.of_record(change) {
            ids.set_all::<DriftDetection, _>(&mut change.record.drift_detection_id);
        }
    }
}

/// A claim has the id of its task.
fn set_claim(claim: &mut ParsedRecord<Claim>, ids: &NewIds) {
    let Some(ids) = ids.of(&claim.file) else {
        return;
    };
    // An earlier import may have given it the new id already.
    let in_file = claim.id_in_file().to_owned();
    if let Some(new) = ids
        .new_id::<Task>(&in_file)
        .and_then(|new| new.parse().ok())
    {
        claim.record.id = new;
        claim.id_in_file = Some(in_file);
    }
    ids.set_all::<Session, _>(&mut claim.record.session_id);
}

/// Changes both ends of the links, and the ids that are derived from them.
fn set_link_ids(contents: &mut Contents, ids: &NewIds) {
    macro_rules! set_links {
        ($links:ident, $target:ident, $record:ident) => {
            for link in &mut contents.records.$links {
                let Some(ids) = ids.of(&link.file) else {
                    continue;
                };
                let derived = |link: &ParsedRecord<_>| {
                    let link: &wsdb_core::$record = &link.record;
                    let target = link.$target.as_ref().map_or("", |id| id.as_str());
                    format!("{}-{target}", link.session_id)
                };
                let before = derived(link);
                ids.set::<Session>(&mut link.record.session_id);
                ids.set_all::<set_links!(@ $record), _>(&mut link.record.$target);
                let after = derived(link);
                let rest = link.record.id.as_str().strip_prefix(&before).map(str::to_owned);
                if let Some(rest) = rest.filter(|_| after != before)
                    && let Ok(id) = format!("{after}{rest}").parse()
                {
                    let old = std::mem::replace(&mut link.record.id, id);
                    link.id_in_file.get_or_insert(old.into());
                }
            }
        };
        (@ SessionDecision) => { Decision };
        (@ SessionIssue) => { Issue };
    }
    set_links!(session_decisions, decision_id, SessionDecision);
    set_links!(session_issues, issue_id, SessionIssue);
}
