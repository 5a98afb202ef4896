//! The commands, one file each.

pub(crate) mod architecture;
mod command_tree;
pub(crate) mod completions;
pub(crate) mod configuration;
pub(crate) mod context;
pub(crate) mod copy;
pub(crate) mod decision;
pub(crate) mod drift;
mod edit;
pub(crate) mod export;
pub(crate) mod goal;
pub(crate) mod handoff;
pub(crate) mod history;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod issue;
mod list;
pub(crate) mod man;
pub(crate) mod next;
pub(crate) mod placement;
mod rm;
pub(crate) mod search;
pub(crate) mod session;
mod show;
pub(crate) mod state;
pub(crate) mod stats;
mod status;
pub(crate) mod task;
pub(crate) mod undo;
pub(crate) mod why;

use wsdb_app::store::{Error as StoreError, redacted};
use wsdb_app::{Actor, Error as AppError, Location, Resource, Workspace, find_missing, resolve};
use wsdb_core::SessionId;

use crate::args::{Args, Command, Global};
use crate::time;
use crate::ui::{Style, Ui};

/// The opened workspace, the actor and the output that every command uses.
pub(crate) struct Context {
    pub(crate) workspace: Workspace,
    pub(crate) actor: Actor,
    pub(crate) ui: Ui,
}

/// Runs the command line and returns its exit code.
pub(crate) async fn run(args: Args) -> anyhow::Result<u8> {
    let now = time::now();
    let ui = Ui::new(&args.global, now);
    match args.command {
        // These commands need no existing workspace.
        Command::Completions(command) => command.run(&ui).map(|()| 0),
        Command::Man(command) => command.run(&ui).map(|()| 0),
        Command::CommandTree => command_tree::run(&ui).map(|()| 0),
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
            | Command::CommandTree => false,
        }
    }
}

fn current_folder() -> Result<std::path::PathBuf, AppError> {
    std::env::current_dir()
        .map_err(|error| AppError::Invalid(format!("cannot read the current folder: {error}")))
}

/// Returns the location of the workspace that the global options and the current folder select.
fn locate_workspace(global: &Global) -> Result<Location, AppError> {
    Location::find(
        &current_folder()?,
        global.workspace.as_deref(),
        global.database.as_deref(),
    )
}

/// Adds the location of the database to an error that does not name it.
fn with_database_name(error: anyhow::Error, location: &Location) -> anyhow::Error {
    match error.downcast::<AppError>() {
        Ok(error) => error.at(&location.url).into(),
        Err(error) => match error.downcast::<StoreError>() {
            Ok(error) => error.with_database(&location.url).into(),
            Err(error) => error,
        },
    }
}

impl Context {
    /// Closes the database, also after an error: a write-ahead log that is left open slows down the
    /// next start.
    pub(crate) async fn close<T>(self, done: anyhow::Result<T>) -> anyhow::Result<T> {
        let location = self.workspace.location.clone();
        let closed = self.workspace.close().await;
        let result = done.map_err(|error| with_database_name(error, &location))?;
        closed.map_err(|error| error.at(&location.url))?;
        Ok(result)
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
        | Command::CommandTree => Ok(()),
    };
    done.map(|()| 0)
}

/// Resolves what was typed to sessions. A deleted session may still be referenced by other records:
/// its complete id is accepted if `known` counts any.
pub(crate) async fn resolve_sessions(
    context: &Context,
    words: &[String],
    known: impl AsyncFn(SessionId) -> Result<u64, AppError>,
) -> Result<Vec<SessionId>, AppError> {
    let sessions = context.workspace.store.sessions();
    let (mut ids, mut errors) = (Vec::new(), Vec::new());
    for word in words {
        match resolve(&sessions, word).await {
            Ok(id) => ids.push(id),
            Err(error @ AppError::NotFound { .. }) => match SessionId::try_from(word.clone()) {
                Ok(id) if known(id.clone()).await? > 0 => ids.push(id),
                _ => errors.push(error),
            },
            Err(error @ AppError::Ambiguous { .. }) => errors.push(error),
            Err(error) => return Err(error),
        }
    }
    match errors.len() {
        0 => Ok(ids),
        1 => Err(errors.remove(0)),
        _ => Err(AppError::Several(errors)),
    }
}

/// Prints a note for each referenced record that does not exist yet.
async fn warn_missing<R: Resource>(context: &Context, ids: &[R::Id]) -> anyhow::Result<()> {
    for (id, alike) in find_missing(&context.workspace.store.records::<R>(), ids).await? {
        let alike = alike.map(|alike| format!("; did you mean {alike}?"));
        let (noun, id) = (R::NOUN, id.as_ref());
        let alike = alike.unwrap_or_default();
        context
            .ui
            .print_note(&format!("{noun} {id} does not exist yet{alike}"));
    }
    Ok(())
}

/// Prints a total and the number of records for each value of each group.
fn print_counts(
    context: &Context,
    total: u64,
    groups: &[(&str, Vec<(String, u64)>)],
) -> anyhow::Result<()> {
    let name = |word: &str| {
        if word.is_empty() {
            "none".to_owned()
        } else {
            word.to_owned()
        }
    };
    if context.ui.json {
        let mut all = wsdb_core::JsonObject::new();
        all.insert("total".to_owned(), total.into());
        for (group, counts) in groups {
            let counts = counts
                .iter()
                .map(|(word, count)| (name(word), (*count).into()));
            all.insert(
                (*group).to_owned(),
                wsdb_core::Json::Object(counts.collect()),
            );
        }
        return context.ui.print_json(&all);
    }
    let ui = &context.ui;
    let mut parts = vec![format!("{} {total}", ui.paint(Style::Strong, "total"))];
    for (group, counts) in groups {
        let mut counts = counts.clone();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let names: Vec<(String, u64)> = counts.into_iter().map(|(w, n)| (name(&w), n)).collect();
        let pairs: Vec<(&str, String)> = names
            .iter()
            .map(|(word, count)| (word.as_str(), count.to_string()))
            .collect();
        let heading = ui.paint(Style::Strong, &group.replace('_', " "));
        let counts = match pairs.is_empty() {
            true => "none".to_owned(),
            false => ui.format_pairs(&pairs).replace('\n', "\n  "),
        };
        parts.push(format!("{heading}\n  {counts}"));
    }
    ui.print(&parts.join("\n\n"))
}
