//! Detection of secrets in configuration values.

use crate::{Json, KeyPath, PathSegment};

/// Shown instead of a secret.
pub const REDACTED: &str = "(hidden)";

/// Words in keys whose values are secrets.
const SECRET_KEYS: &[&str] = &[
    "credential",
    "credentials",
    "passphrase",
    "passwd",
    "password",
    "passwords",
    "pwd",
    "secret",
    "secrets",
    "token",
];
/// Parts of keys that are written as one word.
const SECRET_KEY_PARTS: &[&str] = &[
    "accesskey",
    "apikey",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "secretkey",
    "signingkey",
];

/// Whether a key looks like the key of a secret, such as `DB_PASSWORD`, `apiKey` or `auth-token`,
/// but not `max_tokens` or `tokenizer`.
///
/// ```
/// use wsdb_core::is_secret_key;
/// assert!(["DB_PASSWORD", "apiKey", "auth-token", "clientSecret"].iter().all(|key| is_secret_key(key)));
/// assert!(!["max_tokens", "tokenizer", "keyboard"].iter().any(|key| is_secret_key(key)));
/// ```
pub fn is_secret_key(key: &str) -> bool {
    let mut words: Vec<String> = vec![String::new()];
    let mut was_lower = false;
    for letter in key.chars() {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && was_lower) {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        was_lower = letter.is_lowercase() || letter.is_numeric();
    }
    let joined = words.concat();
    words
        .iter()
        .any(|word| SECRET_KEYS.contains(&word.as_str()))
        || SECRET_KEY_PARTS.iter().any(|part| joined.contains(part))
}

/// Whether a text contains a secret: a URL with a password, or a private key.
fn contains_secret(text: &str) -> bool {
    let has_password = text.split("://").skip(1).any(|rest| {
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#'));
        let authority = &rest[..end.unwrap_or(rest.len())];
        let user = authority.rsplit_once('@').map(|(user, _)| user);
        user.and_then(|user| user.split_once(':'))
            .is_some_and(|(_, password)| !password.is_empty())
    });
    has_password || text.contains("PRIVATE KEY-----")
}

/// Whether the value at a path is a secret, because of a key in the path or because of its content.
/// Null, booleans and empty values are never secrets.
pub fn is_secret(path: &KeyPath, value: &Json) -> bool {
    let has_secret_key = path
        .0
        .iter()
        .any(|segment| matches!(segment, PathSegment::Key(key) if is_secret_key(key)));
    match value {
        Json::Null | Json::Bool(_) => false,
        Json::String(text) => !text.is_empty() && (has_secret_key || contains_secret(text)),
        Json::Number(_) => has_secret_key,
        Json::Array(list) => has_secret_key && !list.is_empty(),
        Json::Object(map) => has_secret_key && !map.is_empty(),
    }
}

/// Replaces the names of entries in a path by their indexes, if they may be secrets.
pub fn redact_entry_names(path: &mut KeyPath) {
    let mut is_below_secret = false;
    for segment in &mut path.0 {
        match segment {
            PathSegment::Key(key) => is_below_secret |= is_secret_key(key),
            PathSegment::Entry { name, index } if is_below_secret || contains_secret(name) => {
                *segment = PathSegment::Index(*index);
            }
            _ => {}
        }
    }
}

/// Replaces the secrets in a value, and returns their number.
///
/// ```
/// use wsdb_core::json;
/// use wsdb_core::redact_secrets;
/// let mut value = json!({"db": {"password": "x", "url": "postgres://jo:x@db/w", "pool": 3}});
/// assert_eq!(redact_secrets(&mut value), 2);
/// assert_eq!(value, json!({"db": {"password": "(hidden)", "url": "(hidden)", "pool": 3}}));
/// ```
pub fn redact_secrets(value: &mut Json) -> usize {
    redact_secrets_at(value, &mut KeyPath::default())
}

/// Replaces the secrets in a value at a path.
pub fn redact_secrets_at(value: &mut Json, path: &mut KeyPath) -> usize {
    match value {
        Json::Object(map) => map
            .iter_mut()
            .map(|(key, value)| {
                path.0.push(PathSegment::Key(key.clone()));
                let count = redact_secrets_at(value, path);
                path.0.pop();
                count
            })
            .sum(),
        Json::Array(list) => list
            .iter_mut()
            .enumerate()
            .map(|(index, value)| {
                path.0.push(PathSegment::Index(index));
                let count = redact_secrets_at(value, path);
                path.0.pop();
                count
            })
            .sum(),
        leaf if is_secret(path, leaf) => {
            *leaf = REDACTED.into();
            1
        }
        _ => 0,
    }
}
