//! What stops an import or an export.

use std::path::PathBuf;

/// An error of reading or writing documents. Every message is a sentence.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Files that can't be read, or that are not the JSON they should be; every one is named.
    #[error("{}", lines(.0))]
    Unreadable(Vec<Unreadable>),
    /// Nothing to import was found.
    #[error("{}", .0)]
    Nothing(String),
    /// Records that can't be mapped; nothing was written.
    #[error("{} can't be imported; nothing was written", records(.0.len()))]
    Rejected(Vec<Reject>),
    /// Files that hold something that was never imported, and would be written over.
    #[error("{} changed since the last import or export; writing it would lose that", names(.0))]
    NotImported(Vec<PathBuf>),
    /// Pages of decisions that hold something else than what was written there last.
    #[error("{}: what wsdb didn't write there, or what was changed since, would be lost", names(.0))]
    NotOurs(Vec<PathBuf>),
    /// Pages of decisions that were changed, as were the decisions; nothing was written.
    #[error("{}", conflicts(.0))]
    ChangedOnBothSides(Vec<AdrConflict>),
    /// A file or folder that can't be written.
    #[error("{} can't be written: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// An error of the store.
    #[error(transparent)]
    Store(#[from] wsdb_store::Error),
}

/// A page and its decision that were both changed since the page was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdrConflict {
    /// The page.
    pub file: PathBuf,
    /// The decision.
    pub id: wsdb_core::DecisionId,
    /// What is another in them.
    pub fields: Vec<&'static str>,
}

impl wsdb_store::Failure for Error {
    fn of_store(&self) -> Option<&wsdb_store::Error> {
        match self {
            Error::Store(error) => Some(error),
            _ => None,
        }
    }
}

/// A file that can't be read as a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {reason}", file.display(), position(.place))]
pub struct Unreadable {
    /// The file.
    pub file: PathBuf,
    /// Where in the file, if that is known.
    pub place: Option<Position>,
    /// What is wrong.
    pub reason: String,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    /// Line and column, from 1.
    Line(usize, usize),
    /// A JSON path, such as `$.issues[3].title`.
    Path(String),
}

/// A record that can't be imported, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Reject {
    /// The file it stands in.
    pub file: PathBuf,
    /// Where, as a JSON path such as `$.active_tasks[3]`.
    pub path: String,
    /// What is wrong, each with its own JSON path.
    pub reasons: Vec<(String, String)>,
    /// The record as it stands in the file.
    pub record: serde_json::Value,
}

fn position(place: &Option<Position>) -> String {
    match place {
        Some(Position::Line(line, column)) => format!(", line {line}, column {column}"),
        Some(Position::Path(path)) => format!(", {path}"),
        None => String::new(),
    }
}

fn conflicts(all: &[AdrConflict]) -> String {
    let all = all.iter().map(|AdrConflict { file, id, fields }| {
        let fields = fields.join(", ");
        format!(
            "{} and {id} were both changed since the page was written; they differ in: {fields}",
            file.display()
        )
    });
    all.collect::<Vec<_>>().join("\n")
}

fn lines(all: &[Unreadable]) -> String {
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    all.join("\n")
}

fn records(count: usize) -> String {
    match count {
        1 => "1 record".to_owned(),
        count => format!("{count} records"),
    }
}

fn names(paths: &[PathBuf]) -> String {
    let all: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
    all.join(", ")
}
