//! `wsdb drift add`

use clap::Args;
use wsdb_app::add_detection;
use wsdb_core::{Finding, Label, Severity, ViolationType};

use super::edit::FieldArgs;
use crate::args::{DRIFT_DETECTED_BY, label_parser, name, path_in_repo, vocabulary_parser};
use crate::commands::Context;
use crate::render::drift::line;

#[derive(Debug, Args)]
#[command(
    after_help = "A scan only resolves a detection that was added manually after a scan has
also found it.

Example:
  wsdb drift add src/pricing.py --repo orchard-core --type dependency"
)]
pub(super) struct Add {
    /// File, relative to the repo
    #[arg(value_name = "FILE", value_parser = path_in_repo)]
    file: String,
    /// Repo
    #[arg(long, short, value_parser = name)]
    repo: String,
    /// Type of the violation
    #[arg(long = "type", short = 't', value_name = "TYPE", value_parser = vocabulary_parser::<ViolationType>())]
    violation_type: ViolationType,
    /// Severity
    #[arg(long, short, default_value = "MEDIUM", value_parser = vocabulary_parser::<Severity>())]
    severity: Severity,
    /// How it was detected, such as manual or ci_cd
    #[arg(
        long,
        value_name = "METHOD",
        default_value = "manual",
        value_parser = label_parser(DRIFT_DETECTED_BY),
        hide_possible_values = true
    )]
    detected_by: Label,
    #[command(flatten)]
    fields: FieldArgs,
}

impl Add {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let fields = self.fields.resolve(context).await?;
        let finding = Finding {
            repo: self.repo,
            violation_type: self.violation_type,
            severity: self.severity,
            file_path: self.file,
            component_name: fields.component,
            detected_rule: fields.rule,
            expected_location: fields.expected,
            actual_location: fields.actual,
            violation_details: fields.details,
            detected_by: Some(self.detected_by),
            fingerprint: None,
            related_task_id: fields.task,
            extra_metadata: None,
        };
        let added = add_detection(&context.workspace, &context.actor, &finding).await?;
        context
            .ui
            .print_record(&added, &format!("Added {}", line(&added)))
    }
}
