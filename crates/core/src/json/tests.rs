//! Tests of reading and writing JSON, compared with `serde_json`.

use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Json, JsonError, JsonErrorKind, JsonNumber, JsonObject, JsonReader};
use crate::json;

fn parse(text: &str) -> Json {
    text.parse().expect("JSON")
}

#[test]
fn numbers_are_written_as_they_were_read() {
    for text in [
        "0",
        "-0",
        "-0.0",
        "1.10",
        "1e+400",
        "-1.5e-7",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "18446744073709551616",
        "123456789012345678901234567890",
        "0.1",
        "100000000000000000000000.00",
    ] {
        let value = parse(&format!("[{text}]"));
        assert_eq!(value.to_string(), format!("[{text}]"));
        assert_eq!(
            serde_json::to_string(&value).expect("JSON"),
            format!("[{text}]")
        );
        assert_eq!(Json::encode(&value), Ok(value));
    }
    assert_eq!(parse("[1E3, 1e3, 1E-3]").to_string(), "[1e+3,1e+3,1e-3]");
}

#[test]
fn numbers_with_the_same_text_are_equal() {
    assert_eq!(parse("1e3"), parse("1E+3"));
    assert_eq!(parse("7"), Json::from(7u64));
    assert_eq!(parse("1.5"), Json::from(1.5));
    assert_eq!(parse("18446744073709551615"), Json::from(u64::MAX));
    for (a, b) in [("1", "1.0"), ("1e3", "1000"), ("0", "-0"), ("1.1", "1.10")] {
        assert_ne!(parse(a), parse(b));
    }
}

#[test]
fn numbers_convert_to_those_of_rust() {
    assert_eq!(parse("12").as_i64(), Some(12));
    assert_eq!(parse("-12").as_u64(), None);
    assert_eq!(parse("12.0").as_u64(), None);
    assert_eq!(parse("18446744073709551615").as_u64(), Some(u64::MAX));
    assert_eq!(parse("1.10").as_f64(), Some(1.1));
    assert_eq!(parse("1e400").as_f64(), None);
    assert_eq!(Json::from(f64::NAN), Json::Null);
    assert_eq!(Json::from(1e300).to_string(), "1e+300");
    for text in [
        "", "-", "01", "1.", ".5", "1e", "1e+", "+1", "1 ", "1,", "0x1", "NaN",
    ] {
        assert!(text.parse::<JsonNumber>().is_err(), "{text:?}");
    }
}

#[test]
fn last_value_of_a_duplicate_key_takes_precedence() {
    assert_eq!(
        parse(r#"{"b": 1, "a": 2, "b": 3, "b": 4}"#).to_string(),
        r#"{"a":2,"b":4}"#
    );
}

#[test]
fn strict_parsing_rejects_duplicate_keys() {
    let text = "{\"a\": 1, \"b\": {\"c\": 1, \"d\": {\"c\": 5},\n\"c\" : 2}}";
    let error = Json::parse_strict(text).expect_err("a duplicate");
    assert_eq!(*error.kind(), JsonErrorKind::DuplicateKey("c".to_owned()));
    assert_eq!(error.position(), Some((2, 4)));
    assert_eq!(error.to_string(), "duplicate key \"c\" at line 2 column 4");
}

#[test]
fn every_text_that_ends_early_has_the_same_kind() {
    for text in [
        "",
        "[",
        "[1,",
        "{",
        "{\"a\"",
        "{\"a\":1,",
        "\"a",
        "\"\\u00",
        "-",
        "1.",
        "tru",
    ] {
        let error = text.parse::<Json>().expect_err(text);
        assert_eq!(*error.kind(), JsonErrorKind::UnexpectedEnd, "{text}");
        assert!(error.message().starts_with("EOF "), "{text}: {error}");
    }
}

#[test]
fn nesting_is_limited() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(parse(&nested(127)).to_string(), nested(127));
    let error = nested(128).parse::<Json>().expect_err("too deep");
    assert_eq!(
        error.to_string(),
        "recursion limit exceeded at line 1 column 128"
    );
    assert_eq!(*error.kind(), JsonErrorKind::TooDeep);
    assert!(nested(100_000).parse::<Json>().is_err());
    let raw: Result<Json, _> = serde_json::from_str(&nested(200));
    assert!(raw.is_err());
}

#[test]
fn object_keys_are_sorted() {
    let mut object = JsonObject::new();
    for (key, value) in [("b", 1), ("a", 2), ("c", 3), ("a", 4)] {
        object.insert(key.to_owned(), value.into());
    }
    object.get_or_insert_with("ab", || 5.into());
    assert_eq!(object.remove("c"), Some(3.into()));
    assert_eq!(object.remove("c"), None);
    assert_eq!(
        Json::from(object.clone()).to_string(),
        r#"{"a":4,"ab":5,"b":1}"#
    );
    object.retain(|key, value| key != "a" && *value != 1);
    assert_eq!(Json::from(object).to_string(), r#"{"ab":5}"#);
}

#[test]
fn values_are_found_by_key_index_and_pointer() {
    let mut value = json!({"a/b": [1, {"~": null}], "c": "x"});
    assert_eq!(value["a/b"][0], 1);
    assert_eq!(value["a/b"][7]["x"], Json::Null);
    assert_eq!(value.pointer("/a~1b/0"), Some(&Json::from(1)));
    assert_eq!(value.pointer("/a~1b/1/~0"), Some(&Json::Null));
    for missing in ["a", "/a~1b/01", "/a~1b/2", "/c/x"] {
        assert_eq!(value.pointer(missing), None, "{missing}");
    }
    value["d"]["e"] = true.into();
    value["a/b"][1] = Json::Null;
    assert_eq!(
        value.to_string(),
        r#"{"a/b":[1,null],"c":"x","d":{"e":true}}"#
    );
}

#[test]
fn json_within_other_types_keeps_its_numbers() {
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Change {
        id: u64,
        after: JsonObject,
        note: Option<Json>,
        #[serde(default)]
        more: Option<Json>,
    }
    let text = r#"{"id":1,"after":{"n":1.10},"note":12345678901234567890123,"more":null}"#;
    let change: Change = parse(text).decode().expect("a change");
    assert_eq!(change.after["n"].to_string(), "1.10");
    assert_eq!(serde_json::to_string(&change).expect("JSON"), text);
    assert_eq!(Json::encode(&change), Ok(parse(text)));
    let error = parse(r#"{"id":"x"}"#)
        .decode::<Change>()
        .expect_err("no number");
    assert_eq!(error.to_string(), "expected an integer, found a string");
    let error = parse(r#"{"id":1,"after":[]}"#)
        .decode::<Change>()
        .expect_err("no object");
    assert_eq!(error.to_string(), "expected an object, found a list");
    let float = parse("[1.7976931348623157e308, 7.2057594037927933e16, -0.0]");
    assert_eq!(
        float.decode::<Vec<f64>>(),
        Ok(vec![f64::MAX, 72057594037927933.0, -0.0])
    );
    let error = parse("{\"id\":1.5}")
        .decode::<Change>()
        .expect_err("no integer");
    assert_eq!(error.to_string(), "expected an integer, found a number");
    let error = parse("{\"id\":1}")
        .decode::<Change>()
        .expect_err("no object");
    assert_eq!(error.to_string(), "missing field \"after\"");
    // A host can convert through its own `serde_json` values.
    let host: serde_json::Value = serde_json::to_value(&change).expect("a value");
    assert_eq!(
        serde_json::from_value::<Change>(host).expect("a change").id,
        1
    );
}

#[test]
fn reader_returns_value_after_value() -> Result<(), JsonError> {
    let mut reader = JsonReader::new("[[1, 2], {}, {\"a\": [3]}] ");
    let mut values = Vec::new();
    reader.enter_array()?;
    while reader.has_next_element()? {
        values.push(reader.read_value()?.to_string());
    }
    reader.finish()?;
    assert_eq!(values, ["[1,2]", "{}", "{\"a\":[3]}"]);
    Ok(())
}

fn number() -> impl Strategy<Value = Json> {
    "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?".prop_map(|text| parse(&text))
}

pub(super) fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        number(),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        any::<String>().prop_map(Json::from),
        "[\"\\\\/\u{0}-\u{1f}a\u{7f}ä\u{1d11e}]{0,8}".prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Json::from),
            proptest::collection::vec((any::<String>(), inner), 0..6).prop_map(Json::from_iter),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn written_json_reads_back(value in any_json()) {
        for text in [value.to_string(), value.to_string_pretty(), format!("{value:#}")] {
            prop_assert_eq!(&parse(&text), &value);
            prop_assert_eq!(Json::parse_strict(&text), Ok(value.clone()));
            prop_assert_eq!(&serde_json::from_str::<Json>(&text).expect("JSON"), &value);
        }
        prop_assert_eq!(Json::encode(&value), Ok(value.clone()));
        prop_assert_eq!(value.decode::<Json>(), Ok(value.clone()));
    }

    #[test]
    fn output_equals_that_of_serde_json(value in any_json()) {
        prop_assert_eq!(value.to_string(), serde_json::to_string(&value).expect("JSON"));
        prop_assert_eq!(value.to_string_pretty(), serde_json::to_string_pretty(&value).expect("JSON"));
    }

    #[test]
    fn strings_equal_those_of_serde_json(text in any::<String>()) {
        let written = serde_json::to_string(&text).expect("JSON");
        prop_assert_eq!(parse(&written), Json::from(text.as_str()));
        let read: String = serde_json::from_str(&Json::from(text.as_str()).to_string()).expect("JSON");
        prop_assert_eq!(read, text);
    }

    #[test]
    fn objects_behave_like_sorted_maps(operations in proptest::collection::vec(("[ab]{0,2}", any::<bool>(), 0..9i32), 0..30)) {
        let (mut ours, mut theirs) = (JsonObject::new(), std::collections::BTreeMap::new());
        for (key, is_removed, value) in operations {
            if is_removed { prop_assert_eq!(ours.remove(&key), theirs.remove(&key)) } else { prop_assert_eq!(
                    ours.insert(key.clone(), value.into()),
                    theirs.insert(key, Json::from(value))
                ) }
        }
        prop_assert!(ours.iter().eq(&theirs));
        prop_assert_eq!(ours, theirs.into_iter().collect());
    }
}
