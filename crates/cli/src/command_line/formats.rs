//! The output formats of each command.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{ArgMatches, ValueEnum};

use crate::args::Global;
use crate::ui::format::Format;

/// Formats of lists of records.
const LIST: &[&str] = &["table", "json", "jsonl", "csv", "md"];

/// Returns the formats of a command, the default first. `path` is the command without `wsdb`.
pub(super) fn formats_of(path: &str) -> &'static [&'static str] {
    match path {
        "handoff" => &["md", "json"],
        "completions" => &["table"],
        "architecture compare" => &["table", "json", "md"],
        "task graph" => &["table", "json", "dot", "mermaid"],
        "architecture show" | "config diff" | "context time" | "drift scans" | "drift trend"
        | "history" | "placement rules" | "search" | "session links" | "task blocked"
        | "task ready" => LIST,
        path if path.ends_with(" list") => LIST,
        _ => &["table", "json"],
    }
}

/// Checks that the command has the format that was given. Clap accepts any format before the name of
/// the command.
pub(super) fn check(
    matches: &ArgMatches,
    global: &Global,
    command: &clap::Command,
) -> Result<(), clap::Error> {
    let path = path_of(matches);
    let formats = formats_of(&path);
    let name = global.format.to_possible_value();
    let name = name.map_or(String::new(), |value| value.get_name().to_owned());
    let error = |kind, context: Vec<(ContextKind, ContextValue)>| {
        let mut error = clap::Error::new(kind).with_cmd(command);
        for (kind, value) in context {
            error.insert(kind, value);
        }
        Err(error)
    };
    let json_conflicts_with = |other: String| {
        let context = vec![
            (
                ContextKind::InvalidArg,
                ContextValue::String("--json".to_owned()),
            ),
            (ContextKind::PriorArg, ContextValue::String(other)),
        ];
        error(ErrorKind::ArgumentConflict, context)
    };
    let is_given = matches.value_source("format") == Some(ValueSource::CommandLine);
    if global.json && is_given && global.format != Format::Json {
        return json_conflicts_with(format!("--format {name}"));
    }
    if global.json {
        return if formats.contains(&"json") {
            Ok(())
        } else {
            json_conflicts_with(format!("wsdb {path}"))
        };
    }
    if formats.contains(&name.as_str()) {
        return Ok(());
    }
    let formats = formats.iter().map(|format| (*format).to_owned());
    let context = vec![
        (
            ContextKind::InvalidArg,
            ContextValue::String("--format <FORMAT>".to_owned()),
        ),
        (ContextKind::InvalidValue, ContextValue::String(name)),
        (
            ContextKind::ValidValue,
            ContextValue::Strings(formats.collect()),
        ),
    ];
    error(ErrorKind::InvalidValue, context)
}

/// Returns the words of the command after `wsdb`.
fn path_of(matches: &ArgMatches) -> String {
    let (mut words, mut matches) = (Vec::new(), matches);
    while let Some((name, inner)) = matches.subcommand() {
        words.push(name);
        matches = inner;
    }
    words.join(" ")
}

/// Returns whether the arguments of this process ask for JSON, whether or not they are valid.
pub(crate) fn is_json_requested() -> bool {
    let mut args = std::env::args_os().take_while(|arg| arg != "--");
    while let Some(arg) = args.next() {
        let is_json = match arg.to_str() {
            Some("--json" | "--format=json" | "--format=jsonl") => true,
            Some("--format") => args
                .next()
                .is_some_and(|value| value == "json" || value == "jsonl"),
            _ => false,
        };
        if is_json {
            return true;
        }
    }
    false
}
