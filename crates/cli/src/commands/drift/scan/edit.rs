//! `wsdb drift scan edit`

use clap::{Args, ValueEnum};
use wsdb_core::{DriftScan, ScanStatus, ScanType, TriggeredBy};

use crate::args::{Targets, check_edit, name, vocabulary_parser};
use crate::commands::Context;
use crate::commands::edit::edit_records;
use crate::commands::task::{set, set_list};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb drift scan edit 3 --triggered-by scheduled")]
pub(in crate::commands::drift) struct Edit {
    #[command(flatten)]
    targets: Targets,
    /// Type of the scan
    #[arg(long = "type", short = 't', value_name = "TYPE", value_parser = vocabulary_parser::<ScanType>())]
    scan_type: Option<ScanType>,
    /// Status
    #[arg(long, value_parser = vocabulary_parser::<ScanStatus>())]
    status: Option<ScanStatus>,
    /// Replace the list of repos (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    repo: Vec<String>,
    /// What triggered the scan
    #[arg(long, value_name = "TRIGGER", value_parser = vocabulary_parser::<TriggeredBy>())]
    triggered_by: Option<TriggeredBy>,
    /// File with the results
    #[arg(long, value_name = "PATH", value_parser = name)]
    results_file: Option<String>,
    /// Fields to clear
    #[arg(long, value_enum, value_name = "FIELD", value_delimiter = ',')]
    clear: Vec<Field>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Field {
    Repos,
    TriggeredBy,
    ResultsFile,
}

impl Edit {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let gives = self.scan_type.is_some()
            || self.status.is_some()
            || !self.repo.is_empty()
            || self.triggered_by.is_some()
            || self.results_file.is_some();
        check_edit(gives, &self.clear, |field| match field {
            Field::Repos => !self.repo.is_empty(),
            Field::TriggeredBy => self.triggered_by.is_some(),
            Field::ResultsFile => self.results_file.is_some(),
        })?;
        let edit = |scan: &mut DriftScan| {
            scan.scan_type = self.scan_type.unwrap_or(scan.scan_type);
            scan.status = self.status.unwrap_or(scan.status);
            set_list(&mut scan.repos_scanned, &self.repo);
            set(&mut scan.triggered_by, &self.triggered_by);
            set(&mut scan.results_file, &self.results_file);
            for field in &self.clear {
                match field {
                    Field::Repos => scan.repos_scanned.clear(),
                    Field::TriggeredBy => scan.triggered_by = None,
                    Field::ResultsFile => scan.results_file = None,
                }
            }
        };
        let edited = edit_records(context, "drift scan edit", &self.targets, edit).await?;
        let ui = &context.ui;
        ui.print_records("scans", &edited, |scan| format!("Edited {}", scan.id))
    }
}
