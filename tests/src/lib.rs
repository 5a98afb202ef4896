//! What the tests share: workspaces in which the real binary runs, databases and servers.

mod binary;
mod folder;
pub mod old_database;
mod schemas;
pub mod server;
pub mod store;
mod workspace;

use serde_json::Value;

pub use binary::binary;
pub use folder::temporary_folder;
pub use schemas::{check_json, command_of};
pub use workspace::{TestWorkspace, fixture, on_postgres, run_command};

/// Runs each test twice: with its workspaces on SQLite, and with them on PostgreSQL if there is a
/// server.
#[macro_export]
macro_rules! on_sqlite_and_postgres {
    ($($(#[$attribute:meta])* $name:ident),* $(,)?) => {$(
        mod $name {
            #[test]
            fn sqlite() {
                insta::allow_duplicates!(super::$name());
            }

            #[test]
            $(#[$attribute])*
            fn postgres() {
                insta::allow_duplicates!($crate::on_postgres(super::$name));
            }
        }
    )*};
}

/// Same as [`on_sqlite_and_postgres!`], for tests of what hardly depends on the database: on
/// PostgreSQL, `cargo xtask stress` runs them.
#[macro_export]
macro_rules! on_sqlite_and_in_stress_on_postgres {
    ($($name:ident),* $(,)?) => {
        $crate::on_sqlite_and_postgres! {
            $(#[ignore = "run by `cargo xtask stress`"] $name),*
        }
    };
}

/// Runs each test twice: with a new SQLite [`Database`](store::Database), and with a new one on
/// PostgreSQL if there is a server.
#[macro_export]
macro_rules! on_each_database {
    ($($(#[$attribute:meta])* $name:ident),* $(,)?) => {$(
        mod $name {
            #[test]
            $(#[$attribute])*
            fn sqlite() {
                super::$name($crate::store::Database::sqlite());
            }

            #[test]
            $(#[$attribute])*
            fn postgres() {
                if let Some(database) = $crate::store::Database::postgres() {
                    super::$name(database);
                }
            }
        }
    )*};
}

/// Returns the ids of the records in a field of a JSON result, such as `tasks`.
///
/// # Panics
/// The field is no list of records with ids.
pub fn ids<'a>(result: &'a Value, field: &str) -> Vec<&'a str> {
    let Some(records) = result[field].as_array() else {
        panic!("{field} is no list: {result}");
    };
    let id = |record: &'a Value| match record["id"].as_str() {
        Some(id) => id,
        None => panic!("no id: {record}"),
    };
    records.iter().map(id).collect()
}

/// Returns the words of a command, to be passed to [`TestWorkspace::run`] and its like: there is no
/// quoting.
pub fn words(command: &str) -> Vec<&str> {
    command.split_whitespace().collect()
}
