//! Carries out an import: reads the database, plans the changes and writes them in one transaction.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use wsdb_core::{Claim, Decision, Issue, Session, SessionId, Task, TaskFilter};
use wsdb_store::{
    EarlierVersion, HeldRecord, KnownVersion, OnDelete, Store, Transaction, for_each_kind,
};

use crate::claim;
use crate::document::{Contents, Document, ParsedRecords, SessionsWithLists};
use crate::document_header::{self, HeaderChange};
use crate::document_paths::DocumentPaths;
use crate::edited_entries;
use crate::error::{Error, OrphanReject, Reject, RejectedIdentity};
use crate::history;
use crate::inline_records::{Known, add_inline_records, reject_orphans};
use crate::invalid_revs::remove_invalid_revs;
use crate::left_out::find_left_out;
use crate::merge::{Changes, Comparison, Ended, MergeOptions, PlannedChanges, plan_changes};
use crate::merge_base::{EntryChanges, MergeBase, load_by_id};
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::references::{self, KnownIds};
use crate::rejected_ids::RejectedIds;
use crate::renumber;
use crate::report::{
    ConflictResolution, ImportSummary, KindCount, Mode, Progress, ProgressStage, Warning,
};
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

            /// Plans the kinds of the documents in which every record stands for itself.
            async fn plan_independent(
                &mut self,
                planner: &mut Planner<'_>,
                records: &mut ParsedRecords,
            ) -> Result<(), Error> {
                $(if planner.has_independent::<wsdb_core::$record>() {
                    let parsed = std::mem::take(&mut records.$kind);
                    self.$kind = planner.plan(parsed, |_| true).await?;
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
        document_header::write(store, change).await?;
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
    renumber::renumber(store, paths, &mut contents, options.renumber, summary).await?;
    remove_invalid_revs(store, &mut contents.records, &mut summary.warnings).await?;
    edited_entries::recognize(store, paths, &mut contents).await?;
    let rejects = &mut summary.rejects;
    contents
        .records
        .resolve_aliases(store, paths, rejects)
        .await?;
    contents.remove_records_within(rejects);
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

    let mut shapes = contents.records.shapes();
    let orders = contents.records.orders();
    let Contents {
        headers,
        lists,
        mut records,
        listed,
        inline_issues,
        inline_decisions,
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
        changes.tasks = planner.plan(tasks, |_| true).await?;
        // A file that is older must not change which list a task was in.
        let older = &changes.tasks.older_ids;
        let of_tasks = shapes.iter_mut().filter(|(kind, _)| *kind == Task::KIND);
        of_tasks.for_each(|(_, of_tasks)| of_tasks.retain(|(id, _)| !older.contains(id)));
        let ended = ended_claims(unclaimed, &changes.tasks);
        planner
            .retain_claims(&mut claims, &changes.tasks, &known)
            .await?;
        let rejected = RejectedIds::new::<Task>(&planner.summary.rejects);
        let is_covered = |claim: &Claim| !rejected.may_contain(claim.id.as_str());
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
        plan_sessions(&mut planner, &mut records, &listed, &known, &mut changes).await?;
    }
    changes.plan_independent(&mut planner, &mut records).await?;
    let history = if planner.has(Document::History) {
        history::plan_history(store, history, planner.summary).await?
    } else {
        Vec::new()
    };
    let mut header_changes = Vec::with_capacity(headers.len());
    for header in headers {
        let (path, summary) = (paths.of(&header.file), &mut *planner.summary);
        let change = document_header::plan_header(store, &path, header, options, summary);
        header_changes.push(change.await?);
    }
    Ok(Plan {
        records: changes,
        shapes,
        orders,
        lists,
        history,
        headers: header_changes,
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

/// Plans the sessions and their nested records. A file may omit the nested lists of a session.
async fn plan_sessions(
    planner: &mut Planner<'_>,
    records: &mut ParsedRecords,
    listed: &SessionsWithLists,
    known: &KnownIds,
    changes: &mut RecordChanges,
) -> Result<(), Error> {
    let sessions = std::mem::take(&mut records.sessions);
    let in_file: HashSet<_> = sessions.iter().map(|s| s.record.id.clone()).collect();
    let is_replacing = planner.options.mode == Mode::Replace;
    let rejected = RejectedIds::new::<Session>(&planner.summary.rejects);
    let is_covered = |listed: &HashSet<SessionId>, session: &SessionId| {
        let is_in_file = in_file.contains(session) && !rejected.ids.contains(session.as_str());
        let is_gone = !rejected.may_contain(session.as_str()) && !in_file.contains(session);
        is_in_file && listed.contains(session) || is_replacing && is_gone
    };
    changes.sessions = planner.plan(sessions, |_| true).await?;
    // A session that stays deleted gets no nested records.
    let new: HashSet<_> = changes.sessions.insert.iter().map(|s| &s.id).collect();
    let exists =
        |session: &SessionId| new.contains(session) || known.sessions.contains(session.as_str());
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
    let is_replaced = |document| mode == Mode::Replace && contents.has(document);
    let (architecture, visits) = (
        is_replaced(Document::Architecture),
        is_replaced(Document::Contexts),
    );
    let records = &mut contents.records;
    reject_taken(
        store,
        &mut records.states,
        architecture,
        rejects,
        STATE_NAME,
    )
    .await?;
    reject_taken(
        store,
        &mut records.placements,
        architecture,
        rejects,
        PLACEMENT_OF,
    )
    .await?;
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

/// Compares the records of the documents with the database, one kind after the other.
struct Planner<'a> {
    store: &'a Store<Transaction>,
    options: MergeOptions,
    paths: &'a DocumentPaths,
    /// The documents, with the stored paths of their files.
    files: Vec<(Document, Arc<str>)>,
    summary: &'a mut ImportSummary,
}

impl Planner<'_> {
    fn has(&self, document: Document) -> bool {
        self.files.iter().any(|(of, _)| *of == document)
    }

    /// Returns the paths of the files of these documents.
    fn files_of(&self, documents: &[Document]) -> Vec<Arc<str>> {
        let files = self.files.iter().filter(|(of, _)| documents.contains(of));
        files.map(|(_, path)| path.clone()).collect()
    }

    /// Returns whether the documents contain a kind that is planned without regard to other kinds.
    fn has_independent<T: DocumentRecord>(&self) -> bool {
        self.has(T::DOCUMENT) && !T::DOCUMENT.is_legacy_format()
    }

    async fn plan<T: DocumentRecord>(
        &mut self,
        parsed: Vec<ParsedRecord<T>>,
        is_covered: impl Fn(&T) -> bool,
    ) -> Result<Changes<T>, Error> {
        let (documents, options) = ([T::DOCUMENT], self.options);
        let planned = self
            .plan_with(
                parsed,
                &HashSet::new(),
                &Ended::default(),
                &documents,
                options,
                is_covered,
            )
            .await?;
        self.summary.counts.push(planned.counts);
        Ok(planned.changes)
    }

    /// `others` are the ids of further records in the documents, which stay as they are, and `ended` those
    /// of records that are deleted, because they ended elsewhere.
    async fn plan_with<T: DocumentRecord>(
        &mut self,
        mut parsed: Vec<ParsedRecord<T>>,
        others: &HashSet<String>,
        ended: &Ended,
        documents: &[Document],
        options: MergeOptions,
        is_covered: impl Fn(&T) -> bool,
    ) -> Result<PlannedChanges<T>, Error> {
        if !T::HAS_REV {
            for found in &mut parsed {
                found.rev = Some(T::rev_of(&found.record.version()));
            }
        }
        let known = load_by_id::<T>(self.store).await?;
        let files = self.files_of(documents);
        let base = MergeBase::load(self.store, &files, self.paths, &parsed, &known).await?;
        let summary = &mut *self.summary;
        let mut rejected = RejectedIds::new::<T>(&summary.rejects);
        if rejected.has_unknown && options.mode == Mode::Replace {
            summary.warnings.push(Warning {
                file: None,
                path: String::new(),
                message: format!(
                    "no records of the type {} were deleted, because the ID of a skipped record cannot be read, and it may be any of them",
                    T::NOUN
                ),
            });
        }
        let is_covered = |record: &T| !rejected.has_unknown && is_covered(record);
        rejected.ids.extend(others.iter().cloned());
        let mut shapes = Shapes::default();
        if T::LISTS.len() > 1 {
            shapes = Shapes::load(self.store, T::KIND).await?;
        }
        let comparison = Comparison {
            known,
            base,
            paths: self.paths,
            options,
            others: &rejected.ids,
            ended,
            shapes,
            now: self.store.time(),
        };
        let planned = plan_changes(parsed, comparison, is_covered, summary);
        let left_out = find_left_out(self.store, planned.different.iter()).await?;
        let kind = T::KIND;
        let older = planned.older.saturating_sub(left_out.len());
        let counts = [
            (older, &mut summary.older),
            (planned.left_out + left_out.len(), &mut summary.left_out),
        ];
        for (count, counts) in counts.into_iter().filter(|(count, _)| *count > 0) {
            counts.push(KindCount { kind, count });
        }
        Ok(planned)
    }

    /// Returns the ids of the tasks of claims that existed before and are closed after the import.
    async fn closed_tasks(
        &self,
        claims: &[ParsedRecord<Claim>],
        changes: &Changes<Task>,
    ) -> Result<HashSet<String>, Error> {
        let ids = claims.iter().map(|claim| claim.record.id.clone()).collect();
        let filter = TaskFilter {
            ids,
            ..TaskFilter::default()
        };
        let tasks = self.store.records::<Task>().list(&filter).await?;
        let replaced = changes.replace.iter();
        let replaced: HashMap<_, _> = replaced.map(|(_, task)| (&task.id, task.status)).collect();
        let status = |task: &Task| replaced.get(&task.id).copied().unwrap_or(task.status);
        let closed = tasks.iter().filter(|task| status(task).is_terminal());
        Ok(closed.map(|task| task.id.to_string()).collect())
    }

    /// Leaves out the claims that do not concern the task here: a task that stays deleted gets no
    /// claim, and one that existed before is claimed as it is here, unless the file is the latest of
    /// its path and its claim was not made before the last one here. A closed task gets no claim.
    async fn retain_claims(
        &self,
        claims: &mut Vec<ParsedRecord<Claim>>,
        tasks: &Changes<Task>,
        known: &KnownIds,
    ) -> Result<(), Error> {
        if claims.is_empty() {
            return Ok(());
        }
        let new: HashSet<&str> = tasks.insert.iter().map(|task| task.id.as_str()).collect();
        let mut held: HashSet<(Arc<str>, String)> = HashSet::new();
        for path in self.files_of(&[Document::Tasks]) {
            let entries = self.store.documents().entries(&path, Task::KIND).await?;
            held.extend(
                entries
                    .into_iter()
                    .map(|entry| (path.clone(), entry.record_id)),
            );
        }
        let last = claim::times_of_last_claims(self.store, claims).await?;
        let closed = self.closed_tasks(claims, tasks).await?;
        let is_replacing = self.options.mode == Mode::Replace;
        claims.retain(|claim| {
            let task = claim.record.id.as_str();
            if !is_replacing && closed.contains(task) {
                return false;
            }
            let is_newer = || {
                let last = last.get(task);
                last.is_none_or(|last| claim.record.since >= *last)
            };
            let is_latest = || {
                let key = (self.paths.of(&claim.file), task.to_owned());
                held.contains(&key) && !tasks.other_version_ids.contains(task)
            };
            new.contains(task)
                || known.tasks.contains(task) && (is_replacing || is_latest() && is_newer())
        });
        Ok(())
    }

    /// Returns how the files of this import, and those beside them, hold the records of a kind.
    async fn held_records<T: DocumentRecord>(&self) -> Result<HashMap<String, HeldRecord>, Error> {
        let files = self.files.iter();
        let files: HashSet<&str> = files.map(|(_, path)| &**path).collect();
        let documents = self.store.documents();
        Ok(documents.ids_in_files(T::KIND, &files).await?)
    }

    /// Removes the records from `held` that an undone import has added: nobody deleted them.
    async fn forget_withdrawn<T: DocumentRecord>(
        &self,
        inline: &[ParsedRecord<T>],
        known: &HashSet<String>,
        held: &mut HashMap<String, HeldRecord>,
    ) -> Result<(), Error> {
        let ids = inline.iter().map(|inline| inline.record.id().as_ref());
        let deleted = ids.filter(|id| held.contains_key(*id) && !known.contains(*id));
        let deleted: Vec<String> = deleted.map(str::to_owned).collect();
        let mut visit = |earlier: EarlierVersion<T>| {
            if earlier.is_withdrawn {
                held.remove(earlier.record.id().as_ref());
            }
            false
        };
        let history = self.store.history();
        Ok(history.earlier_versions(&deleted, &mut visit).await?)
    }

    /// Warns about edits in sessions of what they say about records that documents contain: these edits
    /// do not change the records.
    async fn warn_about_edits<'l, T: DocumentRecord, I: AsRef<str> + 'l>(
        &mut self,
        edited: impl Iterator<Item = (&'l SessionId, &'l I)>,
    ) -> Result<(), Error> {
        let edited: Vec<_> = edited.collect();
        if edited.is_empty() {
            return Ok(());
        }
        let in_files = self.held_records::<T>().await?;
        let is_in_document = |id: &I| {
            in_files
                .get(id.as_ref())
                .is_some_and(|held| held.is_in_document)
        };
        let edited = edited.into_iter().filter(|(_, id)| is_in_document(id));
        let warnings = edited.map(|(session, id)| Warning {
            file: None,
            path: String::new(),
            message: format!(
                "the description of {0} {1} in session {session} was edited, but this does not change the {0}; edit it in {2}",
                T::NOUN,
                id.as_ref(),
                T::DOCUMENT.file_name()
            ),
        });
        self.summary.warnings.extend(warnings);
        Ok(())
    }

    /// Plans a kind whose records are also inline in other documents. Inline records count only if
    /// no document contains the record.
    async fn plan_with_inline<T: DocumentRecord>(
        &mut self,
        mut records: Vec<ParsedRecord<T>>,
        inline: Vec<ParsedRecord<T>>,
        known: &HashSet<String>,
        orphan_rejects: &mut Vec<OrphanReject>,
    ) -> Result<Changes<T>, Error> {
        let has_document = self.has(T::DOCUMENT);
        let has_inline = !inline.is_empty() || orphan_rejects.iter().any(|it| it.kind == T::KIND);
        let mut in_files = HashMap::new();
        if has_inline {
            in_files = self.held_records::<T>().await?;
            self.forget_withdrawn(&inline, known, &mut in_files).await?;
        }
        let known = Known {
            ids: known,
            in_files,
            rejected: RejectedIds::without_contained::<T>(&self.summary.rejects),
            is_replaced: has_document && self.options.mode == Mode::Replace,
        };
        let deleted_ids = add_inline_records(&mut records, inline, &known);
        reject_orphans(orphan_rejects, &records, &known, self.summary);
        if !has_document && records.is_empty() {
            return Ok(Changes::default());
        }
        let mut options = self.options;
        if !has_document {
            // Without its document, a kind is only added to.
            options.mode = Mode::Merge;
        }
        let documents = [T::DOCUMENT, Document::Sessions, Document::Tasks];
        let PlannedChanges {
            changes, counts, ..
        } = self
            .plan_with(
                records,
                &deleted_ids,
                &Ended::default(),
                &documents,
                options,
                |_| has_document,
            )
            .await?;
        self.summary.counts.push(counts);
        Ok(changes)
    }
}
