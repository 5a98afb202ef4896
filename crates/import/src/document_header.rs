//! Document fields, such as `version` or `workspace`: merged like the fields of a record.

use wsdb_core::{Json, JsonObject};
use wsdb_store::{Documents, Store, Transaction};

use crate::digest::{FieldDigests, digest};
use crate::document::Document;
use crate::error::Error;
use crate::merge::MergeOptions;
use crate::merge_base::MergeBase;
use crate::report::{Conflict, ConflictResolution, ImportSummary, Mode};

/// The id of the only record in the merge base of the document fields.
const ID: &str = "header";

/// The outcome for the fields of one document.
#[derive(Debug)]
pub(crate) struct HeaderChange {
    pub(crate) document: Document,
    pub(crate) before: Option<JsonObject>,
    pub(crate) fields: JsonObject,
    pub(crate) base: MergeBase,
}

fn kind(document: Document) -> String {
    format!("document {}", document.file_name())
}

async fn stored_header(
    documents: &Documents<'_, Transaction>,
    document: Document,
) -> Result<Option<Vec<u8>>, Error> {
    Ok(documents.base(&kind(document)).await?)
}

fn digests(fields: &JsonObject) -> FieldDigests<'_> {
    let fields = fields.iter();
    fields
        .map(|(name, value)| (name.as_str(), digest(value)))
        .collect()
}

/// Merges the document fields.
pub(crate) async fn plan_header(
    store: &Store<Transaction>,
    document: Document,
    theirs: JsonObject,
    options: MergeOptions,
    summary: &mut ImportSummary,
) -> Result<HeaderChange, Error> {
    let before = store.documents().header(document.file_name()).await?;
    let mut base = MergeBase::decode(
        stored_header(&store.documents(), document)
            .await?
            .as_deref(),
    );
    let mut fields = before.clone().unwrap_or_default();
    if options.mode == Mode::Replace || before.is_none() {
        base.set(ID, &digests(&theirs));
        count(&fields, &theirs, summary);
        fields = theirs;
        return Ok(HeaderChange {
            document,
            before,
            fields,
            base,
        });
    }
    if !base.contains(ID) {
        base.set(ID, &digests(&fields));
    }
    for (name, theirs) in theirs {
        let ours = fields.get(&name).cloned().unwrap_or(Json::Null);
        let same = |value| base.is_unchanged(ID, &name, value) == Some(true);
        let side = match (theirs == ours || same(&theirs), same(&ours)) {
            (true, _) => Some(ConflictResolution::Database),
            (false, true) => Some(ConflictResolution::File),
            (false, false) => options.prefer,
        };
        match side {
            Some(side) => {
                base.set_field(ID, &name, &theirs);
                if side == ConflictResolution::File {
                    fields.insert(name, theirs);
                }
            }
            None => summary.conflicts.push(Conflict {
                kind: "document fields",
                id: document.file_name().to_owned(),
                field: Some(name),
                file: theirs,
                database: ours,
            }),
        }
    }
    count(
        before.as_ref().unwrap_or(&JsonObject::new()),
        &fields,
        summary,
    );
    Ok(HeaderChange {
        document,
        before,
        fields,
        base,
    })
}

/// Counts the changes of the fields.
fn count(before: &JsonObject, after: &JsonObject, summary: &mut ImportSummary) {
    let counts = &mut summary.document_fields;
    counts.kind = "document fields";
    for (name, value) in after {
        match before.get(name) {
            None => counts.new += 1,
            Some(known) if known == value => counts.unchanged += 1,
            Some(_) => counts.changed += 1,
        }
    }
    let gone = before.keys().filter(|name| !after.contains_key(name));
    counts.deleted += gone.count();
}

/// Writes the fields and the merge base if they changed.
pub(crate) async fn write(
    documents: &Documents<'_, Transaction>,
    change: HeaderChange,
) -> Result<(), Error> {
    let HeaderChange {
        document,
        before,
        fields,
        base,
    } = change;
    let encoded = base.encode();
    if stored_header(documents, document).await?.as_ref() != Some(&encoded) {
        documents.set_base(&kind(document), encoded).await?;
    }
    if before.as_ref() != Some(&fields) {
        documents.set_header(document.file_name(), fields).await?;
    }
    Ok(())
}

/// Notes that the file contains the fields as they are in the database.
pub(crate) async fn mark_in_sync(
    store: &Store<Transaction>,
    document: Document,
    fields: JsonObject,
) -> Result<(), Error> {
    let documents = store.documents().without_history();
    let before = documents.header(document.file_name()).await?;
    let mut base = MergeBase::default();
    base.set(ID, &digests(&fields));
    let change = HeaderChange {
        document,
        before,
        fields,
        base,
    };
    write(&documents, change).await
}
