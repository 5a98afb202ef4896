//! `wsdb drift record`

use std::collections::HashSet;
use std::path::Path;

use clap::{Args, ValueEnum};
use wsdb_app::views::{DetectionView, RecordedView};
use wsdb_app::{RepoPaths, ScanOverrides, read_scan_report, record_scan, unknown_repos};
use wsdb_core::{Level, ScanType, TriggeredBy, Vocabulary};

use crate::args::{name, repo_name, text_or_stdin, vocabulary_parser};
use crate::commands::print_unknown_repos;
use crate::context::Context;
use crate::error::{UsageError, unreadable};
use crate::render::drift::{format_detection_line, format_detection_summary};
use crate::ui::{Style, Ui, escape_control_chars};

#[derive(Debug, Args)]
#[command(
    before_help = "New detections are added. Known detections are marked as seen, and reopened if
they were resolved or were ignored until a time that has passed. An open
detection that the scan did not find is resolved if the scan covered it: a full
scan covers its repos, other scans cover their files. Only a scan with the
status completed resolves detections.

A detection is recognized by its fingerprint: the scanner's own, or one
computed from repo, type, file, component, rule and details. Numbers in the
details, such as line numbers, are ignored.

--check without a value means --check open; with --check new, only new or
reopened detections cause exit code 3.",
    after_help = r#"The report is JSON: a list of detections, or an object that also describes
the scan:

  {
    "scan_type": "incremental",
    "repos_scanned": ["orchard-core"],
    "files_scanned": ["src/pricing.py"],
    "scan_start": "2025-11-20T10:00:00Z",
    "scan_end": "2025-11-20T10:01:00Z",
    "status": "completed",
    "triggered_by": "ci_cd",
    "results_file": "build/drift.json",
    "detections": [{
      "repo": "orchard-core",
      "type": "dependency",
      "severity": "HIGH",
      "file": "src/pricing.py",
      "component": "PriceList",
      "rule": "core-must-not-import-web",
      "details": "line 12 imports web",
      "expected_location": "orchard-web/src/pricing.py",
      "actual_location": "orchard-core/src/pricing.py",
      "detected_by": "drift-scan",
      "task": "WS-TASK-007",
      "fingerprint": "3f9a2c71",
      "metadata": {}
    }]
  }

type, severity and file are required. By default, scan_type is full and
repos_scanned lists the repos of the detections. A detection without a repo
belongs to the scanned repo if there is only one. Scan types are full,
incremental and pre_commit; scan statuses are running, completed and failed;
violation types are component_placement, dependency, scope and pattern;
severities are CRITICAL, HIGH, MEDIUM and LOW.
Leave out files_scanned for a full scan; for several repos it is an object:
{"REPO": ["FILE"]}. The names that 'wsdb drift list --json' prints are accepted
too: violation_type, file_path, component_name, detected_rule,
violation_details, related_task_id and extra_metadata. Absolute paths, file://
URLs and paths that begin with the repo's folder in the workspace are stored
relative to the repo.

Examples:
  wsdb drift record drift.json --repo orchard-core --check new
  my-scan | wsdb drift record - --repo orchard-core --triggered-by ci_cd"#
)]
pub(super) struct Record {
    /// Scan report (- reads stdin)
    #[arg(value_name = "FILE|-")]
    report: String,
    /// Scanned repos (comma-separated) [default: those of the report, otherwise the repo of the current
    /// folder]
    #[arg(long, short, value_delimiter = ',', value_parser = repo_name)]
    repo: Vec<String>,
    /// Scanned files, for an incremental or pre_commit scan of one repo (comma-separated)
    #[arg(long, value_name = "PATH", value_delimiter = ',', value_parser = name)]
    file: Vec<String>,
    /// Scan type [default: scan_type of the report, otherwise full]
    #[arg(long = "type", short = 't', value_name = "TYPE", value_parser = vocabulary_parser::<ScanType>())]
    scan_type: Option<ScanType>,
    /// What triggered the scan [default: triggered_by of the report, otherwise user]
    #[arg(long, value_name = "TRIGGER", value_parser = vocabulary_parser::<TriggeredBy>())]
    triggered_by: Option<TriggeredBy>,
    /// Path of the results file, to be recorded with the scan
    #[arg(long, value_name = "PATH", value_parser = name)]
    results_file: Option<String>,
    /// Print what would change without writing anything
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Exit with code 3 if the scan found open detections
    #[arg(
        long,
        value_enum,
        value_name = "STATUS",
        num_args = 0..=1,
        default_missing_value = "open"
    )]
    check: Option<Check>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Check {
    Open,
    New,
}

/// Exit code when `--check` finds something.
const EXIT_CHECK_FAILED: u8 = 3;
/// Maximum number of detections of each list that are printed; `--json` has them all.
const MAX_DETECTIONS_SHOWN: usize = 20;
/// Maximum number of paths in a warning.
const MAX_PATHS_SHOWN: usize = 5;

impl Record {
    fn read_report(&self) -> anyhow::Result<String> {
        if self.report == "-" {
            let text = text_or_stdin(Some("-".to_owned()))?;
            return Ok(text.unwrap_or_default());
        }
        let file = Path::new(&self.report);
        let text = std::fs::read_to_string(file);
        Ok(text.map_err(|error| unreadable(file, wsdb_core::format_read_error(&error)))?)
    }

    pub(super) async fn run(self, context: &Context) -> anyhow::Result<u8> {
        if self.scan_type == Some(ScanType::Full) && !self.file.is_empty() {
            let both =
                "--file cannot be used with --type full; use --type incremental or pre_commit";
            return Err(UsageError(both.to_owned()).into());
        }
        let text = self.read_report()?;
        let mut repos = self.repo;
        // Those of the command line are checked with its other arguments.
        let are_repos_given = !repos.is_empty();
        let mut seen = HashSet::new();
        repos.retain(|repo| seen.insert(repo.clone()));
        let paths = context.repo_paths()?;
        let overrides = ScanOverrides {
            default_repo: if are_repos_given {
                None
            } else {
                context.current_repo().await?
            },
            files: named_files(&paths, &repos, self.file),
            repos,
            scan_type: self.scan_type,
            triggered_by: self.triggered_by,
            results_file: self.results_file,
        };
        let (mut report, outside) = read_scan_report(&text, &overrides, &paths)?;
        if let Some(warning) = format_outside_paths(&outside) {
            context.ui.print_warning(&warning);
        }
        report.triggered_by = report.triggered_by.or(Some(TriggeredBy::User));
        let (workspace, actor) = (&context.workspace, &context.actor);
        if !are_repos_given {
            let unknown = unknown_repos(workspace, &report.scope.repos, true).await?;
            print_unknown_repos(&context.ui, &unknown);
        }
        let recorded = record_scan(workspace, actor, &report, self.dry_run).await?;
        match (context.ui.is_json(), self.dry_run) {
            (true, true) => context.ui.print_json(&recorded)?,
            (true, false) => context.ui.print_changed_json(&recorded)?,
            (false, _) => context.ui.print_changed(&render(&recorded, &context.ui))?,
        }
        let counts = recorded.counts;
        let new_count = counts.new + counts.reopened;
        let found = match self.check {
            None => 0,
            Some(Check::New) => new_count,
            Some(Check::Open) => new_count + counts.still_open,
        };
        Ok(if found > 0 { EXIT_CHECK_FAILED } else { 0 })
    }
}

/// Returns the paths of files on the command line relative to the scanned repo, if there is one.
fn named_files(paths: &RepoPaths, repos: &[String], files: Vec<String>) -> Vec<String> {
    match repos {
        [repo] => files.iter().map(|file| paths.of_name(repo, file)).collect(),
        _ => files,
    }
}

/// Formats a warning about paths of files that are not in their repo.
fn format_outside_paths(paths: &[String]) -> Option<String> {
    let shown = paths.iter().take(MAX_PATHS_SHOWN);
    let mut shown: Vec<String> = shown.cloned().collect();
    if let Some(more) = paths
        .len()
        .checked_sub(MAX_PATHS_SHOWN)
        .filter(|more| *more > 0)
    {
        shown.push(format!("and {more} more"));
    }
    let shown = shown.join(", ");
    match paths.len() {
        0 => None,
        1 => Some(format!(
            "{shown} is not in the folder of its repo; its path is stored unchanged"
        )),
        count => Some(format!(
            "{count} files are not in the folders of their repos; their paths are stored unchanged: {shown}"
        )),
    }
}

/// Formats the number of detections, also by severity: `2 new (1 CRITICAL, 1 LOW)`.
fn format_counts_by_severity(detections: &[DetectionView], what: &str) -> String {
    let of = |level: &Level| {
        let count = detections.iter().filter(|d| d.severity == *level).count();
        (count > 0).then(|| format!("{count} {}", level.as_str()))
    };
    let severities: Vec<String> = Level::ALL.iter().filter_map(of).collect();
    if severities.is_empty() {
        format!("0 {what}")
    } else {
        format!("{} {what} ({})", detections.len(), severities.join(", "))
    }
}

fn render(recorded: &RecordedView, ui: &Ui) -> String {
    let counts = recorded.counts;
    let title = match &recorded.scan {
        Some(scan) => format!("Recorded {}", scan.id),
        None => "Dry run".to_owned(),
    };
    let mut lines = vec![format!(
        "{}: {}, {} still open, {}, {} resolved, {} ignored",
        ui.paint(Style::Strong, &title),
        format_counts_by_severity(&recorded.new, "new"),
        counts.still_open,
        format_counts_by_severity(&recorded.reopened, "reopened"),
        counts.resolved,
        counts.ignored
    )];
    let dry_run = recorded.scan.is_none();
    let mut list = |all: &[(&str, &DetectionView)], status: &str| {
        for (what, detection) in all.iter().take(MAX_DETECTIONS_SHOWN) {
            // Ids are assigned when the scan is written.
            let line = if dry_run && *what == "new" {
                format_detection_summary(detection)
            } else {
                format_detection_line(detection)
            };
            lines.push(format!("  {what:<8}  {}", escape_control_chars(&line)));
        }
        if let Some(more) = all
            .len()
            .checked_sub(MAX_DETECTIONS_SHOWN)
            .filter(|more| *more > 0)
        {
            let list = format!("wsdb drift list --status {status}");
            let how = ui.commands.add_database(&list);
            lines.push(format!("  {more} more: {how}"));
        }
    };
    let new = recorded.new.iter().map(|d| ("new", d));
    let reopened = recorded.reopened.iter().map(|d| ("reopened", d));
    list(&new.chain(reopened).collect::<Vec<_>>(), "open");
    let resolved = recorded.resolved.iter().map(|d| ("resolved", d));
    list(&resolved.collect::<Vec<_>>(), "resolved");
    lines.join("\n")
}
