//! Secrets within a text.

use std::sync::LazyLock;

use regex::Regex;

use super::command::redact_commands;
use super::key::Secrecy;
use super::known::{REDACTED, redact_known};
use super::value;

/// A text that is only a scheme and credentials, such as `Bearer x`.
static CREDENTIALS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)^\s*(bearer|basic|digest|token)(\s+)(\S+)\s*$").ok());

/// The start of a value: `key = ` or `key: ` at the start of a line, `key=` anywhere, or an option
/// `--key `.
static VALUE_START: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?m)^[ \t"'{-]*(?<line>[A-Za-z_][\w.-]*)["']?[ \t]*(?:=|:[ \t])[ \t]*|(?<any>[A-Za-z_][\w.-]*)=|(?:^|[\s"'])--?(?<option>[A-Za-z][\w-]*)[ \t]+"#,
    )
    .ok()
});

/// Returns the text without its secrets, if there are any. `key` is the key of the text.
pub(super) fn redact_text(key: &str, text: &str) -> Option<String> {
    let is_authorization = key.to_lowercase().ends_with("authorization");
    let whole = redact_credentials(text, is_authorization);
    let text_or_whole = whole.as_deref().unwrap_or(text);
    let known = redact_known(text_or_whole);
    let text_or_known = known.as_deref().unwrap_or(text_or_whole);
    let commands = redact_commands(text_or_known);
    let values = redact_values(commands.as_deref().unwrap_or(text_or_known));
    values.or(commands).or(known).or(whole)
}

/// Replaces the credentials in `Bearer x` and `Basic x`.
fn redact_credentials(text: &str, is_authorization: bool) -> Option<String> {
    let found = CREDENTIALS.as_ref()?.captures(text)?;
    let (scheme, credentials) = (&found[1], &found[3]);
    let is_random = credentials.len() >= 8
        && credentials.contains(|c: char| c.is_ascii_digit() || c.is_uppercase() || c == '=');
    let is_secret = is_authorization || scheme.eq_ignore_ascii_case("bearer") || is_random;
    (is_secret && credentials != REDACTED).then(|| format!("{scheme}{}{REDACTED}", &found[2]))
}

/// Replaces the values of secret keys and options, as in `PGPASSWORD=x psql` and `--token x`.
fn redact_values(text: &str) -> Option<String> {
    let mut changed = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = VALUE_START.as_ref()?.captures_at(text, at) {
        let Some(name) = ["line", "any", "option"]
            .iter()
            .find_map(|name| found.name(name))
        else {
            break;
        };
        let start = found.get(0).map_or(text.len(), |found| found.end());
        let rest = &text[start..];
        let value = if found.name("line").is_some() {
            value_of_line(rest)
        } else {
            value_of_word(rest, text[..name.start()].chars().next_back())
        };
        let is_option = found.name("option").is_some();
        let is_other = value.starts_with(REDACTED)
            || value.starts_with('=')
            || (is_option && value.starts_with('-'));
        at = start;
        let (name, unquoted) = (name.as_str(), value.trim_matches(['"', '\'']));
        let is_secret =
            Secrecy::of_key(name).hides_text(unquoted) || value::is_secret(name, unquoted);
        if !is_other && is_secret {
            changed.push_str(&text[copied..start]);
            changed.push_str(REDACTED);
            at = start + value.len();
            copied = at;
        } else if is_option {
            // The next word may be an option too.
            at = start - 1;
        }
    }
    if copied == 0 {
        return None;
    }
    changed.push_str(&text[copied..]);
    Some(changed)
}

/// Returns the value at the start of the rest of a line: to its end, or to the next key after `;`.
fn value_of_line(rest: &str) -> &str {
    let line = rest.lines().next().unwrap_or("");
    match line.split_once(';') {
        Some((value, others)) if others.contains('=') || others.trim().is_empty() => value,
        _ => line.trim_end(),
    }
}

/// Returns the value at the start of a text, within a line. `before` is the character before its key.
fn value_of_word(rest: &str, before: Option<char>) -> &str {
    let line = rest.lines().next().unwrap_or("");
    if let Some(quote) = line.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let end = line[1..].find(quote).map_or(line.len(), |end| end + 2);
        return &line[..end];
    }
    if before.is_some_and(|c| matches!(c, ';' | ' '))
        && let Some((value, _)) = line.split_once(';')
    {
        return value;
    }
    let is_query = before.is_some_and(|c| matches!(c, '?' | '&'));
    let is_end = |c: char| {
        c.is_whitespace() || matches!(c, ';' | '"' | '\'') || (is_query && matches!(c, '&' | '#'))
    };
    &line[..line.find(is_end).unwrap_or(line.len())]
}
