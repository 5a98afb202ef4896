//! Architecture: states, placements and goals.

use serde_json::json;
use wsdb_core::{
    ArchitectureGoal, ArchitectureState, ComponentPlacement, ComponentType, Fields, GoalFilter,
    PlacementFilter, StateFilter, StateType, Task, TaskId, TaskStatus,
};
use wsdb_store::{Error, Referrers, Store};

use crate::at;

pub(crate) async fn states_placements_goals(store: &Store) {
    let architecture = store.architecture();
    let now = at("2025-01-01");
    let state = |name: &'static str| {
        move |id| ArchitectureState {
            id,
            state_name: name.into(),
            state_type: StateType::Current,
            repo: "core".into(),
            architecture_doc_path: None,
            state_data: Some(json!({"layers": ["api"]})),
            created_at: now,
            version: Some("2.0".into()),
            architecture_id: None,
            description: None,
            roadmap_file: None,
            target_date: Some(now),
            status: None,
            updated_at: None,
            document_fields: Fields::new(),
        }
    };
    let current = architecture
        .add_state(state("core current"))
        .await
        .expect("added");
    let twice = architecture.add_state(state("core current")).await;
    assert!(matches!(twice, Err(Error::Conflict { .. })));
    assert_eq!(
        architecture.states().get(&current.id).await.expect("there"),
        current
    );
    let by_repo = StateFilter {
        repo: vec!["core".into()],
        state_type: vec![StateType::Current],
        ..StateFilter::default()
    };
    assert_eq!(
        architecture
            .states()
            .count(&by_repo)
            .await
            .expect("counted"),
        1
    );

    let place = |id| ComponentPlacement {
        id,
        component_name: "Model".into(),
        component_type: ComponentType::Class,
        correct_repo: "ml".into(),
        correct_location: None,
        architecture_state_id: Some(current.id.clone()),
        rationale: None,
        rules: Some(json!({"forbidden_imports": ["pandas"]})),
        created_at: now,
        updated_at: now,
        document_fields: Fields::new(),
    };
    let placed = architecture.place(place).await.expect("placed");
    assert!(matches!(
        architecture.place(place).await,
        Err(Error::Conflict { .. })
    ));
    let by_state = PlacementFilter {
        state: vec![current.id.clone()],
        ..PlacementFilter::default()
    };
    assert_eq!(
        architecture
            .placements()
            .list(&by_state)
            .await
            .expect("listed"),
        std::slice::from_ref(&placed)
    );

    let task_id = TaskId::new("G-1").expect("an id");
    let goal = architecture
        .add_goal(|id| ArchitectureGoal {
            id,
            task_id: task_id.clone(),
            architecture_state_id: Some(current.id.clone()),
            architectural_goal: Some("no seasons".into()),
            component_id: Some(placed.id.clone()),
            milestone: None,
            priority: None,
            status: TaskStatus::Pending,
            created_at: now,
            document_fields: Fields::new(),
        })
        .await
        .expect("a goal waits for its task");
    let by_task = GoalFilter {
        task: vec![task_id.clone()],
        ..GoalFilter::default()
    };
    assert_eq!(
        architecture.goals().list(&by_task).await.expect("listed"),
        std::slice::from_ref(&goal)
    );
    store
        .tasks()
        .insert(Task::new(task_id.clone(), "t".into(), now))
        .await
        .expect("inserted");
    assert_eq!(
        architecture.goals().list(&by_task).await.expect("listed"),
        std::slice::from_ref(&goal)
    );
    let refused = store.tasks().delete(&task_id, Referrers::Respect).await;
    assert!(
        matches!(refused, Err(Error::StillReferenced { ref by, .. }) if by == &["goal GOAL-001"])
    );
    store
        .tasks()
        .delete(&task_id, Referrers::Detach)
        .await
        .expect("deleted");
    assert_eq!(
        architecture.goals().get(&goal.id).await.expect("there"),
        goal
    );
    architecture
        .states()
        .delete(&current.id, Referrers::Detach)
        .await
        .expect("deleted");
    assert_eq!(
        architecture
            .placements()
            .get(&placed.id)
            .await
            .expect("there"),
        placed
    );
    architecture
        .goals()
        .delete(&goal.id, Referrers::Respect)
        .await
        .expect("deleted");
    architecture
        .placements()
        .delete(&placed.id, Referrers::Respect)
        .await
        .expect("deleted");
}
