//! Records of each kind with an id: with all fields if `full`, else with the required ones only.

use wsdb_core::{
    Activity, ArchitectureGoal, ArchitectureState, ChangeType, Claim, ComponentPlacement,
    ComponentType, ConfigurationChange, ConfigurationSnapshot, ContextSwitch, Decision,
    DecisionStatus, DetectionStatus, DriftDetection, DriftScan, Finding, Issue, IssueStatus, Json,
    JsonObject, Label, Level, ScanStatus, ScanType, Session, SessionDecision, SessionIssue,
    SessionStatus, SnapshotType, StateType, Task, TaskStatus, Timestamp, TriggeredBy,
    ViolationType, json,
};

use crate::at;

/// An id of any type.
pub(crate) fn id<I: TryFrom<String, Error: std::fmt::Debug>>(text: &str) -> I {
    I::try_from(text.to_owned()).unwrap()
}

pub(crate) fn word(text: &str) -> Label {
    text.parse().unwrap()
}

pub(crate) fn now() -> Timestamp {
    at("2025-11-20T21:07:47.847")
}

fn later() -> Timestamp {
    at("2025-11-21T00:00:00.000001")
}

/// Counts by a value, in alphabetical order: `closed=1 open=2`.
pub(crate) fn format_counts(mut counts: Vec<(String, u64)>) -> String {
    counts.sort();
    let counts = counts
        .iter()
        .map(|(value, count)| format!("{value}={count}"));
    counts.collect::<Vec<_>>().join(" ")
}

/// A text with every kind of character that both databases can store.
fn text(of: &str) -> Option<String> {
    Some(format!(
        "{of}: 'Ä' \"\\\" 梨🍐 e\u{301}\u{202e} \t\r\n\u{1}\u{1b}[2J\u{7f} %_?$1"
    ))
}

fn json() -> Option<Json> {
    let text = r#"{"n": [123456789012345678901234567890, 1.10, -0.5, null], "ä": {"": true}}"#;
    Some(serde_json::from_str(text).unwrap())
}

fn fields(full: bool) -> JsonObject {
    match json!({"alternatives": ["a", {"b": []}], "nothing": null}) {
        Json::Object(fields) if full => fields,
        _ => JsonObject::new(),
    }
}

pub(crate) fn claim(name: &str, full: bool) -> Claim {
    let mut claim = Claim::new(id(name), "mira".into(), now(), later());
    if full {
        claim.holder = text("holder").unwrap();
        claim.session_id = Some(id("2025-11-20-session-001"));
        claim.status_before = Some(TaskStatus::Approved);
        claim.assigned_before = text("assigned_before");
        claim.started_before = Some(later());
        claim.document_fields = fields(true);
    }
    claim
}

fn list(full: bool, of: &str) -> Vec<String> {
    if full {
        vec![
            format!("{of}-b"),
            format!("{of}-a"),
            format!("{of}-b"),
            String::new(),
        ]
    } else {
        Vec::new()
    }
}

/// A list of ids, one of them twice.
fn ids<I: TryFrom<String, Error: std::fmt::Debug> + Clone>(full: bool, of: &str) -> Vec<I> {
    if full {
        vec![id(&format!("{of}-b")), id(of), id(of)]
    } else {
        Vec::new()
    }
}

/// `Some` in a full record, `None` in one with the required fields.
fn some<T>(full: bool, value: T) -> Option<T> {
    full.then_some(value)
}

fn text_if(full: bool, of: &str) -> Option<String> {
    text(of).filter(|_| full)
}

pub(crate) fn task(name: &str, full: bool) -> Task {
    Task {
        id: id(name),
        title: text_if(full, "title").unwrap_or_default(),
        description: text_if(full, "description"),
        status: TaskStatus::Deferred,
        priority: some(full, Level::Critical),
        repos_affected: list(full, "repo"),
        dependencies: if full {
            vec![id("D-2"), id("D-1"), id("D-2")]
        } else {
            Vec::new()
        },
        created: now(),
        updated: later(),
        session_created: some(full, id("S-404")),
        assigned_to: text_if(full, "assigned"),
        notes: text_if(full, "notes"),
        related_files: list(full, "file"),
        extra_metadata: json().filter(|_| full),
        workflow_id: text_if(full, "workflow"),
        assigned_repo: text_if(full, "assigned repo"),
        assigned_by: text_if(full, "assigned by"),
        bastard_plan_grade: text_if(full, "plan"),
        bastard_completion_grade: text_if(full, "completion"),
        scale_tier: some(full, i64::MIN),
        started_at: some(full, at("0001-01-01T00:00:00.000001")),
        completed_at: some(full, at("9999-12-31T23:59:59.999999")),
        document_fields: fields(full),
    }
}

pub(crate) fn session(name: &str, full: bool) -> Session {
    Session {
        id: id(name),
        start_time: now(),
        end_time: some(full, later()),
        status: if full {
            SessionStatus::Completed
        } else {
            SessionStatus::InProgress
        },
        user: text_if(full, "user"),
        ai_assistant: text_if(full, "assistant"),
        handoff_notes: text_if(full, "notes"),
        document_fields: fields(full),
    }
}

pub(crate) fn activity(name: &str, session: &str, full: bool) -> Activity {
    Activity {
        id: id(name),
        session_id: id(session),
        activity_type: word("été"),
        description: text_if(full, "description").unwrap_or_default(),
        files_created: list(full, "created"),
        files_modified: list(full, "modified"),
        outcome: text_if(full, "outcome"),
        time: later(),
        extra_metadata: json().filter(|_| full),
        document_fields: fields(full),
    }
}

pub(crate) fn session_decision(name: &str, session: &str, full: bool) -> SessionDecision {
    SessionDecision {
        id: id(name),
        session_id: id(session),
        decision_id: some(full, id("DEC-404")),
        document_fields: fields(full),
    }
}

pub(crate) fn session_issue(name: &str, session: &str, full: bool) -> SessionIssue {
    SessionIssue {
        id: id(name),
        session_id: id(session),
        issue_id: some(full, id("ISSUE-404")),
        document_fields: fields(full),
    }
}

pub(crate) fn issue(name: &str, full: bool) -> Issue {
    Issue {
        id: id(name),
        issue_type: word("code_creep"),
        severity: Level::Low,
        title: text_if(full, "title").unwrap_or_default(),
        description: text_if(full, "description"),
        repos_affected: list(full, "repo"),
        detected: now(),
        detected_by: some(full, word("manual-review")),
        status: if full {
            IssueStatus::Closed
        } else {
            IssueStatus::Open
        },
        action_required: text_if(full, "action"),
        assigned_to: text_if(full, "assigned"),
        related_task_id: some(full, id("T-404")),
        resolved_at: some(full, later()),
        resolved_by: text_if(full, "by"),
        resolution_notes: text_if(full, "notes"),
        extra_metadata: json().filter(|_| full),
        document_fields: fields(full),
    }
}

pub(crate) fn decision(name: &str, full: bool) -> Decision {
    Decision {
        id: id(name),
        date: later(),
        session: some(full, id("S-404")),
        decision: text_if(full, "decision").unwrap_or_default(),
        repos_affected: list(full, "repo"),
        rationale: text_if(full, "rationale"),
        status: DecisionStatus::Maintained,
        impact: some(full, Level::Medium),
        related_files: list(full, "file"),
        documentation: list(full, "doc"),
        supersedes: ids(full, "DEC-404"),
        related_tasks: ids(full, "T-404"),
        related_components: list(full, "component"),
        related_detections: ids(full, "DRIFT-404"),
        extra_metadata: json().filter(|_| full),
        document_fields: fields(full),
    }
}

pub(crate) fn state(name: &str, full: bool) -> ArchitectureState {
    ArchitectureState {
        id: id(name),
        state_name: format!("state {name}"),
        state_type: StateType::Future,
        repo: text_if(full, "repo").unwrap_or_default(),
        architecture_doc_path: text_if(full, "path"),
        state_data: json().filter(|_| full),
        created_at: now(),
        version: text_if(full, "version"),
        architecture_id: text_if(full, "architecture"),
        description: text_if(full, "description"),
        roadmap_file: text_if(full, "roadmap"),
        target_date: some(full, later()),
        status: some(full, word("under review")),
        updated_at: some(full, later()),
        document_fields: fields(full),
    }
}

pub(crate) fn placement(name: &str, full: bool) -> ComponentPlacement {
    ComponentPlacement {
        id: id(name),
        component_name: format!("component {name}"),
        component_type: ComponentType::Service,
        correct_repo: text_if(full, "repo").unwrap_or_default(),
        correct_location: text_if(full, "location"),
        architecture_state_id: some(full, id("STATE-404")),
        rationale: text_if(full, "rationale"),
        rules: json().filter(|_| full),
        created_at: now(),
        updated_at: later(),
        document_fields: fields(full),
    }
}

pub(crate) fn goal(name: &str, full: bool) -> ArchitectureGoal {
    ArchitectureGoal {
        id: id(name),
        task_id: id("T-404"),
        architecture_state_id: some(full, id("STATE-404")),
        architectural_goal: text_if(full, "goal"),
        component_id: some(full, id("PLACEMENT-404")),
        milestone: text_if(full, "milestone"),
        priority: some(full, Level::High),
        status: TaskStatus::Approved,
        created_at: now(),
        document_fields: fields(full),
    }
}

pub(crate) fn scan(name: &str, full: bool) -> DriftScan {
    DriftScan {
        id: id(name),
        scan_type: ScanType::PreCommit,
        scan_start: now(),
        scan_end: some(full, later()),
        repos_scanned: list(full, "repo"),
        violations_found: some(full, i64::MAX),
        violations_high: some(full, 0),
        violations_medium: some(full, -1),
        violations_low: some(full, 1),
        status: ScanStatus::Failed,
        triggered_by: some(full, TriggeredBy::CiCd),
        results_file: text_if(full, "results"),
        document_fields: fields(full),
    }
}

pub(crate) fn detection(name: &str, full: bool) -> DriftDetection {
    DriftDetection {
        id: id(name),
        repo: text_if(full, "repo").unwrap_or_default(),
        violation_type: ViolationType::Pattern,
        severity: Level::High,
        file_path: text_if(full, "file").unwrap_or_default(),
        component_name: text_if(full, "component"),
        detected_rule: text_if(full, "rule"),
        expected_location: text_if(full, "expected"),
        actual_location: text_if(full, "actual"),
        violation_details: text_if(full, "details"),
        detected_at: now(),
        detected_by: some(full, word("ci_cd")),
        status: if full {
            DetectionStatus::Ignored
        } else {
            DetectionStatus::Open
        },
        resolved_at: some(full, later()),
        resolved_by: text_if(full, "by"),
        resolution_notes: text_if(full, "notes"),
        fingerprint: text_if(full, "print"),
        last_seen: some(full, now()),
        ignored_until: some(full, later()),
        related_task_id: some(full, id("T-404")),
        scan_id: some(full, id("SCAN-404")),
        extra_metadata: json().filter(|_| full),
        document_fields: fields(full),
    }
}

/// A finding of a scan in a file of the repo `core`.
pub(crate) fn finding(file: &str, details: &str) -> Finding {
    Finding {
        repo: "core".into(),
        violation_type: ViolationType::Dependency,
        severity: Level::High,
        file_path: file.into(),
        component_name: None,
        detected_rule: Some("rule".into()),
        expected_location: None,
        actual_location: None,
        violation_details: Some(details.into()),
        detected_by: None,
        fingerprint: None,
        related_task_id: None,
        extra_metadata: None,
    }
}

pub(crate) fn context(name: &str, full: bool) -> ContextSwitch {
    ContextSwitch {
        id: id(name),
        repo: text_if(full, "repo").unwrap_or_default(),
        repo_path: text_if(full, "path").unwrap_or_default(),
        activated_at: now(),
        deactivated_at: some(full, later()),
        activated_by: text_if(full, "by"),
        context_id: some(full, format!("context {name}")),
        previous_context: text_if(full, "previous"),
        context_notes: text_if(full, "notes"),
        duration_seconds: some(full, 0.1 + 0.2),
        operations_count: some(full, i64::MAX),
        document_fields: fields(full),
    }
}

pub(crate) fn snapshot(name: &str, full: bool) -> ConfigurationSnapshot {
    ConfigurationSnapshot {
        id: id(name),
        repo: text_if(full, "repo").unwrap_or_default(),
        snapshot_type: SnapshotType::Incremental,
        configuration_hash: "9f".repeat(32),
        snapshot_data: json().filter(|_| full),
        taken_at: now(),
        taken_by: text_if(full, "by"),
        notes: text_if(full, "notes"),
        document_fields: fields(full),
    }
}

pub(crate) fn change(name: &str, full: bool) -> ConfigurationChange {
    ConfigurationChange {
        id: id(name),
        repo: text_if(full, "repo").unwrap_or_default(),
        change_type: ChangeType::Removed,
        component_name: text_if(full, "component"),
        file_path: text_if(full, "file"),
        key_path: text_if(full, "key"),
        old_value: text_if(full, "old"),
        new_value: text_if(full, "new"),
        changed_at: now(),
        changed_by: text_if(full, "by"),
        commit_hash: text_if(full, "commit"),
        drift_detection_id: some(full, id("DRIFT-404")),
        document_fields: fields(full),
    }
}
