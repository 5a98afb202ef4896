//! `wsdb context time`

use clap::{Args, ValueEnum};
use wsdb_app::time_spent;
use wsdb_app::views::TimeSpent;
use wsdb_core::{Page, Timestamp};

use crate::args::{Format, name};
use crate::commands::Context;
use crate::render::optional;
use crate::spark::{bar, highest};
use crate::table::Column;
use crate::time::{day_begins, day_of, local, local_date, parse_since, span};
use crate::ui::Tone;

#[derive(Debug, Args)]
#[command(
    after_help = "Days are in local time. A visit that has not ended counts until now. If
visits of one user overlap, the one that started last counts.

Example:
  wsdb context time --since 30d --by repo --user mira"
)]
pub(super) struct Time {
    /// Start of the period, such as 30d or 2025-11-20 [default: 7 days]
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    since: Option<Timestamp>,
    /// Sum by day or by repo [default: each repo on each day]
    #[arg(long, value_enum)]
    by: Option<By>,
    /// Filter by repo
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    repo: Vec<String>,
    /// Filter by user
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    user: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum By {
    Day,
    Repo,
}

/// Width of the bars in cells.
const WIDTH: usize = 24;

struct Shown {
    spent: TimeSpent,
    bar: String,
}

const SHOWN: &[Column<Shown>] = &[
    Column::new("day", |s: &Shown, _| optional(s.spent.day.as_ref())).where_any(),
    Column::new("repo", |s: &Shown, _| optional(s.spent.repo.as_ref()))
        .tone(|_| Tone::Strong)
        .where_any(),
    Column::new("time", |s: &Shown, _| span(s.spent.seconds)),
    Column::new("", |s: &Shown, _| s.bar.clone())
        .tone(|_| Tone::Good)
        .spare(1),
];

const SPENT: &[Column<TimeSpent>] = &[
    Column::new("day", |s: &TimeSpent, _| optional(s.day.as_ref())),
    Column::new("repo", |s: &TimeSpent, _| optional(s.repo.as_ref())),
    Column::new("seconds", |s: &TimeSpent, _| s.seconds.round().to_string()),
];

impl Time {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let ui = &context.ui;
        let week = || day_begins(local_date(ui.now.minus_seconds(6 * 86_400)));
        let since = self.since.unwrap_or_else(week);
        let parts = (self.by != Some(By::Repo), self.by != Some(By::Day));
        let store = &context.workspace.store;
        let span_of = (since, ui.now);
        let mut spent = time_spent(store, span_of, &self.user, &self.repo, parts, day_of).await?;
        if self.by == Some(By::Repo) {
            spent.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
        }
        let total = spent.len() as u64;
        if ui.format == Format::Table && spent.is_empty() {
            return ui.print(&format!("No time recorded since {}", local(since)));
        }
        if ui.format != Format::Table {
            return ui.list("time", &spent, (Page::default(), total), SPENT);
        }
        let seconds: Vec<f64> = spent.iter().map(|spent| spent.seconds).collect();
        let most = highest(&seconds);
        let sum = span(seconds.iter().sum());
        let shown: Vec<Shown> = spent
            .into_iter()
            .map(|spent| Shown {
                bar: bar(spent.seconds, most, WIDTH),
                spent,
            })
            .collect();
        let sum = ui.paint(Tone::Strong, &format!("{sum} in total"));
        ui.print(&format!("{}\n\n{sum}", ui.table(&shown, SHOWN)))
    }
}
