//! Reads the lock file of Mix, `mix.lock`.

use wsdb_core::{Json, JsonObject};

use super::scanner::{MAX_DEPTH, Scanner};
use super::syntax_error::SyntaxError;

/// Names of the elements of a package from Hex, after `:hex`.
/// See <https://github.com/hexpm/hex/blob/main/lib/hex/utils.ex> (`lock`).
const HEX_FIELDS: [&str; 7] = [
    "name",
    "version",
    "inner_checksum",
    "managers",
    "dependencies",
    "repo",
    "outer_checksum",
];
/// Names of the elements of a package from Git, after `:git`.
const GIT_FIELDS: [&str; 3] = ["url", "revision", "options"];
/// Names of the elements of a dependency.
const DEPENDENCY_FIELDS: [&str; 3] = ["name", "requirement", "options"];

/// Parses a lock file into an object of packages. An atom is a text that begins with `:`.
///
/// The elements of packages have names, so that a difference names what changed.
pub(super) fn read_mix_lock(text: &str) -> Result<Json, SyntaxError> {
    let mut scanner = Scanner::new(text, &["#"]);
    let value = read_value(&mut scanner, 0)?;
    if !scanner.rest().is_empty() {
        return Err(scanner.error("expected the end of the file"));
    }
    Ok(match value {
        Json::Object(packages) => {
            let packages = packages.into_iter();
            let packages = packages.map(|(name, package)| (name, name_elements(package)));
            packages.collect::<JsonObject>().into()
        }
        other => other,
    })
}

/// Turns the tuple of a package into an object, if its elements are known.
fn name_elements(package: Json) -> Json {
    let Json::Array(elements) = package else {
        return package;
    };
    let fields: &[&str] = match elements.first().and_then(Json::as_str) {
        Some(":hex") => &HEX_FIELDS,
        Some(":git") => &GIT_FIELDS,
        _ => return elements.into(),
    };
    if elements.len() > fields.len() + 1 {
        return elements.into();
    }
    let names = std::iter::once("source").chain(fields.iter().copied());
    let fields = names.zip(elements).map(|(name, element)| {
        let element = match (name, element) {
            ("dependencies", Json::Array(list)) => list.into_iter().map(name_dependency).collect(),
            (_, element) => element,
        };
        (name.to_owned(), element)
    });
    fields.collect::<JsonObject>().into()
}

fn name_dependency(dependency: Json) -> Json {
    match dependency {
        Json::Array(elements) if elements.len() == DEPENDENCY_FIELDS.len() => {
            let names = DEPENDENCY_FIELDS.iter().map(|name| (*name).to_owned());
            names.zip(elements).collect::<JsonObject>().into()
        }
        other => other,
    }
}

/// Reads a literal of Elixir: a map, a list, a keyword list, a tuple, a text, an atom or an integer.
fn read_value(scanner: &mut Scanner<'_>, depth: usize) -> Result<Json, SyntaxError> {
    if depth > MAX_DEPTH {
        return Err(scanner.error("nested too deeply"));
    }
    if scanner.skip("%{") {
        let mut fields = JsonObject::new();
        while !scanner.skip("}") {
            let key = read_key(scanner)?;
            add_field(scanner, &mut fields, key, depth)?;
            if !scanner.skip(",") {
                scanner.expect("}")?;
                break;
            }
        }
        return Ok(fields.into());
    }
    if scanner.skip("{") {
        return read_list(scanner, "}", depth);
    }
    if scanner.skip("[") {
        let rest = scanner.rest();
        let word = rest.find(|c: char| !c.is_alphanumeric() && !"_?!".contains(c));
        let is_keyword_list = word.is_some_and(|end| end > 0 && rest[end..].starts_with(": "));
        return if is_keyword_list {
            read_keyword_list(scanner, depth)
        } else {
            read_list(scanner, "]", depth)
        };
    }
    if scanner.rest().starts_with('"') {
        return scanner.string().map(Json::from);
    }
    if scanner.skip(":") {
        let atom = read_atom(scanner)?;
        return Ok(format!(":{atom}").into());
    }
    match scanner.word(&[]) {
        "true" => Ok(Json::Bool(true)),
        "false" => Ok(Json::Bool(false)),
        "nil" => Ok(Json::Null),
        word if word.bytes().all(|byte| byte.is_ascii_digit()) => {
            let number = word.parse();
            number.map_err(|_| scanner.error("expected a value"))
        }
        _ => Err(scanner.error("expected a value")),
    }
}

fn read_atom(scanner: &mut Scanner<'_>) -> Result<String, SyntaxError> {
    if scanner.rest().starts_with('"') {
        return scanner.string();
    }
    match scanner.word(&['@', '?', '!']) {
        "" => Err(scanner.error("expected an atom")),
        word => Ok(word.to_owned()),
    }
}

/// Reads the key of a map: `"key":`, `key:` or `"key" =>`.
fn read_key(scanner: &mut Scanner<'_>) -> Result<String, SyntaxError> {
    let key = read_atom(scanner)?;
    if !scanner.skip("=>") {
        scanner.expect(":")?;
    }
    Ok(key)
}

fn read_list(scanner: &mut Scanner<'_>, end: &str, depth: usize) -> Result<Json, SyntaxError> {
    let mut list: Vec<Json> = Vec::new();
    while !scanner.skip(end) {
        list.push(read_value(scanner, depth + 1)?);
        if !scanner.skip(",") {
            scanner.expect(end)?;
            break;
        }
    }
    Ok(list.into())
}

fn read_keyword_list(scanner: &mut Scanner<'_>, depth: usize) -> Result<Json, SyntaxError> {
    let mut fields = JsonObject::new();
    while !scanner.skip("]") {
        let key = read_key(scanner)?;
        add_field(scanner, &mut fields, key, depth)?;
        if !scanner.skip(",") {
            scanner.expect("]")?;
            break;
        }
    }
    Ok(fields.into())
}

fn add_field(
    scanner: &mut Scanner<'_>,
    fields: &mut JsonObject,
    key: String,
    depth: usize,
) -> Result<(), SyntaxError> {
    if fields.contains_key(&key) {
        return Err(scanner.error(format!("duplicate key {key}")));
    }
    let value = read_value(scanner, depth + 1)?;
    fields.insert(key, value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use wsdb_core::json;

    use super::*;

    fn read(text: &str) -> Result<Json, String> {
        read_mix_lock(text)
            .map_err(|error| format!("{}:{}: {}", error.line, error.column, error.reason))
    }

    #[test]
    fn lock_file_is_an_object_of_packages() {
        let text = r#"%{
  "jason": {:hex, :jason, "1.4.1", "af1504e3", [:mix], [{:decimal, "~> 1.0 or ~> 2.0", [hex: :decimal, repo: "hexpm", optional: true]}], "hexpm", "fbb01ecd"},
  "old": {:hex, :old, "1.0.0"},
  "spark": {:git, "https://x.example/spark.git", "abc", [branch: "main"]},
  "other" => {:path, "x", [], 12, nil, false}, # c
}
"#;
        assert_eq!(
            read(text),
            Ok(json!({
                "jason": {
                    "source": ":hex", "name": ":jason", "version": "1.4.1", "inner_checksum": "af1504e3",
                    "managers": [":mix"],
                    "dependencies": [{
                        "name": ":decimal", "requirement": "~> 1.0 or ~> 2.0",
                        "options": {"hex": ":decimal", "repo": "hexpm", "optional": true},
                    }],
                    "repo": "hexpm", "outer_checksum": "fbb01ecd",
                },
                "old": {"source": ":hex", "name": ":old", "version": "1.0.0"},
                "spark": {
                    "source": ":git", "url": "https://x.example/spark.git", "revision": "abc",
                    "options": {"branch": "main"},
                },
                "other": [":path", "x", [], 12, null, false],
            }))
        );
        assert_eq!(read("%{}\n"), Ok(json!({})));
    }

    #[test]
    fn errors_have_a_position() {
        let deep = "[".repeat(10_000);
        for (text, error) in [
            ("", "1:1: expected a value"),
            ("%{\n  \"a\": {:hex, b},\n}", "2:16: expected a value"),
            ("%{\"a\": 1, \"a\": 2}", "1:15: duplicate key a"),
            ("%{\"a\": [1 2]}", "1:11: expected ]"),
            ("%{\"a\": 1", "1:9: expected }"),
            ("%{a: ~s(x)}", "1:6: expected a value"),
            ("%{} x", "1:5: expected the end of the file"),
            ("%{\"#{a}\": 1}", "1:4: interpolation is not supported"),
            (&deep, "1:22: nested too deeply"),
        ] {
            assert_eq!(read(text), Err(error.to_owned()), "{text}");
        }
    }
}
