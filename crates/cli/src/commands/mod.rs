//! One command, one file.

pub(crate) mod completions;
pub(crate) mod copy;
pub(crate) mod decision;
pub(crate) mod export;
pub(crate) mod handoff;
pub(crate) mod history;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod issue;
pub(crate) mod next;
pub(crate) mod search;
pub(crate) mod session;
mod status;
pub(crate) mod task;
pub(crate) mod undo;

use wsdb_app::{Actor, Location, Workspace};

use crate::args::{Args, Command, Global};
use crate::time;
use crate::ui::Ui;

/// What every command works with.
pub(crate) struct Context {
    pub(crate) workspace: Workspace,
    pub(crate) actor: Actor,
    pub(crate) ui: Ui,
}

/// Runs a command, and returns its exit code.
pub(crate) async fn run(args: Args) -> anyhow::Result<u8> {
    let now = time::now();
    let ui = Ui::new(&args.global, now);
    match args.command {
        // These do without a workspace that is there.
        Command::Completions(command) => command.run(&ui).map(|()| 0),
        Command::Init(command) => command.run(&args.global, &ui).await.map(|()| 0),
        // Nothing is opened or made before its documents have been read.
        Command::Import(command) => command.run(&args.global, now, ui).await,
        Command::Copy(command) => command.run(&args.global, &ui).await.map(|()| 0),
        command => {
            let workspace = Workspace::open(&found(&args.global)?, &args.global.options()).await?;
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
            context.close(done).await.map(|()| 0)
        }
    }
}

/// The workspace that is meant.
fn found(global: &Global) -> Result<Location, wsdb_app::Error> {
    let current = std::env::current_dir().map_err(|error| {
        wsdb_app::Error::Invalid(format!("there is no current folder: {error}"))
    })?;
    Location::find(
        &current,
        global.workspace.as_deref(),
        global.database.as_deref(),
    )
}

impl Context {
    /// Closes the database, also after a failure: an open log makes the next start slower.
    pub(crate) async fn close<T>(self, done: anyhow::Result<T>) -> anyhow::Result<T> {
        let closed = self.workspace.close().await;
        let result = done?;
        closed?;
        Ok(result)
    }
}

async fn dispatch(command: Command, context: &Context) -> anyhow::Result<()> {
    match command {
        Command::Export(command) => command.run(context).await,
        Command::Status => status::run(context).await,
        Command::Next(command) => command.run(context).await,
        Command::Handoff(command) => command.run(context).await,
        Command::History(command) => command.run(context).await,
        Command::Undo(command) => command.run(context).await,
        Command::Search(command) => command.run(context).await,
        Command::Task(command) => command.run(context).await,
        Command::Session(command) => command.run(context).await,
        Command::Issue(command) => command.run(context).await,
        Command::Decision(command) => command.run(context).await,
        Command::Init(_) | Command::Import(_) | Command::Copy(_) | Command::Completions(_) => {
            Ok(())
        }
    }
}

/// Shows counts: a total, and how many there are of each word.
fn counted(
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
        let mut all = serde_json::Map::new();
        all.insert("total".to_owned(), total.into());
        for (group, counts) in groups {
            let counts = counts
                .iter()
                .map(|(word, count)| (name(word), (*count).into()));
            all.insert(
                (*group).to_owned(),
                serde_json::Value::Object(counts.collect()),
            );
        }
        return context.ui.print_json(&all);
    }
    let mut pairs: Vec<(String, String)> = vec![("total".to_owned(), total.to_string())];
    for (_, counts) in groups {
        let mut counts = counts.clone();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        pairs.extend(
            counts
                .iter()
                .map(|(word, count)| (crate::ui::visible(&name(word)), count.to_string())),
        );
    }
    let pairs: Vec<(&str, String)> = pairs.iter().map(|(n, c)| (n.as_str(), c.clone())).collect();
    context.ui.print(&context.ui.pairs(&pairs))
}
