//! Runs the commands.

use clap::CommandFactory;
use wsdb_app::store::Error as StoreError;
use wsdb_app::{Error as AppError, Workspace, unknown_repos};

use crate::args::{GivenRepos, Global};
use crate::command_line::named::Named;
use crate::command_line::{Args, Command, parse};
use crate::commands::{command_tree, print_unknown_repos, status};
use crate::context::{Context, actor_of, format_database, locate_workspace};
use crate::time;
use crate::ui::Ui;

/// Runs the command line and returns its exit code.
pub(crate) async fn run(args: Args) -> anyhow::Result<u8> {
    let global = &args.global;
    let now = time::now();
    let ui = Ui::new(
        global.json,
        global.format,
        global.color,
        now,
        global.typed.clone(),
    );
    if let Some(zone) = time::unknown_zone() {
        ui.print_warning(&format!("unknown time zone {zone:?} in TZ; using UTC"));
    }
    /// Runs a command in the workspace, which it may create if `$may_create` is set.
    macro_rules! run_in_workspace {
        ($command:ident, $may_create:expr) => {{
            let may_create = $may_create;
            let run = async |context: &Context| $command.run(context).await;
            in_workspace(global, ui, may_create, run).await
        }};
    }
    let done = match args.command {
        // These commands need no existing workspace.
        Command::Completions(command) => command.run(Args::command(), &ui),
        Command::Man(command) => command.run(parse::command(), &ui),
        Command::Tree => command_tree::run(parse::command(), &ui),
        Command::Init(command) => command.run(global, &ui).await,
        Command::Git(command) => return command.run(global, &ui),
        // Reads its documents before it opens or creates anything.
        Command::Import(command) => return command.run(global, now, ui).await,
        Command::Copy(command) => command.run(global, &ui).await,
        Command::Backup(command) => command.run(global, &ui).await,
        // Replaces the database, which nobody may use meanwhile.
        Command::Restore(command) => command.run(global, &ui).await,
        Command::Adopt(command) => command.run(global, &ui).await,
        // `drift record --check` has an exit code of its own.
        Command::Drift(Named(command)) => {
            return run_in_workspace!(command, command.may_create_database());
        }
        Command::Task(Named(command)) => run_in_workspace!(command, command.may_create_database()),
        Command::Session(Named(command)) => {
            run_in_workspace!(command, command.may_create_database())
        }
        Command::Issue(Named(command)) => run_in_workspace!(command, command.may_create_database()),
        Command::Decision(Named(command)) => {
            run_in_workspace!(command, command.may_create_database())
        }
        Command::Context(Named(command)) => {
            run_in_workspace!(command, command.may_create_database())
        }
        Command::Repo(command) => run_in_workspace!(command, false),
        Command::Config(Named(command)) => {
            run_in_workspace!(command, command.may_create_database())
        }
        Command::State(Named(command)) => run_in_workspace!(command, command.may_create_database()),
        Command::Placement(Named(command)) => {
            run_in_workspace!(command, command.may_create_database())
        }
        Command::Goal(Named(command)) => run_in_workspace!(command, command.may_create_database()),
        Command::Status => in_workspace(global, ui, false, status::run).await,
        Command::Export(command) => run_in_workspace!(command, false),
        Command::Next(command) => run_in_workspace!(command, false),
        Command::Stats(command) => run_in_workspace!(command, false),
        Command::Handoff(command) => run_in_workspace!(command, false),
        Command::History(command) => run_in_workspace!(command, false),
        Command::Undo(command) => run_in_workspace!(command, false),
        Command::Search(command) => run_in_workspace!(command, false),
        Command::Architecture(command) => run_in_workspace!(command, false),
        Command::Why(command) => run_in_workspace!(command, false),
    };
    done.map(|()| 0)
}

/// Opens the workspace, runs a command in it and closes it. With `may_create`, a missing database is
/// created if its location was given explicitly.
async fn in_workspace<T>(
    global: &Global,
    ui: Ui,
    may_create: bool,
    command: impl AsyncFnOnce(&Context) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let workspace = open(global, may_create, &ui).await?;
    let GivenRepos { names, are_written } = &global.repos;
    let unknown = unknown_repos(&workspace, names, *are_written).await?;
    print_unknown_repos(&ui, &unknown);
    let context = Context {
        actor: actor_of(global, &workspace, ui.now).await?,
        workspace,
        ui,
    };
    let done = async {
        let done = command(&context).await?;
        context.note_unassigned_changes().await?;
        Ok(done)
    };
    let done = done.await;
    context.close(done).await
}

async fn open(global: &Global, may_create: bool, ui: &Ui) -> anyhow::Result<Workspace> {
    let (location, options) = (locate_workspace(global)?, global.options());
    match Workspace::open(&location, &options).await {
        Err(AppError::Store(StoreError::NoDatabase { .. } | StoreError::NoWorkspace { .. }))
            if location.is_explicit && may_create =>
        {
            let workspace = Workspace::create(&location, &options).await?;
            ui.print_note(&format!(
                "created the database {}",
                format_database(&location.url)
            ));
            Ok(workspace)
        }
        opened => Ok(opened?),
    }
}
