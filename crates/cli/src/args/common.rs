//! What many commands are given: records, what they have to be, and a part of a list.

use clap::Args as ClapArgs;
use wsdb_app::Expected;
use wsdb_core::Page;

use super::Format;
use crate::error::Usage;

/// Which records are meant.
#[derive(Debug, ClapArgs)]
pub(crate) struct Ids {
    /// Ids, their numbers, or any unique parts of them
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<String>,
}

/// Which records are to be changed, and what they have to be.
#[derive(Debug, ClapArgs)]
pub(crate) struct Targets {
    #[command(flatten)]
    pub(crate) ids: Ids,
    #[command(flatten)]
    expect: Expect,
}

impl Targets {
    /// What the records have to be.
    pub(crate) fn expected(&self) -> anyhow::Result<Expected> {
        self.expect.expected()
    }
}

/// What a record has to be for a change to happen.
#[derive(Debug, ClapArgs)]
pub(crate) struct Expect {
    /// Only if the field, as --json shows it, holds this, such as status=pending; may be repeated
    #[arg(long, value_name = "FIELD=VALUE")]
    expect: Vec<String>,
}

impl Expect {
    pub(crate) fn expected(&self) -> anyhow::Result<Expected> {
        Ok(Expected::parse(&self.expect).map_err(|error| Usage(error.to_string()))?)
    }
}

/// Which part of a list is shown, and in which order.
#[derive(Debug, ClapArgs)]
pub(crate) struct Paging {
    /// At most so many [default: 50 in a table, else all]
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// Leave out so many at the beginning
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: u64,
    /// Last first
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
