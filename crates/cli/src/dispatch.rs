//! Runs the commands.

use clap::CommandFactory;
use wsdb_app::store::{Error as StoreError, redacted};
use wsdb_app::{Actor, Error as AppError, Workspace};

use crate::args::Global;
use crate::command_line::{Args, Command, parse};
use crate::commands::{Context, command_tree, locate_workspace, status};
use crate::time;
use crate::ui::Ui;

/// Runs the command line and returns its exit code.
pub(crate) async fn run(args: Args) -> anyhow::Result<u8> {
    let global = &args.global;
    let now = time::now();
    let ui = Ui::new(global.json, global.format, global.color, now);
    let done = match args.command {
        // These commands need no existing workspace.
        Command::Completions(command) => command.run(Args::command(), &ui),
        Command::Man(command) => command.run(parse::command(), &ui),
        Command::Tree => command_tree::run(parse::command(), &ui),
        Command::Init(command) => command.run(global, &ui).await,
        // Reads its documents before it opens or creates anything.
        Command::Import(command) => return command.run(global, now, ui).await,
        Command::Copy(command) => command.run(global, &ui).await,
        // `drift record --check` has an exit code of its own.
        Command::Drift(command) => {
            let create = command.may_create_database();
            let run = async |context: &Context| command.run(context).await;
            return in_workspace(global, ui, create, run).await;
        }
        Command::Task(command) => {
            let create = command.may_create_database();
            in_workspace(global, ui, create, async |context| {
                command.run(context).await
            })
            .await
        }
        Command::Session(command) => {
            let create = command.may_create_database();
            in_workspace(global, ui, create, async |context| {
                command.run(context).await
            })
            .await
        }
        Command::Issue(command) => {
            let create = command.may_create_database();
            in_workspace(global, ui, create, async |context| {
                command.run(context).await
            })
            .await
        }
        Command::Decision(command) => {
            let create = command.may_create_database();
            in_workspace(global, ui, create, async |context| {
                command.run(context).await
            })
            .await
        }
        Command::Context(command) => {
            let create = command.may_create_database();
            in_workspace(global, ui, create, async |context| {
                command.run(context).await
            })
            .await
        }
        Command::Config(command) => {
            let create = command.may_create_database();
            in_workspace(global, ui, create, async |context| {
                command.run(context).await
            })
            .await
        }
        Command::State(command) => {
            let create = command.may_create_database();
            in_workspace(global, ui, create, async |context| {
                command.run(context).await
            })
            .await
        }
        Command::Placement(command) => {
            let create = command.may_create_database();
            in_workspace(global, ui, create, async |context| {
                command.run(context).await
            })
            .await
        }
        Command::Goal(command) => {
            let create = command.may_create_database();
            in_workspace(global, ui, create, async |context| {
                command.run(context).await
            })
            .await
        }
        Command::Status => in_workspace(global, ui, false, status::run).await,
        Command::Export(command) => {
            in_workspace(global, ui, false, async |context| {
                command.run(context).await
            })
            .await
        }
        Command::Next(command) => {
            in_workspace(global, ui, false, async |context| {
                command.run(context).await
            })
            .await
        }
        Command::Stats(command) => {
            in_workspace(global, ui, false, async |context| {
                command.run(context).await
            })
            .await
        }
        Command::Handoff(command) => {
            in_workspace(global, ui, false, async |context| {
                command.run(context).await
            })
            .await
        }
        Command::History(command) => {
            in_workspace(global, ui, false, async |context| {
                command.run(context).await
            })
            .await
        }
        Command::Undo(command) => {
            in_workspace(global, ui, false, async |context| {
                command.run(context).await
            })
            .await
        }
        Command::Search(command) => {
            in_workspace(global, ui, false, async |context| {
                command.run(context).await
            })
            .await
        }
        Command::Architecture(command) => {
            in_workspace(global, ui, false, async |context| {
                command.run(context).await
            })
            .await
        }
        Command::Why(command) => {
            in_workspace(global, ui, false, async |context| {
                command.run(context).await
            })
            .await
        }
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
    let context = Context {
        workspace: open(global, may_create, &ui).await?,
        actor: Actor {
            name: global.actor_name(),
            now: ui.now,
        },
        ui,
    };
    let done = command(&context).await;
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
                "created a new workspace in {}",
                redacted(&location.url)
            ));
            Ok(workspace)
        }
        opened => Ok(opened?),
    }
}
