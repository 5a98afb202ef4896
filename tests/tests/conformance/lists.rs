//! Lists of the nouns that are kept by id: every field of the filters.

use wsdb_core::{
    ArchitectureGoal, ArchitectureState, ChangeFilter, ChangeType, ComponentPlacement,
    ComponentType, ConfigurationChange, ConfigurationSnapshot, ContextFilter, ContextSwitch,
    DetectionFilter, DetectionStatus, DriftDetection, DriftScan, GoalFilter, GoalSort, Level, Page,
    PlacementFilter, PlacementSort, ScanFilter, ScanStatus, ScanType, Severity, SnapshotFilter,
    SnapshotType, StateFilter, StateSort, StateType, TaskStatus, ViolationType,
};

use crate::fixtures::{self, id};
use crate::{Case, at};

/// Lists with each filter and compares ids; then a page of it and the count.
macro_rules! lists {
    ($records:expr, $filter:ident, $($change:tt => $expected:literal,)*) => {$({
        let filter = lists!(@filter $filter $change);
        let ids = async |filter: &$filter| -> Vec<String> {
            let list = $records.list(filter).await.expect("listed");
            list.into_iter().map(|record| record.id.to_string()).collect()
        };
        let found = ids(&filter).await;
        assert_eq!(found.join(" "), $expected, "{filter:?}");
        let page = Page { limit: Some(1), offset: 1 };
        let part = $filter { page, ..filter };
        assert_eq!(ids(&part).await, found.iter().skip(1).take(1).cloned().collect::<Vec<_>>());
        assert_eq!($records.count(&part).await.expect("counted"), found.len() as u64);
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
        architecture.states().insert(state).await.expect("inserted");
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
        architecture
            .placements()
            .insert(placement)
            .await
            .expect("inserted");
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
    let named = placements.ids_named("Model", 9).await.expect("found");
    assert_eq!(named, ["P-1"]);
    assert_eq!(placements.ids_like("mod", 9).await.expect("found"), ["P-1"]);
    assert_eq!(placements.ids_like("p-", 1).await.expect("found"), ["P-1"]);
    case.store
        .tasks()
        .insert(fixtures::task("T-1", false))
        .await
        .expect("inserted");
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
        architecture.goals().insert(goal).await.expect("inserted");
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
            ..fixtures::scan("S-2", false)
        },
        DriftScan {
            status: ScanStatus::Running,
            scan_type: ScanType::Full,
            scan_start: at("2025-01-01"),
            ..fixtures::scan("S-1", false)
        },
    ] {
        drift.scans().insert(scan).await.expect("inserted");
    }
    lists! { drift.scans(), ScanFilter,
        {} => "S-1 S-2",
        { status: vec![ScanStatus::Failed] } => "S-2",
        { scan_type: vec![ScanType::Full, ScanType::Incremental] } => "S-1",
        { since: Some(at("2025-01-01T00:00:00.000001")) } => "S-2",
    }
    for detection in [
        DriftDetection {
            scan_id: Some(id("S-1")),
            severity: Severity::Low,
            ..fixtures::detection("D-2", false)
        },
        DriftDetection {
            repo: "core".into(),
            scan_id: Some(id("S-404")),
            status: DetectionStatus::Ignored,
            violation_type: ViolationType::Scope,
            ..fixtures::detection("D-1", false)
        },
    ] {
        drift
            .detections()
            .insert(detection)
            .await
            .expect("inserted");
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
    }
}

pub(crate) async fn contexts(case: &Case) {
    for context in [
        ContextSwitch {
            repo: "web".into(),
            activated_at: at("2025-01-02"),
            ..fixtures::context("C-1", false)
        },
        ContextSwitch {
            repo: "core".into(),
            activated_at: at("2025-01-01"),
            ..fixtures::context("C-2", true)
        },
    ] {
        case.store
            .contexts()
            .insert(context)
            .await
            .expect("inserted");
    }
    lists! { case.store.contexts(), ContextFilter,
        {} => "C-2 C-1",
        { repo: vec!["web".into()] } => "C-1",
        { active: Some(true) } => "C-1",
        { active: Some(false) } => "C-2",
        { since: Some(at("2025-01-02")) } => "C-1",
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
        configuration
            .snapshots()
            .insert(snapshot)
            .await
            .expect("inserted");
    }
    lists! { configuration.snapshots(), SnapshotFilter,
        {} => "S-1 S-2",
        { repo: vec!["web".into()] } => "S-2",
        { snapshot_type: vec![SnapshotType::Full] } => "S-1",
        { since: Some(at("2025-01-02")) } => "S-2",
    }
    for change in [
        ConfigurationChange {
            repo: "web".into(),
            changed_at: at("2025-01-02"),
            ..fixtures::change("C-2", false)
        },
        ConfigurationChange {
            change_type: ChangeType::Added,
            changed_at: at("2025-01-01"),
            ..fixtures::change("C-1", false)
        },
    ] {
        configuration
            .changes()
            .insert(change)
            .await
            .expect("inserted");
    }
    lists! { configuration.changes(), ChangeFilter,
        {} => "C-1 C-2",
        { repo: vec!["web".into()] } => "C-2",
        { change_type: vec![ChangeType::Added, ChangeType::Modified] } => "C-1",
        { since: Some(at("2025-01-02")) } => "C-2",
    }
}
