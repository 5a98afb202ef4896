//! Full-text search also covers the pages that decisions were imported from: their sections, front
//! matter and other text, which are in `extra_metadata` under `madr`.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Returns the text of the page in a row: the complete text, or that of its sections. Users may store
/// anything in the column, so each step checks what it finds.
pub(crate) fn sqlite_page(row: &str) -> String {
    let metadata = format!("{row}extra_metadata");
    format!(
        "CASE WHEN {metadata} IS NOT NULL AND json_valid({metadata}) THEN coalesce(
            CASE WHEN json_type({metadata}, '$.madr.page') = 'text'
                THEN json_extract({metadata}, '$.madr.page') END,
            CASE WHEN json_type({metadata}, '$.madr.sections') = 'array' THEN (
                SELECT group_concat(
                    coalesce(json_extract(section.value, '$.heading'), '') || char(10)
                    || coalesce(json_extract(section.value, '$.text'), ''), char(10))
                FROM json_each({metadata}, '$.madr.sections') AS section
                WHERE section.type = 'object') END) END"
    )
}

const SQLITE_DELETE: &str =
    "DELETE FROM search_rows WHERE noun = 'decision' AND record_id = old.id;";

/// Returns the triggers and an index with the pages, or, with `has_pages` unset, those of the earlier
/// version.
fn sqlite(has_pages: bool) -> String {
    let page = |row: &str, has_pages: bool| {
        if has_pages {
            sqlite_page(row)
        } else {
            "NULL".to_owned()
        }
    };
    let insert = format!(
        "INSERT OR REPLACE INTO search_rows (noun, record_id) VALUES ('decision', new.id);
    INSERT INTO search_index (rowid, title, first, second, third)
    VALUES (last_insert_rowid(), new.decision, new.rationale, {}, NULL);",
        page("new.", has_pages)
    );
    let delete = format!(
        "INSERT INTO search_index (search_index, rowid, title, first, second, third)
    SELECT 'delete', number, old.decision, old.rationale, {}, NULL
    FROM search_rows WHERE noun = 'decision' AND record_id = old.id;
    {SQLITE_DELETE}",
        page("old.", has_pages)
    );
    let (watched, changed) = if has_pages {
        (
            "id, decision, rationale, extra_metadata",
            "old.id IS NOT new.id OR old.decision IS NOT new.decision OR old.rationale IS NOT new.rationale
    OR old.extra_metadata IS NOT new.extra_metadata",
        )
    } else {
        (
            "id, decision, rationale",
            "old.id IS NOT new.id OR old.decision IS NOT new.decision OR old.rationale IS NOT new.rationale",
        )
    };
    format!(
        "
DROP TRIGGER search_architecture_decisions_insert;
DROP TRIGGER search_architecture_decisions_update;
DROP TRIGGER search_architecture_decisions_delete;
INSERT INTO search_index (search_index, rowid, title, first, second, third)
    SELECT 'delete', number, source.decision, source.rationale, {before}, NULL
    FROM search_rows JOIN architecture_decisions AS source ON source.id = record_id
    WHERE noun = 'decision' ORDER BY number;
INSERT INTO search_index (rowid, title, first, second, third)
    SELECT number, source.decision, source.rationale, {after}, NULL
    FROM search_rows JOIN architecture_decisions AS source ON source.id = record_id
    WHERE noun = 'decision' ORDER BY number;
CREATE TRIGGER search_architecture_decisions_insert AFTER INSERT ON architecture_decisions BEGIN
    {insert}
END;
CREATE TRIGGER search_architecture_decisions_update AFTER UPDATE OF {watched} ON architecture_decisions
WHEN {changed} BEGIN
    {delete}
    {insert}
END;
CREATE TRIGGER search_architecture_decisions_delete AFTER DELETE ON architecture_decisions BEGIN
    {delete}
END;",
        before = page("source.", !has_pages),
        after = page("source.", has_pages),
    )
}

const POSTGRES_FUNCTION: &str = r#"
CREATE FUNCTION wsdb_page_text(metadata json) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN json_typeof(metadata) = 'object' THEN coalesce(
        CASE WHEN json_typeof(metadata -> 'madr' -> 'page') = 'string'
            THEN metadata -> 'madr' ->> 'page' END,
        CASE WHEN json_typeof(metadata -> 'madr' -> 'sections') = 'array' THEN (
            SELECT string_agg(
                coalesce(section ->> 'heading', '') || chr(10) || coalesce(section ->> 'text', ''), chr(10))
            FROM json_array_elements(metadata -> 'madr' -> 'sections') AS section
            WHERE json_typeof(section) = 'object') END) END;
"#;

fn postgres(has_pages: bool) -> String {
    let page = if has_pages {
        "wsdb_page_text(extra_metadata::json)"
    } else {
        "NULL"
    };
    let (before, after) = if has_pages {
        (POSTGRES_FUNCTION, "")
    } else {
        ("", "DROP FUNCTION wsdb_page_text;")
    };
    format!(
        "{before}
ALTER TABLE architecture_decisions DROP COLUMN search_words;
ALTER TABLE architecture_decisions ADD COLUMN search_words tsvector
    GENERATED ALWAYS AS (wsdb_words(decision, rationale, {page}, NULL)) STORED;
CREATE INDEX ix_architecture_decisions_search_words ON architecture_decisions USING gin (search_words)
    WITH (gin_pending_list_limit = 512);
{after}"
    )
}

async fn apply(manager: &SchemaManager<'_>, has_pages: bool) -> Result<(), DbErr> {
    let sql = match manager.get_database_backend() {
        DbBackend::Sqlite => sqlite(has_pages),
        _ => postgres(has_pages),
    };
    let connection = manager.get_connection();
    connection.execute_unprepared(&sql).await.map(|_| ())
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        apply(manager, true).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        apply(manager, false).await
    }
}
