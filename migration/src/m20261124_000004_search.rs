//! Full-text search over tasks, sessions with their activities, issues and decisions.
//!
//! SQLite: an FTS5 index without a copy of the texts, kept in step by triggers, so that whoever
//! writes a record, wsdb or not, writes its words in the same transaction. PostgreSQL: a column
//! that the server makes from the texts, with a GIN index.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

pub(crate) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m20261124_000004_search"
    }
}

/// What the rows of a table are called, the table, and its texts: a title where there is one,
/// then those that count less and less.
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

/// The rowid of a record's table may change with VACUUM: so each indexed row gets a number of its
/// own. A number is never used again: INSERT OR REPLACE takes a row away without its trigger, and
/// the words that then stay behind under the old number must not become somebody else's.
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

/// The texts of a row as an expression each.
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

/// `wsdb_folded` takes accents and punctuation away, without leaning on the database's language:
/// the server's own parser would keep `pricing.py` and `a/b` whole, and `e` apart from `é`.
///
/// `wsdb_words` is what a row's texts are found by. A tsvector has at most 1 MB, so the end of
/// very long texts is left out; and texts are kept apart by a lexeme that is gone again, so that no
/// phrase reaches from one into the next.
///
/// `wsdb_query` is what a word, or several in a row, look for; the last one as a beginning if so
/// wanted.
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

/// So many kB of new words may wait to be sorted in. With the server's 4 MB, an import of 10,000 tasks
/// leaves so many that the planner prefers to read the whole table: 31 ms instead of 9. With none
/// waiting, the import would take twice as long.
const PENDING: u32 = 512;

fn postgres(table: &str, columns: &[Option<&str>; 4]) -> String {
    let columns = texts(columns, "");
    format!(
        "
ALTER TABLE {table} ADD COLUMN search_words tsvector
    GENERATED ALWAYS AS (wsdb_words({columns})) STORED;
CREATE INDEX ix_{table}_search_words ON {table} USING gin (search_words)
    WITH (gin_pending_list_limit = {PENDING});"
    )
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        let mut sql = match is_sqlite {
            true => SQLITE_TABLES.to_owned(),
            false => POSTGRES_FUNCTIONS.to_owned(),
        };
        for (noun, table, columns) in SOURCES {
            sql.push_str(&match is_sqlite {
                true => sqlite(noun, table, columns),
                false => postgres(table, columns),
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
                // Its index goes with it.
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
