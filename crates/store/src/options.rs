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

/// Minimum time that a call waits for a connection of the pool: the calls that hold one may be
/// waiting for a writer.
pub(crate) const MIN_ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
