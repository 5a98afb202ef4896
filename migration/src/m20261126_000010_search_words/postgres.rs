//! The functions and columns of PostgreSQL.

use super::sources::{LETTERS, Source, TAG_KEYS, cjk};

/// `wsdb_folded` is that of the earlier version with `LETTERS` and with the punctuation of Chinese and
/// Japanese. It composes what remains, because Hangul and kana consist of several characters
/// otherwise.
///
/// `wsdb_pairs` separates characters of Chinese, Japanese and Korean. Both functions lengthen the
/// texts, of which a tsvector holds 1 MB.
pub(super) fn functions() -> String {
    let (cjk, tag_function) = (cjk(), tag_function("CREATE"));
    let folded_function = folded_function("CREATE", "NFD");
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
{folded_function}

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

{tag_function}

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
        texts = texts.join("\n        || '.:1'::tsvector\n        || "),
    )
}

/// Returns the function that removes accents; `form` is the decomposed form of Unicode.
pub(crate) fn folded_function(create: &str, form: &str) -> String {
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
    format!(
        r#"{create} FUNCTION wsdb_folded(words text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN regexp_replace(
        CASE
            WHEN octet_length(words) = length(words) THEN words
            ELSE normalize(regexp_replace(normalize({folded}, {form}), '[\u0300-\u036f]+', '', 'g'), NFC)
        END,
        '[\u0001-/:-@\[-`{{-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u2000-\u206f\u3000-\u3004\u3008-\u3020\u30a0\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+',
        ' ', 'g');"#
    )
}

/// Returns the function of the tags in an object.
pub(crate) fn tag_function(create: &str) -> String {
    let keys = TAG_KEYS.map(|key| format!("metadata -> '{key}'"));
    format!(
        "{create} FUNCTION wsdb_tag_text(metadata json) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN json_typeof(metadata) = 'object'
        THEN wsdb_list_text({tags}) ELSE '' END;",
        tags = keys.join(") || chr(10) || wsdb_list_text("),
    )
}

/// Drops the functions, in an order in which they can be dropped.
pub(super) const DROP_FUNCTIONS: &str = "
DROP FUNCTION wsdb_query;
DROP FUNCTION wsdb_words;
DROP FUNCTION wsdb_tag_text;
DROP FUNCTION wsdb_list_text;
DROP FUNCTION wsdb_pairs;
DROP FUNCTION wsdb_folded;
DROP FUNCTION wsdb_page_text;";

pub(crate) fn table(source: &Source) -> String {
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
