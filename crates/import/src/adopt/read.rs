//! Reads the rows of the earlier tool as records.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use wsdb_core::{
    Activity, ArchitectureState, Decision, Json, JsonObject, Session, SessionId, Timestamp,
};
use wsdb_store::adopt::{OldDatabase, OldRow, OldTable, UnknownColumn};
use wsdb_store::{for_each_kind, table_of};

use super::adoption::{AdoptOptions, AdoptedTable, Adoption};
use crate::document::{Contents, ParsedRecords};
use crate::error::{Error, Problem, Reject};
use crate::file_diagnostics::FileDiagnostics;
use crate::mappings::ValueMappings;
use crate::record::DocumentRecord;
use crate::record_reader::{ParsedRecord, REV_KEY, RecordReader, Rename};
use crate::references::{self, KnownIds};
use crate::report::{Mode, Warning};
use crate::unique::{self, CONTEXT_ID, PLACEMENT_OF, STATE_NAME};

/// The records of a database of the earlier tool.
#[derive(Debug)]
pub(super) struct ParsedDatabase {
    pub(super) records: ParsedRecords,
    pub(super) adoption: Adoption,
}

/// Keys that documents use for something other than a column.
const RESERVED_KEYS: &[&str] = &[
    REV_KEY,
    "claim",
    "wsdb_claim",
    "activities",
    "decisions_made",
    "issues_found",
];

macro_rules! read_kinds {
    ($table:ident, $diagnostics:ident, $adoption:ident, $records:ident; $($kind:ident: $record:ident,)*) => {
        $(if $table.table == table_of::<wsdb_core::$record>() {
            read_table($table, $diagnostics, $adoption, &mut $records.$kind);
            continue;
        })*
    };
}

macro_rules! reject_repeated_ids {
    ($records:ident, $rejects:ident; $($kind:ident: $record:ident,)*) => {
        $(unique::reject_repeated_ids(&mut $records.$kind, $rejects);)*
    };
}

/// Reads all tables.
///
/// # Errors
/// [`Error::NotAdopted`] with every value that cannot be kept.
pub(super) fn read(
    old: OldDatabase,
    file: &Path,
    options: &AdoptOptions,
) -> Result<ParsedDatabase, Error> {
    let mut diagnostics = FileDiagnostics::new(file, &options.mappings);
    diagnostics.for_postgres = options.for_postgres;
    let mut adoption = Adoption {
        other_tables: old.other_tables,
        replaced_indexes: old.indexes,
        ..Adoption::default()
    };
    let mut records = ParsedRecords::default();
    read_tables(old.tables, &mut diagnostics, &mut adoption, &mut records);
    add_missing_sessions(&mut records, options.now, &mut diagnostics, &mut adoption);
    let rejects = &mut diagnostics.rejects;
    for_each_kind!(reject_repeated_ids, records, rejects;);
    unique::reject_repeated(&mut records.states, rejects, STATE_NAME);
    unique::reject_repeated(&mut records.placements, rejects, PLACEMENT_OF);
    unique::reject_repeated(&mut records.contexts, rejects, CONTEXT_ID);
    if !rejects.is_empty() {
        return Err(Error::NotAdopted(std::mem::take(rejects)));
    }
    adoption.warnings = std::mem::take(&mut diagnostics.warnings);
    warn_about_mappings(&options.mappings, &diagnostics, &mut adoption.warnings);
    let contents = Contents {
        records,
        ..Contents::default()
    };
    let (known, warnings) = (KnownIds::default(), &mut adoption.warnings);
    references::warn(&contents, &known, Mode::Merge, &[], warnings);
    Ok(ParsedDatabase {
        records: contents.records,
        adoption,
    })
}

fn read_tables(
    tables: Vec<OldTable>,
    diagnostics: &mut FileDiagnostics<'_>,
    adoption: &mut Adoption,
    records: &mut ParsedRecords,
) {
    for table in tables {
        for_each_kind!(read_kinds, table, diagnostics, adoption, records;);
    }
}

fn read_table<T: DocumentRecord>(
    table: OldTable,
    diagnostics: &mut FileDiagnostics<'_>,
    adoption: &mut Adoption,
    records: &mut Vec<ParsedRecord<T>>,
) {
    adoption.tables.push(AdoptedTable {
        table: table.table,
        rows: table.rows.len(),
    });
    let unknown = table.unknown_columns.into_iter();
    let unknown: BTreeMap<String, String> = unknown
        .map(|column| {
            let field = field_of_unknown::<T>(&column);
            (column, field)
        })
        .collect();
    let columns = unknown.iter().map(|(column, field)| UnknownColumn {
        table: table.table,
        column: column.clone(),
        field: field.clone(),
    });
    adoption.unknown_columns.extend(columns);
    let rows = table.rows.into_iter();
    records.extend(rows.filter_map(|row| read_row(table.table, row, &unknown, diagnostics)));
}

/// Returns the name of the field that keeps the values of an unknown column: its own, unless a document
/// has something else under it.
fn field_of_unknown<T: DocumentRecord>(column: &str) -> String {
    let is_used = T::FIELDS.contains(&column)
        || T::COLUMNS.contains(&column)
        || T::ALIASES.iter().any(|(_, alias)| *alias == column)
        || RESERVED_KEYS.contains(&column);
    if is_used {
        format!("{column}_column")
    } else {
        column.to_owned()
    }
}

/// Reads a row. Returns `None` if it has problems, which are noted.
fn read_row<T: DocumentRecord>(
    table: &str,
    row: OldRow,
    unknown: &BTreeMap<String, String>,
    diagnostics: &mut FileDiagnostics<'_>,
) -> Option<ParsedRecord<T>> {
    let path = format!("{table}[{}]", row.id);
    if !row.problems.is_empty() {
        let problems = row.problems.into_iter();
        let problems = problems
            .map(|(column, reason)| Problem::new(format!("{path}.{column}"), reason))
            .collect();
        let reject = Reject::new(&diagnostics.file, &path, problems);
        diagnostics.rejects.push(reject);
        return None;
    }
    let mut fields = JsonObject::new();
    let mut others = Vec::new();
    for (column, value) in row.values {
        match unknown.get(&column) {
            Some(field) => others.push((field.clone(), value)),
            None => {
                let position = T::COLUMNS.iter().position(|it| *it == column);
                let field = position.map_or(column.as_str(), |at| T::FIELDS[at]);
                fields.insert(field.to_owned(), value);
            }
        }
    }
    let mut reader = RecordReader::new(fields, path, diagnostics);
    let renames = T::COLUMNS.iter().zip(T::FIELDS);
    let renames = renames.filter(|(column, field)| column != field);
    let renames: Vec<Rename> = renames.map(|(from, to)| Rename::new(from, to)).collect();
    reader.add_renames(&renames);
    set_defaults(T::KIND, &mut reader);
    for (field, value) in others {
        reader.put(&field, value);
    }
    reader.check_for_postgres();
    let id = reader.peek_id(T::id_field());
    let record = T::from_fields(&mut reader);
    let found = reader.finish(record);
    if found.is_none() {
        diagnostics.identify_last_reject(T::KIND, id);
    }
    found
}

/// Sets the values of the columns that the older forms of the tables lack.
fn set_defaults(kind: &str, reader: &mut RecordReader<'_, '_>) {
    match kind {
        ArchitectureState::KIND => ArchitectureState::normalize(reader),
        // An empty session and NULL mean the same.
        Decision::KIND => Decision::normalize(reader),
        wsdb_core::ComponentPlacement::KIND => wsdb_core::ComponentPlacement::normalize(reader),
        _ => {}
    }
}

/// What refers to a session.
#[derive(Default)]
struct SessionUse {
    times: Vec<Timestamp>,
}

/// Adds the sessions that do not exist, but that activities or links belong to: these cannot be without
/// one. Such a session lasts from the first to the last activity.
fn add_missing_sessions(
    records: &mut ParsedRecords,
    now: Timestamp,
    diagnostics: &mut FileDiagnostics<'_>,
    adoption: &mut Adoption,
) {
    let known: HashSet<&SessionId> = records.sessions.iter().map(|it| &it.record.id).collect();
    let mut missing: BTreeMap<SessionId, SessionUse> = BTreeMap::new();
    let activities = records.activities.iter().map(|it| &it.record);
    let activities = activities.map(
        |Activity {
             session_id, time, ..
         }| (session_id, Some(*time)),
    );
    let decisions = records
        .session_decisions
        .iter()
        .map(|it| &it.record.session_id);
    let issues = records
        .session_issues
        .iter()
        .map(|it| &it.record.session_id);
    let links = decisions.chain(issues).map(|session| (session, None));
    for (session, time) in activities.chain(links) {
        if !known.contains(session) {
            let session = missing.entry(session.clone()).or_default();
            session.times.extend(time);
        }
    }
    for (id, SessionUse { times }) in missing {
        let start = times.iter().min().copied().unwrap_or(now);
        let end = times.iter().max().copied().unwrap_or(now);
        let value = |column: &str, value: String| (column.to_owned(), Json::from(value));
        let row = OldRow {
            id: id.to_string(),
            values: vec![
                value("id", id.to_string()),
                value("start_time", start.to_string()),
                value("end_time", end.to_string()),
                value("status", "completed".to_owned()),
                value("handoff_notes", ADDED_SESSION_NOTES.to_owned()),
            ],
            problems: Vec::new(),
        };
        let table = table_of::<Session>();
        let session = read_row::<Session>(table, row, &BTreeMap::new(), diagnostics);
        records.sessions.extend(session);
        diagnostics.warn(
            &format!("{table}[{id}]"),
            "the session does not exist, but activities or links belong to it; a session with this ID is added"
                .to_owned(),
        );
        adoption.added_sessions.push(id);
    }
}

/// The notes of a session that did not exist.
const ADDED_SESSION_NOTES: &str = "Added by 'wsdb adopt': the old database had activities or links of this session, but not the session.";

fn warn_about_mappings(
    mappings: &ValueMappings,
    diagnostics: &FileDiagnostics<'_>,
    warnings: &mut Vec<Warning>,
) {
    for mapping in mappings.unused(&diagnostics.used) {
        warnings.push(Warning {
            file: None,
            path: String::new(),
            message: format!("unused mapping {mapping}: no record has that value"),
        });
    }
}
