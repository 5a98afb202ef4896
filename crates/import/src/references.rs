//! Warnings about references to records that do not exist; the references are kept.

use std::collections::HashSet;

use wsdb_core::SessionId;
use wsdb_store::{Record, Store, Transaction};

use crate::document::Contents;
use crate::error::{Error, Reject};
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::rejected_ids::RejectedIds;
use crate::report::{Mode, Warning};

macro_rules! define_known_ids {
    ($($kind:ident: $record:ident,)*) => {
        /// The ids of the records that others refer to.
        #[derive(Debug, Default)]
        pub(crate) struct KnownIds {
            $(pub(crate) $kind: HashSet<String>,)*
        }

        impl KnownIds {
            pub(crate) async fn load(store: &Store<Transaction>) -> Result<Self, Error> {
                Ok(KnownIds {
                    $($kind: ids::<wsdb_core::$record>(store).await?,)*
                })
            }

            /// Returns the ids that exist after the import.
            fn after_import(&self, contents: &Contents, mode: Mode, rejects: &[Reject]) -> Self {
                KnownIds {
                    $($kind: {
                        let document = <wsdb_core::$record as DocumentRecord>::DOCUMENT;
                        let is_replaced = mode == Mode::Replace && contents.has(document);
                        let rejected = RejectedIds::new::<wsdb_core::$record>(rejects);
                        let is_kept = |id: &str| !is_replaced || rejected.may_contain(id);
                        with_parsed(&self.$kind, is_kept, &contents.records.$kind)
                    },)*
                }
            }
        }
    };
}
define_known_ids! {
    tasks: Task,
    sessions: Session,
    issues: Issue,
    decisions: Decision,
    states: ArchitectureState,
    placements: ComponentPlacement,
    scans: DriftScan,
    detections: DriftDetection,
}

async fn ids<T: Record>(store: &Store<Transaction>) -> Result<HashSet<String>, wsdb_store::Error> {
    Ok(store.records::<T>().ids().await?.into_iter().collect())
}

fn with_parsed<T: Record>(
    known: &HashSet<String>,
    is_kept: impl Fn(&str) -> bool,
    parsed: &[ParsedRecord<T>],
) -> HashSet<String> {
    let kept = known.iter().filter(|id| is_kept(id));
    let mut ids: HashSet<String> = kept.cloned().collect();
    let parsed = parsed.iter();
    ids.extend(parsed.map(|parsed| parsed.record.id().as_ref().to_owned()));
    ids
}

/// Warns about every reference in the documents whose target does not exist after the import.
pub(crate) fn warn(
    contents: &Contents,
    known: &KnownIds,
    mode: Mode,
    rejects: &[Reject],
    warnings: &mut Vec<Warning>,
) {
    let mut known = known.after_import(contents, mode, rejects);
    // An inline record of a session becomes a record if it is complete enough.
    let inline = contents.inline_decisions.iter();
    let inline = inline.map(|parsed| parsed.record.id.as_str().to_owned());
    known.decisions.extend(inline);
    let inline = contents.inline_issues.iter();
    let inline = inline.map(|parsed| parsed.record.id.as_str().to_owned());
    known.issues.extend(inline);

    let records = &contents.records;
    let mut missing = MissingReferences(warnings);
    for task in &records.tasks {
        for id in &task.record.dependencies {
            missing.check(&known.tasks, task, "dependency", Some(id));
        }
        let session = task.record.session_created.as_ref();
        missing.check(&known.sessions, task, "session", session);
    }
    for issue in &records.issues {
        let task = issue.record.related_task_id.as_ref();
        missing.check(&known.tasks, issue, "related task", task);
    }
    for decision in &records.decisions {
        let session = decision.record.session.as_ref();
        missing.check(&known.sessions, decision, "session", session);
        for id in &decision.record.related_tasks {
            missing.check(&known.tasks, decision, "related task", Some(id));
        }
        for id in &decision.record.related_detections {
            let what = "related drift detection";
            missing.check(&known.detections, decision, what, Some(id));
        }
    }
    for decision in &records.decisions {
        for id in &decision.record.supersedes {
            missing.check(&known.decisions, decision, "superseded decision", Some(id));
        }
    }
    for link in &records.session_decisions {
        let (session, id) = (&link.record.session_id, link.record.decision_id.as_ref());
        missing.check_link(&known.decisions, link, session, "decision", id);
    }
    for link in &records.session_issues {
        let (session, id) = (&link.record.session_id, link.record.issue_id.as_ref());
        missing.check_link(&known.issues, link, session, "issue", id);
    }
    for placement in &records.placements {
        let state = placement.record.architecture_state_id.as_ref();
        missing.check(&known.states, placement, "state", state);
    }
    for goal in &records.goals {
        missing.check(&known.tasks, goal, "task", Some(&goal.record.task_id));
        let state = goal.record.architecture_state_id.as_ref();
        missing.check(&known.states, goal, "state", state);
        let component = goal.record.component_id.as_ref();
        missing.check(&known.placements, goal, "component", component);
    }
    for detection in &records.detections {
        let task = detection.record.related_task_id.as_ref();
        missing.check(&known.tasks, detection, "related task", task);
        let scan = detection.record.scan_id.as_ref();
        missing.check(&known.scans, detection, "scan", scan);
    }
    for change in &records.changes {
        let detection = change.record.drift_detection_id.as_ref();
        missing.check(&known.detections, change, "drift detection", detection);
    }
}

struct MissingReferences<'a>(&'a mut Vec<Warning>);

impl MissingReferences<'_> {
    fn check_link<T>(
        &mut self,
        known: &HashSet<String>,
        parsed: &ParsedRecord<T>,
        session: &SessionId,
        what: &str,
        id: Option<&impl AsRef<str>>,
    ) {
        if let Some(id) = id.map(AsRef::as_ref).filter(|id| !known.contains(*id)) {
            self.0.push(Warning {
                file: Some(parsed.file.to_path_buf()),
                path: parsed.path.clone(),
                message: format!("session {session}: {what} {id} does not exist"),
            });
        }
    }

    fn check<T: Record>(
        &mut self,
        known: &HashSet<String>,
        parsed: &ParsedRecord<T>,
        what: &str,
        id: Option<&impl AsRef<str>>,
    ) {
        let Some(id) = id.map(AsRef::as_ref).filter(|id| !known.contains(*id)) else {
            return;
        };
        self.0.push(Warning {
            file: Some(parsed.file.to_path_buf()),
            path: parsed.path.clone(),
            message: format!(
                "{} {}: {what} {id} does not exist",
                T::NOUN,
                parsed.record.id().as_ref()
            ),
        });
    }
}
