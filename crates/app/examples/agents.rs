//! Two agents share the tasks of a workspace.
//!
//! Run it with `cargo run -p wsdb-app --example agents`.

use std::time::Duration;

use wsdb_app::{Actor, Error, Location, Options, Workspace, add_task, claim_next, handoff};
use wsdb_core::{TaskFilter, Timestamp};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let location = Location::in_folder(folder.path());
    let workspace = Workspace::create(&location, &Options::default()).await?;

    let now: Timestamp = "2025-11-20T10:00:00Z".parse()?;
    let actor = |name: &str| Actor::new(name, now);
    add_task(&workspace, &actor("mira"), "Move pricing", |_| ()).await?;

    let (any, lease) = (TaskFilter::default(), Duration::from_secs(1800));
    for name in ["agent-1", "agent-2"] {
        match claim_next(&workspace, &actor(name), &any, lease).await {
            Ok(claimed) => println!("{name} claimed {}", claimed.task.id),
            Err(error @ Error::NothingReady { .. }) => println!("{name}: {error}"),
            Err(error) => return Err(error.into()),
        }
    }

    let summary = handoff(&workspace.store, &actor("agent-3"), 500, None).await?;
    println!("{}", serde_json::to_string_pretty(&summary)?);
    workspace.close().await?;
    Ok(())
}
