//! JSON Schemas of what the commands print with `--json`.

mod answers;
mod shapes;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};
use wsdb_core::Json;

use crate::command_tree::CommandHelp;
use answers::{ANSWERS, Answer, NO_JSON, error};

/// The folder of the schemas.
pub(crate) const FOLDER: &str = "docs/schemas";

/// Extension of the files.
pub(crate) const EXTENSION: &str = "json";

/// Returns the schemas of a binary's commands and of errors, by the path of their file.
///
/// # Errors
/// A command has no schema, or a schema has no command.
pub fn generate(binary: &Path) -> Result<BTreeMap<String, String>> {
    let tree = CommandHelp::load(binary)?;
    check_commands(&tree)?;
    let commands = tree.all();
    let mut files = BTreeMap::new();
    for (command, schema) in ANSWERS {
        let title = format!("Output of 'wsdb {command} --json'");
        let mut schema = build(command, &title, *schema)?;
        // Lists have no description of their own.
        if let Some(help) = commands.iter().find(|help| help.words() == *command) {
            schema.as_object_mut().map(|root| {
                root.entry("description")
                    .or_insert(help.about.as_str().into())
            });
        }
        files.insert(file_name(command), render(&schema)?);
    }
    let title = "An error, printed to stderr with --json";
    let schema = build("error", title, error)?;
    files.insert(file_name("error"), render(&schema)?);
    Ok(files)
}

/// Returns the commands that have a schema, such as `task list`.
pub fn commands() -> impl Iterator<Item = &'static str> {
    ANSWERS.iter().map(|(command, _)| *command)
}

/// Returns the file of a command's schema, such as `docs/schemas/task-list.schema.json`, relative to the
/// root of the project.
pub fn file_name(command: &str) -> String {
    format!("{FOLDER}/{}.schema.{EXTENSION}", command.replace(' ', "-"))
}

/// Fails for each command without a schema, and for each schema without a command.
fn check_commands(tree: &CommandHelp) -> Result<()> {
    let commands = tree
        .all()
        .into_iter()
        .filter(|command| command.is_runnable());
    let commands: BTreeSet<String> = commands.map(CommandHelp::words).collect();
    let without_json = NO_JSON.iter().map(|(command, _)| *command);
    let known = self::commands().chain(without_json);
    let known: BTreeSet<String> = known.map(str::to_owned).collect();
    let missing: Vec<&String> = commands.difference(&known).collect();
    let unknown: Vec<&String> = known.difference(&commands).collect();
    ensure!(
        missing.is_empty() && unknown.is_empty(),
        "xtask/src/schemas/answers.rs: commands without a schema: {missing:?}, schemas without a \
         command: {unknown:?}"
    );
    Ok(())
}

/// Returns the text of a schema, with sorted keys whether or not serde_json has its feature
/// `preserve_order`.
fn render(schema: &Value) -> Result<String> {
    let schema = Json::encode(schema).context("cannot sort the keys of a schema")?;
    Ok(serde_json::to_string_pretty(&schema)? + "\n")
}

/// Builds a schema with everything that it refers to.
fn build(name: &str, title: &str, schema: Answer) -> Result<Value> {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut generator = settings.into_generator();
    let mut schema = schema(&mut generator).to_value();
    let definitions = generator.take_definitions(true);
    let root = schema
        .as_object_mut()
        .with_context(|| format!("the schema of {name} is not an object"))?;
    let name = name.replace(' ', "-");
    root.insert(
        "$schema".into(),
        "https://json-schema.org/draft/2020-12/schema".into(),
    );
    root.insert("$id".into(), format!("urn:wsdb:{name}").into());
    root.insert("title".into(), title.into());
    let mut renamed = Map::new();
    for (type_name, definition) in definitions {
        let short = without_suffix(&type_name);
        let previous = renamed.insert(short.to_owned(), definition);
        ensure!(previous.is_none(), "{name}: two types are named {short}");
    }
    if !renamed.is_empty() {
        root.insert("$defs".into(), renamed.into());
    }
    simplify(&mut schema);
    Ok(schema)
}

/// Returns the name of a view's type without its suffix, such as `Task` for `TaskView`.
fn without_suffix(name: &str) -> &str {
    name.strip_suffix("View").unwrap_or(name)
}

/// Removes what only Rust programmers know: formats of numbers, links in descriptions and names of
/// types.
fn simplify(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object
                .get("format")
                .is_some_and(|format| format.is_string() && format != "date-time")
            {
                object.remove("format");
            }
            if let Some(Value::String(text)) = object.get_mut("description") {
                *text = without_links(text);
            }
            if let Some(Value::String(reference)) = object.get_mut("$ref") {
                *reference = without_suffix(reference).to_owned();
            }
            object.values_mut().for_each(simplify);
        }
        Value::Array(items) => items.iter_mut().for_each(simplify),
        _ => {}
    }
}

/// Returns the text on one line and without links of Rust's documentation: `name` for
/// ``[`name`](path)``.
fn without_links(text: &str) -> String {
    let mut rest = text;
    let mut result = String::new();
    while let Some((before, link)) = rest.split_once("[`") {
        let Some((name, after)) = link.split_once("`]") else {
            break;
        };
        result.push_str(&format!("{before}`{name}`"));
        rest = match after
            .strip_prefix('(')
            .and_then(|path| path.split_once(')'))
        {
            Some((_, after)) => after,
            None => after,
        };
    }
    result.push_str(rest);
    result
        .replace("\n\n", "\u{0}")
        .replace('\n', " ")
        .replace('\u{0}', "\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_become_names() {
        assert_eq!(
            without_links("Same as [`id`](core::Task::id),\nbut [`x`].\n\nMore."),
            "Same as `id`, but `x`.\n\nMore."
        );
        assert_eq!(without_links("a [`b"), "a [`b");
    }
}
