//! What the values of a field are: texts, words of a vocabulary, references to records and so on.

use std::marker::PhantomData;

use clap::Arg;
use clap::builder::ValueParser;
use wsdb_app::{Resource, reject_unknown_names, resolve_collecting_missing};
use wsdb_core::{Label, Vocabulary};

use super::given::Given;
use crate::args::{
    json_or_file, label_parser, name, person_name, repo_name, text_or_stdin, vocabulary_parser,
};
use crate::commands::print_missing_notes;
use crate::context::Context;

/// What the values of a field are: how they are parsed, and what is stored for them.
pub(crate) trait Kind: 'static {
    type Parsed: Clone + Send + Sync + 'static;
    type Stored: Clone + PartialEq + 'static;

    /// Adds the parser of the values to an option.
    fn add_parser(&self, option: Arg) -> Arg;

    /// Returns whether one of the values is read from stdin.
    fn reads_stdin(&self, _values: &[Self::Parsed]) -> bool {
        false
    }

    /// Returns what is stored for values of an option.
    async fn resolve(
        &self,
        values: Vec<Self::Parsed>,
        given: &Given,
        context: &Context,
    ) -> anyhow::Result<Vec<Self::Stored>>;
}

/// Values that are stored as a function parses them.
pub(crate) struct Parse<T>(pub(crate) fn(&str) -> Result<T, String>);

/// Any text.
pub(crate) const TEXT: Parse<String> = Parse(|text| Ok(text.to_owned()));

/// The name of a repo.
pub(crate) const REPO: Parse<String> = Parse(repo_name);

/// The name of a person or agent.
pub(crate) const PERSON: Parse<String> = Parse(person_name);

/// A text that is not empty.
pub(crate) const NAME: Parse<String> = Parse(name);

impl<T: Clone + PartialEq + Send + Sync + 'static> Kind for Parse<T> {
    type Parsed = T;
    type Stored = T;

    fn add_parser(&self, option: Arg) -> Arg {
        option.value_parser(ValueParser::new(self.0))
    }

    async fn resolve(&self, values: Vec<T>, _: &Given, _: &Context) -> anyhow::Result<Vec<T>> {
        Ok(values)
    }
}

/// Values of a closed vocabulary.
pub(crate) struct OneOf<V>(PhantomData<V>);

pub(crate) const fn one_of<V>() -> OneOf<V> {
    OneOf(PhantomData)
}

impl<V: Vocabulary + Send + Sync> Kind for OneOf<V> {
    type Parsed = V;
    type Stored = V;

    fn add_parser(&self, option: Arg) -> Arg {
        option.value_parser(ValueParser::new(vocabulary_parser::<V>()))
    }

    async fn resolve(&self, values: Vec<V>, _: &Given, _: &Context) -> anyhow::Result<Vec<V>> {
        Ok(values)
    }
}

/// Values of an open vocabulary, with the usual ones.
pub(crate) struct Labels(pub(crate) &'static [&'static str]);

impl Kind for Labels {
    type Parsed = Label;
    type Stored = Label;

    fn add_parser(&self, option: Arg) -> Arg {
        option
            .value_parser(ValueParser::new(label_parser(self.0)))
            .hide_possible_values(true)
    }

    async fn resolve(
        &self,
        values: Vec<Label>,
        _: &Given,
        _: &Context,
    ) -> anyhow::Result<Vec<Label>> {
        Ok(values)
    }
}

/// Any text; `-` reads stdin.
pub(crate) struct TextOrStdin;

impl Kind for TextOrStdin {
    type Parsed = String;
    type Stored = String;

    fn add_parser(&self, option: Arg) -> Arg {
        TEXT.add_parser(option)
    }

    fn reads_stdin(&self, values: &[String]) -> bool {
        values.iter().any(|value| value == "-")
    }

    async fn resolve(
        &self,
        values: Vec<String>,
        _: &Given,
        _: &Context,
    ) -> anyhow::Result<Vec<String>> {
        let texts = values
            .into_iter()
            .map(|value| Ok(text_or_stdin(Some(value))?.unwrap_or_default()));
        texts.collect()
    }
}

/// JSON, the name of a file with JSON, or `-` for stdin.
pub(crate) struct JsonOrFile;

impl Kind for JsonOrFile {
    type Parsed = String;
    type Stored = wsdb_core::Json;

    fn add_parser(&self, option: Arg) -> Arg {
        TEXT.add_parser(option)
    }

    fn reads_stdin(&self, values: &[String]) -> bool {
        TextOrStdin.reads_stdin(values)
    }

    async fn resolve(
        &self,
        values: Vec<String>,
        _: &Given,
        _: &Context,
    ) -> anyhow::Result<Vec<wsdb_core::Json>> {
        values.iter().map(|value| json_or_file(value)).collect()
    }
}

/// Other records, by ID, number or name; complete ids of records that do not exist yet are
/// accepted.
pub(crate) struct Reference<T> {
    parse: Parse<String>,
    /// Whether a note is printed if a record does not exist yet.
    has_note: bool,
    record: PhantomData<T>,
}

/// References to records; prints a note if one does not exist yet.
pub(crate) const fn reference<T>() -> Reference<T> {
    Reference {
        parse: NAME,
        has_note: true,
        record: PhantomData,
    }
}

impl<T> Reference<T> {
    /// Prints no note if a record does not exist.
    pub(crate) const fn without_note(mut self) -> Self {
        self.has_note = false;
        self
    }

    /// Leaves it to the search for the record to reject an empty text.
    pub(crate) const fn any_text(mut self) -> Self {
        self.parse = TEXT;
        self
    }
}

impl<T: Resource + 'static> Kind for Reference<T>
where
    T::Id: Clone + PartialEq + 'static,
{
    type Parsed = String;
    type Stored = T::Id;

    fn add_parser(&self, option: Arg) -> Arg {
        self.parse.add_parser(option)
    }

    async fn resolve(
        &self,
        values: Vec<String>,
        _: &Given,
        context: &Context,
    ) -> anyhow::Result<Vec<T::Id>> {
        let records = context.workspace.store.records::<T>();
        let mut missing = Vec::new();
        let ids = resolve_collecting_missing(&records, &values, &mut missing).await?;
        let missing = reject_unknown_names::<T>(missing)?;
        if self.has_note {
            print_missing_notes(context, &missing, None);
        }
        Ok(ids)
    }
}
