//! The report of a scanner.

pub use wsdb_import::{ScanOverrides, ScanReport};

use crate::Error;

/// Parses the JSON report of a scanner. All errors are reported together, each with its JSON path.
///
/// # Errors
/// [`Error::Invalid`], or [`Error::Several`] of it.
pub fn read_scan_report(text: &str, overrides: &ScanOverrides) -> Result<ScanReport, Error> {
    ScanReport::read(text, overrides).map_err(|problems| {
        let mut errors: Vec<Error> = problems.into_iter().map(Error::Invalid).collect();
        match errors.len() {
            1 => errors.remove(0),
            _ => Error::Several(errors),
        }
    })
}
