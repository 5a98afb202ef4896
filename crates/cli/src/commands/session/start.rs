//! `wsdb session start`

use clap::Args;
use wsdb_app::{shell_quote, start_session, why_no_session};
use wsdb_core::{Session, SessionChoice};

use crate::args::person_name;
use crate::commands::handoff::Budget;
use crate::context::{Context, SESSION_DATABASE_VARIABLE};
use crate::error::UsageError;
use crate::ui::print_to_stderr;

#[derive(Debug, Args)]
#[command(
    before_help = "Prints a handoff; see 'wsdb handoff --help'.

The session belongs to the actor: --actor, WSDB_ACTOR or the OS user. Changes
that the actor makes are recorded in it and appear in 'wsdb session show' and
the next handoff, even if the session is never ended.

If an actor works in several terminals, start each session with --shell. The
command then prints a line that sets WSDB_SESSION, for the shell to evaluate:
changes made in this shell and workspace belong to this session. Without
WSDB_SESSION or --session, changes belong to the actor's current session: the
open session that was started or had changes in the last 12 hours
(session-timeout in .wsdb.toml), if there is exactly one.",
    after_help = "Examples:
  wsdb session start --assistant assistant-a
  eval \"$(wsdb session start --shell)\""
)]
pub(crate) struct Start {
    /// AI assistant that the actor works with; leave it out if the actor is the assistant
    #[arg(long, value_name = "NAME", value_parser = person_name)]
    assistant: Option<String>,
    /// Do not print the handoff
    #[arg(long, alias = "no-brief", conflicts_with = "budget")]
    no_handoff: bool,
    /// Print to stdout only the command that sets WSDB_SESSION; the rest goes to stderr
    #[arg(long)]
    shell: bool,
    #[command(flatten)]
    budget: Budget,
}

impl Start {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let ui = &context.ui;
        if self.shell && ui.is_json() {
            let both = "--shell and --json cannot be used together";
            return Err(UsageError(both.to_owned()).into());
        }
        let budget = (!self.no_handoff).then(|| self.budget.tokens());
        let fill = |session: &mut Session| session.ai_assistant.clone_from(&self.assistant);
        let (workspace, actor) = (&context.workspace, &context.actor);
        let started = start_session(workspace, actor, budget, self.shell, fill).await?;
        let line = format!("Started session {}", started.session.id);
        if self.shell {
            print_to_stderr(&line);
            if let Some(handoff) = &started.handoff {
                print_to_stderr(&format!("\n{handoff}"));
            }
            let id = shell_quote(started.session.id.as_ref());
            let database = shell_quote(&workspace.location.database_name());
            return ui.print(&format!(
                "export WSDB_SESSION={id} {SESSION_DATABASE_VARIABLE}={database}"
            ));
        }
        if let SessionChoice::Named(id) = &actor.session
            && why_no_session(&workspace.store, actor).await?.is_none()
        {
            ui.print_note(&format!(
                "your changes still belong to {id}, which is set by WSDB_SESSION or --session; \
                 set WSDB_SESSION={} to use the new session",
                shell_quote(started.session.id.as_ref())
            ));
        }
        ui.print_record(&started, &line)?;
        match &started.handoff {
            Some(handoff) if !ui.is_json() => ui.print(&format!("\n{handoff}")),
            _ => Ok(()),
        }
    }
}
