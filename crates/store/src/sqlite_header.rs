//! The header of a SQLite file: <https://www.sqlite.org/fileformat2.html#the_database_header>.

use std::io;
use std::path::Path;

use crate::Journal;

/// Length of the header in bytes.
const LENGTH: usize = 100;

/// The first bytes of every SQLite file that is not empty.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// The first bytes of a file, and its length.
pub(crate) struct FilePrefix {
    bytes: Vec<u8>,
    length: u64,
}

/// The fields of a SQLite header that we use.
pub(crate) struct Header {
    /// The schema version.
    pub(crate) user_version: u32,
    /// The program that the file belongs to.
    pub(crate) application_id: u32,
    /// How the file is written.
    pub(crate) journal: Journal,
}

impl Header {
    /// Parses the header; `None` if it is not one, or if not even the first page is complete.
    pub(crate) fn parse(start: &FilePrefix) -> Option<Self> {
        let bytes = <&[u8; LENGTH]>::try_from(&start.bytes[..]).ok()?;
        let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        // The number 1 stands for 65,536, which doesn't fit.
        let page = match u16::from_be_bytes([bytes[16], bytes[17]]) {
            1 => 65_536,
            size => u64::from(size),
        };
        if !bytes.starts_with(MAGIC) || start.length < page {
            return None;
        }
        Some(Header {
            user_version: number(60)?,
            application_id: number(68)?,
            // The version of the file format: 2 is that of files with a log.
            journal: match bytes[18] {
                2 => Journal::Wal,
                _ => Journal::Delete,
            },
        })
    }
}

impl FilePrefix {
    /// Reads the start of a file.
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        let file = open_files::open(path)?;
        let length = file.metadata()?.len();
        let mut bytes = vec![0; LENGTH.min(usize::try_from(length).unwrap_or(LENGTH))];
        open_files::read(&file, &mut bytes)?;
        Ok(FilePrefix { bytes, length })
    }

    /// Returns whether the file is empty.
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Returns whether the file starts as a SQLite file does, complete or not.
    pub(crate) fn is_sqlite(&self) -> bool {
        self.bytes.starts_with(MAGIC)
    }
}

/// When a process closes a file, POSIX releases all its locks on the file, including those of
/// SQLite: if the process has the database open, another one may then conclude that it is the last
/// and remove the write-ahead log. So a file that was read here stays open until the process ends.
#[cfg(unix)]
mod open_files {
    use std::collections::HashMap;
    use std::fs::File;
    use std::io;
    use std::os::unix::fs::{FileExt, MetadataExt};
    use std::path::Path;
    use std::sync::{Arc, Mutex, PoisonError};

    /// Files by device and inode, which no other file can have while this one is open.
    type Files = HashMap<(u64, u64), Arc<File>>;

    static FILES: Mutex<Option<Files>> = Mutex::new(None);

    pub(super) fn open(path: &Path) -> io::Result<Arc<File>> {
        let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
        let files = files.get_or_insert_default();
        let metadata = std::fs::metadata(path)?;
        if let Some(file) = files.get(&(metadata.dev(), metadata.ino())) {
            return Ok(Arc::clone(file));
        }
        let file = Arc::new(File::open(path)?);
        let opened = file.metadata()?;
        files.insert((opened.dev(), opened.ino()), Arc::clone(&file));
        Ok(file)
    }

    pub(super) fn read(file: &File, bytes: &mut [u8]) -> io::Result<()> {
        file.read_exact_at(bytes, 0)
    }
}

#[cfg(not(unix))]
mod open_files {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    pub(super) fn open(path: &Path) -> io::Result<File> {
        File::open(path)
    }

    pub(super) fn read(mut file: &File, bytes: &mut [u8]) -> io::Result<()> {
        file.read_exact(bytes)
    }
}
