//! The index of SQLite, its view and its triggers.

use super::sources::{LETTERS, Source, TAG_KEYS, cjk};
use crate::m20261126_000008_page_search::sqlite_page;

/// Number of characters that SQLite splits at a time: `substr` counts from the beginning of the text,
/// so the time for a long text would grow with the square of its length. A page of 33,000 Chinese
/// characters takes 0.1 s.
const PART_LENGTH: u32 = 256;

/// Returns a list of a number of rows, whose `key` counts from 0.
fn numbers(length: &str) -> String {
    format!("json_each('[' || substr(replace(hex(zeroblob({length})), '00', ',0'), 2) || ']')")
}

/// Returns a condition for the presence of any of these bytes: the first ones of the characters to look
/// for. It takes half the time of a comparison of characters.
pub(crate) fn has_bytes(bytes: &[&str]) -> String {
    let conditions = bytes.iter();
    let conditions = conditions.map(|bytes| format!("instr(bytes, x'{bytes}')"));
    conditions.collect::<Vec<String>>().join(" OR ")
}

/// Returns a text as it is indexed. Only texts that have characters beyond ASCII take time.
///
/// LIMIT prevents SQLite from computing a subquery again for each use of its columns.
pub(crate) fn words(text: &str) -> String {
    words_of(text, &folded_letters(text))
}

/// Returns a query of a text with its letters replaced, and of its bytes.
pub(crate) fn folded_letters(text: &str) -> String {
    let folded = LETTERS
        .iter()
        .fold(text.to_owned(), |text, (letter, plain)| {
            format!("replace({text}, '{letter}', '{plain}')")
        });
    format!(
        "SELECT CASE WHEN {has_letters} THEN {folded} ELSE {text} END AS text, bytes
                FROM (SELECT CAST({text} AS BLOB) AS bytes LIMIT -1) LIMIT -1",
        has_letters = has_bytes(&["C39F", "C3A6", "C386", "C3B8", "C398", "C4", "C5", "E1BA9E"]),
    )
}

/// Returns a query of the parts of a character and those that follow it, for each character of a text.
pub(crate) fn split(text: &str, part: &str) -> String {
    let part_count = format!("(length({text}) + {}) / {PART_LENGTH}", PART_LENGTH - 1);
    format!(
        "SELECT {part}
                    FROM (
                        SELECT substr({text}, key * {PART_LENGTH} + 1, {PART_LENGTH} + 1) AS part,
                            min({PART_LENGTH}, length({text}) - key * {PART_LENGTH}) AS length
                        FROM {parts} LIMIT -1
                    ), {characters} AS character LIMIT -1",
        parts = numbers(&part_count),
        characters = numbers("length"),
    )
}

/// Returns a text as it is indexed; `folded` is a query of the text with its letters replaced, and of its
/// bytes.
pub(crate) fn words_of(text: &str, folded: &str) -> String {
    let cjk = cjk();
    let lead_bytes = [
        "E3", "E4", "E5", "E6", "E7", "E8", "E9", "EA", "EB", "EC", "ED",
    ];
    let has_cjk = format!(
        "{} OR ({}) AND text GLOB '*{cjk}*'",
        has_bytes(&lead_bytes),
        has_bytes(&["EF", "F0"])
    );
    let pairs = split("text", "substr(part, character.key + 1, 2) AS pair");
    format!(
        "CASE WHEN length({text}) <> length(CAST({text} AS BLOB)) THEN (
            SELECT CASE WHEN {has_cjk} THEN (
                SELECT group_concat(CASE
                    WHEN pair GLOB '{cjk}{cjk}' THEN ' ' || pair
                    WHEN pair GLOB '{cjk}*' THEN ' ' || substr(pair, 1, 1) || ' '
                    ELSE substr(pair, 1, 1) END, '')
                FROM (
                    {pairs}
                )
            ) ELSE text END
            FROM (
                {folded}
            )
        ) ELSE {text} END",
    )
}

/// Returns the file paths, tags and names of a row, one on each line. Users may store anything in the
/// columns, so each step checks what it finds.
fn lists(source: &Source, row: &str, field_text: fn(&str) -> String) -> String {
    let lists = source.lists.iter().map(|list| {
        let list = format!("{row}{list}");
        format!(
            "CASE WHEN {list} IS NOT NULL AND json_valid({list}) THEN coalesce((
                SELECT group_concat(atom, char(10)) FROM json_tree({list}) WHERE type = 'text'
            ), '') ELSE '' END"
        )
    });
    let tags = source.objects.iter();
    let tags = tags.map(|object| field_text(&format!("{row}{object}")));
    let names = source.names.iter();
    let names = names.map(|name| format!("coalesce({row}{name}, '')"));
    let all: Vec<String> = lists.chain(tags).chain(names).collect();
    all.join("\n            || char(10) || ")
}

/// Returns the tags in an object.
pub(crate) fn tags(object: &str) -> String {
    let keys = TAG_KEYS.map(|key| format!("instr({object}, '\"{key}\"')"));
    let values = TAG_KEYS.map(|key| format!("SELECT * FROM json_tree({object}, '$.{key}')"));
    format!(
        "CASE WHEN {object} IS NOT NULL AND ({}) AND json_valid({object}) THEN coalesce((
                SELECT group_concat(atom, char(10)) FROM ({}) WHERE type = 'text'
            ), '') ELSE '' END",
        keys.join(" OR "),
        values.join(" UNION ALL ")
    )
}

/// Returns one expression for each column of the index; `field_text` returns the searched text in an
/// object.
pub(crate) fn texts(source: &Source, row: &str, field_text: fn(&str) -> String) -> [String; 5] {
    let column = |column: Option<&str>| match column {
        Some(column) => format!("{row}\"{column}\""),
        None => "NULL".to_owned(),
    };
    let [first, second, third] = source.texts.map(column);
    let third = if source.has_page {
        sqlite_page(row)
    } else {
        third
    };
    [
        column(source.title),
        first,
        second,
        third,
        lists(source, row, field_text),
    ]
}

/// Returns the tables and the view.
pub(super) fn tables() -> String {
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
{}",
        view_trigger()
    )
}

/// The view, which has no rows, applies `words` to each text that is inserted into it: it is
/// written once, not for each column of each trigger.
pub(crate) fn view_trigger() -> String {
    let words = ["title", "first", "second", "third", "lists"]
        .map(|column| words(&format!("new.{column}")));
    format!(
        "
CREATE TRIGGER search_texts_insert INSTEAD OF INSERT ON search_texts BEGIN
    INSERT INTO search_index (search_index, rowid, title, first, second, third, lists)
    VALUES (new.command, new.number, {});
END;",
        words.join(", ")
    )
}

/// Indexes the rows of a table.
pub(super) fn index(source: &Source) -> String {
    let Source { noun, table, .. } = source;
    format!(
        "
INSERT INTO search_rows (noun, record_id) SELECT '{noun}', id FROM {table} ORDER BY rowid;
INSERT INTO search_texts
    SELECT NULL, number, {} FROM search_rows JOIN {table} AS source ON source.id = record_id
    WHERE noun = '{noun}' ORDER BY number;",
        texts(source, "source.", tags).join(", ")
    )
}

/// Returns the columns of a table that are indexed, as a list and as a condition for their change.
pub(crate) fn watched(source: &Source) -> (String, String) {
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
    (watched.join(", "), changed.join(" OR "))
}

/// Returns the triggers of a table.
pub(crate) fn triggers(source: &Source) -> String {
    let Source { noun, table, .. } = source;
    let [old, new] = ["old.", "new."].map(|row| texts(source, row, tags).join(", "));
    let insert = format!(
        "INSERT OR REPLACE INTO search_rows (noun, record_id) VALUES ('{noun}', new.id);
    INSERT INTO search_texts VALUES (NULL, last_insert_rowid(), {new});"
    );
    let delete = format!(
        "INSERT INTO search_texts
    SELECT 'delete', number, {old} FROM search_rows WHERE noun = '{noun}' AND record_id = old.id;
    DELETE FROM search_rows WHERE noun = '{noun}' AND record_id = old.id;"
    );
    let (watched, changed) = watched(source);
    format!(
        "
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

/// Drops the triggers of a table.
pub(crate) fn drop_triggers(source: &Source) -> String {
    let table = source.table;
    format!(
        "DROP TRIGGER search_{table}_insert; DROP TRIGGER search_{table}_update;
         DROP TRIGGER search_{table}_delete;"
    )
}
