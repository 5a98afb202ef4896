//! `wsdb next`

use clap::Args;
use wsdb_app::views::{Next, PriorityReason, ReadyTask, Top};
use wsdb_app::{list_commands, next_task, shell_quote};

use super::status::{blocked_lines, task_line};
use super::task::filter::FilterArgs;
use crate::context::Context;
use crate::render::{format_list, format_optional};
use crate::time::{format_lease_end, format_relative, format_until};
use crate::ui::{Style, Ui, escape_control_chars, format_count};

#[derive(Debug, Args)]
#[command(
    before_help = "Shows a task in progress that you have claimed and that is not blocked, if any;
otherwise the first task of 'wsdb task ready', and the command that claims it.
Also lists your other tasks in progress, blocked tasks with their reasons, and
unassigned tasks with the status in_progress or planning; if no task is ready,
also the tasks that others have in progress.",
    after_help = "Example:
  wsdb next --repo orchard-core"
)]
pub(crate) struct ShowNext {
    #[command(flatten)]
    which: FilterArgs,
}

impl ShowNext {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let ui = &context.ui;
        let is_filtered = !self.which.is_empty();
        let commands = ListCommands::new(&context.actor.name, &self.which);
        let filter = self.which.filter(context);
        let next = next_task(&context.workspace.store, &context.actor, &filter).await?;
        match (ui.is_json(), &next.task) {
            (true, _) => ui.print_json(&next),
            (false, Some(task)) => ui.print(&render_choice(&next, task, &commands, context)),
            (false, None) => ui.print(&empty_message(&next, is_filtered, &commands, context)),
        }
    }
}

/// The commands that list the tasks which `next` only counts, with the same filter.
struct ListCommands {
    in_progress: String,
    blocked: String,
    unassigned: String,
}

impl ListCommands {
    fn new(actor: &str, which: &FilterArgs) -> Self {
        let own = list_commands::tasks_in_progress_of(&escape_control_chars(actor));
        let filter = which.format_options(false);
        ListCommands {
            in_progress: own + &which.format_options(true),
            blocked: format!("{}{filter}", list_commands::BLOCKED_TASKS),
            unassigned: format!("{}{filter}", list_commands::UNASSIGNED_STARTED_TASKS),
        }
    }
}

fn render_choice(
    next: &Next,
    ready: &ReadyTask,
    commands: &ListCommands,
    context: &Context,
) -> String {
    let ui = &context.ui;
    let task = &ready.task;
    let than_second = match next.reason {
        Some(PriorityReason::Mine) => "you have claimed it",
        Some(PriorityReason::Priority) => "higher priority than the next candidate",
        Some(PriorityReason::Blocks) => "blocks more tasks than the next candidate",
        Some(PriorityReason::Age) => "older than the next candidate",
        Some(PriorityReason::OnlyOne) | None => "the only ready task",
    };
    let age = format!("created {}", format_relative(task.created, ui.now));
    let why = format!("{}, {age}; {than_second}", blocks_note(ready));
    let second = next.next_candidate.as_ref().map(|second| {
        let title = escape_control_chars(&second.task.title);
        format!("{}  {title}  ({})", second.task.id, blocks_note(second))
    });
    let claim = task.claim.as_ref().filter(|_| ready.mine);
    let (begin, how) = match claim {
        Some(claim) => (
            "claimed",
            format!("until {}", format_until(claim.expires, ui.now)),
        ),
        None => (
            "to claim",
            ui.commands.add_options(&format!(
                "wsdb task claim {}",
                shell_quote(task.id.as_ref())
            )),
        ),
    };
    let pairs = [
        ("why", why),
        ("repos", format_list(&task.repos_affected)),
        ("assigned to", format_optional(task.assigned_to.as_ref())),
        (begin, how),
        ("next candidate", second.unwrap_or_default()),
    ];
    let title = format!("{}  {}", task.id, escape_control_chars(&task.title));
    let mut lines = vec![ui.paint(Style::Strong, &title), ui.format_pairs(&pairs)];
    lines.extend(in_progress(next, commands, context));
    lines.extend(not_ready(next, commands, ui));
    lines.join("\n")
}

/// Returns lines about the other tasks that the actor has in progress.
fn in_progress(next: &Next, commands: &ListCommands, context: &Context) -> Vec<String> {
    let ui = &context.ui;
    let shown = next.in_progress.first.iter().map(|task| {
        let claim = task.claim.as_ref().map(|claim| {
            let claim = claim.format_for(&context.actor.name, |end| format_lease_end(end, ui.now));
            format!("  ({})", escape_control_chars(&claim))
        });
        format!(
            "  {}  {}{}",
            task.id,
            escape_control_chars(&task.title),
            claim.unwrap_or_default()
        )
    });
    let mut lines: Vec<String> = shown.collect();
    let more = next.in_progress.total - lines.len() as u64;
    if !lines.is_empty() {
        lines.insert(0, ui.paint(Style::Faint, "Claimed by or assigned to you"));
    }
    if more > 0 {
        let command = ui.commands.add_database(&commands.in_progress);
        lines.push(ui.paint(Style::Faint, &format!("  {more} more: {command}")));
    }
    lines
}

/// Returns the priority of a task and how many open tasks it blocks.
fn blocks_note(ready: &ReadyTask) -> String {
    let priority = ready.task.priority.map(wsdb_core::Vocabulary::as_str);
    let priority = priority.unwrap_or("no priority");
    let unblocks = ready.format_blocks();
    let unblocks = unblocks.as_deref().unwrap_or("blocks no other task");
    format!("{priority}, {unblocks}")
}

fn empty_message(
    next: &Next,
    is_filtered: bool,
    commands: &ListCommands,
    context: &Context,
) -> String {
    let ui = &context.ui;
    let open = next.open_task_count.unwrap_or_default();
    if open == 0 {
        return match next.unknown_repos.as_slice() {
            [] if is_filtered => "No matching open tasks".to_owned(),
            [] => "No open tasks".to_owned(),
            repos => format!(
                "No tasks affect {}",
                escape_control_chars(&repos.join(", "))
            ),
        };
    }
    let mut lines = in_progress(next, commands, context);
    if let Some(held) = next
        .in_progress_by_others
        .as_ref()
        .filter(|held| held.total > 0)
    {
        lines.push(ui.paint(Style::Faint, "Other tasks in progress"));
        lines.extend(held.first.iter().map(|task| {
            let worker = task.format_worker(|time| format_lease_end(time, ui.now));
            format!(
                "  {}  {}  ({})",
                task.id,
                escape_control_chars(&task.title),
                escape_control_chars(&worker)
            )
        }));
        let more = held.total - held.first.len() as u64;
        if more > 0 {
            lines.push(ui.paint(Style::Faint, &format!("  {more} more")));
        }
    }
    lines.extend(not_ready(next, commands, ui));
    let open = format_count(open, "open task");
    let blocked = next.blocked.total;
    let headline = match blocked {
        0 => format!("No ready tasks among {open}"),
        1 => format!("No ready tasks: 1 of {open} is blocked"),
        blocked => format!("No ready tasks: {blocked} of {open} are blocked"),
    };
    lines.insert(0, headline);
    lines.join("\n")
}

/// Returns lines about the blocked tasks and the unassigned ones that are not ready.
fn not_ready(next: &Next, commands: &ListCommands, ui: &Ui) -> Vec<String> {
    let mut lines = Vec::new();
    let heading = |text| ui.paint(Style::Faint, text);
    let more = |total: u64, shown: usize, command: &str| {
        let command = ui.commands.add_database(command);
        let more = total.saturating_sub(shown as u64);
        (more > 0).then(|| ui.paint(Style::Faint, &format!("  {more} more: {command}")))
    };
    let Top { first, total } = &next.blocked;
    if *total > 0 {
        lines.push(heading("Blocked"));
        lines.extend(first.iter().flat_map(|blocked| blocked_lines(blocked, ui)));
        lines.extend(more(*total, first.len(), &commands.blocked));
    }
    let Top { first, total } = &next.unassigned;
    if *total > 0 {
        lines.push(heading("Unassigned"));
        lines.extend(first.iter().map(|task| {
            let status = task.status;
            format!("  {}  ({status})", task_line(task, ui))
        }));
        lines.extend(more(*total, first.len(), &commands.unassigned));
    }
    lines
}
