//! Parts of the messages of errors.

use std::path::Path;

pub(super) fn quoted_database(database: &str) -> String {
    match database {
        "" => "the database: ".to_owned(),
        database => format!("{database}: "),
    }
}

pub(super) fn format_file_error(path: &Path, is_write: bool, source: &std::io::Error) -> String {
    let path = path.display();
    if is_write {
        let reason = match source.kind() {
            std::io::ErrorKind::NotFound => "no such folder".to_owned(),
            _ => wsdb_core::format_io_error(source),
        };
        format!("cannot write {path}: {reason}")
    } else {
        format!("{path}: {}", wsdb_core::format_read_error(source))
    }
}

pub(super) fn format_conflict(noun: &str, id: Option<&str>) -> String {
    match id {
        Some(id) => format!("{noun} {id}"),
        None => format!("another {noun} with the same ID or name"),
    }
}

pub(super) fn format_action(by: &Option<wsdb_core::ActionId>) -> String {
    match by {
        Some(by) => format!(" by {by}"),
        None => String::new(),
    }
}

pub(super) fn format_record_count(records: u64) -> String {
    match records {
        1 => "1 record".to_owned(),
        records => format!("{records} records"),
    }
}

pub(super) fn format_holders(by: &[String]) -> String {
    match by {
        [] => "another process".to_owned(),
        by => by.join(" or "),
    }
}

pub(super) fn rollback_note(committing: bool) -> &'static str {
    if committing {
        "it is unknown whether the change was saved"
    } else {
        "nothing was saved"
    }
}

pub(super) fn format_reasons(reasons: &[String]) -> String {
    reasons.iter().map(|reason| format!("\n{reason}")).collect()
}
