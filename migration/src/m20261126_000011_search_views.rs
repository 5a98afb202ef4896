//! SQLite reads the whole schema whenever a database is opened, and the triggers of the search index
//! were most of it: the texts of each table were written four times, and their words five times. Now
//! a view has the texts of a table, and what is indexed stays the same. PostgreSQL has no triggers.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::m20261126_000010_search_words::sources::{SOURCES, Source};
use crate::m20261126_000010_search_words::sqlite;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

pub(crate) const COLUMNS: [&str; 5] = ["title", "first", "second", "third", "lists"];

/// The columns are rows here, so that the expression of a word is there once.
pub(crate) fn view_trigger(words: &str) -> String {
    let rows: Vec<String> = COLUMNS
        .iter()
        .map(|column| format!("SELECT '{column}' AS name, new.{column} AS source"))
        .collect();
    let columns: Vec<String> = COLUMNS
        .iter()
        .map(|column| format!("max(CASE name WHEN '{column}' THEN words END)"))
        .collect();
    format!(
        "
CREATE TRIGGER search_texts_insert INSTEAD OF INSERT ON search_texts BEGIN
    INSERT INTO search_index (search_index, rowid, {names})
    SELECT new.command, new.number, {columns}
    FROM (SELECT name, {words} AS words FROM ({rows}) LIMIT -1);
END;",
        names = COLUMNS.join(", "),
        columns = columns.join(", "),
        rows = rows.join(" UNION ALL ")
    )
}

/// Returns the view and the triggers of a table. The row is removed from the index before it changes,
/// while the view still has its texts: FTS5 needs them.
pub(crate) fn table(source: &Source) -> String {
    table_with(source, sqlite::tags)
}

/// Like [`table`], with the text that `field_text` returns for an object.
pub(crate) fn table_with(source: &Source, field_text: fn(&str) -> String) -> String {
    let Source { noun, table, .. } = source;
    let columns = COLUMNS.join(", ");
    let texts: Vec<String> = sqlite::texts(source, "", field_text)
        .into_iter()
        .zip(COLUMNS)
        .map(|(text, column)| format!("{text} AS {column}"))
        .collect();
    let insert = format!(
        "INSERT OR REPLACE INTO search_rows (noun, record_id) VALUES ('{noun}', new.id);
    INSERT INTO search_texts
    SELECT NULL, last_insert_rowid(), {columns} FROM search_{table} WHERE id = new.id;"
    );
    let delete = format!(
        "INSERT INTO search_texts
    SELECT 'delete', number, {columns} FROM search_rows, search_{table}
    WHERE noun = '{noun}' AND record_id = old.id AND id = old.id;
    DELETE FROM search_rows WHERE noun = '{noun}' AND record_id = old.id;"
    );
    let (watched, changed) = sqlite::watched(source);
    format!(
        "
CREATE VIEW search_{table} AS SELECT id, {texts} FROM {table};
CREATE TRIGGER search_{table}_insert AFTER INSERT ON {table} BEGIN
    {insert}
END;
CREATE TRIGGER search_{table}_before BEFORE UPDATE OF {watched} ON {table}
WHEN {changed} BEGIN
    {delete}
END;
CREATE TRIGGER search_{table}_after AFTER UPDATE OF {watched} ON {table}
WHEN {changed} BEGIN
    {insert}
END;
CREATE TRIGGER search_{table}_delete BEFORE DELETE ON {table} BEGIN
    {delete}
END;",
        texts = texts.join(", ")
    )
}

pub(crate) fn drop_table(source: &Source) -> String {
    let table = source.table;
    format!(
        "DROP TRIGGER search_{table}_insert; DROP TRIGGER search_{table}_before;
         DROP TRIGGER search_{table}_after; DROP TRIGGER search_{table}_delete;
         DROP VIEW search_{table};"
    )
}

/// Replaces the triggers of all tables and of the view.
pub(crate) async fn replace(
    manager: &SchemaManager<'_>,
    drop: fn(&Source) -> String,
    create: fn(&Source) -> String,
    view_trigger: String,
) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Sqlite {
        return Ok(());
    }
    let drop: String = SOURCES.iter().map(drop).collect();
    let create: String = SOURCES.iter().map(create).collect();
    let sql = format!("{drop} DROP TRIGGER search_texts_insert; {view_trigger} {create}");
    let connection = manager.get_connection();
    connection.execute_unprepared(&sql).await.map(|_| ())
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let view_trigger = view_trigger(&sqlite::words("source"));
        replace(manager, sqlite::drop_triggers, table, view_trigger).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let view_trigger = sqlite::view_trigger();
        replace(manager, drop_table, sqlite::triggers, view_trigger).await
    }
}
