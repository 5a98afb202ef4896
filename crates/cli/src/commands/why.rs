//! `wsdb why`

use clap::Args;
use wsdb_app::views::{
    Why, WhyActivity, WhyDecision, WhyDetection, WhyIssue, WhyPlacement, WhyRule, WhyTask,
};
use wsdb_app::why;
use wsdb_core::{DetectionStatus, Level, RuleKind, StateType, Vocabulary, format_file_location};

use crate::context::Context;
use crate::render::architecture::{format_rule, format_task_status, state_tone};
use crate::render::{level_tone, task_tone};
use crate::time::format_local;
use crate::ui::format::Format;
use crate::ui::{Style, Ui, escape_control_chars};

#[derive(Debug, Args)]
#[command(
    before_help = "Shows the placements, rules, decisions, drift, tasks, issues and activities of a
path or a component. A path that exists in the current folder is relative to
that folder. One that starts with the name or folder of a repo is relative to
the workspace. Any other path is relative to its repo.",
    after_help = "Examples:
  wsdb why src/orchard_core/pricing.py
  wsdb why orchard-core/src
  wsdb why pricing"
)]
pub(crate) struct ShowWhy {
    /// Path of a file, folder or repo, or name of a component
    #[arg(value_name = "PATH|COMPONENT")]
    asked: String,
    /// Show all entries of each section
    #[arg(long)]
    all: bool,
}

/// Maximum number of entries of a section without `--all`, so that all sections fit a screen.
const MAX_ITEMS_SHOWN: usize = 4;

impl ShowWhy {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let (ui, workspace) = (&context.ui, &context.workspace);
        let (paths, now) = (context.repo_paths()?, ui.moment());
        let why = why(&workspace.store, &self.asked, &paths, now).await?;
        match ui.format {
            Format::Json => ui.print_json(&why),
            _ if why.is_empty() => ui.print(&render_nothing_found(&why, ui)),
            _ => ui.print(&render(&why, self.all, ui)),
        }
    }
}

fn render_nothing_found(why: &Why, ui: &Ui) -> String {
    let asked = escape_control_chars(&why.query);
    let line = format!(
        "Nothing found for {asked}: no placement, rule, decision, drift, task, issue or activity"
    );
    let hint = match &why.nearest {
        Some(nearest) => {
            let location_text = match &nearest.correct_location {
                Some(location) => format!("{}: {location}", nearest.correct_repo),
                None => nearest.correct_repo.to_string(),
            };
            format!(
                "Nearest component: {} ({}), {}",
                escape_control_chars(&nearest.component_name),
                escape_control_chars(&location_text),
                nearest.id
            )
        }
        None => format!(
            "hint: run {} to list the placements",
            ui.commands.format_without_actor("placement list")
        ),
    };
    format!("{line}\n{hint}")
}

fn render(why: &Why, all: bool, ui: &Ui) -> String {
    let shown = if all { usize::MAX } else { MAX_ITEMS_SHOWN };
    let below = " ".repeat(12);
    let mut lines = ui.wrap(&format_title(why, ui), &below);
    let mut section = |name: &str, items: Vec<String>| {
        let more = items.len().saturating_sub(shown);
        for (index, item) in items.into_iter().take(shown).enumerate() {
            let name = if index == 0 { name } else { "" };
            let label = ui.paint(Style::Faint, &format!("{name:<9}"));
            for (number, line) in item.lines().enumerate() {
                let before = if number == 0 {
                    &format!("{label} ")
                } else {
                    &below
                };
                lines.extend(ui.wrap(&format!("{before}{line}"), &below));
            }
        }
        if more > 0 {
            let more = format!("{:<10}{more} more; use --all to show all", "");
            lines.push(ui.paint(Style::Faint, &more));
        }
    };
    section("placement", render_placements(&why.placements, ui));
    section("rule", render_rules(why, ui));
    section(
        "decision",
        why.decisions
            .iter()
            .map(|d| render_decision(d, ui))
            .collect(),
    );
    section(
        "drift",
        why.detections
            .iter()
            .map(|d| render_detection(d, why, ui))
            .collect(),
    );
    section(
        "task",
        why.tasks.iter().map(|t| render_task(t, ui)).collect(),
    );
    section(
        "issue",
        why.issues.iter().map(|i| render_issue(i, ui)).collect(),
    );
    section(
        "activity",
        why.activities
            .iter()
            .map(|a| render_activity(a, ui))
            .collect(),
    );
    lines.join("\n")
}

fn format_title(why: &Why, ui: &Ui) -> String {
    let components = escape_control_chars(&why.components.join(", "));
    let Some(path) = why.file_path.as_deref() else {
        return ui.paint(Style::Strong, &components);
    };
    let heading = match &why.repo {
        Some(repo) => format!("{repo}/{path}"),
        None => path.to_owned(),
    };
    let heading = ui.paint(
        Style::Strong,
        &escape_control_chars(heading.trim_end_matches('/')),
    );
    if components.is_empty() {
        heading
    } else {
        format!("{heading}  {components}")
    }
}

/// Renders the placements; those of several states that agree about a component become one entry.
fn render_placements(placements: &[WhyPlacement], ui: &Ui) -> Vec<String> {
    let mut groups: Vec<Vec<&WhyPlacement>> = Vec::new();
    for placement in placements {
        let same = groups.iter_mut().find(|group| {
            let first = group[0];
            (
                &first.component_name,
                &first.correct_repo,
                &first.correct_location,
            ) == (
                &placement.component_name,
                &placement.correct_repo,
                &placement.correct_location,
            )
        });
        match same {
            Some(group) => group.push(placement),
            None => groups.push(vec![placement]),
        }
    }
    groups
        .iter()
        .map(|group| render_placement_group(group, ui))
        .collect()
}

fn render_placement_group(group: &[&WhyPlacement], ui: &Ui) -> String {
    let placement = group[0];
    let kind = placement.state.as_ref().and_then(|state| state.state_type);
    let (verb, is_binding) = match kind {
        Some(StateType::Current) => ("is in", false),
        Some(StateType::Deprecated) => ("was in", false),
        Some(StateType::Future) => ("may be in", false),
        Some(StateType::Target | StateType::Master) | None => ("belongs in", true),
    };
    let mut location_text = placement.correct_repo.clone();
    if let Some(location) = &placement.correct_location {
        location_text = format!("{location_text}: {location}");
    }
    let tone = match (is_binding, placement.matches) {
        (true, false) => Style::Bad,
        (true, true) => Style::Good,
        (false, _) => Style::Plain,
    };
    let not_here = is_binding && !placement.matches;
    let line = format!(
        "{} {verb} {}{}",
        escape_control_chars(&placement.component_name),
        ui.paint(tone, &escape_control_chars(&location_text)),
        if not_here { ", not here" } else { "" }
    );
    let mut below: Vec<String> = group.iter().map(|p| format_state(p, ui)).collect();
    let why = group
        .iter()
        .find_map(|placement| placement.rationale.as_deref());
    below.extend(why.map(escape_control_chars));
    format!("{line}\n{}", below.join(" · "))
}

/// Returns a placement's id and the state that it is part of.
fn format_state(placement: &WhyPlacement, ui: &Ui) -> String {
    let Some(state) = &placement.state else {
        return placement.id.to_string();
    };
    let name = escape_control_chars(state.state_name.as_deref().unwrap_or(state.id.as_str()));
    match state.state_type {
        Some(kind) => {
            let kind = ui.paint(state_tone(kind), kind.as_str());
            format!("{}, {kind} {name}", placement.id)
        }
        None => {
            let missing = ui.paint(Style::Bad, "missing");
            format!("{}, state {name} ({missing})", placement.id)
        }
    }
}

/// Renders the rules; those that differ only in their subject become one entry.
fn render_rules(why: &Why, ui: &Ui) -> Vec<String> {
    let mut groups: Vec<(&WhyRule, Vec<String>)> = Vec::new();
    for rule in &why.rules {
        let subject = escape_control_chars(&rule.rule.subject);
        let same = groups.iter_mut().find(|(first, _)| {
            let (a, b) = (&first.rule, &rule.rule);
            (a.rule_type, a.severity, first.violated) == (b.rule_type, b.severity, rule.violated)
                && (&a.placement_id, &a.why, &a.decision) == (&b.placement_id, &b.why, &b.decision)
        });
        match same {
            Some((_, subjects)) => subjects.push(subject),
            None => groups.push((rule, vec![subject])),
        }
    }
    let lines = groups.iter().map(|(rule, subjects)| {
        let component = escape_control_chars(&rule.rule.component_name);
        let subjects = subjects.join(", ");
        let kind = rule.rule.rule_type;
        let limits = match kind {
            RuleKind::AllowedPaths => {
                format!(
                    "allowed only in {subjects} of {}",
                    escape_control_chars(&rule.rule.repo)
                )
            }
            _ => format!("forbidden in {subjects}"),
        };
        let (tone, says) = match (rule.violated, rule.excludes_others) {
            (true, _) if why.file_path.is_some() => (
                Style::Bad,
                format!("violated here: {component} is {limits}"),
            ),
            (true, _) => (Style::Bad, format!("violated: {component} is {limits}")),
            (_, true) => (
                Style::Plain,
                format!("{component} is forbidden in {subjects}"),
            ),
            _ => (
                Style::Plain,
                format!("{component} {}", format_rule(kind, &subjects)),
            ),
        };
        let severity = format_severity(rule.rule.severity, ui);
        let line = format!("{severity}{}", ui.paint(tone, &says));
        let behind = rule.rule.decision.as_deref().map(escape_control_chars);
        let why = rule.rule.why.as_deref().map(escape_control_chars);
        let more: Vec<String> = [behind, why].into_iter().flatten().collect();
        if more.is_empty() {
            format!(
                "{line}  {}",
                ui.paint(Style::Faint, rule.rule.placement_id.as_str())
            )
        } else {
            format!("{line}\n{} · {}", rule.rule.placement_id, more.join(" · "))
        }
    });
    lines.collect()
}

fn format_severity(level: Option<Level>, ui: &Ui) -> String {
    let level = level.map(|level| ui.paint(level_tone(Some(level)), level.as_str()));
    level.map(|level| format!("{level}  ")).unwrap_or_default()
}

fn render_decision(decision: &WhyDecision, ui: &Ui) -> String {
    let id = ui.paint(Style::Strong, &escape_control_chars(&decision.id));
    let Some(words) = &decision.decision else {
        let missing = ui.paint(Style::Bad, "missing");
        return format!("{id}  {missing}, but referenced here");
    };
    let mut status = decision.status.map_or("", Vocabulary::as_str).to_owned();
    if let [_, ..] = decision.superseded_by.as_slice() {
        let by: Vec<&str> = decision
            .superseded_by
            .iter()
            .map(|id| id.as_str())
            .collect();
        status = format!("superseded by {}", ui.paint(Style::Strong, &by.join(", ")));
    }
    format!(
        "{id}  {status}  {}{}",
        format_severity(decision.impact, ui),
        escape_control_chars(words)
    )
}

fn render_detection(detection: &WhyDetection, why: &Why, ui: &Ui) -> String {
    let status = match detection.status {
        DetectionStatus::Open => ui.paint(Style::Bad, "open"),
        other => ui.paint(Style::Faint, other.as_str()),
    };
    let mut line = format!(
        "{}  {status}  {}{}",
        ui.paint(Style::Strong, detection.id.as_str()),
        format_severity(Some(detection.severity), ui),
        detection.violation_type
    );
    if why.file_path.as_deref() != Some(detection.file_path.as_str()) {
        let file = format_file_location(&detection.repo, &detection.file_path);
        line.push_str(&format!("  {}", escape_control_chars(&file)));
    }
    let task_note = detection.related_task_id.as_ref().map(|id| {
        let known = why.tasks.iter().find(|task| task.id == *id);
        let status = known.and_then(|task| task.status);
        format!(", task {}", format_task_status(id.as_str(), status, ui))
    });
    line.push_str(&task_note.unwrap_or_else(|| ", no task".to_owned()));
    let rule = detection.detected_rule.as_deref().map(escape_control_chars);
    // Left out if a placement shows the same location.
    let is_shown = |path: &str| {
        let location = |p: &WhyPlacement| p.correct_location.clone().unwrap_or_default();
        let mut all = why.placements.iter();
        all.any(|p| path == location(p) || path == format!("{}/{}", p.correct_repo, location(p)))
    };
    let expected = detection.expected_location.as_deref();
    let expected = expected.filter(|path| !is_shown(path));
    let expected = expected.map(|path| format!("expected in {}", escape_control_chars(path)));
    let below: Vec<String> = [rule, expected].into_iter().flatten().collect();
    if below.is_empty() {
        line
    } else {
        format!("{line}\n{}", below.join(" · "))
    }
}

fn render_task(work: &WhyTask, ui: &Ui) -> String {
    let id = ui.paint(Style::Strong, &escape_control_chars(work.id.as_str()));
    let first = match (&work.title, work.status) {
        (Some(title), Some(status)) => format!(
            "{id}  {}  {}{}",
            ui.paint(task_tone(status), status.as_str()),
            format_severity(work.priority, ui),
            escape_control_chars(title)
        ),
        _ => format!("{id}  {}", ui.paint(Style::Bad, "missing")),
    };
    let who = work.assigned_to.as_deref().map(escape_control_chars);
    let below: Vec<String> = who.into_iter().chain(work.reasons.clone()).collect();
    if below.is_empty() {
        first
    } else {
        format!("{first}\n{}", below.join(" · "))
    }
}

fn render_issue(issue: &WhyIssue, ui: &Ui) -> String {
    let id = ui.paint(Style::Strong, &escape_control_chars(issue.id.as_str()));
    let severity = format_severity(Some(issue.severity), ui);
    format!("{id}  {severity}{}", escape_control_chars(&issue.title))
}

fn render_activity(activity: &WhyActivity, ui: &Ui) -> String {
    let id = ui.paint(Style::Strong, &escape_control_chars(activity.id.as_str()));
    let time = format_local(activity.time);
    let description = escape_control_chars(&activity.description);
    let line = format!("{id}  {time}  {description}");
    let session = activity.session_id.as_str();
    // Most activities have an ID that begins with that of their session.
    if activity.id.as_str().starts_with(session) {
        line
    } else {
        format!("{line}\n{}", escape_control_chars(session))
    }
}
