//! Maps the name of a table, as it is stored in the history, to its record type.

use crate::Error;
use crate::record::{Record, TableRow};

/// The table of the documents' own fields, as it is named in the history.
pub(crate) const HEADERS: &str = "document_headers";
/// The table of hashes of files and of shapes, as it is named in the history.
pub(crate) const BASES: &str = "document_bases";
/// The table of what files held, as it is named in the history.
pub(crate) const DOCUMENT_RECORDS: &str = "document_records";
/// The tables whose changes do not make a change of a user: they belong to one if there is one.
pub(crate) const BOOKKEEPING: [&str; 2] = [BASES, DOCUMENT_RECORDS];

/// Runs `$work` with the record type of a table.
macro_rules! with_record_type {
    ($table:expr, $record:ident => $work:expr) => {
        $crate::kinds::for_each_kind!($crate::tables::with_record_type, @ $table, $record => $work;)
    };
    (@ $table:expr, $record:ident => $work:expr; $($name:ident: $type:ident,)*) => {
        match $table {
            $(
                table if table == <
                    <wsdb_core::$type as $crate::record::Record>::Model as $crate::record::TableRow
                >::TABLE => {
                    type $record = wsdb_core::$type;
                    $work
                }
            )*
            other => Err($crate::Error::InvalidState(format!(
                "unknown table {other} in the history"
            ))),
        }
    };
}
pub(crate) use with_record_type;

/// Returns the name of the table of a type of records.
pub fn table_of<R: Record>() -> &'static str {
    <R::Model as TableRow>::TABLE
}

/// Returns the name of a table's kind of record, such as `task`.
///
/// # Errors
/// [`Error::InvalidState`] if there is no such table.
pub fn noun_of_table(table: &str) -> Result<&'static str, Error> {
    match table {
        HEADERS => Ok("document"),
        BASES => Ok("document base"),
        DOCUMENT_RECORDS => Ok("document record"),
        table => with_record_type!(table, R => Ok(R::NOUN)),
    }
}
