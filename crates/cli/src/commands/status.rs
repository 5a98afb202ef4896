//! `wsdb status`

use wsdb_app::list_commands;
use wsdb_app::views::{BlockedTask, BlockerView, Counts, TaskView};
use wsdb_app::{Status, status};
use wsdb_core::{Level, TaskStatus, Vocabulary, format_file_location};

use crate::context::Context;
use crate::render::{format_claim, format_optional, level_tone, task_tone};
use crate::time::format_relative;
use crate::ui::counts::count_name;
use crate::ui::{Style, Ui, escape_control_chars};

pub(crate) async fn run(context: &Context) -> anyhow::Result<()> {
    let status = status(&context.workspace.store, context.ui.moment()).await?;
    if context.ui.is_json() {
        return context.ui.print_json(&status);
    }
    context.ui.print(&render(&status, &context.ui))
}

fn render(status: &Status, ui: &Ui) -> String {
    let mut lines = Vec::new();
    let heading = |text: &str| ui.paint(Style::Strong, text);

    let total: u64 = status.tasks_by_status.total();
    let by_status: Vec<String> = status
        .tasks_by_status
        .non_zero()
        .map(|(name, count)| {
            let tone = name.parse::<TaskStatus>().map_or(Style::Plain, task_tone);
            ui.paint(tone, &format!("{count} {}", escape_control_chars(name)))
        })
        .collect();
    lines.push(format!(
        "{} {total}   {}",
        heading("Tasks"),
        by_status.join("  ")
    ));
    if status.open_tasks_by_priority.total() > 0 {
        lines.push(format!(
            "  open   {}",
            format_counts(&status.open_tasks_by_priority, ui)
        ));
    }

    let sessions = &status.open_sessions;
    if sessions.total == 0 {
        lines.push(format!("\n{} 0", heading("Open sessions")));
    }
    for session in &sessions.first {
        let who: Vec<String> = [&session.user, &session.ai_assistant]
            .into_iter()
            .flatten()
            .map(|t| escape_control_chars(t))
            .collect();
        lines.push(format!(
            "\n{} {}   {}   started {}",
            heading("Session"),
            session.id,
            who.join(" with "),
            format_relative(session.start_time, ui.now)
        ));
    }
    push_more_line(
        &mut lines,
        sessions.first.len(),
        sessions.total,
        "wsdb session list --status in_progress",
        ui,
    );

    lines.push(format!(
        "\n{} {}",
        heading("In progress"),
        status.in_progress.total
    ));
    for task in &status.in_progress.first {
        lines.push(format!("  {}", task_line(task, ui)));
    }
    let list = list_commands::TASKS_IN_PROGRESS;
    push_more_line(
        &mut lines,
        status.in_progress.first.len(),
        status.in_progress.total,
        list,
        ui,
    );

    lines.push(format!("\n{} {}", heading("Blocked"), status.blocked.total));
    for blocked in &status.blocked.first {
        lines.extend(blocked_lines(blocked, ui));
    }
    push_more_line(
        &mut lines,
        status.blocked.first.len(),
        status.blocked.total,
        list_commands::BLOCKED_TASKS,
        ui,
    );

    let (name, unassigned) = (heading("Unassigned"), &status.unassigned);
    if unassigned.total > 0 {
        lines.push(format!("\n{name} {}", unassigned.total));
        let tasks = unassigned.first.iter();
        lines.extend(tasks.map(|task| format!("  {}", task_line(task, ui))));
        let (shown, total) = (unassigned.first.len(), unassigned.total);
        let list = list_commands::UNASSIGNED_WAITING_TASKS;
        push_more_line(&mut lines, shown, total, list, ui);
    }

    let severities = format_counts(&status.open_issues_by_severity, ui);
    lines.push(format!(
        "\n{} {}   {severities}",
        heading("Open issues"),
        status.open_issues.total
    ));
    for issue in &status.open_issues.first {
        let severity = ui.paint(level_tone(Some(issue.severity)), issue.severity.as_str());
        lines.push(format!(
            "  {}  {severity}  {}",
            issue.id,
            escape_control_chars(&issue.title)
        ));
    }
    let list = list_commands::OPEN_ISSUES;
    push_more_line(
        &mut lines,
        status.open_issues.first.len(),
        status.open_issues.total,
        list,
        ui,
    );

    if status.open_detections.total > 0 {
        let (name, total) = (heading("Open drift"), status.open_detections.total);
        lines.push(format!("\n{name} {total}"));
        for drift in &status.open_detections.first {
            let severity = ui.paint(level_tone(Some(drift.severity)), drift.severity.as_str());
            let place = format_file_location(&drift.repo, &drift.file_path);
            let kind = drift.violation_type;
            lines.push(format!(
                "  {}  {severity}  {kind} in {}",
                drift.id,
                escape_control_chars(&place)
            ));
        }
        let shown = status.open_detections.first.len();
        let list = list_commands::OPEN_DRIFT;
        push_more_line(&mut lines, shown, status.open_detections.total, list, ui);
    }

    lines.push(format!(
        "\n{} {}",
        heading("Decisions"),
        status.latest_decisions.total
    ));
    for decision in &status.latest_decisions.first {
        let age = ui.paint(Style::Faint, &format_relative(decision.date, ui.now));
        lines.push(format!(
            "  {}  {}  {age}",
            decision.id,
            escape_control_chars(&decision.decision)
        ));
    }
    let list = list_commands::RECENT_DECISIONS;
    push_more_line(
        &mut lines,
        status.latest_decisions.first.len(),
        status.latest_decisions.total,
        list,
        ui,
    );
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    lines.join("\n")
}

fn format_counts(counts: &Counts, ui: &Ui) -> String {
    let shown: Vec<String> = counts
        .non_zero()
        .map(|(name, count)| {
            let tone = level_tone(name.parse::<Level>().ok());
            ui.paint(
                tone,
                &format!("{count} {}", escape_control_chars(count_name(name))),
            )
        })
        .collect();
    shown.join("  ")
}

pub(super) fn task_line(task: &TaskView, ui: &Ui) -> String {
    let priority = format_optional(task.priority.as_ref());
    let priority = match priority.as_str() {
        "" => String::new(),
        priority => format!("{}  ", ui.paint(level_tone(task.priority), priority)),
    };
    let who = match &task.claim {
        Some(_) => format_claim(task.claim.as_ref(), false, ui),
        None => format_optional(task.assigned_to.as_ref()),
    };
    let who = if who.is_empty() {
        who
    } else {
        format!("  {}", ui.paint(Style::Faint, &escape_control_chars(&who)))
    };
    format!(
        "{}  {priority}{}{who}",
        task.id,
        escape_control_chars(&task.title)
    )
}

/// Returns a line about a task, and lines with the tasks that block it and with the reason.
pub(super) fn blocked_lines(blocked: &BlockedTask, ui: &Ui) -> Vec<String> {
    let mut lines = vec![format!("  {}", task_line(&blocked.task, ui))];
    let blockers: Vec<String> = blocked.blocked_by.iter().map(|b| blocker(b, ui)).collect();
    if !blockers.is_empty() {
        lines.push(format!(
            "    {} {}",
            ui.paint(Style::Faint, "blocked by"),
            blockers.join(", ")
        ));
    }
    if let Some(reason) = &blocked.blocked_reason {
        lines.push(format!(
            "    {} {}",
            ui.paint(Style::Faint, "reason:"),
            escape_control_chars(reason)
        ));
    }
    lines
}

fn blocker(blocker: &BlockerView, ui: &Ui) -> String {
    match blocker.status {
        Some(status) => format!(
            "{} ({})",
            blocker.id,
            ui.paint(task_tone(status), status.as_str())
        ),
        None => format!("{} ({})", blocker.id, ui.paint(Style::Bad, "missing")),
    }
}

fn push_more_line(lines: &mut Vec<String>, shown: usize, total: u64, command: &str, ui: &Ui) {
    let shown = shown as u64;
    if shown < total {
        let command = ui.commands.add_database(command);
        let line = format!("  {} more: {command}", total - shown);
        lines.push(ui.paint(Style::Faint, &line));
    }
}
