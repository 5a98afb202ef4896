//! What the earlier tool left in a file.

use wsdb_core::Json;

/// What the earlier tool left in a file.
#[derive(Debug)]
pub struct OldDatabase {
    /// Its tables, each after those that it refers to.
    pub tables: Vec<OldTable>,
    /// The tables of other programs in the same file.
    pub other_tables: Vec<String>,
    /// The indexes of its tables.
    pub indexes: Vec<String>,
}

/// A table of the earlier tool.
#[derive(Debug)]
pub struct OldTable {
    /// Its name.
    pub table: &'static str,
    /// Its columns that are none of ours.
    pub unknown_columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<OldRow>,
}

/// A row of a table of the earlier tool.
#[derive(Debug, Clone)]
pub struct OldRow {
    /// The id, or what identifies the row in a message.
    pub id: String,
    /// The values that are not NULL, by column. A text in a column of JSON is parsed.
    pub values: Vec<(String, Json)>,
    /// The columns whose values cannot be kept, with the reasons.
    pub problems: Vec<(String, &'static str)>,
}

/// Where the records of an old database are written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdoptTarget {
    /// The same file, in which nothing of other programs may depend on the old tables.
    SameFile,
    /// Another database.
    OtherDatabase,
}

/// A column of the earlier tool that is none of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownColumn {
    /// Its table.
    pub table: &'static str,
    /// Its name.
    pub column: String,
    /// The name of the field that keeps its values.
    pub field: String,
}
