//! The tables of fields that `wsdb NOUN add` and `wsdb NOUN edit` set.
//!
//! Each kind of record has one table, [`Editable::FIELDS`], with an entry for each field. The
//! options of `add` and `edit`, the values of `--clear`, the checks of the command line and the
//! changes of the record are all made from it.

pub(crate) mod args;
mod column;
mod given;
mod kind;

use clap::Arg;
use serde::Serialize;
use wsdb_app::RepoPaths;
use wsdb_core::Json;

pub(crate) use self::column::{Cell, ClearOnly, PendingSetter, Setter, list, optional, required};
pub(crate) use self::given::Given;
pub(crate) use self::kind::{
    JsonOrFile, Kind, Labels, NAME, PERSON, Parse, REPO, TEXT, TextOrStdin, one_of, reference,
};

/// The options for paths of files.
const FILE_OPTIONS: [&str; 4] = ["file", "created", "modified", "documentation"];

/// A kind of record with a table of fields.
pub(crate) trait Editable: Sized + 'static {
    /// The fields, in the order of their options in the help.
    const FIELDS: &'static [Field<Self>];

    /// Makes the paths that one of [`FILE_OPTIONS`] has set relative to the repo of the record.
    fn make_files_relative(&mut self, _option: &str, _paths: &RepoPaths) {}
}

/// A field that `edit` can set or clear; most can also be set by `add`.
pub(crate) struct Field<R: 'static> {
    /// Option as the help shows it, such as `-r, --repo <REPO>`; empty if there is none.
    option: &'static str,
    help: &'static str,
    /// Value of `--clear` if it is not the long name of the option.
    clear_name: Option<&'static str>,
    alias: Option<&'static str>,
    edit_only: bool,
    is_shown: bool,
    column: &'static str,
    cell: &'static dyn Cell<R>,
}

/// Creates the entry of a column: `field!(OPTION, HELP, SHAPE COLUMN: KIND)`, where the shape is
/// [`required`], [`optional`] or [`list`]; `field!(NAME, clear_only COLUMN)` has no option.
macro_rules! field {
    ($option:literal, $help:literal, $shape:ident $column:ident: $kind:expr $(,)?) => {
        $crate::commands::fields::Field::new(
            $option,
            $help,
            stringify!($column),
            &$crate::commands::fields::$shape(|record: &mut Self| &mut record.$column, $kind),
        )
    };
    ($name:literal, clear_only $column:ident) => {
        $crate::commands::fields::Field::new(
            "",
            "",
            stringify!($column),
            &$crate::commands::fields::ClearOnly(|record: &mut Self| record.$column = None),
        )
        .clear_name($name)
    };
}
pub(crate) use field;

impl<R> Field<R> {
    pub(crate) const fn new(
        option: &'static str,
        help: &'static str,
        column: &'static str,
        cell: &'static dyn Cell<R>,
    ) -> Self {
        Field {
            option,
            help,
            clear_name: None,
            alias: None,
            edit_only: false,
            is_shown: false,
            column,
            cell,
        }
    }

    pub(crate) const fn clear_name(mut self, name: &'static str) -> Self {
        self.clear_name = Some(name);
        self
    }

    pub(crate) const fn alias(mut self, alias: &'static str) -> Self {
        self.alias = Some(alias);
        self
    }

    /// Leaves the option out of `add`, which takes the value in another way or not at all.
    pub(crate) const fn edit_only(mut self) -> Self {
        self.edit_only = true;
        self
    }

    /// Lets `show` print the value as it is, under the name of the option.
    pub(crate) const fn shown(mut self) -> Self {
        self.is_shown = true;
        self
    }

    fn long(&self) -> &'static str {
        let mut words = self.option.split(' ');
        words
            .find_map(|word| word.strip_prefix("--"))
            .unwrap_or_default()
    }

    fn value_name(&self) -> &'static str {
        let end = self.option.split_once('<').map(|(_, end)| end);
        end.unwrap_or_default().trim_end_matches('>')
    }

    /// Returns the value of `--clear`, which is also the id of the argument.
    fn name(&self) -> &'static str {
        self.clear_name.unwrap_or_else(|| self.long())
    }

    fn arg(&self) -> Arg {
        let short = self
            .option
            .strip_prefix('-')
            .and_then(|option| option.chars().next());
        Arg::new(self.name())
            .short(short.filter(|short| *short != '-'))
            .long(self.long())
            .visible_aliases(self.alias)
            .value_name(self.value_name())
            .help(self.help)
    }

    fn is_given(&self, given: &Given) -> bool {
        self.cell.is_given(self.name(), given)
    }
}

/// Returns the names and values of the fields of a view that are marked as [`Field::shown`].
pub(crate) fn shown_fields<R: Editable>(view: &impl Serialize) -> Vec<(String, String)> {
    // A view always encodes.
    let view = Json::encode(view).unwrap_or_default();
    let fields = R::FIELDS.iter().filter(|field| field.is_shown);
    fields
        .map(|field| {
            let value = match view.get(field.column) {
                None | Some(Json::Null) => String::new(),
                Some(Json::String(text)) => text.clone(),
                Some(value) => value.to_string(),
            };
            (field.long().replace('-', " "), value)
        })
        .collect()
}
