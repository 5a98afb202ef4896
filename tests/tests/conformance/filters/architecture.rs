//! Lists of architecture states, placements and goals.

use wsdb_core::{
    ArchitectureGoal, ArchitectureState, ComponentPlacement, ComponentType, GoalFilter, GoalSort,
    Level, PlacementFilter, PlacementSort, StateFilter, StateSort, StateType, TaskStatus,
};

use crate::fixtures::{self, id};
use crate::{Case, at, test_cases};

test_cases!(
    states_are_filtered_and_sorted,
    placements_are_filtered_and_sorted,
    placements_are_found_by_name,
    goals_are_filtered_and_sorted,
);

async fn states_are_filtered_and_sorted(case: &Case) {
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
    check_lists! { architecture.states(), StateFilter,
        {} => "S-1 S-2",
        { state_type: vec![StateType::Current, StateType::Master] } => "S-1",
        { repo: vec!["web".into()] } => "S-2",
        { repo: vec!["web".into(), "core".into()] } => "S-1 S-2",
        { text: vec!["STATE".into(), "s-2".into()] } => "S-2",
        { text: vec!["rewritten".into()] } => "S-1",
        { sort: StateSort::Type } => "S-1 S-2",
        { sort: StateSort::Name } => "S-1 S-2",
        { sort: StateSort::Created } => "S-1 S-2",
    }
}

/// P-1 in a missing state, and P-2 in the state S-1.
async fn insert_placements(case: &Case) {
    let architecture = case.store.architecture();
    let state = fixtures::state("S-1", false);
    architecture.states().insert(state).await.unwrap();
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
}

async fn placements_are_filtered_and_sorted(case: &Case) {
    insert_placements(case).await;
    let architecture = case.store.architecture();
    check_lists! { architecture.placements(), PlacementFilter,
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
    }
}

async fn placements_are_found_by_name(case: &Case) {
    insert_placements(case).await;
    let architecture = case.store.architecture();
    let placements = architecture.placements();
    let ids = placements.ids_by_name("Model", 9).await.unwrap();
    assert_eq!(ids, ["P-1"]);
    let ids = placements.ids_matching("mod", |text| text == "Model").await;
    assert_eq!(ids.unwrap(), ["P-1"]);
    let ids = placements.ids_matching("p-", |text| text == "P-1").await;
    assert_eq!(ids.unwrap(), ["P-1"]);
}

async fn goals_are_filtered_and_sorted(case: &Case) {
    let architecture = case.store.architecture();
    let state = fixtures::state("S-1", false);
    architecture.states().insert(state).await.unwrap();
    let placement = fixtures::placement("P-1", false);
    architecture.placements().insert(placement).await.unwrap();
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
    check_lists! { architecture.goals(), GoalFilter,
        {} => "G-1 G-2",
        { open: Some(true) } => "G-1",
        { open: Some(false) } => "G-2",
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
    }
}
