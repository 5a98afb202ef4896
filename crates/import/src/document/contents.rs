//! The contents of documents.

use std::collections::HashSet;

use wsdb_core::{
    Action, Activity, ArchitectureGoal, ArchitectureState, Claim, ComponentPlacement,
    ConfigurationChange, ConfigurationSnapshot, ContextSwitch, Decision, DriftDetection, DriftScan,
    Issue, JsonObject, RecordChange, Session, SessionDecision, SessionId, SessionIssue, Task,
};

use super::Document;
use crate::error::Reject;
use crate::reader::ParsedRecord;

/// The records and document fields of one or more documents.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) headers: Vec<(Document, JsonObject)>,
    pub(crate) tasks: Vec<ParsedRecord<Task>>,
    pub(crate) claims: Vec<ParsedRecord<Claim>>,
    pub(crate) sessions: Vec<ParsedRecord<Session>>,
    pub(crate) activities: Vec<ParsedRecord<Activity>>,
    pub(crate) session_decisions: Vec<ParsedRecord<SessionDecision>>,
    pub(crate) session_issues: Vec<ParsedRecord<SessionIssue>>,
    /// The sessions whose nested lists the file contains; it may omit those of others.
    pub(crate) listed: SessionsWithLists,
    pub(crate) issues: Vec<ParsedRecord<Issue>>,
    pub(crate) decisions: Vec<ParsedRecord<Decision>>,
    /// Inline records, which are used if the record exists nowhere else.
    pub(crate) issues_from_words: Vec<ParsedRecord<Issue>>,
    pub(crate) decisions_from_words: Vec<ParsedRecord<Decision>>,
    /// Problems with inline records, by kind and id; they count if the record exists nowhere else.
    pub(crate) unheld: Vec<(&'static str, String, Reject)>,
    pub(crate) states: Vec<ParsedRecord<ArchitectureState>>,
    pub(crate) placements: Vec<ParsedRecord<ComponentPlacement>>,
    pub(crate) goals: Vec<ParsedRecord<ArchitectureGoal>>,
    pub(crate) scans: Vec<ParsedRecord<DriftScan>>,
    pub(crate) detections: Vec<ParsedRecord<DriftDetection>>,
    pub(crate) snapshots: Vec<ParsedRecord<ConfigurationSnapshot>>,
    pub(crate) changes: Vec<ParsedRecord<ConfigurationChange>>,
    pub(crate) contexts: Vec<ParsedRecord<ContextSwitch>>,
    pub(crate) history: Vec<(Action, Vec<RecordChange>)>,
}

/// The sessions whose nested lists a file contains.
#[derive(Debug, Default)]
pub(crate) struct SessionsWithLists {
    pub(crate) activities: HashSet<SessionId>,
    pub(crate) decisions: HashSet<SessionId>,
    pub(crate) issues: HashSet<SessionId>,
}

impl Contents {
    pub(crate) fn has(&self, document: Document) -> bool {
        self.headers.iter().any(|(d, _)| *d == document)
    }

    /// Adds the contents of another file.
    pub(crate) fn extend(&mut self, other: Contents) {
        let Contents {
            headers,
            tasks,
            claims,
            sessions,
            activities,
            session_decisions,
            session_issues,
            listed,
            issues,
            decisions,
            issues_from_words,
            decisions_from_words,
            unheld,
            states,
            placements,
            goals,
            scans,
            detections,
            snapshots,
            changes,
            contexts,
            history,
        } = other;
        append(&mut self.headers, headers);
        append(&mut self.tasks, tasks);
        append(&mut self.claims, claims);
        append(&mut self.sessions, sessions);
        append(&mut self.activities, activities);
        append(&mut self.session_decisions, session_decisions);
        append(&mut self.session_issues, session_issues);
        self.listed.activities.extend(listed.activities);
        self.listed.decisions.extend(listed.decisions);
        self.listed.issues.extend(listed.issues);
        append(&mut self.issues, issues);
        append(&mut self.decisions, decisions);
        append(&mut self.issues_from_words, issues_from_words);
        append(&mut self.decisions_from_words, decisions_from_words);
        append(&mut self.unheld, unheld);
        append(&mut self.states, states);
        append(&mut self.placements, placements);
        append(&mut self.goals, goals);
        append(&mut self.scans, scans);
        append(&mut self.detections, detections);
        append(&mut self.snapshots, snapshots);
        append(&mut self.changes, changes);
        append(&mut self.contexts, contexts);
        append(&mut self.history, history);
    }
}

/// Moves the second list, and copies only if both have items.
fn append<T>(all: &mut Vec<T>, mut more: Vec<T>) {
    if all.is_empty() {
        *all = more;
    } else {
        all.append(&mut more);
    }
}
