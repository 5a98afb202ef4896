//! Validates what the binary prints with `--json` against the schemas in `docs/schemas`.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;

use crate::binary::binary;

/// Options that make a command print something else than its answer, even with `--json`.
const OTHER_OUTPUT: &[&str] = &["--help", "-h", "--version", "-V"];

/// Checks what a command of the binary printed as JSON, if it did: its result on stdout, and an error on
/// stderr.
///
/// # Panics
/// The output does not match the schema, or has a key that the schema does not know.
pub fn check_json(command: &Command, output: &Output) {
    let args: Vec<String> = command
        .get_args()
        .map(|arg| arg.to_string_lossy().into_owned())
        .collect();
    let is_other = |arg: &String| OTHER_OUTPUT.contains(&arg.as_str());
    if !is_json(&args) || args.iter().any(is_other) {
        return;
    }
    // Warnings are text; an error is the last line.
    let stderr = String::from_utf8_lossy(&output.stderr);
    match stderr.lines().next_back() {
        Some(error) if error.starts_with('{') => validate("error", error, &args),
        _ => {}
    }
    let stdout = String::from_utf8_lossy(&output.stdout);
    if !stdout.is_empty() {
        validate(&command_of(&args), &stdout, &args);
    }
}

/// Returns whether a command line requests JSON.
fn is_json(args: &[String]) -> bool {
    let format = args.windows(2).any(|pair| pair == ["--format", "json"]);
    format
        || args
            .iter()
            .any(|arg| arg == "--json" || arg == "--format=json")
}

/// A compiled schema.
struct Validator {
    schemas: Schemas,
    index: SchemaIndex,
}

fn validate(name: &str, text: &str, args: &[String]) {
    let value: Value = serde_json::from_str(text)
        .unwrap_or_else(|error| panic!("wsdb {args:?} prints no JSON: {error}: {text}"));
    let Validator { schemas, index } = &*validator(name);
    if let Err(error) = schemas.validate(&value, *index) {
        panic!("wsdb {args:?} does not match the schema of {name:?}: {error:#}\n{value:#}");
    }
}

/// Returns the schema of a command, which is compiled on first use.
fn validator(name: &str) -> Arc<Validator> {
    static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> =
        LazyLock::new(Mutex::default);
    let mut validators = VALIDATORS.lock().unwrap_or_else(|error| error.into_inner());
    if let Some(validator) = validators.get(name) {
        return validator.clone();
    }
    let validator = Arc::new(compile(name));
    validators.insert(name.to_owned(), validator.clone());
    validator
}

fn compile(name: &str) -> Validator {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let file = root.join(xtask::schemas::file_name(name));
    let text = std::fs::read_to_string(&file);
    let text = text.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let schema: Result<Value, _> = serde_json::from_str(&text);
    let mut schema = schema.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    forbid_unknown_keys(&mut schema);
    let mut compiler = Compiler::new();
    compiler.enable_format_assertions();
    let mut schemas = Schemas::new();
    const NAME: &str = "urn:wsdb:tested";
    let added = compiler.add_resource(NAME, schema);
    added.unwrap_or_else(|error| panic!("{}: {error:#}", file.display()));
    let index = compiler.compile(NAME, &mut schemas);
    let index = index.unwrap_or_else(|error| panic!("{}: {error:#}", file.display()));
    Validator { schemas, index }
}

/// Makes keys that a schema does not have an error. The schemas allow them, because later versions may
/// add keys.
fn forbid_unknown_keys(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.values_mut().for_each(forbid_unknown_keys);
            if object.get("properties").is_some_and(Value::is_object) {
                object
                    .entry("additionalProperties")
                    .or_insert(Value::Bool(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(forbid_unknown_keys),
        _ => {}
    }
}

/// Returns the words of the command in a command line, such as `task list`.
pub fn command_of(args: &[impl AsRef<str>]) -> String {
    let tree = command_tree();
    let mut command = tree;
    let mut args = args.iter().map(AsRef::as_ref);
    while let Some(arg) = args.next() {
        if arg.starts_with('-') {
            if takes_value(command, arg) || takes_value(tree, arg) {
                args.next();
            }
        } else if let Some(subcommand) = find_subcommand(command, arg) {
            command = subcommand;
        } else {
            break;
        }
    }
    let words = command["path"].as_array().into_iter().flatten().skip(1);
    let words: Vec<&str> = words.filter_map(Value::as_str).collect();
    words.join(" ")
}

fn find_subcommand<'t>(command: &'t Value, word: &str) -> Option<&'t Value> {
    let has_name = |command: &&Value| {
        let aliases = command["aliases"].as_array().into_iter().flatten();
        let name = command["path"].as_array().and_then(|path| path.last());
        name.into_iter().chain(aliases).any(|name| name == word)
    };
    command["subcommands"].as_array()?.iter().find(has_name)
}

/// Returns whether the argument is an option whose value is the next argument.
fn takes_value(command: &Value, option: &str) -> bool {
    let mut arguments = command["arguments"].as_array().into_iter().flatten();
    arguments.any(|argument| {
        let synopsis = argument["synopsis"].as_str().unwrap_or_default();
        let (names, value) = synopsis.split_once(" <").unwrap_or((synopsis, ""));
        !value.is_empty() && names.split(", ").any(|name| name == option)
    })
}

/// Returns the commands of the binary, as `wsdb command-tree` prints them.
fn command_tree() -> &'static Value {
    static TREE: OnceLock<Value> = OnceLock::new();
    TREE.get_or_init(|| {
        let output = Command::new(binary()).arg("command-tree").output();
        let stdout = output.map(|output| output.stdout).unwrap_or_default();
        let tree = serde_json::from_slice(&stdout);
        tree.unwrap_or_else(|error| panic!("wsdb command-tree: {error}"))
    })
}
