//! `wsdb drift edit`

use clap::{Args, ValueEnum};
use wsdb_core::{DriftDetection, Label, Severity, Task, TaskId, ViolationType};

use crate::args::{
    DRIFT_DETECTED_BY, Targets, check_edit, label_parser, name, path_in_repo, text_or_stdin,
    vocabulary_parser,
};
use crate::commands::edit::edit_records;
use crate::commands::task::set;
use crate::commands::{Context, warn_missing};
use crate::render::drift::line;

#[derive(Debug, Args)]
#[command(
    after_help = "The fingerprint does not change: the next scan that finds the detection again
overwrites these fields with its own values.

Example:
  wsdb drift edit 1 --severity LOW --clear task"
)]
pub(super) struct Edit {
    #[command(flatten)]
    targets: Targets,
    /// Repo
    #[arg(long, short, value_parser = name)]
    repo: Option<String>,
    /// File, relative to the repo
    #[arg(long, value_parser = path_in_repo)]
    file: Option<String>,
    /// Type of the violation
    #[arg(long = "type", short = 't', value_name = "TYPE", value_parser = vocabulary_parser::<ViolationType>())]
    violation_type: Option<ViolationType>,
    /// Severity
    #[arg(long, short, value_parser = vocabulary_parser::<Severity>())]
    severity: Option<Severity>,
    /// How it was detected, such as manual or ci_cd
    #[arg(
        long,
        value_name = "METHOD",
        value_parser = label_parser(DRIFT_DETECTED_BY),
        hide_possible_values = true
    )]
    detected_by: Option<Label>,
    #[command(flatten)]
    fields: FieldArgs,
    /// How it was fixed, or why it is ignored
    #[arg(long, short, value_name = "TEXT")]
    notes: Option<String>,
    /// Fields to clear
    #[arg(long, value_enum, value_name = "FIELD", value_delimiter = ',')]
    clear: Vec<Field>,
}

/// The optional fields of a detection.
#[derive(Debug, Default, PartialEq, Args)]
pub(super) struct FieldArgs {
    /// Component
    #[arg(long, value_name = "NAME", value_parser = name)]
    component: Option<String>,
    /// Name of the broken rule
    #[arg(long, value_name = "RULE", value_parser = name)]
    rule: Option<String>,
    /// Expected location
    #[arg(long = "expected", value_name = "PATH", value_parser = name)]
    expected_location: Option<String>,
    /// Actual location
    #[arg(long = "actual", value_name = "PATH", value_parser = name)]
    actual_location: Option<String>,
    /// Details (- reads stdin)
    #[arg(long, short, value_name = "TEXT")]
    details: Option<String>,
    /// Task that fixes it (may not exist yet)
    #[arg(long, value_name = "ID")]
    task: Option<String>,
}

/// [`Fields`] with stdin read and the task resolved.
pub(super) struct ResolvedFields {
    pub(super) component: Option<String>,
    pub(super) rule: Option<String>,
    pub(super) expected: Option<String>,
    pub(super) actual: Option<String>,
    pub(super) details: Option<String>,
    pub(super) task: Option<TaskId>,
}

impl FieldArgs {
    pub(super) async fn resolve(self, context: &Context) -> anyhow::Result<ResolvedFields> {
        let tasks = context.workspace.store.tasks();
        let task = wsdb_app::resolve_or_accept_new(&tasks, self.task.as_slice()).await?;
        warn_missing::<Task>(context, &task).await?;
        Ok(ResolvedFields {
            component: self.component,
            rule: self.rule,
            expected: self.expected_location,
            actual: self.actual_location,
            details: text_or_stdin(self.details)?,
            task: task.into_iter().next(),
        })
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Field {
    Component,
    Rule,
    Expected,
    Actual,
    Details,
    DetectedBy,
    Task,
    Notes,
    Metadata,
}

fn clear(detection: &mut DriftDetection, field: Field) {
    match field {
        Field::Component => detection.component_name = None,
        Field::Rule => detection.detected_rule = None,
        Field::Expected => detection.expected_location = None,
        Field::Actual => detection.actual_location = None,
        Field::Details => detection.violation_details = None,
        Field::DetectedBy => detection.detected_by = None,
        Field::Task => detection.related_task_id = None,
        Field::Notes => detection.resolution_notes = None,
        Field::Metadata => detection.extra_metadata = None,
    }
}

impl Edit {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let fields = &self.fields;
        let gives = self.repo.is_some()
            || self.file.is_some()
            || self.violation_type.is_some()
            || self.severity.is_some()
            || self.detected_by.is_some()
            || self.notes.is_some()
            || *fields != FieldArgs::default();
        check_edit(gives, &self.clear, |field| match field {
            Field::Component => fields.component.is_some(),
            Field::Rule => fields.rule.is_some(),
            Field::Expected => fields.expected_location.is_some(),
            Field::Actual => fields.actual_location.is_some(),
            Field::Details => fields.details.is_some(),
            Field::DetectedBy => self.detected_by.is_some(),
            Field::Task => fields.task.is_some(),
            Field::Notes => self.notes.is_some(),
            Field::Metadata => false,
        })?;
        let fields = self.fields.resolve(context).await?;
        let edit = |detection: &mut DriftDetection| {
            let text = |field: &mut String, value: &Option<String>| {
                if let Some(value) = value {
                    field.clone_from(value);
                }
            };
            text(&mut detection.repo, &self.repo);
            text(&mut detection.file_path, &self.file);
            detection.violation_type = self.violation_type.unwrap_or(detection.violation_type);
            detection.severity = self.severity.unwrap_or(detection.severity);
            set(&mut detection.detected_by, &self.detected_by);
            set(&mut detection.component_name, &fields.component);
            set(&mut detection.detected_rule, &fields.rule);
            set(&mut detection.expected_location, &fields.expected);
            set(&mut detection.actual_location, &fields.actual);
            set(&mut detection.violation_details, &fields.details);
            set(&mut detection.related_task_id, &fields.task);
            set(&mut detection.resolution_notes, &self.notes);
            self.clear.iter().for_each(|field| clear(detection, *field));
        };
        let edited = edit_records(context, "drift edit", &self.targets, edit).await?;
        let ui = &context.ui;
        ui.print_records("detections", &edited, |detection| {
            format!("Edited {}", line(detection))
        })
    }
}
