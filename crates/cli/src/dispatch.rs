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
    let now = time::now();
    let global = &args.global;
    let ui = Ui::new(global.json, global.format, global.color, now);
    match args.command {
        // These commands need no existing workspace.
        Command::Completions(command) => command.run(Args::command(), &ui).map(|()| 0),
        Command::Man(command) => command.run(parse::command(), &ui).map(|()| 0),
        Command::Tree => command_tree::run(parse::command(), &ui).map(|()| 0),
        Command::Init(command) => command.run(&args.global, &ui).await.map(|()| 0),
        // Reads its documents before it opens or creates anything.
        Command::Import(command) => command.run(&args.global, now, ui).await,
        Command::Copy(command) => command.run(&args.global, &ui).await.map(|()| 0),
        command => {
            let workspace = open(&args.global, &command, &ui).await?;
            let actor = Actor {
                name: args.global.actor_name(),
                now,
            };
            let context = Context {
                workspace,
                actor,
                ui,
            };
            let done = dispatch(command, &context).await;
            context.close(done).await
        }
    }
}

/// Opens the workspace. A command that adds records creates a missing database if its location was
/// given explicitly; a command that only reads never creates one.
async fn open(global: &Global, command: &Command, ui: &Ui) -> anyhow::Result<Workspace> {
    let (location, options) = (locate_workspace(global)?, global.options());
    match Workspace::open(&location, &options).await {
        Err(AppError::Store(StoreError::NoDatabase { .. } | StoreError::NoWorkspace { .. }))
            if location.named && command.creates_records() =>
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

impl Command {
    /// Returns whether this command may create a missing database.
    fn creates_records(&self) -> bool {
        match self {
            Command::Task(task) => task.creates_records(),
            Command::Session(session) => session.creates_records(),
            Command::Issue(issue) => issue.creates_records(),
            Command::Decision(decision) => decision.creates_records(),
            Command::Drift(drift) => drift.creates_records(),
            Command::Context(context) => context.creates_records(),
            Command::Config(config) => config.creates_records(),
            Command::State(state) => state.creates_records(),
            Command::Placement(placement) => placement.creates_records(),
            Command::Goal(goal) => goal.creates_records(),
            Command::Init(_) | Command::Import(_) => true,
            Command::Export(_)
            | Command::Copy(_)
            | Command::Status
            | Command::Stats(_)
            | Command::Next(_)
            | Command::Handoff(_)
            | Command::Search(_)
            | Command::History(_)
            | Command::Undo(_)
            | Command::Architecture(_)
            | Command::Why(_)
            | Command::Completions(_)
            | Command::Man(_)
            | Command::Tree => false,
        }
    }
}

/// Runs a command on an opened workspace and returns its exit code.
async fn dispatch(command: Command, context: &Context) -> anyhow::Result<u8> {
    let done = match command {
        // `drift record --check` has an exit code of its own.
        Command::Drift(command) => return command.run(context).await,
        Command::Export(command) => command.run(context).await,
        Command::Status => status::run(context).await,
        Command::Stats(command) => command.run(context).await,
        Command::Next(command) => command.run(context).await,
        Command::Handoff(command) => command.run(context).await,
        Command::History(command) => command.run(context).await,
        Command::Undo(command) => command.run(context).await,
        Command::Search(command) => command.run(context).await,
        Command::Task(command) => command.run(context).await,
        Command::Session(command) => command.run(context).await,
        Command::Issue(command) => command.run(context).await,
        Command::Decision(command) => command.run(context).await,
        Command::Context(command) => command.run(context).await,
        Command::Config(command) => command.run(context).await,
        Command::State(command) => command.run(context).await,
        Command::Placement(command) => command.run(context).await,
        Command::Goal(command) => command.run(context).await,
        Command::Architecture(command) => command.run(context).await,
        Command::Why(command) => command.run(context).await,
        Command::Init(_)
        | Command::Import(_)
        | Command::Copy(_)
        | Command::Completions(_)
        | Command::Man(_)
        | Command::Tree => Ok(()),
    };
    done.map(|()| 0)
}
