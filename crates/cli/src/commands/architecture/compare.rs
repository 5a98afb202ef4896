//! `wsdb architecture compare`

use clap::Args;
use wsdb_app::compare_states;
use wsdb_app::views::{ComparisonView, ComponentDifferenceView, GoalDetails, PlacementView};
use wsdb_core::{ComponentChange, Vocabulary};

use crate::context::Context;
use crate::render::architecture::{format_task_status, state_tone};
use crate::table::Column;
use crate::ui::format::Format;
use crate::ui::{Style, Ui, escape_control_chars, format_count};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  wsdb architecture compare current target
  wsdb architecture compare 1 2 --format md")]
pub(crate) struct Compare {
    /// Current state, by ID, number, type, name or a unique part of the ID (whole words)
    current: String,
    /// Target state, by ID, number, type, name or a unique part of the ID (whole words)
    target: String,
}

impl Compare {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let ui = &context.ui;
        let words = [self.current.as_str(), self.target.as_str()];
        let compared = compare_states(&context.workspace.store, words).await?;
        match ui.format {
            Format::Json => ui.print_json(&compared),
            Format::Md => ui.print(&markdown(&compared, ui)),
            _ => ui.print(&render(&compared, ui)),
        }
    }
}

fn change_tone(change: ComponentChange) -> Style {
    match change {
        ComponentChange::Missing => Style::Bad,
        ComponentChange::Moved | ComponentChange::Changed => Style::Warn,
        ComponentChange::Removed => Style::Faint,
        ComponentChange::Unchanged => Style::Good,
    }
}

fn format_location(placement: Option<&PlacementView>) -> String {
    let Some(placement) = placement else {
        return "nowhere".to_owned();
    };
    let location = placement.correct_location.as_deref();
    let location = location.map(|location| format!(": {location}"));
    format!("{}{}", placement.correct_repo, location.unwrap_or_default())
}

/// Describes what differs: locations, and other fields.
fn describe_move(difference: &ComponentDifferenceView) -> String {
    let (current, target) = (difference.current.as_ref(), difference.target.as_ref());
    let fields = difference.fields.iter();
    let others: Vec<&str> = fields
        .filter_map(|field| match *field {
            "component_type" => Some("type"),
            "rules" => Some("rules"),
            _ => None,
        })
        .collect();
    let places = match difference.change {
        ComponentChange::Missing => format_location(target),
        ComponentChange::Removed => format_location(current),
        ComponentChange::Moved => format!(
            "{} -> {}",
            format_location(current),
            format_location(target)
        ),
        ComponentChange::Changed | ComponentChange::Unchanged => format_location(target),
    };
    if others.is_empty() {
        places
    } else {
        format!("{places} (different {})", others.join(" and "))
    }
}

fn render_header(compared: &ComparisonView, ui: &Ui) -> String {
    let side = |state: &wsdb_app::views::StateView| {
        let kind = ui.paint(state_tone(state.state_type), state.state_type.as_str());
        format!(
            "{}  {} ({kind})",
            state.id,
            escape_control_chars(&state.state_name)
        )
    };
    format!("{} -> {}", side(&compared.current), side(&compared.target))
}

fn render_footer(compared: &ComparisonView) -> String {
    let counts = compared.counts.non_zero();
    let mut parts: Vec<String> = counts
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    if parts.is_empty() {
        parts.push("0 unchanged".to_owned());
    }
    let total = format_count(compared.counts.total(), "component");
    format!("{total}: {}", parts.join(", "))
}

/// Indentation as wide as the longest change and a space.
const INDENT: &str = "         ";

fn render(compared: &ComparisonView, ui: &Ui) -> String {
    let mut lines = ui.wrap(
        &ui.paint(Style::Strong, &render_header(compared, ui)),
        INDENT,
    );
    let below = |line: &str| {
        let indented = format!("{INDENT}{line}");
        ui.wrap(&indented, &format!("{INDENT}  "))
    };
    for difference in &compared.components {
        let change = format!("{:<8}", difference.change.as_str());
        let change = ui.paint(change_tone(difference.change), &change);
        let component = escape_control_chars(&difference.component_name);
        let line = format!(
            "{change} {component}  {}",
            escape_control_chars(&describe_move(difference))
        );
        lines.extend(ui.wrap(&line, INDENT));
        if difference.goals.is_empty() {
            let nobody = "no goal";
            lines.extend(below(&ui.paint(Style::Faint, nobody)));
        }
        for goal in &difference.goals {
            lines.extend(below(&render_goal(goal, ui)));
        }
    }
    if !compared.goals.is_empty() {
        lines.push(ui.paint(Style::Strong, "Other goals"));
        for goal in &compared.goals {
            lines.extend(below(&render_goal(goal, ui)));
        }
    }
    lines.push(ui.paint(Style::Faint, &render_footer(compared)));
    lines.join("\n")
}

fn render_goal(goal: &GoalDetails, ui: &Ui) -> String {
    let text = goal.goal.architectural_goal.as_ref();
    let text = text.or(goal.task_title.as_ref());
    let text = text.map(|text| format!("  {}", escape_control_chars(text)));
    format!(
        "{}  {}{}",
        goal.goal.id,
        format_task(goal, ui),
        text.unwrap_or_default()
    )
}

fn format_task(goal: &GoalDetails, ui: &Ui) -> String {
    format_task_status(goal.goal.task_id.as_str(), goal.task_status, ui)
}

const DIFFERENCES: &[Column<ComponentDifferenceView>] = &[
    Column::new("change", |d: &ComponentDifferenceView, _| {
        d.change.to_string()
    }),
    Column::new("component", |d: &ComponentDifferenceView, _| {
        d.component_name.clone()
    }),
    Column::new("where", |d: &ComponentDifferenceView, _| describe_move(d)),
    Column::new("goals", |d: &ComponentDifferenceView, ui| {
        let goals = d.goals.iter();
        let goals: Vec<String> = goals
            .map(|goal| format!("{} {}", goal.goal.id, format_task(goal, ui)))
            .collect();
        goals.join(", ")
    }),
];

const GOALS: &[Column<GoalDetails>] = &[
    Column::new("goal", |goal: &GoalDetails, _| goal.goal.id.to_string()),
    Column::new("task", |goal: &GoalDetails, ui| format_task(goal, ui)),
    Column::new("description", |goal: &GoalDetails, _| {
        goal.goal.architectural_goal.clone().unwrap_or_default()
    }),
];

fn markdown(compared: &ComparisonView, ui: &Ui) -> String {
    let mut text = format!("## {}\n\n", render_header(compared, ui));
    if !compared.components.is_empty() {
        text.push_str(&ui.markdown(&compared.components, DIFFERENCES));
        text.push_str("\n\n");
    }
    if !compared.goals.is_empty() {
        text.push_str("### Other goals\n\n");
        text.push_str(&ui.markdown(&compared.goals, GOALS));
        text.push_str("\n\n");
    }
    text.push_str(&render_footer(compared));
    text
}
