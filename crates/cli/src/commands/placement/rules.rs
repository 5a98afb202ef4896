//! `wsdb placement rules`

use clap::Args;
use wsdb_app::list_rules;
use wsdb_core::{Page, RULES_SCHEMA};

use crate::context::Context;
use crate::error::UsageError;
use crate::render::architecture::RULES;
use crate::ui::format::Format;

#[derive(Debug, Args)]
#[command(
    before_help = "Rules that do not match the schema are kept unchanged and reported on stderr,
or under 'problems' with --json.",
    after_help = "Examples:
  wsdb placement rules pricing
  wsdb placement rules --schema > placement-rules.schema.json"
)]
pub(crate) struct Rules {
    /// Placements, by ID, number or component [default: all]
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Print the JSON Schema (draft 2020-12) of rules
    #[arg(long, conflicts_with = "ids")]
    schema: bool,
}

impl Rules {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let ui = &context.ui;
        if self.schema {
            if ui.format != Format::Table {
                let reason = "--schema prints a JSON Schema; leave out --json and --format";
                return Err(UsageError(reason.to_owned()).into());
            }
            return ui.print(RULES_SCHEMA);
        }
        let rules = list_rules(&context.workspace.store, &self.ids).await?;
        if ui.is_json() {
            return ui.print_json(&rules);
        }
        for problem in &rules.problems {
            ui.print_note(&format!(
                "{}: {}: {}",
                problem.placement_id, problem.path, problem.reason
            ));
        }
        ui.list("rules", &rules.rules, Page::default(), rules.total, RULES)
    }
}
