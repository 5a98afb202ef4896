//! The verbs of drift and contexts, and what is remembered of documents.

use wsdb_core::{
    ContextFilter, ContextSwitch, DetectionFilter, DetectionStatus, DriftDetection, Fields, ScanId,
    Severity,
};
use wsdb_store::{Error, Referrers};

use crate::fixtures::{self, id};
use crate::{Case, at};

pub(crate) async fn drift(case: &Case) {
    let drift = case.store.drift();
    let of = |severity| {
        move |id: wsdb_core::DetectionId| DriftDetection {
            severity,
            ..fixtures::detection(id.as_str(), false)
        }
    };
    let [critical, high, medium, low] = [
        Severity::Critical,
        Severity::High,
        Severity::Medium,
        Severity::Low,
    ]
    .map(of);
    let scan = |id: ScanId| fixtures::scan(id.as_str(), true);
    let found: [&dyn Fn(wsdb_core::DetectionId) -> DriftDetection; 5] =
        [&critical, &high, &medium, &low, &low];
    let (recorded, detections) = drift.record(scan, &found).await.expect("recorded");
    assert_eq!(recorded.violations_found, Some(5));
    let counts = [
        recorded.violations_high,
        recorded.violations_medium,
        recorded.violations_low,
    ];
    assert_eq!(counts, [Some(2), Some(1), Some(2)]);
    assert_eq!(
        drift.scans().all().await.expect("listed"),
        std::slice::from_ref(&recorded)
    );
    let of_scan = DetectionFilter {
        scan: vec![recorded.id.clone()],
        ..Default::default()
    };
    assert_eq!(
        drift.detections().list(&of_scan).await.expect("listed"),
        detections
    );
    let (clean, none) = drift.record(scan, &[]).await.expect("recorded");
    assert_eq!((clean.violations_found, none.len()), (Some(0), 0));

    let first = &detections[0].id;
    let (one, two) = (at("2025-12-01"), at("2025-12-02"));
    let ignored = DetectionStatus::Ignored;
    let moved = drift
        .set_status(first, ignored, Some("mira"), Some("why"), one)
        .await;
    let moved = moved.expect("ignored");
    assert_eq!(
        (moved.resolved_at, moved.resolved_by.as_deref()),
        (Some(one), Some("mira"))
    );
    let moved = drift
        .set_status(first, DetectionStatus::Open, Some("jo"), None, two)
        .await;
    let moved = moved.expect("opened");
    assert_eq!((moved.resolved_at, &moved.resolved_by), (None, &None));
    assert_eq!(moved.resolution_notes.as_deref(), Some("why"));
    assert_eq!(drift.detections().get(first).await.expect("there"), moved);
    let missing = drift
        .set_status(&id("D-404"), ignored, None, None, one)
        .await;
    assert!(matches!(
        missing,
        Err(Error::NotFound {
            noun: "detection",
            ..
        })
    ));
}

pub(crate) async fn contexts(case: &Case) {
    let contexts = case.store.contexts();
    assert_eq!(contexts.current().await.expect("looked"), None);
    let stay = async |repo: &'static str, time: &str, previous: Option<&'static str>| {
        let now = at(time);
        let stay = |id: wsdb_core::ContextSwitchId| ContextSwitch {
            repo: repo.into(),
            activated_at: now,
            previous_context: previous.map(str::to_owned),
            ..fixtures::context(id.as_str(), false)
        };
        contexts.switch(now, stay).await.expect("switched")
    };
    let core = stay("core", "2025-11-20T10:00:00", None).await;
    assert_eq!(core.previous_context, None);
    let web = stay("web", "2025-11-20T10:01:00.25", None).await;
    let ended = contexts.get(&core.id).await.expect("there");
    assert_eq!(ended.deactivated_at, Some(web.activated_at));
    assert_eq!(ended.duration_seconds, Some(60.25));
    assert_eq!(web.previous_context.as_deref(), Some("core"));
    let ml = stay("ml", "2025-11-20T09:00:00", Some("elsewhere")).await;
    let ended = contexts.get(&web.id).await.expect("there");
    assert_eq!(ended.duration_seconds, Some(0.0), "a clock that went back");
    assert_eq!(ml.previous_context.as_deref(), Some("elsewhere"));
    assert_eq!(contexts.current().await.expect("looked"), Some(ml));

    // Files in use may hold several that go on: a switch ends them all.
    contexts
        .insert(fixtures::context("older", false))
        .await
        .expect("inserted");
    stay("core", "2025-11-21T10:00:00", None).await;
    let open = ContextFilter {
        active: Some(true),
        ..ContextFilter::default()
    };
    assert_eq!(contexts.count(&open).await.expect("counted"), 1);
    contexts
        .delete(&core.id, Referrers::Respect)
        .await
        .expect("deleted");
}

pub(crate) async fn documents(case: &Case) {
    let documents = case.store.documents();
    assert_eq!(documents.header("A.json").await.expect("looked"), None);
    assert_eq!(documents.base("tasks").await.expect("looked"), None);
    let big = serde_json::from_str("[1.10, 123456789012345678901234567890]").expect("JSON");
    let fields: Fields = [("ä".to_owned(), big)].into_iter().collect();
    for fields in [fields, Fields::new()] {
        documents
            .set_header("A.json", fields.clone())
            .await
            .expect("kept");
        assert_eq!(
            documents.header("A.json").await.expect("there"),
            Some(fields)
        );
    }
    for bytes in [vec![0, 255, 10, 0], Vec::new(), vec![7; 1_000_000]] {
        documents
            .set_base("tasks", bytes.clone())
            .await
            .expect("kept");
        assert!(documents.base("tasks").await.expect("there") == Some(bytes));
    }
    assert_eq!(documents.base("issues").await.expect("looked"), None);
}
