//! Finds what blocks a task, and a cycle that a new dependency would make.
//!
//! Run it with `cargo run -p wsdb-core --example dependencies`.

use std::collections::HashMap;

use wsdb_core::{Edge, Task, TaskId, Timestamp, blockers, find_dependency_cycle};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let now: Timestamp = "2025-11-20T10:00:00Z".parse()?;
    let mut pricing = Task::new(TaskId::new("WS-TASK-001")?, "Move pricing".into(), now);
    let mut list = Task::new(TaskId::new("WS-TASK-002")?, "Publish prices".into(), now);
    list.dependencies.push(pricing.id.clone());

    let status = |task: &Task| HashMap::from([(task.id.clone(), task.status)]);
    for blocker in blockers(&list.dependencies, &status(&pricing)) {
        println!("{} is blocked by {}", list.id, blocker.id);
    }

    // Statuses are parsed with their synonyms: "done" is `completed`.
    pricing.set_status("done".parse()?, now);
    assert!(blockers(&list.dependencies, &status(&pricing)).is_empty());
    println!(
        "{} is {}, so {} is ready",
        pricing.id, pricing.status, list.id
    );

    let edges = [Edge {
        task: list.id.clone(),
        depends_on: pricing.id.clone(),
    }];
    if let Some(tasks) = find_dependency_cycle(&edges, &pricing.id, std::slice::from_ref(&list.id))
    {
        let ids: Vec<&str> = tasks.iter().map(TaskId::as_str).collect();
        println!("refused: {}", ids.join(" -> "));
    }
    Ok(())
}
