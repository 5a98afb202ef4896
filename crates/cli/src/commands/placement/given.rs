//! The rules of a placement, as they are given on the command line.

use clap::Args;
use serde_json::{Value, json};
use wsdb_app::resolve_or_keep;
use wsdb_core::{ComponentPlacement, RuleKind, Severity, Vocabulary, read_rules};

use crate::args::{json_or_file, known, name};
use crate::commands::Context;

#[derive(Debug, Default, PartialEq, Args)]
#[command(next_help_heading = "Rules")]
pub(super) struct GivenRules {
    /// All rules, in place of those it has: JSON, a file with it, or - for stdin; see
    /// `wsdb placement rules --schema`
    #[arg(long, value_name = "JSON|FILE")]
    pub(super) rules: Option<String>,
    /// Modules that it must not import, in place of those it has; with * they are a pattern
    #[arg(long, value_name = "MODULE", value_delimiter = ',', value_parser = name)]
    pub(super) forbid: Vec<String>,
    /// The only modules that it may import, in place of those it has
    #[arg(long, value_name = "MODULE", value_delimiter = ',', value_parser = name)]
    pub(super) allow: Vec<String>,
    /// Where alone its files may lie, in place of what it has; may be repeated
    #[arg(long, value_name = "GLOB", value_parser = name)]
    pub(super) scope: Vec<String>,
    /// Where its files must not lie, in place of what it has; may be repeated
    #[arg(long, value_name = "GLOB", value_parser = name)]
    pub(super) forbid_path: Vec<String>,
    /// How grave it is to break a rule that doesn't say so itself
    #[arg(long, value_parser = known::<Severity>())]
    pub(super) severity: Option<Severity>,
    /// Why the rules hold, where they don't say so themselves
    #[arg(long, value_name = "TEXT")]
    pub(super) why: Option<String>,
    /// The decision behind the rules that don't name one themselves
    #[arg(long, value_name = "ID", value_parser = name)]
    pub(super) decision: Option<String>,
}

impl GivenRules {
    pub(super) fn reads_stdin(&self) -> bool {
        self.rules.as_deref() == Some("-")
    }

    /// Reads stdin and files and looks ids up; what comes back changes a placement's rules. They
    /// are held against the schema where they are written.
    pub(super) async fn ready(
        self,
        context: &Context,
    ) -> anyhow::Result<impl Fn(&mut ComponentPlacement) + use<>> {
        let all = self.rules.as_deref().map(json_or_file).transpose()?;
        let decisions = context.workspace.store.decisions();
        let decision = resolve_or_keep(&decisions, self.decision.as_slice()).await?;
        let paths = |globs: Vec<String>| globs.into_iter().map(Value::String).collect();
        let lists: [(RuleKind, Vec<Value>); 4] = [
            (RuleKind::ForbiddenImports, modules(self.forbid)),
            (RuleKind::AllowedImports, modules(self.allow)),
            (RuleKind::AllowedPaths, paths(self.scope)),
            (RuleKind::ForbiddenPaths, paths(self.forbid_path)),
        ];
        let mut parts: Vec<(&'static str, Value)> = lists
            .into_iter()
            .filter(|(_, entries)| !entries.is_empty())
            .map(|(kind, entries)| (kind.word(), Value::Array(entries)))
            .collect();
        parts.extend(self.severity.map(|s| ("severity", s.word().into())));
        parts.extend(self.why.map(|why| ("why", why.into())));
        parts.extend(decision.first().map(|id| ("decision", id.as_str().into())));
        let named = parts
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        let named = Value::Object(named.collect());
        for rules in all.iter().chain([&named]) {
            tell_of_missing(context, rules).await?;
        }
        Ok(move |placement: &mut ComponentPlacement| {
            if let Some(all) = &all {
                placement.rules = Some(all.clone());
            }
            for (name, value) in &parts {
                let rules = placement.rules.get_or_insert_with(|| json!({}));
                // What is no object does not fit, and is refused as it is.
                if let Value::Object(fields) = rules {
                    fields.insert((*name).to_owned(), value.clone());
                }
            }
        })
    }
}

/// A module, or a pattern where it has wildcards.
fn modules(names: Vec<String>) -> Vec<Value> {
    let entry = |name: String| match name.contains(['*', '?', '[', '{']) {
        true => json!({ "pattern": name }),
        false => Value::String(name),
    };
    names.into_iter().map(entry).collect()
}

/// A rule may name a decision that is still to come; more often it is mistyped.
async fn tell_of_missing(context: &Context, rules: &Value) -> anyhow::Result<()> {
    let mut ids: Vec<_> = read_rules(rules)
        .into_iter()
        .filter_map(|rule| rule.decision)
        .collect();
    ids.extend(rules["decision"].as_str().and_then(|id| id.parse().ok()));
    ids.sort();
    ids.dedup();
    for id in ids {
        if context
            .workspace
            .store
            .decisions()
            .find(&id)
            .await?
            .is_none()
        {
            let note = format!("the rules name the decision {id}, which does not exist (yet)");
            context.ui.note(&note);
        }
    }
    Ok(())
}
