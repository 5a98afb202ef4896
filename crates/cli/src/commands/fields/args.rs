//! The options of `add` and `edit`, made from the table of a kind of record.

use std::marker::PhantomData;

use clap::builder::{PossibleValuesParser, Resettable};
use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches};
use wsdb_app::Error as AppError;

use super::column::Setter;
use super::given::Given;
use super::{Editable, FILE_OPTIONS, Field};
use crate::context::Context;
use crate::error::UsageError;

fn augment<R: Editable>(
    command: Command,
    fields: impl Iterator<Item = &'static Field<R>>,
) -> Command {
    fields.fold(command, |command, field| {
        field.cell.augment(command, field.arg())
    })
}

/// Returns a function that sets the given fields.
async fn resolve<R: Editable>(
    fields: Vec<&'static Field<R>>,
    given: &Given,
    context: &Context,
) -> anyhow::Result<impl Fn(&mut R) + use<R>> {
    let fields = fields.into_iter().filter(|field| field.is_given(given));
    let fields: Vec<_> = fields.collect();
    let stdin = fields
        .iter()
        .filter(|field| field.cell.reads_stdin(field.name(), given));
    let stdin: Vec<String> = stdin.map(|field| format!("--{}", field.long())).collect();
    if stdin.len() > 1 {
        let several = format!("only one of {} can read stdin", stdin.join(" and "));
        return Err(UsageError(several).into());
    }
    let options = fields.iter().map(|field| field.long());
    let options: Vec<&str> = options.filter(|name| FILE_OPTIONS.contains(name)).collect();
    let paths = (!options.is_empty()).then(|| context.repo_paths());
    let paths = paths.transpose()?;
    let (mut setters, mut errors) = (Vec::new(), Vec::new());
    for field in fields {
        match field.cell.resolve(field.name(), given, context).await {
            Ok(setter) => setters.push(setter),
            Err(error) => errors.push(error.downcast::<AppError>()?),
        }
    }
    AppError::combine(errors)?;
    Ok(move |record: &mut R| {
        setters.iter().for_each(|set| set(record));
        if let Some(paths) = &paths {
            for option in &options {
                record.make_files_relative(option, paths);
            }
        }
    })
}

/// The options of `add` for the fields in the table of a kind of record.
#[derive(Debug)]
pub(crate) struct FieldArgs<R> {
    given: Given,
    record: PhantomData<R>,
}

fn add_fields<R: Editable>() -> impl Iterator<Item = &'static Field<R>> {
    R::FIELDS.iter().filter(|field| !field.edit_only)
}

impl<R: Editable> FieldArgs<R> {
    /// Returns whether the option of a field was given, by the value of `--clear` for it.
    pub(crate) fn is_given(&self, name: &str) -> bool {
        self.given.contains(name)
    }

    /// Reads stdin and files, resolves ids and returns a function that sets the given fields.
    pub(crate) async fn resolve(
        self,
        context: &Context,
    ) -> anyhow::Result<impl Fn(&mut R) + use<R>> {
        resolve(add_fields().collect(), &self.given, context).await
    }
}

impl<R: Editable> clap::Args for FieldArgs<R> {
    fn augment_args(command: Command) -> Command {
        augment(command, add_fields::<R>())
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<R: Editable> FromArgMatches for FieldArgs<R> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(FieldArgs {
            given: Given(matches.clone()),
            record: PhantomData,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The options of `edit` for the fields in the table of a kind of record, and `--clear`.
#[derive(Debug)]
pub(crate) struct EditArgs<R> {
    given: Given,
    /// Names of the fields to clear.
    clear: Vec<String>,
    record: PhantomData<R>,
}

impl<R: Editable> EditArgs<R> {
    /// Returns whether the option of a field was given, by the value of `--clear` for it.
    pub(crate) fn is_given(&self, name: &str) -> bool {
        self.given.contains(name)
    }

    /// Returns the value that was given for a field, by the value of `--clear` for it.
    pub(crate) fn value<T: Clone + Send + Sync + 'static>(&self, name: &str) -> Option<T> {
        self.given.values(name).pop()
    }

    /// Checks that at least one field changes and that none is both set and cleared.
    fn check(&self) -> Result<(), UsageError> {
        let is_given = |name: &String| {
            let mut fields = R::FIELDS.iter();
            fields.any(|field| field.name() == name && field.is_given(&self.given))
        };
        let gives = R::FIELDS.iter().any(|field| field.is_given(&self.given));
        if !gives && self.clear.is_empty() {
            let nothing = "nothing to change; set a field or use --clear FIELD";
            return Err(UsageError(nothing.to_owned()));
        }
        let both = self.clear.iter().filter(|name| is_given(name));
        let both: Vec<&str> = both.map(String::as_str).collect();
        if both.is_empty() {
            Ok(())
        } else {
            Err(UsageError(format!(
                "cannot set and clear {} at the same time",
                both.join(", ")
            )))
        }
    }

    /// Reads stdin and files, resolves ids and returns a function that sets and clears the given
    /// fields.
    pub(crate) async fn resolve(
        self,
        context: &Context,
    ) -> anyhow::Result<impl Fn(&mut R) + use<R>> {
        self.check()?;
        let set = resolve(R::FIELDS.iter().collect(), &self.given, context).await?;
        let cleared = R::FIELDS
            .iter()
            .filter(|field| self.clear.iter().any(|name| name == field.name()));
        let clear: Vec<Setter<R>> = cleared.filter_map(|field| field.cell.clear()).collect();
        Ok(move |record: &mut R| {
            set(record);
            clear.iter().for_each(|clear| clear(record));
        })
    }
}

impl<R: Editable> clap::Args for EditArgs<R> {
    fn augment_args(command: Command) -> Command {
        let clearable = R::FIELDS
            .iter()
            .filter(|field| field.cell.clear().is_some());
        let names = PossibleValuesParser::new(clearable.map(|field| field.name()));
        let clear = Arg::new("clear")
            .long("clear")
            .value_name("FIELD")
            .value_delimiter(',')
            .action(ArgAction::Append)
            .value_parser(names)
            .help("Fields to clear (comma-separated)")
            // The last options of the table may be under a heading.
            .help_heading(Resettable::Reset);
        augment(command, R::FIELDS.iter()).arg(clear)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<R: Editable> FromArgMatches for EditArgs<R> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = Given(matches.clone());
        Ok(EditArgs {
            clear: given.values("clear"),
            given,
            record: PhantomData,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
