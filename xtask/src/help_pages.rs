//! `cargo xtask help-pages`: writes all text of the interface into two files for proofreading.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::command_tree::CommandHelp;
use crate::project;
use crate::rust_source::{TextKind, find_files, is_test_file, read_texts, relative};

/// Arguments of `cargo xtask help-pages`.
#[derive(Debug, clap::Args)]
pub struct HelpPages {
    /// Output folder [default: help-pages in the target directory]
    dir: Option<PathBuf>,
    /// Width of the help pages in columns
    #[arg(long, value_name = "N", default_value_t = 80)]
    columns: u16,
}

impl HelpPages {
    /// Writes `help.txt` and `messages.txt`.
    ///
    /// # Errors
    /// The binary cannot be built, or a file cannot be read or written.
    pub fn run(self) -> Result<()> {
        let folder = match self.dir {
            Some(folder) => folder,
            None => project::target()?.join("help-pages"),
        };
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        let binary = project::build_binary()?;
        let files = [
            ("help.txt", help_text(&binary, self.columns)?),
            ("messages.txt", message_templates()?),
        ];
        for (name, text) in files {
            let path = folder.join(name);
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
            println!("{}", path.display());
        }
        Ok(())
    }
}

/// Returns all help pages, one after the other, at this width.
fn help_text(binary: &Path, columns: u16) -> Result<String> {
    let tree = CommandHelp::load(binary)?;
    let mut text = String::new();
    for command in tree.all() {
        let page = help_page(binary, &command.path[1..], columns)?;
        text.push_str(&format!("$ {} --help\n{page}\n", command.name()));
    }
    Ok(text)
}

/// Returns the help page of a command.
fn help_page(binary: &Path, words: &[String], columns: u16) -> Result<String> {
    let output = Command::new(binary)
        .args(words)
        .arg("--help")
        .env("COLUMNS", columns.to_string())
        .output()
        .with_context(|| format!("cannot run {}", binary.display()))?;
    String::from_utf8(output.stdout).context("help is not UTF-8")
}

/// Returns the string literals of the crates that are longer than a word, by file and line.
fn message_templates() -> Result<String> {
    let mut text = String::new();
    for file in find_files(&["crates"], "rs")? {
        let name = relative(&file);
        if is_test_file(&name) || !name.contains("/src/") {
            continue;
        }
        let source = fs::read_to_string(&file).with_context(|| format!("cannot read {name}"))?;
        let texts = read_texts(&source);
        let messages: Vec<String> = texts
            .iter()
            .filter(|text| text.kind == TextKind::Literal && is_message(&text.text))
            .map(|text| {
                format!(
                    "{:5}  {}\n",
                    text.line,
                    text.text.replace('\n', "\n       ")
                )
            })
            .collect();
        if !messages.is_empty() {
            text.push_str(&format!("{name}\n{}\n", messages.concat()));
        }
    }
    Ok(text)
}

/// Returns whether people may read a text: neither single words, such as keys, nor SQL.
fn is_message(text: &str) -> bool {
    const SQL: &[&str] = &[
        "SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP", "PRAGMA", "WITH ",
        "FROM", "WHERE", "ORDER BY", "JOIN", "AND ", "BEGIN", "VACUUM", "SET ", "VALUES",
    ];
    let text = text.trim();
    let has_words = text
        .split_whitespace()
        .filter(|word| word.contains(char::is_alphabetic))
        .count()
        > 1;
    has_words && !SQL.iter().any(|keyword| text.starts_with(keyword))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_sql_are_no_messages() {
        assert!(is_message("task {id} not found"));
        assert!(!is_message("not_found"));
        assert!(!is_message("{}: {}"));
        assert!(!is_message("SELECT id FROM tasks"));
    }
}
