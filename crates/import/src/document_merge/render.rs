//! Writes a merged document as an export would, with both versions of each conflict between git's
//! conflict markers.

use wsdb_core::Json;

use super::merged::{Merged, Side};
use super::tree::Tree;

/// A line of the document.
#[derive(Debug)]
struct Line {
    text: String,
    /// The side that has the line; `None` for both.
    side: Option<Side>,
    /// Whether a comma follows, on our side and on theirs.
    comma: [bool; 2],
}

/// Writes lines with this indentation for each level.
struct Writer<'i> {
    indent: &'i str,
    lines: Vec<Line>,
}

impl Writer<'_> {
    fn push(&mut self, depth: usize, text: &str, side: Option<Side>, comma: [bool; 2]) {
        let text = format!("{}{text}", self.indent.repeat(depth));
        self.lines.push(Line { text, side, comma });
    }

    /// Writes a value after its key, if it has one.
    fn tree(&mut self, tree: &Tree, depth: usize, key: &str, side: Option<Side>, comma: [bool; 2]) {
        match tree {
            Tree::List(items) if !items.is_empty() => {
                self.push(depth, &format!("{key}["), side, [false; 2]);
                for (index, item) in items.iter().enumerate() {
                    let has_next = index + 1 < items.len();
                    self.tree(item, depth + 1, "", side, [has_next; 2]);
                }
                self.push(depth, "]", side, comma);
            }
            Tree::Object(fields) if !fields.is_empty() => {
                self.push(depth, &format!("{key}{{"), side, [false; 2]);
                for (index, (name, value)) in fields.iter().enumerate() {
                    let has_next = index + 1 < fields.len();
                    self.tree(value, depth + 1, &format_key(name), side, [has_next; 2]);
                }
                self.push(depth, "}", side, comma);
            }
            Tree::Leaf(Json::Array(_) | Json::Object(_)) => {
                let text = reparse(tree);
                self.tree(&text, depth, key, side, comma);
            }
            Tree::Leaf(value) => self.push(depth, &format!("{key}{value}"), side, comma),
            Tree::List(_) => self.push(depth, &format!("{key}[]"), side, comma),
            Tree::Object(_) => self.push(depth, &format!("{key}{{}}"), side, comma),
        }
    }

    fn merged(&mut self, merged: &Merged, depth: usize, key: &str, comma: [bool; 2]) {
        match merged {
            Merged::Clean(tree) => self.tree(tree, depth, key, None, comma),
            Merged::List(items) => {
                self.push(depth, &format!("{key}["), None, [false; 2]);
                for (index, item) in items.iter().enumerate() {
                    let comma = has_next(items[index + 1..].iter());
                    self.merged(item, depth + 1, "", comma);
                }
                self.push(depth, "]", None, comma);
            }
            Merged::Object(fields) => {
                self.push(depth, &format!("{key}{{"), None, [false; 2]);
                for (index, (name, value)) in fields.iter().enumerate() {
                    let comma = has_next(fields[index + 1..].iter().map(|(_, value)| value));
                    self.merged(value, depth + 1, &format_key(name), comma);
                }
                self.push(depth, "}", None, comma);
            }
            Merged::Conflict { ours, theirs } => {
                for (tree, side) in [(ours, Side::Ours), (theirs, Side::Theirs)] {
                    if let Some(tree) = tree {
                        self.tree(tree, depth, key, Some(side), comma);
                    }
                }
            }
        }
    }
}

/// Returns whether each side has one of the values.
fn has_next<'m>(rest: impl Iterator<Item = &'m Merged> + Clone) -> [bool; 2] {
    [Side::Ours, Side::Theirs].map(|side| rest.clone().any(|value| value.is_on(side)))
}

fn format_key(key: &str) -> String {
    format!("{}: ", Json::from(key))
}

/// Returns a value whose lists and objects are not leaves.
fn reparse(tree: &Tree) -> Tree {
    match tree {
        Tree::Leaf(Json::Array(items)) => {
            Tree::List(items.iter().cloned().map(Tree::Leaf).collect())
        }
        Tree::Leaf(Json::Object(fields)) => {
            let fields = fields.iter();
            Tree::Object(
                fields
                    .map(|(key, value)| (key.clone(), Tree::Leaf(value.clone())))
                    .collect(),
            )
        }
        tree => tree.clone(),
    }
}

/// Returns the text of a merged document. The conflict markers have `marker_size` characters.
pub(super) fn render(merged: &Merged, indent: &str, marker_size: usize) -> String {
    let mut writer = Writer {
        indent,
        lines: Vec::new(),
    };
    writer.merged(merged, 0, "", [false; 2]);
    let mut text = String::new();
    let mut sides = [String::new(), String::new()];
    for line in &writer.lines {
        let format = |side: Side| {
            let comma = if line.comma[side as usize] { "," } else { "" };
            format!("{}{comma}\n", line.text)
        };
        match line.side {
            Some(side) => sides[side as usize].push_str(&format(side)),
            None if line.comma[0] == line.comma[1] => {
                end_conflict(&mut text, &mut sides, marker_size);
                text.push_str(&format(Side::Ours));
            }
            None => {
                for side in [Side::Ours, Side::Theirs] {
                    sides[side as usize].push_str(&format(side));
                }
            }
        }
    }
    end_conflict(&mut text, &mut sides, marker_size);
    text
}

/// Writes the lines in which the sides differ.
fn end_conflict(text: &mut String, sides: &mut [String; 2], marker_size: usize) {
    let [ours, theirs] = std::mem::take(sides);
    if ours.is_empty() && theirs.is_empty() {
        return;
    }
    let marker = |character: &str| character.repeat(marker_size);
    text.push_str(&format!("{} ours\n{ours}", marker("<")));
    text.push_str(&format!("{}\n{theirs}", marker("=")));
    text.push_str(&format!("{} theirs\n", marker(">")));
}

/// Returns the indentation of one level in a text; two spaces if it has none.
pub(super) fn indent_of(text: &str) -> &str {
    let mut lines = text.lines().map(|line| {
        let rest = line.trim_start_matches([' ', '\t']);
        &line[..line.len() - rest.len()]
    });
    lines.find(|indent| !indent.is_empty()).unwrap_or("  ")
}
