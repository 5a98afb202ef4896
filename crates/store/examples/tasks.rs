//! Adds, changes and lists tasks, and undoes a change.
//!
//! Run it with `cargo run -p wsdb-store --example tasks`, or with the URL of a new database as
//! argument: `sqlite://tasks.db` or `postgres://user@host/name`.

use wsdb_core::{Author, HistoryFilter, Priority, Task, TaskFilter, Timestamp};
use wsdb_store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let argument = std::env::args().nth(1);
    let url = argument.unwrap_or_else(|| "sqlite::memory:".to_owned());
    let now: Timestamp = "2025-11-20T10:00:00Z".parse()?;
    // What is written through `store` is recorded in the history under this name.
    let store = Store::connect(&url)
        .await?
        .with_author(Author::new("mira", "example", now));

    let pricing = store
        .tasks()
        .add(|id| Task::new(id, "Move pricing".into(), now))
        .await?;
    store
        .tasks()
        .update(&pricing.id, |task| task.priority = Some(Priority::High))
        .await?;

    let urgent = TaskFilter {
        priority: vec![Priority::High],
        ..TaskFilter::default()
    };
    for task in store.tasks().list(&urgent).await? {
        println!("{}  {}  {}", task.id, task.status, task.title);
    }

    let history = store.history().list(&HistoryFilter::default()).await?;
    println!("{} changes in the history", history.len());
    if let Some(last) = history.first() {
        store.history().undo(last.id).await?;
        println!(
            "{} urgent tasks after undo",
            store.tasks().count(&urgent).await?
        );
    }
    store.close().await?;
    Ok(())
}
