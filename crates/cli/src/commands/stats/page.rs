//! Statistics as a self-contained HTML page.

use chrono::Datelike;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use wsdb_app::views::{Counts, FlowView, PeriodView, Stats, TrendView};
use wsdb_core::Timestamp;

use super::bar::Bar;
use super::chart::{COLORS, ChartValues, group_digits, level_chart, paired_bar_chart};
use crate::period::Period;
use crate::time::{format_duration, format_local, format_relative, local_date};
use crate::ui::counts::count_name;
use crate::ui::plural;

/// Maximum number of repos that are shown.
const MAX_REPOS: usize = 20;

const STYLE: &str = include_str!("page.css");

/// Renders the page of a workspace.
pub(super) fn page(stats: &Stats, by: Period, workspace: &str) -> String {
    let title = format!("{workspace}: statistics");
    let since = local_date(stats.since);
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) (PreEscaped(colors())) }
            }
            body {
                header {
                    h1 { (workspace) }
                    p {
                        "By " (by.name()) " since " (since) ", as of " (format_local(stats.until))
                        @if !stats.repos.is_empty() { "; repos: " (stats.repos.join(", ")) }
                    }
                    ul.tiles {
                        (render_tile(stats.tasks.open, "open task", stats.tasks.total))
                        (render_tile(stats.issues.open, "open issue", stats.issues.total))
                        li { b { (group_digits(stats.detections.open)) } " " (word_for(stats.detections.open, "open detection")) }
                        li { b { (format_duration(stats.time_by_repo.iter().map(|t| t.duration_seconds).sum())) } " of time recorded" }
                    }
                }
                main {
                    (tasks(stats, by))
                    (issues(stats, by))
                    (drift(stats, by))
                    (time(stats))
                }
            }
        }
    };
    markup.into_string()
}

/// Returns the rules that map the placeholder colors of the charts to variables.
fn colors() -> String {
    let rules = COLORS.map(|(color, name)| {
        format!("svg [fill=\"{color}\"]{{fill:var({name})}}svg [stroke=\"{color}\"]{{stroke:var({name})}}\n")
    });
    rules.concat()
}

/// Returns the singular for one, and otherwise the plural.
fn word_for(number: u64, singular: &str) -> String {
    match number {
        1 => singular.to_owned(),
        _ => plural(singular),
    }
}

fn render_tile(open: u64, singular: &str, total: u64) -> Markup {
    html! { li { b { (group_digits(open)) } " " (word_for(open, singular)) small { " of " (group_digits(total)) } } }
}

fn render_card(title: &str, body: Markup) -> Markup {
    html! { section { h2 { (title) } (body) } }
}

fn tasks(stats: &Stats, by: Period) -> Markup {
    let flow = &stats.tasks;
    if flow.total == 0 {
        return render_card("Tasks", html! { p.none { "No tasks yet." } });
    }
    html! {
        (render_card("Open tasks", open_over_time(flow, by)))
        (render_card("Tasks added and closed", throughput(flow, by)))
        @if flow.open > 0 {
            (render_card("Age of open tasks", html! {
                (bars(stats.open_tasks_by_age.iter().map(|(age, count)| Bar {
                    label: age.replace('_', " "),
                    value: count as f64,
                    text: group_digits(count),
                })))
                @if let Some(oldest) = &stats.oldest_task {
                    p { "Oldest: " b { (oldest.id.as_str()) } ", created " (format_relative(oldest.created, stats.until)) ", " (oldest.title) }
                }
            }))
            (render_card("Open tasks by priority", count_list(&stats.open_tasks_by_priority)))
        }
    }
}

fn issues(stats: &Stats, by: Period) -> Markup {
    let flow = &stats.issues;
    if flow.total == 0 {
        return render_card("Issues", html! { p.none { "No issues yet." } });
    }
    html! {
        (render_card("Open issues", open_over_time(flow, by)))
        (render_card("Issues added and closed", throughput(flow, by)))
        @if flow.open > 0 {
            (render_card("Open issues by severity", count_list(&stats.open_issues_by_severity)))
        }
    }
}

fn drift(stats: &Stats, by: Period) -> Markup {
    let moved = |p: &TrendView| p.open + p.new + p.resolved + p.ignored > 0;
    if stats.detections.open == 0 && !stats.detections.periods.iter().any(moved) {
        return render_card("Drift", html! { p.none { "No drift recorded." } });
    }
    let labels = || {
        stats
            .detections
            .periods
            .iter()
            .map(|p| day(p.from, by))
            .collect()
    };
    let values = ChartValues {
        labels: labels(),
        first: stats.detections.periods.iter().map(|p| p.open).collect(),
        second: None,
    };
    let found = ChartValues {
        labels: labels(),
        first: stats.detections.periods.iter().map(|p| p.new).collect(),
        second: Some(
            stats
                .detections
                .periods
                .iter()
                .map(|p| p.resolved)
                .collect(),
        ),
    };
    html! {
        (render_card("Open drift", render_figure("Open drift over time", &level_chart(&values), by, &values, ["open", ""])))
        (render_card("New and resolved drift", html! {
            (legend("new", "resolved"))
            (render_figure("New and resolved drift", &paired_bar_chart(&found), by, &found, ["new", "resolved"]))
        }))
    }
}

fn time(stats: &Stats) -> Markup {
    let times = &stats.time_by_repo;
    if times.is_empty() {
        return render_card("Time by repo", html! { p.none { "No time recorded." } });
    }
    let more = times.len().saturating_sub(MAX_REPOS);
    render_card(
        "Time by repo",
        html! {
            (bars(times.iter().take(MAX_REPOS).map(|time| Bar {
                label: time.repo.clone(),
                value: time.duration_seconds,
                text: format_duration(time.duration_seconds),
            })))
            @if more > 0 { p { (more) " more" } }
        },
    )
}

fn open_over_time(flow: &FlowView, by: Period) -> Markup {
    let values = values(flow, by, |p| p.open, None);
    html! {
        p.now { b { (group_digits(flow.open)) } " open now" }
        (render_figure("Open over time", &level_chart(&values), by, &values, ["open", ""]))
    }
}

fn throughput(flow: &FlowView, by: Period) -> Markup {
    let values = values(flow, by, |p| p.added, Some(|p| p.closed));
    html! {
        (legend("added", "closed"))
        (render_figure("Added and closed", &paired_bar_chart(&values), by, &values, ["added", "closed"]))
    }
}

type PeriodValue = fn(&PeriodView) -> u64;

fn values(
    flow: &FlowView,
    by: Period,
    first: PeriodValue,
    second: Option<PeriodValue>,
) -> ChartValues {
    ChartValues {
        labels: flow.periods.iter().map(|p| day(p.from, by)).collect(),
        first: flow.periods.iter().map(first).collect(),
        second: second.map(|second| flow.periods.iter().map(second).collect()),
    }
}

/// Returns the start of a period, shortened to the month for months.
fn day(time: Timestamp, by: Period) -> String {
    let day = local_date(time);
    match by {
        Period::Month => format!("{}-{:02}", day.year(), day.month()),
        Period::Day | Period::Week => day.to_string(),
    }
}

fn legend(first: &str, second: &str) -> Markup {
    html! { p.legend { span.first {} (first) span.second {} (second) } }
}

/// Renders a chart and, for screen readers and exact values, a table of its numbers.
fn render_figure(
    name: &str,
    svg: &str,
    by: Period,
    values: &ChartValues,
    heads: [&str; 2],
) -> Markup {
    html! {
        figure role="img" aria-label=(name) { (PreEscaped(svg)) }
        details {
            summary { "Show numbers" }
            table {
                tr { th { (by.name()) } th { (heads[0]) } @if values.second.is_some() { th { (heads[1]) } } }
                @for (at, label) in values.labels.iter().enumerate().rev() {
                    tr {
                        td { (label) }
                        td { (group_digits(values.first[at])) }
                        @if let Some(second) = &values.second { td { (group_digits(second[at])) } }
                    }
                }
            }
        }
    }
}

fn count_list(counts: &Counts) -> Markup {
    bars(counts.non_zero().map(|(name, count)| Bar {
        label: count_name(name).to_owned(),
        value: count as f64,
        text: group_digits(count),
    }))
}

/// Renders bars, each with its name and its value.
fn bars(bars: impl Iterator<Item = Bar>) -> Markup {
    let bars: Vec<Bar> = bars.collect();
    let max = bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
    html! {
        div.bars {
            @for Bar { label, value, text } in &bars {
                span { (label) }
                div { @if *value > 0.0 { i style={ "width:" (format!("{:.1}", value / max * 100.0)) "%" } {} } }
                b { (text) }
            }
        }
    }
}
