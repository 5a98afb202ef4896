//! Full-text search over tasks, sessions with their activities, issues and decisions.
//!
//! SQLite: an FTS5 index without a copy of the texts, updated by triggers, so that every program
//! that writes a record also updates the index in the same transaction. PostgreSQL: a column that
//! the server generates from the texts, with a GIN index.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The kind of record, its table, and its text columns by decreasing weight, the first of which is
/// the title, if there is one.
const SOURCES: &[(&str, &str, [Option<&str>; 4])] = &[
    (
        "task",
        "workspace_tasks",
        [Some("title"), Some("description"), Some("notes"), None],
    ),
    (
        "session",
        "workspace_sessions",
        [
            None,
            Some("handoff_notes"),
            Some("user"),
            Some("ai_assistant"),
        ],
    ),
    (
        "activity",
        "session_activities",
        [None, Some("description"), Some("outcome"), None],
    ),
    (
        "issue",
        "cross_repo_issues",
        [
            Some("title"),
            Some("description"),
            Some("action_required"),
            Some("resolution_notes"),
        ],
    ),
    (
        "decision",
        "architecture_decisions",
        [Some("decision"), Some("rationale"), None, None],
    ),
];

/// VACUUM may change the rowids of a record's table, so each indexed row gets a number of its own.
/// A number is never reused: INSERT OR REPLACE deletes a row without running its trigger, and the
/// words that then remain under the old number must not be found for another record.
const SQLITE_TABLES: &str = "
CREATE TABLE search_rows (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    noun TEXT NOT NULL,
    record_id TEXT NOT NULL,
    UNIQUE (noun, record_id)
);
CREATE VIRTUAL TABLE search_index USING fts5(
    title, first, second, third,
    content = '', tokenize = 'unicode61 remove_diacritics 2'
);";

/// Returns one expression for each text of a row.
fn texts(texts: &[Option<&str>; 4], row: &str) -> String {
    let texts = texts.map(|text| match text {
        Some(text) => format!("{row}\"{text}\""),
        None => "NULL".to_owned(),
    });
    texts.join(", ")
}

fn sqlite(noun: &str, table: &str, columns: &[Option<&str>; 4]) -> String {
    let (old, new, plain) = (
        texts(columns, "old."),
        texts(columns, "new."),
        texts(columns, "source."),
    );
    let insert = format!(
        "INSERT OR REPLACE INTO search_rows (noun, record_id) VALUES ('{noun}', new.id);
    INSERT INTO search_index (rowid, title, first, second, third)
    VALUES (last_insert_rowid(), {new});"
    );
    let delete = format!(
        "INSERT INTO search_index (search_index, rowid, title, first, second, third)
    SELECT 'delete', number, {old} FROM search_rows WHERE noun = '{noun}' AND record_id = old.id;
    DELETE FROM search_rows WHERE noun = '{noun}' AND record_id = old.id;"
    );
    let watched: Vec<String> = std::iter::once("id")
        .chain(columns.iter().copied().flatten())
        .map(|column| format!("\"{column}\""))
        .collect();
    let changed: Vec<String> = watched
        .iter()
        .map(|column| format!("old.{column} IS NOT new.{column}"))
        .collect();
    let (watched, changed) = (watched.join(", "), changed.join(" OR "));
    format!(
        "
INSERT INTO search_rows (noun, record_id) SELECT '{noun}', id FROM {table} ORDER BY rowid;
INSERT INTO search_index (rowid, title, first, second, third)
    SELECT number, {plain} FROM search_rows JOIN {table} AS source ON source.id = record_id
    WHERE noun = '{noun}' ORDER BY number;
CREATE TRIGGER search_{table}_insert AFTER INSERT ON {table} BEGIN
    {insert}
END;
CREATE TRIGGER search_{table}_update AFTER UPDATE OF {watched} ON {table}
WHEN {changed} BEGIN
    {delete}
    {insert}
END;
CREATE TRIGGER search_{table}_delete AFTER DELETE ON {table} BEGIN
    {delete}
END;"
    )
}

/// `wsdb_folded` removes accents and punctuation, independently of the database's locale: the
/// server's own parser would not split `pricing.py` and `a/b`, and would distinguish `e` from `é`.
///
/// `wsdb_words` returns the words of a row's texts. A tsvector has at most 1 MB, so the end of very
/// long texts is left out. A lexeme that is deleted again separates the texts, so that no phrase
/// matches across two of them.
///
/// `wsdb_query` returns the query for a word or a phrase; with `beginning`, its last word is a
/// prefix.
const POSTGRES_FUNCTIONS: &str = r#"
CREATE FUNCTION wsdb_folded(words text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN regexp_replace(
        CASE
            WHEN octet_length(words) = length(words) THEN words
            ELSE regexp_replace(normalize(words, NFD), '[\u0300-\u036f]+', '', 'g')
        END,
        '[\u0001-/:-@\[-`{-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u2000-\u206f\u3000-\u3004\u3008-\u3020]+',
        ' ', 'g');

CREATE FUNCTION wsdb_words(title text, first text, second text, third text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ts_delete(
        setweight(to_tsvector('pg_catalog.simple', left(wsdb_folded(left(coalesce(title, ''), 20000)), 20000)), 'A')
        || '.:1'::tsvector
        || setweight(to_tsvector('pg_catalog.simple', left(wsdb_folded(left(coalesce(first, ''), 40000)), 40000)), 'B')
        || '.:1'::tsvector
        || setweight(to_tsvector('pg_catalog.simple', left(wsdb_folded(left(coalesce(second, ''), 40000)), 40000)), 'C')
        || '.:1'::tsvector
        || setweight(to_tsvector('pg_catalog.simple', left(wsdb_folded(left(coalesce(third, ''), 40000)), 40000)), 'C'),
        '.');

CREATE FUNCTION wsdb_query(words text, beginning boolean) RETURNS tsquery
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN beginning AND numnode(phraseto_tsquery('pg_catalog.simple', wsdb_folded(words))) > 0
        THEN (phraseto_tsquery('pg_catalog.simple', wsdb_folded(words))::text || ':*')::tsquery
        ELSE phraseto_tsquery('pg_catalog.simple', wsdb_folded(words))
    END;"#;

/// Size in kB of the list of index entries at which it is merged into the index. With the server's
/// default of 4 MB, the list is so long after an import of 10,000 tasks that the planner prefers to
/// read the whole table: 31 ms instead of 9. Without the list, the import would take twice as long.
const FLUSH_PENDING_LIST: u32 = 512;

fn postgres(table: &str, columns: &[Option<&str>; 4]) -> String {
    let columns = texts(columns, "");
    format!(
        "
ALTER TABLE {table} ADD COLUMN search_words tsvector
    GENERATED ALWAYS AS (wsdb_words({columns})) STORED;
CREATE INDEX ix_{table}_search_words ON {table} USING gin (search_words)
    WITH (gin_pending_list_limit = {FLUSH_PENDING_LIST});"
    )
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        let mut sql = if is_sqlite {
            SQLITE_TABLES.to_owned()
        } else {
            POSTGRES_FUNCTIONS.to_owned()
        };
        for (noun, table, columns) in SOURCES {
            sql.push_str(&if is_sqlite {
                sqlite(noun, table, columns)
            } else {
                postgres(table, columns)
            });
        }
        let connection = manager.get_connection();
        connection.execute_unprepared(&sql).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut sql = String::new();
        for (_, table, _) in SOURCES {
            sql.push_str(&match manager.get_database_backend() {
                DbBackend::Sqlite => format!(
                    "DROP TRIGGER search_{table}_insert; DROP TRIGGER search_{table}_update;
                     DROP TRIGGER search_{table}_delete;"
                ),
                // This also drops its index.
                _ => format!("ALTER TABLE {table} DROP COLUMN search_words;"),
            });
        }
        sql.push_str(match manager.get_database_backend() {
            DbBackend::Sqlite => "DROP TABLE search_index; DROP TABLE search_rows;",
            _ => "DROP FUNCTION wsdb_query; DROP FUNCTION wsdb_words; DROP FUNCTION wsdb_folded;",
        });
        let connection = manager.get_connection();
        connection.execute_unprepared(&sql).await.map(|_| ())
    }
}
