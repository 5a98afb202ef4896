//! Throwaway databases for tests, and a way to query their actual contents with raw SQL.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use rusqlite::Connection;
use tempfile::TempDir;

use crate::folder::temporary_folder;
use crate::server::{program, psql, run_after_this_process, server};

/// An empty database, which is deleted when this is dropped.
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

/// Returns the PostgreSQL databases that tests have given back.
fn unused() -> MutexGuard<'static, Vec<Database>> {
    static UNUSED: Mutex<Vec<Database>> = Mutex::new(Vec::new());
    UNUSED.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Database {
    /// Returns a SQLite database whose file does not exist yet.
    pub fn sqlite() -> Self {
        Database::Sqlite(temporary_folder())
    }

    /// Creates a PostgreSQL database, if there is a server; see [`server`].
    pub fn postgres() -> Option<Self> {
        let server = server()?;
        Some(Self::postgres_on(server))
    }

    /// Returns a PostgreSQL database with the schema of a database without records, to which nobody
    /// may be connected.
    ///
    /// # Panics
    /// `template` is a SQLite file.
    pub fn like(template: &Self) -> Self {
        let unused = unused().pop();
        match unused {
            Some(database) => {
                database.empty();
                database
            }
            None => Self::copy_of(template),
        }
    }

    /// Deletes the records of a PostgreSQL database, and lets its numbers start again.
    ///
    /// # Panics
    /// This is a SQLite file, or a statement fails.
    pub fn empty(&self) {
        // Takes half the time of truncating the tables, but only a superuser may ignore references.
        let delete = "DO $$
            DECLARE name text;
            BEGIN
                SET LOCAL session_replication_role = replica;
                FOR name IN SELECT tablename FROM pg_tables
                    WHERE schemaname = 'public' AND tablename NOT LIKE 'seaql%'
                LOOP
                    EXECUTE format('DELETE FROM %I', name);
                END LOOP;
                PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
                    FROM pg_sequences;
            END $$";
        let truncate = "DO $$ BEGIN EXECUTE (
                SELECT 'TRUNCATE ' || string_agg(tablename, ',') || ' RESTART IDENTITY'
                FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'seaql%'
            ); END $$";
        let url = self.url();
        if let Err(why) = psql(&url, &[delete]).or_else(|_| psql(&url, &[truncate])) {
            panic!("{why}");
        }
    }

    /// Gives a database that [`like`](Self::like) returned to the next test. Emptying one takes a
    /// third of the time of creating and dropping one.
    pub fn give_back(self) {
        unused().push(self);
    }

    /// Copies a PostgreSQL database, to which nobody may be connected.
    ///
    /// # Panics
    /// The database is a SQLite file.
    fn copy_of(template: &Self) -> Self {
        let Database::Postgres { server, name } = template else {
            panic!("only PostgreSQL copies a database");
        };
        let database = Self::named(server);
        if let Database::Postgres { name: copy, .. } = &database {
            let create = format!("CREATE DATABASE {copy} TEMPLATE {name}");
            // Takes half the time of the default, but PostgreSQL 14 knows no strategies.
            let fast = format!("{create} STRATEGY file_copy");
            if let Err(why) = psql(server, &[&fast]).or_else(|_| psql(server, &[&create])) {
                panic!("{why}");
            }
        }
        database
    }

    /// Returns a database with a new name, which is not created yet.
    ///
    /// Those of a process that is killed, or of a static, are dropped when the process has ended.
    fn named(server: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        static WATCHER: OnceLock<()> = OnceLock::new();
        let prefix = format!("wsdb_test_{}_", std::process::id());
        WATCHER.get_or_init(|| {
            let drop_all = format!(
                "SELECT format('DROP DATABASE %I WITH (FORCE)', datname) FROM pg_database \
                 WHERE starts_with(datname, '{prefix}') \\gexec"
            );
            let args = [
                program("psql").into_os_string(),
                server.into(),
                drop_all.into(),
            ];
            let args = [&*args[0], &*args[1], &*args[2]];
            let script = "printf '%s\\n' \"$3\" | \"$1\" -Xq -d \"$2\"";
            run_after_this_process(script, &args).unwrap_or_else(|why| panic!("{why}"));
        });
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Database::Postgres {
            server: server.to_owned(),
            name: format!("{prefix}{number}"),
        }
    }

    /// Creates a database on this server.
    pub fn postgres_on(server: &str) -> Self {
        let database = Self::named(server);
        if let Database::Postgres { name, .. } = &database {
            // In a language whose order isn't that of the characters, where the server has one.
            let create = format!("CREATE DATABASE {name} TEMPLATE template0");
            let english = format!("{create} LOCALE_PROVIDER icu ICU_LOCALE 'en-US'");
            if let Err(why) = psql(server, &[&english]).or_else(|_| psql(server, &[&create])) {
                panic!("{why}");
            }
        }
        database
    }

    /// Returns the URL of the database.
    pub fn url(&self) -> String {
        match self {
            Database::Sqlite(_) => format!("sqlite://{}", self.path().display()),
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

    /// Returns the path of the SQLite file.
    ///
    /// # Panics
    /// This is a PostgreSQL database.
    pub fn path(&self) -> PathBuf {
        match self {
            Database::Sqlite(folder) => folder.path().join("w.db"),
            Database::Postgres { name, .. } => panic!("{name} is no file"),
        }
    }

    /// Returns whether this is a PostgreSQL database.
    pub fn is_postgres(&self) -> bool {
        matches!(self, Database::Postgres { .. })
    }

    /// Runs a statement and returns its rows: every value as text, `NULL` for none, `|` between them.
    pub fn rows(&self, sql: &str) -> Vec<String> {
        self.rows_of_all(&[sql])
    }

    /// Runs several statements and returns the rows of all; see [`rows`](Self::rows).
    pub fn rows_of_all(&self, statements: &[&str]) -> Vec<String> {
        match self {
            Database::Sqlite(_) => sqlite_rows(&self.path(), statements),
            Database::Postgres { .. } => match psql(&self.url(), statements) {
                Ok(text) => text.lines().map(str::to_owned).collect(),
                Err(why) => panic!("{statements:?}: {why}"),
            },
        }
    }

    /// Runs statements.
    pub fn execute(&self, sql: &str) {
        match self {
            Database::Sqlite(_) => sqlite_execute(&self.path(), sql),
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
            if let Err(why) = psql(server, &[&sql]) {
                eprintln!("the database {name} is left behind: {why}");
            }
        }
    }
}

/// Runs statements on a SQLite file and returns their rows; see [`Database::rows_of_all`].
pub fn sqlite_rows(path: &Path, statements: &[&str]) -> Vec<String> {
    let rows = |connection: &Connection, sql: &str| -> rusqlite::Result<Vec<String>> {
        let mut statement = connection.prepare(sql)?;
        let width = statement.column_count();
        let rows = statement.query_map([], |row| {
            let values: rusqlite::Result<Vec<String>> = (0..width)
                .map(|column| Ok(format_value(row.get_ref(column)?)))
                .collect();
            values.map(|values| values.join("|"))
        })?;
        rows.collect()
    };
    let connection = open(path);
    let rows = |sql: &&str| rows(&connection, sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    statements.iter().flat_map(rows).collect()
}

fn open(path: &Path) -> Connection {
    Connection::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn format_value(value: rusqlite::types::ValueRef<'_>) -> String {
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
pub fn sqlite_execute(path: &Path, sql: &str) {
    open(path)
        .execute_batch(sql)
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// A lock that another connection holds on a SQLite file until this is dropped.
#[derive(Debug)]
pub struct Lock(Connection);

impl Lock {
    /// Locks the file: nobody else can read or write.
    pub fn exclusive(path: &Path) -> Self {
        Self::begin(path, "BEGIN EXCLUSIVE")
    }

    /// Locks the file: nobody else can write.
    pub fn immediate(path: &Path) -> Self {
        Self::begin(path, "BEGIN IMMEDIATE")
    }

    /// Runs statements, which nobody else sees.
    pub fn execute(&self, sql: &str) {
        let done = self.0.execute_batch(sql);
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    fn begin(path: &Path, begin: &str) -> Self {
        let lock = Lock(open(path));
        lock.execute(begin);
        lock
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The connection's end would do it, too; a failure here changes nothing.
        let _ = self.0.execute_batch("ROLLBACK");
    }
}
