//! `cargo xtask lint-text`: checks the wording of help, messages, documents and comments against a
//! list of phrases, `lint_text/phrases.toml`.

use std::fs;

use anyhow::{Context, Result, bail};
use regex::{Regex, RegexBuilder};
use serde::Deserialize;

use crate::rust_source::{TextKind, find_files, is_test_file, read_texts, relative};

const PHRASES: &str = include_str!("lint_text/phrases.toml");

/// Folders with Rust source files.
const SOURCE_FOLDERS: &[&str] = &["crates", "migration", "tests", "xtask"];

/// Files and folders with documents in Markdown.
const DOCUMENTS: &[&str] = &[
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "crates",
    "docs",
    ".github",
];

/// Generated from texts that are checked where they are written.
const GENERATED: &[&str] = &["docs/reference/"];

/// Arguments of `cargo xtask lint-text`.
#[derive(Debug, clap::Args)]
pub struct LintText {
    /// Files to report on, as parts of their paths [default: all]
    paths: Vec<String>,
    /// Count the findings of each phrase instead of listing them
    #[arg(long)]
    count: bool,
}

impl LintText {
    /// Checks all texts and prints what it finds.
    ///
    /// # Errors
    /// A text contains a phrase of the list, or a file cannot be read.
    pub fn run(self) -> Result<()> {
        let lint = Lint::new(PHRASES)?;
        let mut findings = lint.check_project()?;
        findings.retain(|finding| {
            self.paths.is_empty() || self.paths.iter().any(|path| finding.file.contains(path))
        });
        if findings.is_empty() {
            println!("lint-text: no findings");
            return Ok(());
        }
        if self.count {
            for (index, phrase) in lint.phrases.iter().enumerate() {
                let count = findings.iter().filter(|f| f.phrase == index).count();
                println!("{count:6}  {} (better: {})", phrase.pattern, phrase.better);
            }
        } else {
            for finding in &findings {
                println!("{finding}");
            }
        }
        bail!(
            "lint-text: {} findings; reword them, or allow an ordinary use in \
             xtask/src/lint_text/phrases.toml with a reason",
            findings.len()
        );
    }
}

/// Checks all texts of the project.
///
/// # Errors
/// As [`LintText::run`].
pub fn run() -> Result<()> {
    let lint = LintText {
        paths: Vec::new(),
        count: false,
    };
    lint.run()
}

/// The file `phrases.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhraseList {
    phrase: Vec<PhraseEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhraseEntry {
    /// Regular expression of whole words; a space matches any white space.
    pattern: String,
    /// The word to use instead.
    better: String,
    #[serde(default)]
    allow: Vec<AllowEntry>,
}

/// An ordinary use of a phrase.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AllowEntry {
    /// Regular expression of whole words that covers the phrase.
    pattern: Option<String>,
    /// Start of the path of files in which the phrase is allowed.
    path: Option<String>,
    /// Why it is allowed.
    reason: String,
}

struct Phrase {
    pattern: String,
    regex: Regex,
    better: String,
    allowed: Vec<Regex>,
    allowed_paths: Vec<String>,
}

/// A phrase that was found.
#[derive(Debug, PartialEq)]
struct Finding {
    file: String,
    line: usize,
    text: String,
    better: String,
    /// Index of the phrase in the list.
    phrase: usize,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Finding {
            file,
            line,
            text,
            better,
            ..
        } = self;
        write!(f, "{file}:{line}: \"{text}\": better: {better}")
    }
}

struct Lint {
    phrases: Vec<Phrase>,
}

impl Lint {
    fn new(list: &str) -> Result<Self> {
        let list: PhraseList = toml::from_str(list).context("cannot read phrases.toml")?;
        let phrases = list.phrase.into_iter().map(|entry| {
            let mut phrase = Phrase {
                regex: whole_words(&entry.pattern)?,
                pattern: entry.pattern,
                better: entry.better,
                allowed: Vec::new(),
                allowed_paths: Vec::new(),
            };
            for allow in entry.allow {
                if allow.reason.is_empty() || allow.pattern.is_none() == allow.path.is_none() {
                    bail!(
                        "phrases.toml: an allowed use of {} needs a reason, and either a pattern or a path",
                        phrase.pattern
                    );
                }
                if let Some(pattern) = &allow.pattern {
                    phrase.allowed.push(whole_words(pattern)?);
                }
                phrase.allowed_paths.extend(allow.path);
            }
            Ok(phrase)
        });
        Ok(Lint {
            phrases: phrases.collect::<Result<_>>()?,
        })
    }

    fn check_project(&self) -> Result<Vec<Finding>> {
        let mut findings = Vec::new();
        for path in find_files(SOURCE_FOLDERS, "rs")? {
            let file = relative(&path);
            let source =
                fs::read_to_string(&path).with_context(|| format!("cannot read {file}"))?;
            let texts = read_texts(&source);
            let is_test = is_test_file(&file) || file.starts_with("tests/");
            for text in texts {
                if text.kind == TextKind::Literal {
                    if !is_test {
                        let masked = mask_placeholders(&text.text);
                        findings.extend(self.check(&file, text.line, &masked, false));
                    }
                } else {
                    let masked = mask_code(&text.text);
                    findings.extend(self.check(&file, text.line, &masked, true));
                }
            }
        }
        let documents: Vec<&str> = DOCUMENTS
            .iter()
            .copied()
            .filter(|path| crate::project::root().join(path).exists())
            .collect();
        for path in find_files(&documents, "md")? {
            let file = relative(&path);
            if GENERATED.iter().any(|start| file.starts_with(start)) {
                continue;
            }
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read {file}"))?;
            findings.extend(self.check(&file, 1, &mask_code(&text), true));
        }
        findings.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        Ok(findings)
    }

    /// Checks one text. `counts_lines` is false for literals, whose line breaks may be escapes.
    fn check(&self, file: &str, first_line: usize, text: &str, counts_lines: bool) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (index, phrase) in self.phrases.iter().enumerate() {
            if phrase
                .allowed_paths
                .iter()
                .any(|path| file.starts_with(path))
            {
                continue;
            }
            for found in phrase.regex.find_iter(text) {
                let is_allowed = phrase.allowed.iter().any(|allowed| {
                    let mut uses = allowed.find_iter(text);
                    uses.any(|range| range.start() <= found.start() && found.end() <= range.end())
                });
                if is_allowed {
                    continue;
                }
                let lines_before = text[..found.start()].matches('\n').count();
                let words: Vec<&str> = found.as_str().split_whitespace().collect();
                findings.push(Finding {
                    file: file.to_owned(),
                    line: first_line + if counts_lines { lines_before } else { 0 },
                    text: words.join(" "),
                    better: phrase.better.clone(),
                    phrase: index,
                });
            }
        }
        findings
    }
}

/// Compiles a pattern that matches whole words in any case, with any white space between them.
fn whole_words(pattern: &str) -> Result<Regex> {
    let pattern = pattern.replace(' ', r"\s+");
    RegexBuilder::new(&format!(r"\b(?:{pattern})\b"))
        .case_insensitive(true)
        .build()
        .with_context(|| format!("phrases.toml: bad pattern {pattern}"))
}

/// Replaces code in Markdown by blanks, without moving the rest: `code`, link targets and blocks of
/// code. Transcripts are code, too: the messages in them are checked where they are defined, and the
/// rest is sample data.
fn mask_code(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut in_block = false;
    for line in text.split_inclusive('\n') {
        let is_fence = line.trim().starts_with("```");
        if in_block || is_fence {
            masked.push_str(&blank(line))
        } else {
            masked.push_str(line)
        }
        in_block ^= is_fence;
    }
    // A code span may go on in the next line, but not in the next paragraph.
    let parts: Vec<&str> = masked.split('`').collect();
    let mut result = String::with_capacity(masked.len());
    for (index, part) in parts.iter().enumerate() {
        let is_code = index % 2 == 1 && index + 1 < parts.len() && !part.contains("\n\n");
        if is_code {
            result.push_str(&blank(part))
        } else {
            result.push_str(part)
        }
        if index + 1 < parts.len() {
            result.push('`');
        }
    }
    mask_between(&result, "](", ')')
}

/// Replaces the names in the placeholders of a format string, `{name}`, by blanks.
fn mask_placeholders(text: &str) -> String {
    mask_between(text, "{", '}')
}

fn mask_between(text: &str, start: &str, end: char) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(position) = rest.find(start) {
        let (before, after) = rest.split_at(position + start.len());
        masked.push_str(before);
        let length = after.find(end).unwrap_or(after.len());
        // Braces around several words are JSON or text, not a placeholder.
        let inner = &after[..length];
        if inner.contains(char::is_whitespace) {
            masked.push_str(inner)
        } else {
            masked.push_str(&blank(inner))
        }
        rest = &after[length..];
    }
    masked.push_str(rest);
    masked
}

fn blank(text: &str) -> String {
    let blanks = text.chars().map(|c| {
        if c == '\n' {
            "\n".to_owned()
        } else {
            "_".repeat(c.len_utf8())
        }
    });
    blanks.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"
[[phrase]]
pattern = "take(?:s|n)? over"
better = "import"

[[phrase]]
pattern = "waits? for"
better = "depends on"
[[phrase.allow]]
pattern = "waits? for (?:the|a) lock"
reason = "a process does wait"
[[phrase.allow]]
path = "docs/"
reason = "for this test"
"#;

    fn check(file: &str, text: &str) -> Vec<String> {
        let lint = Lint::new(LIST).expect("a valid list");
        let findings = lint.check(file, 7, &mask_code(text), true);
        findings.iter().map(Finding::to_string).collect()
    }

    #[test]
    fn phrase_is_found_across_lines_in_any_case() {
        assert_eq!(
            check("a.rs", "One.\nTake\nover, mistaken overall."),
            ["a.rs:8: \"Take over\": better: import"]
        );
    }

    #[test]
    fn ordinary_use_is_allowed() {
        assert_eq!(check("a.rs", "It waits for the lock."), [""; 0]);
        assert_eq!(check("docs/a.md", "It waits for a task."), [""; 0]);
        assert_eq!(check("a.rs", "It waits for a task.").len(), 1);
    }

    #[test]
    fn code_is_not_checked() {
        let text = "`take over` [x](take-over.md)\n```rust\ntake over\n```\n```console\ntaken over\n```\ntake over";
        assert_eq!(check("a.md", text).len(), 1);
        assert_eq!(mask_placeholders("{told} {a b} {}"), "{____} {a b} {}");
    }

    #[test]
    fn allowed_use_needs_a_reason() {
        let list = LIST.replace("a process does wait", "");
        assert!(Lint::new(&list).is_err());
    }

    #[test]
    fn list_of_phrases_is_valid() {
        let lint = Lint::new(PHRASES).expect("a valid list");
        assert!(lint.phrases.len() > 40);
    }
}
