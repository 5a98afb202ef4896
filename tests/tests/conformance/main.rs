//! One suite for every repository, run on each database.
//!
//! SQLite always; PostgreSQL where `WSDB_TEST_POSTGRES_URL` names a database that may be emptied.

mod architecture;
mod drift;
mod records;
mod sessions;
mod tasks;

use wsdb_core::Timestamp;
use wsdb_store::Store;

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

async fn conformance(store: &Store) {
    tasks::series(store).await;
    tasks::filters(store).await;
    tasks::references(store).await;
    tasks::transactions(store).await;
    sessions::from_beginning_to_end(store).await;
    architecture::states_placements_goals(store).await;
    drift::scans(store).await;
    drift::contexts(store).await;
    drift::configuration(store).await;
    records::every_column(store).await;
    records::many(store).await;
}

#[tokio::test]
async fn sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("w.db").display());
    let store = Store::connect(&url).await.expect("a store");
    conformance(&store).await;
    store.close().await.expect("closed");
}

#[tokio::test]
async fn postgres() {
    let Ok(url) = std::env::var("WSDB_TEST_POSTGRES_URL") else {
        eprintln!("PostgreSQL WAS NOT TESTED: WSDB_TEST_POSTGRES_URL names no database");
        return;
    };
    wsdb_store::schema::fresh(&url)
        .await
        .expect("an empty database");
    let store = Store::connect(&url).await.expect("a store");
    conformance(&store).await;
    store.close().await.expect("closed");
}
