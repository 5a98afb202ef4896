//! What the store keeps of imported documents.

use wsdb_core::JsonObject;
use wsdb_store::{DocumentEntry, EntryChange, RecordVersion, Shapes};

use crate::{Case, test_cases};

test_cases!(
    header_is_stored_unchanged,
    entries_are_stored_unchanged,
    shapes_are_stored_unchanged,
);

async fn header_is_stored_unchanged(case: &Case) {
    let documents = case.store.documents();
    assert_eq!(documents.header("A.json").await.unwrap(), None);
    let numbers = serde_json::from_str("[1.10, 123456789012345678901234567890]").unwrap();
    let full: JsonObject = [("ä".to_owned(), numbers)].into_iter().collect();
    for header in [full, JsonObject::new()] {
        let stored = documents.set_header("A.json", header.clone()).await;
        stored.unwrap();
        assert_eq!(documents.header("A.json").await.unwrap(), Some(header));
    }
}

async fn entries_are_stored_unchanged(case: &Case) {
    let documents = case.store.documents();
    assert_eq!(documents.entries("a.json", "tasks").await.unwrap(), []);
    let entry = |id: &str, digest| DocumentEntry {
        id_in_file: id.to_owned(),
        record_id: "T-9".to_owned(),
        rev: "00ab12cd34ef5678".parse().ok(),
        is_inline: false,
        version: RecordVersion::new([("title", Some(digest)), ("notes", None)]),
    };
    let added = EntryChange {
        before: None,
        after: Some(entry("T-1", 1)),
    };
    let written = documents.write_entries("a.json", "tasks", vec![added]);
    written.await.unwrap();
    let stored = documents.entries("a.json", "tasks").await.unwrap();
    assert_eq!(stored, [entry("T-1", 1)]);
    assert_eq!(documents.entries("a.json", "issues").await.unwrap(), []);
    let renumbered = documents.renumbered().await.unwrap();
    assert_eq!(renumbered[0].path.as_deref(), Some("a.json"));
    assert_eq!(renumbered[0].record_id, "T-9");

    let changed = EntryChange {
        before: stored.into_iter().next(),
        after: Some(entry("T-1", u64::MAX)),
    };
    let written = documents.write_entries("a.json", "tasks", vec![changed]);
    written.await.unwrap();
    let stored = documents.entries("a.json", "tasks").await.unwrap();
    assert_eq!(stored, [entry("T-1", u64::MAX)]);
}

async fn shapes_are_stored_unchanged(case: &Case) {
    let documents = case.store.documents();
    let shapes: Shapes = [("id\ntitle".to_owned(), vec!["T-1".to_owned()])].into();
    documents.set_shapes("tasks", &shapes).await.unwrap();
    assert_eq!(documents.shapes("tasks").await.unwrap(), shapes);
    assert_eq!(documents.shapes("issues").await.unwrap(), Shapes::new());
}
