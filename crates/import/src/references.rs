//! Warnings about references to records that do not exist, or that are different records here; the
//! references are kept.

use std::collections::HashSet;

use wsdb_core::{Session, SessionId};
use wsdb_store::{Record, Store, Transaction};

use crate::document::Contents;
use crate::document_paths::DocumentPaths;
use crate::error::{Error, Reject};
use crate::merge::are_different_records;
use crate::merge_base::{MergeBase, load_by_id, paths_of};
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

            /// Returns whether a record of a kind has an id.
            fn contains(&self, kind: &str, id: &str) -> bool {
                $(if kind == <wsdb_core::$record as DocumentRecord>::KIND {
                    return self.$kind.contains(id);
                })*
                false
            }

            /// Returns the ids in the documents that different records in the database have.
            pub(crate) async fn load_different(
                store: &Store<Transaction>,
                paths: &DocumentPaths,
                contents: &Contents,
            ) -> Result<Self, Error> {
                Ok(KnownIds {
                    $($kind: {
                        let parsed = &contents.records.$kind;
                        different_ids::<wsdb_core::$record>(store, paths, parsed).await?
                    },)*
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

/// Returns the ids of records in files that different records in the database have.
async fn different_ids<T: DocumentRecord>(
    store: &Store<Transaction>,
    paths: &DocumentPaths,
    parsed: &[ParsedRecord<T>],
) -> Result<HashSet<String>, Error> {
    if parsed.is_empty() {
        return Ok(HashSet::new());
    }
    let known = load_by_id::<T>(store).await?;
    let base = MergeBase::load(store, &paths_of(paths, parsed), paths, parsed, &known).await?;
    let different = parsed.iter().filter(|parsed| {
        let record = known.get(parsed.record.id().as_ref());
        record.is_some_and(|record| are_different_records(parsed, record))
            && base.of(&paths.of(&parsed.file), parsed).is_none()
    });
    Ok(different
        .map(|parsed| parsed.record.id().as_ref().to_owned())
        .collect())
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

    check_references(contents, &known, Problem::Missing, warnings);
}

/// Warns about references to records in the documents that are left out, because different records in
/// the database, which have their ids, are preferred.
pub(crate) fn warn_about_different(
    contents: &Contents,
    different: &KnownIds,
    warnings: &mut Vec<Warning>,
) {
    check_references(contents, different, Problem::LeftOut, warnings);
}

/// Warns about every reference in the documents that has a problem. `ids` are those of the records that
/// exist, or those of the records that are left out.
fn check_references(
    contents: &Contents,
    ids: &KnownIds,
    problem: Problem,
    warnings: &mut Vec<Warning>,
) {
    let records = &contents.records;
    let mut references = ReferenceChecks {
        all: ids,
        problem,
        warnings,
    };
    for task in &records.tasks {
        for id in &task.record.dependencies {
            references.check(&ids.tasks, task, "dependency", Some(id));
        }
        let session = task.record.session_created.as_ref();
        references.check(&ids.sessions, task, "session", session);
    }
    for issue in &records.issues {
        let task = issue.record.related_task_id.as_ref();
        references.check(&ids.tasks, issue, "related task", task);
    }
    for decision in &records.decisions {
        let session = decision.record.session.as_ref();
        references.check(&ids.sessions, decision, "session", session);
        for id in &decision.record.related_tasks {
            references.check(&ids.tasks, decision, "related task", Some(id));
        }
        for id in &decision.record.related_detections {
            let what = "related drift detection";
            references.check(&ids.detections, decision, what, Some(id));
        }
    }
    for decision in &records.decisions {
        for id in &decision.record.supersedes {
            references.check(&ids.decisions, decision, "superseded decision", Some(id));
        }
    }
    for link in &records.session_decisions {
        let (session, id) = (&link.record.session_id, link.record.decision_id.as_ref());
        references.check_link(&ids.decisions, link, session, "decision", id);
    }
    for link in &records.session_issues {
        let (session, id) = (&link.record.session_id, link.record.issue_id.as_ref());
        references.check_link(&ids.issues, link, session, "issue", id);
    }
    for placement in &records.placements {
        let state = placement.record.architecture_state_id.as_ref();
        references.check(&ids.states, placement, "state", state);
    }
    for goal in &records.goals {
        references.check(&ids.tasks, goal, "task", Some(&goal.record.task_id));
        let state = goal.record.architecture_state_id.as_ref();
        references.check(&ids.states, goal, "state", state);
        let component = goal.record.component_id.as_ref();
        references.check(&ids.placements, goal, "component", component);
    }
    for detection in &records.detections {
        let task = detection.record.related_task_id.as_ref();
        references.check(&ids.tasks, detection, "related task", task);
        let scan = detection.record.scan_id.as_ref();
        references.check(&ids.scans, detection, "scan", scan);
    }
    for change in &records.changes {
        let detection = change.record.drift_detection_id.as_ref();
        references.check(&ids.detections, change, "drift detection", detection);
    }
}

/// What is wrong with a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Problem {
    /// The record does not exist.
    Missing,
    /// A different record in the database has its id, and the one in the documents is left out.
    LeftOut,
}

struct ReferenceChecks<'a> {
    all: &'a KnownIds,
    problem: Problem,
    warnings: &'a mut Vec<Warning>,
}

impl ReferenceChecks<'_> {
    fn check_link<T>(
        &mut self,
        ids: &HashSet<String>,
        parsed: &ParsedRecord<T>,
        session: &SessionId,
        what: &str,
        id: Option<&impl AsRef<str>>,
    ) {
        if self.is_left_out(Session::KIND, session.as_str()) {
            return;
        }
        if let Some(id) = id.map(AsRef::as_ref).filter(|id| self.has_problem(ids, id)) {
            self.add(parsed, &format!("session {session}: {what}"), id);
        }
    }

    fn check<T: DocumentRecord>(
        &mut self,
        ids: &HashSet<String>,
        parsed: &ParsedRecord<T>,
        what: &str,
        id: Option<&impl AsRef<str>>,
    ) {
        let record = parsed.record.id().as_ref();
        if self.is_left_out(T::KIND, record) {
            return;
        }
        if let Some(id) = id.map(AsRef::as_ref).filter(|id| self.has_problem(ids, id)) {
            self.add(parsed, &format!("{} {record}: {what}", T::NOUN), id);
        }
    }

    fn is_left_out(&self, kind: &str, id: &str) -> bool {
        self.problem == Problem::LeftOut && self.all.contains(kind, id)
    }

    fn has_problem(&self, ids: &HashSet<String>, id: &str) -> bool {
        match self.problem {
            Problem::Missing => !ids.contains(id),
            Problem::LeftOut => ids.contains(id),
        }
    }

    fn add<T>(&mut self, parsed: &ParsedRecord<T>, what: &str, id: &str) {
        // An id may have spaces, but a description in place of one is more likely.
        let is_text = self.problem == Problem::Missing && id.contains(char::is_whitespace);
        let id = if is_text {
            format!("{id:?}")
        } else {
            id.to_owned()
        };
        let reason = match self.problem {
            Problem::Missing if is_text => {
                "is not the ID of a record; write the ID, or move the text to the notes"
            }
            Problem::Missing => "does not exist",
            Problem::LeftOut => {
                "is a different record in the database, and that of the file was left out; with \
                 --renumber instead of --prefer, both are imported"
            }
        };
        self.warnings.push(Warning {
            file: Some(parsed.file.to_path_buf()),
            path: parsed.path.clone(),
            message: format!("{what} {id} {reason}"),
        });
    }
}
