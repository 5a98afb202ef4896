//! Full-text search also finds files in fields without a column, such as the `file` of an issue
//! written by hand, and full-width letters, half-width kana and ligatures by their usual forms.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::m20261126_000010_search_words::sources::{SOURCES, Source};
use crate::m20261126_000010_search_words::{postgres, sqlite};
use crate::m20261126_000011_search_views::{
    COLUMNS, drop_table, replace, table, table_with, view_trigger,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The keys of objects under which tags and files are searched.
const KEYS: [&str; 11] = [
    "tags",
    "labels",
    "file",
    "files",
    "file_path",
    "file_paths",
    "files_changed",
    "files_affected",
    "related_files",
    "path",
    "paths",
];

/// The usual forms of half-width kana, from U+FF66.
const KANA: &str = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";

const LIGATURES: [(char, &str); 7] = [
    ('ﬀ', "ff"),
    ('ﬁ', "fi"),
    ('ﬂ', "fl"),
    ('ﬃ', "ffi"),
    ('ﬄ', "ffl"),
    ('ﬅ', "st"),
    ('ﬆ', "st"),
];

fn keys() -> String {
    KEYS.map(|key| format!("'{key}'")).join(", ")
}

/// Returns the tags and files in an object of SQLite.
fn field_text(object: &str) -> String {
    format!(
        "CASE WHEN {object} IS NOT NULL AND json_valid({object}) THEN coalesce((
                SELECT group_concat(item.atom, char(10))
                FROM json_each({object}) AS field, json_tree({object}, field.fullkey) AS item
                WHERE field.key IN ({}) AND item.type = 'text'
            ), '') ELSE '' END",
        keys()
    )
}

/// Returns a text of SQLite as it is indexed. The mark of a half-width kana becomes the combining one, as in
/// decomposed texts.
fn words(text: &str) -> String {
    let ligatures = LIGATURES
        .iter()
        .fold("letters".to_owned(), |text, (letter, plain)| {
            format!("replace({text}, '{letter}', '{plain}')")
        });
    let letters = sqlite::split("text", "substr(part, character.key + 1, 1) AS letter");
    let folded = format!(
        "SELECT CASE WHEN {has_forms} THEN (
                    SELECT {ligatures} FROM (
                        SELECT group_concat(CASE
                            WHEN letter BETWEEN '０' AND 'ｚ' THEN char(unicode(letter) - {full_width})
                            WHEN letter BETWEEN 'ｦ' AND 'ﾝ' THEN substr('{KANA}', unicode(letter) - {kana}, 1)
                            WHEN letter = 'ﾞ' THEN char(12441)
                            WHEN letter = 'ﾟ' THEN char(12442)
                            ELSE letter END, '') AS letters
                        FROM ({letters})
                    )
                ) ELSE text END AS text, bytes
                FROM ({plain}) LIMIT -1",
        has_forms = sqlite::has_bytes(&["EFAC", "EFBC", "EFBD", "EFBE"]),
        full_width = 0xff10 - u32::from('0'),
        kana = 0xff65,
        plain = sqlite::folded_letters(text),
    );
    sqlite::words_of(text, &folded)
}

/// Indexes all rows of SQLite again.
async fn index_again(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut sql = "INSERT INTO search_index (search_index) VALUES ('delete-all');".to_owned();
    for Source { noun, table, .. } in SOURCES {
        let columns = COLUMNS.join(", ");
        sql.push_str(&format!(
            "
INSERT INTO search_texts
    SELECT NULL, number, {columns} FROM search_rows JOIN search_{table} AS source ON source.id = record_id
    WHERE noun = '{noun}' ORDER BY number;"
        ));
    }
    let connection = manager.get_connection();
    connection.execute_unprepared(&sql).await.map(|_| ())
}

/// Replaces the functions of PostgreSQL, and indexes all rows again.
async fn replace_functions(manager: &SchemaManager<'_>, functions: &str) -> Result<(), DbErr> {
    let drop = SOURCES
        .iter()
        .map(|source| format!("ALTER TABLE {} DROP COLUMN search_words;", source.table));
    let drop: String = drop.collect();
    let create: String = SOURCES.iter().map(postgres::table).collect();
    let connection = manager.get_connection();
    let sql = format!("{drop} {functions} {create}");
    connection.execute_unprepared(&sql).await.map(|_| ())
}

const REPLACE: &str = "CREATE OR REPLACE";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Sqlite {
            let create = |source: &Source| table_with(source, field_text);
            replace(manager, drop_table, create, view_trigger(&words("source"))).await?;
            return index_again(manager).await;
        }
        let folded = postgres::folded_function(REPLACE, "NFKD");
        let tags = format!(
            "{REPLACE} FUNCTION wsdb_tag_text(metadata json) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN json_typeof(metadata) = 'object' THEN coalesce((
        SELECT string_agg(wsdb_list_text(value), chr(10)) FROM json_each(metadata) WHERE key IN ({})
    ), '') ELSE '' END;",
            keys()
        );
        replace_functions(manager, &format!("{folded} {tags}")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Sqlite {
            let view_trigger = view_trigger(&sqlite::words("source"));
            replace(manager, drop_table, table, view_trigger).await?;
            return index_again(manager).await;
        }
        let folded = postgres::folded_function(REPLACE, "NFD");
        let tags = postgres::tag_function(REPLACE);
        replace_functions(manager, &format!("{folded} {tags}")).await
    }
}
