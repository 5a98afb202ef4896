//! Warnings about references to records that do not exist, or that are or may be different records here;
//! the references are kept.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wsdb_core::{
    ArchitectureState, ComponentPlacement, Decision, DriftDetection, DriftScan, Issue, Session,
    SessionId, Task,
};
use wsdb_store::{Record, Store, Transaction};

use crate::document::{Contents, has_list_of};
use crate::document_paths::{DocumentPaths, files_of_folders, folder_of};
use crate::error::{Error, Reject};
use crate::identity::are_different_records;
use crate::merge_base::{MergeBase, load_by_id, paths_of};
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::rejected_ids::RejectedIds;
use crate::renumber::{NewIds, OwnVersion};
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

            /// Returns the ids of the records in the documents of one folder.
            fn in_folder(contents: &Contents, folder: &Path) -> Self {
                let is_there = |file: &Path| folder_of(file) == folder;
                let mut ids = KnownIds {
                    $($kind: {
                        let parsed = contents.records.$kind.iter();
                        let parsed = parsed.filter(|parsed| is_there(&parsed.file));
                        parsed.map(|parsed| parsed.record.id().as_ref().to_owned()).collect()
                    },)*
                };
                ids.add_inline(contents, is_there);
                ids
            }

            /// Returns the ids here of the records that the documents of one folder held when they were
            /// last read or written.
            async fn held_in_folder(
                store: &Store<Transaction>,
                paths: &DocumentPaths,
                folder: &Path,
            ) -> Result<Self, Error> {
                let mut held = KnownIds::default();
                for (path, file) in files_of_folders(paths) {
                    if folder_of(file) != folder {
                        continue;
                    }
                    $({
                        let kind = <wsdb_core::$record as DocumentRecord>::KIND;
                        let entries = store.documents().entries(&path, kind).await?;
                        held.$kind.extend(entries.into_iter().map(|entry| entry.record_id));
                    })*
                }
                Ok(held)
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
                        let is_replaced = mode == Mode::Replace
                            && has_list_of::<wsdb_core::$record>(&contents.lists);
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

impl KnownIds {
    /// Adds the inline records of sessions, which become records if they are complete enough.
    fn add_inline(&mut self, contents: &Contents, is_included: impl Fn(&Path) -> bool) {
        let decisions = contents.inline_decisions.iter();
        let decisions = decisions.filter(|parsed| is_included(&parsed.file));
        let ids = decisions.map(|parsed| parsed.record.id.as_str().to_owned());
        self.decisions.extend(ids);
        let issues = contents.inline_issues.iter();
        let issues = issues.filter(|parsed| is_included(&parsed.file));
        let ids = issues.map(|parsed| parsed.record.id.as_str().to_owned());
        self.issues.extend(ids);
    }
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
    known.add_inline(contents, |_| true);
    check_references(contents, warnings, &mut |reference| {
        if known.contains(reference.kind, reference.id) {
            return None;
        }
        // An id may have spaces, but a description in place of one is more likely.
        Some(if reference.id.contains(char::is_whitespace) {
            let advice = "is not the ID of a record; write the ID, or move the text to the notes";
            format!("{:?} {advice}", reference.id)
        } else {
            format!("{} does not exist", reference.id)
        })
    });
}

/// Warns about references to records in the documents that are left out, because different records in
/// the database, which have their ids, are preferred.
pub(crate) fn warn_about_different(
    contents: &Contents,
    different: &KnownIds,
    warnings: &mut Vec<Warning>,
) {
    check_references(contents, warnings, &mut |reference| {
        let (owner, id) = reference.owner;
        let is_left_out = different.contains(owner, id);
        (!is_left_out && different.contains(reference.kind, reference.id)).then(|| {
            format!(
                "{} is a different record in the database, and the one in the file was left out; use \
                 --renumber instead of --prefer to import it with a new ID",
                reference.id
            )
        })
    });
}

/// Warns about references in documents of other workspaces that may mean another record than the one with
/// this id here: the documents do not contain the record, or their record got a new id after the one
/// that refers to it was imported.
pub(crate) async fn warn_about_other_records(
    store: &Store<Transaction>,
    paths: &DocumentPaths,
    contents: &Contents,
    known: &KnownIds,
    new_ids: &NewIds,
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    let mut in_folders: HashMap<PathBuf, KnownIds> = HashMap::new();
    let mut unclear: HashSet<PathBuf> = HashSet::new();
    let mut is_unclear = |reference: &Reference<'_, '_>| {
        let (ids, folder) = (new_ids.of(reference.file), folder_of(reference.file));
        let has_id = |known: &KnownIds| known.contains(reference.kind, reference.id);
        let is_assigned = ids.is_some_and(|ids| ids.is_assigned(reference.kind, reference.id));
        let is_of_other_workspace = ids.is_some() || new_ids.is_renumbering;
        is_of_other_workspace && !is_assigned && has_id(known) && {
            let in_folder = in_folders.entry(folder.to_owned());
            !has_id(in_folder.or_insert_with(|| KnownIds::in_folder(contents, folder)))
        }
    };
    let own_version = |reference: &Reference<'_, '_>| {
        let (kind, id) = reference.owner_in_file?;
        new_ids.own_version(reference.file, kind, id)
    };
    visit_references(contents, &mut |reference| {
        if own_version(reference).is_none() && is_unclear(reference) {
            unclear.insert(folder_of(reference.file).to_owned());
        }
    });
    let mut held = HashMap::new();
    for folder in unclear {
        let ids = KnownIds::held_in_folder(store, paths, &folder).await?;
        held.insert(folder, ids);
    }
    check_references(contents, warnings, &mut |reference| {
        let Reference { kind, id, .. } = *reference;
        if let Some(version) = own_version(reference) {
            let new = new_ids.of(reference.file)?.of_kind(kind, id)?;
            return (version == OwnVersion::Current).then(|| {
                format!(
                    "{id} is a different record in the database; {id} in the documents of this folder was \
                     imported as {new}; if the reference is to the imported record, change it to {new}"
                )
            });
        }
        let is_held = |held: &KnownIds| held.contains(kind, id);
        let is_held = held.get(folder_of(reference.file)).is_some_and(is_held);
        (!is_held && is_unclear(reference)).then(|| {
            format!(
                "{id} is not in the documents; the record with this ID in the database may be a \
                 different one"
            )
        })
    });
    Ok(())
}

/// A reference of a record in the documents.
struct Reference<'r, 'w> {
    file: &'r Arc<Path>,
    path: &'r str,
    /// The kind and the id of the record; a link belongs to its session.
    owner: (&'static str, &'r str),
    /// The id of the record in the file; `None` for a link.
    owner_in_file: Option<(&'static str, &'r str)>,
    /// What the referenced record is, after the record that refers to it.
    what: &'w dyn Fn() -> String,
    /// The kind and the id of the referenced record.
    kind: &'static str,
    id: &'r str,
}

/// Warns about every reference in the documents that has a problem, which `problem_of` returns.
fn check_references(
    contents: &Contents,
    warnings: &mut Vec<Warning>,
    problem_of: &mut dyn FnMut(&Reference<'_, '_>) -> Option<String>,
) {
    visit_references(contents, &mut |reference| {
        if let Some(problem) = problem_of(reference) {
            warnings.push(Warning {
                file: Some(reference.file.to_path_buf()),
                path: reference.path.to_owned(),
                message: format!("{} {problem}", (reference.what)()),
            });
        }
    });
}

/// Visits the references in the documents to records that have a document.
fn visit_references<'r>(contents: &'r Contents, visit: &mut dyn FnMut(&Reference<'r, '_>)) {
    let records = &contents.records;
    let mut references = Visitor { visit };
    for task in &records.tasks {
        for id in &task.record.dependencies {
            references.visit::<Task, _>(task, "dependency", Some(id));
        }
        let session = task.record.session_created.as_ref();
        references.visit::<Session, _>(task, "session", session);
    }
    for issue in &records.issues {
        let task = issue.record.related_task_id.as_ref();
        references.visit::<Task, _>(issue, "related task", task);
    }
    for decision in &records.decisions {
        let session = decision.record.session.as_ref();
        references.visit::<Session, _>(decision, "session", session);
        for id in &decision.record.related_tasks {
            references.visit::<Task, _>(decision, "related task", Some(id));
        }
        for id in &decision.record.related_detections {
            let what = "related drift detection";
            references.visit::<DriftDetection, _>(decision, what, Some(id));
        }
    }
    for decision in &records.decisions {
        for id in &decision.record.supersedes {
            references.visit::<Decision, _>(decision, "superseded decision", Some(id));
        }
    }
    for link in &records.session_decisions {
        let (session, id) = (&link.record.session_id, link.record.decision_id.as_ref());
        references.visit_link::<Decision, _>(link, session, "decision", id);
    }
    for link in &records.session_issues {
        let (session, id) = (&link.record.session_id, link.record.issue_id.as_ref());
        references.visit_link::<Issue, _>(link, session, "issue", id);
    }
    for placement in &records.placements {
        let state = placement.record.architecture_state_id.as_ref();
        references.visit::<ArchitectureState, _>(placement, "state", state);
    }
    for goal in &records.goals {
        references.visit::<Task, _>(goal, "task", Some(&goal.record.task_id));
        let state = goal.record.architecture_state_id.as_ref();
        references.visit::<ArchitectureState, _>(goal, "state", state);
        let component = goal.record.component_id.as_ref();
        references.visit::<ComponentPlacement, _>(goal, "component", component);
    }
    for detection in &records.detections {
        let task = detection.record.related_task_id.as_ref();
        references.visit::<Task, _>(detection, "related task", task);
        let scan = detection.record.scan_id.as_ref();
        references.visit::<DriftScan, _>(detection, "scan", scan);
    }
    for change in &records.changes {
        let detection = change.record.drift_detection_id.as_ref();
        references.visit::<DriftDetection, _>(change, "drift detection", detection);
    }
}

struct Visitor<'r, 'v> {
    visit: &'v mut dyn FnMut(&Reference<'r, '_>),
}

impl<'r> Visitor<'r, '_> {
    /// Visits what a link of a session refers to.
    fn visit_link<T: DocumentRecord, L>(
        &mut self,
        link: &'r ParsedRecord<L>,
        session: &'r SessionId,
        what: &str,
        id: Option<&'r T::Id>,
    ) {
        if let Some(id) = id {
            (self.visit)(&Reference {
                file: &link.file,
                path: &link.path,
                owner: (Session::KIND, session.as_str()),
                owner_in_file: None,
                what: &|| format!("session {session}: {what}"),
                kind: T::KIND,
                id: id.as_ref(),
            });
        }
    }

    /// Visits a reference of a record to one of the kind `T`.
    fn visit<T: DocumentRecord, O: DocumentRecord>(
        &mut self,
        owner: &'r ParsedRecord<O>,
        what: &str,
        id: Option<&'r T::Id>,
    ) {
        let own_id = owner.record.id().as_ref();
        if let Some(id) = id {
            (self.visit)(&Reference {
                file: &owner.file,
                path: &owner.path,
                owner: (O::KIND, own_id),
                owner_in_file: Some((O::KIND, owner.id_in_file())),
                what: &|| format!("{} {own_id}: {what}", O::NOUN),
                kind: T::KIND,
                id: id.as_ref(),
            });
        }
    }
}
