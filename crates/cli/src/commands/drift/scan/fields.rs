//! The fields of a scan that `edit` sets.

use wsdb_core::{DriftScan, ScanStatus, ScanType, TriggeredBy};

use crate::commands::fields::{Editable, Field, NAME, list, one_of, optional, required};

impl Editable for DriftScan {
    const FIELDS: &'static [Field<DriftScan>] = &[
        Field::new(
            "type",
            "TYPE",
            "Type of the scan",
            &required(|s: &mut DriftScan| &mut s.scan_type, one_of::<ScanType>()),
        )
        .short('t'),
        Field::new(
            "status",
            "STATUS",
            "Status",
            &required(|s: &mut DriftScan| &mut s.status, one_of::<ScanStatus>()),
        ),
        Field::new(
            "repos",
            "REPO",
            "Replace the list of repos (comma-separated)",
            &list(|s: &mut DriftScan| &mut s.repos_scanned, NAME),
        )
        .long("repo")
        .short('r'),
        Field::new(
            "triggered-by",
            "TRIGGER",
            "What triggered the scan",
            &optional(
                |s: &mut DriftScan| &mut s.triggered_by,
                one_of::<TriggeredBy>(),
            ),
        ),
        Field::new(
            "results-file",
            "PATH",
            "File with the results",
            &optional(|s: &mut DriftScan| &mut s.results_file, NAME),
        ),
    ];
}
