//! What is searched, and the characters that are indexed in a form of their own.

/// A table that is searched, with its columns.
pub(crate) struct Source {
    pub(crate) noun: &'static str,
    pub(crate) table: &'static str,
    pub(crate) title: Option<&'static str>,
    /// By decreasing weight.
    pub(crate) texts: [Option<&'static str>; 3],
    /// Whether the page of a decision is searched, as the last of the texts.
    pub(crate) has_page: bool,
    /// Columns with lists of file paths.
    pub(crate) lists: &'static [&'static str],
    /// Columns with objects that may have tags.
    pub(crate) objects: &'static [&'static str],
    /// More columns with short texts.
    pub(crate) names: &'static [&'static str],
}

pub(crate) const SOURCES: &[Source] = &[
    Source {
        noun: "task",
        table: "workspace_tasks",
        title: Some("title"),
        texts: [Some("description"), Some("notes"), None],
        has_page: false,
        lists: &["related_files"],
        objects: &["extra_metadata", "document_fields"],
        names: &[],
    },
    Source {
        noun: "session",
        table: "workspace_sessions",
        title: None,
        texts: [Some("handoff_notes"), Some("user"), Some("ai_assistant")],
        has_page: false,
        lists: &[],
        objects: &["document_fields"],
        names: &[],
    },
    Source {
        noun: "activity",
        table: "session_activities",
        title: None,
        texts: [Some("description"), Some("outcome"), None],
        has_page: false,
        lists: &["files_created", "files_modified"],
        objects: &["extra_metadata", "document_fields"],
        names: &[],
    },
    Source {
        noun: "issue",
        table: "cross_repo_issues",
        title: Some("title"),
        texts: [
            Some("description"),
            Some("action_required"),
            Some("resolution_notes"),
        ],
        has_page: false,
        lists: &[],
        objects: &["extra_metadata", "document_fields"],
        names: &[],
    },
    Source {
        noun: "decision",
        table: "architecture_decisions",
        title: Some("decision"),
        texts: [Some("rationale"), None, None],
        has_page: true,
        lists: &["related_files", "documentation"],
        objects: &["extra_metadata", "document_fields"],
        names: &[],
    },
    Source {
        noun: "detection",
        table: "drift_detections",
        title: None,
        texts: [
            Some("file_path"),
            Some("violation_details"),
            Some("resolution_notes"),
        ],
        has_page: false,
        lists: &[],
        objects: &["extra_metadata", "document_fields"],
        names: &[
            "component_name",
            "detected_rule",
            "expected_location",
            "actual_location",
        ],
    },
];

/// The keys of objects under which tags are searched.
pub(crate) const TAG_KEYS: [&str; 2] = ["tags", "labels"];

/// The characters of Chinese, Japanese and Korean: ideographs, kana, Hangul and Bopomofo.
const CJK_RANGES: [(char, char); 13] = [
    ('\u{3005}', '\u{3007}'),
    ('\u{3041}', '\u{3096}'),
    ('\u{309d}', '\u{309f}'),
    ('\u{30a1}', '\u{30fa}'),
    ('\u{30fc}', '\u{318e}'),
    ('\u{31a0}', '\u{31bf}'),
    ('\u{31f0}', '\u{31ff}'),
    ('\u{3400}', '\u{4dbf}'),
    ('\u{4e00}', '\u{9fff}'),
    ('\u{ac00}', '\u{d7a3}'),
    ('\u{f900}', '\u{faff}'),
    ('\u{ff66}', '\u{ffdc}'),
    ('\u{20000}', '\u{3fffd}'),
];

/// Letters that have no form without an accent in Unicode.
pub(crate) const LETTERS: [(char, &str); 13] = [
    ('ß', "ss"),
    ('ẞ', "ss"),
    ('æ', "ae"),
    ('Æ', "ae"),
    ('œ', "oe"),
    ('Œ', "oe"),
    ('ø', "o"),
    ('Ø', "o"),
    ('ł', "l"),
    ('Ł', "l"),
    ('đ', "d"),
    ('Đ', "d"),
    ('ı', "i"),
];

/// Returns a bracket expression for a character of Chinese, Japanese or Korean, as GLOB and regular
/// expressions have it.
pub(crate) fn cjk() -> String {
    let ranges: String = CJK_RANGES
        .iter()
        .map(|(from, to)| format!("{from}-{to}"))
        .collect();
    format!("[{ranges}]")
}
