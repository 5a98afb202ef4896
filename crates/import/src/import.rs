//! Carries out an import: reads the database, plans the changes and writes them in one transaction.

use std::collections::HashSet;
use std::sync::Arc;

use wsdb_core::SessionId;
use wsdb_store::{OnDelete, Records, Store, Transaction};

use crate::document::{Contents, Document};
use crate::document_header::{self, HeaderChange};
use crate::error::Error;
use crate::history;
use crate::merge::{Changes, Counts, MergeOptions, Mode, Summary, plan_changes};
use crate::merge_base::MergeBase;
use crate::reader::ParsedRecord;
use crate::record::DocumentRecord;
use crate::referenced_records::{count_unchanged_references, reject_orphans, with_inline_records};
use crate::references::{self, KnownIds};
use crate::{Progress, ProgressStage, sources};

/// The changes of all kinds.
#[derive(Default)]
struct Plan {
    history: Vec<history::Entry>,
    headers: Vec<HeaderChange>,
    tasks: Changes<wsdb_core::Task>,
    claims: Changes<wsdb_core::Claim>,
    sessions: Changes<wsdb_core::Session>,
    issues: Changes<wsdb_core::Issue>,
    decisions: Changes<wsdb_core::Decision>,
    activities: Changes<wsdb_core::Activity>,
    session_decisions: Changes<wsdb_core::SessionDecision>,
    session_issues: Changes<wsdb_core::SessionIssue>,
    states: Changes<wsdb_core::ArchitectureState>,
    placements: Changes<wsdb_core::ComponentPlacement>,
    goals: Changes<wsdb_core::ArchitectureGoal>,
    scans: Changes<wsdb_core::DriftScan>,
    detections: Changes<wsdb_core::DriftDetection>,
    contexts: Changes<wsdb_core::ContextSwitch>,
    snapshots: Changes<wsdb_core::ConfigurationSnapshot>,
    changes: Changes<wsdb_core::ConfigurationChange>,
}

impl Plan {
    /// Takes the merge bases to encode them on another thread, the largest first.
    fn encode_bases(&mut self) -> Vec<EncodeTask> {
        vec![
            encode_base(&mut self.tasks),
            encode_base(&mut self.sessions),
            encode_base(&mut self.activities),
            encode_base(&mut self.issues),
            encode_base(&mut self.decisions),
            encode_base(&mut self.session_decisions),
            encode_base(&mut self.session_issues),
            encode_base(&mut self.states),
            encode_base(&mut self.placements),
            encode_base(&mut self.goals),
            encode_base(&mut self.scans),
            encode_base(&mut self.detections),
            encode_base(&mut self.contexts),
            encode_base(&mut self.snapshots),
            encode_base(&mut self.changes),
            encode_base(&mut self.claims),
        ]
    }
}

/// Runs `$step` for every kind: first for the referenced kinds, then for those that refer to them.
macro_rules! for_each_kind {
    ($plan:expr, $store:expr, |$changes:ident, $records:ident| $step:expr) => {{
        let (plan, store) = (&$plan, $store);
        let (sessions, architecture) = (store.sessions(), store.architecture());
        let (drift, configuration) = (store.drift(), store.configuration());
        for_each_kind!(@one plan.tasks, store.tasks(), $changes, $records, $step);
        for_each_kind!(@one plan.claims, store.tasks().claims(), $changes, $records, $step);
        for_each_kind!(@one plan.sessions, sessions, $changes, $records, $step);
        for_each_kind!(@one plan.decisions, store.decisions(), $changes, $records, $step);
        for_each_kind!(@one plan.issues, store.issues(), $changes, $records, $step);
        for_each_kind!(@one plan.activities, sessions.activities(), $changes, $records, $step);
        for_each_kind!(@one plan.session_decisions, sessions.decision_links(), $changes, $records, $step);
        for_each_kind!(@one plan.session_issues, sessions.issue_links(), $changes, $records, $step);
        for_each_kind!(@one plan.states, architecture.states(), $changes, $records, $step);
        for_each_kind!(@one plan.placements, architecture.placements(), $changes, $records, $step);
        for_each_kind!(@one plan.goals, architecture.goals(), $changes, $records, $step);
        for_each_kind!(@one plan.scans, drift.scans(), $changes, $records, $step);
        for_each_kind!(@one plan.detections, drift.detections(), $changes, $records, $step);
        for_each_kind!(@one plan.contexts, store.contexts(), $changes, $records, $step);
        for_each_kind!(@one plan.snapshots, configuration.snapshots(), $changes, $records, $step);
        for_each_kind!(@one plan.changes, configuration.changes(), $changes, $records, $step);
    }};
    (@one $from:expr, $repository:expr, $changes:ident, $records:ident, $step:expr) => {{
        let $changes = &$from;
        let $records = &$repository;
        $step;
    }};
}

/// Plans the import, and writes it unless it is a dry run. The caller commits the transaction.
pub(crate) async fn apply(
    store: &Store<Transaction>,
    contents: Contents,
    rules: MergeOptions,
    dry_run: bool,
    summary: &mut Summary,
    progress: &dyn Progress,
) -> Result<(), Error> {
    progress.step(ProgressStage::Compare);
    let mut plan = plan(store, contents, rules, summary).await?;
    sources::attach_records(&mut summary.rejects);
    if !summary.rejects.is_empty() && !rules.skip_rejects {
        return Err(Error::Rejected(std::mem::take(&mut summary.rejects)));
    }
    if dry_run {
        return Ok(());
    }
    store.history().pin_session().await?;
    if !plan.history.is_empty() {
        // Before the first action here, so that it gets the next number.
        store.history().append_history(&plan.history).await?;
    }
    // The records are hashed while the database is writing.
    let bases = plan.encode_bases();
    let bases = tokio::task::spawn_blocking(|| bases.into_iter().map(|encode| encode()).collect());
    let mut total = 0;
    for_each_kind!(plan, store, |changes, _records| {
        total += changes.insert.len() + changes.replace.len() + changes.delete.len();
    });
    progress.step(ProgressStage::Write(total));
    let done = |written: usize| progress.advance(written);
    for_each_kind!(
        plan,
        store,
        |changes, records| for id in changes.delete.iter().rev() {
            // Deleting a session deletes what belongs to it.
            match records.delete(id, OnDelete::Detach).await {
                Ok(_) | Err(wsdb_store::Error::NotFound { .. }) => progress.advance(1),
                Err(error) => return Err(error.into()),
            }
        }
    );
    for_each_kind!(plan, store, |changes, records| {
        records.insert_many(&changes.insert, &done).await?;
        for (before, record) in &changes.replace {
            records.save_changed(before.clone(), record.clone()).await?;
            progress.advance(1);
        }
    });
    let bases: Vec<(&'static str, Vec<u8>)> = bases
        .await
        .unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
    for (kind, base) in bases {
        write_base(store, kind, base).await?;
    }
    for change in plan.headers {
        document_header::write(&store.documents(), change).await?;
    }
    Ok(())
}

/// Encodes the merge base of one kind.
type EncodeTask = Box<dyn FnOnce() -> (&'static str, Vec<u8>) + Send>;

fn encode_base<T: DocumentRecord>(changes: &mut Changes<T>) -> EncodeTask {
    let mut base = std::mem::take(&mut changes.base);
    let inserted = Arc::clone(&changes.insert);
    let of_words = std::mem::take(&mut changes.of_words);
    Box::new(move || {
        for record in inserted.iter() {
            base.set(record.id().as_ref(), &record.digests());
        }
        for id in of_words {
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

async fn plan(
    store: &Store<Transaction>,
    mut contents: Contents,
    rules: MergeOptions,
    summary: &mut Summary,
) -> Result<Plan, Error> {
    let known = KnownIds::load(store).await?;
    references::warn(&contents, &known, rules.mode, &mut summary.warnings);

    let (sessions, architecture) = (store.sessions(), store.architecture());
    let (drift, configuration) = (store.drift(), store.configuration());
    let documents: Vec<Document> = contents.headers.iter().map(|(d, _)| *d).collect();
    let has = |document| documents.contains(&document);
    let mut plan = Plan::default();

    if has(Document::Tasks) {
        plan.tasks = plan_kind(
            store,
            &store.tasks(),
            contents.tasks,
            rules,
            |_| true,
            summary,
        )
        .await?;
    }
    if has(Document::Tasks) {
        // A task that stays deleted gets no claim.
        let new: HashSet<_> = plan.tasks.insert.iter().map(|task| &task.id).collect();
        let mut found = contents.claims;
        found.retain(|found| {
            let task = &found.record.id;
            new.contains(task) || known.tasks.contains(task.as_str())
        });
        let claims = store.tasks().claims();
        plan.claims = plan_kind(store, &claims, found, rules, |_| true, summary).await?;
        // Most documents have no claims.
        summary.counts.retain(|counts| {
            let Counts {
                kind,
                new,
                changed,
                unchanged,
                deleted,
            } = *counts;
            kind != wsdb_core::Claim::KIND || new + changed + unchanged + deleted > 0
        });
    }
    // Inline records count only if the record exists nowhere else.
    let all = has(Document::Decisions);
    let (found, spoken_of) = with_inline_records(
        store,
        contents.decisions,
        contents.decisions_from_words,
        &known.decisions,
        all,
        rules,
    )
    .await?;
    reject_orphans(&mut contents.unheld, &found, &known.decisions, summary);
    if all || !found.is_empty() {
        plan.decisions = plan_kind(
            store,
            &store.decisions(),
            found,
            rules_for(all, rules),
            |decision| all && !spoken_of.contains(decision.id.as_str()),
            summary,
        )
        .await?;
        count_unchanged_references(&spoken_of, summary);
    }
    let all = has(Document::Issues);
    let (found, spoken_of) = with_inline_records(
        store,
        contents.issues,
        contents.issues_from_words,
        &known.issues,
        all,
        rules,
    )
    .await?;
    reject_orphans(&mut contents.unheld, &found, &known.issues, summary);
    if all || !found.is_empty() {
        plan.issues = plan_kind(
            store,
            &store.issues(),
            found,
            rules_for(all, rules),
            |issue| all && !spoken_of.contains(issue.id.as_str()),
            summary,
        )
        .await?;
        count_unchanged_references(&spoken_of, summary);
    }
    if has(Document::Sessions) {
        let listed = contents.listed;
        let in_file: HashSet<_> = contents
            .sessions
            .iter()
            .map(|found| found.record.id.clone())
            .collect();
        let left = |id: &SessionId| rules.mode == Mode::Replace && !in_file.contains(id);
        plan.sessions = plan_kind(
            store,
            &*sessions,
            contents.sessions,
            rules,
            |_| true,
            summary,
        )
        .await?;
        plan.activities = plan_kind(
            store,
            &sessions.activities(),
            contents.activities,
            rules,
            |a| listed.activities.contains(&a.session_id) || left(&a.session_id),
            summary,
        )
        .await?;
        plan.session_decisions = plan_kind(
            store,
            &sessions.decision_links(),
            contents.session_decisions,
            rules,
            |l| listed.decisions.contains(&l.session_id) || left(&l.session_id),
            summary,
        )
        .await?;
        plan.session_issues = plan_kind(
            store,
            &sessions.issue_links(),
            contents.session_issues,
            rules,
            |l| listed.issues.contains(&l.session_id) || left(&l.session_id),
            summary,
        )
        .await?;
    }
    if has(Document::Architecture) {
        plan.states = plan_kind(
            store,
            &architecture.states(),
            contents.states,
            rules,
            |_| true,
            summary,
        )
        .await?;
        plan.placements = plan_kind(
            store,
            &architecture.placements(),
            contents.placements,
            rules,
            |_| true,
            summary,
        )
        .await?;
        plan.goals = plan_kind(
            store,
            &architecture.goals(),
            contents.goals,
            rules,
            |_| true,
            summary,
        )
        .await?;
    }
    if has(Document::Drift) {
        plan.scans = plan_kind(
            store,
            &drift.scans(),
            contents.scans,
            rules,
            |_| true,
            summary,
        )
        .await?;
        plan.detections = plan_kind(
            store,
            &drift.detections(),
            contents.detections,
            rules,
            |_| true,
            summary,
        )
        .await?;
    }
    if has(Document::Contexts) {
        plan.contexts = plan_kind(
            store,
            &store.contexts(),
            contents.contexts,
            rules,
            |_| true,
            summary,
        )
        .await?;
    }
    if has(Document::Configuration) {
        plan.snapshots = plan_kind(
            store,
            &configuration.snapshots(),
            contents.snapshots,
            rules,
            |_| true,
            summary,
        )
        .await?;
        plan.changes = plan_kind(
            store,
            &configuration.changes(),
            contents.changes,
            rules,
            |_| true,
            summary,
        )
        .await?;
    }
    if has(Document::History) {
        plan.history = history::decide(store, contents.history, summary).await?;
    }
    for (document, fields) in contents.headers {
        plan.headers
            .push(document_header::decide(store, document, fields, rules, summary).await?);
    }
    Ok(plan)
}

/// Returns rules under which a kind without a document is only added to, not replaced.
fn rules_for(all: bool, rules: MergeOptions) -> MergeOptions {
    match all {
        true => rules,
        false => MergeOptions {
            mode: Mode::Merge,
            ..rules
        },
    }
}

async fn plan_kind<T: DocumentRecord>(
    store: &Store<Transaction>,
    records: &Records<'_, Transaction, T>,
    found: Vec<ParsedRecord<T>>,
    rules: MergeOptions,
    covered: impl Fn(&T) -> bool,
    summary: &mut Summary,
) -> Result<Changes<T>, Error> {
    let base = base::<T>(store).await?;
    let known = records.all().await?;
    Ok(plan_changes(found, known, base, rules, covered, summary))
}

pub(crate) async fn base<T: DocumentRecord>(
    store: &Store<Transaction>,
) -> Result<MergeBase, Error> {
    let bytes = store.documents().base(T::KIND).await?;
    Ok(MergeBase::decode(bytes.as_deref()))
}
