//! Who may be keeping a database busy. What can't be found out is left out: this is asked when
//! something has gone wrong already.

use std::path::Path;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

/// The processes that hold the write lock of a SQLite file.
///
/// SQLite's lock of the one writer is byte 120 of the file `-shm`, that of a change of the whole
/// file begins at 1 GiB of the file itself: <https://sqlite.org/walformat.html#wal_locks>,
/// <https://sqlite.org/src/file/src/os.h>. The kernel's list is read, since opening and closing
/// these files would let our own locks go.
#[cfg(target_os = "linux")]
pub(crate) fn of_file(path: &Path) -> Vec<String> {
    use std::os::unix::fs::MetadataExt;

    const WRITER: u64 = 120;
    const WHOLE: u64 = 0x4000_0000;
    let inode = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.ino());
    let mut log = path.as_os_str().to_owned();
    log.push("-shm");
    let (file, log) = (inode(path), inode(Path::new(&log)));
    let own = i32::try_from(std::process::id()).ok();
    let mut by: Vec<String> = procfs::locks()
        .unwrap_or_default()
        .iter()
        .filter(|lock| matches!(lock.kind, procfs::LockKind::Write) && lock.pid != own)
        .filter(|lock| {
            let last = lock.offset_last.unwrap_or(u64::MAX);
            let first = lock.offset_first;
            (lock.inode == log && (first..=last).contains(&WRITER))
                || (lock.inode == file && last >= WHOLE)
        })
        .filter_map(|lock| lock.pid)
        .map(process)
        .collect();
    by.dedup();
    by
}

/// Only Linux tells.
#[cfg(not(target_os = "linux"))]
pub(crate) fn of_file(_: &Path) -> Vec<String> {
    Vec::new()
}

#[cfg(target_os = "linux")]
fn process(pid: i32) -> String {
    /// An argument may be a whole text: what is shown has to tell programs and commands apart.
    const SHOWN: usize = 40;
    let words = procfs::process::Process::new(pid).and_then(|process| process.cmdline());
    let words = words.unwrap_or_default();
    let Some((program, rest)) = words.split_first() else {
        return format!("process {pid}");
    };
    let program = Path::new(program).file_name().unwrap_or_default();
    let mut line = program.to_string_lossy().into_owned();
    // What follows an option may be a secret.
    for word in rest.iter().take_while(|word| !word.starts_with('-')) {
        if line.len() + word.len() < SHOWN {
            line.push(' ');
            line.push_str(word);
        }
    }
    format!("{line} (process {pid})")
}

/// The others that have a transaction open in this database, the oldest first; three at most.
pub(crate) async fn of_server(database: &DatabaseConnection) -> Vec<String> {
    let sql = "SELECT coalesce(nullif(application_name, ''), 'a program') || ' of user ' \
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
