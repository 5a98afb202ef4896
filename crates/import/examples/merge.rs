//! Imports documents, changes the database, exports, and merges an edited document.
//!
//! Run it with `cargo run -p wsdb-import --example merge`.

use wsdb_core::{Priority, TaskId};
use wsdb_import::{ExportOptions, ImportOptions, NoProgress, export, import};
use wsdb_store::Store;

const TASKS: &str = r#"[{
  "id": "WS-TASK-001", "title": "Move pricing", "status": "pending", "created": "2025-11-20"
}]"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let sources = [folder.path().to_owned()];
    let file = folder.path().join("WORKSPACE-TASKS.json");
    std::fs::write(&file, TASKS)?;

    let store = Store::connect("sqlite::memory:").await?;
    let options = ImportOptions::default();
    let imported = import(&store, &sources, &options, &NoProgress).await?;
    println!("{} new", imported.summary.counts[0].new);

    // The priority changes in the database, and the title in the document.
    let id = TaskId::new("WS-TASK-001")?;
    let set_priority = |task: &mut wsdb_core::Task| task.priority = Some(Priority::High);
    store.tasks().update(&id, set_priority).await?;
    std::fs::write(
        &file,
        TASKS.replace("Move pricing", "Move pricing to the web"),
    )?;

    let merged = import(&store, &sources, &options, &NoProgress).await?;
    assert!(merged.summary.conflicts.is_empty());
    let task = store.tasks().get(&id).await?;
    println!("merged: {}, priority {:?}", task.title, task.priority);

    export(
        &store,
        folder.path(),
        &ExportOptions::default(),
        &NoProgress,
    )
    .await?;
    print!("{}", std::fs::read_to_string(&file)?);
    store.close().await?;
    Ok(())
}
