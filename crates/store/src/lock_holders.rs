//! Finds the processes that may be holding a database's lock. Errors are ignored here, since this
//! only adds detail to an error.

use std::path::Path;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

/// Returns the processes that hold the write lock of a SQLite file.
///
/// SQLite's lock for the one writer is byte 120 of the `-shm` file; the lock for a change of the
/// whole file starts at 1 GiB of the file itself: <https://sqlite.org/walformat.html#wal_locks>,
/// <https://sqlite.org/src/file/src/os.h>.
#[cfg(target_os = "linux")]
pub(crate) fn lock_holders_of_file(path: &Path) -> Vec<String> {
    const WAL_WRITE_LOCK_BYTE: u64 = 120;
    const PENDING_BYTE: u64 = 0x4000_0000;
    processes_with_locks(path, |lock, inodes| {
        let last = lock.offset_last.unwrap_or(u64::MAX);
        let first = lock.offset_first;
        matches!(lock.kind, procfs::LockKind::Write)
            && ((lock.inode == inodes.shm && (first..=last).contains(&WAL_WRITE_LOCK_BYTE))
                || (lock.inode == inodes.database && last >= PENDING_BYTE))
    })
}

/// Returns the processes that hold any lock of a SQLite file. With a write-ahead log, a connection
/// holds one until it is closed.
#[cfg(target_os = "linux")]
pub(crate) fn users_of_file(path: &Path) -> Vec<String> {
    processes_with_locks(path, |lock, inodes| {
        [inodes.shm, inodes.database].contains(&lock.inode)
    })
}

/// The inodes of a SQLite file and its `-shm` file; 0 for one that does not exist.
#[cfg(target_os = "linux")]
struct Inodes {
    database: u64,
    shm: u64,
}

/// Returns the other processes with a lock that `is_relevant`. The kernel's list of locks is read,
/// since opening and closing these files would release our own locks.
#[cfg(target_os = "linux")]
fn processes_with_locks(
    path: &Path,
    is_relevant: impl Fn(&procfs::Lock, &Inodes) -> bool,
) -> Vec<String> {
    use std::os::unix::fs::MetadataExt;

    let inode = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.ino());
    let mut shm_path = path.as_os_str().to_owned();
    shm_path.push("-shm");
    let inodes = Inodes {
        database: inode(path),
        shm: inode(Path::new(&shm_path)),
    };
    let own = i32::try_from(std::process::id()).ok();
    let mut by: Vec<String> = procfs::locks()
        .unwrap_or_default()
        .iter()
        .filter(|lock| lock.pid != own && lock.inode != 0 && is_relevant(lock, &inodes))
        .filter_map(|lock| lock.pid)
        .map(process)
        .collect();
    by.dedup();
    by
}

/// Not supported on this platform: returns nothing.
#[cfg(not(target_os = "linux"))]
pub(crate) fn lock_holders_of_file(_: &Path) -> Vec<String> {
    Vec::new()
}

/// Not supported on this platform: returns nothing.
#[cfg(not(target_os = "linux"))]
pub(crate) fn users_of_file(_: &Path) -> Vec<String> {
    Vec::new()
}

#[cfg(target_os = "linux")]
fn process(pid: i32) -> String {
    /// Maximum length of the command line: enough to tell programs and commands apart, since an
    /// argument may be a long text.
    const MAX_ARG_LEN: usize = 40;
    let arguments = procfs::process::Process::new(pid).and_then(|process| process.cmdline());
    let arguments = arguments.unwrap_or_default();
    let Some((program, rest)) = arguments.split_first() else {
        return format!("process {pid}");
    };
    let program = Path::new(program).file_name().unwrap_or_default();
    let mut line = program.to_string_lossy().into_owned();
    // An option's value may be a secret.
    for word in rest.iter().take_while(|word| !word.starts_with('-')) {
        if line.len() + word.len() < MAX_ARG_LEN {
            line.push(' ');
            line.push_str(word);
        }
    }
    format!("{line} (process {pid})")
}

/// Returns at most three other connections with an open transaction in this database, the oldest
/// first.
pub(crate) async fn lock_holders_of_server(database: &DatabaseConnection) -> Vec<String> {
    let sql = "SELECT coalesce(nullif(application_name, ''), 'a program') || ' as user ' \
               || coalesce(usename, '?') || ' (server process ' || pid || ')' \
               FROM pg_stat_activity WHERE datname = current_database() \
               AND pid <> pg_backend_pid() AND xact_start IS NOT NULL \
               AND backend_type = 'client backend' ORDER BY xact_start LIMIT 3";
    let rows = database
        .query_all_raw(Statement::from_string(DbBackend::Postgres, sql))
        .await
        .unwrap_or_default();
    rows.iter()
        .filter_map(|row| row.try_get_by_index(0).ok())
        .collect()
}
