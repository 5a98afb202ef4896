//! Decisions without what is known about their pages.

use wsdb_core::{Decision, Json};

use crate::page_facts::PAGE_FACTS;

/// Returns a decision without what is known about its page. The sections of a page get the levels of
/// MADR.
pub(super) fn without_page_facts(decision: &Decision) -> Decision {
    let mut decision = decision.clone();
    let Some(Json::Object(fields)) = &mut decision.extra_metadata else {
        return decision;
    };
    let Some(Json::Object(madr)) = fields.get_mut("madr") else {
        return decision;
    };
    let is_own = madr.contains_key(super::PAGE_KEY);
    for key in PAGE_FACTS {
        if madr.get(key).is_some_and(Json::is_string) {
            madr.remove(key);
        }
    }
    if is_own && let Some(Json::Array(sections)) = madr.get_mut("sections") {
        let level = |section: &Json| section.get("level").and_then(Json::as_u64).unwrap_or(2);
        let highest = sections.iter().map(level).min().unwrap_or(2);
        for section in sections {
            let level = (level(section) + 2).saturating_sub(highest).min(3);
            if let Some(section) = section.as_object_mut() {
                section.remove("level");
                if level != 2 {
                    section.insert("level".to_owned(), level.into());
                }
            }
        }
    }
    if madr.is_empty() {
        fields.remove("madr");
    }
    if fields.is_empty() {
        decision.extra_metadata = None;
    }
    decision
}
