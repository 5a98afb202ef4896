//! Validation of the rules of a placement against their schema.

use std::fmt;
use std::sync::LazyLock;

use boon::{Compiler, ErrorKind, Format, SchemaIndex, Schemas, ValidationError};
use serde_json::Value;

use super::RULES_SCHEMA;
use crate::glob::{glob, has_wildcards, module_path};
use crate::{Json, JsonKind};

/// A problem in the rules of a placement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleViolation {
    /// Its JSON path, such as `$.forbidden_imports[0]`.
    pub path: String,
    /// The message.
    pub reason: String,
}

impl fmt::Display for RuleViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.reason)
    }
}

/// Returns all problems in the order of their paths; empty if the rules match the schema.
///
/// ```
/// let rules = wsdb_core::json!({"forbiden_imports": ["pandas"], "severity": "high"});
/// let violations = wsdb_core::validate_rules(&rules);
/// let messages: Vec<String> = violations.iter().map(ToString::to_string).collect();
/// assert_eq!(messages, [
///     "$: unknown rule \"forbiden_imports\"",
///     "$.severity: expected CRITICAL, HIGH, MEDIUM or LOW, found \"high\"",
/// ]);
/// ```
pub fn validate_rules(rules: &Json) -> Vec<RuleViolation> {
    let (schemas, index) = &*SCHEMA;
    let Some(index) = index else {
        return Vec::new();
    };
    let mut violations = Vec::new();
    if let Err(error) = schemas.validate(&to_schema_value(rules), *index) {
        collect_leaf_errors(&error, rules, &mut violations);
    }
    violations.sort();
    violations.dedup();
    violations
}

/// Converts a value to the type that [`boon`] takes. Numbers lose digits, which the schema does not
/// check.
fn to_schema_value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => (*value).into(),
        Json::Number(number) => match number.as_i64() {
            Some(integer) => integer.into(),
            None => number.as_f64().unwrap_or(f64::MAX).into(),
        },
        Json::String(text) => text.as_str().into(),
        Json::Array(list) => list.iter().map(to_schema_value).collect(),
        Json::Object(object) => object
            .iter()
            .map(|(key, value)| (key.as_str(), to_schema_value(value)))
            .collect(),
    }
}

/// Compiled on first use, which takes some milliseconds.
static SCHEMA: LazyLock<(Schemas, Option<SchemaIndex>)> = LazyLock::new(|| {
    let (mut compiler, mut schemas) = (Compiler::new(), Schemas::new());
    compiler.enable_format_assertions();
    for (name, func) in FORMATS {
        compiler.register_format(Format { name, func: *func });
    }
    const NAME: &str = "urn:wsdb:placement-rules";
    let index = serde_json::from_str(RULES_SCHEMA).ok().and_then(|schema| {
        compiler.add_resource(NAME, schema).ok()?;
        compiler.compile(NAME, &mut schemas).ok()
    });
    (schemas, index)
});

type Check = fn(&Value) -> Result<(), Box<dyn std::error::Error>>;

const FORMATS: &[(&str, Check)] = &[
    ("module", |value| match value.as_str() {
        Some(name) if has_wildcards(name) => {
            Err("use {\"pattern\": …} for a name with wildcards".into())
        }
        name => name.map_or(Ok(()), check_name),
    }),
    ("module-glob", |value| match value.as_str() {
        Some(text) => check_name(text).and_then(|()| check_glob(&module_path(text))),
        None => Ok(()),
    }),
    ("path-glob", |value| match value.as_str() {
        Some(text) if text.trim().is_empty() => Err("path must not be empty".into()),
        Some(text) => check_glob(text),
        None => Ok(()),
    }),
];

fn check_name(name: &str) -> Result<(), Box<dyn std::error::Error>> {
    if name.is_empty() || name.contains(char::is_whitespace) {
        Err("module name must not be empty or contain whitespace".into())
    } else {
        Ok(())
    }
}

fn check_glob(text: &str) -> Result<(), Box<dyn std::error::Error>> {
    glob(text).map(|_| ()).map_err(Into::into)
}

/// Collects the errors at the leaves of the tree: the others only summarize them.
fn collect_leaf_errors(
    error: &ValidationError<'_, '_>,
    rules: &Json,
    violations: &mut Vec<RuleViolation>,
) {
    let at = &error.instance_location;
    let reason = match &error.kind {
        ErrorKind::OneOf(Some(_)) => "has both module and pattern; use only one of them".to_owned(),
        ErrorKind::OneOf(None) => "missing module or pattern".to_owned(),
        ErrorKind::Required { want } => format!("missing {}", want.join(" and ")),
        ErrorKind::AdditionalProperties { got } => {
            let names: Vec<String> = got.iter().map(|name| format!("{name:?}")).collect();
            let names = names.join(", ");
            if at.tokens.is_empty() {
                format!("unknown rule {names}")
            } else {
                format!("unknown field {names}")
            }
        }
        ErrorKind::Enum { .. } => {
            let value = rules.pointer(&pointer(at)).unwrap_or(&Json::Null);
            format!("expected CRITICAL, HIGH, MEDIUM or LOW, found {value}")
        }
        ErrorKind::Format { err, .. } => err.to_string(),
        ErrorKind::Pattern { .. } => "must not be empty".to_owned(),
        ErrorKind::Type { got, want } => {
            let want: Vec<&str> = want.iter().map(type_name).collect();
            format!("expected {}, found {}", want.join(" or "), type_name(*got))
        }
        other if error.causes.is_empty() => other.to_string(),
        _ => {
            for cause in &error.causes {
                collect_leaf_errors(cause, rules, violations);
            }
            return;
        }
    };
    let path = path(at);
    violations.push(RuleViolation { path, reason });
}

/// Returns the name of a JSON type, as [`json_kind`](crate::json_kind) writes it.
fn type_name(kind: boon::Type) -> &'static str {
    let kind = match kind {
        boon::Type::Null => JsonKind::Null,
        boon::Type::Boolean => JsonKind::Bool,
        boon::Type::Number => JsonKind::Number,
        boon::Type::Integer => return "an integer",
        boon::Type::String => JsonKind::String,
        boon::Type::Array => JsonKind::Array,
        boon::Type::Object => JsonKind::Object,
    };
    kind.text()
}

fn pointer(at: &boon::InstanceLocation<'_>) -> String {
    let segments = at.tokens.iter().map(|token| match token {
        boon::InstanceToken::Prop(name) => {
            format!("/{}", name.replace('~', "~0").replace('/', "~1"))
        }
        boon::InstanceToken::Item(index) => format!("/{index}"),
    });
    segments.collect()
}

fn path(at: &boon::InstanceLocation<'_>) -> String {
    let segments = at.tokens.iter().map(|token| match token {
        boon::InstanceToken::Prop(name) => format!(".{name}"),
        boon::InstanceToken::Item(index) => format!("[{index}]"),
    });
    format!("${}", segments.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn messages(rules: Json) -> Vec<String> {
        validate_rules(&rules)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn schema_compiles() {
        assert!(SCHEMA.1.is_some());
    }

    #[test]
    fn valid_rules_have_no_violations() {
        for rules in [
            json!({}),
            json!({"forbidden_imports": ["pandas"]}),
            json!({"allowed_imports": [{"pattern": "orchard_*.**", "x-since": 2024}], "x-mine": 1}),
            json!({
                "forbidden_imports": [{"module": "pandas", "severity": "LOW", "why": "slow",
                    "decision": "DEC-001"}],
                "allowed_paths": ["src/**", "tests/{a,b}/*.py"],
                "forbidden_paths": [{"path": "orchard-core", "why": "no season"}],
                "severity": "HIGH", "why": "agreed", "decision": "DEC-002",
            }),
        ] {
            assert_eq!(messages(rules.clone()), [""; 0], "{rules}");
        }
    }

    #[test]
    fn unknown_names_are_quoted_one_by_one() {
        let rules = json!({"allow": [], "forbid": []});
        assert_eq!(messages(rules), ["$: unknown rule \"allow\", \"forbid\""]);
    }

    #[test]
    fn all_violations_are_reported_together() {
        let rules = json!({
            "forbidden_import": ["x"],
            "forbidden_imports": ["", "pan das", "a.*", 7, {}, {"module": "a", "pattern": "b"},
                {"module": "a", "reason": "none"}],
            "allowed_paths": "src",
            "forbidden_paths": ["[", " ", {"why": "x"}, {"path": "a{b"}],
            "severity": "severe", "why": "", "decision": 1,
        });
        assert_eq!(
            messages(rules),
            [
                "$: unknown rule \"forbidden_import\"",
                "$.allowed_paths: expected a list, found a string",
                "$.decision: expected a string, found a number",
                "$.forbidden_imports[0]: module name must not be empty or contain whitespace",
                "$.forbidden_imports[1]: module name must not be empty or contain whitespace",
                "$.forbidden_imports[2]: use {\"pattern\": …} for a name with wildcards",
                "$.forbidden_imports[3]: expected a string or an object, found a number",
                "$.forbidden_imports[4]: missing module or pattern",
                "$.forbidden_imports[5]: has both module and pattern; use only one of them",
                "$.forbidden_imports[6]: unknown field \"reason\"",
                "$.forbidden_paths[0]: unclosed character class; missing ']'",
                "$.forbidden_paths[1]: path must not be empty",
                "$.forbidden_paths[2]: missing path",
                "$.forbidden_paths[3].path: unclosed alternate group; missing '}' \
                 (maybe escape '{' with '[{]'?)",
                "$.severity: expected CRITICAL, HIGH, MEDIUM or LOW, found \"severe\"",
                "$.why: must not be empty",
            ]
        );
        assert_eq!(
            messages(json!(["pandas"])),
            ["$: expected an object, found a list"]
        );
    }
}
