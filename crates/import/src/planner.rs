//! Plans the changes of an import, one kind of record after the other.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use wsdb_core::{Claim, SessionId, Task, TaskFilter};
use wsdb_store::{EarlierVersion, HeldRecord, Store, Transaction};

use crate::claim;
use crate::document::{Document, has_list_of};
use crate::document_paths::DocumentPaths;
use crate::empty_names::reject_empty_names;
use crate::error::{Error, OrphanReject};
use crate::inline_records::{Known, add_inline_records, reject_orphans};
use crate::left_out::find_left_out;
use crate::merge::{Changes, Comparison, Ended, MergeOptions, PlannedChanges, plan_changes};
use crate::merge_base::{MergeBase, load_by_id};
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::references::KnownIds;
use crate::rejected_ids::RejectedIds;
use crate::renumber;
use crate::report::{ConflictResolution, ImportSummary, KindCount, Mode, Warning};
use crate::shapes::Shapes;

/// Compares the records of the documents with the database, one kind after the other.
pub(crate) struct Planner<'a> {
    pub(crate) store: &'a Store<Transaction>,
    pub(crate) options: MergeOptions,
    pub(crate) paths: &'a DocumentPaths,
    /// The documents, with the stored paths of their files.
    pub(crate) files: Vec<(Document, Arc<str>)>,
    /// The lists in the documents.
    pub(crate) lists: &'a [(Document, &'static str)],
    /// The paths of the files of which a part is not imported.
    pub(crate) incomplete: HashSet<Arc<str>>,
    pub(crate) summary: &'a mut ImportSummary,
}

impl Planner<'_> {
    pub(crate) fn has(&self, document: Document) -> bool {
        self.files.iter().any(|(of, _)| *of == document)
    }

    /// Returns the paths of the files of these documents.
    pub(crate) fn files_of(&self, documents: &[Document]) -> Vec<Arc<str>> {
        let files = self.files.iter().filter(|(of, _)| documents.contains(of));
        files.map(|(_, path)| path.clone()).collect()
    }

    /// Returns whether the documents would contain the records of a kind if they still existed in them. A list
    /// that is missing does not show that there are none, which matters if the import replaces records.
    pub(crate) fn covers<T: DocumentRecord>(&self) -> bool {
        self.options.mode == Mode::Merge || has_list_of::<T>(self.lists)
    }

    /// Returns whether the documents contain a kind that is planned without regard to other kinds.
    pub(crate) fn has_independent<T: DocumentRecord>(&self) -> bool {
        self.has(T::DOCUMENT) && !T::DOCUMENT.is_legacy_format()
    }

    pub(crate) async fn plan<T: DocumentRecord>(
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
    pub(crate) async fn plan_with<T: DocumentRecord>(
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
                    "no records of the type {} were deleted, because a skipped record has no valid ID and could be any of them",
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
        let under_other_ids = match (options.mode, options.prefer) {
            (Mode::Merge, None | Some(ConflictResolution::Database)) => {
                renumber::find_under_other_ids(self.store, self.paths, &parsed, &known, &base)
                    .await?
            }
            _ => HashMap::new(),
        };
        let mut left_out = HashSet::new();
        if options.mode == Mode::Merge {
            left_out = find_left_out(self.store, &parsed, self.paths, &known, &base).await?;
        }
        let comparison = Comparison {
            known,
            base,
            left_out,
            paths: self.paths,
            options,
            others: &rejected.ids,
            ended,
            shapes,
            under_other_ids,
            now: self.store.time(),
        };
        let planned = plan_changes(parsed, comparison, is_covered, summary);
        let kind = T::KIND;
        let counts = [
            (planned.older, &mut summary.older),
            (planned.left_out.len(), &mut summary.left_out),
        ];
        for (count, counts) in counts.into_iter().filter(|(count, _)| *count > 0) {
            counts.push(KindCount { kind, count });
        }
        self.incomplete.extend(planned.left_out.iter().cloned());
        Ok(planned)
    }

    /// Returns the ids of the tasks of claims that existed before and are closed after the import.
    pub(crate) async fn closed_tasks(
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
    pub(crate) async fn retain_claims(
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
    pub(crate) async fn held_records<T: DocumentRecord>(
        &self,
    ) -> Result<HashMap<String, HeldRecord>, Error> {
        let files = self.files.iter();
        let files: HashSet<&str> = files.map(|(_, path)| &**path).collect();
        let documents = self.store.documents();
        Ok(documents.ids_in_files(T::KIND, &files).await?)
    }

    /// Removes the records from `held` that an undone import has added: nobody deleted them.
    pub(crate) async fn forget_withdrawn<T: DocumentRecord>(
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
    pub(crate) async fn warn_about_edits<'l, T: DocumentRecord, I: AsRef<str> + 'l>(
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
    pub(crate) async fn plan_with_inline<T: DocumentRecord>(
        &mut self,
        mut records: Vec<ParsedRecord<T>>,
        inline: Vec<ParsedRecord<T>>,
        known: &HashSet<String>,
        orphan_rejects: &mut Vec<OrphanReject>,
    ) -> Result<Changes<T>, Error> {
        let has_document = self.has(T::DOCUMENT);
        let is_covered = has_document && self.covers::<T>();
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
            is_replaced: is_covered && self.options.mode == Mode::Replace,
        };
        let deleted_ids = add_inline_records(&mut records, inline, &known);
        reject_orphans(orphan_rejects, &records, &known, self.summary);
        reject_empty_names(self.store, &mut records, &mut self.summary.rejects).await?;
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
                |_| is_covered,
            )
            .await?;
        self.summary.counts.push(counts);
        Ok(changes)
    }
}
