//! Reads the lock files that have a format of their own: those of Yarn 1 and of Bundler.

use wsdb_core::{Json, JsonObject};

use super::fields::add_value;
use super::syntax_error::SyntaxError;

/// The first line of a lock file of Yarn 1, before its version.
pub(super) const YARN_HEADER: &str = "# yarn lockfile v";
/// The sections that a lock file of Bundler begins with.
pub(super) const BUNDLER_SECTIONS: [&str; 4] = ["GEM", "GIT", "PATH", "PLUGIN SOURCE"];

/// A line and the lines below it that are indented more.
#[derive(Debug)]
struct Node<'t> {
    number: usize,
    text: &'t str,
    children: Vec<Node<'t>>,
}

/// Maximum depth of indented lines; real files have 4 levels.
const MAX_DEPTH: usize = 20;

fn parse_tree(text: &str) -> Result<Vec<Node<'_>>, SyntaxError> {
    let mut whole: Vec<Node<'_>> = Vec::new();
    // Lines with their indentation; the innermost one is last.
    let mut open: Vec<(usize, Node<'_>)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let indentation = line.len() - line.trim_start().len();
        close(&mut open, indentation, &mut whole);
        if open.len() >= MAX_DEPTH {
            let reason = "lines are indented too deeply";
            return Err(SyntaxError::in_line(number, reason));
        }
        let node = Node {
            number,
            text: trimmed,
            children: Vec::new(),
        };
        open.push((indentation, node));
    }
    close(&mut open, 0, &mut whole);
    Ok(whole)
}

/// Adds the open lines with at least this indentation to those that contain them.
fn close<'t>(open: &mut Vec<(usize, Node<'t>)>, indentation: usize, whole: &mut Vec<Node<'t>>) {
    while let Some((_, node)) = open.pop_if(|(outer, _)| *outer >= indentation) {
        match open.last_mut() {
            Some((_, parent)) => parent.children.push(node),
            None => whole.push(node),
        }
    }
}

/// Parses a lock file of Yarn 1 into a list of packages: a package keeps its name if the versions
/// that others ask for change.
pub(super) fn read_yarn(text: &str) -> Result<Json, SyntaxError> {
    let packages = parse_tree(text)?.into_iter().map(|node| {
        let header = node.text.strip_suffix(':');
        let header =
            header.ok_or_else(|| SyntaxError::in_line(node.number, "expected NAME@VERSION:"))?;
        let specifiers: Vec<&str> = header.split(", ").map(unquote).collect();
        // The name of a scoped package begins with @.
        let first = specifiers.first().copied().unwrap_or_default();
        let at = first.char_indices().skip(1).find(|(_, c)| *c == '@');
        let name = at.map_or(first, |(at, _)| &first[..at]);
        let mut fields = read_yarn_fields(node.children)?;
        fields.insert("name".to_owned(), name.into());
        let specifiers: Json = specifiers.into_iter().map(Json::from).collect();
        fields.insert("specifiers".to_owned(), specifiers);
        Ok(Json::from(fields))
    });
    packages.collect::<Result<Vec<Json>, _>>().map(Json::from)
}

fn read_yarn_fields(nodes: Vec<Node<'_>>) -> Result<JsonObject, SyntaxError> {
    let mut fields = JsonObject::new();
    for node in nodes {
        if let Some(key) = node.text.strip_suffix(':') {
            let within = read_yarn_fields(node.children)?;
            fields.insert(unquote(key).to_owned(), within.into());
            continue;
        }
        let quoted_end = node.text.strip_prefix('"').and_then(|rest| rest.find('"'));
        let (key, value) = match quoted_end {
            Some(end) => node.text.split_at(end + 2),
            None => node.text.split_once(' ').unwrap_or((node.text, "")),
        };
        if value.trim().is_empty() {
            return Err(SyntaxError::in_line(
                node.number,
                "expected a key and a value",
            ));
        }
        let value = match value.trim() {
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            value => unquote(value).into(),
        };
        fields.insert(unquote(key).to_owned(), value);
    }
    Ok(fields)
}

fn unquote(text: &str) -> &str {
    let inner = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or(text)
}

/// Parses a lock file of Bundler into an object of sections.
pub(super) fn read_bundler(text: &str) -> Result<Json, SyntaxError> {
    let mut sections = JsonObject::new();
    for section in parse_tree(text)? {
        let fields = read_bundler_section(section.children);
        add_value(&mut sections, section.text, fields);
    }
    Ok(sections.into())
}

fn read_bundler_section(nodes: Vec<Node<'_>>) -> Json {
    let (mut fields, mut entries) = (JsonObject::new(), Vec::<Json>::new());
    for node in nodes {
        let (key, value) = match node.text.split_once(": ") {
            Some((key, value)) => (key, value.into()),
            None => match node.text.strip_suffix(':') {
                Some(key) => (key, node.children.into_iter().map(read_gem).collect()),
                None => {
                    entries.push(node.text.into());
                    continue;
                }
            },
        };
        add_value(&mut fields, key, value);
    }
    if fields.is_empty() {
        return entries.into();
    }
    if !entries.is_empty() {
        fields.insert("entries".to_owned(), entries.into());
    }
    fields.into()
}

/// Reads `rails (7.1.2)` and the dependencies below it.
fn read_gem(node: Node<'_>) -> Json {
    let (name, version) = match node.text.split_once(" (") {
        Some((name, version)) => (name, Some(version.strip_suffix(')').unwrap_or(version))),
        None => (node.text, None),
    };
    let mut gem = JsonObject::new();
    gem.insert("name".to_owned(), name.into());
    if let Some(version) = version {
        gem.insert("version".to_owned(), version.into());
    }
    if !node.children.is_empty() {
        let dependencies: Vec<Json> = node
            .children
            .iter()
            .map(|child| child.text.into())
            .collect();
        gem.insert("dependencies".to_owned(), dependencies.into());
    }
    gem.into()
}

#[cfg(test)]
mod tests {
    use wsdb_core::json;

    use super::*;

    #[test]
    fn yarn_lock_is_a_list_of_packages() {
        let text = "# yarn lockfile v1\n\n\n\"@babel/core@^7.0.0\", \"@babel/core@^7.1.0\":\n  version \"7.12.13\"\n  \
            resolved \"https://x.example/core.tgz#abc\"\n  dependencies:\n    \"@babel/highlight\" \"^7.12.13\"\n    ms \"2 || 3\"\n\n\
            ms@2:\n  version \"2.0.0\"\n";
        assert_eq!(
            read_yarn(text).expect("a lock file"),
            json!([
                {
                    "name": "@babel/core",
                    "specifiers": ["@babel/core@^7.0.0", "@babel/core@^7.1.0"],
                    "version": "7.12.13",
                    "resolved": "https://x.example/core.tgz#abc",
                    "dependencies": {"@babel/highlight": "^7.12.13", "ms": "2 || 3"},
                },
                {"name": "ms", "specifiers": ["ms@2"], "version": "2.0.0"},
            ])
        );
        let error = read_yarn("# yarn lockfile v1\nms@2:\n  version\n").expect_err("an error");
        assert_eq!(error.line, 3);
    }

    #[test]
    fn bundler_lock_is_an_object_of_sections() {
        let text = "GIT\n  remote: https://x.example/a.git\n  revision: abc\n  specs:\n    a (1.0)\n\n\
            GEM\n  remote: https://rubygems.org/\n  specs:\n    rails (7.1.2)\n      rack (>= 2.0)\n    rack (3.0)\n\n\
            PLATFORMS\n  ruby\n  x86_64-linux\n\nDEPENDENCIES\n  rails (~> 7)\n\nBUNDLED WITH\n   2.4.1\n";
        assert_eq!(
            read_bundler(text).expect("a lock file"),
            json!({
                "GIT": {"remote": "https://x.example/a.git", "revision": "abc", "specs": [{"name": "a", "version": "1.0"}]},
                "GEM": {
                    "remote": "https://rubygems.org/",
                    "specs": [
                        {"name": "rails", "version": "7.1.2", "dependencies": ["rack (>= 2.0)"]},
                        {"name": "rack", "version": "3.0"},
                    ],
                },
                "PLATFORMS": ["ruby", "x86_64-linux"],
                "DEPENDENCIES": ["rails (~> 7)"],
                "BUNDLED WITH": ["2.4.1"],
            })
        );
    }
}
