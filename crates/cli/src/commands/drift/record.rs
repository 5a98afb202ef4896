//! `wsdb drift record`

use clap::{Args, ValueEnum};
use wsdb_app::views::{DetectionView, RecordedView};
use wsdb_app::{Error, ScanReport, ScanWords, record_scan};
use wsdb_core::{Level, ScanType, TriggeredBy, Vocabulary};

use crate::args::{known, name, text_or_stdin};
use crate::commands::Context;
use crate::render::drift::line;
use crate::ui::{Tone, Ui, visible};

#[derive(Debug, Args)]
#[command(
    after_help = r#"The report is JSON: a list of detections, or an object that says more of the scan.

  {
    "scan_type": "incremental",               full [default], incremental, pre_commit
    "repos_scanned": ["orchard-core"],        [default: the repos of the detections]
    "files_scanned": ["src/pricing.py"],      not of a full scan; {"REPO": […]} of several repos
    "scan_start": "…", "scan_end": "…", "status": "completed", "triggered_by": "ci_cd",
    "results_file": "build/drift.json",
    "detections": [{
      "repo": "orchard-core",                 [default: the scan's one repo]
      "type": "dependency",                   component_placement, dependency, scope, pattern
      "severity": "HIGH",                     CRITICAL, HIGH, MEDIUM, LOW
      "file": "src/pricing.py",
      "component": "PriceList", "rule": "core-knows-no-web", "details": "line 12 imports web",
      "expected_location": "…", "actual_location": "…", "detected_by": "drift-scan",
      "task": "WS-TASK-007", "fingerprint": "…", "metadata": {}
    }]
  }

The names that `wsdb drift list --json` has will do, too: violation_type, file_path, component_name,
detected_rule, violation_details, related_task_id.

A detection is known again by its fingerprint: the scanner's own, or one of repo, type, file,
component, rule and details, without the numbers in these. What is known is not added again: it is
seen again, opened again if it was resolved, or if the time is over for which it was ignored. What
is open and was not found where the scan looked (a full scan: in its repos, another one: in its
files) is resolved. A scan whose status is failed resolves nothing.

Examples:
  wsdb drift record drift.json --repo orchard-core --triggered-by ci_cd --check new
  scan | wsdb drift record - --type pre_commit --repo orchard-core --file src/pricing.py"#
)]
pub(super) struct Record {
    /// The report; - reads stdin
    #[arg(value_name = "FILE|-")]
    report: String,
    /// The repos that were scanned, in place of those that the report names; several with commas
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    repo: Vec<String>,
    /// The files that were scanned, in the one repo; several with commas
    #[arg(long, value_name = "PATH", value_delimiter = ',', value_parser = name)]
    file: Vec<String>,
    /// How much was looked at
    #[arg(long = "type", short = 't', value_name = "TYPE", value_parser = known::<ScanType>())]
    scan_type: Option<ScanType>,
    /// What set the scan off [default: user]
    #[arg(long, value_name = "WHAT", value_parser = known::<TriggeredBy>())]
    triggered_by: Option<TriggeredBy>,
    /// Where the scan wrote its results, to be kept with it
    #[arg(long, value_name = "PATH", value_parser = name)]
    results_file: Option<String>,
    /// Only tell what would happen; write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Exit with code 3 if the scan found something that stands open, or only if that is new
    #[arg(
        long,
        value_enum,
        value_name = "WHAT",
        num_args = 0..=1,
        default_missing_value = "open"
    )]
    check: Option<Check>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Check {
    /// Anything that stands open
    Open,
    /// What is new, or open again
    New,
}

/// A check found something.
const FOUND: u8 = 3;
/// So many detections are shown; `--json` has them all.
const SHOWN: usize = 20;

impl Record {
    fn text(&self) -> anyhow::Result<String> {
        if self.report == "-" {
            let text = text_or_stdin(Some("-".to_owned()))?;
            return Ok(text.unwrap_or_default());
        }
        let unreadable = |error| Error::Invalid(format!("{}: can't be read: {error}", self.report));
        Ok(std::fs::read_to_string(&self.report).map_err(unreadable)?)
    }

    pub(super) async fn run(self, context: &Context) -> anyhow::Result<u8> {
        let text = self.text()?;
        let words = ScanWords {
            repos: self.repo,
            files: self.file,
            scan_type: self.scan_type,
            triggered_by: self.triggered_by,
            results_file: self.results_file,
        };
        let mut report = ScanReport::read(&text, &words)?;
        report.triggered_by = report.triggered_by.or(Some(TriggeredBy::User));
        let (workspace, actor) = (&context.workspace, &context.actor);
        let recorded = record_scan(workspace, actor, &report, self.dry_run).await?;
        match (context.ui.json, self.dry_run) {
            (true, true) => context.ui.print_json(&recorded)?,
            (true, false) => context.ui.print_changed_json(&recorded)?,
            (false, _) => context.ui.print_changed(&shown(&recorded, &context.ui))?,
        }
        let counts = recorded.counts;
        let news = counts.new + counts.reopened;
        let found = match self.check {
            None => 0,
            Some(Check::New) => news,
            Some(Check::Open) => news + counts.still_open,
        };
        Ok(if found > 0 { FOUND } else { 0 })
    }
}

/// `2 new (1 CRITICAL, 1 LOW)`
fn graded(detections: &[DetectionView], what: &str) -> String {
    let of = |level: &Level| {
        let count = detections.iter().filter(|d| d.severity == *level).count();
        (count > 0).then(|| format!("{count} {}", level.word()))
    };
    let grades: Vec<String> = Level::ALL.iter().filter_map(of).collect();
    match grades.is_empty() {
        true => format!("0 {what}"),
        false => format!("{} {what} ({})", detections.len(), grades.join(", ")),
    }
}

fn shown(recorded: &RecordedView, ui: &Ui) -> String {
    let counts = recorded.counts;
    let title = match &recorded.scan {
        Some(scan) => format!("recorded {}", scan.id),
        None => "would record".to_owned(),
    };
    let mut lines = vec![format!(
        "{}: {}, {} still open, {}, {} resolved, {} ignored",
        ui.paint(Tone::Strong, &title),
        graded(&recorded.new, "new"),
        counts.still_open,
        graded(&recorded.reopened, "reopened"),
        counts.resolved,
        counts.ignored
    )];
    let tried = recorded.scan.is_none();
    let mut list = |all: &[(&str, &DetectionView)], status: &str| {
        for (what, detection) in all.iter().take(SHOWN) {
            let mut line = line(detection);
            if tried && *what == "new" {
                // It gets its id when it is written.
                let id = format!("{}  ", detection.id);
                line = line.strip_prefix(&id).unwrap_or(&line).to_owned();
            }
            lines.push(format!("  {what:<8}  {}", visible(&line)));
        }
        if let Some(more) = all.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            let how = format!("wsdb drift list --status {status}");
            lines.push(format!("  … and {more} more: `{how}`"));
        }
    };
    let new = recorded.new.iter().map(|d| ("new", d));
    let reopened = recorded.reopened.iter().map(|d| ("reopened", d));
    list(&new.chain(reopened).collect::<Vec<_>>(), "open");
    let resolved = recorded.resolved.iter().map(|d| ("resolved", d));
    list(&resolved.collect::<Vec<_>>(), "resolved");
    lines.join("\n")
}
