//! Lists of the records that have an id: every field of the filters.

use wsdb_core::{
    Activity, ActivityFilter, ArchitectureGoal, ArchitectureState, ChangeFilter, ChangeType,
    ComponentPlacement, ComponentType, ConfigurationChange, ConfigurationSnapshot, ContextFilter,
    ContextSort, ContextSwitch, DetectionFilter, DetectionSort, DetectionStatus, DriftDetection,
    DriftScan, GoalFilter, GoalSort, Level, Page, PlacementFilter, PlacementSort, ScanFilter,
    ScanSort, ScanStatus, ScanType, SessionDecision, SessionDecisionFilter, SessionIssue,
    SessionIssueFilter, Severity, SnapshotFilter, SnapshotType, StateFilter, StateSort, StateType,
    TaskStatus, TriggeredBy, ViolationType,
};

use crate::fixtures::{self, id};
use crate::{Case, at};

/// Lists with each filter and compares ids; then a page of it and the count.
macro_rules! lists {
    ($records:expr, $filter:ident, $($change:tt => $expected:literal,)*) => {$({
        let filter = lists!(@filter $filter $change);
        let ids = async |filter: &$filter| -> Vec<String> {
            let list = $records.list(filter).await.unwrap();
            list.into_iter().map(|record| record.id.to_string()).collect()
        };
        let found = ids(&filter).await;
        assert_eq!(found.join(" "), $expected, "{filter:?}");
        let page = Page { limit: Some(1), offset: 1 };
        let part = $filter { page, ..filter };
        assert_eq!(ids(&part).await, found.iter().skip(1).take(1).cloned().collect::<Vec<_>>());
        assert_eq!($records.count(&part).await.unwrap(), found.len() as u64);
    })*};
    (@filter $filter:ident { $($field:ident: $value:expr),* }) => {
        $filter { $($field: $value,)* ..$filter::default() }
    };
}

pub(crate) async fn architecture(case: &Case) {
    let architecture = case.store.architecture();
    for state in [
        ArchitectureState {
            repo: "web".into(),
            ..fixtures::state("S-2", false)
        },
        ArchitectureState {
            repo: "core".into(),
            state_type: StateType::Current,
            description: Some("Rewritten".into()),
            ..fixtures::state("S-1", false)
        },
    ] {
        architecture.states().insert(state).await.unwrap();
    }
    lists! { architecture.states(), StateFilter,
        {} => "S-1 S-2",
        { state_type: vec![StateType::Current, StateType::Master] } => "S-1",
        { repo: vec!["web".into()] } => "S-2",
        { repo: vec!["web".into(), "core".into()] } => "S-1 S-2",
        { text: vec!["STATE".into(), "s-2".into()] } => "S-2",
        { text: vec!["rewritten".into()] } => "S-1",
        { sort: StateSort::Type } => "S-1 S-2",
        { sort: StateSort::Name, reverse: true } => "S-2 S-1",
        { sort: StateSort::Created, reverse: true } => "S-2 S-1",
    }
    for placement in [
        ComponentPlacement {
            correct_repo: "web".into(),
            architecture_state_id: Some(id("S-1")),
            ..fixtures::placement("P-2", false)
        },
        ComponentPlacement {
            component_name: "Model".into(),
            component_type: ComponentType::Class,
            correct_location: Some("src/model".into()),
            updated_at: at("2026-01-01"),
            architecture_state_id: Some(id("S-404")),
            ..fixtures::placement("P-1", false)
        },
    ] {
        architecture.placements().insert(placement).await.unwrap();
    }
    lists! { architecture.placements(), PlacementFilter,
        {} => "P-1 P-2",
        { component_name: vec!["Model".into()] } => "P-1",
        { repo: vec!["web".into()] } => "P-2",
        { state: vec![id("S-1")] } => "P-2",
        { state: vec![id("S-404"), id("S-1")] } => "P-1 P-2",
        { component_type: vec![ComponentType::Class] } => "P-1",
        { text: vec!["SRC/".into()] } => "P-1",
        { sort: PlacementSort::Component } => "P-1 P-2",
        { sort: PlacementSort::Type } => "P-1 P-2",
        { sort: PlacementSort::Repo } => "P-1 P-2",
        { sort: PlacementSort::Updated } => "P-2 P-1",
        { reverse: true } => "P-2 P-1",
    }
    let placements = architecture.placements();
    let named = placements.ids_by_name("Model", 9).await.unwrap();
    assert_eq!(named, ["P-1"]);
    assert_eq!(placements.search_ids("mod", 9).await.unwrap(), ["P-1"]);
    assert_eq!(placements.search_ids("p-", 1).await.unwrap(), ["P-1"]);
    case.store
        .tasks()
        .insert(fixtures::task("T-1", false))
        .await
        .unwrap();
    for goal in [
        ArchitectureGoal {
            task_id: id("T-1"),
            status: TaskStatus::Completed,
            component_id: Some(id("P-404")),
            milestone: Some("M1".into()),
            priority: Some(Level::Low),
            created_at: at("2025-01-01"),
            ..fixtures::goal("G-2", false)
        },
        ArchitectureGoal {
            architecture_state_id: Some(id("S-1")),
            component_id: Some(id("P-1")),
            architectural_goal: Some("No season".into()),
            ..fixtures::goal("G-1", false)
        },
    ] {
        architecture.goals().insert(goal).await.unwrap();
    }
    lists! { architecture.goals(), GoalFilter,
        {} => "G-1 G-2",
        { task: vec![id("T-1")] } => "G-2",
        { task: vec![id("T-404")] } => "G-1",
        { state: vec![id("S-1"), id("S-2")] } => "G-1",
        { status: vec![TaskStatus::Completed] } => "G-2",
        { component: vec![id("P-1")] } => "G-1",
        { component: vec![id("P-404")] } => "G-2",
        { milestone: vec!["M1".into(), "M2".into()] } => "G-2",
        { priority: vec![Level::Low] } => "G-2",
        { text: vec!["season".into()] } => "G-1",
        { sort: GoalSort::Priority } => "G-2 G-1",
        { sort: GoalSort::Status } => "G-1 G-2",
        { sort: GoalSort::Milestone } => "G-1 G-2",
        { sort: GoalSort::Created } => "G-2 G-1",
        { reverse: true } => "G-2 G-1",
    }
}

pub(crate) async fn drift(case: &Case) {
    let drift = case.store.drift();
    for scan in [
        DriftScan {
            scan_start: at("2025-01-02"),
            triggered_by: Some(TriggeredBy::Scheduled),
            repos_scanned: vec!["core".into(), "web \"50%\"".into()],
            ..fixtures::scan("S-2", false)
        },
        DriftScan {
            status: ScanStatus::Running,
            scan_type: ScanType::Full,
            scan_start: at("2025-01-01"),
            ..fixtures::scan("S-1", false)
        },
    ] {
        drift.scans().insert(scan).await.unwrap();
    }
    lists! { drift.scans(), ScanFilter,
        {} => "S-1 S-2",
        { status: vec![ScanStatus::Failed] } => "S-2",
        { scan_type: vec![ScanType::Full, ScanType::Incremental] } => "S-1",
        { since: Some(at("2025-01-01T00:00:00.000001")) } => "S-2",
        { triggered_by: vec![TriggeredBy::Scheduled] } => "S-2",
        { repo: vec!["web \"50%\"".into()] } => "S-2",
        { repo: vec!["50%".into(), "we".into()] } => "",
        { repo: vec!["core".into(), "x".into()] } => "S-2",
        { sort: ScanSort::Start } => "S-1 S-2",
        { sort: ScanSort::Start, reverse: true } => "S-2 S-1",
    }
    for detection in [
        DriftDetection {
            scan_id: Some(id("S-1")),
            severity: Severity::Low,
            file_path: "src/Core/a_b.py".into(),
            component_name: Some("Prices".into()),
            fingerprint: Some("print".into()),
            last_seen: Some(at("2025-12-02")),
            related_task_id: Some(id("T-404")),
            ..fixtures::detection("D-2", false)
        },
        DriftDetection {
            repo: "core".into(),
            scan_id: Some(id("S-404")),
            status: DetectionStatus::Ignored,
            ignored_until: Some(at("2025-12-01")),
            detected_at: at("2025-12-01"),
            file_path: "src/web/axb.py".into(),
            violation_details: Some("Imports WEB".into()),
            violation_type: ViolationType::Scope,
            ..fixtures::detection("D-1", false)
        },
    ] {
        drift.detections().insert(detection).await.unwrap();
    }
    lists! { drift.detections(), DetectionFilter,
        {} => "D-1 D-2",
        { status: vec![DetectionStatus::Open] } => "D-2",
        { severity: vec![Severity::Low, Severity::High] } => "D-1 D-2",
        { severity: vec![Severity::Low] } => "D-2",
        { violation_type: vec![ViolationType::Scope] } => "D-1",
        { repo: vec!["core".into()] } => "D-1",
        { scan: vec![id("S-1")] } => "D-2",
        { scan: vec![id("S-404")] } => "D-1",
        { status: vec![DetectionStatus::Ignored] } => "D-1",
        { status: vec![DetectionStatus::Open], now: Some(at("2025-12-01")) } => "D-1 D-2",
        { status: vec![DetectionStatus::Ignored], now: Some(at("2025-12-01")) } => "",
        { status: vec![DetectionStatus::Open], now: Some(at("2025-11-30")) } => "D-2",
        { status: vec![DetectionStatus::Ignored, DetectionStatus::Resolved],
            now: Some(at("2025-11-30")) } => "D-1",
        { now: Some(at("2025-12-01")) } => "D-1 D-2",
        { component: vec!["Prices".into()] } => "D-2",
        { file: vec!["src/".into()] } => "D-1 D-2",
        { file: vec!["SRC/core".into()] } => "D-2",
        { file: vec!["web/".into()] } => "",
        { file: vec!["*/web/*.py".into()] } => "D-1",
        { file: vec!["src/core/a_b.py".into()] } => "D-2",
        { file: vec!["src/*/a?b.py".into(), "y".into()] } => "D-1 D-2",
        { file: vec!["src/*/a_b.py".into()] } => "D-2",
        { fingerprint: vec!["print".into()] } => "D-2",
        { task: vec![id("T-404")] } => "D-2",
        { text: vec!["imports".into(), "web".into()] } => "D-1",
        { since: Some(at("2025-11-30")) } => "D-1",
        { sort: DetectionSort::Severity } => "D-1 D-2",
        { sort: DetectionSort::Severity, reverse: true } => "D-2 D-1",
        { sort: DetectionSort::Detected } => "D-2 D-1",
        { sort: DetectionSort::Seen } => "D-1 D-2",
        { sort: DetectionSort::File } => "D-2 D-1",
        { sort: DetectionSort::Status } => "D-2 D-1",
    }
}

pub(crate) async fn contexts(case: &Case) {
    for context in [
        ContextSwitch {
            repo: "web".into(),
            activated_by: Some("mira".into()),
            activated_at: at("2025-01-02"),
            ..fixtures::context("C-1", false)
        },
        ContextSwitch {
            repo: "core".into(),
            activated_at: at("2025-01-01"),
            ..fixtures::context("C-2", true)
        },
    ] {
        case.store.contexts().insert(context).await.unwrap();
    }
    lists! { case.store.contexts(), ContextFilter,
        {} => "C-2 C-1",
        { repo: vec!["web".into()] } => "C-1",
        { active: Some(true) } => "C-1",
        { active: Some(false) } => "C-2",
        { since: Some(at("2025-01-02")) } => "C-1",
        { by: vec!["mira".into()] } => "C-1",
        { by: vec!["ann".into()], or_nobody: true } => "",
        { other_than: Some("web".into()) } => "C-2",
        { text: vec!["WEB".into()] } => "C-1",
        { still_at: Some(at("9000-01-01")) } => "C-1",
        { sort: ContextSort::Repo, reverse: true } => "C-1 C-2",
        { sort: ContextSort::Duration } => "C-1 C-2",
        { sort: ContextSort::Id } => "C-1 C-2",
        { reverse: true } => "C-1 C-2",
    }
}

pub(crate) async fn configuration(case: &Case) {
    let configuration = case.store.configuration();
    for snapshot in [
        ConfigurationSnapshot {
            repo: "web".into(),
            taken_at: at("2025-01-02"),
            ..fixtures::snapshot("S-2", false)
        },
        ConfigurationSnapshot {
            snapshot_type: SnapshotType::Full,
            taken_at: at("2025-01-01"),
            ..fixtures::snapshot("S-1", false)
        },
    ] {
        configuration.snapshots().insert(snapshot).await.unwrap();
    }
    lists! { configuration.snapshots(), SnapshotFilter,
        {} => "S-1 S-2",
        { repo: vec!["web".into()] } => "S-2",
        { snapshot_type: vec![SnapshotType::Full] } => "S-1",
        { since: Some(at("2025-01-02")) } => "S-2",
        { text: vec!["s-".into(), "1".into()] } => "S-1",
        { reverse: true } => "S-2 S-1",
    }
    for change in [
        ConfigurationChange {
            repo: "web".into(),
            changed_at: at("2025-01-02"),
            file_path: Some("a.toml".into()),
            key_path: Some("Tool.x".into()),
            component_name: Some("Pricing".into()),
            commit_hash: Some("1A2b3c".into()),
            drift_detection_id: Some(id("V-404")),
            ..fixtures::change("C-2", false)
        },
        ConfigurationChange {
            change_type: ChangeType::Added,
            changed_at: at("2025-01-01"),
            ..fixtures::change("C-1", false)
        },
    ] {
        configuration.changes().insert(change).await.unwrap();
    }
    lists! { configuration.changes(), ChangeFilter,
        {} => "C-1 C-2",
        { repo: vec!["web".into()] } => "C-2",
        { change_type: vec![ChangeType::Added, ChangeType::Modified] } => "C-1",
        { since: Some(at("2025-01-02")) } => "C-2",
        { file: vec!["a.toml".into(), "b".into()] } => "C-2",
        { component: vec!["Pricing".into()] } => "C-2",
        { commit: vec!["1a2".into()] } => "C-2",
        { commit: vec!["a2b".into(), "%".into()] } => "",
        { detection: vec![id("V-404")] } => "C-2",
        { text: vec!["tool".into(), "A.TOML".into()] } => "C-2",
        { reverse: true } => "C-2 C-1",
    }
}

pub(crate) async fn of_sessions(case: &Case) {
    let sessions = case.store.sessions();
    for name in ["S-1", "S-2"] {
        sessions
            .insert(fixtures::session(name, false))
            .await
            .unwrap();
    }
    for activity in [
        Activity {
            time: at("2025-01-02"),
            outcome: Some("Two FILES".into()),
            ..fixtures::activity("A-1", "S-1", false)
        },
        Activity {
            time: at("2025-01-01"),
            activity_type: fixtures::word("note"),
            description: "Looked".into(),
            ..fixtures::activity("A-2", "S-2", false)
        },
    ] {
        sessions.activities().insert(activity).await.unwrap();
    }
    lists! { sessions.activities(), ActivityFilter,
        {} => "A-2 A-1",
        { ids: vec![id("A-1")] } => "A-1",
        { session: vec![id("S-2")] } => "A-2",
        { activity_type: vec![fixtures::word("note")] } => "A-2",
        { text: vec!["files".into()] } => "A-1",
        { text: vec!["LOOK".into()] } => "A-2",
        { since: Some(at("2025-01-02")) } => "A-1",
        { reverse: true } => "A-1 A-2",
    }
    let decisions = case.store.decisions();
    decisions
        .insert(fixtures::decision("D-1", false))
        .await
        .unwrap();
    for (link, session, decision) in [("L-1", "S-1", "D-1"), ("L-2", "S-2", "D-404")] {
        let link = SessionDecision {
            decision_id: Some(id(decision)),
            ..fixtures::session_decision(link, session, false)
        };
        sessions.decision_links().insert(link).await.unwrap();
    }
    lists! { sessions.decision_links(), SessionDecisionFilter,
        {} => "L-1 L-2",
        { session: vec![id("S-2")] } => "L-2",
        { decision: vec![id("D-1")] } => "L-1",
        { decision: vec![id("D-404"), id("D-1")] } => "L-1 L-2",
        { reverse: true } => "L-2 L-1",
    }
    let link = SessionIssue {
        issue_id: Some(id("I-404")),
        ..fixtures::session_issue("L-1", "S-1", false)
    };
    sessions.issue_links().insert(link).await.unwrap();
    lists! { sessions.issue_links(), SessionIssueFilter,
        { session: vec![id("S-1")] } => "L-1",
        { issue: vec![id("I-404")] } => "L-1",
        { issue: vec![id("I-1")] } => "",
    }
}
