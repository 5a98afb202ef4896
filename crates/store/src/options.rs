//! How a database is opened.

use std::time::Duration;

/// Options for opening a database.
#[derive(Debug, Clone)]
pub struct Options {
    /// Maximum number of connections; a command line needs one.
    pub max_connections: u32,
    /// How long a writer waits for others, and retries a transaction that conflicts with theirs.
    pub busy_timeout: Duration,
    /// Whether to create a database that doesn't exist.
    pub create: bool,
    /// The name of the connection on a server, such as `wsdb (mira, process 4711)`. Others who
    /// find the database busy see it.
    pub name: Option<String>,
    /// Whether to refuse a database without a workspace instead of creating one in it.
    pub required: bool,
}

impl Default for Options {
    /// Four connections, a busy timeout of one minute, and a new database if there is none.
    fn default() -> Self {
        Options {
            max_connections: 4,
            busy_timeout: Duration::from_secs(60),
            create: true,
            name: None,
            required: false,
        }
    }
}

/// How a SQLite file is written. It is stored in the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Journal {
    /// Changes are written to a log beside the file: others can read meanwhile.
    #[default]
    Wal,
    /// Changes are written to the file, and the former pages to a journal that is then deleted. Needed
    /// for files that programs with a SQLite before 3.51.3 also write: it can damage a file with a log
    /// if two programs write and reset the log at the same time.
    Delete,
}

impl Journal {
    /// Returns SQLite's name for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Journal::Wal => "wal",
            Journal::Delete => "delete",
        }
    }
}

/// Minimum time that a call waits for a connection of the pool: the calls that hold one may be
/// waiting for a writer.
pub(crate) const MIN_ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
