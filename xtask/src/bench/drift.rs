//! What a scan finds, and the least that has to be written for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use serde_json::{Value, json};

use super::{Contest, Place, copy, has_shell, held, timed, url};

/// How many seconds a recorded scan may take.
const DRIFT_LIMIT: f64 = 0.5;
const DETECTIONS: usize = 10_000;
const SCANS: usize = 11;

impl Place {
    pub(super) fn drift(&self, postgres: Option<&str>) -> Result<()> {
        let database = self.folder.join("drift.db");
        let copied = self.folder.join("drift-plain.db");
        // Each scan finds 1 % that the one before did not, and no longer finds as many.
        let step = DETECTIONS / 100;
        let reports: Vec<PathBuf> = (0..=SCANS)
            .map(|number| {
                let file = self.folder.join(format!("scan-{number}.json"));
                let found = (number * step..number * step + DETECTIONS).map(finding);
                fs::write(&file, serde_json::Value::from_iter(found).to_string())?;
                Ok(file)
            })
            .collect::<Result<_>>()?;
        let mut databases = vec![("SQLite", url(&database))];
        if let Some(postgres) = postgres {
            // Emptied, and brought up to date.
            let mut empty = self.wsdb();
            empty.args([
                "copy",
                "--replace",
                "--from",
                &url(&self.empty()?),
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
            let mut ours = Contest::new("wsdb drift record");
            for report in &reports[1..] {
                ours.seconds.push(timed(&mut record(report))?);
            }
            println!("a scan of {DETECTIONS} detections on {name}, {SCANS} runs:");
            let ours = ours.show();
            println!("  limit {DRIFT_LIMIT} s: {}", held(ours <= DRIFT_LIMIT));
            if name == "SQLite" && has_shell() {
                copy(&self.folder.join("drift.db"), &copied)?;
                let mut theirs = Contest::new("sqlite3, the statements alone");
                for run in 0..SCANS {
                    theirs.seconds.push(timed(&mut plain(&copied, run, step))?);
                }
                println!(
                    "  that is {:.2} x the statements alone",
                    ours / theirs.show()
                );
            }
        }
        Ok(())
    }

    /// A database of nothing.
    fn empty(&self) -> Result<PathBuf> {
        let database = self.folder.join("empty.db");
        let mut init = self.wsdb();
        init.args(["--database", &url(&database), "init"]);
        timed(&mut init)?;
        Ok(database)
    }
}

/// A finding like no other.
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

/// Reads what is known, adds a scan and 1 %, resolves 1 %, and marks the rest, in one transaction
/// of the sqlite3 shell.
fn plain(database: &Path, run: usize, step: usize) -> Command {
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
