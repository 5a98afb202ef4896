//! Prints numbers of records in groups.

use super::{Style, Ui};

/// Prints a total and the number of records for each value of each group.
pub(crate) fn print_counts(
    ui: &Ui,
    total: u64,
    groups: &[(&str, Vec<(String, u64)>)],
) -> anyhow::Result<()> {
    let name = |word: &str| {
        if word.is_empty() {
            "none".to_owned()
        } else {
            word.to_owned()
        }
    };
    if ui.is_json() {
        let mut all = wsdb_core::JsonObject::new();
        all.insert("total".to_owned(), total.into());
        for (group, counts) in groups {
            let counts = counts
                .iter()
                .map(|(word, count)| (name(word), (*count).into()));
            all.insert(
                (*group).to_owned(),
                wsdb_core::Json::Object(counts.collect()),
            );
        }
        return ui.print_json(&all);
    }
    let mut parts = vec![format!("{} {total}", ui.paint(Style::Strong, "total"))];
    for (group, counts) in groups {
        let mut counts = counts.clone();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let names: Vec<(String, u64)> = counts.into_iter().map(|(w, n)| (name(&w), n)).collect();
        let pairs: Vec<(&str, String)> = names
            .iter()
            .map(|(word, count)| (word.as_str(), count.to_string()))
            .collect();
        let heading = ui.paint(Style::Strong, &group.replace('_', " "));
        let counts = if pairs.is_empty() {
            "none".to_owned()
        } else {
            ui.format_pairs(&pairs).replace('\n', "\n  ")
        };
        parts.push(format!("{heading}\n  {counts}"));
    }
    ui.print(&parts.join("\n\n"))
}
