//! `wsdb import`

mod rejects_file;
pub(crate) mod report;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use wsdb_app::documents::{
    self, Conflict, ConflictResolution, Document, ImportOptions, ImportResult, Mode, ValueMappings,
};
use wsdb_app::views::{ImportView, RejectView};
use wsdb_app::{
    Location, Workspace, imported_unknown_repos, open_session, repos_in_records, shell_quote,
    why_no_session,
};
use wsdb_core::{Action, Session, Timestamp, json};

use self::rejects_file::RejectsFile;
use self::report::{print_warnings, render_table};
use crate::args::Global;
use crate::commands::print_unknown_repos;
use crate::context::{Context, actor_of};
use crate::error::UsageError;
use crate::error::conflicts::conflict_hint;
use crate::error::print::report_conflicts;
use crate::progress::ImportProgress;
use crate::time::format_local;
use crate::ui::Ui;

#[derive(Debug, Args)]
#[command(
    before_help = description(),
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
    /// Take all values from the documents, even older ones, and delete records that are not in them
    /// (only record types that the documents contain)
    #[arg(long)]
    replace: bool,
    /// Resolve conflicts in favor of the file or the database
    #[arg(long, value_enum, value_name = "SIDE", conflicts_with = "replace")]
    prefer: Option<PreferSide>,
    /// Give new IDs to records whose IDs belong to different records in the database
    #[arg(long, conflicts_with_all = ["replace", "prefer"])]
    renumber: bool,
    /// Map an unknown value to a known one, or a key to a field, such as team=assigned_to (may be
    /// repeated)
    #[arg(long, value_name = "FIELD.VALUE=KNOWN|KEY=FIELD")]
    map: Vec<String>,
    /// Skip invalid records and write them to a file with the reasons
    #[arg(long)]
    skip_rejects: bool,
    /// New file for the records skipped by --skip-rejects [default: wsdb-rejects.json, or a
    /// numbered name if that exists]
    #[arg(long, value_name = "FILE", requires = "skip_rejects")]
    rejects: Option<PathBuf>,
    /// Print the workspace's status afterward
    #[arg(long, conflicts_with = "json")]
    status: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum, PartialEq)]
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

/// Returns the description in the help, with the names of all documents.
fn description() -> String {
    let names = Document::ALL.map(Document::file_name);
    let (last, others) = names.split_last().unwrap_or((&"", &[]));
    let files = format!(
        "Reads documents written by hand or by 'wsdb export': {} and {last}.",
        others.join(", ")
    );
    // As the other texts of the help.
    let files = textwrap::fill(
        &files,
        textwrap::Options::new(79).word_splitter(textwrap::WordSplitter::NoHyphenation),
    );
    format!("{files}\n\n{DESCRIPTION}")
}

const DESCRIPTION: &str = "\
If a record is invalid, nothing is imported unless --skip-rejects is given. A
field that is missing from the file stays unchanged; null clears it. A key that
wsdb does not know is kept and exported again, and commands such as
'wsdb task show' list it under 'other fields'. Such keys have no other effect,
with two exceptions: 'wsdb search' also searches tags, labels and keys that hold
file names (such as the key 'files_changed'), and the value of 'blocked_reason'
is shown as the reason why a task is blocked.

An existing record is merged field by field: the file and the database are each
compared with the version that the record in the file is based on. A field
that changed on one side takes the new value, so an older export never reverts
newer changes. A field that changed on both sides is a conflict: without
--prefer, it keeps the value in the database, everything else is imported, and
the exit code is 1.

If the ID of a record belongs to a different record in the database, nothing is
imported unless --renumber or --prefer is given. Records are different if they
were created at different times, or on the same day with different names.
--renumber gives the record in the file a new ID and changes the references to
it; later imports of the same file keep this ID. '--prefer file' treats both as
one record and takes the fields in the file; '--prefer database' leaves out the
record in the file.";

impl Import {
    pub(crate) async fn run(self, global: &Global, now: Timestamp, ui: Ui) -> anyhow::Result<u8> {
        let location = match crate::context::locate_workspace(global) {
            Err(wsdb_app::Error::NoWorkspace { from }) => Location::find(&from, Some(&from), None)?,
            found => found?,
        };
        let options = ImportOptions {
            mode: if self.replace {
                Mode::Replace
            } else {
                Mode::Merge
            },
            prefer: self.prefer.map(ConflictResolution::from),
            renumber: self.renumber,
            workspace: Some(location.folder.clone()),
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
        let rejects_file = (self.skip_rejects && !self.dry_run)
            .then(|| RejectsFile::create(self.rejects.as_deref()))
            .transpose()?;
        // Documents with errors are still compared with the database, to report all problems together.
        let workspace = if documents.has_errors() {
            match self.open_existing(location, global).await {
                Ok(workspace) => workspace,
                Err(error) => {
                    let own = documents.into_error().map(wsdb_app::Error::from);
                    return Err(own.unwrap_or(error).into());
                }
            }
        } else {
            self.open(location, global).await?
        };
        let context = Context {
            actor: actor_of(global, &workspace, now).await?,
            workspace,
            ui,
        };
        let before = own_session(&context).await;
        let no_session = why_no_session(&context.workspace.store, &context.actor).await?;
        let repos_before = repos_in_records(&context.workspace).await?;
        let store = context.workspace.by(&context.actor, Action::IMPORT);
        let imported = documents.import(&store, &bar).await;
        drop(bar);
        let done = match imported {
            Ok(imported) => {
                let unknown = imported_unknown_repos(&context.workspace, &repos_before).await?;
                print_unknown_repos(&context.ui, &unknown);
                let report = self
                    .report(&context, &imported, before.as_ref(), rejects_file)
                    .await;
                if no_session.is_none() {
                    context.note_unassigned_changes().await?;
                }
                report
            }
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
        if self.dry_run {
            return self.open_existing(location, global).await;
        }
        Workspace::create(&location, &global.options()).await
    }

    /// Opens the workspace, or creates one in memory if there is none.
    async fn open_existing(
        &self,
        location: Location,
        global: &Global,
    ) -> Result<Workspace, wsdb_app::Error> {
        let options = global.options();
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
        mut rejects_file: Option<RejectsFile>,
    ) -> anyhow::Result<u8> {
        let ui = &context.ui;
        let mut conflicts = imported.summary.conflicts.iter();
        if conflicts.any(Conflict::is_of_different_records) {
            // Nothing was imported, so nothing was skipped.
            rejects_file = None;
        }
        if let Some(file) = &mut rejects_file
            && !imported.rejects.is_empty()
        {
            let rejects: Vec<RejectView> = imported.rejects.iter().map(Into::into).collect();
            let rejects = json!({ "rejects": rejects });
            file.write(&(serde_json::to_string_pretty(&rejects)? + "\n"))?;
        }
        let rejects_path = rejects_file.as_ref().map(RejectsFile::path);
        let changed = !self.dry_run && !imported.summary.is_unchanged();
        let code = u8::from(!imported.summary.conflicts.is_empty());
        if ui.is_json() {
            let imported_json = ImportView::new(imported, self.dry_run);
            if changed {
                ui.print_changed_json(&imported_json)?
            } else {
                ui.print_json(&imported_json)?
            }
            if code > 0 {
                report_conflicts(&imported.summary.conflicts, self.renumber);
            }
            return Ok(code);
        }
        print_warnings(ui, imported, rejects_path);
        if changed {
            note_open_session(context, before).await;
        }
        let is_database_preferred = self.prefer == Some(PreferSide::Database);
        let table = render_table(ui, imported, is_database_preferred, self.dry_run);
        if changed {
            ui.print_changed(&table)?
        } else {
            ui.print(&table)?
        }
        if code > 0 {
            ui.print_labeled(
                "hint",
                conflict_hint(&imported.summary.conflicts, self.renumber),
            );
        }
        if self.status {
            ui.print("\n")?;
            super::status::run(context).await?;
        }
        Ok(code)
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
    let (id, since) = (&open.id, format_local(open.start_time));
    let end = context
        .ui
        .commands
        .format(format!("session end {}", shell_quote(id.as_ref())));
    context.ui.print_note(&format!(
        "your session {id}, started {since}, is open and your changes belong to it; run {end} to \
         end it"
    ));
}
