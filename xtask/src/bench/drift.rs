//! Benchmark of recording a drift scan, compared with the bare SQL statements.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use serde_json::{Value, json};

use super::{BenchSetup, MeasuredCommand, copy, format_limit_check, has_sqlite_shell, timed, url};

/// Maximum duration of recording a scan, in seconds.
const DRIFT_LIMIT: f64 = 0.5;
const DETECTIONS: usize = 10_000;
const SCANS: usize = 11;

impl BenchSetup {
    pub(super) fn drift(&self, postgres: Option<&str>) -> Result<()> {
        let database = self.folder.join("drift.db");
        let copied = self.folder.join("drift-plain.db");
        // Each scan reports 1 % new detections, and no longer reports 1 % of the previous ones.
        let step = DETECTIONS / 100;
        let reports: Vec<PathBuf> = (0..=SCANS)
            .map(|number| {
                let file = self.folder.join(format!("scan-{number}.json"));
                let findings = (number * step..number * step + DETECTIONS).map(finding);
                fs::write(&file, serde_json::Value::from_iter(findings).to_string())?;
                Ok(file)
            })
            .collect::<Result<_>>()?;
        let mut databases = vec![("SQLite", url(&database))];
        if let Some(postgres) = postgres {
            // Replaces the contents with an empty workspace at the current schema.
            let mut empty = self.wsdb();
            empty.args([
                "copy",
                "--replace",
                "--from",
                &url(&self.create_empty()?),
                "--to",
                postgres,
            ]);
            timed(&mut empty)?;
            databases.push(("PostgreSQL", postgres.to_owned()));
        }
        for (name, database) in databases {
            let record = |report: &Path| {
                let mut command = self.wsdb();
                command.args(["--database", &database, "drift", "record"]);
                command.arg(report);
                command
            };
            timed(&mut record(&reports[0]))?;
            let mut ours = MeasuredCommand::new("wsdb drift record");
            for report in &reports[1..] {
                ours.seconds.push(timed(&mut record(report))?);
            }
            println!("a scan of {DETECTIONS} detections on {name}, {SCANS} runs:");
            let ours = ours.print();
            println!(
                "  limit {DRIFT_LIMIT} s: {}",
                format_limit_check(ours <= DRIFT_LIMIT)
            );
            if name == "SQLite" && has_sqlite_shell() {
                copy(&self.folder.join("drift.db"), &copied)?;
                let mut theirs = MeasuredCommand::new("sqlite3, bare statements");
                for run in 0..SCANS {
                    theirs
                        .seconds
                        .push(timed(&mut bare_statements(&copied, run, step))?);
                }
                println!(
                    "  that is {:.2} x the bare statements",
                    ours / theirs.print()
                );
            }
        }
        Ok(())
    }

    /// Creates an empty database.
    fn create_empty(&self) -> Result<PathBuf> {
        let database = self.folder.join("empty.db");
        let mut init = self.wsdb();
        init.args(["--database", &url(&database), "init"]);
        timed(&mut init)?;
        Ok(database)
    }
}

/// Returns a finding that differs from all others.
fn finding(number: usize) -> Value {
    let kinds = ["component_placement", "dependency", "scope", "pattern"];
    let levels = ["CRITICAL", "HIGH", "MEDIUM", "LOW"];
    json!({
        "repo": format!("orchard-{}", number % 10),
        "type": kinds[number % 4],
        "severity": levels[number / 4 % 4],
        "file": format!("src/module_{}/file_{number}.py", number % 500),
        "component": format!("Component{}", number % 300),
        "rule": format!("rule-{}", number % 40),
        "details": format!("line {} imports orchard_web.pricing", number % 400 + 1),
        "actual_location": "orchard-core/src",
        "expected_location": "orchard-web/src",
        "metadata": { "line": number % 400 + 1 },
    })
}

/// Returns a command that does the same through the sqlite3 shell in one transaction: it reads the
/// known detections, adds a scan and 1 %, resolves 1 % and updates the rest.
fn bare_statements(database: &Path, run: usize, step: usize) -> Command {
    let scan = format!("PLAIN-{run:03}");
    let now = format!("2099-01-01 00:{run:02}:00.000000");
    let columns = "repo, violation_type, severity, file_path, component_name, detected_rule, \
                   expected_location, actual_location, violation_details, detected_at, status, \
                   extra_metadata, fingerprint, last_seen";
    let open = "SELECT id FROM drift_detections WHERE status = 'open'";
    let mut command = Command::new("sqlite3");
    command.arg(database).arg(format!(
        "PRAGMA synchronous=NORMAL; BEGIN IMMEDIATE;
         SELECT * FROM drift_detections WHERE status <> 'resolved';
         INSERT INTO drift_scans (id, scan_type, scan_start, status)
             VALUES ('{scan}', 'full', '{now}', 'completed');
         UPDATE drift_detections SET status = 'resolved', resolved_at = '{now}',
             resolved_by = '{scan}' WHERE id IN ({open} ORDER BY id LIMIT {step});
         UPDATE drift_detections SET last_seen = '{now}' WHERE id IN ({open});
         INSERT INTO drift_detections (id, {columns}, scan_id)
             SELECT '{scan}-' || id, {columns}, '{scan}' FROM drift_detections
             WHERE resolved_by = '{scan}';
         UPDATE drift_detections SET status = 'open' WHERE scan_id = '{scan}';
         COMMIT;"
    ));
    command
}
