//! Lists of visits, configuration snapshots and configuration changes.

use wsdb_core::{
    ChangeFilter, ChangeType, ConfigurationChange, ConfigurationSnapshot, ContextFilter,
    ContextSort, ContextSwitch, SnapshotFilter, SnapshotType,
};

use crate::fixtures::{self, id};
use crate::{Case, at, test_cases};

test_cases!(
    visits_are_filtered_and_sorted,
    snapshots_are_filtered_and_sorted,
    changes_are_filtered_and_sorted,
);

async fn visits_are_filtered_and_sorted(case: &Case) {
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
    check_lists! { case.store.contexts(), ContextFilter,
        {} => "C-2 C-1",
        { repo: vec!["web".into()] } => "C-1",
        { active: Some(true) } => "C-1",
        { active: Some(false) } => "C-2",
        { since: Some(at("2025-01-02").into()) } => "C-1",
        { by: vec!["mira".into()] } => "C-1",
        { by: vec!["ann".into()], or_nobody: true } => "",
        { other_than: Some("web".into()) } => "C-2",
        { text: vec!["WEB".into()] } => "C-1",
        { still_at: Some(at("9000-01-01")) } => "C-1",
        { sort: ContextSort::Repo } => "C-2 C-1",
        { sort: ContextSort::Duration } => "C-1 C-2",
        { sort: ContextSort::Id } => "C-1 C-2",
    }
}

async fn snapshots_are_filtered_and_sorted(case: &Case) {
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
    check_lists! { configuration.snapshots(), SnapshotFilter,
        {} => "S-1 S-2",
        { repo: vec!["web".into()] } => "S-2",
        { snapshot_type: vec![SnapshotType::Full] } => "S-1",
        { since: Some(at("2025-01-02").into()) } => "S-2",
        { text: vec!["s-".into(), "1".into()] } => "S-1",
    }
}

async fn changes_are_filtered_and_sorted(case: &Case) {
    let configuration = case.store.configuration();
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
    check_lists! { configuration.changes(), ChangeFilter,
        {} => "C-1 C-2",
        { repo: vec!["web".into()] } => "C-2",
        { change_type: vec![ChangeType::Added, ChangeType::Modified] } => "C-1",
        { since: Some(at("2025-01-02").into()) } => "C-2",
        { file: vec!["a.toml".into(), "b".into()] } => "C-2",
        { component: vec!["Pricing".into()] } => "C-2",
        { commit: vec!["1a2".into()] } => "C-2",
        { commit: vec!["a2b".into(), "%".into()] } => "",
        { detection: vec![id("V-404")] } => "C-2",
        { text: vec!["tool".into(), "A.TOML".into()] } => "C-2",
    }
}
