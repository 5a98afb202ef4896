//! `wsdb drift add`

use clap::Args;
use wsdb_app::add_detection;
use wsdb_core::{DetectionId, DriftDetection, Finding, Label, Severity, ViolationType};

use crate::args::{DRIFT_DETECTED_BY, label_parser, name, repo_name, vocabulary_parser};
use crate::commands::default_repo::required_repo;
use crate::commands::fields::args::FieldArgs;
use crate::context::Context;
use crate::error::UsageError;
use crate::render::drift::format_detection_line;

#[derive(Debug, Args)]
#[command(
    before_help = "A scan resolves a manually added detection only if an earlier scan has also
found it.",
    after_help = "Example:
  wsdb drift add src/pricing.py --repo orchard-core --type dependency"
)]
pub(super) struct Add {
    /// File, relative to the repo
    #[arg(value_name = "FILE", value_parser = name)]
    file: String,
    /// Repo [default: the one that contains the file or the current folder]
    #[arg(long, short, value_parser = repo_name)]
    repo: Option<String>,
    /// Type of the violation
    #[arg(long = "type", short = 't', value_name = "TYPE", value_parser = vocabulary_parser::<ViolationType>())]
    violation_type: ViolationType,
    /// Severity
    #[arg(long, short, default_value = "MEDIUM", value_parser = vocabulary_parser::<Severity>())]
    severity: Severity,
    /// Detection method, such as manual or ci_cd
    #[arg(
        long,
        value_name = "METHOD",
        default_value = "manual",
        value_parser = label_parser(DRIFT_DETECTED_BY),
        hide_possible_values = true
    )]
    detected_by: Label,
    #[command(flatten)]
    fields: FieldArgs<DriftDetection>,
}

impl Add {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let fill = self.fields.resolve(context).await?;
        let repo = required_repo(context, self.repo, &[self.file.clone().into()]).await?;
        let paths = context.repo_paths()?;
        if let Some(other) = paths.other_repo_of(&repo, &self.file) {
            let file = &self.file;
            let reason =
                format!("{file} is in the repo {other}, not in {repo}; use --repo {other}");
            return Err(UsageError(reason).into());
        }
        let file = paths.of_name(&repo, &self.file);
        if wsdb_core::leads_up(&file) {
            let reason = format!("{} is outside the repo {repo}", self.file);
            return Err(UsageError(reason).into());
        }
        let finding = Finding {
            repo,
            violation_type: self.violation_type,
            severity: self.severity,
            file_path: file,
            component_name: None,
            detected_rule: None,
            expected_location: None,
            actual_location: None,
            violation_details: None,
            detected_by: Some(self.detected_by),
            fingerprint: None,
            related_task_id: None,
            extra_metadata: None,
        };
        // The fingerprint depends on the fields, so the finding needs them, too.
        let id = DetectionId::new("DRIFT-000").map_err(|error| UsageError(error.to_string()))?;
        let draft = finding
            .clone()
            .detection(id, String::new(), None, context.actor.now);
        let mut draft: DriftDetection = draft;
        fill(&mut draft);
        let finding = Finding {
            component_name: draft.component_name,
            detected_rule: draft.detected_rule,
            expected_location: draft.expected_location,
            actual_location: draft.actual_location,
            violation_details: draft.violation_details,
            related_task_id: draft.related_task_id,
            ..finding
        };
        let added = add_detection(&context.workspace, &context.actor, &finding).await?;
        context
            .ui
            .print_record(&added, &format!("Added {}", format_detection_line(&added)))
    }
}
