//! The table of `ARCHITECTURE.md`: which command fills, changes and lists each of the fifteen tables,
//! and which document it is exported to.

use std::collections::BTreeSet;

use serde_json::Value;
use wsdb_tests::{Folder, on_both};

on_both! {
    every_table_has_its_commands,
}

const TABLES: [&str; 15] = [
    "architecture_decisions",
    "architecture_states",
    "architecture_tasks",
    "component_placements",
    "configuration_changes",
    "configuration_snapshots",
    "context_switches",
    "cross_repo_issues",
    "drift_detections",
    "drift_scans",
    "session_activities",
    "session_decisions",
    "session_issues",
    "workspace_sessions",
    "workspace_tasks",
];

struct Row {
    table: &'static str,
    filled: Vec<String>,
    changed: Vec<String>,
    listed: Vec<String>,
    document: &'static str,
}

/// A command's words; quotes hold blanks together.
fn words(cell: &str) -> Vec<String> {
    let command = cell.trim().trim_matches('`');
    let parts = command.split('\'').enumerate();
    parts
        .flat_map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

fn rows() -> Vec<Row> {
    let readme = include_str!("../../ARCHITECTURE.md");
    let (_, table) = readme
        .split_once("| table | filled | changed | listed | document |\n")
        .expect("the table");
    let lines = table
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with('|'));
    let row = |line: &'static str| {
        let cells: Vec<&'static str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [table, filled, changed, listed, document] = cells[..] else {
            panic!("five cells: {line}");
        };
        Row {
            table,
            filled: words(filled),
            changed: words(changed),
            listed: words(listed),
            document,
        }
    };
    lines.map(row).collect()
}

fn run(folder: &Folder, words: &[String]) -> String {
    folder.ok(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

fn list(folder: &Folder, row: &Row) -> Value {
    folder.json(&row.listed.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The ids of the records of a list, and the list's length.
fn ids(list: &Value) -> (BTreeSet<String>, u64) {
    let list = list.as_object().expect("an object");
    let records = list.values().find_map(Value::as_array).expect("a list");
    let id = |record: &Value| {
        ["target", "id"]
            .iter()
            .find_map(|f| Some(record[f].as_str()?.to_owned()))
    };
    (
        records.iter().filter_map(id).collect(),
        list["total"].as_u64().expect("a total"),
    )
}

fn every_table_has_its_commands() {
    let folder = Folder::with_workspace();
    let report =
        r#"[{"violation_type": "dependency", "severity": "HIGH", "file_path": "src/a.py"}]"#;
    std::fs::write(folder.path().join("report.json"), report).expect("written");
    std::fs::write(folder.path().join("pyproject.toml"), "version = 1\n").expect("written");
    let rows = rows();
    let named: BTreeSet<&str> = rows.iter().map(|row| row.table).collect();
    assert_eq!(named, BTreeSet::from(TABLES));
    for row in &rows {
        let table = row.table;
        let (_, before) = ids(&list(&folder, row));
        run(&folder, &row.filled);
        let filled = list(&folder, row);
        assert!(ids(&filled).1 > before, "{table} is filled: {filled}");
        run(&folder, &row.changed);
        let changed = list(&folder, row);
        assert_ne!(changed, filled, "{table} is changed");
        assert!(ids(&changed).1 > 0, "{table} is listed");
    }
    folder.ok(&["export", "out"]);
    for row in &rows {
        let document = std::fs::read_to_string(folder.path().join("out").join(row.document));
        let document = document.expect("a document");
        for id in ids(&list(&folder, row)).0 {
            assert!(
                document.contains(&format!("\"{id}\"")),
                "{}: {id}",
                row.table
            );
        }
    }
    let other = Folder::with_workspace();
    let from = folder.path().join("out").display().to_string();
    other.ok(&["import", &from]);
    for row in &rows {
        assert_eq!(
            list(&other, row),
            list(&folder, row),
            "{} is taken over",
            row.table
        );
    }
}
