//! Throwaway databases for tests, and a way to ask them by raw SQL what really stands in them.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

/// The server that is tried where `WSDB_TEST_POSTGRES_URL` names none.
const LOCAL: &str = "postgres://postgres@127.0.0.1:5432/postgres";

/// An empty database of its own, which is gone when this is dropped.
#[derive(Debug)]
pub enum Database {
    /// A file in a folder of its own.
    Sqlite(TempDir),
    /// A database beside the one that `server` names.
    Postgres {
        /// The URL of the database that was there before.
        server: String,
        /// The name of this one.
        name: String,
    },
}

impl Database {
    /// A SQLite file that isn't there yet.
    pub fn sqlite() -> Self {
        Database::Sqlite(TempDir::new().unwrap_or_else(|e| panic!("no temporary folder: {e}")))
    }

    /// A PostgreSQL database, if there is a server and the `psql` shell to make one; says so
    /// loudly where there is not. A server that was named has to answer.
    pub fn postgres() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let named = std::env::var("WSDB_TEST_POSTGRES_URL").ok();
        let server = named.clone().unwrap_or_else(|| LOCAL.to_owned());
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("wsdb_test_{}_{number}", std::process::id());
        // In a language whose order isn't that of the characters, where the server has one.
        let create = format!("CREATE DATABASE {name} TEMPLATE template0");
        let english = format!("{create} LOCALE_PROVIDER icu ICU_LOCALE 'en-US'");
        match psql(&server, &english).or_else(|_| psql(&server, &create)) {
            Ok(_) => Some(Database::Postgres { server, name }),
            Err(why) if named.is_none() => {
                eprintln!(
                    "THE POSTGRESQL HALF OF THIS TEST DID NOT RUN: {}",
                    why.trim()
                );
                None
            }
            Err(why) => panic!("WSDB_TEST_POSTGRES_URL is set, but: {why}"),
        }
    }

    /// Its URL.
    pub fn url(&self) -> String {
        match self {
            Database::Sqlite(folder) => {
                format!("sqlite://{}", folder.path().join("w.db").display())
            }
            Database::Postgres { server, name } => {
                let server = server.split('?').next().unwrap_or(server);
                let end = server.rfind('/').unwrap_or(server.len());
                format!("{}/{name}", &server[..end])
            }
        }
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self, Database::Postgres { .. })
    }

    /// The rows that a statement gives: every value as text, `NULL` for none, `|` between them.
    pub fn rows(&self, sql: &str) -> Vec<String> {
        match self {
            Database::Sqlite(folder) => sqlite_rows(&folder.path().join("w.db"), sql),
            Database::Postgres { .. } => match psql(&self.url(), sql) {
                Ok(text) => text.lines().map(str::to_owned).collect(),
                Err(why) => panic!("{sql}: {why}"),
            },
        }
    }

    /// Runs statements.
    pub fn execute(&self, sql: &str) {
        match self {
            Database::Sqlite(folder) => sqlite_execute(&folder.path().join("w.db"), sql),
            Database::Postgres { .. } => {
                self.rows(sql);
            }
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Database::Postgres { server, name } = self {
            let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            if let Err(why) = psql(server, &sql) {
                eprintln!("the database {name} is left behind: {why}");
            }
        }
    }
}

fn psql(url: &str, sql: &str) -> Result<String, String> {
    let output = Command::new("psql")
        .args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-P", "null=NULL"])
        .args(["-d", url, "-c", sql])
        .env("PGCONNECT_TIMEOUT", "3")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("psql can't be run: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match output.status.success() {
        true => Ok(text(&output.stdout)),
        false => Err(text(&output.stderr)),
    }
}

/// The rows that a statement on a SQLite file gives; see [`Database::rows`].
pub fn sqlite_rows(path: &std::path::Path, sql: &str) -> Vec<String> {
    rusqlite::Connection::open(path)
        .and_then(|connection| {
            let mut statement = connection.prepare(sql)?;
            let width = statement.column_count();
            let rows = statement.query_map([], |row| {
                let values: Result<Vec<String>, _> = (0..width)
                    .map(|column| Ok(shown(row.get_ref(column)?)))
                    .collect();
                values.map(|values| values.join("|"))
            })?;
            rows.collect()
        })
        .unwrap_or_else(|error| panic!("{sql}: {error}"))
}

fn shown(value: rusqlite::types::ValueRef<'_>) -> String {
    use rusqlite::types::ValueRef;
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        ValueRef::Blob(bytes) => format!("{bytes:02x?}"),
    }
}

/// Runs statements on a SQLite file, which is made where it isn't there.
pub fn sqlite_execute(path: &std::path::Path, sql: &str) {
    rusqlite::Connection::open(path)
        .and_then(|connection| connection.execute_batch(sql))
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// A lock that another connection holds on a SQLite file until this is dropped.
#[derive(Debug)]
pub struct Lock(rusqlite::Connection);

impl Lock {
    /// Nobody else may read or write.
    pub fn exclusive(path: &std::path::Path) -> Self {
        Self::begin(path, "BEGIN EXCLUSIVE")
    }

    /// Nobody else may write.
    pub fn immediate(path: &std::path::Path) -> Self {
        Self::begin(path, "BEGIN IMMEDIATE")
    }

    fn begin(path: &std::path::Path, begin: &str) -> Self {
        let locked = rusqlite::Connection::open(path)
            .and_then(|connection| connection.execute_batch(begin).map(|()| connection));
        Lock(locked.unwrap_or_else(|error| panic!("{begin}: {error}")))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The connection's end would do it, too; a failure here changes nothing.
        let _ = self.0.execute_batch("ROLLBACK");
    }
}
