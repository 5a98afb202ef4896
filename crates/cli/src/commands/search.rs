//! `wsdb search`

use clap::Args;
use unicode_width::UnicodeWidthStr;
use wsdb_app::views::{Highlight, HitView};
use wsdb_core::{Page, SearchFilter, SearchNoun, SearchQuery, Since, StatusFilter};

use crate::args::{number, vocabulary_parser};
use crate::context::Context;
use crate::error::UsageError;
use crate::table::Column;
use crate::time::parse_since;
use crate::ui::format::Format;
use crate::ui::{Style, Ui, escape_control_chars};

#[derive(Debug, Args)]
#[command(
    before_help = "A record must contain all words, in its text fields, its file paths, or its keys
that hold tags, labels or file names (such as the key 'files_changed').
Case and accents are ignored, and the last word also matches longer words that
start with it. Chinese, Japanese and Korean words also match inside longer text.
\"Words in quotes\" match as a phrase; -WORD excludes a word. If the query is an
ID or a number, the records with that ID or number are listed first.",
    after_help = "Examples:
  wsdb search pricing cache
  wsdb search '\"move pricing\" -seasonal'
  wsdb search orchard_core/pricing.py
  wsdb search pricing --type task,issue --since 30d --repo orchard-core"
)]
pub(crate) struct Search {
    /// Words to find
    #[arg(required = true, value_name = "WORDS")]
    words: Vec<String>,
    /// Filter by record type (comma-separated)
    #[arg(
        long = "type",
        alias = "noun",
        value_name = "TYPE",
        value_delimiter = ',',
        value_parser = vocabulary_parser::<SearchNoun>()
    )]
    noun: Vec<SearchNoun>,
    /// Filter by status (comma-separated; values depend on the record type)
    #[arg(long, value_delimiter = ',', value_parser = status_of_any_type)]
    status: Vec<StatusFilter>,
    /// Filter by affected repo (comma-separated; sessions have none)
    #[arg(long, value_delimiter = ',')]
    repo: Vec<String>,
    /// Only tasks updated, sessions started, decisions made, or issues and drift detected since this
    /// time, such as 7d (ago) or 2025-11-20
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    since: Option<Since>,
    /// Maximum number of results
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = number::<u64>)]
    limit: u64,
    /// Number of results to skip
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = number::<u64>)]
    offset: u64,
}

const HIT_COLUMNS: &[Column<HitView>] = &[
    Column::new("type", |hit: &HitView, _| hit.record_type.to_string()),
    Column::new("id", |hit: &HitView, _| hit.id.clone()),
    Column::new("status", |hit: &HitView, _| hit.status.to_owned()),
    Column::new("title", |hit: &HitView, _| hit.title.clone()),
    Column::new("snippet", |hit: &HitView, _| {
        let snippet = hit.snippet.as_ref();
        snippet.map(|s| s.text.clone()).unwrap_or_default()
    }),
];

impl Search {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let query: SearchQuery = self
            .words
            .join(" ")
            .parse()
            .map_err(|error: wsdb_core::SearchQueryError| UsageError(error.to_string()))?;
        let active_filters = self.active_filters();
        let filter = SearchFilter {
            query,
            nouns: self.noun,
            status: self.status,
            repo: self.repo,
            since: self.since,
            now: Some(context.ui.moment()),
            page: Page {
                limit: Some(self.limit),
                offset: self.offset,
            },
        };
        let found = context.workspace.store.search().find(&filter).await?;
        let hits: Vec<HitView> = found.hits.into_iter().map(Into::into).collect();
        let ui = &context.ui;
        if ui.format != Format::Table {
            return ui.list("results", &hits, filter.page, found.total, HIT_COLUMNS);
        }
        if found.total == 0 {
            ui.print(&format!(
                "No results for {}",
                escape_control_chars(filter.query.to_string().trim_end_matches('…'))
            ))?;
            ui.print_labeled("hint", &empty_hint(&filter.query, &active_filters));
            return Ok(());
        }
        ui.print(&render(&hits, found.total, ui))
    }

    /// Returns the filter options that were given.
    fn active_filters(&self) -> Vec<&'static str> {
        let options = [
            ("--type", !self.noun.is_empty()),
            ("--status", !self.status.is_empty()),
            ("--repo", !self.repo.is_empty()),
            ("--since", self.since.is_some()),
        ];
        let given = options.into_iter().filter(|(_, given)| *given);
        given.map(|(option, _)| option).collect()
    }
}

/// Parses a status of any type of record.
fn status_of_any_type(word: &str) -> Result<StatusFilter, String> {
    let expected = "expected a status of a task, session, issue, decision or detection";
    word.parse().map_err(|_| expected.to_owned())
}

/// Joins words as in a sentence: `a, b and c`.
fn join_and(words: &[&str]) -> String {
    match words {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        words => words.concat(),
    }
}

/// Returns a hint for a search without results.
fn empty_hint(query: &SearchQuery, active_filters: &[&str]) -> String {
    let mut suggestions = Vec::new();
    if !active_filters.is_empty() {
        suggestions.push(format!("leave out {}", join_and(active_filters)));
    }
    if query.terms().len() > 1 {
        suggestions.push("use fewer words".to_owned());
    }
    suggestions.push("try just the beginning of a word".to_owned());
    suggestions.join("; ")
}

/// Renders two lines for each hit: the record, and the text around the words that match.
fn render(hits: &[HitView], total: u64, ui: &Ui) -> String {
    const NAMES: [&str; 3] = ["TYPE", "ID", "STATUS"];
    let cells = hits.iter().map(|hit| {
        let id = escape_control_chars(&hit.id);
        [hit.record_type.to_string(), id, hit.status.to_owned()]
    });
    let cells: Vec<[String; 3]> = cells.collect();
    let widths = [0, 1, 2].map(|column| {
        let texts = cells.iter().map(|row| row[column].width());
        texts.max().unwrap_or(0).max(NAMES[column].width())
    });
    let padded = |text: &str, width: usize, tone: Style| {
        let space = " ".repeat(width.saturating_sub(text.width()) + 2);
        format!("{}{space}", ui.paint(tone, text))
    };
    let mut lines = Vec::new();
    if !hits.is_empty() {
        let names = NAMES.into_iter().zip(widths);
        let names = names.map(|(name, width)| padded(name, width, Style::Strong));
        lines.push(names.collect::<String>() + &ui.paint(Style::Strong, "TITLE"));
    }
    for (hit, [noun, id, status]) in hits.iter().zip(&cells) {
        let mut line = padded(noun, widths[0], Style::Plain);
        line.push_str(&padded(id, widths[1], Style::Strong));
        line.push_str(&padded(status, widths[2], Style::Plain));
        line.push_str(&highlighted(&hit.title, &hit.title_highlights, ui));
        lines.push(line.trim_end().to_owned());
        if let Some(snippet) = &hit.snippet {
            lines.push(format!(
                "  {}",
                highlighted(&snippet.text, &snippet.highlights, ui)
            ));
        }
    }
    let shown = hits.len() as u64;
    if shown < total {
        let more = match shown {
            0 if total == 1 => "Showing 0 of 1 result".to_owned(),
            0 => format!("Showing 0 of {total} results"),
            _ => format!("Showing {shown} of {total} results; use --limit N to show more"),
        };
        lines.push(ui.paint(Style::Faint, &more));
    }
    lines.join("\n")
}

/// Highlights the words that match.
fn highlighted(text: &str, highlights: &[Highlight], ui: &Ui) -> String {
    let part = |from: usize, to: usize| {
        let characters = text.chars().skip(from).take(to.saturating_sub(from));
        escape_control_chars(&characters.collect::<String>())
    };
    let mut shown = String::with_capacity(text.len());
    let mut end = 0;
    for [from, to] in highlights {
        shown.push_str(&part(end, *from));
        shown.push_str(&ui.paint(Style::Warn, &part(*from, *to)));
        end = *to;
    }
    shown.push_str(&part(end, usize::MAX));
    shown
}
