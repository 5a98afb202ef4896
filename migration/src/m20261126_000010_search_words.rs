//! Full-text search also finds Chinese, Japanese and Korean words within a run of characters, file
//! paths, tags and detections, and treats `ß` as `ss`, `ø` as `o` and so on.
//!
//! Neither database knows where a word of these scripts ends, so each character is indexed together
//! with the next one: `検索機` as `検索 索機 機`. A word is then a phrase of such pairs, and a single
//! character is the beginning of one. `wsdb_core::Term::index_text` does the same to the words of a
//! query.

mod postgres;
mod sqlite;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::{m20261124_000004_search, m20261126_000008_page_search};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// A table that is searched, with its columns.
struct Source {
    noun: &'static str,
    table: &'static str,
    title: Option<&'static str>,
    /// By decreasing weight.
    texts: [Option<&'static str>; 3],
    /// Whether the page of a decision is searched, as the last of the texts.
    has_page: bool,
    /// Columns with lists of file paths.
    lists: &'static [&'static str],
    /// Columns with objects that may have tags.
    objects: &'static [&'static str],
    /// More columns with short texts.
    names: &'static [&'static str],
}

const SOURCES: &[Source] = &[
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
const TAG_KEYS: [&str; 2] = ["tags", "labels"];

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
const LETTERS: [(char, &str); 13] = [
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
fn cjk() -> String {
    let ranges: String = CJK_RANGES
        .iter()
        .map(|(from, to)| format!("{from}-{to}"))
        .collect();
    format!("[{ranges}]")
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        m20261124_000004_search::Migration.down(manager).await?;
        let is_sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        let mut sql = if is_sqlite {
            sqlite::tables()
        } else {
            postgres::functions()
        };
        for source in SOURCES {
            sql.push_str(&if is_sqlite {
                sqlite::table(source)
            } else {
                postgres::table(source)
            });
        }
        let connection = manager.get_connection();
        connection.execute_unprepared(&sql).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        let mut sql = String::new();
        for Source { table, .. } in SOURCES {
            sql.push_str(&if is_sqlite {
                format!(
                    "DROP TRIGGER search_{table}_insert; DROP TRIGGER search_{table}_update;
                     DROP TRIGGER search_{table}_delete;"
                )
            } else {
                format!("ALTER TABLE {table} DROP COLUMN search_words;")
            });
        }
        sql.push_str(if is_sqlite {
            "DROP VIEW search_texts; DROP TABLE search_index; DROP TABLE search_rows;"
        } else {
            postgres::DROP_FUNCTIONS
        });
        let connection = manager.get_connection();
        connection.execute_unprepared(&sql).await?;
        m20261124_000004_search::Migration.up(manager).await?;
        m20261126_000008_page_search::Migration.up(manager).await
    }
}
