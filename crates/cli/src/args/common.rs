//! Arguments shared by many commands: ids, expected field values and paging.

use clap::Args;
use wsdb_app::{Finishable, Precondition, hide_finished};
use wsdb_core::{Lifecycle, Page, StatusChoice};

use super::values::number;
use crate::context::Context;
use crate::error::UsageError;
use crate::ui::format::Format;

/// IDs of the records to act on.
#[derive(Debug, Args)]
pub(crate) struct Ids {
    /// IDs, their numbers such as 7, or unique parts of IDs (whole words)
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<String>,
}

/// Records to change, and the field values they must have.
#[derive(Debug, Args)]
pub(crate) struct Targets {
    #[command(flatten)]
    pub(crate) ids: Ids,
    #[command(flatten)]
    expect: PreconditionArgs,
}

impl Targets {
    /// Parses the expected field values.
    pub(crate) fn expected(&self) -> anyhow::Result<Precondition> {
        self.expect.expected()
    }
}

/// Field values a record must have for a change to be made.
#[derive(Debug, Args)]
pub(crate) struct PreconditionArgs {
    /// Change only if FIELD, named as in the JSON output, has this VALUE (may be repeated)
    #[arg(long, value_name = "FIELD=VALUE")]
    expect: Vec<String>,
}

impl PreconditionArgs {
    pub(crate) fn expected(&self) -> anyhow::Result<Precondition> {
        Ok(Precondition::parse(&self.expect).map_err(|error| UsageError(error.to_string()))?)
    }
}

/// Whether a list has finished records.
#[derive(Debug, Args)]
pub(crate) struct OpenArgs {
    /// Only open records (the default unless you filter by status or time)
    #[arg(long, conflicts_with = "status")]
    pub(crate) open: bool,
    /// Also list records that are not open
    #[arg(long, conflicts_with = "open")]
    all: bool,
}

impl OpenArgs {
    /// Restricts a filter to open records if that was asked for, or if nothing else was. Returns the
    /// number of finished records that this hides by default.
    pub(crate) async fn apply<R: Finishable>(
        &self,
        context: &Context,
        filter: &mut R::Filter,
    ) -> anyhow::Result<u64> {
        if self.open {
            *R::open_filter(filter) = Some(true);
        }
        if self.all {
            return Ok(0);
        }
        Ok(hide_finished::<R>(&context.workspace.store, filter).await?)
    }
}

/// Returns the statuses of a filter.
pub(crate) fn chosen_statuses<V: Lifecycle>(choices: Vec<StatusChoice<V>>) -> Vec<V> {
    choices
        .into_iter()
        .flat_map(StatusChoice::statuses)
        .collect()
}

/// The part of a list to show, and its order.
#[derive(Debug, Args)]
pub(crate) struct Paging {
    /// Maximum number of results [default: 50 for tables, otherwise unlimited]
    #[arg(long, value_name = "N", value_parser = number::<u64>)]
    limit: Option<u64>,
    /// Number of results to skip
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = number::<u64>)]
    offset: u64,
    /// Reverse the sort order
    #[arg(long)]
    pub(crate) reverse: bool,
}

impl Paging {
    pub(crate) fn page(&self, format: Format) -> Page {
        Page {
            limit: self.limit.or((format == Format::Table).then_some(50)),
            offset: self.offset,
        }
    }
}
