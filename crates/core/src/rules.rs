//! Placement rules: what a component may import, where its files may be, and why.
//!
//! Rules are JSON in people's files. [`validate_rules`] validates them against the schema for new
//! rules; [`parse_rules`] accepts whatever it understands of existing ones.

mod validate;

pub use validate::{RuleViolation, validate_rules};

use crate::glob::{covers, glob, has_wildcards, is_within, module_path};
use crate::{DecisionId, Json, JsonObject, RuleKind, Severity, Vocabulary, normalize_path};

/// The JSON Schema of a placement's rules, draft 2020-12.
pub const RULES_SCHEMA: &str = include_str!("rules.schema.json");

/// One rule of a placement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The kind of rule.
    pub kind: RuleKind,
    /// The module, path or glob that it applies to.
    pub subject: String,
    /// Whether the subject of an import rule is a glob.
    pub pattern: bool,
    /// The severity of a violation.
    pub severity: Option<Severity>,
    /// The reason for the rule.
    pub why: Option<String>,
    /// The decision behind the rule; it need not exist.
    pub decision: Option<DecisionId>,
}

impl Rule {
    /// Whether the rule applies to a module.
    ///
    /// ```
    /// let rules = wsdb_core::json!({"forbidden_imports": ["pandas", {"pattern": "orchard_*.web"}]});
    /// let rules = wsdb_core::parse_rules(&rules);
    /// assert!(rules[0].matches_module("pandas.core") && !rules[0].matches_module("pandas2"));
    /// assert!(rules[1].matches_module("orchard_x.web.a"));
    /// assert!(!rules[1].matches_module("orchard_x"));
    /// ```
    pub fn matches_module(&self, module: &str) -> bool {
        let (module, subject) = (module_path(module), module_path(&self.subject));
        self.kind.applies_to_imports()
            && if self.pattern {
                glob(&subject).is_ok_and(|glob| covers(&glob, &module))
            } else {
                is_within(&module, &subject)
            }
    }

    /// Whether the rule applies to a path, given relative to the repo and relative to the
    /// workspace.
    pub fn matches_path(&self, forms: &[String]) -> bool {
        if self.kind.applies_to_imports() {
            return false;
        }
        let subject = normalize_path(&self.subject);
        if has_wildcards(&subject) {
            glob(&subject).is_ok_and(|glob| forms.iter().any(|p| covers(&glob, p)))
        } else {
            forms.iter().any(|path| is_within(path, &subject))
        }
    }
}

/// Returns the rules that can be parsed, and skips the others.
pub fn parse_rules(rules: &Json) -> Vec<Rule> {
    let Json::Object(fields) = rules else {
        return Vec::new();
    };
    let mut parsed = Vec::new();
    for kind in RuleKind::ALL {
        let entries = match fields.get(kind.as_str()) {
            Some(Json::Array(entries)) => entries.as_slice(),
            // In rules written by hand, a single entry may lack its brackets.
            Some(entry @ (Json::String(_) | Json::Object(_))) => std::slice::from_ref(entry),
            _ => &[],
        };
        parsed.extend(
            entries
                .iter()
                .filter_map(|entry| rule(*kind, entry, fields)),
        );
    }
    parsed
}

fn rule(kind: RuleKind, entry: &Json, all: &JsonObject) -> Option<Rule> {
    let text = |name: &str| entry.get(name).and_then(Json::as_str);
    let module = entry.as_str().or(text("module")).or(text("path"));
    let subject = module.or(text("pattern"))?.trim();
    let own_or_common = |name: &str| text(name).or_else(|| all.get(name)?.as_str());
    (!subject.is_empty()).then(|| Rule {
        kind,
        subject: subject.to_owned(),
        pattern: module.is_none(),
        severity: own_or_common("severity").and_then(|word| word.parse().ok()),
        why: own_or_common("why").map(str::to_owned),
        decision: own_or_common("decision").and_then(|id| id.parse().ok()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use proptest::prelude::*;

    #[test]
    fn rule_inherits_the_common_fields() {
        let rules = parse_rules(&json!({
            "forbidden_imports": [{"module": "pandas", "why": "slow"}, 7],
            "forbidden_paths": "orchard-core",
            "severity": "high", "why": "agreed", "decision": "DEC-001",
        }));
        let decision = "DEC-001".parse().ok();
        let rule = |kind, subject: &str, why: &str| Rule {
            kind,
            subject: subject.to_owned(),
            pattern: false,
            severity: Some(Severity::High),
            why: Some(why.to_owned()),
            decision: decision.clone(),
        };
        assert_eq!(
            rules,
            [
                rule(RuleKind::ForbiddenPaths, "orchard-core", "agreed"),
                rule(RuleKind::ForbiddenImports, "pandas", "slow"),
            ]
        );
    }

    #[test]
    fn globs_match_folders_with_their_contents() {
        let is_match = |glob: &str, path: &str| {
            let rules = parse_rules(&json!({ "forbidden_paths": [glob] }));
            rules[0].matches_path(&[path.to_owned(), format!("core/{path}")])
        };
        assert!(is_match("src", "src/a/b.py"));
        assert!(is_match("./src/", "src/a"));
        assert!(is_match("core/src/**", "src/a/b.py"));
        assert!(is_match("**/b.py", "src/a/b.py"));
        assert!(is_match("src/{a,b}", "src/b"));
        assert!(!is_match("src/*.py", "src/a/b.py"));
        assert!(!is_match("srcs", "src/a"));
        assert!(!is_match("[", "["), "invalid glob");
    }

    proptest! {
        #[test]
        fn any_rules_are_parsed_or_skipped(text in "[\\[\\]{}\":,a*.]{0,24}") {
            for rules in text.parse::<Json>().iter().chain([&json!({
                "forbidden_imports": [text, {"pattern": text}], "allowed_paths": [text],
            })]) {
                for rule in parse_rules(rules) {
                    rule.matches_module("a.b");
                    rule.matches_path(&["a/b".to_owned()]);
                }
                validate_rules(rules);
            }
        }
    }
}
