//! One command, one file.

pub(crate) mod completions;
pub(crate) mod copy;
pub(crate) mod decision;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod issue;
pub(crate) mod session;
mod status;
pub(crate) mod task;

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
        Command::Copy(command) => command.run(&args.global, &ui).await.map(|()| 0),
        command => {
            let workspace = open(&args.global, &command).await?;
            let name = args.global.actor.unwrap_or_else(user_name);
            let actor = Actor { name, now };
            let context = Context {
                workspace,
                actor,
                ui,
            };
            let done = dispatch(command, &context).await;
            // Also after a failure: an open log makes the next start slower.
            let closed = context.workspace.close().await;
            let code = done?;
            closed?;
            Ok(code)
        }
    }
}

async fn open(global: &Global, command: &Command) -> anyhow::Result<Workspace> {
    let current = std::env::current_dir()?;
    let found = Location::find(
        &current,
        global.workspace.as_deref(),
        global.database.as_deref(),
    );
    if let Command::Import(_) = command {
        let location = match found {
            Err(wsdb_app::Error::NoWorkspace { .. }) => Location::in_folder(&current),
            found => found?,
        };
        return Ok(Workspace::create(&location).await?);
    }
    Ok(Workspace::open(&found?).await?)
}

fn user_name() -> String {
    whoami::username().unwrap_or_else(|_| "unknown".to_owned())
}

async fn dispatch(command: Command, context: &Context) -> anyhow::Result<u8> {
    match command {
        Command::Import(command) => return command.run(context).await,
        Command::Export(command) => command.run(context).await,
        Command::Status => status::run(context).await,
        Command::Task(command) => command.run(context).await,
        Command::Session(command) => command.run(context).await,
        Command::Issue(command) => command.run(context).await,
        Command::Decision(command) => command.run(context).await,
        Command::Init(_) | Command::Copy(_) | Command::Completions(_) => Ok(()),
    }
    .map(|()| 0)
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
