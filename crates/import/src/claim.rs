//! Claims in documents: an object in the task. A claim is merged as one value, because the holder
//! and the lease belong together.

use std::borrow::Cow;
use std::collections::HashMap;

use wsdb_core::{Claim, Json, JsonObject, SessionId, TaskStatus, Timestamp};
use wsdb_store::{EarlierVersion, Store, Transaction};

use crate::digest::{FieldDigests, digest};
use crate::document::Document;
use crate::error::{Error, Problem};
use crate::field::{FieldValue, type_error};
use crate::record::{DocumentRecord, FieldList};
use crate::record_reader::{ParsedRecord, RecordReader};
use crate::value_context::ValueContext;

/// A claim without its task.
struct ClaimFields {
    holder: String,
    session_id: Option<SessionId>,
    since: Timestamp,
    expires: Timestamp,
    status_before: Option<TaskStatus>,
    assigned_before: Option<String>,
    started_before: Option<Timestamp>,
    document_fields: JsonObject,
}

/// Removes and converts a field. Returns `None` if it has problems, which are noted.
fn take_field<T: FieldValue>(
    object: &mut JsonObject,
    name: &str,
    context: &mut ValueContext<'_>,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    let found = match object.remove(name) {
        Some(value) => T::from_json(value, context)
            .map_err(|found| Problem::all_below(found, &format!(".{name}"))),
        None => T::default_when_missing()
            .ok_or_else(|| vec![Problem::new("", format!("missing field {name:?}"))]),
    };
    found.map_err(|found| problems.extend(found)).ok()
}

impl ClaimFields {
    /// Takes the fields out of an object. Returns `None` if they have problems, which are noted.
    fn take(
        mut object: JsonObject,
        context: &mut ValueContext<'_>,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        // All fields are read before the first problem returns.
        let holder = take_field(&mut object, "holder", context, problems);
        let session_id = take_field(&mut object, "session_id", context, problems);
        let since = take_field(&mut object, "since", context, problems);
        let expires = take_field(&mut object, "expires", context, problems);
        let status_before = take_field(&mut object, "status_before", context, problems);
        let assigned_before = take_field(&mut object, "assigned_before", context, problems);
        let started_before = take_field(&mut object, "started_before", context, problems);
        Some(ClaimFields {
            holder: holder?,
            session_id: session_id?,
            since: since?,
            expires: expires?,
            status_before: status_before?,
            assigned_before: assigned_before?,
            started_before: started_before?,
            document_fields: object,
        })
    }
}

impl FieldValue for ClaimFields {
    fn from_json(value: Json, context: &mut ValueContext<'_>) -> Result<Self, Vec<Problem>> {
        let Json::Object(object) = value else {
            return Err(type_error(&value, "an object"));
        };
        let mut problems = Vec::new();
        Self::take(object, context, &mut problems).ok_or(problems)
    }

    fn to_json(&self) -> Json {
        let mut object = self.document_fields.clone();
        for (name, value) in [
            ("holder", self.holder.to_json()),
            ("session_id", self.session_id.to_json()),
            ("since", self.since.to_json()),
            ("expires", self.expires.to_json()),
        ] {
            object.insert(name.to_owned(), value);
        }
        // Claims made by earlier versions do not have these fields.
        for (name, value) in [
            ("status_before", self.status_before.to_json()),
            ("assigned_before", self.assigned_before.to_json()),
            ("started_before", self.started_before.to_json()),
        ] {
            if !value.is_null() {
                object.insert(name.to_owned(), value);
            }
        }
        Json::Object(object)
    }
}

/// Converts a claim to its form in the task.
pub(crate) fn to_document(claim: &Claim) -> Json {
    let Claim {
        id: _,
        holder,
        session_id,
        since,
        expires,
        status_before,
        assigned_before,
        started_before,
        document_fields,
    } = claim.clone();
    let fields = ClaimFields {
        holder,
        session_id,
        since,
        expires,
        status_before,
        assigned_before,
        started_before,
        document_fields,
    };
    fields.to_json()
}

/// Returns when the tasks of these claims were last claimed here, by the ids of the tasks.
pub(crate) async fn times_of_last_claims(
    store: &Store<Transaction>,
    claims: &[ParsedRecord<Claim>],
) -> Result<HashMap<String, Timestamp>, Error> {
    let ids = claims.iter().map(|claim| claim.record.id.to_string());
    let ids: Vec<String> = ids.collect();
    let mut last = HashMap::new();
    let mut visit = |earlier: EarlierVersion<Claim>| {
        if !earlier.is_withdrawn {
            last.insert(earlier.record.id.to_string(), earlier.record.since);
        }
        earlier.is_withdrawn
    };
    store.history().earlier_versions(&ids, &mut visit).await?;
    for claim in store.records::<Claim>().all().await? {
        last.insert(claim.id.to_string(), claim.since);
    }
    Ok(last)
}

impl DocumentRecord for Claim {
    const KIND: &'static str = "claims";
    const DOCUMENT: Document = Document::Tasks;
    const LISTS: &'static [&'static str] = &[];
    const HAS_METADATA: bool = false;
    const HAS_REV: bool = false;
    const FIELDS: &'static [&'static str] = &["id", "claim"];

    fn from_fields(reader: &mut RecordReader<'_, '_>) -> Option<Self> {
        let id = reader.take("id");
        let fields = reader.take("claim");
        let ClaimFields {
            holder,
            session_id,
            since,
            expires,
            status_before,
            assigned_before,
            started_before,
            document_fields,
        } = fields?;
        Some(Claim {
            id: id?,
            holder,
            session_id,
            since,
            expires,
            status_before,
            assigned_before,
            started_before,
            document_fields,
        })
    }

    fn to_fields(&self) -> FieldList {
        vec![
            (Cow::Borrowed("id"), self.id.to_json()),
            (Cow::Borrowed("claim"), to_document(self)),
        ]
    }

    fn document_fields(&self) -> &JsonObject {
        &self.document_fields
    }

    fn digests(&self) -> FieldDigests<'_> {
        vec![
            ("id", self.id.digest()),
            ("claim", digest(&to_document(self))),
        ]
    }
}
