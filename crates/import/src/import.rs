//! Carries out an import: reads the database, plans the changes and writes them in one transaction.

use std::collections::HashSet;
use std::sync::Arc;

use wsdb_core::{Claim, Session, SessionId, Task};
use wsdb_store::{OnDelete, Store, Transaction, for_each_kind};

use crate::document::{Contents, Document, ParsedRecords, SessionsWithLists};
use crate::document_header::{self, HeaderChange};
use crate::error::{Error, OrphanReject, Reject};
use crate::history;
use crate::inline_records::{MergedRecords, merge_inline_records, reject_orphans};
use crate::merge::{Changes, MergeOptions, PlannedChanges, plan_changes};
use crate::merge_base::MergeBase;
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::references::{self, KnownIds};
use crate::rejected_ids::RejectedIds;
use crate::report::{ImportSummary, Mode, Progress, ProgressStage, Warning};
use crate::shape::ShapeText;
use crate::shapes::{self, Shapes};
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

            /// Takes the merge bases to encode them on another thread.
            fn take_bases(&mut self) -> Vec<EncodeTask> {
                vec![$(take_base(&mut self.$kind)),*]
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
    let bases = plan.records.take_bases();
    let bases = tokio::task::spawn_blocking(|| bases.into_iter().map(|encode| encode()).collect());
    progress.step(ProgressStage::Write(plan.records.len()));
    plan.records.write(store, progress).await?;
    let bases: Vec<(&'static str, Vec<u8>)> = bases
        .await
        .unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
    for (kind, base) in bases {
        write_base(store, kind, base).await?;
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
    for document in Document::ALL {
        let of_document = plan.lists.iter().filter(|(of, _)| *of == document);
        let lists: Vec<&str> = of_document.map(|(_, list)| *list).collect();
        if !lists.is_empty() {
            shapes::write_lists(store, document.file_name(), &lists, is_change).await?;
        }
    }
    for change in plan.headers {
        document_header::write(&store.documents(), change).await?;
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

/// Encodes the merge base of one kind.
type EncodeTask = Box<dyn FnOnce() -> (&'static str, Vec<u8>) + Send>;

fn take_base<T: DocumentRecord>(changes: &mut Changes<T>) -> EncodeTask {
    let mut base = std::mem::take(&mut changes.base);
    let inserted = Arc::clone(&changes.insert);
    let inline_ids = std::mem::take(&mut changes.inline_ids);
    Box::new(move || {
        for record in inserted.iter() {
            base.set(record.id().as_ref(), &record.digests());
        }
        for id in inline_ids {
            base.set_inline(&id, true);
        }
        (T::KIND, base.encode())
    })
}

async fn write_base(store: &Store<Transaction>, kind: &str, encoded: Vec<u8>) -> Result<(), Error> {
    let before = store.documents().base(kind).await?;
    if before.as_ref() == Some(&encoded)
        || before.is_none() && encoded == MergeBase::default().encode()
    {
        return Ok(());
    }
    Ok(store.documents().set_base(kind, encoded).await?)
}

/// Plans the import, and adds the records that cannot be imported to the rejects of the summary.
pub(crate) async fn plan(
    store: &Store<Transaction>,
    mut contents: Contents,
    options: MergeOptions,
    summary: &mut ImportSummary,
) -> Result<Plan, Error> {
    let rejects = &mut summary.rejects;
    contents.records.resolve_aliases(store, rejects).await?;
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

    let shapes = contents.records.shapes();
    let Contents {
        headers,
        lists,
        mut records,
        listed,
        inline_issues,
        inline_decisions,
        mut orphan_rejects,
        history,
    } = contents;
    let mut planner = Planner {
        store,
        options,
        documents: headers.iter().map(|(document, _)| *document).collect(),
        summary,
    };
    let mut changes = RecordChanges::default();
    if planner.has(Document::Tasks) {
        let tasks = std::mem::take(&mut records.tasks);
        changes.tasks = planner.plan(tasks, |_| true).await?;
        // A task that stays deleted gets no claim.
        let new: HashSet<_> = changes.tasks.insert.iter().map(|task| &task.id).collect();
        let mut claims = std::mem::take(&mut records.claims);
        claims.retain(|claim| {
            let task = &claim.record.id;
            new.contains(task) || known.tasks.contains(task.as_str())
        });
        let rejected = RejectedIds::new::<Task>(&planner.summary.rejects);
        let is_covered = |claim: &Claim| !rejected.may_contain(claim.id.as_str());
        let planned = planner
            .plan_with(claims, planner.options, is_covered)
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
        plan_sessions(&mut planner, &mut records, &listed, &known, &mut changes).await?;
    }
    changes.plan_independent(&mut planner, &mut records).await?;
    let history = if planner.has(Document::History) {
        history::plan_history(store, history, planner.summary).await?
    } else {
        Vec::new()
    };
    let mut header_changes = Vec::with_capacity(headers.len());
    for (document, fields) in headers {
        let summary = &mut *planner.summary;
        header_changes
            .push(document_header::plan_header(store, document, fields, options, summary).await?);
    }
    Ok(Plan {
        records: changes,
        shapes,
        lists,
        history,
        headers: header_changes,
    })
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
    Ok(())
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
    documents: Vec<Document>,
    summary: &'a mut ImportSummary,
}

impl Planner<'_> {
    fn has(&self, document: Document) -> bool {
        self.documents.contains(&document)
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
        let planned = self.plan_with(parsed, self.options, is_covered).await?;
        self.summary.counts.push(planned.counts);
        Ok(planned.changes)
    }

    async fn plan_with<T: DocumentRecord>(
        &mut self,
        parsed: Vec<ParsedRecord<T>>,
        options: MergeOptions,
        is_covered: impl Fn(&T) -> bool,
    ) -> Result<PlannedChanges<T>, Error> {
        let base = MergeBase::load::<T>(self.store).await?;
        let known = self.store.records::<T>().all().await?;
        let summary = &mut *self.summary;
        let rejected = RejectedIds::new::<T>(&summary.rejects);
        if rejected.has_unknown && options.mode == Mode::Replace {
            summary.warnings.push(Warning {
                file: None,
                path: String::new(),
                message: format!(
                    "no {} were deleted, because a skipped record has no valid ID",
                    T::KIND
                ),
            });
        }
        let is_covered = |record: &T| !rejected.has_unknown && is_covered(record);
        Ok(plan_changes(
            parsed,
            known,
            base,
            options,
            &rejected.ids,
            is_covered,
            summary,
        ))
    }

    /// Plans a kind whose records are also inline in other documents. Inline records count only if
    /// the record exists nowhere else.
    async fn plan_with_inline<T: DocumentRecord>(
        &mut self,
        parsed: Vec<ParsedRecord<T>>,
        inline: Vec<ParsedRecord<T>>,
        known: &HashSet<String>,
        orphan_rejects: &mut Vec<OrphanReject>,
    ) -> Result<Changes<T>, Error> {
        let has_document = self.has(T::DOCUMENT);
        let rejected = RejectedIds::new::<T>(&self.summary.rejects);
        let MergedRecords {
            records,
            existing_ids,
        } = merge_inline_records(
            self.store,
            parsed,
            inline,
            known,
            &rejected,
            has_document,
            self.options,
        )
        .await?;
        reject_orphans(orphan_rejects, &records, known, &rejected, self.summary);
        if !has_document && records.is_empty() {
            return Ok(Changes::default());
        }
        let mut options = self.options;
        if !has_document {
            // Without its document, a kind is only added to.
            options.mode = Mode::Merge;
        }
        let is_covered = |record: &T| has_document && !existing_ids.contains(record.id().as_ref());
        let PlannedChanges {
            changes,
            mut counts,
        } = self.plan_with(records, options, is_covered).await?;
        counts.unchanged += existing_ids.len();
        self.summary.counts.push(counts);
        Ok(changes)
    }
}
