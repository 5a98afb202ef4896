//! `wsdb drift trend`

use clap::Args;
use wsdb_app::drift_trend;
use wsdb_app::views::TrendView;
use wsdb_core::{DetectionFilter, Page, Timestamp};

use super::list::FilterArgs;
use crate::context::Context;
use crate::period::Period;
use crate::render::drift::format_period_label;
use crate::sparkline::{bar, highest, sparkline};
use crate::table::Column;
use crate::time::{parse_past_start, start_of};
use crate::ui::Style;
use crate::ui::format::Format;

#[derive(Debug, Args)]
#[command(
    before_help = "Ignored detections do not count as open. A reopened detection counts as
having been open since it was first found; its history shows when it was
resolved in between.",
    after_help = "Example:
  wsdb drift trend --repo orchard-core --by week --since 90d"
)]
pub(super) struct Trend {
    #[command(flatten)]
    which: FilterArgs,
    /// Start of the time range, such as 30d (ago) or 2025-11-20 [default: the last 14 days, 12 weeks or 12 months, depending on --by]
    #[arg(long, value_parser = parse_past_start, value_name = "WHEN")]
    since: Option<Timestamp>,
    /// Period length (weeks start on Monday)
    #[arg(long, value_enum, default_value_t = Period::Day)]
    by: Period,
}

/// Width of the bars in cells.
const BAR_WIDTH: usize = 24;

impl Trend {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let ui = &context.ui;
        let count = if self.by == Period::Day { 14 } else { 12 };
        let since = self
            .since
            .unwrap_or_else(|| self.by.start_of_last(count, ui.now));
        let edges = self.by.boundaries(since, ui.now)?;
        self.which.note_unknown_components(context).await?;
        let filter = DetectionFilter {
            now: Some(ui.moment()),
            ..self.which.filter()
        };
        let store = &context.workspace.store;
        let points = drift_trend(store, &filter, &edges, ui.moment(), start_of).await?;
        let total = points.len() as u64;
        let page = Page::default();
        if ui.format != Format::Table {
            return ui.list("trend", &points, page, total, TREND_COLUMNS);
        }
        let open: Vec<f64> = points.iter().map(|point| point.open as f64).collect();
        let max = highest(&open);
        let shown: Vec<TrendRow> = points
            .into_iter()
            .zip(&open)
            .map(|(point, open)| TrendRow {
                bar: bar(*open, max, BAR_WIDTH),
                point,
            })
            .collect();
        let last = shown.last().map_or(0, |shown| shown.point.open);
        let line = format!("Open {}  {last} now", sparkline(&open));
        let line = ui.paint(Style::Strong, &line);
        ui.print(&format!(
            "{line}\n\n{}",
            ui.table(&shown, TREND_ROW_COLUMNS)
        ))
    }
}

const TREND_COLUMNS: &[Column<TrendView>] = &[
    Column::new("from", |p: &TrendView, _| format_period_label(p)),
    Column::new("open", |p: &TrendView, _| p.open.to_string()),
    Column::new("new", |p: &TrendView, _| p.new.to_string()),
    Column::new("resolved", |p: &TrendView, _| p.resolved.to_string()),
    Column::new("ignored", |p: &TrendView, _| p.ignored.to_string()),
];

struct TrendRow {
    point: TrendView,
    bar: String,
}

/// Returns a number with its sign; empty for 0.
fn at_least_one(number: u64, sign: &str) -> String {
    match number {
        0 => String::new(),
        number => format!("{sign}{number}"),
    }
}

const TREND_ROW_COLUMNS: &[Column<TrendRow>] = &[
    Column::new("from", |s: &TrendRow, _| format_period_label(&s.point)),
    Column::new("open", |s: &TrendRow, _| s.point.open.to_string()).tone(|_| Style::Strong),
    Column::new("", |s: &TrendRow, _| s.bar.clone())
        .tone(|_| Style::Warn)
        .drop_priority(1),
    Column::new("new", |s: &TrendRow, _| at_least_one(s.point.new, "+")).tone(|_| Style::Bad),
    Column::new("resolved", |s: &TrendRow, _| {
        at_least_one(s.point.resolved, "-")
    })
    .tone(|_| Style::Good),
    Column::new("ignored", |s: &TrendRow, _| {
        at_least_one(s.point.ignored, "-")
    })
    .tone(|_| Style::Faint),
];
