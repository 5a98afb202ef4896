//! `wsdb import`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use wsdb_app::documents::{
    self, Conflict, Counts, Gone, ImportOptions, Imported, Mappings, Mode, Prefer, Reject, Warning,
};
use wsdb_app::{Actor, Location, Workspace, import_documents, open_session};
use wsdb_core::{Session, Timestamp};

use super::Context;
use crate::args::Global;
use crate::error::{Usage, report_conflicts};
use crate::progress::Bar;
use crate::table::Column;
use crate::time::local;
use crate::ui::{Tone, Ui, count, visible};

/// So many of each kind of remark are shown; `--json` has them all.
const SHOWN: usize = 20;

#[derive(Debug, Args)]
#[command(
    after_help = "Both generations are read: kept by hand, and exported by the earlier tool. All is imported or
nothing. A field that the file leaves out says nothing; null clears it.

Where a record is there already, the two are merged against what both last agreed on: a field that
changed on one side only is taken from there; one that changed on both is a conflict and stays as
it is here, unless --prefer says who wins. Exit code 1 tells that there were conflicts.

Examples:
  wsdb import                                 the documents of this folder
  wsdb import ~/orchard --dry-run             only tell what would happen
  wsdb import --map status.wontfix=closed     read a word of one's own"
)]
pub(crate) struct Import {
    /// Folders with documents, or single documents [default: this folder]
    #[arg(value_name = "DIR|FILE")]
    sources: Vec<PathBuf>,
    /// Only tell what would happen; write nothing
    #[arg(long)]
    dry_run: bool,
    /// The documents' records become all there is of their kind; the rest stays
    #[arg(long)]
    replace: bool,
    /// Who wins where a field has changed in the file and here
    #[arg(long, value_enum, value_name = "SIDE", conflicts_with = "replace")]
    prefer: Option<Side>,
    /// Read a word as one that is known, such as status.wontfix=closed; may be repeated
    #[arg(long, value_name = "FIELD.WORD=KNOWN")]
    map: Vec<String>,
    /// Import the rest where some records can't be; they are written to a file with the reasons
    #[arg(long)]
    skip_rejects: bool,
    /// The file for --skip-rejects
    #[arg(
        long,
        value_name = "FILE",
        default_value = "wsdb-rejects.json",
        requires = "skip_rejects"
    )]
    rejects: PathBuf,
    /// Show the workspace's status afterwards
    #[arg(long, conflicts_with = "json")]
    status: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Side {
    File,
    Database,
}

impl From<Side> for Prefer {
    fn from(side: Side) -> Self {
        match side {
            Side::File => Prefer::File,
            Side::Database => Prefer::Database,
        }
    }
}

impl Import {
    pub(crate) async fn run(self, global: &Global, now: Timestamp, ui: Ui) -> anyhow::Result<u8> {
        let location = match super::found(global) {
            Err(wsdb_app::Error::NoWorkspace { from }) => Location::in_folder(&from),
            found => found?,
        };
        let options = ImportOptions {
            mode: if self.replace {
                Mode::Replace
            } else {
                Mode::Merge
            },
            prefer: self.prefer.map(Prefer::from),
            mappings: Mappings::parse(&self.map).map_err(Usage)?,
            dry_run: self.dry_run,
            for_postgres: wsdb_store::is_postgres(&location.url),
            skip_rejects: self.skip_rejects,
        };
        let sources = match self.sources.is_empty() {
            true => vec![PathBuf::from(".")],
            false => self.sources.clone(),
        };
        let bar = Bar::new(ui.json);
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
        let imported = import_documents(&context.workspace, &context.actor, documents, &bar).await;
        drop(bar);
        let done = match imported {
            Ok(imported) => self.tell(&context, &imported, before.as_ref()).await,
            Err(error) => Err(error.into()),
        };
        context.close(done).await
    }

    /// The workspace that is meant, else a new one in this folder; for a dry run, one in memory.
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

    async fn tell(
        &self,
        context: &Context,
        imported: &Imported,
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
        if ui.json {
            let imported_json = as_json(imported, self.dry_run);
            match changed {
                true => ui.print_changed_json(&imported_json)?,
                false => ui.print_json(&imported_json)?,
            }
            if code > 0 {
                report_conflicts(imported.summary.conflicts.len());
            }
            return Ok(code);
        }
        remark(ui, imported, self.dry_run, &self.rejects);
        if changed {
            remark_session(context, before).await;
        }
        let table = table(ui, imported, self.dry_run);
        match changed {
            true => ui.print_changed(&table)?,
            false => ui.print(&table)?,
        }
        if self.status {
            ui.print("\n")?;
            super::status::run(context).await?;
        }
        Ok(code)
    }
}

fn rejects(rejects: &[Reject]) -> Vec<Value> {
    rejects
        .iter()
        .map(|reject| {
            let reasons: Vec<_> = reject
                .reasons
                .iter()
                .map(|(path, reason)| json!({"path": path, "reason": reason}))
                .collect();
            json!({"file": reject.file, "path": reject.path, "reasons": reasons, "record": reject.record})
        })
        .collect()
}

fn as_json(imported: &Imported, dry_run: bool) -> Value {
    let summary = &imported.summary;
    let gone = |gone: &[Gone]| -> Vec<Value> {
        gone.iter()
            .map(|gone| json!({"kind": gone.kind, "id": gone.id}))
            .collect()
    };
    json!({
        "dry_run": dry_run,
        "unchanged": summary.is_unchanged(),
        "files": imported.files.iter().map(|(file, _)| file).collect::<Vec<_>>(),
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

/// What there is to know beside the result, on stderr.
fn remark(ui: &Ui, imported: &Imported, dry_run: bool, file: &std::path::Path) {
    let summary = &imported.summary;
    let warnings = summary.warnings.iter().map(warning).collect();
    say(ui, "warning", warnings);
    let conflicts = summary.conflicts.iter().map(conflict).collect();
    say(ui, "conflict", conflicts);
    let vanished = summary.vanished.iter();
    let vanished =
        vanished.map(|g| format!("{} {} is no longer in the file; it was kept", g.kind, g.id));
    say(ui, "note", vanished.collect());
    let deleted = summary.stay_deleted.iter();
    let deleted = deleted.map(|g| format!("{} {} was deleted here; it stays so", g.kind, g.id));
    say(ui, "note", deleted.collect());
    if !imported.rejects.is_empty() {
        let left_out = count(imported.rejects.len() as u64, "record");
        let place = match dry_run {
            true => "would be left out".to_owned(),
            false => format!("left out: see {}", file.display()),
        };
        say(ui, "warning", vec![format!("{left_out} {place}")]);
    }
}

/// The actor's open session. Nothing is said of it where it can't be read: the import tells.
async fn own_session(context: &Context) -> Option<Session> {
    let open = open_session(&context.workspace.store, &context.actor).await;
    open.ok().flatten()
}

/// What the actor does may belong to a session that came with the documents.
async fn remark_session(context: &Context, before: Option<&Session>) {
    let open = own_session(context).await;
    let Some(open) = open.filter(|open| before.is_none_or(|before| before.id != open.id)) else {
        return;
    };
    let (id, since) = (&open.id, local(open.start_time));
    context.ui.note(&format!(
        "your session {id}, begun {since}, is open: what you do belongs to it; `wsdb session end \
         {id}` ends it"
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
        kind,
        id,
        field,
        file,
        database,
    } = conflict;
    match field {
        Some(field) => {
            format!("{kind} {id}, {field}: the file says {file}, the database {database}")
        }
        None => format!("{kind} {id} was deleted here, and has changed in the file"),
    }
}

fn say(ui: &Ui, what: &str, messages: Vec<String>) {
    for message in messages.iter().take(SHOWN) {
        eprintln!("{}: {}", ui.paint_stderr(what), visible(message));
    }
    if messages.len() > SHOWN {
        eprintln!(
            "{}: … and {} more: --json shows all",
            ui.paint_stderr(what),
            messages.len() - SHOWN
        );
    }
}

fn table(ui: &Ui, imported: &Imported, dry_run: bool) -> String {
    let summary = &imported.summary;
    let rows: Vec<&Counts> = summary
        .counts
        .iter()
        .chain([&summary.document_fields])
        .filter(|c| c.new + c.changed + c.unchanged + c.deleted > 0)
        .collect();
    let mut text = ui.table(
        &rows,
        &[
            Column::new("", |c: &&Counts, _| c.kind.to_owned()),
            Column::new("new", |c: &&Counts, _| c.new.to_string())
                .tone(|c| shade(c.new, Tone::Good)),
            Column::new("changed", |c: &&Counts, _| c.changed.to_string())
                .tone(|c| shade(c.changed, Tone::Warn)),
            Column::new("unchanged", |c: &&Counts, _| c.unchanged.to_string())
                .tone(|c| shade(c.unchanged, Tone::Plain)),
            Column::new("deleted", |c: &&Counts, _| c.deleted.to_string())
                .tone(|c| shade(c.deleted, Tone::Bad)),
        ],
    );
    let conflicts = summary.conflicts.len();
    text.push_str("\n\n");
    text.push_str(&match (dry_run, summary.is_unchanged()) {
        (true, true) => "nothing would change".to_owned(),
        (true, false) => "a dry run: nothing was written".to_owned(),
        (false, true) if conflicts > 0 => "nothing was written".to_owned(),
        (false, true) => "everything was there already: nothing changed".to_owned(),
        (false, false) => {
            let sum: usize = summary
                .counts
                .iter()
                .map(|c| c.new + c.changed + c.deleted)
                .sum();
            format!(
                "{} written from {}",
                count(sum as u64, "record"),
                count(imported.files.len() as u64, "file")
            )
        }
    });
    if conflicts > 0 {
        text.push_str(&format!(
            "; {} in conflict {} (--prefer file or --prefer database decides)",
            count(conflicts as u64, "field"),
            match conflicts {
                1 => "was left as it is",
                _ => "were left as they are",
            }
        ));
    }
    text
}

fn shade(number: usize, tone: Tone) -> Tone {
    if number == 0 { Tone::Faint } else { tone }
}
