//! Every record as a list of fields, in the order in which the documents show them.

use std::borrow::Cow;

use wsdb_core::{
    Activity, ArchitectureGoal, ArchitectureState, ComponentPlacement, ConfigurationChange,
    ConfigurationSnapshot, ContextSwitch, Decision, DriftDetection, DriftScan, Issue, Json,
    Session, SessionDecision, SessionIssue, Task,
};
use wsdb_store::Record;

use crate::field::FieldValue;
use crate::merge_base::{self, Digest};
use crate::reader::Reader;

/// Names and values of fields.
pub(crate) type FieldList = Vec<(Cow<'static, str>, Json)>;

/// Names and digests of fields.
pub(crate) type FieldDigests<'a> = Vec<(&'a str, Digest)>;

/// A record that documents contain.
pub(crate) trait DocumentRecord: Record + PartialEq + Send + Sync + 'static {
    /// The name of this kind in reports and in the merge base.
    const KIND: &'static str;

    fn from_fields(reader: &mut Reader<'_, '_>) -> Option<Self>;
    fn to_fields(&self) -> FieldList;
    /// The digests of the values that `to_fields` returns, without building them.
    fn digests(&self) -> FieldDigests<'_>;
}

macro_rules! impl_document_record {
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
    ($record:ident, $kind:literal, [$($field:ident $(as $name:literal)?),* $(,)?]) => {
        impl DocumentRecord for $record {
            const KIND: &'static str = $kind;

            fn from_fields(reader: &mut Reader<'_, '_>) -> Option<Self> {
                // All fields are read before the first error returns, so that all problems are
                // noted.
                $(let $field = reader.take(impl_document_record!(@name $field $($name)?));)*
                let document_fields = reader.take_unknown_fields();
                Some($record { $($field: $field?,)* document_fields })
            }

            fn to_fields(&self) -> FieldList {
                let $record { $($field,)* document_fields } = self;
                let mut fields: FieldList = vec![
                    $((Cow::Borrowed(impl_document_record!(@name $field $($name)?)), $field.to_json()),)*
                ];
                let others = document_fields.iter();
                fields.extend(others.map(|(name, value)| (Cow::Owned(name.clone()), value.clone())));
                fields
            }

            fn digests(&self) -> FieldDigests<'_> {
                let $record { $($field,)* document_fields } = self;
                let mut fields: FieldDigests<'_> = vec![
                    $((impl_document_record!(@name $field $($name)?), $field.digest()),)*
                ];
                let others = document_fields.iter();
                fields.extend(others.map(|(name, value)| (name.as_str(), merge_base::digest(value))));
                fields
            }
        }
    };
}

impl_document_record!(Task, "tasks", [
    id, title, description, status, priority, repos_affected, dependencies, created, updated,
    session_created, assigned_to, notes, related_files, completed_at as "completed", started_at,
    workflow_id, assigned_repo, assigned_by, bastard_plan_grade, bastard_completion_grade,
    scale_tier, extra_metadata as "metadata",
]);
impl_document_record!(Session, "sessions", [
    id as "session_id", start_time, end_time, status, user, ai_assistant, handoff_notes,
]);
impl_document_record!(Activity, "activities", [
    id, session_id, activity_type, description, files_created, files_modified, outcome, time,
    extra_metadata as "metadata",
]);
impl_document_record!(SessionDecision, "session decisions", [
    decision_id as "id", id as "link_id", session_id,
]);
impl_document_record!(SessionIssue, "session issues", [issue_id as "id", id as "link_id", session_id]);
impl_document_record!(Issue, "issues", [
    id, issue_type, severity, title, description, repos_affected, detected, detected_by, status,
    action_required, assigned_to, related_task_id, resolved_at, resolved_by, resolution_notes,
    extra_metadata as "metadata",
]);
impl_document_record!(Decision, "decisions", [
    id, date, session, decision, repos_affected, rationale, status, impact, related_files,
    documentation, supersedes, related_tasks, related_components, related_detections,
    extra_metadata as "metadata",
]);
impl_document_record!(
    ArchitectureState,
    "architecture states",
    [
        id,
        state_name,
        state_type,
        repo,
        architecture_doc_path,
        state_data,
        created_at,
        version,
        architecture_id,
        description,
        roadmap_file,
        target_date,
        status,
        updated_at,
    ]
);
impl_document_record!(
    ComponentPlacement,
    "placements",
    [
        id,
        component_name,
        component_type,
        correct_repo,
        correct_location,
        architecture_state_id,
        rationale,
        rules,
        created_at,
        updated_at,
    ]
);
impl_document_record!(
    ArchitectureGoal,
    "architecture goals",
    [
        id,
        task_id,
        architecture_state_id,
        architectural_goal,
        component_id,
        milestone,
        priority,
        status,
        created_at,
    ]
);
impl_document_record!(
    DriftScan,
    "drift scans",
    [
        id,
        scan_type,
        scan_start,
        scan_end,
        repos_scanned,
        violations_found,
        violations_high,
        violations_medium,
        violations_low,
        status,
        triggered_by,
        results_file,
    ]
);
impl_document_record!(DriftDetection, "drift detections", [
    id, repo, violation_type, severity, file_path, component_name, detected_rule,
    expected_location, actual_location, violation_details, detected_at, detected_by, status,
    resolved_at, resolved_by, resolution_notes, fingerprint, last_seen, ignored_until,
    related_task_id, scan_id, extra_metadata as "metadata",
]);
impl_document_record!(
    ContextSwitch,
    "context switches",
    [
        id,
        repo,
        repo_path,
        activated_at,
        deactivated_at,
        activated_by,
        context_id,
        previous_context,
        context_notes,
        duration_seconds,
        operations_count,
    ]
);
impl_document_record!(
    ConfigurationSnapshot,
    "configuration snapshots",
    [
        id,
        repo,
        snapshot_type,
        configuration_hash,
        snapshot_data,
        taken_at,
        taken_by,
        notes,
    ]
);
impl_document_record!(
    ConfigurationChange,
    "configuration changes",
    [
        id,
        repo,
        change_type,
        component_name,
        file_path,
        key_path,
        old_value,
        new_value,
        changed_at,
        changed_by,
        commit_hash,
        drift_detection_id,
    ]
);
