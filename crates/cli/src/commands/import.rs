//! `wsdb import`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use wsdb_app::documents::{
    self, Conflict, ConflictResolution, Counts, ImportOptions, ImportResult, MissingRecord, Mode,
    Reject, ValueMappings, Warning,
};
use wsdb_app::{Actor, Location, Workspace, open_session};
use wsdb_core::{Json, Session, Timestamp, json};

use super::Context;
use crate::args::Global;
use crate::error::UsageError;
use crate::error::print::{CONFLICT_HINT, report_conflicts};
use crate::progress::ImportProgress;
use crate::table::Column;
use crate::time::local;
use crate::ui::{Style, Ui, count, escape_control_chars};

/// Maximum number of messages of each kind that are printed; `--json` has them all.
const MAX_ITEMS_SHOWN: usize = 20;

#[derive(Debug, Args)]
#[command(
    before_help = "Reads documents written by hand or by 'wsdb export': WORKSPACE-TASKS.json,
SESSION-LOG.json, CROSS-REPO-ISSUES.json, ARCHITECTURE-DECISIONS.json,
ARCHITECTURE.json, DRIFT.json, CONFIGURATION.json, CONTEXT-LOG.json and
HISTORY.json.

If a record is invalid, nothing is imported unless --skip-rejects is given. A
field that is missing in the file stays unchanged; null clears it. A field that
wsdb does not know is kept and exported again, but has no effect; 'wsdb task
show' lists it under 'other fields'.

An existing record is merged with the version that was last imported or
exported. A field that changed on one side takes the new value. A field that
changed on both sides is a conflict: it keeps the value in the database unless
--prefer is given. Everything else is imported, and the exit code is 1.",
    after_help = "Examples:
  wsdb import
  wsdb import ~/orchard --dry-run
  wsdb import --map status.wontfix=closed"
)]
pub(crate) struct Import {
    /// Folders with documents, or single documents [default: .]
    #[arg(value_name = "DIR|FILE")]
    sources: Vec<PathBuf>,
    /// Print what would change without writing anything
    #[arg(long)]
    dry_run: bool,
    /// Also delete records that are missing from the documents, if those contain their type
    #[arg(long)]
    replace: bool,
    /// Resolve conflicts in favor of the file or the database
    #[arg(long, value_enum, value_name = "SIDE", conflicts_with = "replace")]
    prefer: Option<PreferSide>,
    /// Map an unknown value to a known one (may be repeated)
    #[arg(long, value_name = "FIELD.VALUE=KNOWN")]
    map: Vec<String>,
    /// Skip invalid records and write them to a file with the reasons
    #[arg(long)]
    skip_rejects: bool,
    /// File for the records skipped by --skip-rejects
    #[arg(
        long,
        value_name = "FILE",
        default_value = "wsdb-rejects.json",
        requires = "skip_rejects"
    )]
    rejects: PathBuf,
    /// Print the workspace's status afterward
    #[arg(long, conflicts_with = "json")]
    status: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum PreferSide {
    File,
    Database,
}

impl From<PreferSide> for ConflictResolution {
    fn from(side: PreferSide) -> Self {
        match side {
            PreferSide::File => ConflictResolution::File,
            PreferSide::Database => ConflictResolution::Database,
        }
    }
}

impl Import {
    pub(crate) async fn run(self, global: &Global, now: Timestamp, ui: Ui) -> anyhow::Result<u8> {
        let location = match super::locate_workspace(global) {
            Err(wsdb_app::Error::NoWorkspace { from }) => Location::in_folder(&from),
            found => found?,
        };
        let options = ImportOptions {
            mode: if self.replace {
                Mode::Replace
            } else {
                Mode::Merge
            },
            prefer: self.prefer.map(ConflictResolution::from),
            mappings: ValueMappings::parse(&self.map).map_err(UsageError)?,
            dry_run: self.dry_run,
            for_postgres: wsdb_store::is_postgres(&location.url),
            skip_rejects: self.skip_rejects,
        };
        let sources = if self.sources.is_empty() {
            vec![PathBuf::from(".")]
        } else {
            self.sources.clone()
        };
        let bar = ImportProgress::new(ui.is_json());
        let documents = documents::read(&sources, &options, &bar).map_err(wsdb_app::Error::from)?;
        let context = Context {
            workspace: self.open(location, global).await?,
            actor: Actor {
                name: global.actor_name(),
                now,
            },
            ui,
        };
        let before = own_session(&context).await;
        let store = context.workspace.by(&context.actor, "import");
        let imported = documents.import(&store, &bar).await;
        drop(bar);
        let done = match imported {
            Ok(imported) => self.report(&context, &imported, before.as_ref()).await,
            Err(error) => Err(wsdb_app::Error::from(error).into()),
        };
        context.close(done).await
    }

    /// Opens the workspace, or creates one at the location; a dry run creates it in memory.
    async fn open(
        &self,
        location: Location,
        global: &Global,
    ) -> Result<Workspace, wsdb_app::Error> {
        let options = global.options();
        if !self.dry_run {
            return Workspace::create(&location, &options).await;
        }
        match Workspace::open(&location, &options).await {
            Err(wsdb_app::Error::Store(
                wsdb_store::Error::NoDatabase { .. } | wsdb_store::Error::NoWorkspace { .. },
            )) => {
                let url = "sqlite::memory:".to_owned();
                Workspace::create(&Location { url, ..location }, &options).await
            }
            opened => opened,
        }
    }

    async fn report(
        &self,
        context: &Context,
        imported: &ImportResult,
        before: Option<&Session>,
    ) -> anyhow::Result<u8> {
        let ui = &context.ui;
        if !imported.rejects.is_empty() && !self.dry_run {
            let text =
                serde_json::to_string_pretty(&json!({ "rejects": rejects(&imported.rejects) }))?;
            std::fs::write(&self.rejects, text + "\n").map_err(|source| {
                wsdb_app::Error::from(documents::Error::Write {
                    path: self.rejects.clone(),
                    source,
                })
            })?;
        }
        let changed = !self.dry_run && !imported.summary.is_unchanged();
        let code = u8::from(!imported.summary.conflicts.is_empty());
        if ui.is_json() {
            let imported_json = as_json(imported, self.dry_run);
            if changed {
                ui.print_changed_json(&imported_json)?
            } else {
                ui.print_json(&imported_json)?
            }
            if code > 0 {
                report_conflicts(imported.summary.conflicts.len());
            }
            return Ok(code);
        }
        print_warnings(ui, imported, self.dry_run, &self.rejects);
        if changed {
            note_open_session(context, before).await;
        }
        let table = table(ui, imported, self.dry_run);
        if changed {
            ui.print_changed(&table)?
        } else {
            ui.print(&table)?
        }
        if code > 0 {
            eprintln!("{} {CONFLICT_HINT}", ui.paint_stderr("hint:"));
        }
        if self.status {
            ui.print("\n")?;
            super::status::run(context).await?;
        }
        Ok(code)
    }
}

fn rejects(rejects: &[Reject]) -> Vec<Json> {
    rejects
        .iter()
        .map(|reject| {
            let reasons: Vec<_> = reject
                .reasons
                .iter()
                .map(|problem| json!({"path": problem.path, "reason": problem.reason}))
                .collect();
            json!({"file": reject.file, "path": reject.path, "reasons": reasons, "record": reject.record})
        })
        .collect()
}

fn as_json(imported: &ImportResult, dry_run: bool) -> Json {
    let summary = &imported.summary;
    let gone = |gone: &[MissingRecord]| -> Vec<Json> {
        gone.iter()
            .map(|gone| json!({"kind": gone.kind, "id": gone.id}))
            .collect()
    };
    json!({
        "dry_run": dry_run,
        "unchanged": summary.is_unchanged(),
        "files": imported.files.iter().map(|read| &read.file).collect::<Vec<_>>(),
        "kinds": summary.counts.iter().chain([&summary.document_fields]).map(|c| json!({
            "kind": c.kind, "new": c.new, "changed": c.changed, "unchanged": c.unchanged, "deleted": c.deleted,
        })).collect::<Vec<_>>(),
        "conflicts": summary.conflicts.iter().map(|c| json!({
            "kind": c.kind, "id": c.id, "field": c.field, "file": c.file, "database": c.database,
        })).collect::<Vec<_>>(),
        "vanished": gone(&summary.vanished),
        "stay_deleted": gone(&summary.stay_deleted),
        "warnings": summary.warnings.iter().map(|w| json!({
            "file": w.file, "path": w.path, "message": w.message,
        })).collect::<Vec<_>>(),
        "rejects": rejects(&imported.rejects),
    })
}

/// Prints warnings, conflicts and notes about the import to stderr.
fn print_warnings(ui: &Ui, imported: &ImportResult, dry_run: bool, file: &std::path::Path) {
    let summary = &imported.summary;
    let warnings = summary.warnings.iter().map(warning).collect();
    print_capped(ui, "warning", warnings);
    let conflicts = summary.conflicts.iter().map(conflict).collect();
    print_capped(ui, "conflict", conflicts);
    // A claim is kept with its task.
    let vanished = summary.vanished.iter().filter(|g| g.kind != "claims");
    let vanished = vanished.map(|g| format!("{} is not in the file; kept in the database", g.id));
    print_capped(ui, "note", vanished.collect());
    let deleted = summary.stay_deleted.iter();
    let deleted =
        deleted.map(|g| format!("{} was deleted in the database and stays deleted", g.id));
    print_capped(ui, "note", deleted.collect());
    if !imported.rejects.is_empty() {
        let left_out = count(imported.rejects.len() as u64, "record");
        let place = if dry_run {
            "would be skipped".to_owned()
        } else {
            format!("skipped: see {}", file.display())
        };
        print_capped(ui, "warning", vec![format!("{left_out} {place}")]);
    }
}

/// Returns the actor's open session. Errors are ignored: the import itself reports them.
async fn own_session(context: &Context) -> Option<Session> {
    let open = open_session(&context.workspace.store, &context.actor).await;
    open.ok().flatten()
}

/// Prints a note if the import brought an open session of the actor, to which later changes belong.
async fn note_open_session(context: &Context, before: Option<&Session>) {
    let open = own_session(context).await;
    let Some(open) = open.filter(|open| before.is_none_or(|before| before.id != open.id)) else {
        return;
    };
    let (id, since) = (&open.id, local(open.start_time));
    context.ui.print_note(&format!(
        "your session {id}, started {since}, is open and your changes belong to it; run \
         'wsdb session end {id}' to end it"
    ));
}

fn warning(warning: &Warning) -> String {
    let Warning {
        file,
        path,
        message,
    } = warning;
    match file {
        Some(file) if !path.is_empty() => format!("{}, {path}: {message}", file.display()),
        Some(file) => format!("{}: {message}", file.display()),
        None => message.clone(),
    }
}

fn conflict(conflict: &Conflict) -> String {
    let Conflict {
        id,
        field,
        file,
        database,
        ..
    } = conflict;
    match field {
        Some(field) => {
            format!("{field} of {id}: {file} in the file, {database} in the database")
        }
        None => format!("{id} was deleted in the database but changed in the file"),
    }
}

fn print_capped(ui: &Ui, what: &str, messages: Vec<String>) {
    for message in messages.iter().take(MAX_ITEMS_SHOWN) {
        eprintln!(
            "{}: {}",
            ui.paint_stderr(what),
            escape_control_chars(message)
        );
    }
    if messages.len() > MAX_ITEMS_SHOWN {
        eprintln!(
            "{}: … and {} more (--json prints all)",
            ui.paint_stderr(what),
            messages.len() - MAX_ITEMS_SHOWN
        );
    }
}

fn table(ui: &Ui, imported: &ImportResult, dry_run: bool) -> String {
    let summary = &imported.summary;
    let rows: Vec<&Counts> = summary
        .counts
        .iter()
        .chain([&summary.document_fields])
        .filter(|c| c.new + c.changed + c.unchanged + c.deleted > 0)
        .collect();
    let columns = [
        Column::new("", |c: &&Counts, _| kind_text(c.kind).to_owned()),
        Column::new("new", |c: &&Counts, _| c.new.to_string())
            .tone(|c| style_count(c.new, Style::Good)),
        Column::new("changed", |c: &&Counts, _| c.changed.to_string())
            .tone(|c| style_count(c.changed, Style::Warn)),
        Column::new("unchanged", |c: &&Counts, _| c.unchanged.to_string())
            .tone(|c| style_count(c.unchanged, Style::Plain)),
        Column::new("deleted", |c: &&Counts, _| c.deleted.to_string())
            .tone(|c| style_count(c.deleted, Style::Bad)),
    ];
    let mut text = if rows.is_empty() {
        String::new()
    } else {
        format!("{}\n\n", ui.table(&rows, &columns))
    };
    let conflicts = summary.conflicts.len();
    text.push_str(&match (dry_run, summary.is_unchanged()) {
        (true, true) => "Dry run: nothing would change".to_owned(),
        (true, false) => "Dry run: nothing was written".to_owned(),
        (false, true) if conflicts > 0 || !imported.rejects.is_empty() => {
            "Nothing imported".to_owned()
        }
        (false, true) => "Nothing to import: all records are unchanged".to_owned(),
        (false, false) => {
            let imported_count: usize = summary.counts.iter().map(|c| c.new + c.changed).sum();
            let deleted = match summary.counts.iter().map(|c| c.deleted).sum() {
                0 => String::new(),
                deleted => format!("; deleted {}", count(deleted as u64, "record")),
            };
            format!(
                "Imported {} from {}{deleted}",
                count(imported_count as u64, "record"),
                count(imported.files.len() as u64, "file")
            )
        }
    });
    if conflicts > 0 {
        text.push_str(&format!("; {}", count(conflicts as u64, "conflict")));
    }
    text
}

/// Returns the words for a kind of record, whose name in JSON may differ.
fn kind_text(kind: &str) -> &str {
    match kind {
        "context switches" => "visits",
        "architecture states" => "states",
        "component placements" => "placements",
        "architecture goals" => "goals",
        "drift scans" => "scans",
        "drift detections" => "detections",
        "configuration snapshots" => "snapshots",
        kind => kind,
    }
}

fn style_count(number: usize, tone: Style) -> Style {
    if number == 0 { Style::Faint } else { tone }
}
