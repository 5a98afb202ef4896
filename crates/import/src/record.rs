//! Every record as a list of fields, in the order in which the documents show them.

use std::borrow::Cow;

use wsdb_core::{
    Activity, ArchitectureGoal, ArchitectureState, ComponentPlacement, ConfigurationChange,
    ConfigurationSnapshot, ContextSwitch, Decision, DriftDetection, DriftScan, Issue, Json,
    JsonObject, Session, SessionDecision, SessionIssue, Task,
};
use wsdb_store::{Record, RecordVersion, Rev};

use crate::digest::{FieldDigests, digest};
use crate::document::Document;
use crate::field::{FieldValue, MappingCheck};
use crate::inferred_status::{self, Inference};
use crate::normalize;
use crate::page_facts;
use crate::record_reader::{ParsedRecord, RecordReader};
use crate::report::ConflictResolution;
use crate::shape::AssumedFields;

/// Names and values of fields.
pub(crate) type FieldList = Vec<(Cow<'static, str>, Json)>;

/// A record that documents contain.
pub(crate) trait DocumentRecord: Record + PartialEq + Send + Sync + 'static {
    /// The name of this kind in reports, and in what files held.
    const KIND: &'static str;
    /// The document that contains the records.
    const DOCUMENT: Document;
    /// The keys of their lists in the document, the one that is written first; none if the records
    /// are within other records.
    const LISTS: &'static [&'static str];
    /// Whether there is a field `metadata`, which is an object even if it is empty.
    const HAS_METADATA: bool;
    /// Whether the records are links, whose other fields describe the record at the other end.
    const IS_LINK: bool = false;
    /// Whether documents name the version of each record. Otherwise, its content identifies it.
    const HAS_REV: bool = true;
    /// The field with the time at which the record was made, which never changes.
    const CREATED: Option<&'static str> = None;
    /// The field by which people tell records apart that were made on the same day.
    const NAME: Option<&'static str> = None;
    /// The fields that do not count as content, because they change by themselves.
    const UNVERSIONED: &'static [&'static str] = &[];
    /// The fields that hardly anybody uses but the earlier tool. A document that never had them has
    /// them only if a record has a value there.
    const RARE: &'static [&'static str] = &[];
    /// Fields that documents contain under a second name, for readers that know only that name.
    const ALIASES: &'static [(&'static str, &'static str)] = &[];

    /// The names of the fields with a column.
    const FIELDS: &'static [&'static str] = &[];
    /// The columns of these fields.
    const COLUMNS: &'static [&'static str] = &[];

    /// Returns the name of the field with the id.
    fn id_field() -> &'static str {
        "id"
    }

    /// Returns the values that an import assumes for fields that this record lacks in its file.
    fn assumed_fields(&self) -> AssumedFields {
        AssumedFields::new()
    }

    /// Changes fields that have other names or values in some of the shapes in use.
    fn normalize(_: &mut RecordReader<'_, '_>) {}

    /// Returns whether a value of a field can be mapped to `word`; `None` if there is no such field.
    fn check_mapping(_field: &str, _word: &str) -> Option<MappingCheck> {
        None
    }

    /// Returns which side of a merge has the value of a field that differs for no reason of the user.
    fn settled_side(_found: &Self, _stored: &Self, _field: &str) -> Option<ConflictResolution> {
        None
    }

    /// Updates what a merged record keeps about the values that were merged.
    fn settle_merged(_merged: &mut Self, _found: &Self, _stored: &Self) {}

    /// Reads what a person did to an existing record without changing its status.
    fn infer_status(_: &mut ParsedRecord<Self>, _: &Inference<'_, Self>) {}

    fn from_fields(reader: &mut RecordReader<'_, '_>) -> Option<Self>;
    fn to_fields(&self) -> FieldList;
    /// The digests of the values that `to_fields` returns, without building them.
    fn digests(&self) -> FieldDigests<'_>;

    /// Returns the fields without a column.
    fn document_fields(&self) -> &JsonObject;

    /// Returns the version of the record.
    fn version(&self) -> RecordVersion {
        RecordVersion::new(self.digests())
    }

    /// Returns what identifies a version of a record of this kind.
    fn rev_of(version: &RecordVersion) -> Rev {
        version.rev(Self::UNVERSIONED)
    }
}

/// Checks a mapping for the type of the field that a function returns.
fn check_mapping<T, F: FieldValue>(_: fn(&T) -> &F, word: &str) -> MappingCheck {
    F::check_mapping(word)
}

/// Implements [`DocumentRecord`]: the kind, its document and lists, the function that normalizes the
/// fields, and the fields with a column, some of them under another name.
macro_rules! impl_document_record {
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
    (@is_metadata extra_metadata) => { true };
    (@is_metadata $field:ident) => { false };
    (
        $record:ident, $kind:literal, $document:ident $lists:tt $(link: $is_link:literal)?
        $(created: $created:literal)? $(named: $named:literal)? $(settled: $settled:ident)? $(rare: $rare:tt)? $(unversioned: $unversioned:literal)? $(inferred: $inferred:ident)? $(assumed: $assumed:path)? $({ $($aliased:literal as $alias:literal),* })? $(, $normalize:path)?;
        $($field:ident $(as $name:literal)?,)*
    ) => {
        impl DocumentRecord for $record {
            const KIND: &'static str = $kind;
            const DOCUMENT: Document = Document::$document;
            const LISTS: &'static [&'static str] = &$lists;
            const HAS_METADATA: bool = $(impl_document_record!(@is_metadata $field))||*;

            $(const IS_LINK: bool = $is_link;)?
            $(const CREATED: Option<&'static str> = Some($created);)?
            $(const NAME: Option<&'static str> = Some($named);)?
            $(const RARE: &'static [&'static str] = &$rare;)?
            $(const UNVERSIONED: &'static [&'static str] = &[$unversioned];)?
            $(const ALIASES: &'static [(&'static str, &'static str)] = &[$(($aliased, $alias)),*];)?

            $(fn assumed_fields(&self) -> AssumedFields {
                $assumed(self)
            })?

            $(fn settled_side(
                found: &Self,
                stored: &Self,
                field: &str,
            ) -> Option<ConflictResolution> {
                $settled::settled_side(found, stored, field)
            }

            fn settle_merged(merged: &mut Self, found: &Self, stored: &Self) {
                $settled::settle_merged(merged, found, stored);
            })?

            $(fn infer_status(found: &mut ParsedRecord<Self>, inference: &Inference<'_, Self>) {
                inferred_status::$inferred(found, inference);
            })?

            $(fn normalize(reader: &mut RecordReader<'_, '_>) {
                $normalize(reader);
            })?

            const FIELDS: &'static [&'static str] =
                &[$(impl_document_record!(@name $field $($name)?)),*];
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),*];

            fn id_field() -> &'static str {
                let names = [
                    $((stringify!($field), impl_document_record!(@name $field $($name)?))),*
                ];
                let name = names.into_iter().find(|(field, _)| *field == "id");
                name.map_or("id", |(_, name)| name)
            }

            fn check_mapping(field: &str, word: &str) -> Option<MappingCheck> {
                match field {
                    $(impl_document_record!(@name $field $($name)?) => {
                        Some(check_mapping(|record: &$record| &record.$field, word))
                    })*
                    _ => None,
                }
            }

            fn from_fields(reader: &mut RecordReader<'_, '_>) -> Option<Self> {
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

            fn document_fields(&self) -> &JsonObject {
                &self.document_fields
            }

            fn digests(&self) -> FieldDigests<'_> {
                let $record { $($field,)* document_fields } = self;
                let mut fields: FieldDigests<'_> = vec![
                    $((impl_document_record!(@name $field $($name)?), $field.digest()),)*
                ];
                let others = document_fields.iter();
                fields.extend(others.map(|(name, value)| (name.as_str(), digest(value))));
                fields
            }
        }
    };
}

impl_document_record! {
    Task, "tasks", Tasks["active_tasks", "completed_tasks"] created: "created" named: "title"
    rare: [
        "workflow_id", "assigned_repo", "assigned_by", "bastard_plan_grade",
        "bastard_completion_grade", "scale_tier"
    ] inferred: task assumed: normalize::assumed_of_task;
    id, title, description, status, priority, repos_affected, dependencies, created, updated,
    session_created, assigned_to, notes, related_files, completed_at as "completed", started_at,
    workflow_id, assigned_repo, assigned_by, bastard_plan_grade, bastard_completion_grade,
    scale_tier, extra_metadata as "metadata",
}
impl_document_record! {
    Session, "sessions", Sessions["sessions"] created: "start_time" inferred: session
    assumed: normalize::assumed_of_session;
    id as "session_id", start_time, end_time, status, user, ai_assistant, handoff_notes,
}
impl_document_record! {
    Activity, "activities", Sessions[] created: "time" named: "description" { "activity_type" as "type" };
    id, session_id, activity_type, description, files_created, files_modified, outcome, time,
    extra_metadata as "metadata",
}
impl_document_record! {
    SessionDecision, "session decisions", Sessions[] link: true;
    decision_id as "id", id as "link_id", session_id,
}
impl_document_record! {
    SessionIssue, "session issues", Sessions[] link: true;
    issue_id as "id", id as "link_id", session_id,
}
impl_document_record! {
    Issue, "issues", Issues["issues"] created: "detected" named: "title" inferred: issue
    assumed: normalize::assumed_of_issue
    { "issue_type" as "type", "related_task_id" as "related_task" }, normalize::issue;
    id, issue_type, severity, title, description, repos_affected, detected, detected_by, status,
    action_required, assigned_to, related_task_id, resolved_at, resolved_by, resolution_notes,
    extra_metadata as "metadata",
}
impl_document_record! {
    Decision, "decisions", Decisions["decisions"] created: "date" named: "decision" settled: page_facts,
    normalize::decision;
    id, date, session, decision, repos_affected, rationale, status, impact, related_files,
    documentation, supersedes, related_tasks, related_components, related_detections,
    extra_metadata as "metadata",
}
impl_document_record! {
    ArchitectureState, "architecture states", Architecture["architecture_states"] created: "created_at" named: "state_name"
    rare: ["architecture_id", "roadmap_file"] assumed: normalize::assumed_of_state, normalize::architecture_state;
    id, state_name, state_type, repo, architecture_doc_path, state_data, created_at, version,
    architecture_id, description, roadmap_file, target_date, status, updated_at,
}
impl_document_record! {
    ComponentPlacement, "placements", Architecture["component_placements"] created: "created_at" named: "component_name" assumed: normalize::assumed_of_placement, normalize::placement;
    id, component_name, component_type, correct_repo, correct_location, architecture_state_id,
    rationale, rules, created_at, updated_at,
}
impl_document_record! {
    ArchitectureGoal, "architecture goals", Architecture["architecture_tasks"] created: "created_at" named: "architectural_goal";
    id, task_id, architecture_state_id, architectural_goal, component_id, milestone, priority,
    status, created_at,
}
impl_document_record! {
    DriftScan, "drift scans", Drift["drift_scans"] created: "scan_start";
    id, scan_type, scan_start, scan_end, repos_scanned, violations_found, violations_high,
    violations_medium, violations_low, status, triggered_by, results_file,
}
impl_document_record! {
    DriftDetection, "drift detections", Drift["drift_detections"] created: "detected_at" named: "file_path" unversioned: "last_seen";
    id, repo, violation_type, severity, file_path, component_name, detected_rule, expected_location,
    actual_location, violation_details, detected_at, detected_by, status, resolved_at, resolved_by,
    resolution_notes, fingerprint, last_seen, ignored_until, related_task_id, scan_id,
    extra_metadata as "metadata",
}
impl_document_record! {
    ContextSwitch, "context switches", Contexts["context_switches"] created: "activated_at";
    id, repo, repo_path, activated_at, deactivated_at, activated_by, context_id, previous_context,
    context_notes, duration_seconds, operations_count,
}
impl_document_record! {
    ConfigurationSnapshot, "configuration snapshots", Configuration["configuration_snapshots"] created: "taken_at" named: "configuration_hash";
    id, repo, snapshot_type, configuration_hash, snapshot_data, taken_at, taken_by, notes,
}
impl_document_record! {
    ConfigurationChange, "configuration changes", Configuration["configuration_changes"] created: "changed_at";
    id, repo, change_type, component_name, file_path, key_path, old_value, new_value, changed_at,
    changed_by, commit_hash, drift_detection_id,
}
