//! `wsdb decision edit`

use clap::{Args, ValueEnum};
use wsdb_core::Decision;

use super::FieldArgs;
use crate::args::{Targets, check_edit};
use crate::commands::Context;
use crate::commands::edit::edit_records;
use crate::error::UsageError;

#[derive(Debug, Args)]
#[command(
    after_help = "Options replace present values, lists included; --clear removes them.

Example:
  wsdb decision edit 2 --rationale 'One user' --clear impact"
)]
pub(crate) struct Edit {
    #[command(flatten)]
    targets: Targets,
    /// Decision in one line
    #[arg(long)]
    decision: Option<String>,
    #[command(flatten)]
    fields: FieldArgs,
    /// Fields to clear
    #[arg(long, value_enum, value_name = "FIELD", value_delimiter = ',')]
    clear: Vec<Field>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Field {
    Rationale,
    Impact,
    Repos,
    Files,
    Documentation,
    Session,
    Metadata,
}

fn clear(decision: &mut Decision, field: Field) {
    match field {
        Field::Rationale => decision.rationale = None,
        Field::Impact => decision.impact = None,
        Field::Repos => decision.repos_affected.clear(),
        Field::Files => decision.related_files.clear(),
        Field::Documentation => decision.documentation.clear(),
        Field::Session => decision.session = None,
        Field::Metadata => decision.extra_metadata = None,
    }
}

impl Edit {
    fn check(&self) -> Result<(), UsageError> {
        let fields = &self.fields;
        let gives = self.decision.is_some() || *fields != FieldArgs::default();
        check_edit(gives, &self.clear, |field| match field {
            Field::Rationale => fields.rationale.is_some(),
            Field::Impact => fields.impact.is_some(),
            Field::Repos => !fields.repo.is_empty(),
            Field::Files => !fields.file.is_empty(),
            Field::Documentation => !fields.documentation.is_empty(),
            Field::Session | Field::Metadata => false,
        })
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        self.check()?;
        let fill = self.fields.resolve()?;
        let edited = edit_records(
            context,
            "decision edit",
            &self.targets,
            |decision: &mut Decision| {
                if let Some(words) = &self.decision {
                    decision.decision.clone_from(words);
                }
                fill(decision);
                self.clear.iter().for_each(|field| clear(decision, *field));
            },
        )
        .await?;
        context.ui.print_records("decisions", &edited, |d| {
            format!("Edited {}  {}", d.id, d.decision)
        })
    }
}
