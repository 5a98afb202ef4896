//! Reads dotenv files: `KEY=value` lines. References such as `${HOME}` stay as they are written.

use adotenv::{
    BareKeys, Dialect, DoubleEscapes, InlineComments, MalformedLines, QuotedTail, UnknownEscapes,
};
use wsdb_core::{Json, JsonObject};

use super::fields::add_value;
use super::syntax_error::SyntaxError;

/// The rules of the dotenv packages of Node, with two changes that lose nothing: `#` starts a comment
/// only after a blank, and an escaped `$` stays escaped.
const DIALECT: Dialect = Dialect::NODE_DOTENV
    .with_inline_comments(InlineComments::Whitespace)
    .with_double_escapes(
        DoubleEscapes::LF
            .union(DoubleEscapes::CR)
            .union(DoubleEscapes::TAB)
            .union(DoubleEscapes::BACKSLASH)
            .union(DoubleEscapes::DOUBLE_QUOTE),
    )
    .with_unknown_escapes(UnknownEscapes::Preserve)
    .with_quoted_tail(QuotedTail::LiteralFallback)
    .with_bare_keys(BareKeys::Preserve)
    .with_malformed_lines(MalformedLines::Error);

/// Parses dotenv text. Several values of one key become a list; a key without a value, which takes
/// it from the environment, is null.
pub(super) fn read_dotenv(text: &str) -> Result<Json, SyntaxError> {
    let (document, diagnostics) = adotenv::parse_with(text, DIALECT);
    if let Some(error) = diagnostics
        .iter()
        .find(|diagnostic| diagnostic.severity() == adotenv::Severity::Error)
    {
        let reason = match error.code() {
            adotenv::DiagnosticCode::UnterminatedQuote => {
                "expected a quote at the end of the value"
            }
            _ => "expected KEY=value",
        };
        return Err(SyntaxError::in_line(error.line(), reason));
    }
    let mut whole = JsonObject::new();
    for entry in document.entries() {
        let value = entry.value().map_or(Json::Null, Json::from);
        add_value(&mut whole, entry.key(), value);
    }
    Ok(whole.into())
}

#[cfg(test)]
mod tests {
    use wsdb_core::json;

    use super::*;

    fn read(text: &str) -> Result<Json, String> {
        read_dotenv(text).map_err(|error| format!("{}: {}", error.line, error.reason))
    }

    #[test]
    fn values_may_have_several_lines() {
        let text =
            "KEY=\"-----BEGIN-----\nMII=\n-----END-----\"\nexport B='x\n # y'\r\nC=`a\r\nb`\nD=1\n";
        assert_eq!(
            read(text),
            Ok(
                json!({"KEY": "-----BEGIN-----\nMII=\n-----END-----", "B": "x\n # y", "C": "a\nb", "D": "1"})
            )
        );
    }

    #[test]
    fn repeated_keys_are_a_list() {
        assert_eq!(
            read("A=1\nB=0\nA=2\nexport A='2'\n"),
            Ok(json!({"A": ["1", "2", "2"], "B": "0"}))
        );
    }

    #[test]
    fn nothing_is_expanded() {
        let text = "A=$HOME/${X:-y}\nB=\"${A} \\$A $(whoami)\"\nC='$A'\nD=~/x\nE=`$A`\nF=%A%\n";
        assert_eq!(
            read(text),
            Ok(json!({
                "A": "$HOME/${X:-y}", "B": "${A} \\$A $(whoami)", "C": "$A", "D": "~/x", "E": "$A", "F": "%A%",
            }))
        );
    }

    #[test]
    fn quotes_comments_and_escapes() {
        let text = "# c\n\nA=1 # one\nB='x # y' # z\nC=\nD=a#b\nE=\"q\\\"u\\n\\t\\\\ \\d\"\nF = x y \nG=a=b==\n\
            H='it''s'\nI=\"a\"b\nP=\"x\"'y'\nJ='\\n'\nK.l-m=1\nexport N\nO=\n";
        assert_eq!(
            read(text),
            Ok(json!({
                "A": "1", "B": "x # y", "C": "", "D": "a#b", "E": "q\"u\n\t\\ \\d", "F": "x y", "G": "a=b==",
                "H": "it''s", "I": "\"a\"b", "P": "\"x\"'y'", "J": "\\n", "K.l-m": "1", "N": null, "O": "",
            }))
        );
    }

    #[test]
    fn errors_have_a_line() {
        for text in ["A=1\nnot a line\n", "A=1\n=2\n"] {
            assert_eq!(
                read(text),
                Err("2: expected KEY=value".to_owned()),
                "{text}"
            );
        }
    }
}
