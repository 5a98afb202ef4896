//! What the store keeps of imported documents.

use wsdb_core::JsonObject;

use crate::{Case, test_cases};

test_cases!(header_is_stored_unchanged, merge_base_is_stored_unchanged);

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

async fn merge_base_is_stored_unchanged(case: &Case) {
    let documents = case.store.documents();
    assert_eq!(documents.base("tasks").await.unwrap(), None);
    for bytes in [vec![0, 255, 10, 0], Vec::new(), vec![7; 1_000_000]] {
        documents.set_base("tasks", bytes.clone()).await.unwrap();
        assert!(documents.base("tasks").await.unwrap() == Some(bytes));
    }
    assert_eq!(documents.base("issues").await.unwrap(), None);
}
