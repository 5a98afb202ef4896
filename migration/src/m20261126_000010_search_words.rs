//! Full-text search also finds Chinese, Japanese and Korean words within a run of characters, file
//! paths, tags and detections, and treats `ß` as `ss`, `ø` as `o` and so on.
//!
//! Neither database knows where a word of these scripts ends, so each character is indexed together
//! with the next one: `検索機` as `検索 索機 機`. A word is then a phrase of such pairs, and a single
//! character is the beginning of one. `wsdb_core::Term::index_text` does the same to the words of a
//! query.

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

/// Number of characters that SQLite splits at a time: `substr` counts from the beginning of the text,
/// so the time for a long text would grow with the square of its length. A page of 33,000 Chinese
/// characters takes 0.1 s.
const PART_LENGTH: u32 = 256;

/// Returns a list of a number of rows, whose `key` counts from 0.
fn sqlite_numbers(length: &str) -> String {
    format!("json_each('[' || substr(replace(hex(zeroblob({length})), '00', ',0'), 2) || ']')")
}

/// Returns a condition for the presence of any of these bytes: the first ones of the characters to look
/// for. It takes half the time of a comparison of characters.
fn sqlite_has_bytes(bytes: &[&str]) -> String {
    let conditions = bytes.iter();
    let conditions = conditions.map(|bytes| format!("instr(bytes, x'{bytes}')"));
    conditions.collect::<Vec<String>>().join(" OR ")
}

/// Returns a text as it is indexed. Only texts that have characters beyond ASCII take time.
///
/// LIMIT prevents SQLite from computing a subquery again for each use of its columns.
fn sqlite_words(text: &str) -> String {
    let folded = LETTERS
        .iter()
        .fold(text.to_owned(), |text, (letter, plain)| {
            format!("replace({text}, '{letter}', '{plain}')")
        });
    let cjk = cjk();
    let part_count = format!("(length(text) + {}) / {PART_LENGTH}", PART_LENGTH - 1);
    format!(
        "CASE WHEN length({text}) <> length(CAST({text} AS BLOB)) THEN (
            SELECT CASE WHEN {has_cjk} THEN (
                SELECT group_concat(CASE
                    WHEN pair GLOB '{cjk}{cjk}' THEN ' ' || pair
                    WHEN pair GLOB '{cjk}*' THEN ' ' || substr(pair, 1, 1) || ' '
                    ELSE substr(pair, 1, 1) END, '')
                FROM (
                    SELECT substr(part, character.key + 1, 2) AS pair
                    FROM (
                        SELECT substr(text, key * {PART_LENGTH} + 1, {PART_LENGTH} + 1) AS part,
                            min({PART_LENGTH}, length(text) - key * {PART_LENGTH}) AS length
                        FROM {parts} LIMIT -1
                    ), {characters} AS character LIMIT -1
                )
            ) ELSE text END
            FROM (
                SELECT CASE WHEN {has_letters} THEN {folded} ELSE {text} END AS text, bytes
                FROM (SELECT CAST({text} AS BLOB) AS bytes LIMIT -1) LIMIT -1
            )
        ) ELSE {text} END",
        has_letters =
            sqlite_has_bytes(&["C39F", "C3A6", "C386", "C3B8", "C398", "C4", "C5", "E1BA9E"]),
        has_cjk = format!(
            "{} OR ({}) AND text GLOB '*{cjk}*'",
            sqlite_has_bytes(&[
                "E3", "E4", "E5", "E6", "E7", "E8", "E9", "EA", "EB", "EC", "ED"
            ]),
            sqlite_has_bytes(&["EF", "F0"])
        ),
        parts = sqlite_numbers(&part_count),
        characters = sqlite_numbers("length"),
    )
}

/// Returns the file paths, tags and names of a row, one on each line. Users may store anything in the
/// columns, so each step checks what it finds.
fn sqlite_lists(source: &Source, row: &str) -> String {
    let lists = source.lists.iter().map(|list| {
        let list = format!("{row}{list}");
        format!(
            "CASE WHEN {list} IS NOT NULL AND json_valid({list}) THEN coalesce((
                SELECT group_concat(atom, char(10)) FROM json_tree({list}) WHERE type = 'text'
            ), '') ELSE '' END"
        )
    });
    let tags = source.objects.iter().map(|object| {
        let object = format!("{row}{object}");
        let keys = TAG_KEYS.map(|key| format!("instr({object}, '\"{key}\"')"));
        let values = TAG_KEYS.map(|key| format!("SELECT * FROM json_tree({object}, '$.{key}')"));
        format!(
            "CASE WHEN {object} IS NOT NULL AND ({}) AND json_valid({object}) THEN coalesce((
                SELECT group_concat(atom, char(10)) FROM ({}) WHERE type = 'text'
            ), '') ELSE '' END",
            keys.join(" OR "),
            values.join(" UNION ALL ")
        )
    });
    let names = source.names.iter();
    let names = names.map(|name| format!("coalesce({row}{name}, '')"));
    let all: Vec<String> = lists.chain(tags).chain(names).collect();
    all.join("\n            || char(10) || ")
}

/// Returns one expression for each column of the index.
fn sqlite_texts(source: &Source, row: &str) -> String {
    let column = |column: Option<&str>| match column {
        Some(column) => format!("{row}\"{column}\""),
        None => "NULL".to_owned(),
    };
    let [first, second, third] = source.texts.map(column);
    let third = if source.has_page {
        m20261126_000008_page_search::sqlite_page(row)
    } else {
        third
    };
    let (title, lists) = (column(source.title), sqlite_lists(source, row));
    format!("{title}, {first}, {second}, {third},\n        {lists}")
}

/// The view, which has no rows, applies `sqlite_words` to each text that is inserted into it: it is
/// written once, not for each column of each trigger.
fn sqlite_tables() -> String {
    let words = ["title", "first", "second", "third", "lists"]
        .map(|column| sqlite_words(&format!("new.{column}")));
    format!(
        "
CREATE TABLE search_rows (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    noun TEXT NOT NULL,
    record_id TEXT NOT NULL,
    UNIQUE (noun, record_id)
);
CREATE VIRTUAL TABLE search_index USING fts5(
    title, first, second, third, lists,
    content = '', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIEW search_texts AS
    SELECT NULL AS command, NULL AS number, NULL AS title, NULL AS first, NULL AS second,
        NULL AS third, NULL AS lists
    WHERE 0;
CREATE TRIGGER search_texts_insert INSTEAD OF INSERT ON search_texts BEGIN
    INSERT INTO search_index (search_index, rowid, title, first, second, third, lists)
    VALUES (new.command, new.number, {});
END;",
        words.join(", ")
    )
}

fn sqlite(source: &Source) -> String {
    let Source { noun, table, .. } = source;
    let (old, new, plain) = (
        sqlite_texts(source, "old."),
        sqlite_texts(source, "new."),
        sqlite_texts(source, "source."),
    );
    let insert = format!(
        "INSERT OR REPLACE INTO search_rows (noun, record_id) VALUES ('{noun}', new.id);
    INSERT INTO search_texts VALUES (NULL, last_insert_rowid(), {new});"
    );
    let delete = format!(
        "INSERT INTO search_texts
    SELECT 'delete', number, {old} FROM search_rows WHERE noun = '{noun}' AND record_id = old.id;
    DELETE FROM search_rows WHERE noun = '{noun}' AND record_id = old.id;"
    );
    let page = source.has_page.then_some("extra_metadata");
    let watched = std::iter::once("id")
        .chain(source.title)
        .chain(source.texts.into_iter().flatten())
        .chain(page.filter(|page| !source.objects.contains(page)))
        .chain(source.lists.iter().copied())
        .chain(source.objects.iter().copied())
        .chain(source.names.iter().copied());
    let watched: Vec<String> = watched.map(|column| format!("\"{column}\"")).collect();
    let changed: Vec<String> = watched
        .iter()
        .map(|column| format!("old.{column} IS NOT new.{column}"))
        .collect();
    let (watched, changed) = (watched.join(", "), changed.join(" OR "));
    format!(
        "
INSERT INTO search_rows (noun, record_id) SELECT '{noun}', id FROM {table} ORDER BY rowid;
INSERT INTO search_texts
    SELECT NULL, number, {plain} FROM search_rows JOIN {table} AS source ON source.id = record_id
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

/// `wsdb_folded` is that of the earlier version with `LETTERS` and with the punctuation of Chinese and
/// Japanese. It composes what remains, because Hangul and kana consist of several characters
/// otherwise.
///
/// `wsdb_pairs` separates characters of Chinese, Japanese and Korean. Both functions lengthen the
/// texts, of which a tsvector holds 1 MB.
fn postgres_functions() -> String {
    let (mut from, mut to) = (String::new(), String::new());
    let mut folded = "words".to_owned();
    for (letter, plain) in LETTERS {
        if plain.len() == 1 {
            from.push(letter);
            to.push_str(plain);
        } else {
            folded = format!("replace({folded}, '{letter}', '{plain}')");
        }
    }
    let folded = format!("translate({folded}, '{from}', '{to}')");
    let (cjk, keys) = (cjk(), TAG_KEYS.map(|key| format!("metadata -> '{key}'")));
    let text = |column: &str, weight: char, length: u32| {
        format!(
            "setweight(to_tsvector('pg_catalog.simple', \
             left(wsdb_pairs(left(wsdb_folded(left(coalesce({column}, ''), {length})), {length})), 70000)), \
             '{weight}')"
        )
    };
    let texts = [
        text("title", 'A', 20_000),
        text("first", 'B', 40_000),
        text("second", 'C', 40_000),
        text("third", 'C', 40_000),
        text("lists", 'C', 20_000),
    ];
    format!(
        r#"
CREATE FUNCTION wsdb_folded(words text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN regexp_replace(
        CASE
            WHEN octet_length(words) = length(words) THEN words
            ELSE normalize(regexp_replace(normalize({folded}, NFD), '[\u0300-\u036f]+', '', 'g'), NFC)
        END,
        '[\u0001-/:-@\[-`{{-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u2000-\u206f\u3000-\u3004\u3008-\u3020\u30a0\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+',
        ' ', 'g');

CREATE FUNCTION wsdb_pairs(words text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN words ~ '{cjk}' THEN (
        SELECT string_agg(
            CASE
                WHEN is_cjk AND next_is_cjk THEN ' ' || letter || next
                WHEN is_cjk THEN ' ' || letter || ' '
                ELSE letter
            END, '' ORDER BY at)
        FROM (
            SELECT at, letter, is_cjk, lead(letter) OVER (ORDER BY at) AS next,
                lead(is_cjk) OVER (ORDER BY at) AS next_is_cjk
            FROM (
                SELECT at, letter, letter ~ '{cjk}' AS is_cjk
                FROM unnest(string_to_array(words, NULL)) WITH ORDINALITY AS letters (letter, at)
            ) AS letters
        ) AS pairs
    ) ELSE words END;

CREATE FUNCTION wsdb_list_text(list json) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN list IS NOT NULL THEN coalesce((
        SELECT string_agg(item #>> '{{}}', chr(10))
        FROM jsonb_path_query(list::jsonb, 'strict $.** ? (@.type() == "string")') AS item
    ), '') ELSE '' END;

CREATE FUNCTION wsdb_tag_text(metadata json) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN json_typeof(metadata) = 'object'
        THEN wsdb_list_text({tags}) ELSE '' END;

CREATE FUNCTION wsdb_words(title text, first text, second text, third text, lists text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ts_delete(
        {texts},
        '.');

CREATE FUNCTION wsdb_query(words text, beginning boolean) RETURNS tsquery
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN beginning AND numnode(phraseto_tsquery('pg_catalog.simple', wsdb_folded(words))) > 0
        THEN (phraseto_tsquery('pg_catalog.simple', wsdb_folded(words))::text || ':*')::tsquery
        ELSE phraseto_tsquery('pg_catalog.simple', wsdb_folded(words))
    END;"#,
        tags = keys.join(") || chr(10) || wsdb_list_text("),
        texts = texts.join("\n        || '.:1'::tsvector\n        || "),
    )
}

/// The functions that were added, in an order in which they can be dropped.
const POSTGRES_DROP_FUNCTIONS: &str = "
DROP FUNCTION wsdb_query;
DROP FUNCTION wsdb_words;
DROP FUNCTION wsdb_tag_text;
DROP FUNCTION wsdb_list_text;
DROP FUNCTION wsdb_pairs;
DROP FUNCTION wsdb_folded;
DROP FUNCTION wsdb_page_text;";

fn postgres(source: &Source) -> String {
    let table = source.table;
    let column = |column: Option<&str>| match column {
        Some(column) => format!("\"{column}\""),
        None => "NULL".to_owned(),
    };
    let [first, second, third] = source.texts.map(column);
    let third = if source.has_page {
        "wsdb_page_text(extra_metadata::json)".to_owned()
    } else {
        third
    };
    let lists = source.lists.iter();
    let lists = lists.map(|list| format!("wsdb_list_text({list}::json)"));
    let tags = source.objects.iter();
    let tags = tags.map(|object| format!("wsdb_tag_text({object}::json)"));
    let names = source.names.iter();
    let names = names.map(|name| format!("coalesce({name}, '')"));
    let lists: Vec<String> = lists.chain(tags).chain(names).collect();
    format!(
        "
ALTER TABLE {table} ADD COLUMN search_words tsvector GENERATED ALWAYS AS (
    wsdb_words({title}, {first}, {second}, {third}, {lists})) STORED;
CREATE INDEX ix_{table}_search_words ON {table} USING gin (search_words)
    WITH (gin_pending_list_limit = 512);",
        title = column(source.title),
        lists = lists.join(" || chr(10) || "),
    )
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        m20261124_000004_search::Migration.down(manager).await?;
        let is_sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        let mut sql = if is_sqlite {
            sqlite_tables()
        } else {
            postgres_functions()
        };
        for source in SOURCES {
            sql.push_str(&if is_sqlite {
                sqlite(source)
            } else {
                postgres(source)
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
            POSTGRES_DROP_FUNCTIONS
        });
        let connection = manager.get_connection();
        connection.execute_unprepared(&sql).await?;
        m20261124_000004_search::Migration.up(manager).await?;
        m20261126_000008_page_search::Migration.up(manager).await
    }
}
