//! View of an error.

use serde::Serialize;
use wsdb_core::{Claim, TaskId, Timestamp};

/// An error.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErrorView {
    /// The error.
    pub error: ErrorDetails,
}

/// What went wrong, and what to do about it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErrorDetails {
    /// With the code `claimed`: the claim that prevents the action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<ConflictingClaim>,
    /// Kind of error, for programs; it does not change.
    pub code: ErrorCode,
    /// What to do about it, for people; it may change.
    pub hint: Option<String>,
    /// The error for people; it may change.
    pub message: String,
}

/// The kind of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ErrorCode {
    /// Wrong arguments: an unknown option, or a value that can never be valid.
    Usage,
    /// No record matches an ID, a name or a number.
    NotFound,
    /// Several records match an ID or a name.
    Ambiguous,
    /// The request does not fit the records, such as a link that does not exist.
    Invalid,
    /// There is no current session, or it is not known which one it is.
    NoSession,
    /// The record did not match `--expect`.
    Unexpected,
    /// Another record has that ID or name, or the same part of a MADR file and its decision was changed on both sides.
    Conflict,
    /// Fields were changed on both sides of an import, or an ID belongs to different records.
    Conflicts,
    /// Dependencies of tasks would form a cycle, or decisions would supersede each other.
    Cycle,
    /// Other records refer to the record that was to be deleted.
    StillReferenced,
    /// The rules of a placement do not match the schema.
    Rules,
    /// Somebody has claimed the task.
    Claimed,
    /// You have not claimed the task.
    NotClaimed,
    /// No ready task can be claimed.
    NothingReady,
    /// An undo would lose something newer.
    Newer,
    /// The last change was made by someone else.
    NotYours,
    /// The change is not possible now.
    Refused,
    /// A file, a folder or stdin cannot be read, or does not have a valid format.
    Unreadable,
    /// A file can be read, but records in it are invalid.
    Rejected,
    /// No document was found.
    NothingToImport,
    /// An export would overwrite edits that were not imported.
    NotImported,
    /// The file or database was not written by `wsdb`.
    NotOurs,
    /// A file or folder cannot be written or created.
    Write,
    /// The output cannot be written.
    Output,
    /// git cannot be run or failed, or a folder is in no git repository.
    Git,
    /// The system clock is not set to a valid time.
    Clock,
    /// No workspace was found.
    NoWorkspace,
    /// No database was found.
    NoDatabase,
    /// `.wsdb.toml` cannot be read or is not valid.
    Settings,
    /// The URL of the database is invalid.
    DatabaseUrl,
    /// The target of a copy has records.
    NotEmpty,
    /// The copy differs from the source.
    CopyDiffers,
    /// The file is not a backup, or a newer version of `wsdb` made it.
    NotABackup,
    /// The backup is damaged.
    DamagedBackup,
    /// There is a file with the name of the backup.
    FileExists,
    /// The database stayed busy too long, or is in use.
    Busy,
    /// The connection to the server was lost.
    ConnectionLost,
    /// The server cannot be reached.
    NoServer,
    /// The server refuses the login.
    Login,
    /// The server and the client do not agree on encryption.
    Encryption,
    /// The server cannot be used for another reason.
    Unreachable,
    /// The database is read-only.
    ReadOnly,
    /// The user of the database lacks a privilege.
    Forbidden,
    /// There is no space left for the database.
    DiskFull,
    /// The file of the database cannot be read or written.
    Io,
    /// The file of the database cannot be opened or created.
    NotOpened,
    /// The file of the database is damaged.
    Damaged,
    /// The encoding of the database is not UTF-8.
    Encoding,
    /// The database has a value that its column does not allow.
    Corrupt,
    /// The file is not a SQLite database.
    NotADatabase,
    /// The database was written by a newer version of `wsdb`.
    NewerSchema,
    /// A bug in `wsdb`.
    Internal,
}

impl ErrorCode {
    /// Returns the exit code of the process: 2 for what can never be valid, 70 for a bug, and 1 for
    /// everything that cannot be done as things are.
    pub fn exit_code(self) -> u8 {
        match self {
            ErrorCode::Usage | ErrorCode::Rules | ErrorCode::DatabaseUrl => 2,
            ErrorCode::Internal => 70,
            _ => 1,
        }
    }
}

/// A claim that prevents an action.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConflictingClaim {
    /// The task.
    pub task_id: TaskId,
    /// Who has claimed it.
    pub holder: String,
    /// When it was claimed.
    pub since: Timestamp,
    /// When the claim expires.
    pub expires: Timestamp,
}

impl From<&Claim> for ConflictingClaim {
    fn from(claim: &Claim) -> Self {
        ConflictingClaim {
            task_id: claim.id.clone(),
            holder: claim.holder.clone(),
            since: claim.since,
            expires: claim.expires,
        }
    }
}
