//! The file format of backups: a SQLite database compressed as one zstd frame, and a manifest.
//!
//! The manifest follows in a skippable frame, which every zstd program ignores, so that `zstd -d`
//! returns the database. It ends with its length, a marker, its SHA-256 and the SHA-256 of everything
//! before, so that a change of any byte is noticed, and one of the manifest without reading the rest.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use wsdb_core::Timestamp;

use crate::Error;

/// The first bytes of a zstd frame.
const ZSTD_MAGIC: [u8; 4] = 0xFD2F_B528_u32.to_le_bytes();

/// The first bytes of a skippable frame: <https://www.rfc-editor.org/rfc/rfc8878#section-3.1.2>.
const SKIPPABLE_MAGIC: [u8; 4] = 0x184D_2A57_u32.to_le_bytes();

/// Length of the start of a skippable frame: its magic number and its length.
const SKIPPABLE_START_LEN: u64 = 8;

/// Marks the end of the manifest.
const MARKER: [u8; 8] = *b"wsdb-bak";

/// Length of a SHA-256.
const HASH_LEN: usize = 32;

/// Length of what follows the manifest: its length, the marker and the two hashes.
const FOOTER_LEN: usize = 4 + MARKER.len() + 2 * HASH_LEN;

/// Maximum length of a manifest, which names the tables of a database.
const MAX_MANIFEST_LEN: u32 = 16 * 1024 * 1024;

/// The version of the format.
const FORMAT: u32 = 1;

/// What a backup contains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the format.
    pub(super) format: u32,
    /// The version of the program that made the backup.
    pub wsdb_version: String,
    /// When the backup was made.
    pub created_at: Timestamp,
    /// The database, without a password.
    pub database: String,
    /// The size of the database in bytes.
    pub database_size: u64,
    /// What was in the database.
    #[serde(flatten)]
    pub contents: Contents,
}

/// What is in a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// The version of the schema.
    pub schema_version: u32,
    /// Our tables.
    pub tables: Vec<TableDigest>,
    /// The tables of other programs in a SQLite file.
    pub other_tables: Vec<TableDigest>,
}

/// The contents of a table in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableDigest {
    /// Its name.
    pub table: String,
    /// The number of rows.
    pub row_count: u64,
    /// A hash of all values, as 32 hexadecimal digits. That of our tables is the same on SQLite and
    /// PostgreSQL.
    pub digest: String,
}

impl Manifest {
    pub(super) fn new(created_at: Timestamp, database: String, contents: Contents) -> Self {
        Manifest {
            format: FORMAT,
            wsdb_version: env!("CARGO_PKG_VERSION").to_owned(),
            created_at,
            database,
            database_size: 0,
            contents,
        }
    }
}

/// Passes bytes on and hashes them.
struct Hashed<T> {
    inner: T,
    hasher: Sha256,
}

impl<T> Hashed<T> {
    fn new(inner: T) -> Self {
        let hasher = Sha256::new();
        Hashed { inner, hasher }
    }
}

impl<T: Write> Write for Hashed<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<T: Read> Read for Hashed<T> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(bytes)?;
        self.hasher.update(&bytes[..count]);
        Ok(count)
    }
}

/// Compresses a database into `file`, appends the manifest and makes sure that all is on the disk.
/// Sets the size of the database in the manifest.
pub(super) fn pack(database: &Path, manifest: &mut Manifest, file: &File) -> io::Result<()> {
    let mut source = File::open(database)?;
    let mut target = Hashed::new(BufWriter::new(file));
    let mut encoder = zstd::Encoder::new(&mut target, zstd::DEFAULT_COMPRESSION_LEVEL)?;
    encoder.include_checksum(true)?;
    manifest.database_size = io::copy(&mut source, &mut encoder)?;
    encoder.finish()?;
    let text = serde_json::to_vec(manifest)?;
    let too_long = |_| io::Error::other("the manifest is too long");
    let length = u32::try_from(text.len()).map_err(too_long)?;
    let frame_length = u32::try_from(text.len() + FOOTER_LEN).map_err(too_long)?;
    target.write_all(&SKIPPABLE_MAGIC)?;
    target.write_all(&frame_length.to_le_bytes())?;
    target.write_all(&text)?;
    target.write_all(&length.to_le_bytes())?;
    target.write_all(&MARKER)?;
    target.write_all(&Sha256::digest(&text))?;
    let hash = target.hasher.finalize();
    target.inner.write_all(&hash)?;
    target.inner.flush()?;
    drop(target.inner);
    file.sync_all()
}

/// A backup whose manifest was read.
pub(super) struct Archive {
    path: PathBuf,
    file: File,
    pub(super) manifest: Manifest,
    /// The SHA-256 at the end of the file.
    hash: [u8; HASH_LEN],
    /// The length of the compressed database.
    database_end: u64,
    /// The length of what the hash is computed from.
    hashed: u64,
}

impl Archive {
    /// Opens a backup and reads its manifest. Nothing is verified yet. Errors name it `path`.
    ///
    /// # Errors
    /// [`Error::NotABackup`], [`Error::DamagedBackup`] if the end of the file is missing or was changed,
    /// [`Error::NewerBackup`], and [`Error::File`] if the file cannot be read.
    pub(super) fn open(file: &Path, path: &Path) -> Result<Self, Error> {
        let read_error = |source| Error::file_read(path, source);
        let not_a_backup = || Error::NotABackup {
            path: path.to_owned(),
        };
        // Opening a pipe would block until somebody writes to it.
        if !std::fs::metadata(file).map_err(read_error)?.is_file() {
            return Err(not_a_backup());
        }
        let mut file = File::open(file).map_err(read_error)?;
        let length = file.metadata().map_err(read_error)?.len();
        let mut start = Vec::new();
        (&mut file)
            .take(ZSTD_MAGIC.len() as u64)
            .read_to_end(&mut start)
            .map_err(read_error)?;
        let damaged = |reason: &str| Error::damaged_backup(path, reason);
        let incomplete = || {
            if start == ZSTD_MAGIC {
                damaged("its end is missing or was changed")
            } else {
                not_a_backup()
            }
        };
        let footer_length = FOOTER_LEN as u64;
        let hashed = length.checked_sub(HASH_LEN as u64).ok_or_else(incomplete)?;
        let footer_start = length.checked_sub(footer_length).ok_or_else(incomplete)?;
        let mut footer = [0; FOOTER_LEN];
        file.seek(SeekFrom::Start(footer_start))
            .and_then(|_| file.read_exact(&mut footer))
            .map_err(read_error)?;
        let (manifest_length, rest) = footer.split_at(4);
        let (marker, hashes) = rest.split_at(MARKER.len());
        let (manifest_hash, hash) = hashes.split_at(HASH_LEN);
        if marker != MARKER {
            return Err(incomplete());
        }
        let changed = || damaged("its manifest was changed");
        let manifest_length = manifest_length.try_into().map(u32::from_le_bytes);
        let manifest_length = manifest_length.map_err(|_| changed())?;
        let manifest_start = footer_start
            .checked_sub(u64::from(manifest_length))
            .filter(|_| manifest_length <= MAX_MANIFEST_LEN)
            .ok_or_else(changed)?;
        let database_end = manifest_start
            .checked_sub(SKIPPABLE_START_LEN)
            .ok_or_else(changed)?;
        let mut text = Vec::new();
        file.seek(SeekFrom::Start(manifest_start))
            .and_then(|_| {
                (&mut file)
                    .take(u64::from(manifest_length))
                    .read_to_end(&mut text)
            })
            .map_err(read_error)?;
        if Sha256::digest(&text)[..] != *manifest_hash {
            return Err(changed());
        }
        #[derive(Deserialize)]
        struct Version {
            format: u32,
        }
        let version: Version = serde_json::from_slice(&text).map_err(|_| changed())?;
        if version.format > FORMAT {
            return Err(Error::NewerBackup {
                path: path.to_owned(),
                format: version.format,
            });
        }
        Ok(Archive {
            path: path.to_owned(),
            file,
            manifest: serde_json::from_slice(&text).map_err(|_| changed())?,
            hash: hash.try_into().map_err(|_| changed())?,
            database_end,
            hashed,
        })
    }

    /// Writes the database to a new file and makes sure that it is on the disk. Returns the SHA-256 of
    /// the backup as hexadecimal digits.
    ///
    /// # Errors
    /// [`Error::DamagedBackup`] if any byte of the backup was changed, and [`Error::File`] if a file
    /// cannot be read or written.
    pub(super) fn unpack(mut self, target: &Path) -> Result<String, Error> {
        let write_error = |source| Error::file_write(target, source);
        let read_error = |source| Error::file_read(&self.path, source);
        let damaged = |reason: &str| Error::damaged_backup(&self.path, reason);
        let mut database = File::create_new(target).map_err(write_error)?;
        self.file
            .seek(SeekFrom::Start(0))
            .map_err(|source| Error::file_read(&self.path, source))?;
        let mut source = Hashed::new(BufReader::new(self.file.take(self.hashed)));
        let mut size = 0;
        {
            let frame = (&mut source).take(self.database_end);
            let mut decoder = zstd::Decoder::new(frame).map_err(read_error)?;
            let mut buffer = vec![0; 128 * 1024];
            loop {
                // An error of the disk is reported as damage, too: the decoder does not distinguish the two.
                let count = decoder.read(&mut buffer).map_err(|error| {
                    damaged(&format!(
                        "it cannot be decompressed ({})",
                        wsdb_core::format_io_error(&error)
                    ))
                })?;
                if count == 0 {
                    break;
                }
                size += count as u64;
                if size > self.manifest.database_size {
                    break;
                }
                database.write_all(&buffer[..count]).map_err(write_error)?;
            }
        }
        io::copy(&mut source, &mut io::sink()).map_err(read_error)?;
        let hash = source.hasher.finalize();
        if hash[..] != self.hash || size != self.manifest.database_size {
            return Err(damaged("its contents were changed after it was made"));
        }
        database.sync_all().map_err(write_error)?;
        Ok(hash.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let time = "2026-11-27T20:15:00Z".parse();
        let tables = vec![TableDigest {
            table: "workspace_tasks".to_owned(),
            row_count: 2,
            digest: "ab".repeat(16),
        }];
        let contents = Contents {
            schema_version: 3,
            tables,
            other_tables: Vec::new(),
        };
        Manifest::new(time.expect("a time"), "w.db".to_owned(), contents)
    }

    /// Returns the bytes of a backup of a file with these bytes.
    fn packed(folder: &Path, bytes: &[u8]) -> Vec<u8> {
        let database = folder.join("w.db");
        std::fs::write(&database, bytes).expect("a file");
        let path = folder.join("w.zst");
        let file = File::create(&path).expect("a file");
        pack(&database, &mut manifest(), &file).expect("a backup");
        std::fs::read(path).expect("a file")
    }

    fn unpack(folder: &Path, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        let (path, target) = (folder.join("x.zst"), folder.join("x.db"));
        std::fs::write(&path, bytes).expect("a file");
        let _ = std::fs::remove_file(&target);
        Archive::open(&path, &path)?.unpack(&target)?;
        Ok(std::fs::read(target).expect("a file"))
    }

    #[test]
    fn database_is_the_same_after_a_backup() {
        let folder = tempfile::tempdir().expect("a folder");
        let bytes: Vec<u8> = (0..300_000_u32).map(|n| (n / 7 % 251) as u8).collect();
        for bytes in [&[][..], b"x", &bytes] {
            let packed = packed(folder.path(), bytes);
            assert_eq!(unpack(folder.path(), &packed).expect("a database"), bytes);
            let decompressed = zstd::decode_all(&packed[..]).expect("zstd ignores the manifest");
            assert_eq!(decompressed, bytes);
        }
    }

    #[test]
    fn change_of_any_byte_is_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let packed = packed(folder.path(), b"a small database");
        for at in 0..packed.len() {
            for bit in [0x01, 0x80] {
                let mut bytes = packed.clone();
                bytes[at] ^= bit;
                let result = unpack(folder.path(), &bytes);
                assert!(
                    matches!(result, Err(Error::DamagedBackup { .. })),
                    "byte {at}: {result:?}"
                );
            }
        }
        for length in 0..packed.len() {
            let result = unpack(folder.path(), &packed[..length]);
            let is_error = |error: &Error| match error {
                Error::NotABackup { .. } => length < 4,
                Error::DamagedBackup { .. } => true,
                _ => false,
            };
            assert!(
                result.as_ref().err().is_some_and(is_error),
                "{length}: {result:?}"
            );
        }
        let longer = [&packed[..], b"x"].concat();
        assert!(unpack(folder.path(), &longer).is_err());
    }

    #[test]
    fn other_files_are_not_backups() {
        let folder = tempfile::tempdir().expect("a folder");
        for bytes in [&b""[..], b"{}", &[0; 4096], b"SQLite format 3\0"] {
            let result = unpack(folder.path(), bytes);
            assert!(
                matches!(result, Err(Error::NotABackup { .. })),
                "{result:?}"
            );
        }
        let result = Archive::open(folder.path(), folder.path());
        assert!(matches!(result, Err(Error::NotABackup { .. })));
    }
}
