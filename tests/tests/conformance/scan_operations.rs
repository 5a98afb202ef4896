//! The verbs of drift and contexts, and what is remembered of documents.

use wsdb_core::{
    ContextFilter, ContextSwitch, DetectionChange, DetectionFilter, DetectionStatus,
    DriftDetection, Finding, HistoryFilter, JsonObject, Page, ScanId, ScanScope, Severity,
};
use wsdb_store::{Error, OnDelete, ScanResult};

use crate::fixtures::{self, id};
use crate::{Case, at};

/// The scope of a scan of the whole repo `core`.
fn core() -> ScanScope {
    ScanScope {
        repos: vec!["core".into()],
        files: None,
    }
}

async fn scan(case: &Case, time: &str, found: &[Finding]) -> ScanResult {
    let scan = |id: ScanId| fixtures::scan(id.as_str(), true);
    let drift = case.store.drift();
    let recorded = drift.record(scan, found, &core(), at(time)).await;
    recorded.unwrap()
}

pub(crate) async fn drift(case: &Case) {
    let drift = case.store.drift();
    let found = [
        (Severity::Critical, "a.py"),
        (Severity::High, "b.py"),
        (Severity::Medium, "c.py"),
        (Severity::Low, "d.py"),
        (Severity::Low, "e.py"),
    ];
    let found = found.map(|(severity, file)| Finding {
        severity,
        ..fixtures::finding(file, "line 1")
    });
    let ScanResult {
        scan: recorded,
        new: detections,
        known,
    } = scan(case, "2025-11-01", &found).await;
    assert_eq!(known, []);
    assert_eq!(recorded.violations_found, Some(5));
    let counts = [
        recorded.violations_high,
        recorded.violations_medium,
        recorded.violations_low,
    ];
    assert_eq!(counts, [Some(2), Some(1), Some(2)]);
    assert_eq!(
        drift.scans().all().await.unwrap(),
        std::slice::from_ref(&recorded)
    );
    let of_scan = DetectionFilter {
        scan: vec![recorded.id.clone()],
        ..Default::default()
    };
    assert_eq!(drift.detections().list(&of_scan).await.unwrap(), detections);
    let elsewhere = drift
        .record(
            |id| fixtures::scan(id.as_str(), true),
            &[],
            &ScanScope::default(),
            at("2025-11-02"),
        )
        .await
        .unwrap();
    assert_eq!(elsewhere.scan.violations_found, Some(0));
    assert_eq!(elsewhere.known.len(), 0);

    let first = &detections[0].id;
    let (one, two) = (at("2025-12-01"), at("2025-12-02"));
    let ignored = DetectionStatus::Ignored;
    let moved = drift
        .set_status(first, ignored, Some("mira"), Some("why"), one)
        .await;
    let moved = moved.unwrap();
    assert_eq!(
        (moved.resolved_at, moved.resolved_by.as_deref()),
        (Some(one), Some("mira"))
    );
    let moved = drift
        .set_status(first, DetectionStatus::Open, Some("jo"), None, two)
        .await;
    let moved = moved.unwrap();
    assert_eq!((moved.resolved_at, &moved.resolved_by), (None, &None));
    assert_eq!(moved.resolution_notes.as_deref(), Some("why"));
    assert_eq!(drift.detections().get(first).await.unwrap(), moved);
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

/// Everything but the scans and when something was last seen.
async fn rest(case: &Case) -> Vec<DriftDetection> {
    let mut all = case.store.drift().detections().all().await.unwrap();
    for detection in &mut all {
        detection.last_seen = None;
    }
    all
}

pub(crate) async fn scans_that_follow(case: &Case) {
    let drift = case.store.drift();
    let found: Vec<Finding> = (0..1300)
        .map(|number| fixtures::finding(&format!("{number:04}.py"), "line 1"))
        .collect();
    let first = scan(case, "2025-11-01", &found).await;
    let set = async |place: usize, status, until: Option<&str>| {
        let id = &first.new[place].id;
        let set = |detection: &mut DriftDetection| {
            let notes = Some(format!("note {place}"));
            detection.set_status(status, Some("mira".into()), notes, at("2025-11-02"));
            detection.ignored_until = until.map(at);
        };
        drift.detections().update(id, set).await.unwrap();
    };
    set(0, DetectionStatus::Resolved, None).await;
    set(1, DetectionStatus::Ignored, None).await;
    set(2, DetectionStatus::Ignored, Some("2025-11-03")).await;
    set(3, DetectionStatus::Ignored, Some("2025-11-05")).await;
    // Kept before there were fingerprints.
    let old = DriftDetection {
        id: id("OLD"),
        fingerprint: None,
        last_seen: None,
        ..first.new[1299].clone()
    };
    let last = &first.new[1299].id;
    let records = drift.detections();
    records.delete(last, OnDelete::Respect).await.unwrap();
    records.insert(old).await.unwrap();

    // Two are gone, two are new, one is more severe, and the lines have moved.
    let mut now = found[2..].to_vec();
    now.drain(10..12);
    now.push(found[0].clone());
    now.push(found[1].clone());
    now.push(fixtures::finding("new.py", "x"));
    now.push(fixtures::finding("new.py", "x"));
    now[20].severity = Severity::Critical;
    let before = rest(case).await;
    let second = scan(case, "2025-11-04", &now).await;
    let count = |outcome| second.known.iter().filter(|(_, o)| *o == outcome).count();
    assert_eq!(second.new.len(), 2);
    assert_eq!(count(DetectionChange::Reopened), 2);
    assert_eq!(count(DetectionChange::Ignored), 2);
    assert_eq!(count(DetectionChange::Resolved), 2);
    assert_eq!(count(DetectionChange::StillOpen), 1300 - 6);
    let all = records.all().await.unwrap();
    let of = |id: &str| all.iter().find(|d| d.id.as_str() == id).unwrap();
    let (reopened, gone) = (of(first.new[0].id.as_str()), of(first.new[12].id.as_str()));
    assert_eq!(reopened.status, DetectionStatus::Open);
    assert_eq!((reopened.resolved_at, &reopened.resolved_by), (None, &None));
    assert_eq!(reopened.resolution_notes.as_deref(), Some("note 0"));
    assert_eq!(of(first.new[2].id.as_str()).ignored_until, None);
    assert_eq!(gone.status, DetectionStatus::Resolved);
    assert_eq!(gone.resolved_by.as_deref(), Some(second.scan.id.as_str()));
    assert_eq!(gone.last_seen, Some(at("2025-11-01")));
    assert_eq!(of(first.new[24].id.as_str()).severity, Severity::Critical);
    assert_eq!(of("OLD").last_seen, Some(at("2025-11-04")));
    assert_eq!(of("OLD").scan_id, Some(first.scan.id.clone()));

    // The same once more changes nothing but the marks.
    let after = rest(case).await;
    let third = scan(case, "2025-11-04T12:00:00", &now).await;
    assert_eq!(rest(case).await, after);
    assert_eq!(third.new, []);
    let marks = |all: &[DriftDetection]| {
        let noon = Some(at("2025-11-04T12:00:00"));
        all.iter().filter(|d| d.last_seen == noon).count()
    };
    assert_eq!(marks(&records.all().await.unwrap()), now.len());

    // Both are undone and redone.
    let marked = records.all().await.unwrap();
    let history = case.store.history();
    let latest = async |count: u64| {
        let filter = HistoryFilter {
            page: Page::first(count),
            ..HistoryFilter::default()
        };
        history.list(&filter).await.unwrap()
    };
    let done = latest(2).await;
    let refused = history.undo(done[1].id).await;
    assert!(
        matches!(refused, Err(Error::UndoConflict { .. })),
        "{refused:?}"
    );
    history.undo(done[0].id).await.unwrap();
    assert_eq!(records.all().await.unwrap(), all);
    history.undo(done[1].id).await.unwrap();
    assert_eq!(rest(case).await, before);
    let undone = latest(2).await;
    history.undo(undone[0].id).await.unwrap();
    history.undo(undone[1].id).await.unwrap();
    assert_eq!(records.all().await.unwrap(), marked);
    // What was marked is named, and nothing more.
    let kept = "SELECT sum(length(coalesce(record_ids, '') || coalesce(before, '') || \
                coalesce(after, ''))) FROM record_changes WHERE action_id = ";
    let bytes = case
        .database
        .rows(&format!("{kept}{}", done[0].id.0))
        .remove(0);
    let bytes: usize = bytes.parse().unwrap();
    assert!(bytes < 20 * now.len(), "{bytes} bytes for {}", now.len());
}

pub(crate) async fn stands(case: &Case) {
    let drift = case.store.drift();
    for (name, status, resolved, ignored) in [
        ("D-1", DetectionStatus::Open, None, None),
        ("D-2", DetectionStatus::Resolved, Some("2025-11-25"), None),
        ("D-3", DetectionStatus::Ignored, Some("2025-11-26"), None),
        (
            "D-4",
            DetectionStatus::Ignored,
            Some("2025-11-26"),
            Some("2025-12-01"),
        ),
        ("D-5", DetectionStatus::Resolved, None, None),
    ] {
        let detection = DriftDetection {
            status,
            resolved_at: resolved.map(at),
            ignored_until: ignored.map(at),
            ..fixtures::detection(name, false)
        };
        drift.detections().insert(detection).await.unwrap();
    }
    let detected = fixtures::now();
    let intervals = drift
        .open_intervals(&DetectionFilter::default(), at("2025-12-01"))
        .await;
    let intervals = intervals.unwrap().into_iter();
    let mut ends: Vec<_> = intervals
        .map(|detection| (detection.interval.until, detection.status))
        .collect();
    ends.sort();
    assert_eq!(
        ends,
        [
            (None, DetectionStatus::Open),
            (None, DetectionStatus::Open),
            (Some(detected), DetectionStatus::Resolved),
            (Some(at("2025-11-25")), DetectionStatus::Resolved),
            (Some(at("2025-11-26")), DetectionStatus::Ignored),
        ]
    );
}

pub(crate) async fn contexts(case: &Case) {
    let contexts = case.store.contexts();
    assert_eq!(contexts.current("mira").await.unwrap(), None);
    let stay = async |who: Option<&'static str>, repo: &'static str, time: &str| {
        let now = at(time);
        let stay = |id: wsdb_core::ContextSwitchId| ContextSwitch {
            repo: repo.into(),
            activated_at: now,
            activated_by: who.map(str::to_owned),
            ..fixtures::context(id.as_str(), false)
        };
        contexts.switch(now, who, stay).await.unwrap()
    };
    let mira = Some("mira");
    let core = stay(mira, "core", "2025-11-20T10:00:00").await;
    assert_eq!(core.previous_context, None);
    let other = stay(Some("jo"), "docs", "2025-11-20T10:00:30").await;
    assert_eq!(other.previous_context, None);
    let web = stay(mira, "web", "2025-11-20T10:01:00.25").await;
    let ended = contexts.get(&core.id).await.unwrap();
    assert_eq!(ended.deactivated_at, Some(web.activated_at));
    assert_eq!(ended.duration_seconds, Some(60.25));
    assert_eq!(web.previous_context.as_deref(), Some("core"));
    let ml = stay(mira, "ml", "2025-11-20T09:00:00").await;
    let ended = contexts.get(&web.id).await.unwrap();
    assert_eq!(ended.duration_seconds, Some(0.0), "a clock that went back");
    let here = async |who: &str| contexts.current(who).await.unwrap().map(|c| c.id);
    assert_eq!(here("mira").await, Some(ml.id.clone()));
    assert_eq!(here("jo").await, Some(other.id.clone()), "nobody ended it");
    let last = contexts.last("mira", Some("web")).await.unwrap();
    assert_eq!(last.unwrap().repo, "core");
    assert_eq!(contexts.last("ann", None).await.unwrap(), None);

    // Files in use may contain several visits that have not ended and have no actor.
    let older = fixtures::context("older", false);
    contexts.insert(older.clone()).await.unwrap();
    assert_eq!(here("mira").await, Some(ml.id.clone()), "her own counts");
    assert_eq!(here("ann").await, Some(older.id.clone()));
    stay(mira, "core", "2025-11-21T10:00:00").await;
    let open = ContextFilter {
        active: Some(true),
        ..ContextFilter::default()
    };
    assert_eq!(contexts.count(&open).await.unwrap(), 2, "hers and jo's");
    assert_eq!(here("ann").await, None);
    let ended = contexts.end(&other.id, at("2025-11-22")).await.unwrap();
    assert_eq!(ended.operations_count, Some(0));
    let again = contexts.end(&other.id, at("2025-11-23")).await;
    assert!(matches!(again, Err(Error::InvalidState(_))));
    contexts.delete(&core.id, OnDelete::Respect).await.unwrap();
}

pub(crate) async fn documents(case: &Case) {
    let documents = case.store.documents();
    assert_eq!(documents.header("A.json").await.unwrap(), None);
    assert_eq!(documents.base("tasks").await.unwrap(), None);
    let big = serde_json::from_str("[1.10, 123456789012345678901234567890]").unwrap();
    let fields: JsonObject = [("ä".to_owned(), big)].into_iter().collect();
    for fields in [fields, JsonObject::new()] {
        documents
            .set_header("A.json", fields.clone())
            .await
            .unwrap();
        assert_eq!(documents.header("A.json").await.unwrap(), Some(fields));
    }
    for bytes in [vec![0, 255, 10, 0], Vec::new(), vec![7; 1_000_000]] {
        documents.set_base("tasks", bytes.clone()).await.unwrap();
        assert!(documents.base("tasks").await.unwrap() == Some(bytes));
    }
    assert_eq!(documents.base("issues").await.unwrap(), None);
}
