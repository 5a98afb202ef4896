//! The options for the rules of a placement.

use clap::{Arg, Args, Command, FromArgMatches};
use wsdb_app::resolve_references;
use wsdb_core::{
    ComponentPlacement, Decision, Json, RuleKind, Severity, Vocabulary, json, parse_rules,
};

use crate::args::{json_or_file, name, vocabulary_parser};
use crate::commands::fields::{Cell, Given, PendingSetter, Setter};
use crate::commands::note_missing;
use crate::context::Context;

#[derive(Debug, Default, PartialEq, Args)]
#[command(next_help_heading = "Rule options")]
struct RuleArgs {
    /// All rules: JSON, a file, or - for stdin
    #[arg(long, value_name = "JSON|FILE")]
    rules: Option<String>,
    /// Modules or patterns that the component must not import (comma-separated)
    #[arg(long, value_name = "MODULE", value_delimiter = ',', value_parser = name)]
    forbid: Vec<String>,
    /// The only modules or patterns that the component may import (comma-separated)
    #[arg(long, value_name = "MODULE", value_delimiter = ',', value_parser = name)]
    allow: Vec<String>,
    /// The only paths allowed for its files (may be repeated)
    #[arg(long, value_name = "GLOB", value_parser = name)]
    scope: Vec<String>,
    /// Paths forbidden for its files (may be repeated)
    #[arg(long, value_name = "GLOB", value_parser = name)]
    forbid_path: Vec<String>,
    /// Default severity of violations, for rules that set none
    #[arg(long, value_parser = vocabulary_parser::<Severity>())]
    severity: Option<Severity>,
    /// Default reason, for rules that set none
    #[arg(long, value_name = "TEXT")]
    why: Option<String>,
    /// Default decision, for rules that set none
    #[arg(long, value_name = "ID", value_parser = name)]
    decision: Option<String>,
}

impl RuleArgs {
    fn reads_stdin(&self) -> bool {
        self.rules.as_deref() == Some("-")
    }

    /// Reads stdin and files, resolves ids and returns a function that sets the rules of a
    /// placement. The rules are checked against the schema when they are written.
    async fn resolve(
        self,
        context: &Context,
    ) -> anyhow::Result<impl Fn(&mut ComponentPlacement) + use<>> {
        let all = self.rules.as_deref().map(json_or_file).transpose()?;
        let decisions = context.workspace.store.decisions();
        let decision = resolve_references(&decisions, self.decision.as_slice()).await?;
        let paths = |globs: Vec<String>| globs.into_iter().map(Json::String).collect();
        let lists: [(RuleKind, Vec<Json>); 4] = [
            (RuleKind::ForbiddenImports, modules(self.forbid)),
            (RuleKind::AllowedImports, modules(self.allow)),
            (RuleKind::AllowedPaths, paths(self.scope)),
            (RuleKind::ForbiddenPaths, paths(self.forbid_path)),
        ];
        let mut parts: Vec<(&'static str, Json)> = lists
            .into_iter()
            .filter(|(_, entries)| !entries.is_empty())
            .map(|(kind, entries)| (kind.as_str(), Json::Array(entries)))
            .collect();
        parts.extend(self.severity.map(|s| ("severity", s.as_str().into())));
        parts.extend(self.why.map(|why| ("why", why.into())));
        parts.extend(decision.first().map(|id| ("decision", id.as_str().into())));
        let named = parts
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        let named = Json::Object(named.collect());
        for rules in all.iter().chain([&named]) {
            note_missing_decisions(context, rules).await?;
        }
        Ok(move |placement: &mut ComponentPlacement| {
            if let Some(all) = &all {
                placement.rules = Some(all.clone());
            }
            for (name, value) in &parts {
                let rules = placement.rules.get_or_insert_with(|| json!({}));
                // Anything but an object is left for the schema check, which refuses it.
                if let Json::Object(fields) = rules {
                    fields.insert((*name).to_owned(), value.clone());
                }
            }
        })
    }
}

/// The rules of a placement, as a field with several options.
pub(super) struct RuleOptions;

fn rule_args(given: &Given) -> Result<RuleArgs, clap::Error> {
    RuleArgs::from_arg_matches(given.matches())
}

impl Cell<ComponentPlacement> for RuleOptions {
    fn augment(&self, command: Command, _option: Arg) -> Command {
        RuleArgs::augment_args(command)
    }

    fn is_given(&self, _name: &str, given: &Given) -> bool {
        rule_args(given).map_or(true, |args| args != RuleArgs::default())
    }

    fn reads_stdin(&self, _name: &str, given: &Given) -> bool {
        rule_args(given).is_ok_and(|args| args.reads_stdin())
    }

    fn resolve<'a>(
        &'a self,
        _name: &'static str,
        given: &'a Given,
        context: &'a Context,
    ) -> PendingSetter<'a, ComponentPlacement> {
        Box::pin(async move {
            let set = rule_args(given)?.resolve(context).await?;
            Ok(Box::new(set) as Setter<ComponentPlacement>)
        })
    }

    fn clear(&self) -> Option<Setter<ComponentPlacement>> {
        Some(Box::new(|placement| placement.rules = None))
    }
}

/// Returns the entries of a rule about modules: names, or patterns if they contain wildcards.
fn modules(names: Vec<String>) -> Vec<Json> {
    let entry = |name: String| {
        if name.contains(['*', '?', '[', '{']) {
            json!({ "pattern": name })
        } else {
            Json::String(name)
        }
    };
    names.into_iter().map(entry).collect()
}

/// Prints a note for each decision that the rules reference and that does not exist: it may be added
/// later, but more often it is mistyped.
async fn note_missing_decisions(context: &Context, rules: &Json) -> anyhow::Result<()> {
    let mut ids: Vec<_> = parse_rules(rules)
        .into_iter()
        .filter_map(|rule| rule.decision)
        .collect();
    ids.extend(rules["decision"].as_str().and_then(|id| id.parse().ok()));
    ids.sort();
    ids.dedup();
    note_missing::<Decision>(context, &ids).await
}
