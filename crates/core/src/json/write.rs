//! Formats JSON as text, byte for byte as `serde_json` does.

use std::fmt::{self, Write};

use super::value::Json;

impl Json {
    /// Formats the value on several lines, indented by two spaces per level.
    pub fn to_string_pretty(&self) -> String {
        let mut text = String::new();
        // Writing to a `String` never fails.
        let _ = write_pretty(&mut text, self, 0);
        text
    }
}

/// Formats the value on one line without spaces; `{:#}` formats it as [`Json::to_string_pretty`].
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            write_pretty(f, self, 0)
        } else {
            write_compact(f, self)
        }
    }
}

fn write_compact(out: &mut impl Write, value: &Json) -> fmt::Result {
    match value {
        Json::Array(list) => {
            let mut separator = "[";
            for value in list {
                out.write_str(separator)?;
                write_compact(out, value)?;
                separator = ",";
            }
            out.write_str(if list.is_empty() { "[]" } else { "]" })
        }
        Json::Object(object) => {
            let mut separator = "{";
            for (key, value) in object {
                out.write_str(separator)?;
                write_string(out, key)?;
                out.write_char(':')?;
                write_compact(out, value)?;
                separator = ",";
            }
            out.write_str(if object.is_empty() { "{}" } else { "}" })
        }
        leaf => write_leaf(out, leaf),
    }
}

fn write_pretty(out: &mut impl Write, value: &Json, depth: usize) -> fmt::Result {
    match value {
        Json::Array(list) if !list.is_empty() => {
            let mut separator = "[";
            for value in list {
                out.write_str(separator)?;
                write_line_start(out, depth + 1)?;
                write_pretty(out, value, depth + 1)?;
                separator = ",";
            }
            write_line_start(out, depth)?;
            out.write_char(']')
        }
        Json::Object(object) if !object.is_empty() => {
            let mut separator = "{";
            for (key, value) in object {
                out.write_str(separator)?;
                write_line_start(out, depth + 1)?;
                write_string(out, key)?;
                out.write_str(": ")?;
                write_pretty(out, value, depth + 1)?;
                separator = ",";
            }
            write_line_start(out, depth)?;
            out.write_char('}')
        }
        flat => write_compact(out, flat),
    }
}

fn write_line_start(out: &mut impl Write, depth: usize) -> fmt::Result {
    out.write_char('\n')?;
    (0..depth).try_for_each(|_| out.write_str("  "))
}

fn write_leaf(out: &mut impl Write, value: &Json) -> fmt::Result {
    match value {
        Json::Bool(true) => out.write_str("true"),
        Json::Bool(false) => out.write_str("false"),
        Json::Number(number) => write!(out, "{number}"),
        Json::String(text) => write_string(out, text),
        _ => out.write_str("null"),
    }
}

fn write_string(out: &mut impl Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    let mut rest = text;
    let needs_escape = |byte: u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    while let Some(at) = rest.bytes().position(needs_escape) {
        out.write_str(&rest[..at])?;
        match rest.as_bytes()[at] {
            b'"' => out.write_str("\\\"")?,
            b'\\' => out.write_str("\\\\")?,
            b'\n' => out.write_str("\\n")?,
            b'\r' => out.write_str("\\r")?,
            b'\t' => out.write_str("\\t")?,
            8 => out.write_str("\\b")?,
            12 => out.write_str("\\f")?,
            control => write!(out, "\\u{control:04x}")?,
        }
        rest = &rest[at + 1..];
    }
    out.write_str(rest)?;
    out.write_char('"')
}
