//! Records that mention a path or a component, in any column.

use wsdb_core::{Decision, DetectionStatus, DriftDetection, Issue, IssueStatus, Task, json};

use crate::Case;
use crate::fixtures::{self, id};

fn sorted<R>(records: Vec<R>, id: impl Fn(&R) -> &str) -> String {
    let mut ids: Vec<&str> = records.iter().map(id).collect();
    ids.sort_unstable();
    ids.join(" ")
}

pub(crate) async fn records_about_a_path(case: &Case) {
    let (store, about) = (&case.store, case.store.about());
    let parts = |parts: &[&str]| {
        parts
            .iter()
            .map(|part| (*part).to_owned())
            .collect::<Vec<_>>()
    };

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
        let drift = store.drift();
        drift.detections().insert(detection).await.unwrap();
    }
    let found = async |words: &[&str]| {
        let found = about.detections(&parts(words)).await.unwrap();
        sorted(found, |d| d.id.as_str())
    };
    assert_eq!(found(&["pricing.PY"]).await, "D-1 D-2");
    assert_eq!(found(&["0%_m"]).await, "D-4");
    assert_eq!(found(&["0_%m"]).await, "", "wildcards are letters here");
    assert_eq!(found(&["elsewhere"]).await, "D-4", "the repo");
    assert_eq!(found(&["pricing", "model"]).await, "D-1 D-2 D-4");
    assert_eq!(found(&[]).await, "");

    for (name, files) in [
        ("T-1", vec!["core/src/a \"b\".py"]),
        ("T-2", vec![]),
        ("T-3", vec!["x"]),
    ] {
        let task = Task {
            related_files: files.into_iter().map(str::to_owned).collect(),
            ..fixtures::task(name, false)
        };
        store.tasks().insert(task).await.unwrap();
    }
    let found = async |words: &[&str], ids: &[&str]| {
        let ids: Vec<_> = ids.iter().map(|name| id(name)).collect();
        let found = about.tasks(&parts(words), &ids).await.unwrap();
        sorted(found, |t| t.id.as_str())
    };
    assert_eq!(found(&["SRC"], &[]).await, "T-1");
    assert_eq!(found(&["src"], &["T-2", "T-9"]).await, "T-1 T-2");
    assert_eq!(found(&[], &[]).await, "");

    let issue = |name: &str, status| Issue {
        status,
        ..fixtures::issue(name, false)
    };
    for issue in [
        Issue {
            extra_metadata: Some(json!({"file": "src/pricing.py"})),
            ..issue("I-1", IssueStatus::Open)
        },
        Issue {
            related_task_id: Some(id("T-404")),
            ..issue("I-2", IssueStatus::Open)
        },
        Issue {
            extra_metadata: Some(json!({"file": "src/pricing.py"})),
            ..issue("I-3", IssueStatus::Closed)
        },
    ] {
        store.issues().insert(issue).await.unwrap();
    }
    let found = async |words: &[&str], tasks: &[&str]| {
        let tasks: Vec<_> = tasks.iter().map(|name| id(name)).collect();
        let found = about.issues(&parts(words), &tasks).await.unwrap();
        sorted(found, |i| i.id.as_str())
    };
    assert_eq!(found(&["pricing"], &[]).await, "I-1");
    assert_eq!(found(&["pricing"], &["T-404"]).await, "I-1 I-2");
    assert_eq!(found(&[], &[]).await, "");

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
    ] {
        store.decisions().insert(decision).await.unwrap();
    }
    let found = about
        .decisions(
            &parts(&["adr-1"]),
            &parts(&["RipenessModel"]),
            &[id("DEC-3")],
        )
        .await;
    assert_eq!(
        sorted(found.unwrap(), |d| d.id.as_str()),
        "DEC-1 DEC-2 DEC-3"
    );
}
