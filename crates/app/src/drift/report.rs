//! The report of a scanner.

use std::cell::RefCell;
use std::collections::BTreeSet;

use wsdb_import::PathBase;
pub use wsdb_import::{ScanOverrides, ScanReport};

use crate::{Error, RepoPaths};

/// Parses the JSON report of a scanner. All errors are reported together, each with its JSON path.
///
/// Paths of files become relative to the repo of their detection, and absolute locations and results
/// files relative to the workspace. Also returns the paths of files that are not in their repo, which are
/// kept.
///
/// # Errors
/// [`Error::ScanReport`].
pub fn read_scan_report(
    text: &str,
    overrides: &ScanOverrides,
    paths: &RepoPaths,
) -> Result<(ScanReport, Vec<String>), Error> {
    let outside = RefCell::new(BTreeSet::new());
    let store_path = |base: PathBase<'_>, path: &str| match base {
        PathBase::Repo(repo) => paths.of_report(repo, path).unwrap_or_else(|| {
            outside.borrow_mut().insert(path.to_owned());
            path.to_owned()
        }),
        PathBase::Workspace => paths.of_report_in_workspace(path),
    };
    let report = ScanReport::read(text, overrides, &store_path).map_err(Error::ScanReport)?;
    Ok((report, outside.into_inner().into_iter().collect()))
}
