//! The table of `ARCHITECTURE.md`: which command fills, changes and lists each of the tables,
//! and which document it is exported to.

use std::collections::BTreeSet;

use serde_json::Value;
use wsdb_tests::TestWorkspace;

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

/// Splits a command into words; quoted text is one word.
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
    let readme = include_str!("../../../ARCHITECTURE.md");
    let (_, table) = readme
        .split_once("| table | filled | changed | listed | document |\n")
        .unwrap();
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

fn run(workspace: &TestWorkspace, words: &[String]) -> String {
    workspace.ok(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

fn list(workspace: &TestWorkspace, row: &Row) -> Value {
    workspace.json(&row.listed.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The ids of the records of a list, and the list's length.
fn ids(list: &Value) -> (BTreeSet<String>, u64) {
    let list = list.as_object().unwrap();
    let records = list.values().find_map(Value::as_array).unwrap();
    let id = |record: &Value| {
        ["target", "id"]
            .iter()
            .find_map(|f| Some(record[f].as_str()?.to_owned()))
    };
    (
        records.iter().filter_map(id).collect(),
        list["total"].as_u64().unwrap(),
    )
}

#[test]
fn every_table_has_its_commands() {
    let workspace = TestWorkspace::with_workspace();
    let report =
        r#"[{"violation_type": "dependency", "severity": "HIGH", "file_path": "src/a.py"}]"#;
    std::fs::write(workspace.path().join("report.json"), report).unwrap();
    std::fs::write(workspace.path().join("pyproject.toml"), "version = 1\n").unwrap();
    let rows = rows();
    let named: BTreeSet<&str> = rows.iter().map(|row| row.table).collect();
    assert_eq!(named, BTreeSet::from(TABLES));
    for row in &rows {
        let table = row.table;
        let (_, before) = ids(&list(&workspace, row));
        run(&workspace, &row.filled);
        let filled = list(&workspace, row);
        assert!(ids(&filled).1 > before, "{table} is filled: {filled}");
        run(&workspace, &row.changed);
        let changed = list(&workspace, row);
        assert_ne!(changed, filled, "{table} is changed");
        assert!(ids(&changed).1 > 0, "{table} is listed");
    }
    workspace.ok(&["export", "out"]);
    for row in &rows {
        let document = std::fs::read_to_string(workspace.path().join("out").join(row.document));
        let document = document.unwrap();
        for id in ids(&list(&workspace, row)).0 {
            assert!(
                document.contains(&format!("\"{id}\"")),
                "{}: {id}",
                row.table
            );
        }
    }
    let other = TestWorkspace::with_workspace();
    let from = workspace.path().join("out").display().to_string();
    other.ok(&["import", &from]);
    for row in &rows {
        assert_eq!(
            list(&other, row),
            list(&workspace, row),
            "{} is imported",
            row.table
        );
    }
}
