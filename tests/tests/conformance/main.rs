//! What the store promises, on both databases: each test has an empty database.

#![allow(clippy::unwrap_used)]

mod claims;
mod constraints;
mod contexts;
mod documents;
mod examples;
mod filters;
mod fixtures;
mod history;
mod issues;
mod mentions;
mod open_intervals;
mod readiness;
mod records;
mod references;
mod round_trip;
mod scans;
mod search;
mod search_cjk;
mod search_external_writes;
mod search_filters;
mod search_index_sync;
mod series;
mod sessions;
mod tasks;
mod transactions;
mod undo;
mod undo_property;
mod undo_steps;
mod write_paths;

use std::fs;
use std::sync::OnceLock;

use wsdb_core::Timestamp;
use wsdb_store::Store;
use wsdb_tests::store::Database;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A database with a store on it.
struct Case {
    database: Database,
    store: Store,
}

impl Case {
    /// Returns the tables of records and of their lists.
    fn record_tables(&self) -> Vec<String> {
        let sql = if self.database.is_postgres() {
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        } else {
            // Triggers fill the tables of search.
            "SELECT name FROM sqlite_master
                 WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_%'"
        };
        let mut tables = self.database.rows(sql);
        tables.retain(|table| !OTHER_TABLES.contains(&table.as_str()));
        tables.sort();
        tables
    }
}

/// The tables that contain no records.
const OTHER_TABLES: [&str; 5] = [
    "actions",
    "document_bases",
    "id_series",
    "record_changes",
    "seaql_migrations",
];

/// Returns an empty SQLite database with the current schema: a copy, which takes a tenth of the time
/// of creating it.
fn sqlite() -> Option<Database> {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| {
        let database = Database::sqlite();
        migrate(&database);
        fs::read(database.path()).unwrap()
    });
    let database = Database::sqlite();
    fs::write(database.path(), template).unwrap();
    Some(database)
}

/// Returns an empty PostgreSQL database with the current schema, if there is a server.
fn postgres() -> Option<Database> {
    static TEMPLATE: OnceLock<Option<Database>> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| Database::postgres().inspect(migrate));
    template.as_ref().map(Database::like)
}

fn migrate(database: &Database) {
    block_on(async {
        let store = Store::connect(&database.url()).await.unwrap();
        store.close().await.unwrap();
    });
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work)
}

/// Runs a test on a database; does nothing if there is no server.
fn run_case(database: Option<Database>, test: impl AsyncFnOnce(&Case)) {
    let Some(database) = database else { return };
    block_on(async {
        let store = Store::connect(&database.url()).await.unwrap();
        let case = Case { database, store };
        test(&case).await;
        let Case { database, store } = case;
        store.close().await.unwrap();
        if database.is_postgres() {
            database.give_back();
        }
    });
}

/// Runs each test on SQLite, and on PostgreSQL if there is a server.
macro_rules! test_cases {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            #[test]
            fn sqlite() {
                crate::run_case(crate::sqlite(), super::$name);
            }

            #[test]
            fn postgres() {
                crate::run_case(crate::postgres(), super::$name);
            }
        }
    )*};
}

use test_cases;
