//! The report of a scanner.

pub use wsdb_import::{ScanOverrides, ScanReport};

use crate::Error;

/// Parses the JSON report of a scanner. All errors are reported together, each with its JSON path.
///
/// # Errors
/// [`Error::ScanReport`].
pub fn read_scan_report(text: &str, overrides: &ScanOverrides) -> Result<ScanReport, Error> {
    ScanReport::read(text, overrides).map_err(Error::ScanReport)
}
