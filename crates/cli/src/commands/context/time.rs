//! `wsdb context time`

use clap::{Args, ValueEnum};
use wsdb_app::views::TimeSpent;
use wsdb_app::{TimeSpentQuery, time_spent};
use wsdb_core::{Page, Timestamp};

use crate::args::{name, repo_name};
use crate::context::Context;
use crate::period::Period;
use crate::render::format_optional;
use crate::sparkline::{bar, highest};
use crate::table::Column;
use crate::time::{day_of, format_duration, format_local, parse_past_start, start_of};
use crate::ui::Style;
use crate::ui::format::Format;

#[derive(Debug, Args)]
#[command(
    before_help = "Days are in local time. An open visit counts up to now. Where visits of one user
overlap, only the one that started last is counted.",
    after_help = "Example:
  wsdb context time --since 30d --by repo --user mira"
)]
pub(super) struct Time {
    /// Start of the time range, such as 30d (ago) or 2025-11-20 [default: the last 7 days, including today]
    #[arg(long, value_parser = parse_past_start, value_name = "WHEN")]
    since: Option<Timestamp>,
    /// Group only by day or only by repo [default: by day and by repo]
    #[arg(long, value_enum)]
    by: Option<GroupBy>,
    /// Filter by repo (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = repo_name)]
    repo: Vec<String>,
    /// Filter by user (comma-separated)
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    user: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum GroupBy {
    Day,
    Repo,
}

/// Width of the bars in cells.
const BAR_WIDTH: usize = 24;

struct TimeRow {
    spent: TimeSpent,
    bar: String,
}

const TIME_ROW_COLUMNS: &[Column<TimeRow>] = &[
    Column::new("day", |s: &TimeRow, _| {
        format_optional(s.spent.day.as_ref())
    })
    .hide_if_empty(),
    Column::new("repo", |s: &TimeRow, _| {
        format_optional(s.spent.repo.as_ref())
    })
    .tone(|_| Style::Strong)
    .hide_if_empty(),
    Column::new("time", |s: &TimeRow, _| {
        format_duration(s.spent.duration_seconds)
    }),
    Column::new("", |s: &TimeRow, _| s.bar.clone())
        .tone(|_| Style::Good)
        .drop_priority(1),
];

const TIME_COLUMNS: &[Column<TimeSpent>] = &[
    Column::new("day", |s: &TimeSpent, _| format_optional(s.day.as_ref())),
    Column::new("repo", |s: &TimeSpent, _| format_optional(s.repo.as_ref())),
    Column::new("seconds", |s: &TimeSpent, _| {
        s.duration_seconds.round().to_string()
    }),
];

impl Time {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let ui = &context.ui;
        let week = || Period::Day.start_of_last(7, ui.now);
        let since = self.since.unwrap_or_else(week);
        let query = TimeSpentQuery {
            since,
            until: ui.now,
            people: &self.user,
            repos: &self.repo,
            by_day: self.by != Some(GroupBy::Repo),
            by_repo: self.by != Some(GroupBy::Day),
        };
        let mut spent = time_spent(&context.workspace.store, query, day_of, start_of).await?;
        if self.by == Some(GroupBy::Repo) {
            spent.sort_by(|a, b| b.duration_seconds.total_cmp(&a.duration_seconds));
        }
        let total = spent.len() as u64;
        if ui.format == Format::Table && spent.is_empty() {
            return ui.print(&format!("No time recorded since {}", format_local(since)));
        }
        if ui.format != Format::Table {
            return ui.list("time", &spent, Page::default(), total, TIME_COLUMNS);
        }
        let seconds: Vec<f64> = spent.iter().map(|spent| spent.duration_seconds).collect();
        let max = highest(&seconds);
        let sum = format_duration(seconds.iter().sum());
        let shown: Vec<TimeRow> = spent
            .into_iter()
            .map(|spent| TimeRow {
                bar: bar(spent.duration_seconds, max, BAR_WIDTH),
                spent,
            })
            .collect();
        let sum = ui.paint(Style::Strong, &format!("{sum} in total"));
        ui.print(&format!("{}\n\n{sum}", ui.table(&shown, TIME_ROW_COLUMNS)))
    }
}
