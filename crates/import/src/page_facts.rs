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

/// Returns whether the date of a decision is not that of its page, which has none.
fn has_assumed_date(decision: &Decision) -> bool {
    let metadata = decision.extra_metadata.as_ref();
    let layout = metadata.and_then(|metadata| metadata.get(LAYOUT_KEY));
    layout.is_some_and(|layout| layout.get(DATE_SOURCE_KEY).is_some())
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
