//! How architecture states, placements and goals are displayed.

use wsdb_app::views::{
    GoalDetails, GoalView, PlacementView, RuleView, StateDetails, StateSummary, StateView,
};
use wsdb_core::{Level, RuleKind, StateType, TaskStatus, Vocabulary, parse_rules, validate_rules};

use crate::render::{
    format_fields, format_json, format_optional, format_optional_time, format_time, level_tone,
    task_tone,
};
use crate::table::Column;
use crate::ui::{Style, Ui, escape_control_chars};

pub(crate) fn state_tone(kind: StateType) -> Style {
    match kind {
        StateType::Target | StateType::Master => Style::Good,
        StateType::Current => Style::Warn,
        StateType::Future => Style::Plain,
        StateType::Deprecated => Style::Faint,
    }
}

pub(crate) const STATES: &[Column<StateView>] = &[
    Column::new("id", |s: &StateView, _| s.id.to_string()).tone(|_| Style::Strong),
    Column::new("type", |s: &StateView, _| s.state_type.to_string())
        .tone(|s| state_tone(s.state_type)),
    Column::new("name", |s: &StateView, _| s.state_name.clone()).min_width(24),
    Column::new("repo", |s: &StateView, _| s.repo.clone()),
    Column::new("version", |s: &StateView, _| {
        format_optional(s.version.as_ref())
    })
    .hide_if_empty()
    .drop_priority(2),
    Column::new("status", |s: &StateView, _| {
        format_optional(s.status.as_ref())
    })
    .hide_if_empty()
    .drop_priority(3),
    Column::new("created", |s: &StateView, ui| ui.format_age(s.created_at))
        .tone(|_| Style::Faint)
        .drop_priority(1),
];

pub(crate) const SUMMARIES: &[Column<StateSummary>] = &[
    Column::new("id", |s: &StateSummary, _| s.state.id.to_string()).tone(|_| Style::Strong),
    Column::new("type", |s: &StateSummary, _| s.state.state_type.to_string())
        .tone(|s| state_tone(s.state.state_type)),
    Column::new("name", |s: &StateSummary, _| s.state.state_name.clone()).min_width(24),
    Column::new("repo", |s: &StateSummary, _| s.state.repo.clone()),
    Column::new("components", |s: &StateSummary, _| {
        s.component_count.to_string()
    }),
    Column::new("goals", |s: &StateSummary, _| s.goal_count.to_string()),
    Column::new("open", |s: &StateSummary, _| s.open_goal_count.to_string()),
];

pub(crate) const PLACEMENTS: &[Column<PlacementView>] = &[
    Column::new("id", |p: &PlacementView, _| p.id.to_string()).tone(|_| Style::Strong),
    Column::new("component", |p: &PlacementView, _| p.component_name.clone()).min_width(16),
    Column::new("type", |p: &PlacementView, _| p.component_type.to_string()).drop_priority(3),
    Column::new("repo", |p: &PlacementView, _| p.correct_repo.clone()),
    Column::new("location", |p: &PlacementView, _| {
        format_optional(p.correct_location.as_ref())
    })
    .min_width(16),
    Column::new("state", |p: &PlacementView, _| {
        format_optional(p.architecture_state_id.as_ref())
    }),
    Column::new("rules", |p: &PlacementView, _| {
        let rules = p.rules.as_ref().map_or(0, |rules| parse_rules(rules).len());
        match rules {
            0 => String::new(),
            rules => rules.to_string(),
        }
    })
    .hide_if_empty()
    .drop_priority(2),
    Column::new("updated", |p: &PlacementView, ui| {
        ui.format_age(p.updated_at)
    })
    .tone(|_| Style::Faint)
    .drop_priority(4),
];

pub(crate) const RULES: &[Column<RuleView>] = &[
    Column::new("placement", |r: &RuleView, _| r.placement_id.to_string()).tone(|_| Style::Strong),
    Column::new("component", |r: &RuleView, _| r.component_name.clone()).min_width(16),
    Column::new("rule", |r: &RuleView, _| r.rule_type.to_string()).tone(|r| match r.rule_type {
        RuleKind::ForbiddenImports | RuleKind::ForbiddenPaths => Style::Bad,
        RuleKind::AllowedImports | RuleKind::AllowedPaths => Style::Good,
    }),
    Column::new("subject", |r: &RuleView, _| r.subject.clone()).min_width(16),
    Column::new("severity", |r: &RuleView, _| {
        format_optional(r.severity.as_ref())
    })
    .tone(|r| level_tone(r.severity)),
    Column::new("decision", |r: &RuleView, _| {
        format_optional(r.decision.as_ref())
    }),
    Column::new("why", |r: &RuleView, _| format_optional(r.why.as_ref()))
        .min_width(24)
        .drop_priority(1),
];

pub(crate) const GOALS: &[Column<GoalView>] = &[
    Column::new("id", |g: &GoalView, _| g.id.to_string()).tone(|_| Style::Strong),
    Column::new("status", |g: &GoalView, _| g.status.to_string()).tone(|g| task_tone(g.status)),
    Column::new("priority", |g: &GoalView, _| {
        format_optional(g.priority.as_ref())
    })
    .tone(|g| level_tone(g.priority)),
    Column::new("goal", |g: &GoalView, _| {
        format_optional(g.architectural_goal.as_ref())
    })
    .min_width(24),
    Column::new("task", |g: &GoalView, _| g.task_id.to_string()),
    Column::new("state", |g: &GoalView, _| {
        format_optional(g.architecture_state_id.as_ref())
    })
    .drop_priority(2),
    Column::new("component", |g: &GoalView, _| {
        format_optional(g.component_id.as_ref())
    })
    .drop_priority(1),
    Column::new("milestone", |g: &GoalView, _| {
        format_optional(g.milestone.as_ref())
    })
    .hide_if_empty()
    .drop_priority(3),
];

/// Columns for the goals of one state.
pub(crate) const GOALS_OF_STATE: &[Column<GoalDetails>] = &[
    Column::new("id", |g: &GoalDetails, _| g.goal.id.to_string()),
    Column::new("status", |g: &GoalDetails, _| g.goal.status.to_string()),
    Column::new("goal", |g: &GoalDetails, _| {
        format_optional(g.goal.architectural_goal.as_ref())
    }),
    Column::new("task", |g: &GoalDetails, _| g.goal.task_id.to_string()),
    Column::new("task status", |g: &GoalDetails, _| {
        g.task_status
            .map_or("missing", Vocabulary::as_str)
            .to_owned()
    }),
    Column::new("component", |g: &GoalDetails, _| {
        format_optional(g.component_name.as_ref())
    }),
];

pub(crate) fn render_state(state: &StateView, ui: &Ui) -> String {
    let title = format!("{}  {}", state.id, escape_control_chars(&state.state_name));
    let pairs = [
        ("type", state.state_type.to_string()),
        ("repo", state.repo.clone()),
        ("status", format_optional(state.status.as_ref())),
        ("version", format_optional(state.version.as_ref())),
        (
            "architecture",
            format_optional(state.architecture_id.as_ref()),
        ),
        (
            "document",
            format_optional(state.architecture_doc_path.as_ref()),
        ),
        ("roadmap", format_optional(state.roadmap_file.as_ref())),
        ("target date", format_optional_time(state.target_date, ui)),
        ("created", format_time(state.created_at, ui)),
        ("updated", format_optional_time(state.updated_at, ui)),
        ("description", format_optional(state.description.as_ref())),
        ("data", format_json(state.state_data.as_ref())),
        ("other fields", format_fields(&state.document_fields)),
    ];
    format!(
        "{}\n{}",
        ui.paint(Style::Strong, &title),
        ui.format_pairs(&pairs)
    )
}

pub(crate) fn render_placement(placement: &PlacementView, ui: &Ui) -> String {
    let title = format!(
        "{}  {}",
        placement.id,
        escape_control_chars(&placement.component_name)
    );
    let rules = placement.rules.as_ref();
    let rule_lines: Vec<String> = rules
        .map(parse_rules)
        .unwrap_or_default()
        .iter()
        .map(|rule| {
            let text = format_rule(rule.kind, &rule.subject);
            format_rule_line(&text, rule.severity, rule.decision.as_ref(), &rule.why)
        })
        .collect();
    let faults = rules.map(validate_rules).unwrap_or_default();
    let problems: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let raw = if problems.is_empty() && !rule_lines.is_empty() {
        String::new()
    } else {
        format_json(rules)
    };
    let pairs = [
        ("type", placement.component_type.to_string()),
        ("repo", placement.correct_repo.clone()),
        (
            "location",
            format_optional(placement.correct_location.as_ref()),
        ),
        (
            "state",
            format_optional(placement.architecture_state_id.as_ref()),
        ),
        ("rationale", format_optional(placement.rationale.as_ref())),
        ("rules", rule_lines.join("\n")),
        ("invalid rules", problems.join("\n")),
        ("stored rules", raw),
        ("created", format_time(placement.created_at, ui)),
        ("updated", format_time(placement.updated_at, ui)),
        ("other fields", format_fields(&placement.document_fields)),
    ];
    format!(
        "{}\n{}",
        ui.paint(Style::Strong, &title),
        ui.format_pairs(&pairs)
    )
}

/// Describes a rule in words.
pub(crate) fn format_rule(kind: RuleKind, subject: &str) -> String {
    let verb = match kind {
        RuleKind::ForbiddenImports => "must not import",
        RuleKind::AllowedImports => "may only import",
        RuleKind::ForbiddenPaths => "must not be in",
        RuleKind::AllowedPaths => "must be in",
    };
    format!("{verb} {subject}")
}

fn format_rule_line(
    rule: &str,
    severity: Option<Level>,
    decision: Option<&wsdb_core::DecisionId>,
    why: &Option<String>,
) -> String {
    let decision_id = decision.map(ToString::to_string);
    let severity = severity.map(|level| level.to_string());
    let details: Vec<String> = [severity, decision_id, why.clone()]
        .into_iter()
        .flatten()
        .collect();
    if details.is_empty() {
        rule.to_owned()
    } else {
        format!("{rule} ({})", details.join(", "))
    }
}

pub(crate) fn render_goal(goal: &GoalView, ui: &Ui) -> String {
    let words = goal.architectural_goal.as_deref().unwrap_or_default();
    let title = format!("{}  {}", goal.id, escape_control_chars(words));
    let pairs = [
        ("status", goal.status.to_string()),
        ("priority", format_optional(goal.priority.as_ref())),
        ("task", goal.task_id.to_string()),
        (
            "state",
            format_optional(goal.architecture_state_id.as_ref()),
        ),
        ("component", format_optional(goal.component_id.as_ref())),
        ("milestone", format_optional(goal.milestone.as_ref())),
        ("created", format_time(goal.created_at, ui)),
        ("other fields", format_fields(&goal.document_fields)),
    ];
    format!(
        "{}\n{}",
        ui.paint(Style::Strong, &title),
        ui.format_pairs(&pairs)
    )
}

/// Formats a state as a tree: its components by repo, each with the goals about it.
pub(crate) fn render_state_details(details: &StateDetails, ui: &Ui) -> String {
    let state = &details.state;
    let kind = ui.paint(state_tone(state.state_type), state.state_type.as_str());
    let name = format!("{}  {}", state.id, escape_control_chars(&state.state_name));
    let mut lines = vec![format!("{}  {kind}", ui.paint(Style::Strong, &name))];
    let mut repo = None;
    let (own, others): (Vec<&GoalDetails>, Vec<&GoalDetails>) =
        details.goals.iter().partition(|goal| {
            let id = goal.goal.component_id.as_ref();
            details.components.iter().any(|p| id == Some(&p.id))
        });
    for (index, placement) in details.components.iter().enumerate() {
        if repo != Some(&placement.correct_repo) {
            repo = Some(&placement.correct_repo);
            lines.push(escape_control_chars(&placement.correct_repo));
        }
        let next = details.components.get(index + 1);
        let last = next.is_none_or(|next| next.correct_repo != placement.correct_repo);
        let (twig, rail) = if last {
            ("└─ ", "   ")
        } else {
            ("├─ ", "│  ")
        };
        let location = placement.correct_location.as_deref().unwrap_or_default();
        let parts = [
            ui.paint(Style::Faint, twig) + &escape_control_chars(&placement.component_name),
            ui.paint(Style::Faint, placement.component_type.as_str()),
            escape_control_chars(location),
            ui.paint(Style::Faint, placement.id.as_str()),
        ];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        lines.push(parts.join("  "));
        for goal in own
            .iter()
            .filter(|g| g.goal.component_id.as_ref() == Some(&placement.id))
        {
            lines.push(format!(
                "{}   {}",
                ui.paint(Style::Faint, rail),
                format_goal_line(goal, ui)
            ));
        }
    }
    if details.components.is_empty() {
        lines.push("no components".to_owned());
    }
    if !others.is_empty() {
        lines.push("goals".to_owned());
        lines.extend(
            others
                .iter()
                .map(|goal| format!("   {}", format_goal_line(goal, ui))),
        );
    }
    lines.join("\n")
}

fn format_goal_line(goal: &GoalDetails, ui: &Ui) -> String {
    let words = goal.goal.architectural_goal.as_deref();
    let words = words.or(goal.task_title.as_deref()).unwrap_or_default();
    format!(
        "{}  {}  {}  {}",
        goal.goal.id,
        ui.paint(task_tone(goal.goal.status), goal.goal.status.as_str()),
        escape_control_chars(words),
        format_task_status(goal.goal.task_id.as_str(), goal.task_status, ui)
    )
}

/// Formats a task id with the task's status.
pub(crate) fn format_task_status(id: &str, status: Option<TaskStatus>, ui: &Ui) -> String {
    let status = match status {
        Some(status) => ui.paint(task_tone(status), status.as_str()),
        None => ui.paint(Style::Bad, "missing"),
    };
    format!("{} ({status})", escape_control_chars(id))
}

/// Returns a line about where a component belongs.
pub(crate) fn describe_location(placement: &PlacementView) -> String {
    let repo = format!(
        "{} belongs in {}",
        placement.component_name, placement.correct_repo
    );
    match &placement.correct_location {
        Some(location) => format!("{repo}: {location}"),
        None => repo,
    }
}
