//! Errors of the reader, compared with those of `serde_json`.

use proptest::prelude::*;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::Json;
use super::tests::any_json;

/// Any JSON, read with `serde_json` only for its errors.
struct Checked;

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Check)
    }
}

struct Check;

impl<'de> Visitor<'de> for Check {
    type Value = Checked;
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, _: bool) -> Result<Checked, E> {
        Ok(Checked)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Checked, E> {
        Ok(Checked)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Checked, E> {
        Ok(Checked)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Checked, E> {
        Ok(Checked)
    }
    fn visit_str<E>(self, _: &str) -> Result<Checked, E> {
        Ok(Checked)
    }
    fn visit_unit<E>(self) -> Result<Checked, E> {
        Ok(Checked)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Checked, A::Error> {
        while list.next_element::<Checked>()?.is_some() {}
        Ok(Checked)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Checked, A::Error> {
        while map.next_entry::<String, Checked>()?.is_some() {}
        Ok(Checked)
    }
}

/// Checks that both parsers accept a text, or both report the same error; only the wording for an
/// incomplete literal differs.
fn compare_readers(text: &str) -> Result<(), TestCaseError> {
    let ours = text
        .parse::<Json>()
        .map(|_| ())
        .map_err(|error| error.to_string());
    let theirs = serde_json::from_str::<Checked>(text)
        .map(|_| ())
        .map_err(|error| {
            let message = error.to_string();
            message.replace("expected ident", "expected true, false or null")
        });
    // `serde_json` cannot read these without `arbitrary_precision`.
    if !matches!(&theirs, Err(error) if error.starts_with("number out of range")) {
        prop_assert_eq!(ours, theirs, "{:?}", text);
    }
    Ok(())
}

#[test]
fn errors_equal_those_of_serde_json() -> Result<(), TestCaseError> {
    for text in [
        "",
        " \n",
        "nul",
        "nulx",
        "tru",
        "falsy",
        "x",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[1 2]",
        "[1}",
        "{",
        "{]",
        "{1",
        "{\"a",
        "{\"a\"",
        "{\"a\" 1",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{\"a\":1,2",
        "{\"a\":1 \"b\"",
        "{\"a\":\n1,\n\"b\"\n 2}",
        "1 2",
        "-",
        "-x",
        "01",
        "1.",
        "1.x",
        "1e",
        "1e+",
        "1e+x",
        "\"",
        "\"\\",
        "\"\\x",
        "\"\\u",
        "\"\\u12",
        "\"\\u12x4\"",
        "\"\\ud800\"",
        "\"\\ud800",
        "\"\\ud800\\",
        "\"\\ud800\\n\"",
        "\"\\ud800\\u0041\"",
        "\"\\udc00\"",
        "\"\\ud834\\udd1e\"",
        "\"a\nb\"",
        "\"ä\u{1}\"",
        "[\"ä\", x]",
        "\u{feff}1",
        "[1]\u{a0}",
    ] {
        compare_readers(text)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn errors_in_random_text_equal_those_of_serde_json(text in "[\\[\\]{}\":,\\\\ntfru0-9.eE+\\- \nädD8]{0,24}") {
        compare_readers(&text)?;
    }

    #[test]
    fn errors_in_damaged_json_equal_those_of_serde_json(value in any_json(), at in any::<prop::sample::Index>(), by in "[\\[\\]{}\":,\\\\0e.x\n]{0,1}") {
        let mut text = value.to_string_pretty();
        let characters: Vec<(usize, char)> = text.char_indices().collect();
        let (start, old) = characters[at.index(characters.len())];
        text.replace_range(start..start + old.len_utf8(), &by);
        compare_readers(&text)?;
    }
}
