//! Reads lists of records.

use wsdb_core::{Json, JsonObject, type_mismatch};
use wsdb_store::for_each_kind;

use super::contents::Contents;
use super::file::Document;
use crate::file_diagnostics::FileDiagnostics;
use crate::record::DocumentRecord;
use crate::record_reader::{ParsedRecord, RecordReader, is_blank};
use crate::shapes::BARE_LIST;

/// The records of a list as JSON.
pub(super) type Entries<'e> = &'e mut dyn Iterator<Item = Json>;

macro_rules! lists_of {
    ($document:ident, $($kind:ident: $record:ident,)*) => {{
        let mut lists = Vec::new();
        $(if <wsdb_core::$record as DocumentRecord>::DOCUMENT == $document {
            lists.extend_from_slice(<wsdb_core::$record as DocumentRecord>::LISTS);
        })*
        lists
    }};
}

/// Returns the keys of a document's record lists, the main one first.
pub(crate) fn lists(document: Document) -> Vec<&'static str> {
    match document {
        Document::History => vec!["actions"],
        document => for_each_kind!(lists_of, document,),
    }
}

/// Returns whether one of the lists that were found in documents is of this kind of records.
pub(crate) fn has_list_of<T: DocumentRecord>(found: &[(Document, &'static str)]) -> bool {
    let is_of_kind = |list: &str| {
        // A file that is only a list has the main one of its document.
        let main = || list == BARE_LIST && T::LISTS.first() == lists(T::DOCUMENT).first();
        T::LISTS.contains(&list) || main()
    };
    found
        .iter()
        .any(|(document, list)| *document == T::DOCUMENT && is_of_kind(list))
}

macro_rules! read_list_of {
    (
        $document:ident, $list:ident, $entries:ident, $diagnostics:ident, $records:expr;
        $($kind:ident: $record:ident,)*
    ) => {
        $(if <wsdb_core::$record as DocumentRecord>::DOCUMENT == $document
            && <wsdb_core::$record as DocumentRecord>::LISTS.contains(&$list)
        {
            return read_records($list, $entries, $diagnostics, &mut $records.$kind);
        })*
    };
}

/// Reads a list of records that contain no other records.
pub(super) fn read(
    document: Document,
    list: &str,
    entries: Entries<'_>,
    diagnostics: &mut FileDiagnostics<'_>,
    contents: &mut Contents,
) {
    for_each_kind!(read_list_of, document, list, entries, diagnostics, contents.records;);
}

fn read_records<T: DocumentRecord>(
    list: &str,
    entries: Entries<'_>,
    diagnostics: &mut FileDiagnostics<'_>,
    parsed: &mut Vec<ParsedRecord<T>>,
) {
    for (index, value) in entries.enumerate() {
        let path = diagnostics.record_path(list, index);
        parsed.extend(record(path, value, diagnostics, T::normalize));
    }
}

fn is_empty(value: &Json) -> bool {
    value.as_object().is_some_and(JsonObject::is_empty)
}

/// Reads one record; `adapt` changes its fields first, such as those with other names.
pub(super) fn record<T: DocumentRecord>(
    path: String,
    value: Json,
    diagnostics: &mut FileDiagnostics<'_>,
    adapt: impl Fn(&mut RecordReader<'_, '_>),
) -> Option<ParsedRecord<T>> {
    let object = match value {
        Json::Object(object) => object,
        other => {
            let reason = type_mismatch("an object", &other);
            diagnostics.reject_record(T::KIND, &path, None, reason);
            return None;
        }
    };
    let mut reader = RecordReader::new(object, path, diagnostics);
    reader.check_for_postgres();
    if T::HAS_REV {
        reader.take_rev();
    }
    reader.apply_mapped_keys(T::KIND, T::FIELDS);
    if !T::IS_LINK {
        reader.find_near_misses(T::KIND, T::FIELDS);
    }
    if T::HAS_METADATA {
        // The earlier tool's tables and documents use different names.
        if reader.peek("metadata").is_none() {
            reader.alias_with_note("extra_metadata", "metadata");
        }
        if reader.peek("metadata").is_some_and(is_empty) {
            reader.put("metadata", Json::Null);
        }
    }
    adapt(&mut reader);
    let id = reader.peek_id(T::id_field());
    let name = T::NAME.and_then(|name| reader.peek(name));
    let may_lack_name = name.is_some_and(is_blank);
    let is_name_empty = may_lack_name && T::NAME.is_some_and(|name| reader.is_empty_text(name));
    let record = T::from_fields(&mut reader);
    let mut found = reader.finish(record);
    if let Some(found) = &mut found {
        found.may_lack_name = may_lack_name;
    }
    diagnostics.describe_keys(T::KIND, T::FIELDS);
    if found.is_none() {
        diagnostics.identify_last_reject(T::KIND, id);
        if is_name_empty {
            diagnostics.note_empty_name();
        }
    }
    found
}
