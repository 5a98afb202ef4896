//! Tables without borders that fit the terminal: optional columns are dropped first, then texts are
//! wrapped.

use comfy_table::{
    Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Table, TableStyle, Width,
};
use unicode_width::UnicodeWidthStr;

use crate::ui::{Style, Ui, escape_control_chars};

/// Number of spaces between two columns.
const GAP: usize = 2;

/// Minimum width of a wrapped text; a narrower column would break words.
const MIN_COLUMN_WIDTH: usize = 16;

/// A column of a list.
pub(crate) struct Column<V> {
    pub(crate) name: &'static str,
    pub(crate) text: fn(&V, &Ui) -> String,
    tone: fn(&V) -> Style,
    /// Minimum width when wrapped; `None` for a column that is not wrapped.
    min_width: Option<usize>,
    /// Order in which columns are dropped if there is no room, the highest number first; 0 for a
    /// column that is never dropped.
    drop_priority: u8,
    /// Whether the column is dropped if it is empty in every record.
    hide_if_empty: bool,
}

impl<V> Column<V> {
    /// Creates a column that is neither wrapped nor dropped.
    pub(crate) const fn new(name: &'static str, text: fn(&V, &Ui) -> String) -> Self {
        Column {
            name,
            text,
            tone: |_| Style::Plain,
            min_width: None,
            drop_priority: 0,
            hide_if_empty: false,
        }
    }

    pub(crate) const fn tone(mut self, tone: fn(&V) -> Style) -> Self {
        self.tone = tone;
        self
    }

    /// Allows the text to be wrapped down to this width.
    pub(crate) const fn min_width(mut self, width: usize) -> Self {
        self.min_width = Some(width);
        self
    }

    /// Allows the column to be dropped; columns with a higher number are dropped first.
    pub(crate) const fn drop_priority(mut self, priority: u8) -> Self {
        self.drop_priority = priority;
        self
    }

    /// Drops the column from tables if it is empty in every record.
    pub(crate) const fn hide_if_empty(mut self) -> Self {
        self.hide_if_empty = true;
        self
    }
}

/// A column that fits into a table.
#[derive(Debug, PartialEq, Eq)]
struct FittedColumn {
    /// Its index among all columns.
    index: usize,
    width: usize,
}

/// Chooses the columns to show and their widths.
fn fit_columns<V>(columns: &[Column<V>], natural: &[usize], width: usize) -> Vec<FittedColumn> {
    let min_width = |index: usize| match columns[index].min_width {
        Some(width) => natural[index].min(width),
        None => natural[index],
    };
    let is_wanted = |index: &usize| natural[*index] > 0 || !columns[*index].hide_if_empty;
    let mut shown: Vec<usize> = (0..columns.len()).filter(is_wanted).collect();
    let needed = |shown: &[usize]| {
        let gaps = GAP * shown.len().saturating_sub(1);
        shown.iter().map(|index| min_width(*index)).sum::<usize>() + gaps
    };
    while needed(&shown) > width {
        let dropped = shown
            .iter()
            .max_by_key(|index| columns[**index].drop_priority);
        match dropped.copied() {
            Some(index) if columns[index].drop_priority > 0 => {
                shown.retain(|other| *other != index)
            }
            _ => break,
        }
    }
    // All optional columns are dropped: texts are wrapped below their preferred minimum width.
    let mut missing = needed(&shown).saturating_sub(width);
    let mut rest = width.saturating_sub(needed(&shown));
    shown
        .into_iter()
        .map(|index| {
            let shrink = match columns[index].min_width {
                Some(_) => missing.min(min_width(index).saturating_sub(MIN_COLUMN_WIDTH)),
                None => 0,
            };
            let grow = rest.min(natural[index] - min_width(index));
            missing -= shrink;
            rest -= grow;
            FittedColumn {
                index,
                width: min_width(index) + grow - shrink,
            }
        })
        .collect()
}

/// Formats records as a table, as wide as needed or as the terminal.
pub(crate) fn render_table<V>(ui: &Ui, records: &[V], columns: &[Column<V>]) -> String {
    let cells: Vec<Vec<String>> = records
        .iter()
        .map(|record| {
            let texts = columns.iter().map(|column| (column.text)(record, ui));
            texts.map(|text| escape_control_chars(&text)).collect()
        })
        .collect();
    let natural: Vec<usize> = (0..columns.len())
        .map(|index| {
            let texts = cells.iter().map(|row| row[index].width());
            let widest = texts.max().unwrap_or(0);
            if columns[index].hide_if_empty && widest == 0 {
                0
            } else {
                widest.max(columns[index].name.width())
            }
        })
        .collect();
    let width = ui.width.map_or(usize::MAX, usize::from);
    let shown = fit_columns(columns, &natural, width);
    let needed = shown.iter().map(|column| column.width + GAP).sum::<usize>();
    if needed.saturating_sub(GAP) > width {
        return render_as_blocks(ui, records, columns, &cells);
    }

    let mut table = Table::new();
    table.load_style(TableStyle::new());
    table.set_content_arrangement(ContentArrangement::Disabled);
    if ui.width.is_some() {
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(needed).unwrap_or(u16::MAX));
    }
    if ui.color {
        table.enforce_styling();
        // The library checks NO_COLOR itself, which would override our decision.
        crossterm::style::Colored::set_ansi_color_disabled(false);
    } else {
        table.force_no_tty();
    }
    table.set_header(shown.iter().map(|column| {
        Cell::new(columns[column.index].name.to_uppercase()).add_attribute(Attribute::Bold)
    }));
    for (record, row) in records.iter().zip(cells) {
        table.add_row(shown.iter().map(|column| {
            let tone = (columns[column.index].tone)(record);
            style(tone, Cell::new(&row[column.index]))
        }));
    }
    for (column, fitted) in table.column_iter_mut().zip(&shown) {
        column.set_padding((0, GAP as u16));
        if ui.width.is_some() {
            let width = u16::try_from(fitted.width + GAP).unwrap_or(u16::MAX);
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
        }
    }
    let text = table.to_string();
    text.lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Formats records below each other, one field per line. This fits any terminal width, and ids stay
/// in one piece for copying.
fn render_as_blocks<V>(
    ui: &Ui,
    records: &[V],
    columns: &[Column<V>],
    cells: &[Vec<String>],
) -> String {
    let blocks = records.iter().zip(cells).map(|(record, row)| {
        let shown = |index: usize| ui.paint((columns[index].tone)(record), &row[index]);
        let names = columns.iter().skip(1).map(|column| column.name.width());
        let longest = names.max().unwrap_or(0);
        let mut lines: Vec<String> = row.first().iter().map(|_| shown(0)).collect();
        for index in (1..columns.len()).filter(|index| !row[*index].is_empty()) {
            let name = columns[index].name;
            let space = " ".repeat(longest + GAP - name.width());
            let name = ui.paint(Style::Faint, name);
            lines.push(format!("  {name}{space}{}", shown(index)));
        }
        lines.join("\n")
    });
    blocks.collect::<Vec<_>>().join("\n\n")
}

fn style(tone: Style, cell: Cell) -> Cell {
    match tone {
        Style::Plain => cell,
        Style::Strong => cell.add_attribute(Attribute::Bold),
        Style::Faint => cell.add_attribute(Attribute::Dim),
        Style::Good => cell.fg(Color::Green),
        Style::Warn => cell.fg(Color::Yellow),
        Style::Bad => cell.fg(Color::Red),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column<()>] = &[
        Column::new("id", |_, _| String::new()),
        Column::new("title", |_, _| String::new()).min_width(10),
        Column::new("repos", |_, _| String::new())
            .min_width(5)
            .drop_priority(1),
        Column::new("updated", |_, _| String::new()).drop_priority(2),
    ];
    const NATURAL: &[usize] = &[6, 30, 12, 8];

    #[test]
    fn optional_columns_are_dropped_before_texts_are_squeezed() {
        let fit = |columns: &[Column<()>], natural: &[usize], width| {
            fit_columns(columns, natural, width)
                .into_iter()
                .map(|column| (column.index, column.width))
                .collect::<Vec<_>>()
        };
        let widths = |width| fit(COLUMNS, NATURAL, width);
        assert_eq!(widths(usize::MAX), [(0, 6), (1, 30), (2, 12), (3, 8)]);
        assert_eq!(widths(62), [(0, 6), (1, 30), (2, 12), (3, 8)]);
        assert_eq!(widths(50), [(0, 6), (1, 25), (2, 5), (3, 8)]);
        assert_eq!(widths(34), [(0, 6), (1, 19), (2, 5)]);
        assert_eq!(widths(20), [(0, 6), (1, 12)]);
        assert_eq!(
            widths(17),
            [(0, 6), (1, 10)],
            "too wide: falls back to one field per line"
        );
        let roomy: &[Column<()>] = &[
            Column::new("id", |_, _| String::new()),
            Column::new("title", |_, _| String::new()).min_width(24),
        ];
        assert_eq!(fit(roomy, &[6, 30], 28), [(0, 6), (1, 20)]);
        assert_eq!(fit(roomy, &[6, 30], 3), [(0, 6), (1, 16)]);
        let rare: &[Column<()>] = &[Column::new("claim", |_, _| String::new()).hide_if_empty()];
        assert_eq!(fit(rare, &[0], 80), []);
        assert_eq!(fit(rare, &[4], 80), [(0, 4)]);
    }

    #[test]
    fn too_wide_tables_become_blocks() {
        type Record = (&'static str, &'static str, &'static str);
        const OWN: &[Column<Record>] = &[
            Column::new("id", |r: &Record, _| r.0.to_owned()),
            Column::new("status", |r: &Record, _| r.1.to_owned()),
            Column::new("assigned to", |r: &Record, _| r.2.to_owned()).drop_priority(1),
        ];
        let ui = |width| Ui::for_test(Some(width));
        let records = [("2025-11-21-session-001", "open", "jo"), ("S-2", "wip", "")];
        let text = "2025-11-21-session-001\n  status       open\n  assigned to  jo\n\nS-2\n  status       wip";
        assert_eq!(render_table(&ui(24), &records, OWN), text);
        assert!(
            render_table(&ui(30), &records, OWN).starts_with("ID                      STATUS\n")
        );
    }
}
