//! The report of a scanner.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use wsdb_core::is_absolute_path;
use wsdb_import::PathBase;
pub use wsdb_import::{ScanOverrides, ScanReport};

use crate::{Error, RepoPaths};

/// Parses the JSON report of a scanner. All errors are reported together, each with its JSON path.
///
/// Absolute paths become relative to the repo of their detection, locations and the results file
/// relative to the workspace. Also returns the absolute paths of files that are not in their repo,
/// which are kept.
///
/// # Errors
/// [`Error::ScanReport`].
pub fn read_scan_report(
    text: &str,
    overrides: &ScanOverrides,
    paths: &RepoPaths,
) -> Result<(ScanReport, Vec<String>), Error> {
    let outside = RefCell::new(BTreeSet::new());
    let store_path = |base: PathBase<'_>, path: &str| {
        if !is_absolute_path(path) {
            return path.to_owned();
        }
        let relative = match base {
            PathBase::Repo(repo) => paths.in_repo(repo, Path::new(path)),
            PathBase::Workspace => paths.in_workspace(Path::new(path)),
        };
        relative.unwrap_or_else(|| {
            if matches!(base, PathBase::Repo(_)) {
                outside.borrow_mut().insert(path.to_owned());
            }
            path.to_owned()
        })
    };
    let report = ScanReport::read(text, overrides, &store_path).map_err(Error::ScanReport)?;
    Ok((report, outside.into_inner().into_iter().collect()))
}
