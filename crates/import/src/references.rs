//! Warnings about references to records that do not exist; the references are kept.

use std::collections::HashSet;

use wsdb_core::SessionId;
use wsdb_store::{Record, Records, Store, Transaction};

use crate::document::Contents;
use crate::error::Error;
use crate::merge::{Mode, Warning};
use crate::reader::ParsedRecord;

/// The ids of the records that others refer to.
#[derive(Debug, Default)]
pub(crate) struct KnownIds {
    pub(crate) tasks: HashSet<String>,
    pub(crate) sessions: HashSet<String>,
    pub(crate) issues: HashSet<String>,
    pub(crate) decisions: HashSet<String>,
    states: HashSet<String>,
    placements: HashSet<String>,
    scans: HashSet<String>,
    detections: HashSet<String>,
}

async fn ids<T: Record>(
    records: &Records<'_, Transaction, T>,
) -> Result<HashSet<String>, wsdb_store::Error> {
    Ok(records.ids().await?.into_iter().collect())
}

impl KnownIds {
    pub(crate) async fn load(store: &Store<Transaction>) -> Result<Self, Error> {
        let (architecture, drift) = (store.architecture(), store.drift());
        Ok(KnownIds {
            tasks: ids(&store.tasks()).await?,
            sessions: ids(&store.sessions()).await?,
            issues: ids(&store.issues()).await?,
            decisions: ids(&store.decisions()).await?,
            states: ids(&architecture.states()).await?,
            placements: ids(&architecture.placements()).await?,
            scans: ids(&drift.scans()).await?,
            detections: ids(&drift.detections()).await?,
        })
    }
}

/// Returns the ids that exist after the import.
fn ids_after_import<T: Record>(
    known: &HashSet<String>,
    found: &[ParsedRecord<T>],
    replaced: bool,
) -> HashSet<String> {
    let mut all = if replaced {
        HashSet::new()
    } else {
        known.clone()
    };
    all.extend(
        found
            .iter()
            .map(|found| found.record.id().as_ref().to_owned()),
    );
    all
}

/// Warns about every reference in the documents whose target does not exist after the import.
pub(crate) fn warn(contents: &Contents, known: &KnownIds, mode: Mode, warnings: &mut Vec<Warning>) {
    use crate::document::Document;
    let replaced = |document| mode == Mode::Replace && contents.has(document);
    let tasks = ids_after_import(&known.tasks, &contents.tasks, replaced(Document::Tasks));
    let sessions = ids_after_import(
        &known.sessions,
        &contents.sessions,
        replaced(Document::Sessions),
    );
    let architecture = replaced(Document::Architecture);
    let states = ids_after_import(&known.states, &contents.states, architecture);
    let placements = ids_after_import(&known.placements, &contents.placements, architecture);
    let scans = ids_after_import(&known.scans, &contents.scans, replaced(Document::Drift));
    let detections = ids_after_import(
        &known.detections,
        &contents.detections,
        replaced(Document::Drift),
    );

    let mut missing = MissingReferences(warnings);
    for found in &contents.tasks {
        for id in &found.record.dependencies {
            missing.check(&tasks, found, "dependency", Some(id));
        }
        missing.check(
            &sessions,
            found,
            "session",
            found.record.session_created.as_ref(),
        );
    }
    for found in &contents.issues {
        missing.check(
            &tasks,
            found,
            "related task",
            found.record.related_task_id.as_ref(),
        );
    }
    for found in &contents.decisions {
        missing.check(&sessions, found, "session", found.record.session.as_ref());
        for id in &found.record.related_tasks {
            missing.check(&tasks, found, "related task", Some(id));
        }
        for id in &found.record.related_detections {
            missing.check(&detections, found, "related drift detection", Some(id));
        }
    }
    // An inline record of a session becomes a record if it is complete enough.
    let mut decisions = ids_after_import(
        &known.decisions,
        &contents.decisions,
        replaced(Document::Decisions),
    );
    let words = contents.decisions_from_words.iter();
    decisions.extend(words.map(|found| found.record.id.as_str().to_owned()));
    for found in &contents.decisions {
        for id in &found.record.supersedes {
            missing.check(&decisions, found, "superseded decision", Some(id));
        }
    }
    for found in &contents.session_decisions {
        let (session, id) = (&found.record.session_id, found.record.decision_id.as_ref());
        missing.check_link(&decisions, found, session, "decision", id);
    }
    let mut issues = ids_after_import(&known.issues, &contents.issues, replaced(Document::Issues));
    let words = contents.issues_from_words.iter();
    issues.extend(words.map(|found| found.record.id.as_str().to_owned()));
    for found in &contents.session_issues {
        let (session, id) = (&found.record.session_id, found.record.issue_id.as_ref());
        missing.check_link(&issues, found, session, "issue", id);
    }
    for found in &contents.placements {
        let state = found.record.architecture_state_id.as_ref();
        missing.check(&states, found, "architecture state", state);
    }
    for found in &contents.goals {
        missing.check(&tasks, found, "task", Some(&found.record.task_id));
        let state = found.record.architecture_state_id.as_ref();
        missing.check(&states, found, "architecture state", state);
        missing.check(
            &placements,
            found,
            "component",
            found.record.component_id.as_ref(),
        );
    }
    for found in &contents.detections {
        missing.check(
            &tasks,
            found,
            "related task",
            found.record.related_task_id.as_ref(),
        );
        missing.check(&scans, found, "scan", found.record.scan_id.as_ref());
    }
    for found in &contents.changes {
        let detection = found.record.drift_detection_id.as_ref();
        missing.check(&detections, found, "drift detection", detection);
    }
}

struct MissingReferences<'a>(&'a mut Vec<Warning>);

impl MissingReferences<'_> {
    fn check_link<T>(
        &mut self,
        known: &HashSet<String>,
        found: &ParsedRecord<T>,
        session: &SessionId,
        what: &str,
        id: Option<&impl AsRef<str>>,
    ) {
        if let Some(id) = id.map(AsRef::as_ref).filter(|id| !known.contains(*id)) {
            self.0.push(Warning {
                file: Some(found.file.to_path_buf()),
                path: found.path.clone(),
                message: format!("session {session}: {what} {id} does not exist"),
            });
        }
    }

    fn check<T: Record>(
        &mut self,
        known: &HashSet<String>,
        found: &ParsedRecord<T>,
        what: &str,
        id: Option<&impl AsRef<str>>,
    ) {
        let Some(id) = id.map(AsRef::as_ref).filter(|id| !known.contains(*id)) else {
            return;
        };
        self.0.push(Warning {
            file: Some(found.file.to_path_buf()),
            path: found.path.clone(),
            message: format!(
                "{} {}: {what} {id} does not exist",
                T::NOUN,
                found.record.id().as_ref()
            ),
        });
    }
}
