//! Inline records: decisions and issues that sessions describe themselves, or that are copied into the
//! document of the tasks.

use wsdb_core::{Decision, Issue, Json, JsonObject, Session};

use super::list::record;
use crate::error::{OrphanReject, Reject};
use crate::file_diagnostics::FileDiagnostics;
use crate::normalize;
use crate::record::DocumentRecord;
use crate::record_reader::{ParsedRecord, Rename, take_rev};

/// Where the id of an inline record comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IdSource {
    /// The file contains it.
    File,
    /// It is derived from the text of the record.
    Text,
    /// It would be derived from the text, which cannot be read: the record may be any.
    Nothing,
}

/// Takes the fields of an inline record from the entry of a link: without those of the link, and
/// under the names that a document uses.
fn inline_fields(fields: &JsonObject, renames: &[Rename]) -> Option<InlineRecord> {
    fields.get("id").filter(|id| id.is_string())?;
    let mut fields = fields.clone();
    fields.remove("link_id");
    fields.remove("session_id");
    // It names the version of the link.
    take_rev(&mut fields);
    let mut renamed = Vec::new();
    for rename in renames {
        if let Some(value) = fields.remove(&rename.from)
            && !fields.contains_key(&rename.to)
        {
            fields.insert(rename.to.clone(), value);
            renamed.push(rename.clone());
        }
    }
    Some(InlineRecord { fields, renamed })
}

/// The fields of an inline record.
struct InlineRecord {
    fields: JsonObject,
    /// The fields that have another name in the file.
    renamed: Vec<Rename>,
}

/// Returns the decision that a session describes. If its id was generated, no document can contain
/// it, and problems are rejects: the entry is more than a short form.
pub(super) fn inline_decision(
    session: &Session,
    path: &str,
    entry: &JsonObject,
    id_source: IdSource,
    diagnostics: &mut FileDiagnostics<'_>,
) -> Option<ParsedRecord<Decision>> {
    let renames = [Rename::new("time", "date")];
    let InlineRecord { fields, renamed } = inline_fields(entry, &renames)?;
    parse_inline(diagnostics, id_source, fields, |fields, diagnostics| {
        record(path.to_owned(), fields, diagnostics, |reader| {
            reader.add_renames(&renamed);
            reader.default_for_new("date", Some(Json::from(session.start_time.to_string())));
            reader.default_for_new("session", Some(Json::from(session.id.as_str())));
            reader.default_for_new("status", Some(Json::from("planned")));
        })
    })
}

/// Returns the issue that a session describes; see [`inline_decision`] for one with a generated id.
pub(super) fn inline_issue(
    session: &Session,
    path: &str,
    entry: &JsonObject,
    id_source: IdSource,
    diagnostics: &mut FileDiagnostics<'_>,
) -> Option<ParsedRecord<Issue>> {
    let renames = [
        Rename::new("issue", "title"),
        Rename::new("time", "detected"),
    ];
    let InlineRecord { fields, renamed } = inline_fields(entry, &renames)?;
    parse_inline(diagnostics, id_source, fields, |fields, diagnostics| {
        record(path.to_owned(), fields, diagnostics, |reader| {
            reader.add_renames(&renamed);
            reader.default_for_new("detected", Some(Json::from(session.start_time.to_string())));
            reader.default_for_new("issue_type", Some(Json::from("session_handoff")));
            reader.default_for_new("severity", Some(Json::from("MEDIUM")));
            reader.default_for_new("status", Some(Json::from("open")));
            normalize::issue(reader);
        })
    })
}

/// Makes a record from an inline record. If it has an id, a document may contain the same record, and this
/// may be a short form of it: problems count only if no document does. Entries that only lack required
/// fields are skipped.
pub(super) fn parse_inline<T: DocumentRecord>(
    diagnostics: &mut FileDiagnostics<'_>,
    id_source: IdSource,
    fields: JsonObject,
    read: impl FnOnce(Json, &mut FileDiagnostics<'_>) -> Option<ParsedRecord<T>>,
) -> Option<ParsedRecord<T>> {
    let id = fields.get("id").and_then(Json::as_str).map(str::to_owned);
    let (rejects, warnings) = (diagnostics.rejects.len(), diagnostics.warnings.len());
    let was_silent = std::mem::replace(&mut diagnostics.is_silent, true);
    let found = read(Json::Object(fields), diagnostics);
    diagnostics.is_silent = was_silent;
    if id_source == IdSource::File {
        let wrong = diagnostics.rejects.split_off(rejects);
        diagnostics.warnings.truncate(warnings);
        // A missing field is reported at the path of the record itself.
        let has_wrong_value = |reject: &Reject| {
            let mut reasons = reject.reasons.iter();
            reasons.any(|problem| problem.path != reject.path)
        };
        let orphans = wrong.into_iter().filter(has_wrong_value);
        let orphans = orphans.map(|reject| OrphanReject {
            kind: T::KIND,
            document: T::DOCUMENT,
            id: id.clone().unwrap_or_default(),
            reject,
        });
        diagnostics.orphan_rejects.extend(orphans);
    } else if found.is_none() && id_source == IdSource::Nothing {
        diagnostics.identify_last_reject(T::KIND, None);
    }
    found
}
