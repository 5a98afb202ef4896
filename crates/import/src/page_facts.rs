//! What decisions keep about the Markdown pages that they were read from. It differs from one database to
//! the next although the decision is the same.

use wsdb_core::{Decision, Json};

use crate::report::ConflictResolution;

/// The key of the metadata under which a decision keeps what its page has, and facts about the page.
pub(crate) const LAYOUT_KEY: &str = "madr";

/// The keys in which a page's location is kept.
pub(crate) const FILE_KEY: &str = "file";
pub(crate) const FOLDER_KEY: &str = "folder";
/// The text of a page that people wrote.
pub(crate) const PAGE_KEY: &str = "page";
/// Where a date comes from that is not in the page.
pub(crate) const DATE_SOURCE_KEY: &str = "date_source";
/// The status that the words of the page were mapped to.
pub(crate) const MAPPED_STATUS_KEY: &str = "mapped_status";
/// The keys with facts about the page; they are not written into it.
pub(crate) const PAGE_FACTS: [&str; 5] = [
    FILE_KEY,
    FOLDER_KEY,
    PAGE_KEY,
    DATE_SOURCE_KEY,
    MAPPED_STATUS_KEY,
];

/// Returns the metadata of a decision without the facts about its page.
fn metadata_without_facts(decision: &Decision) -> Option<Json> {
    let mut metadata = decision.extra_metadata.clone()?;
    if let Some(fields) = metadata.as_object_mut() {
        if let Some(Json::Object(layout)) = fields.get_mut(LAYOUT_KEY) {
            layout.retain(|key, value| !(PAGE_FACTS.contains(&key.as_str()) && value.is_string()));
            if layout.is_empty() {
                fields.remove(LAYOUT_KEY);
            }
        }
        if fields.is_empty() {
            return None;
        }
    }
    Some(metadata)
}

/// Returns where the date of a decision comes from if its page has none.
fn date_source(decision: &Decision) -> Option<&Json> {
    let metadata = decision.extra_metadata.as_ref()?;
    metadata.get(LAYOUT_KEY)?.get(DATE_SOURCE_KEY)
}

/// Returns whether the date of a decision is not that of its page, which has none.
fn has_assumed_date(decision: &Decision) -> bool {
    date_source(decision).is_some()
}

/// Removes the mark of an assumed date if the document has another date, which somebody set. The date that
/// another database assumed has a mark of its own.
pub(crate) fn settle_merged(merged: &mut Decision, found: &Decision, stored: &Decision) {
    let source = date_source(found);
    let is_set = source.is_none() || source == date_source(stored);
    if merged.date == stored.date || !is_set {
        return;
    }
    let Some(Json::Object(fields)) = &mut merged.extra_metadata else {
        return;
    };
    if let Some(Json::Object(layout)) = fields.get_mut(LAYOUT_KEY) {
        layout.remove(DATE_SOURCE_KEY);
        if layout.is_empty() {
            fields.remove(LAYOUT_KEY);
        }
    }
    if fields.is_empty() {
        merged.extra_metadata = None;
    }
}

/// Returns which side has the value of a field in which the same decision differs only because its page was
/// read in two databases.
pub(crate) fn settled_side(
    found: &Decision,
    stored: &Decision,
    field: &str,
) -> Option<ConflictResolution> {
    match field {
        "date" if found.decision == stored.decision => {
            match (has_assumed_date(found), has_assumed_date(stored)) {
                (true, _) => Some(ConflictResolution::Database),
                (false, true) => Some(ConflictResolution::File),
                (false, false) => None,
            }
        }
        "metadata" => (metadata_without_facts(found) == metadata_without_facts(stored))
            .then_some(ConflictResolution::Database),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use wsdb_core::{DecisionId, json};

    use super::*;

    fn decision(date: &str, metadata: Option<Json>) -> Decision {
        let id = DecisionId::new("DEC-001").expect("valid id");
        let date = date.parse().expect("valid time");
        let mut decision = Decision::new(id, "Use pears".to_owned(), date);
        decision.extra_metadata = metadata;
        decision
    }

    #[test]
    fn facts_about_the_page_do_not_count() {
        let facts = |file: &str, source: &str| json!({ "file": file, "date_source": source });
        let page = |layout| decision("2026-01-01", Some(json!({ "madr": layout })));
        let ours = page(facts("a.md", "import"));
        let theirs = page(facts("b.md", "first commit"));
        for field in ["date", "metadata"] {
            let side = settled_side(&theirs, &ours, field);
            assert_eq!(side, Some(ConflictResolution::Database), "{field}");
        }
        let dated = decision("2025-01-01", None);
        let side = |found, stored| settled_side(found, stored, "date");
        assert_eq!(side(&dated, &ours), Some(ConflictResolution::File));
        assert_eq!(side(&ours, &dated), Some(ConflictResolution::Database));
        assert_eq!(side(&dated, &dated), None);
        let side = settled_side(&dated, &ours, "metadata");
        assert_eq!(side, Some(ConflictResolution::Database));
        let sections = page(json!({"file": "a.md", "preamble": "Pears are sweet"}));
        assert_eq!(settled_side(&sections, &ours, "metadata"), None);
        assert_eq!(settled_side(&dated, &ours, "rationale"), None);
    }

    #[test]
    fn date_in_a_document_is_not_assumed() {
        let page = |date: &str, layout| decision(date, Some(json!({ "madr": layout })));
        let facts = json!({"file": "a.md", "date_source": "import"});
        let stored = page("2026-01-01", facts.clone());
        let edited = page("2025-01-01", facts.clone());
        let merge = |found: &Decision| {
            let mut merged = stored.clone();
            merged.date = found.date;
            settle_merged(&mut merged, found, &stored);
            merged.extra_metadata
        };
        let without_mark = Some(json!({"madr": {"file": "a.md"}}));
        assert_eq!(merge(&edited), without_mark);
        assert_eq!(merge(&decision("2025-01-01", None)), without_mark);
        // Without another date, and with one that another database assumed, the mark stays.
        let other = page("2025-01-01", json!({"date_source": "first commit"}));
        for found in [&stored, &other] {
            assert_eq!(merge(found), stored.extra_metadata);
        }
        let mut only_mark = page("2025-01-01", json!({"date_source": "import"}));
        let found = only_mark.clone();
        settle_merged(
            &mut only_mark,
            &found,
            &page("2026-01-01", json!({"date_source": "import"})),
        );
        assert_eq!(only_mark.extra_metadata, None);
    }

    #[test]
    fn other_decision_has_its_own_date() {
        let ours = decision(
            "2026-01-01",
            Some(json!({"madr": {"date_source": "import"}})),
        );
        let mut theirs = ours.clone();
        theirs.decision = "Use plums".to_owned();
        assert_eq!(settled_side(&theirs, &ours, "date"), None);
    }
}
