//! The contents of documents.

use std::collections::HashSet;

use wsdb_core::{
    Action, Activity, ArchitectureGoal, ArchitectureState, Claim, ComponentPlacement,
    ConfigurationChange, ConfigurationSnapshot, ContextSwitch, Decision, DriftDetection, DriftScan,
    Fields, Issue, RecordChange, Session, SessionDecision, SessionId, SessionIssue, Task,
};

use super::Document;
use crate::error::Reject;
use crate::reader::Found;

/// The records and document fields of one or more documents.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) headers: Vec<(Document, Fields)>,
    pub(crate) tasks: Vec<Found<Task>>,
    pub(crate) claims: Vec<Found<Claim>>,
    pub(crate) sessions: Vec<Found<Session>>,
    pub(crate) activities: Vec<Found<Activity>>,
    pub(crate) session_decisions: Vec<Found<SessionDecision>>,
    pub(crate) session_issues: Vec<Found<SessionIssue>>,
    /// The sessions whose nested lists the file contains; it says nothing about the others.
    pub(crate) listed: Listed,
    pub(crate) issues: Vec<Found<Issue>>,
    pub(crate) decisions: Vec<Found<Decision>>,
    /// Inline records, which are used if the record exists nowhere else.
    pub(crate) issues_from_words: Vec<Found<Issue>>,
    pub(crate) decisions_from_words: Vec<Found<Decision>>,
    /// Problems with inline records, by kind and id; they count if the record exists nowhere else.
    pub(crate) unheld: Vec<(&'static str, String, Reject)>,
    pub(crate) states: Vec<Found<ArchitectureState>>,
    pub(crate) placements: Vec<Found<ComponentPlacement>>,
    pub(crate) goals: Vec<Found<ArchitectureGoal>>,
    pub(crate) scans: Vec<Found<DriftScan>>,
    pub(crate) detections: Vec<Found<DriftDetection>>,
    pub(crate) snapshots: Vec<Found<ConfigurationSnapshot>>,
    pub(crate) changes: Vec<Found<ConfigurationChange>>,
    pub(crate) contexts: Vec<Found<ContextSwitch>>,
    pub(crate) history: Vec<(Action, Vec<RecordChange>)>,
}

/// The sessions whose nested lists a file contains.
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

    /// Adds the contents of another file.
    pub(crate) fn absorb(&mut self, other: Contents) {
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
        join(&mut self.headers, headers);
        join(&mut self.tasks, tasks);
        join(&mut self.claims, claims);
        join(&mut self.sessions, sessions);
        join(&mut self.activities, activities);
        join(&mut self.session_decisions, session_decisions);
        join(&mut self.session_issues, session_issues);
        self.listed.activities.extend(listed.activities);
        self.listed.decisions.extend(listed.decisions);
        self.listed.issues.extend(listed.issues);
        join(&mut self.issues, issues);
        join(&mut self.decisions, decisions);
        join(&mut self.issues_from_words, issues_from_words);
        join(&mut self.decisions_from_words, decisions_from_words);
        join(&mut self.unheld, unheld);
        join(&mut self.states, states);
        join(&mut self.placements, placements);
        join(&mut self.goals, goals);
        join(&mut self.scans, scans);
        join(&mut self.detections, detections);
        join(&mut self.snapshots, snapshots);
        join(&mut self.changes, changes);
        join(&mut self.contexts, contexts);
        join(&mut self.history, history);
    }
}

/// Moves the second list, and copies only if both have items.
fn join<T>(all: &mut Vec<T>, mut more: Vec<T>) {
    if all.is_empty() {
        *all = more;
    } else {
        all.append(&mut more);
    }
}
