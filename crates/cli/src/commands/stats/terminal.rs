//! Statistics in the terminal: sparklines and bars, in one column or two.

use unicode_width::UnicodeWidthStr;
use wsdb_app::views::{Counts, FlowView, Stats};

use super::bar::Bar;
use crate::period::Period;
use crate::sparkline::{bar, highest, sparkline};
use crate::time::{format_duration, format_relative, local_date};
use crate::ui::counts::count_name;
use crate::ui::{Style, Ui, escape_control_chars};

/// Minimum terminal width for two columns.
const TWO_COLUMN_WIDTH: usize = 130;
/// Space between the two columns.
const GAP: usize = 4;
/// Maximum length of a bar: short bars are easier to compare.
const MAX_BAR_WIDTH: usize = 48;
/// Maximum number of repos that are shown.
const MAX_REPOS: usize = 10;

/// A line and its width without color codes.
struct Line {
    text: String,
    width: usize,
}

struct Canvas<'a> {
    ui: &'a Ui,
    width: usize,
    lines: Vec<Line>,
}

pub(super) fn draw(stats: &Stats, by: Period, ui: &Ui) -> String {
    let all = ui.width.map_or(80, usize::from).clamp(40, 400);
    let is_wide = all >= TWO_COLUMN_WIDTH;
    let width = if is_wide { (all - GAP) / 2 } else { all };
    let canvas = || Canvas {
        ui,
        width,
        lines: Vec::new(),
    };
    let (mut left, mut right) = (canvas(), canvas());
    left.tasks(stats, by);
    right.issues(stats, by);
    right.drift(stats, by);
    right.time(stats);
    let since = local_date(stats.since);
    let repos_note = match stats.repos.as_slice() {
        [] => String::new(),
        repos => format!("; repos: {}", escape_control_chars(&repos.join(", "))),
    };
    let head = format!("By {by} since {since}{repos_note}", by = by.name());
    let head = ui.paint(Style::Faint, &head);
    let body = if is_wide {
        columns(left.lines, right.lines, width)
    } else {
        let lines = left.lines.into_iter().chain(right.lines);
        lines.map(|line| line.text).collect::<Vec<_>>().join("\n")
    };
    format!("{head}\n{body}")
}

fn columns(left: Vec<Line>, right: Vec<Line>, width: usize) -> String {
    let rows = left.len().max(right.len());
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    let mut lines = Vec::with_capacity(rows);
    for _ in 0..rows {
        let (first, second) = (left.next(), right.next());
        let mut line = first
            .as_ref()
            .map_or(String::new(), |line| line.text.clone());
        if let Some(second) = second.filter(|line| line.width > 0) {
            let taken = first.map_or(0, |line| line.width);
            line.push_str(&" ".repeat((width + GAP).saturating_sub(taken)));
            line.push_str(&second.text);
        }
        lines.push(line);
    }
    lines.join("\n")
}

impl Canvas<'_> {
    fn line(&mut self, parts: &[(Style, String)]) {
        let width = parts.iter().map(|(_, part)| part.width()).sum();
        let parts = parts.iter().map(|(tone, part)| self.ui.paint(*tone, part));
        let text = parts.collect();
        self.lines.push(Line { text, width });
    }

    fn title(&mut self, name: &str, rest: &str) {
        self.line(&[]);
        self.line(&[
            (Style::Strong, name.to_owned()),
            (Style::Plain, rest.to_owned()),
        ]);
    }

    fn tasks(&mut self, stats: &Stats, by: Period) {
        let tasks = &stats.tasks;
        if tasks.total == 0 {
            let none = match stats.unknown_repos.as_slice() {
                [] => format!(
                    "  none; add some with {} or {}",
                    self.ui.commands.format("task add TITLE"),
                    self.ui.commands.format("import")
                ),
                repos => format!("  none affect {}", escape_control_chars(&repos.join(", "))),
            };
            self.title("Tasks", &none);
            return;
        }
        self.flow("Tasks", tasks, by);
        if tasks.open == 0 {
            return;
        }
        let oldest = stats.oldest_task.as_ref().map(|oldest| {
            let since = format_relative(oldest.created, self.ui.now);
            format!("  oldest: {}, created {since}", oldest.id)
        });
        self.title("Age of open tasks", &oldest.unwrap_or_default());
        let ages = stats.open_tasks_by_age.iter();
        let bars = ages.map(|(age, count)| Bar {
            label: age.replace('_', " "),
            value: count as f64,
            text: count.to_string(),
        });
        self.bars(bars.collect());
        self.title("Open tasks by priority", "");
        self.add_counts(&stats.open_tasks_by_priority);
    }

    fn issues(&mut self, stats: &Stats, by: Period) {
        if stats.issues.total == 0 {
            self.title("Issues", "  none");
            return;
        }
        self.flow("Issues", &stats.issues, by);
        if stats.issues.open > 0 {
            self.title("Open issues by severity", "");
            self.add_counts(&stats.open_issues_by_severity);
        }
    }

    fn drift(&mut self, stats: &Stats, by: Period) {
        let moved = stats
            .detections
            .periods
            .iter()
            .any(|p| p.open + p.new + p.resolved + p.ignored > 0);
        if !moved && stats.detections.open == 0 {
            self.title("Drift", "  none");
            return;
        }
        self.title("Drift", &format!("  {} open", stats.detections.open));
        let values = |value: fn(&wsdb_app::views::TrendView) -> u64| -> Vec<u64> {
            stats.detections.periods.iter().map(value).collect()
        };
        self.add_level_line("open", &values(|p| p.open), stats.detections.open);
        self.add_totals_line("new", &values(|p| p.new), by);
        self.add_totals_line("resolved", &values(|p| p.resolved), by);
    }

    fn time(&mut self, stats: &Stats) {
        let times = &stats.time_by_repo;
        if times.is_empty() {
            let switch = self.ui.commands.format("context switch REPO");
            self.title("Time by repo", &format!("  none; record it with {switch}"));
            return;
        }
        let all: f64 = times.iter().map(|time| time.duration_seconds).sum();
        self.title(
            "Time by repo",
            &format!("  {} in total", format_duration(all)),
        );
        let shown = times.iter().take(MAX_REPOS);
        let bars = shown.map(|time| Bar {
            label: escape_control_chars(&time.repo),
            value: time.duration_seconds,
            text: format_duration(time.duration_seconds),
        });
        self.bars(bars.collect());
        if times.len() > MAX_REPOS {
            let more = format!(
                "  {} more: {}",
                times.len() - MAX_REPOS,
                self.ui.commands.add_database("wsdb context time --by repo")
            );
            self.line(&[(Style::Faint, more)]);
        }
    }

    fn flow(&mut self, name: &str, flow: &FlowView, by: Period) {
        self.title(name, &format!("  {} of {} open", flow.open, flow.total));
        let values = |value: fn(&wsdb_app::views::PeriodView) -> u64| -> Vec<u64> {
            flow.periods.iter().map(value).collect()
        };
        self.add_level_line("open", &values(|p| p.open), flow.open);
        self.add_totals_line("added", &values(|p| p.added), by);
        self.add_totals_line("closed", &values(|p| p.closed), by);
    }

    /// Adds a line with the number of open records at the end of each period.
    fn add_level_line(&mut self, name: &str, values: &[u64], now: u64) {
        let max = values.iter().copied().max().unwrap_or_default();
        self.spark(
            name,
            &self.resampled(values, |part| part.last().copied()),
            &format!("{now} now, peak {max}"),
        );
    }

    /// Adds a line with the number of events in each period.
    fn add_totals_line(&mut self, name: &str, values: &[u64], by: Period) {
        let last = values.last().copied().unwrap_or_default();
        let average = values.iter().sum::<u64>() as f64 / values.len().max(1) as f64;
        let average = match average {
            0.0 => "0".to_owned(),
            little if little < 0.1 => "<0.1".to_owned(),
            average => format!("{average:.1}"),
        };
        let rest = match by {
            Period::Day => format!("{last} today, {average} per day"),
            by => format!("{last} this {name}, {average} per {name}", name = by.name()),
        };
        self.spark(
            name,
            &self.resampled(values, |part| Some(part.iter().sum())),
            &rest,
        );
    }

    fn spark(&mut self, name: &str, values: &[f64], rest: &str) {
        self.line(&[
            (Style::Faint, format!("  {name:<9}")),
            (Style::Good, sparkline(values)),
            (Style::Plain, format!("  {rest}")),
        ]);
    }

    /// Reduces the values to those that fit the width by joining neighbors.
    fn resampled(&self, values: &[u64], join: impl Fn(&[u64]) -> Option<u64>) -> Vec<f64> {
        let max_width = self.width.saturating_sub(11 + 2 + 28).max(10);
        let group_len = values.len().div_ceil(max_width).max(1);
        // The last group is complete; the first one may be shorter.
        let first = values.len() % group_len;
        let (first, rest) = values.split_at(first);
        let parts = (!first.is_empty()).then_some(first).into_iter();
        let parts = parts.chain(rest.chunks(group_len));
        parts.filter_map(|part| Some(join(part)? as f64)).collect()
    }

    fn add_counts(&mut self, counts: &Counts) {
        let bars = counts.non_zero().map(|(name, count)| Bar {
            label: count_name(name).to_owned(),
            value: count as f64,
            text: count.to_string(),
        });
        self.bars(bars.collect());
    }

    /// Adds a bar for each entry, with its name and its value.
    fn bars(&mut self, bars: Vec<Bar>) {
        let names = bars
            .iter()
            .map(|bar| bar.label.width())
            .max()
            .unwrap_or(0)
            .min(32);
        let values = bars.iter().map(|bar| bar.text.width()).max().unwrap_or(0);
        let max = highest(&bars.iter().map(|bar| bar.value).collect::<Vec<f64>>());
        let max_width = self
            .width
            .saturating_sub(names + values + 6)
            .clamp(4, MAX_BAR_WIDTH);
        for Bar { label, value, text } in bars {
            let name = truncate(&label, names);
            let blank = " ".repeat(names - name.width());
            let tone = if value > 0.0 {
                Style::Plain
            } else {
                Style::Faint
            };
            let drawn = bar(value, max, max_width);
            let space = if drawn.is_empty() { "" } else { "  " };
            self.line(&[
                (tone, format!("  {name}{blank}  ")),
                (Style::Good, drawn),
                (tone, format!("{space}{text}")),
            ]);
        }
    }
}

/// Shortens a name to a number of terminal cells.
fn truncate(name: &str, cells: usize) -> String {
    if name.width() <= cells {
        return name.to_owned();
    }
    let mut short = String::new();
    for character in name.chars() {
        if short.width() + 2 > cells {
            break;
        }
        short.push(character);
    }
    short.push('…');
    short
}
