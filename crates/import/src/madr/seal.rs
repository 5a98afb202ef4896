//! Hashes in a page that show later whether people changed the page, and whether its decision
//! changed.

use wsdb_core::Decision;

use super::write::{PageContext, page};
use crate::digest::hash;

/// Returns the hash of a decision's page without links from and to other pages.
pub(super) fn state(decision: &Decision) -> String {
    let page = page(decision, &PageContext::default());
    format!("{:016x}h", hash(page.as_bytes()))
}

/// Adds the hash of the decision's content, which shows later whether the decision changed.
pub(super) fn with_seal(page: &str, decision: &Decision) -> String {
    let stamp = format!("wsdb:\n  state: {}\n", state(decision));
    page.replacen("wsdb:\n", &stamp, 1)
}

/// Adds the hash of the rest of the page, which shows later whether people changed the page.
pub(super) fn seal(page: &str) -> String {
    let hash = format!("wsdb:\n  hash: {:016x}h\n", hash(page.as_bytes()));
    page.replacen("wsdb:\n", &hash, 1)
}

/// Whether a file is as it was written.
pub(super) fn is_sealed(text: &str) -> bool {
    const SEAL: usize = "  hash: 0123456789abcdefh\n".len();
    let Some(at) = text.find("wsdb:\n  hash: ") else {
        return false;
    };
    let start = at + "wsdb:\n".len();
    match (text.get(..start), text.get(start + SEAL..)) {
        (Some(before), Some(after)) => seal(&format!("{before}{after}")) == text,
        _ => false,
    }
}
