//! Secrets within a text.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::key::Secrecy;

/// Shown instead of a secret.
pub const REDACTED: &str = "(hidden)";

/// Tokens of known services, JSON web tokens and private keys.
static KNOWN_SECRETS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let private_key = r"(?s:-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z))";
    let tokens = [
        r"gh[oprsu]_[A-Za-z0-9]{6,}",
        r"github_pat_[A-Za-z0-9_]{6,}",
        r"gl[a-z]{1,4}t-[A-Za-z0-9_-]{6,}",
        r"[rs]k_(?:live|test)_[A-Za-z0-9]{4,}",
        r"xox[a-z]-[A-Za-z0-9-]{6,}",
        r"xapp-[A-Za-z0-9-]{6,}",
        r"A[KS]IA[A-Z0-9]{8,}",
        r"AIza[A-Za-z0-9_-]{30,}",
        r"npm_[A-Za-z0-9]{30,}",
        r"pypi-[A-Za-z0-9_-]{16,}",
        r"hf_[A-Za-z0-9]{20,}",
        r"dop_v1_[a-f0-9]{20,}",
        r"SG\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
        r"sk-[A-Za-z0-9_-]{20,}",
        r"eyJ[A-Za-z0-9_-]{3,}\.[A-Za-z0-9_-]{3,}\.[A-Za-z0-9_-]*",
    ];
    Regex::new(&format!(r"{private_key}|\b(?:{})", tokens.join("|"))).ok()
});

/// The user, the password and the start of the host in a URL.
static URL_USER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"([A-Za-z][A-Za-z0-9+.-]*)://([^\s/?#:@]*)(?::([^\s/?#]*))?@([^\s/?#:@]*)").ok()
});

/// A header `Authorization: Bearer x`, also within a command.
static AUTHORIZATION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)(authorization["']?\s*[:=]\s*["']?(?:bearer|basic|digest|token)\s+)([^\s"',;]+)"#,
    )
    .ok()
});

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
    let patterns = redact_patterns(text_or_whole);
    let current = patterns.as_deref().unwrap_or(text_or_whole);
    let values = redact_values(current);
    values.or(patterns).or(whole)
}

/// Replaces secrets that are recognized by their form.
pub(super) fn redact_patterns(text: &str) -> Option<String> {
    let mut current = Cow::Borrowed(text);
    let mut apply = |regex: &Option<Regex>, replace: &dyn Fn(&Captures<'_>) -> String| {
        if let Some(regex) = regex
            && let Cow::Owned(changed) =
                regex.replace_all(&current, |found: &Captures<'_>| replace(found))
        {
            current = Cow::Owned(changed);
        }
    };
    apply(&KNOWN_SECRETS, &|_| REDACTED.to_owned());
    apply(&URL_USER, &redact_url_user);
    apply(&AUTHORIZATION, &|found| format!("{}{REDACTED}", &found[1]));
    (current != text).then(|| current.into_owned())
}

/// Replaces the password in the start of a URL, or the user if that is a token.
fn redact_url_user(found: &Captures<'_>) -> String {
    let (scheme, user, host) = (&found[1], &found[2], &found[4]);
    match found.get(3).map(|password| password.as_str()) {
        Some("") | None if is_token(scheme, user, host) => format!("{scheme}://{REDACTED}@{host}"),
        Some("") | None => found[0].to_owned(),
        Some(_) => format!("{scheme}://{user}:{REDACTED}@{host}"),
    }
}

/// Whether the user in a URL without a password looks like a token.
fn is_token(scheme: &str, user: &str, host: &str) -> bool {
    let has_digit = user.contains(|c: char| c.is_ascii_digit());
    let is_web = scheme.to_lowercase().starts_with("http");
    match (is_web, user.len()) {
        (_, 0) => false,
        (true, _) if host.contains("sentry") => true,
        (true, 10..) | (false, 20..) => {
            has_digit
                && user
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        }
        _ => false,
    }
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
        if !is_other && Secrecy::of_key(name.as_str()).hides_text(value.trim_matches(['"', '\''])) {
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
