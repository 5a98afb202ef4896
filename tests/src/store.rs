//! Throwaway databases for tests, and a way to query their actual contents with raw SQL.

use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

use crate::server::{program, psql, server, when_this_process_ends};

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
    /// A SQLite file that does not exist yet.
    pub fn sqlite() -> Self {
        Database::Sqlite(TempDir::new().unwrap_or_else(|e| panic!("no temporary folder: {e}")))
    }

    /// A PostgreSQL database, if there is a server; see [`server`].
    pub fn postgres() -> Option<Self> {
        let server = server()?;
        Some(Self::postgres_on(server))
    }

    /// A copy of a PostgreSQL database, to which nobody may be connected.
    ///
    /// # Panics
    /// The database is none of PostgreSQL's.
    pub fn copy_of(template: &Self) -> Self {
        let Database::Postgres { server, name } = template else {
            panic!("only PostgreSQL copies a database");
        };
        let copy = Self::named(server);
        if let Database::Postgres { name: copy, .. } = &copy
            && let Err(why) = psql(server, &format!("CREATE DATABASE {copy} TEMPLATE {name}"))
        {
            panic!("{why}");
        }
        copy
    }

    /// Drops a PostgreSQL database that is never dropped otherwise, such as that of a static, when
    /// this process has ended.
    pub fn leave_to_watcher(&self) {
        if let Database::Postgres { server, name } = self {
            let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            let args = [program("psql").into_os_string(), server.into(), drop.into()];
            let args = [&*args[0], &*args[1], &*args[2]];
            if let Err(why) = when_this_process_ends("\"$2\" -Xq -d \"$3\" -c \"$4\"", &args) {
                panic!("{why}");
            }
        }
    }

    /// A database with a name of its own, which is not created yet.
    fn named(server: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Database::Postgres {
            server: server.to_owned(),
            name: format!("wsdb_test_{}_{number}", std::process::id()),
        }
    }

    /// A database on this server.
    pub fn postgres_on(server: &str) -> Self {
        let database = Self::named(server);
        if let Database::Postgres { name, .. } = &database {
            // In a language whose order isn't that of the characters, where the server has one.
            let create = format!("CREATE DATABASE {name} TEMPLATE template0");
            let english = format!("{create} LOCALE_PROVIDER icu ICU_LOCALE 'en-US'");
            if let Err(why) = psql(server, &english).or_else(|_| psql(server, &create)) {
                panic!("{why}");
            }
        }
        database
    }

    /// Its URL.
    pub fn url(&self) -> String {
        match self {
            Database::Sqlite(folder) => {
                format!("sqlite://{}", folder.path().join("w.db").display())
            }
            Database::Postgres { server, name } => {
                let (server, options) = match server.split_once('?') {
                    Some((server, options)) => (server, format!("?{options}")),
                    None => (server.as_str(), String::new()),
                };
                let end = server.rfind('/').unwrap_or(server.len());
                format!("{}/{name}{options}", &server[..end])
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

/// Runs statements on a SQLite file, which is created if it does not exist.
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

    /// Runs statements, which nobody else sees.
    pub fn execute(&self, sql: &str) {
        let done = self.0.execute_batch(sql);
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
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
