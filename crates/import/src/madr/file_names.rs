//! The names of decisions' files.

use std::path::Path;

use super::markup::plain_name;

/// Returns the last part of a path.
pub(super) fn file_name(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The words before the number in the names of decisions' files.
const NUMBER_PREFIXES: &[&str] = &[
    "architecture-decision-record",
    "architecture-decision",
    "architectural-decision",
    "decision-record",
    "decision",
    "madr",
    "adr",
    "ad",
    "pdr",
    "tdr",
    "ddr",
    "dr",
    "rfc",
    "dec",
];

/// Returns the number in the name of a decision's file, such as `0001-…` or `adr-0001-…`, or of a
/// reference such as `ADR 5` or `#5`.
pub(super) fn number(name: &str) -> Option<u64> {
    let lower = name.to_lowercase().replace([' ', '_'], "-");
    let is_mark = |c: char| matches!(c, '-' | '#' | '.' | '\u{2013}');
    let rest = NUMBER_PREFIXES
        .iter()
        .find_map(|prefix| {
            let rest = lower.strip_prefix(prefix)?.trim_start_matches(is_mark);
            rest.starts_with(|c: char| c.is_ascii_digit())
                .then_some(rest)
        })
        .unwrap_or_else(|| lower.trim_start_matches(is_mark));
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    rest[..end].parse().ok()
}

pub(super) fn is_markdown(file: &Path) -> bool {
    let ending = file
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    matches!(ending.as_deref(), Some("md" | "markdown" | "mdx"))
}

/// Whether a file beside decisions is not one: an index or a template.
pub(super) fn is_auxiliary(name: &str) -> bool {
    let stem = Path::new(name)
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy();
    let plain = plain_name(&stem).replace(['-', '.'], " ");
    let mut words: Vec<&str> = plain.split_whitespace().collect();
    words.retain(|word| !word.chars().all(|c| c.is_ascii_digit()));
    match words.as_slice() {
        [
            "readme" | "index" | "contents" | "toc" | "contributing" | "changelog" | "summary"
            | "sidebar",
        ] => true,
        words => {
            let is_template = |word: &&str| {
                const TEMPLATE: [&str; 9] = [
                    "template",
                    "modele",
                    "modèle",
                    "plantilla",
                    "modelo",
                    "vorlage",
                    "模板",
                    "テンプレート",
                    "템플릿",
                ];
                TEMPLATE.contains(word)
            };
            const OTHERS: [&str; 22] = [
                "adr",
                "adrs",
                "madr",
                "rfc",
                "decision",
                "record",
                "architecture",
                "architectural",
                "short",
                "long",
                "bare",
                "minimal",
                "full",
                "simple",
                "default",
                "new",
                "en",
                "de",
                "fr",
                "x",
                "xxx",
                "xxxx",
            ];
            words.iter().any(is_template)
                && words
                    .iter()
                    .all(|word| is_template(word) || OTHERS.contains(word) || *word == "nnnn")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_decisions_have_a_number() {
        for (name, expected) in [
            ("0001-use-pears.md", Some(1)),
            ("adr-0001-use-pears.md", Some(1)),
            ("ADR001.md", Some(1)),
            ("adr_7_x.md", Some(7)),
            ("ADR 12 - x.md", Some(12)),
            ("decision-3.md", Some(3)),
            ("RFC-0004.md", Some(4)),
            ("20200101-use-pears.md", Some(20_200_101)),
            ("#5", Some(5)),
            ("DEC-005", Some(5)),
            ("use-pears.md", None),
            ("adr-template.md", None),
        ] {
            assert_eq!(number(name), expected, "{name}");
        }
    }

    #[test]
    fn indexes_and_templates_are_no_decisions() {
        for name in [
            "README.md",
            "index.md",
            "template.md",
            "0000-adr-template.md",
            "adr-template-short.md",
            "adr.template.md",
            "0000-modele-adr.md",
        ] {
            assert!(is_auxiliary(name), "{name}");
        }
        for name in [
            "0012-use-html-template-engine.md",
            "use-pears.md",
            "0001-template-language.md",
        ] {
            assert!(!is_auxiliary(name), "{name}");
        }
    }
}
