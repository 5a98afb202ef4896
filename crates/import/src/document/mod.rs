//! The documents: which file holds what, in which of the shapes in use.

mod architecture;
mod configuration;
mod contexts;
mod decisions;
mod drift;
mod issues;
mod sessions;
mod tasks;

use std::borrow::Cow;
use std::collections::HashSet;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use wsdb_core::{
    Activity, ArchitectureGoal, ArchitectureState, ComponentPlacement, ConfigurationChange,
    ConfigurationSnapshot, ContextSwitch, Decision, DriftDetection, DriftScan, Fields, Issue,
    Session, SessionDecision, SessionId, SessionIssue, Task,
};

use crate::reader::{Found, Notes, Reader};
use crate::record::{Documented, FieldList};

/// A document, by the file that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Document {
    /// `WORKSPACE-TASKS.json`
    Tasks,
    /// `SESSION-LOG.json`
    Sessions,
    /// `CROSS-REPO-ISSUES.json`
    Issues,
    /// `ARCHITECTURE-DECISIONS.json`
    Decisions,
    /// `ARCHITECTURE.json`
    Architecture,
    /// `DRIFT.json`
    Drift,
    /// `CONFIGURATION.json`
    Configuration,
    /// `CONTEXT-LOG.json`
    Contexts,
}

impl Document {
    /// Every document, in the order in which they are read and written.
    pub const ALL: [Document; 8] = [
        Document::Tasks,
        Document::Sessions,
        Document::Issues,
        Document::Decisions,
        Document::Architecture,
        Document::Drift,
        Document::Configuration,
        Document::Contexts,
    ];

    /// The name of the file that holds it.
    pub fn file_name(self) -> &'static str {
        match self {
            Document::Tasks => "WORKSPACE-TASKS.json",
            Document::Sessions => "SESSION-LOG.json",
            Document::Issues => "CROSS-REPO-ISSUES.json",
            Document::Decisions => "ARCHITECTURE-DECISIONS.json",
            Document::Architecture => "ARCHITECTURE.json",
            Document::Drift => "DRIFT.json",
            Document::Configuration => "CONFIGURATION.json",
            Document::Contexts => "CONTEXT-LOG.json",
        }
    }

    /// The lists of records in it, the main one first.
    fn lists(self) -> &'static [&'static str] {
        match self {
            Document::Tasks => &["active_tasks", "completed_tasks"],
            Document::Sessions => &["sessions"],
            Document::Issues => &["issues"],
            Document::Decisions => &["decisions"],
            Document::Architecture => &[
                "architecture_states",
                "component_placements",
                "architecture_tasks",
            ],
            Document::Drift => &["drift_scans", "drift_detections"],
            Document::Configuration => &["configuration_snapshots", "configuration_changes"],
            Document::Contexts => &["context_switches"],
        }
    }

    /// Whether the earlier tool, or people by hand, kept it; the others are ours.
    pub(crate) fn is_shared(self) -> bool {
        matches!(
            self,
            Document::Tasks | Document::Sessions | Document::Issues | Document::Decisions
        )
    }

    /// The document of a file with another name, by what it holds.
    pub(crate) fn by_shape(value: &Value) -> Option<Document> {
        match value {
            Value::Object(map) => Document::ALL
                .into_iter()
                .find(|document| document.lists().iter().any(|list| map.contains_key(*list))),
            // The earlier tool's export of tasks is the only bare list.
            Value::Array(list) => list
                .first()
                .is_none_or(|first| first.get("title").is_some() && first.get("created").is_some())
                .then_some(Document::Tasks),
            _ => None,
        }
    }
}

/// Everything that the documents hold.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) headers: Vec<(Document, Fields)>,
    pub(crate) tasks: Vec<Found<Task>>,
    pub(crate) sessions: Vec<Found<Session>>,
    pub(crate) activities: Vec<Found<Activity>>,
    pub(crate) session_decisions: Vec<Found<SessionDecision>>,
    pub(crate) session_issues: Vec<Found<SessionIssue>>,
    /// The sessions whose lists the file has; of the others it says nothing.
    pub(crate) listed: Listed,
    pub(crate) issues: Vec<Found<Issue>>,
    pub(crate) decisions: Vec<Found<Decision>>,
    /// Records made from words that stand elsewhere; they count where nothing else holds them.
    pub(crate) issues_from_words: Vec<Found<Issue>>,
    pub(crate) decisions_from_words: Vec<Found<Decision>>,
    pub(crate) states: Vec<Found<ArchitectureState>>,
    pub(crate) placements: Vec<Found<ComponentPlacement>>,
    pub(crate) goals: Vec<Found<ArchitectureGoal>>,
    pub(crate) scans: Vec<Found<DriftScan>>,
    pub(crate) detections: Vec<Found<DriftDetection>>,
    pub(crate) snapshots: Vec<Found<ConfigurationSnapshot>>,
    pub(crate) changes: Vec<Found<ConfigurationChange>>,
    pub(crate) contexts: Vec<Found<ContextSwitch>>,
}

/// The sessions whose nested lists a file has.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    pub(crate) activities: HashSet<SessionId>,
    pub(crate) decisions: HashSet<SessionId>,
    pub(crate) issues: HashSet<SessionId>,
}

impl Contents {
    pub(crate) fn has(&self, document: Document) -> bool {
        self.headers.iter().any(|(d, _)| *d == document)
    }

    /// Adds what another file holds.
    pub(crate) fn absorb(&mut self, other: Contents) {
        let Contents {
            headers,
            tasks,
            sessions,
            activities,
            session_decisions,
            session_issues,
            listed,
            issues,
            decisions,
            issues_from_words,
            decisions_from_words,
            states,
            placements,
            goals,
            scans,
            detections,
            snapshots,
            changes,
            contexts,
        } = other;
        self.headers.extend(headers);
        self.tasks.extend(tasks);
        self.sessions.extend(sessions);
        self.activities.extend(activities);
        self.session_decisions.extend(session_decisions);
        self.session_issues.extend(session_issues);
        self.listed.activities.extend(listed.activities);
        self.listed.decisions.extend(listed.decisions);
        self.listed.issues.extend(listed.issues);
        self.issues.extend(issues);
        self.decisions.extend(decisions);
        self.issues_from_words.extend(issues_from_words);
        self.decisions_from_words.extend(decisions_from_words);
        self.states.extend(states);
        self.placements.extend(placements);
        self.goals.extend(goals);
        self.scans.extend(scans);
        self.detections.extend(detections);
        self.snapshots.extend(snapshots);
        self.changes.extend(changes);
        self.contexts.extend(contexts);
    }
}

/// Reads a document. What is wrong with single records is noted; `Err` means that it is no such
/// document at all: where, and why.
pub(crate) fn read(
    document: Document,
    value: Value,
    notes: &mut Notes<'_>,
) -> Result<Contents, (String, String)> {
    let mut header = match value {
        Value::Object(map) => map,
        Value::Array(_) => Map::from_iter([(document.lists()[0].to_owned(), value)]),
        _ => {
            return Err((
                "$".to_owned(),
                "expected an object or a list of records".to_owned(),
            ));
        }
    };
    let mut contents = Contents::default();
    for list in document.lists() {
        let records = match header.remove(*list) {
            None | Some(Value::Null) => continue,
            Some(Value::Array(records)) => records,
            Some(_) => return Err((format!("$.{list}"), "expected a list of records".to_owned())),
        };
        match document {
            Document::Tasks => tasks::read(list, records, notes, &mut contents),
            Document::Sessions => sessions::read(records, notes, &mut contents),
            Document::Issues => issues::read(records, notes, &mut contents),
            Document::Decisions => decisions::read(records, notes, &mut contents),
            Document::Architecture => architecture::read(list, records, notes, &mut contents),
            Document::Drift => drift::read(list, records, notes, &mut contents),
            Document::Configuration => configuration::read(list, records, notes, &mut contents),
            Document::Contexts => contexts::read(records, notes, &mut contents),
        }
    }
    if document == Document::Tasks {
        tasks::read_copies(&header, notes, &mut contents);
    }
    for (name, counts) in &mut header {
        forget_counts(name, counts);
    }
    contents.headers.push((document, header));
    Ok(contents)
}

/// Reads a list of records.
fn records<T: Documented>(
    list: &str,
    records: Vec<Value>,
    notes: &mut Notes<'_>,
    adapt: impl Fn(&mut Reader<'_, '_>),
) -> Vec<Found<T>> {
    let mut found = Vec::with_capacity(records.len());
    for (index, value) in records.into_iter().enumerate() {
        found.extend(record(format!("$.{list}[{index}]"), value, notes, &adapt));
    }
    found
}

fn has_metadata<T: Documented>() -> bool {
    matches!(
        T::KIND,
        "tasks" | "activities" | "issues" | "decisions" | "drift detections"
    )
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(Map::is_empty)
}

fn record<T: Documented>(
    path: String,
    value: Value,
    notes: &mut Notes<'_>,
    adapt: impl Fn(&mut Reader<'_, '_>),
) -> Option<Found<T>> {
    let Value::Object(object) = value else {
        notes.reject(&path, "expected an object");
        return None;
    };
    let mut reader = Reader::new(object, path, notes);
    if has_metadata::<T>() {
        // The earlier tool's tables call it by another name than its documents.
        if reader.peek("metadata").is_none() {
            reader.alias("extra_metadata", "metadata");
        }
        if reader.peek("metadata").is_some_and(is_empty) {
            reader.put("metadata", Value::Null);
        }
    }
    adapt(&mut reader);
    let record = T::from_fields(&mut reader);
    reader.finish(record)
}

/// The fields of a document's counts that are computed anew on export.
fn is_counted(field: &str, key: &str) -> bool {
    use wsdb_core::{IssueStatus, Severity, TaskStatus, Vocabulary};
    match field {
        "task_counts" => key == "total" || TaskStatus::WORDS.contains(&key),
        "issue_counts" => {
            key == "total" || IssueStatus::WORDS.contains(&key) || Severity::WORDS.contains(&key)
        }
        _ => false,
    }
}

fn forget_counts(field: &str, counts: &mut Value) {
    if let Value::Object(counts) = counts {
        counts.retain(|key, _| !is_counted(field, key));
    }
}

/// An object whose fields keep their order.
#[derive(Debug, Default)]
pub(crate) struct Object(pub(crate) Vec<(Cow<'static, str>, Node)>);

/// A value of an [`Object`].
#[derive(Debug)]
pub(crate) enum Node {
    Value(Value),
    List(Vec<Object>),
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, node)| (name, node)))
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Value(value) => value.serialize(serializer),
            Node::List(list) => list.serialize(serializer),
        }
    }
}

impl From<FieldList> for Object {
    fn from(fields: FieldList) -> Self {
        Object(
            fields
                .into_iter()
                .map(|(name, value)| (name, Node::Value(value)))
                .collect(),
        )
    }
}

/// A document's text: its own fields by name, then its lists of records.
pub(crate) fn text(header: Fields, lists: Vec<(&'static str, Vec<Object>)>) -> String {
    let mut document = Object::default();
    let header = header.into_iter();
    document
        .0
        .extend(header.map(|(name, value)| (name.into(), Node::Value(value))));
    let lists = lists.into_iter();
    document
        .0
        .extend(lists.map(|(name, list)| (name.into(), Node::List(list))));
    // Maps of strings to JSON can't fail to be JSON.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// Adds the counts that a header has, or that its document always has.
pub(crate) fn count<'a>(
    header: &mut Fields,
    field: &str,
    always: &[&str],
    words: impl Iterator<Item = &'a str>,
) {
    let mut counts = match header.remove(field) {
        Some(Value::Object(counts)) => counts,
        // Somebody keeps another thing under this name.
        Some(other) => {
            header.insert(field.to_owned(), other);
            return;
        }
        None => Map::new(),
    };
    for word in always {
        counts.insert((*word).to_owned(), Value::from(0));
    }
    for word in words {
        let count = counts.get(word).and_then(Value::as_u64).unwrap_or(0);
        counts.insert(word.to_owned(), Value::from(count + 1));
    }
    header.insert(field.to_owned(), Value::Object(counts));
}

/// Adds a second name for a field, for readers that know only that one.
fn also(fields: &mut FieldList, name: &str, alias: &'static str) {
    if let Some(at) = fields.iter().position(|(n, _)| n == name) {
        let value = fields[at].1.clone();
        fields.insert(at + 1, (alias.into(), value));
    }
}

/// A record as a document shows it.
pub(crate) fn shown<T: Documented>(record: &T) -> FieldList {
    let mut fields = record.to_fields();
    for (name, value) in &mut fields {
        if has_metadata::<T>() && name == "metadata" && value.is_null() {
            *value = Value::Object(Map::new());
        }
    }
    match T::KIND {
        "issues" => {
            also(&mut fields, "issue_type", "type");
            also(&mut fields, "related_task_id", "related_task");
        }
        "activities" => also(&mut fields, "activity_type", "type"),
        _ => {}
    }
    fields
}
