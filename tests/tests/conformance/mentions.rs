//! Records that mention a path or a component, in any of their columns.

use wsdb_core::{Decision, DetectionStatus, DriftDetection, Issue, IssueStatus, Task, json};

use crate::fixtures::{self, id};
use crate::{Case, test_cases};

test_cases!(
    unresolved_detections_are_found_by_part,
    tasks_are_found_by_file_or_id,
    open_issues_are_found_by_metadata_or_task,
    decisions_are_found_by_file_component_or_id,
);

fn sorted<R>(records: Vec<R>, id: impl Fn(&R) -> &str) -> String {
    let mut ids: Vec<&str> = records.iter().map(id).collect();
    ids.sort_unstable();
    ids.join(" ")
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

async fn unresolved_detections_are_found_by_part(case: &Case) {
    let detection = |name: &str, file: &str, status| DriftDetection {
        file_path: file.to_owned(),
        status,
        ..fixtures::detection(name, false)
    };
    for detection in [
        detection("D-1", "src/Pricing.py", DetectionStatus::Open),
        detection("D-2", "src/pricing.py", DetectionStatus::Ignored),
        detection("D-3", "src/pricing.py", DetectionStatus::Resolved),
        DriftDetection {
            component_name: Some("100%_Model".into()),
            repo: "elsewhere".into(),
            ..detection("D-4", "x", DetectionStatus::Open)
        },
    ] {
        let drift = case.store.drift();
        drift.detections().insert(detection).await.unwrap();
    }
    for (parts, expected) in [
        (&["pricing.PY"][..], "D-1 D-2"),
        (&["0%_m"], "D-4"),
        // SQL's wildcards are ordinary characters.
        (&["0_%m"], ""),
        (&["elsewhere"], "D-4"),
        (&["pricing", "model"], "D-1 D-2 D-4"),
        (&[], ""),
    ] {
        let found = case.store.mentions().detections(&texts(parts)).await;
        let found = sorted(found.unwrap(), |detection| detection.id.as_str());
        assert_eq!(found, expected, "{parts:?}");
    }
}

async fn tasks_are_found_by_file_or_id(case: &Case) {
    for (name, files) in [
        ("T-1", &["core/src/a \"b\".py"][..]),
        ("T-2", &[]),
        ("T-3", &["x"]),
    ] {
        let task = Task {
            related_files: texts(files),
            ..fixtures::task(name, false)
        };
        case.store.tasks().insert(task).await.unwrap();
    }
    for (parts, ids, expected) in [
        (&["SRC"][..], &[][..], "T-1"),
        (&["src"], &["T-2", "T-9"], "T-1 T-2"),
        (&[], &[], ""),
    ] {
        let ids: Vec<_> = ids.iter().map(|name| id(name)).collect();
        let found = case.store.mentions().tasks(&texts(parts), &ids).await;
        let found = sorted(found.unwrap(), |task| task.id.as_str());
        assert_eq!(found, expected, "{parts:?} {ids:?}");
    }
}

async fn open_issues_are_found_by_metadata_or_task(case: &Case) {
    let with_file = |name: &str, status| Issue {
        status,
        extra_metadata: Some(json!({"file": "src/pricing.py"})),
        ..fixtures::issue(name, false)
    };
    for issue in [
        with_file("I-1", IssueStatus::Open),
        Issue {
            related_task_id: Some(id("T-404")),
            ..fixtures::issue("I-2", false)
        },
        with_file("I-3", IssueStatus::Closed),
    ] {
        case.store.issues().insert(issue).await.unwrap();
    }
    for (parts, tasks, expected) in [
        (&["pricing"][..], &[][..], "I-1"),
        (&["pricing"], &["T-404"], "I-1 I-2"),
        (&[], &[], ""),
    ] {
        let tasks: Vec<_> = tasks.iter().map(|name| id(name)).collect();
        let found = case.store.mentions().issues(&texts(parts), &tasks).await;
        let found = sorted(found.unwrap(), |issue| issue.id.as_str());
        assert_eq!(found, expected, "{parts:?} {tasks:?}");
    }
}

async fn decisions_are_found_by_file_component_or_id(case: &Case) {
    for decision in [
        Decision {
            related_files: vec!["ADR-1.md".into()],
            ..fixtures::decision("DEC-1", false)
        },
        Decision {
            documentation: vec!["docs/adr-1.md".into()],
            ..fixtures::decision("DEC-2", false)
        },
        fixtures::decision("DEC-3", false),
        Decision {
            related_components: vec!["RipenessModel".into()],
            ..fixtures::decision("DEC-4", false)
        },
        fixtures::decision("DEC-5", false),
    ] {
        case.store.decisions().insert(decision).await.unwrap();
    }
    let (files, components) = (texts(&["adr-1"]), texts(&["RipenessModel"]));
    let mentions = case.store.mentions();
    let found = mentions
        .decisions(&files, &components, &[id("DEC-3")])
        .await;
    let found = sorted(found.unwrap(), |decision| decision.id.as_str());
    assert_eq!(found, "DEC-1 DEC-2 DEC-3 DEC-4");
}
