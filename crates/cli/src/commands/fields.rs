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

pub(crate) use self::column::{Cell, ClearOnly, PendingSetter, Setter, list, optional, required};
pub(crate) use self::given::Given;
pub(crate) use self::kind::{
    JsonOrFile, Kind, Labels, NAME, Parse, TEXT, TextOrStdin, one_of, reference,
};

/// A kind of record with a table of fields.
pub(crate) trait Editable: Sized + 'static {
    /// The fields, in the order of their options in the help.
    const FIELDS: &'static [Field<Self>];
}

/// A field that `edit` can set or clear; most can also be set by `add`.
pub(crate) struct Field<R: 'static> {
    /// Value of `--clear`.
    name: &'static str,
    /// Long name of the option.
    long: &'static str,
    short: Option<char>,
    alias: Option<&'static str>,
    /// Name of the value in the help.
    value_name: &'static str,
    help: &'static str,
    edit_only: bool,
    cell: &'static dyn Cell<R>,
}

impl<R> Field<R> {
    /// Creates a field whose option has its name.
    pub(crate) const fn new(
        name: &'static str,
        value_name: &'static str,
        help: &'static str,
        cell: &'static dyn Cell<R>,
    ) -> Self {
        Field {
            name,
            long: name,
            short: None,
            alias: None,
            value_name,
            help,
            edit_only: false,
            cell,
        }
    }

    /// Creates a field that has no option and can only be cleared.
    pub(crate) const fn clear_only(name: &'static str, cell: &'static dyn Cell<R>) -> Self {
        Field::new(name, "", "", cell).edit_only()
    }

    /// Sets the name of the option where it differs from the value of `--clear`.
    pub(crate) const fn long(mut self, long: &'static str) -> Self {
        self.long = long;
        self
    }

    pub(crate) const fn short(mut self, short: char) -> Self {
        self.short = Some(short);
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

    fn option(&self) -> Arg {
        let option = Arg::new(self.name)
            .long(self.long)
            .value_name(self.value_name)
            .help(self.help);
        let option = match self.short {
            Some(short) => option.short(short),
            None => option,
        };
        match self.alias {
            Some(alias) => option.visible_alias(alias),
            None => option,
        }
    }

    fn is_given(&self, given: &Given) -> bool {
        self.cell.is_given(self.name, given)
    }
}
