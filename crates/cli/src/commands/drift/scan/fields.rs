//! The fields of a scan that `edit` sets.

use wsdb_core::{DriftScan, ScanStatus, ScanType, TriggeredBy};

use crate::commands::fields::{Editable, Field, NAME, field, one_of};

impl Editable for DriftScan {
    const FIELDS: &'static [Field<Self>] = &[
        field!("-t, --type <TYPE>", "Type of the scan", required scan_type: one_of::<ScanType>()),
        field!("--status <STATUS>", "Status", required status: one_of::<ScanStatus>()),
        field!(
            "-r, --repo <REPO>",
            "Scanned repos (comma-separated)",
            list repos_scanned: NAME
        )
        .clear_name("repos"),
        field!(
            "--triggered-by <TRIGGER>",
            "What triggered the scan",
            optional triggered_by: one_of::<TriggeredBy>()
        ),
        field!("--results-file <PATH>", "Path of the results file", optional results_file: NAME),
    ];
}
