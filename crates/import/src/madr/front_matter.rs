//! Writes front matter as YAML that every parser reads the same way.

use wsdb_core::Json;

/// Renders a value on one line.
pub(super) fn render_value(value: &Json) -> String {
    match value {
        Json::String(text) => render_string(text),
        Json::Array(list) => {
            let inner: Vec<String> = list.iter().map(render_value).collect();
            format!("[{}]", inner.join(", "))
        }
        Json::Object(map) => {
            let pairs = map.iter();
            let inner: Vec<String> = pairs
                .map(|(key, inner)| format!("{}: {}", quote(key), render_value(inner)))
                .collect();
            format!("{{{}}}", inner.join(", "))
        }
        other => other.to_string(),
    }
}

/// Renders a value of TOML on one line; `None` for null, which TOML does not have.
pub(super) fn render_toml_value(value: &Json) -> Option<String> {
    Some(match value {
        Json::Null => return None,
        Json::String(text) => quote(text),
        Json::Array(list) => {
            let inner: Option<Vec<String>> = list.iter().map(render_toml_value).collect();
            format!("[{}]", inner?.join(", "))
        }
        Json::Object(map) => {
            let pairs = map.iter();
            let inner: Option<Vec<String>> = pairs
                .map(|(key, inner)| Some(format!("{} = {}", quote(key), render_toml_value(inner)?)))
                .collect();
            format!("{{{}}}", inner?.join(", "))
        }
        other => other.to_string(),
    })
}

/// Renders a string, without quotes if no parser could read it as something else.
pub(super) fn render_string(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | '/'))
        && !text.ends_with(' ')
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n"
        );
    if is_plain || is_date(text) {
        text.to_owned()
    } else {
        quote(text)
    }
}

/// Whether a text is a date such as `2025-11-20`, as ADRs have it.
fn is_date(text: &str) -> bool {
    let mut parts = text.split('-').map(|part| {
        let is_number = part.bytes().all(|b| b.is_ascii_digit());
        is_number.then_some(part.len())
    });
    parts.by_ref().eq([Some(4), Some(2), Some(2)])
}

/// Renders a string in double quotes, and escapes the characters that YAML does not allow.
pub(super) fn quote(text: &str) -> String {
    let json = Json::from(text).to_string();
    let mut rendered = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\u{7f}'..='\u{a0}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                rendered.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => rendered.push(c),
        }
    }
    rendered
}
