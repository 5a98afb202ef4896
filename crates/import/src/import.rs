//! Carries out an import: reads the database, plans the changes and writes them in one transaction.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use wsdb_core::{
    ArchitectureState, Claim, ComponentPlacement, ContextSwitch, Decision, Issue, Session,
    SessionId, Task,
};
use wsdb_store::{KnownVersion, OnDelete, Store, Transaction, for_each_kind};

use crate::document::{Contents, Document, ParsedRecords, SessionsWithLists, has_list_of};
use crate::document_header::{self, HeaderChange};
use crate::document_paths::DocumentPaths;
use crate::edited_entries;
use crate::error::{Error, Reject, RejectedIdentity};
use crate::history;
use crate::invalid_revs::remove_invalid_revs;
use crate::merge::{Changes, Ended, MergeOptions};
use crate::merge_base::EntryChanges;
use crate::planner::Planner;
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::references::{self, KnownIds};
use crate::rejected_ids::RejectedIds;
use crate::renumber;
use crate::report::{ConflictResolution, ImportSummary, Mode, Progress, ProgressStage, Warning};
use crate::shape::ShapeText;
use crate::shapes::{self, BARE_LIST, FileOrder, RecordOrder, Shapes};
use crate::unique::{self, CONTEXT_ID, PLACEMENT_OF, STATE_NAME, UniqueValue};

macro_rules! define_record_changes {
    ($($kind:ident: $record:ident,)*) => {
        /// The changes of every kind of record.
        #[derive(Default)]
        struct RecordChanges {
            $($kind: Changes<wsdb_core::$record>,)*
        }

        impl RecordChanges {
            /// Returns how many records are written or deleted.
            fn len(&self) -> usize {
                [$(self.$kind.len()),*].into_iter().sum()
            }

            /// Takes what the files hold, to compute the versions on another thread.
            fn take_entries(&mut self) -> Vec<EntriesTask> {
                vec![$(take_entries(&mut self.$kind)),*]
            }

            async fn write(
                &self,
                store: &Store<Transaction>,
                progress: &dyn Progress,
            ) -> Result<(), Error> {
                $(delete_records(store, &self.$kind, progress).await?;)*
                $(write_records(store, &self.$kind, progress).await?;)*
                Ok(())
            }

            /// Notes which records the rejected ones with repeated ids may be, so that these are kept.
            async fn keep_possible_records(
                store: &Store<Transaction>,
                records: &ParsedRecords,
                summary: &mut ImportSummary,
            ) -> Result<(), Error> {
                $(keep_possible_records::<wsdb_core::$record>(store, &records.$kind, summary).await?;)*
                Ok(())
            }

            /// Plans the kinds of the documents in which every record stands for itself.
            async fn plan_independent(
                &mut self,
                planner: &mut Planner<'_>,
                records: &mut ParsedRecords,
            ) -> Result<(), Error> {
                $(if planner.has_independent::<wsdb_core::$record>() {
                    let parsed = std::mem::take(&mut records.$kind);
                    let is_covered = planner.covers::<wsdb_core::$record>();
                    self.$kind = planner.plan(parsed, |_| is_covered).await?;
                })*
                Ok(())
            }
        }
    };
}
for_each_kind!(define_record_changes);

/// All changes of an import.
pub(crate) struct Plan {
    records: RecordChanges,
    /// The shapes of the records in the files, by kind.
    shapes: Vec<(&'static str, Vec<(String, ShapeText)>)>,
    orders: Vec<FileOrder>,
    /// The lists in the files.
    lists: Vec<(Document, &'static str)>,
    history: Vec<wsdb_core::ActionWithChanges>,
    headers: Vec<HeaderChange>,
    /// The paths of the files with records that were left out, or with a history that is not imported.
    pub(crate) incomplete: HashSet<Arc<str>>,
}

/// Writes the changes. The caller commits the transaction. `is_change` is whether records or document
/// fields change: otherwise, the import is not part of the history.
pub(crate) async fn write(
    store: &Store<Transaction>,
    mut plan: Plan,
    is_change: bool,
    progress: &dyn Progress,
) -> Result<(), Error> {
    store.history().pin_session().await?;
    if !plan.history.is_empty() {
        // Before the first action here, so that it gets the next number.
        store.history().append_history(&plan.history).await?;
    }
    // The records are hashed while the database is writing.
    let entries = plan.records.take_entries();
    let entries =
        tokio::task::spawn_blocking(|| entries.into_iter().map(|compute| compute()).collect());
    progress.step(ProgressStage::Write(plan.records.len()));
    plan.records.write(store, progress).await?;
    let entries: Vec<KindEntries> = entries
        .await
        .unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
    for entries in entries {
        let documents = store.documents();
        documents
            .remember_versions(entries.kind, entries.other_versions)
            .await?;
        entries.changes.write(store, entries.kind).await?;
    }
    for (kind, found) in plan
        .shapes
        .into_iter()
        .filter(|(_, found)| !found.is_empty())
    {
        let mut shapes = Shapes::load(store, kind).await?;
        for (id, shape) in found {
            shapes.set(&id, shape);
        }
        shapes.write(store, kind, is_change).await?;
    }
    for order in plan.orders.iter().filter(|order| !order.ids.is_empty()) {
        let known = RecordOrder::load(store, order.kind).await?;
        known.write(store, order, is_change).await?;
    }
    for document in Document::ALL {
        let of_document = plan.lists.iter().filter(|(of, _)| *of == document);
        let lists: Vec<&str> = of_document.map(|(_, list)| *list).collect();
        // A further file that is a bare list does not change the form of a known document.
        let is_bare = lists == [BARE_LIST];
        let is_known = is_bare
            && store
                .documents()
                .header(document.file_name())
                .await?
                .is_some();
        if !lists.is_empty() && !is_known {
            let lists = shapes::lists_as_shapes(&lists);
            lists.write(store, document.file_name(), is_change).await?;
        }
    }
    for change in plan.headers {
        document_header::write(store, change, is_change).await?;
    }
    Ok(())
}

async fn keep_possible_records<T: DocumentRecord>(
    store: &Store<Transaction>,
    parsed: &[ParsedRecord<T>],
    summary: &mut ImportSummary,
) -> Result<(), Error> {
    let rejects = &mut summary.rejects;
    let is_of_kind = |reject: &Reject| {
        let identity = reject.identity.as_ref();
        reject.repeated.is_some() && identity.is_some_and(|identity| identity.kind == T::KIND)
    };
    if !rejects.iter().any(is_of_kind) {
        return Ok(());
    }
    let stored = store.records::<T>().all().await?;
    for (id, repeated) in unique::note_possible_records(parsed, &stored, rejects) {
        summary.warnings.push(Warning {
            file: None,
            path: String::new(),
            message: format!(
                "{id} was not deleted, because it may be the same record as the skipped one with the duplicate ID {repeated}"
            ),
        });
    }
    Ok(())
}

async fn delete_records<T: DocumentRecord>(
    store: &Store<Transaction>,
    changes: &Changes<T>,
    progress: &dyn Progress,
) -> Result<(), Error> {
    for id in changes.delete.iter().rev() {
        // Deleting a session deletes what belongs to it.
        match store.records::<T>().delete(id, OnDelete::Detach).await {
            Ok(_) | Err(wsdb_store::Error::NotFound { .. }) => progress.advance(1),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

async fn write_records<T: DocumentRecord>(
    store: &Store<Transaction>,
    changes: &Changes<T>,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let records = store.records::<T>();
    let done = |written: usize| progress.advance(written);
    records.insert_many(&changes.insert, &done).await?;
    for (before, record) in &changes.replace {
        records.save_changed(before.clone(), record.clone()).await?;
        progress.advance(1);
    }
    Ok(())
}

/// What the files hold of the records of one kind.
struct KindEntries {
    kind: &'static str,
    changes: EntryChanges,
    other_versions: Vec<KnownVersion>,
}

/// Computes what the files hold of the records of one kind.
type EntriesTask = Box<dyn FnOnce() -> KindEntries + Send>;

fn take_entries<T: DocumentRecord>(changes: &mut Changes<T>) -> EntriesTask {
    let mut entries = std::mem::take(&mut changes.entries);
    let other_versions = std::mem::take(&mut changes.other_versions);
    let inserted = std::mem::take(&mut changes.inserted);
    let records = Arc::clone(&changes.insert);
    Box::new(move || {
        for (record, inserted) in records.iter().zip(inserted) {
            inserted.complete(record.version(), &mut entries);
        }
        KindEntries {
            kind: T::KIND,
            changes: entries,
            other_versions,
        }
    })
}

/// Plans the import, and adds the records that cannot be imported to the rejects of the summary.
pub(crate) async fn plan(
    store: &Store<Transaction>,
    mut contents: Contents,
    paths: &DocumentPaths,
    options: MergeOptions,
    summary: &mut ImportSummary,
) -> Result<Plan, Error> {
    let new_ids = renumber::renumber(store, paths, &mut contents, options, summary).await?;
    remove_invalid_revs(store, &mut contents.records, &mut summary.warnings).await?;
    edited_entries::recognize(store, paths, &mut contents).await?;
    let rejects = &mut summary.rejects;
    contents
        .records
        .resolve_aliases(store, paths, rejects)
        .await?;
    contents.records.reject_empty_names(store, rejects).await?;
    contents.remove_records_within(rejects);
    if options.mode == Mode::Replace {
        RecordChanges::keep_possible_records(store, &contents.records, summary).await?;
    }
    let rejects = &mut summary.rejects;
    reject_taken_values(store, &mut contents, options.mode, rejects).await?;
    let known = KnownIds::load(store).await?;
    references::warn(
        &contents,
        &known,
        options.mode,
        &summary.rejects,
        &mut summary.warnings,
    );
    if options.mode == Mode::Merge && options.prefer == Some(ConflictResolution::Database) {
        let different = KnownIds::load_different(store, paths, &contents).await?;
        references::warn_about_different(&contents, &different, &mut summary.warnings);
    }
    if options.renumber || !new_ids.is_empty() {
        let warnings = &mut summary.warnings;
        references::warn_about_other_records(store, paths, &contents, &known, &new_ids, warnings)
            .await?;
    }

    let mut shapes = contents.records.shapes();
    let orders = contents.records.orders();
    let Contents {
        headers,
        lists,
        mut records,
        listed,
        mut inline_issues,
        mut inline_decisions,
        mut orphan_rejects,
        rejected_activities: _,
        history,
    } = contents;
    let mut planner = Planner {
        store,
        options,
        paths,
        files: headers
            .iter()
            .map(|header| (header.document, paths.of(&header.file)))
            .collect(),
        lists: &lists,
        incomplete: HashSet::new(),
        summary,
    };
    let mut changes = RecordChanges::default();
    if planner.has(Document::Tasks) {
        let tasks = std::mem::take(&mut records.tasks);
        let mut claims = std::mem::take(&mut records.claims);
        let claimed: HashSet<&str> = claims.iter().map(|it| it.record.id.as_str()).collect();
        let ids = tasks.iter().map(|task| task.record.id.as_str());
        let unclaimed = ids.filter(|id| !claimed.contains(id)).map(str::to_owned);
        let unclaimed: HashSet<String> = unclaimed.collect();
        let are_covered = planner.covers::<Task>();
        changes.tasks = planner.plan(tasks, |_| are_covered).await?;
        // A file that is older must not change which list a task was in.
        let older = &changes.tasks.older_ids;
        let of_tasks = shapes.iter_mut().filter(|(kind, _)| *kind == Task::KIND);
        of_tasks.for_each(|(_, of_tasks)| of_tasks.retain(|(id, _)| !older.contains(id)));
        let ended = ended_claims(unclaimed, &changes.tasks);
        planner
            .retain_claims(&mut claims, &changes.tasks, &known)
            .await?;
        let rejected = RejectedIds::new::<Task>(&planner.summary.rejects);
        let is_covered = |claim: &Claim| are_covered && !rejected.may_contain(claim.id.as_str());
        let planned = planner
            .plan_with(
                claims,
                &HashSet::new(),
                &ended,
                &[Document::Tasks],
                planner.options,
                is_covered,
            )
            .await?;
        if !planned.counts.is_empty() {
            planner.summary.counts.push(planned.counts);
        }
        changes.claims = planned.changes;
    }
    let sessions = SessionPositions::new(&records.sessions);
    let mut session_counts = None;
    if planner.has(Document::Sessions) {
        let parsed = std::mem::take(&mut records.sessions);
        let are_covered = planner.covers::<Session>();
        changes.sessions = planner.plan(parsed, |_| are_covered).await?;
        // Its line follows those of the decisions and issues.
        session_counts = planner.summary.counts.pop();
        let left_out = &changes.sessions.left_out_ids;
        inline_decisions.retain(|found| !sessions.is_within_any(found, left_out));
        inline_issues.retain(|found| !sessions.is_within_any(found, left_out));
    }
    changes.decisions = planner
        .plan_with_inline(
            std::mem::take(&mut records.decisions),
            inline_decisions,
            &known.decisions,
            &mut orphan_rejects,
        )
        .await?;
    changes.issues = planner
        .plan_with_inline(
            std::mem::take(&mut records.issues),
            inline_issues,
            &known.issues,
            &mut orphan_rejects,
        )
        .await?;
    if planner.has(Document::Sessions) {
        let rejects = &mut planner.summary.rejects;
        reject_links(&mut records.session_decisions, rejects);
        reject_links(&mut records.session_issues, rejects);
        planner.summary.counts.extend(session_counts);
        plan_nested(
            &mut planner,
            &mut records,
            &sessions,
            &listed,
            &known,
            &mut changes,
        )
        .await?;
    }
    changes.plan_independent(&mut planner, &mut records).await?;
    let mut new_history = Vec::new();
    if planner.has(Document::History) {
        match history::plan_history(store, history, planner.summary).await? {
            Some(history) => new_history = history,
            None => {
                let files = planner.files_of(&[Document::History]);
                planner.incomplete.extend(files);
            }
        }
    }
    let incomplete = planner.incomplete;
    let mut header_changes: Vec<HeaderChange> = Vec::with_capacity(headers.len());
    for header in headers {
        let (path, summary) = (paths.of(&header.file), &mut *planner.summary);
        let mut earlier = header_changes.iter().rev();
        let earlier = earlier.find(|change| change.document == header.document);
        let merged = earlier.map(|change| change.fields.clone());
        let change = document_header::plan_header(store, &path, header, merged, options, summary);
        header_changes.push(change.await?);
    }
    Ok(Plan {
        records: changes,
        shapes,
        orders,
        lists,
        history: new_history,
        headers: header_changes,
        incomplete,
    })
}

/// Returns which claims end: those on tasks that the import closes, and those that the files no longer
/// have. An older file, from before the claim, does not end it.
fn ended_claims(unclaimed: HashSet<String>, tasks: &Changes<Task>) -> Ended {
    let closed = tasks
        .replace
        .iter()
        .filter(|(before, after)| !before.status.is_terminal() && after.status.is_terminal());
    let unclaimed = unclaimed.into_iter();
    Ended {
        unless_changed: unclaimed
            .filter(|id| !tasks.other_version_ids.contains(id))
            .collect(),
        always: closed.map(|(_, task)| task.id.to_string()).collect(),
    }
}

/// The positions of the sessions in the files: the file and path of each, with its id.
struct SessionPositions(HashMap<(Arc<Path>, String), SessionId>);

impl SessionPositions {
    fn new(sessions: &[ParsedRecord<Session>]) -> Self {
        let positions = sessions.iter().map(|found| {
            let position = (found.file.clone(), found.path.clone());
            (position, found.record.id.clone())
        });
        SessionPositions(positions.collect())
    }

    /// Returns whether a record is within one of the sessions with these ids.
    fn is_within_any<T>(&self, found: &ParsedRecord<T>, ids: &HashSet<String>) -> bool {
        let SessionPositions(positions) = self;
        let parent = found.path.rsplit_once('.').filter(|_| !ids.is_empty());
        let session =
            parent.and_then(|(parent, _)| positions.get(&(found.file.clone(), parent.to_owned())));
        session.is_some_and(|session| ids.contains(session.as_str()))
    }
}

/// Plans the activities and links of the sessions. A file may omit these lists of a session.
async fn plan_nested(
    planner: &mut Planner<'_>,
    records: &mut ParsedRecords,
    SessionPositions(sessions): &SessionPositions,
    listed: &SessionsWithLists,
    known: &KnownIds,
    changes: &mut RecordChanges,
) -> Result<(), Error> {
    let in_file: HashSet<&SessionId> = sessions.values().collect();
    let are_covered = planner.covers::<Session>();
    let is_replacing = planner.options.mode == Mode::Replace && are_covered;
    let rejected = RejectedIds::new::<Session>(&planner.summary.rejects);
    let left_out = &changes.sessions.left_out_ids;
    let is_covered = |listed: &HashSet<SessionId>, session: &SessionId| {
        let is_in_file = in_file.contains(session) && !rejected.ids.contains(session.as_str());
        let is_gone = !rejected.may_contain(session.as_str()) && !in_file.contains(session);
        is_in_file && listed.contains(session) && !left_out.contains(session.as_str())
            || is_replacing && is_gone
    };
    // A session that stays deleted gets no nested records. Those of a session that is left out belong to
    // a different one than the session here.
    let new: HashSet<_> = changes.sessions.insert.iter().map(|s| &s.id).collect();
    let exists = |session: &SessionId| {
        let is_known = known.sessions.contains(session.as_str());
        new.contains(session) || is_known && !left_out.contains(session.as_str())
    };
    records
        .activities
        .retain(|found| exists(&found.record.session_id));
    records
        .session_decisions
        .retain(|found| exists(&found.record.session_id));
    records
        .session_issues
        .retain(|found| exists(&found.record.session_id));
    let activities = std::mem::take(&mut records.activities);
    changes.activities = planner
        .plan(activities, |activity| {
            is_covered(&listed.activities, &activity.session_id)
        })
        .await?;
    let links = std::mem::take(&mut records.session_decisions);
    changes.session_decisions = planner
        .plan(links, |link| {
            is_covered(&listed.decisions, &link.session_id)
        })
        .await?;
    let links = std::mem::take(&mut records.session_issues);
    changes.session_issues = planner
        .plan(links, |link| is_covered(&listed.issues, &link.session_id))
        .await?;
    let edited = changes.session_decisions.replace.iter();
    let edited =
        edited.filter_map(|(_, link)| Some((&link.session_id, link.decision_id.as_ref()?)));
    planner.warn_about_edits::<Decision, _>(edited).await?;
    let edited = changes.session_issues.replace.iter();
    let edited = edited.filter_map(|(_, link)| Some((&link.session_id, link.issue_id.as_ref()?)));
    planner.warn_about_edits::<Issue, _>(edited).await
}

/// Rejects the links whose entries in a session describe rejected records: the links keep the rest of
/// the entry, which could not be imported from an export.
fn reject_links<T: DocumentRecord>(links: &mut Vec<ParsedRecord<T>>, rejects: &mut [Reject]) {
    let entries = rejects.iter_mut().map(|reject| {
        let entry = (reject.file.clone(), reject.path.clone());
        (entry, &mut reject.contained)
    });
    let mut entries: HashMap<_, _> = entries.collect();
    if entries.is_empty() {
        return;
    }
    links.retain(|link| {
        let entry = (link.file.to_path_buf(), link.path.clone());
        let contained = entries.get_mut(&entry);
        let is_kept = contained.is_none();
        if let Some(contained) = contained {
            contained.push(RejectedIdentity {
                kind: T::KIND,
                id: Some(link.record.id().as_ref().to_owned()),
            });
        }
        is_kept
    });
}

/// Rejects the records whose unique values belong to other records in the database.
async fn reject_taken_values(
    store: &Store<Transaction>,
    contents: &mut Contents,
    mode: Mode,
    rejects: &mut Vec<Reject>,
) -> Result<(), Error> {
    let is_replacing = mode == Mode::Replace;
    let states = is_replacing && has_list_of::<ArchitectureState>(&contents.lists);
    let placements = is_replacing && has_list_of::<ComponentPlacement>(&contents.lists);
    let visits = is_replacing && has_list_of::<ContextSwitch>(&contents.lists);
    let records = &mut contents.records;
    reject_taken(store, &mut records.states, states, rejects, STATE_NAME).await?;
    let parsed = &mut records.placements;
    reject_taken(store, parsed, placements, rejects, PLACEMENT_OF).await?;
    reject_taken(store, &mut records.contexts, visits, rejects, CONTEXT_ID).await
}

/// Rejects the records of a kind with a value that belongs to another record in the database.
/// `is_replaced` is whether the others of the kind are deleted.
async fn reject_taken<T: DocumentRecord>(
    store: &Store<Transaction>,
    parsed: &mut Vec<ParsedRecord<T>>,
    is_replaced: bool,
    rejects: &mut Vec<Reject>,
    value: UniqueValue<T>,
) -> Result<(), Error> {
    if parsed
        .iter()
        .all(|parsed| (value.of)(&parsed.record).is_none())
    {
        return Ok(());
    }
    let rejected = RejectedIds::new::<T>(rejects);
    let stored = store.records::<T>().all().await?;
    let is_kept = |record: &T| !is_replaced || rejected.may_contain(record.id().as_ref());
    unique::reject_taken(parsed, &stored, is_kept, rejects, value);
    Ok(())
}
