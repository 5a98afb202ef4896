//! The JSON report of a scanner.
//!
//! An object with details of the scan, or just a list of detections:
//!
//! ```json
//! {
//!   "scan_type": "incremental",
//!   "repos_scanned": ["orchard-core"],
//!   "files_scanned": ["src/pricing.py", "src/shop.py"],
//!   "scan_start": "2025-11-30T18:00:00Z",
//!   "scan_end": "2025-11-30T18:00:04Z",
//!   "status": "completed",
//!   "triggered_by": "ci_cd",
//!   "results_file": "build/drift.json",
//!   "detections": [
//!     {
//!       "repo": "orchard-core",
//!       "type": "dependency",
//!       "severity": "HIGH",
//!       "file": "src/pricing.py",
//!       "component": "PriceList",
//!       "rule": "core-must-not-import-web",
//!       "expected_location": "orchard-web/src",
//!       "actual_location": "orchard-core/src",
//!       "details": "imports orchard_web at line 12",
//!       "detected_by": "drift-scan",
//!       "fingerprint": "of the scanner's own",
//!       "task": "WS-TASK-007",
//!       "metadata": { "line": 12 }
//!     }
//!   ]
//! }
//! ```
//!
//! All fields of the scan but `detections` are optional: `scan_type` is `full` by default, and the
//! repos are those of the detections. Of a detection, `type`, `severity` and `file` are required,
//! and `repo` unless the scan has exactly one. Column names are accepted as well: `violation_type`,
//! `file_path`, `component_name`, `detected_rule`, `violation_details`, `related_task_id`.
//! `files_scanned` is a list if the scan has one repo, otherwise an object of lists by repo. An
//! unknown field is an error: a scanner's own data goes into `metadata`.

mod finding;
mod store_path;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use wsdb_core::{
    Finding, Json, JsonObject, ScanScope, ScanStatus, ScanType, Timestamp, TriggeredBy,
    normalize_file_path, type_mismatch,
};

use crate::error::Problem;
use crate::file_diagnostics::{FileDiagnostics, item_path};
use crate::mappings::ValueMappings;
use crate::record_reader::RecordReader;
use finding::{FindingScope, parse_finding};

pub use store_path::{PathBase, StorePath};

/// A scan and its findings, as reported.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanReport {
    /// Type of the scan.
    pub scan_type: ScanType,
    /// Start of the scan; by default, now.
    pub scan_start: Option<Timestamp>,
    /// End of the scan; by default, now.
    pub scan_end: Option<Timestamp>,
    /// Status of the scan. An incomplete scan resolves nothing.
    pub status: ScanStatus,
    /// What triggered the scan.
    pub triggered_by: Option<TriggeredBy>,
    /// File with the results.
    pub results_file: Option<String>,
    /// Repos and files that were scanned.
    pub scope: ScanScope,
    /// The findings.
    pub findings: Vec<Finding>,
}

/// Values that override those of the report.
#[derive(Debug, Clone, Default)]
pub struct ScanOverrides {
    /// Scanned repos.
    pub repos: Vec<String>,
    /// The repo of what the report names no repo for.
    pub default_repo: Option<String>,
    /// Scanned files, if there is one scanned repo.
    pub files: Vec<String>,
    /// Type of the scan.
    pub scan_type: Option<ScanType>,
    /// What triggered the scan.
    pub triggered_by: Option<TriggeredBy>,
    /// File with the results.
    pub results_file: Option<String>,
}

impl ScanReport {
    /// Parses a report. All paths of files get the form that `store_path` returns.
    ///
    /// # Errors
    /// Returns all problems, each with its JSON path.
    pub fn read(
        text: &str,
        overrides: &ScanOverrides,
        store_path: &StorePath<'_>,
    ) -> Result<Self, Vec<Problem>> {
        if text.trim().is_empty() {
            let reason = "the report is empty; use [] for a scan that found nothing";
            return Err(vec![Problem::new("", reason)]);
        }
        let value = crate::json::parse_text(text, |reader| reader.read_value());
        let value = value.map_err(|error| {
            let reason = error.reason_with_position();
            vec![Problem::new(
                "",
                format!("the report is not valid JSON: {reason}"),
            )]
        })?;
        let mut problems = Vec::new();
        let report = parse_report(value, overrides, store_path, &mut problems);
        if problems.is_empty() {
            Ok(report)
        } else {
            Err(problems)
        }
    }
}

/// The fields of a report, each with its other names.
const FIELDS: &[&[&str]] = &[
    &["repos_scanned"],
    &["files_scanned"],
    &["scan_type"],
    &["scan_start"],
    &["scan_end"],
    &["status"],
    &["triggered_by"],
    &["results_file"],
    &["detections"],
];

fn parse_report(
    value: Json,
    overrides: &ScanOverrides,
    store_path: &StorePath<'_>,
    problems: &mut Vec<Problem>,
) -> ScanReport {
    let is_bare = value.is_array();
    let value = match value {
        Json::Array(list) => JsonObject::from_iter([("detections".to_owned(), list.into())]).into(),
        other => other,
    };
    let mappings = ValueMappings::default();
    let mut diagnostics = FileDiagnostics::new(Path::new(""), &mappings);
    diagnostics.is_strict = true;
    let mut scan = RecordReader::of_value(value, "$".to_owned(), &mut diagnostics);
    let named = scan.take_strings("repos_scanned");
    let named = if overrides.repos.is_empty() {
        named
    } else {
        overrides.repos.clone()
    };
    let repos_or_default = if named.is_empty() {
        overrides.default_repo.iter().cloned().collect()
    } else {
        named.clone()
    };
    let files = scan.take_json("files_scanned");
    let reported_type = scan.take("scan_type").flatten();
    let scan_type = overrides
        .scan_type
        .or(reported_type)
        .unwrap_or(ScanType::Full);
    let scan_start: Option<Timestamp> = scan.take("scan_start").flatten();
    let scan_end: Option<Timestamp> = scan.take("scan_end").flatten();
    if let (Some(start), Some(end)) = (scan_start, scan_end)
        && end < start
    {
        scan.reject("scan_end", "is before scan_start");
    }
    let status = scan.take("status").flatten();
    let status = status.unwrap_or(ScanStatus::Completed);
    let triggered_by = scan.take("triggered_by").flatten();
    let results_file: Option<String> = scan.take("results_file").flatten();
    let results_file = overrides.results_file.clone().or(results_file);
    let results_file = results_file.map(|path| store_path(PathBase::Workspace, &path));
    let detections = match scan.take_json("detections") {
        Some(Json::Array(list)) => list,
        Some(other) => {
            let reason = type_mismatch("a list", &other);
            scan.reject("detections", reason);
            Vec::new()
        }
        None => {
            scan.reject_missing("detections", "; use [] for a scan that found nothing");
            Vec::new()
        }
    };
    let mut by_repo = by_repo(&mut scan, files, &named, &repos_or_default, overrides);
    for (repo, files) in by_repo.iter_mut().flatten() {
        for file in files {
            *file = store_path(PathBase::Repo(repo), file);
        }
    }
    let named_files: Vec<String> = match repos_or_default.as_slice() {
        [repo] => {
            let files = overrides.files.iter();
            let files = files.map(|file| store_path(PathBase::Repo(repo), file));
            files.collect()
        }
        _ => overrides.files.clone(),
    };
    scan.reject_unknown_fields(FIELDS);
    scan.finish(Some(()));

    let mut findings = Vec::with_capacity(detections.len());
    for (index, value) in detections.into_iter().enumerate() {
        let path = item_path("detections", index, is_bare);
        let mut reader = RecordReader::of_value(value, path, &mut diagnostics);
        let default_repo = match repos_or_default.as_slice() {
            [only] => Some(only.as_str()),
            _ => None,
        };
        let scope = FindingScope {
            repos: &named,
            default_repo,
            files: &named_files,
        };
        let finding = parse_finding(&mut reader, scope, store_path);
        findings.extend(reader.finish(finding).map(|parsed| parsed.record));
    }
    let rejects = diagnostics.rejects.into_iter();
    problems.extend(rejects.flat_map(|reject| reject.reasons));
    let mut repos = named;
    if repos.is_empty() {
        repos = findings
            .iter()
            .map(|finding| finding.repo.clone())
            .collect();
        repos.extend(by_repo.iter().flat_map(BTreeMap::keys).cloned());
        if repos.is_empty() {
            repos.extend(overrides.default_repo.clone());
        }
        if repos.is_empty() && problems.is_empty() {
            let reason =
                "missing field \"repos_scanned\"; it is required if there are no detections";
            problems.push(Problem::new("$", reason));
        }
    }
    repos.sort();
    repos.dedup();
    if scan_type == ScanType::Full && by_repo.is_some() {
        let reason =
            "not allowed for a full scan; set scan_type (or --type) to incremental or pre_commit";
        problems.push(Problem::new("$.files_scanned", reason));
    }
    let files = (scan_type != ScanType::Full).then(|| {
        let mut files = by_repo.unwrap_or_default();
        for finding in &findings {
            let list: &mut Vec<String> = files.entry(finding.repo.clone()).or_default();
            list.push(normalize_file_path(&finding.file_path));
        }
        for list in files.values_mut() {
            list.sort();
            list.dedup();
        }
        files
    });
    ScanReport {
        scan_type,
        scan_start,
        scan_end,
        status,
        triggered_by: overrides.triggered_by.or(triggered_by),
        results_file,
        scope: ScanScope { repos, files },
        findings,
    }
}

/// Returns the scanned files by repo; a list is of the only one of `repos_or_default`.
fn by_repo(
    scan: &mut RecordReader<'_, '_>,
    files: Option<Json>,
    repos: &[String],
    repos_or_default: &[String],
    overrides: &ScanOverrides,
) -> Option<BTreeMap<String, Vec<String>>> {
    const FIELD: &str = "files_scanned";
    let one = |scan: &mut RecordReader<'_, '_>, files: Vec<String>| match repos_or_default {
        [repo] => BTreeMap::from([(repo.clone(), files)]),
        _ => {
            scan.reject(
                FIELD,
                "a list of files needs exactly one repo; specify one with --repo, or use \
                 {\"REPO\": [\"FILE\"]} in the report",
            );
            BTreeMap::new()
        }
    };
    if !overrides.files.is_empty() {
        return Some(one(scan, overrides.files.clone()));
    }
    match files? {
        Json::Object(map) => {
            let mut all = BTreeMap::new();
            for (repo, list) in map {
                if !repos.is_empty() && !repos.contains(&repo) {
                    let problem = format!(
                        "{repo} is not one of the scan's repos ({})",
                        repos.join(", ")
                    );
                    scan.reject(FIELD, problem);
                }
                let files = scan.convert_strings(&format!("{FIELD}.{repo}"), list);
                all.insert(repo, files);
            }
            Some(all)
        }
        list => {
            let files = scan.convert_strings(FIELD, list);
            Some(one(scan, files))
        }
    }
}
