//! Prints numbers of records in groups.

use std::cmp::Reverse;

use serde::Serialize;
use wsdb_app::views::Counts;

use super::{Style, Ui};

/// Prints a view of numbers of records: as JSON, or the total and the numbers of each group.
pub(crate) fn print_counts(
    ui: &Ui,
    view: &impl Serialize,
    total: u64,
    groups: &[(&str, &Counts)],
) -> anyhow::Result<()> {
    if ui.is_json() {
        return ui.print_json(view);
    }
    let mut parts = vec![format!("{} {total}", ui.paint(Style::Strong, "total"))];
    for (group, counts) in groups {
        let mut counts: Vec<(&str, u64)> = counts.non_zero().collect();
        counts.sort_by_key(|(_, count)| Reverse(*count));
        let pairs = counts
            .iter()
            .map(|(name, count)| (count_name(name), count.to_string()));
        let pairs: Vec<(&str, String)> = pairs.collect();
        let heading = ui.paint(Style::Strong, group);
        let counts = if pairs.is_empty() {
            "none".to_owned()
        } else {
            ui.format_pairs(&pairs).replace('\n', "\n  ")
        };
        parts.push(format!("{heading}\n  {counts}"));
    }
    ui.print(&parts.join("\n\n"))
}

/// Returns the name of counted records in text; only tasks may be without a value, their priority.
pub(crate) fn count_name(name: &str) -> &str {
    match name {
        Counts::NONE => "no priority",
        name => name,
    }
}
