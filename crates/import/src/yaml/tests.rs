use wsdb_core::json;

use super::indentation::UNINDENTED;
use super::*;

fn value(text: &str) -> Json {
    parse(text).expect("valid YAML").value
}

#[test]
fn quoted_text_on_several_lines_is_joined() {
    for text in [
        "a: \"one\n  two\"\nb: 1",
        "a: \"one\ntwo\"\nb: 1",
        "a: 'one\ntwo'\nb: 1",
        "a: \"one \\\ntwo\"\nb: 1",
    ] {
        assert_eq!(value(text), json!({"a": "one two", "b": 1}), "{text}");
    }
    assert_eq!(
        value("x:\n  a: \"one\n  two\n\n  three\"\nb: 1")["x"],
        json!({"a": "one two\nthree"})
    );
    assert_eq!(
        value("a: [\"one\ntwo\", 'b\nc']")["a"],
        json!(["one two", "b c"])
    );
    // The quote at the end is missing.
    let error = parse("a: \"one\nb: two\nc: \"three\"\n").expect_err("not valid");
    assert_eq!((error.line, error.reason.as_str()), (1, UNINDENTED));
    for text in ["a: \"one\ntwo", "a: 'one\ntwo\nb: 1"] {
        parse(text).expect_err("not valid");
    }
}

#[test]
fn numbers_are_those_of_json() {
    let numbers = "[0, 7, -12, 1.50, 0.5, -0.25, 1.0e-5, 12345678901234567890.10]";
    let same: Json = numbers.parse().expect("valid JSON");
    assert_eq!(value(numbers), same);
}

#[test]
fn scalars_that_are_not_numbers_in_json_keep_their_text() {
    for text in [
        "0644",
        "01234",
        "017",
        "00123e45",
        "00",
        "-012",
        "1234e56",
        "1234e5678",
        "1E3",
        "+4912345",
        "+1",
        "+1.5",
        "-0",
        "-0.0",
        ".5",
        "1.",
        "0o17",
        "0x1F",
        "-0x1f",
        "0b11",
        "1_000",
        "1.2.3",
        "2025-11-20",
        "12:30",
        ".inf",
        ".NaN",
        "yes",
    ] {
        assert_eq!(value(&format!("a: {text}\n")), json!({"a": text}));
    }
}

#[test]
fn other_scalars_are_those_of_the_core_schema() {
    assert_eq!(
        value("[~, Null, True, FALSE, ]"),
        json!([null, null, true, false])
    );
    assert_eq!(
        value("- '1'\n- \"a\\tb\"\n- !!str 1\n- |\n  x\n  y\n- >-\n  x\n  y\n"),
        json!(["1", "a\tb", "1", "x\ny\n", "x y"])
    );
    assert_eq!(value(""), Json::Null);
    assert_eq!(value("--- 1\n--- 2\n"), json!([1, 2]));
}

#[test]
fn tag_belongs_to_its_value() {
    let text = "a: !Ref x\nb: !GetAtt [x, Arn]\nc: !Sub {k: !Ref y}\nd: !vault |\n  1\n  2\ne: !Ref 1.50\nf: !Ref\n\
        g: !secret 'q'\nh: &h !Ref z\ni: *h\n!Key j: 1\n";
    assert_eq!(
        value(text),
        json!({
            "a": {"!Ref": "x"}, "b": {"!GetAtt": ["x", "Arn"]}, "c": {"!Sub": {"k": {"!Ref": "y"}}},
            "d": {"!vault": "1\n2\n"}, "e": {"!Ref": "1.50"}, "f": {"!Ref": ""}, "g": {"!secret": "q"},
            "h": {"!Ref": "z"}, "i": {"!Ref": "z"}, "!Key j": 1,
        })
    );
    assert_eq!(
        value(
            "%TAG !e! tag:x.example,2025:\n---\n- !e!foo 1\n- !<tag:x.example,2025:foo> 1\n- !<!local> 1\n"
        ),
        json!([{"!<tag:x.example,2025:foo>": "1"}, {"!<tag:x.example,2025:foo>": "1"}, {"!local": "1"}])
    );
}

#[test]
fn tags_of_the_core_schema_are_types() {
    assert_eq!(
        value("[!!str 1, !!int '2', !!float \"1.50\", !!bool 'true', !!null '', ! 3, !!seq [1], !!map {a: 1}, !!binary aGk=, !!set {a}]"),
        r#"["1", 2, 1.50, true, null, "3", [1], {"a": 1}, {"!!binary": "aGk="}, {"!!set": {"a": null}}]"#
            .parse::<Json>()
            .expect("valid JSON")
    );
}

#[test]
fn aliases_stand_for_their_values() {
    assert_eq!(
        value("a: &x {b: 1}\nc: *x\n"),
        json!({"a": {"b": 1}, "c": {"b": 1}})
    );
    let bomb: String = (1..30).fold("a0: &a0 [x, x]\n".to_owned(), |text, n| {
        format!("{text}a{n}: &a{n} [*a{0}, *a{0}, *a{0}]\n", n - 1)
    });
    let fault = parse(&bomb).expect_err("error");
    assert!(fault.reason.contains("1,000,000"), "{fault:?}");
}

#[test]
fn empty_documents_are_left_out() {
    assert_eq!(value("a: 1\n---\n"), json!({"a": 1}));
    assert_eq!(
        value("---\n# c\n---\na: 1\n---\nb: 2\n---\n"),
        json!([{"a": 1}, {"b": 2}])
    );
    assert_eq!(value("a: 1\n--- ~\n"), json!([{"a": 1}, null]));
    assert_eq!(value("---\n"), Json::Null);
}

#[test]
fn lines_in_brackets_may_have_any_indentation() {
    let branches = json!({"on": {"push": {"branches": ["main", "dev"], "x": {"a": "b"}}, "y": 1}});
    for text in [
        "on:\n  push:\n    branches: [\n      \"main\",\n      \"dev\"\n    ]\n    x: {\n      \"a\": \"b\"\n    }\n  y: 1\n",
        "on:\n  push:\n    branches: [\n\"main\",\n  'dev',\n ]\n    x: {\na: b\n}\n  y: 1\n",
        "on:\r\n  push:\r\n    branches: [\r\n\"main\",\r\ndev\r\n]\r\n    x: {a:\r\nb}\r\n  y: 1\r\n",
    ] {
        assert_eq!(value(text), branches, "{text}");
    }
    assert_eq!(value("a: [\n\"x\"\n]\n"), json!({"a": ["x"]}));
    let fault = parse("a: [\n\"x\"\n]\nb: 1\nb: 2\nc: 3\n").expect_err("error");
    assert_eq!((fault.line, fault.column), (5, 1));
    assert_eq!(parse("a: [\n\"x\"\nb: 1\n").expect_err("error").line, 2);
}

#[test]
fn yaml_errors_have_a_position() {
    let fault = |text: &str| parse(text).expect_err("error");
    let twice = fault("a: 1\nb: 2\na: 3\n");
    assert_eq!((twice.line, twice.column), (3, 1));
    assert!(twice.reason.contains("duplicate key"), "{twice:?}");
    assert_eq!(fault("a: [1\nb: 2").line, 2);
    assert_eq!(fault("? [a]\n: 1").reason, "a key must be a string");
    assert!(fault(&"[".repeat(200)).reason.contains("nested"));
    assert_eq!(parse("x: 1\ny: 2\n").expect("valid YAML").lines["y"], 2);
}
