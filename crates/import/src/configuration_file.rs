//! Reads configuration files of other programs as JSON values.
//!
//! No reader expands variables, and all digits of numbers are kept.

mod detect;
mod dotenv;
mod fields;
mod format;
mod ini;
mod json5;
mod lock_file;
mod mix_lock;
mod properties;
mod read;
mod scanner;
mod syntax_error;
mod terraform_lock;
mod text;
mod toml;

use std::path::Path;

use wsdb_core::Json;

use crate::error::{ParseError, Position, Problem};
use crate::json;
use read::read_text;

pub use format::FileFormat;
pub(crate) use toml::read_toml_with_lines;

/// Reads a configuration file in UTF-8, or in UTF-16 with a byte order mark.
///
/// # Errors
/// Returns the position of a syntax error, or of a value that cannot be stored.
pub fn read_configuration(
    file: &Path,
    format: FileFormat,
    bytes: &[u8],
) -> Result<Json, ParseError> {
    let text = text::decode(file, bytes)?;
    let mut value = read_text(file, format, &text).map_err(|error| ParseError {
        file: file.to_owned(),
        position: Some(Position::Line(error.line, error.column)),
        reason: error.reason,
    })?;
    wsdb_core::normalize_numbers(&mut value);
    let mut reasons = Vec::new();
    json::find_unsupported_within(&value, "$", &mut reasons);
    let overlong = json::find_overlong(&value, &mut String::from("$"));
    let overlong = overlong.map(|path| Problem::new(path, json::too_long()));
    match overlong.or(reasons.pop()) {
        Some(problem) => Err(problem.in_file(file)),
        None => Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use wsdb_core::json;

    use super::*;

    fn read_bytes(name: &str, bytes: &[u8]) -> Result<Json, String> {
        let file = Path::new(name);
        let format = FileFormat::detect(file, bytes).expect("known format");
        read_configuration(file, format, bytes).map_err(|error| error.to_string())
    }

    fn read(name: &str, text: &str) -> Result<Json, String> {
        read_bytes(name, text.as_bytes())
    }

    #[test]
    fn every_format_is_read() {
        let same = json!({"a": {"b": "1", "c": "x"}});
        for (name, text) in [
            ("x.json", r#"{"a": {"b": "1", "c": "x"}}"#),
            (
                "x.json",
                "{// c\n\"a\": {\"b\": \"1\", /* c */ \"c\": \"x\",},}",
            ),
            ("x.jsonc", "{\"a\": {\"b\": \"1\", \"c\": \"x\",},}"),
            ("x.json5", "{a: {b: '1', 'c': \"x\",},} // c"),
            ("x.toml", "[a]\nb = '1'\nc = \"x\""),
            ("x.YML", "a: {b: '1', c: x}"),
            ("setup.cfg", "; hi\n[a]\nb = 1\nc: x\n"),
            ("mix.lock", "%{\n\"a\": [b: \"1\", # c\n  c: \"x\"]\n}"),
        ] {
            assert_eq!(read(name, text), Ok(same.clone()), "{name}");
            let text = text.replace('\n', "\r\n");
            assert_eq!(read(name, &text), Ok(same.clone()), "{name}");
            let with_mark = format!("\u{feff}{text}");
            assert_eq!(read(name, &with_mark), Ok(same.clone()), "{name}");
            let units = || with_mark.encode_utf16();
            // The line ends of old Macs.
            let text = text.replace("\r\n", "\r");
            assert_eq!(read(name, &text), Ok(same.clone()), "{name}");
            let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
            assert_eq!(read_bytes(name, &little), Ok(same.clone()), "{name}");
            let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
            assert_eq!(read_bytes(name, &big), Ok(same.clone()), "{name}");
        }
        assert_eq!(
            read("x.ini", "top = 1\n[flake8]\nignore =\n    E1\n    E2\n"),
            Ok(json!({"top": "1", "flake8": {"ignore": "\nE1\nE2"}}))
        );
        assert_eq!(
            read(".env.local", "# x\nexport A=1 # one\nB='x # y'\nC=\n"),
            Ok(json!({"A": "1", "B": "x # y", "C": ""}))
        );
        assert_eq!(
            read("requirements.txt", "# c\nflask==3.0\n\n  -r base.txt\n"),
            Ok(json!(["flask==3.0", "-r base.txt"]))
        );
    }

    #[test]
    fn values_of_toml_are_kept() {
        let values = r#"["1979-05-27", {"!number": "inf"}, {"!number": "-inf"}, {"!number": "nan"}, 1.50, 1000, 31, 0.5e-3, 3.14159265358979323846]"#;
        assert_eq!(
            read(
                "x.toml",
                "a = [1979-05-27, +inf, -inf, nan, 1.50, 1_000, 0x1F, 0.5e-3, 3.14159265358979323846]"
            ),
            Ok(json!({"a": normalized(values)}))
        );
    }

    fn normalized(text: &str) -> Json {
        let mut value: Json = text.parse().expect("valid JSON");
        wsdb_core::normalize_numbers(&mut value);
        value
    }

    #[test]
    fn values_of_json5_are_kept() {
        let text = "{hex: 0xDECAF, half: .5, five: 5., plus: +1, inf: -Infinity, nan: NaN, big: 12345678901234567890.10,\n\
            text: 'it\\'s \\x41 \\\n joined', $_: null, \u{fc}: [1, 2,], \"quoted key\": \"$HOME ${x}\"}";
        let value = r#"{"hex": 912559, "half": 0.5, "five": 5, "plus": 1, "inf": {"!number": "-Infinity"}, "nan": {"!number": "NaN"},
            "big": 12345678901234567890.10, "text": "it's A  joined", "$_": null, "ü": [1, 2],
            "quoted key": "$HOME ${x}"}"#;
        assert_eq!(read("x.json5", text), Ok(normalized(value)));
    }

    #[test]
    fn syntax_errors_have_a_position() {
        for (name, text, error) in [
            (
                "x.json",
                "{\"a\": 1,\n\"a\": 2}",
                "x.json, line 2, column 3: duplicate key \"a\"",
            ),
            (
                "x.json",
                "{\"a\": 1,}",
                "x.json, line 1, column 9: unexpected comma after the last entry",
            ),
            (
                "x.json",
                "{\"a\": 'http://x'}",
                "x.json, line 1, column 7: expected a value, such as a string in double quotes",
            ),
            (
                "x.json",
                "// c\n{\"a\": 1\n\"b\": 2}",
                "x.json, line 2, column 8: expected comma",
            ),
            (
                "x.jsonc",
                "{\"a\": 1, // c\n\"a\": 2}",
                "x.jsonc, line 2, column 1: duplicate key \"a\"",
            ),
            (
                "x.json5",
                "{a: 'x}",
                "x.json5, line 1, column 5: unterminated string literal",
            ),
            (
                "x.json5",
                "",
                "x.json5, line 1, column 1: unexpected end of file",
            ),
            (
                "x.yaml",
                "a: 1\na: 2",
                "x.yaml, line 2, column 1: duplicate key \"a\"",
            ),
            (
                "x.ini",
                "[a\nb",
                "x.ini, line 1, column 1: expected ] after the section name",
            ),
            (
                ".env",
                "A=1\nno value\n",
                ".env, line 2, column 1: expected KEY=value",
            ),
        ] {
            assert_eq!(read(name, text), Err(error.to_owned()), "{text}");
        }
        let wrong = |name: &str, text: &str| read(name, text).expect_err("error");
        assert!(wrong("x.toml", "password = hunter2\n").starts_with("x.toml, line 1, column 12: "));
        assert!(!wrong("x.toml", "password = hunter2\n").contains("hunter2"));
        assert!(wrong("x.json", "\"\\u0000\"").contains("U+0000"));
        let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
        assert!(wrong("x.json5", &deep).contains("nested too deeply"));
        assert!(wrong("x.jsonc", &"[".repeat(100_000)).contains("depth"));
        let odd = read_bytes("x.json", &[0xFF, 0xFE, 0x31]).expect_err("error");
        assert_eq!(odd, "x.json: invalid UTF-16; save the file as UTF-8");
    }

    #[test]
    fn deep_values_are_refused() {
        let keys = vec!["a"; 20_000].join(".");
        let (open, close) = ("[".repeat(20_000), "]".repeat(20_000));
        for (name, text) in [
            ("x.toml", format!("{keys} = 1")),
            ("x.toml", format!("[{keys}]")),
            ("x.toml", format!("a = {open}{close}")),
            (
                "x.toml",
                format!("a = {}{}", "{a = ".repeat(20_000), "}".repeat(20_000)),
            ),
            ("x.json", format!("{open}{close}")),
            ("x.json5", format!("{open}{close}")),
            ("x.yaml", format!("{open}{close}")),
        ] {
            assert!(read(name, &text).is_err(), "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[%\\[\\]{}\"'`=:#;,.\\\\ \\n\\r\\t!&*<>|$a1é/-]{0,60}") {
            let formats = [
                FileFormat::Json, FileFormat::Jsonc, FileFormat::Json5, FileFormat::Toml, FileFormat::Yaml,
                FileFormat::Ini, FileFormat::Env, FileFormat::Lines, FileFormat::YarnLock, FileFormat::BundlerLock,
                FileFormat::MixLock, FileFormat::TerraformLock, FileFormat::Properties,
            ];
            for name in ["x.ini", ".gitconfig", ".npmrc", "x.service", "x.lock", ".foorc", "x"] {
                let file = Path::new(name);
                FileFormat::detect(file, text.as_bytes());
                for format in formats {
                    let _ = read_configuration(file, format, text.as_bytes());
                }
            }
        }

        #[test]
        fn json_is_json5(value in proptest::collection::btree_map("[a-z\"\\\\é]{0,3}", -1000i64..1000, 0..4)) {
            let value = Json::Object(value.into_iter().map(|(key, value)| (key, Json::from(value))).collect());
            for name in ["x.json", "x.jsonc", "x.json5", "x.yaml"] {
                prop_assert_eq!(read(name, &value.to_string()), Ok(value.clone()), "{}", name);
            }
        }
    }
}
