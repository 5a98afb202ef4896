//! Hashes in a page that show later whether people changed the page, and whether its decision
//! changed.

use wsdb_core::Decision;

use super::page_context::PageContext;
use super::write::render_page;
use crate::digest::hash;

/// Returns the hash of a decision's page without links from and to other pages.
pub(super) fn decision_hash(decision: &Decision) -> String {
    let page = render_page(decision, &PageContext::default());
    format!("{:016x}h", hash(page.as_bytes()))
}

/// Renders a page with the hashes of its decision and of the rest of the page.
pub(super) fn render_with_hashes(decision: &Decision, context: &PageContext) -> String {
    let fields = format!("wsdb:\n  state: {}\n", decision_hash(decision));
    let page = render_page(decision, context).replacen("wsdb:\n", &fields, 1);
    add_page_hash(&page)
}

fn add_page_hash(page: &str) -> String {
    let fields = format!("wsdb:\n  hash: {:016x}h\n", hash(page.as_bytes()));
    page.replacen("wsdb:\n", &fields, 1)
}

/// Whether nobody changed a page since it was written.
pub(super) fn has_valid_page_hash(text: &str) -> bool {
    const LINE_LENGTH: usize = "  hash: 0123456789abcdefh\n".len();
    let Some(at) = text.find("wsdb:\n  hash: ") else {
        return false;
    };
    let start = at + "wsdb:\n".len();
    match (text.get(..start), text.get(start + LINE_LENGTH..)) {
        (Some(before), Some(after)) => add_page_hash(&format!("{before}{after}")) == text,
        _ => false,
    }
}
