//! Keys whose values are secrets only if they look like it: `auth` may be a password, but also the
//! name of a method, and `ssh_key` may be the path of a file.

use std::sync::LazyLock;

use regex::Regex;

use super::key::split_words;

/// Words at the end of a key whose values are secrets, unless they are paths, URLs, versions or
/// public keys.
const SECRET_ENDS: &[&[&str]] = &[
    &["dockercfg"],
    &["dockerconfigjson"],
    &["erlang", "cookie"],
    &["hmac"],
    &["id", "dsa"],
    &["id", "ecdsa"],
    &["id", "ed"], // id_ed25519
    &["id", "rsa"],
    &["jwt"],
    &["mnemonic"],
    &["recovery", "code"],
    &["seed", "phrase"],
];
/// Words before `key`, such as `SESSION_KEY`.
const KEY_KINDS: &[&str] = &[
    "client", "cookie", "deploy", "fernet", "license", "rsa", "server", "session", "ssh", "ssl",
    "tls", "unseal", "vault",
];
/// Words at the end of a key whose values are secrets, unless they are plain words or the like.
const AMBIGUOUS_ENDS: &[&str] = &["auth", "cookie", "otp", "pat"];
/// Ends of names of files and values that only repeat that there is a value.
const NEUTRAL_ENDS: &[&str] = &["b64", "base64", "data", "pem", "value"];

/// Paths, URLs, variables, versions, digests, hash algorithms, and public keys.
static HARMLESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let patterns = [
        r"(?:[.~]{0,2}|[A-Za-z]:)[/\\][\w@.$ {}/\\-]*",
        r"[\w@$ {}/\\.-]+\.(?:pem|key|crt|cer|pub|p12|json|ya?ml|toml|txt|js|ts|py|rb|go|rs|php|env)",
        r"[A-Za-z][A-Za-z0-9+.-]*:(?://|\s*$)\S*",
        r"\$\{?\w+\}?|\$?\{\{.*\}\}",
        r"[~^<>=v]*\s*[0-9]{1,4}(?:\.[0-9x*]+)*(?:-[a-z0-9.]+)?",
        r"(?i:hmac-?)?(?i:sha|md|hs|rs|es|ps)-?[0-9]+(?:[-/_][0-9]+)?",
        r"(?s:(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+ .*)",
        r"(?s:\s*-----BEGIN (?:[A-Z0-9 ]*PUBLIC KEY|CERTIFICATE)-----.*)",
    ];
    Regex::new(&format!("^(?:{})$", patterns.join("|"))).ok()
});

/// Words such as `basic`, `OAuth2`, `openid-connect` or `Strict`.
static PLAIN_WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let word = "(?:[A-Z]{0,2}[a-z]+|[A-Z]+)[0-9.]{0,3}";
    Regex::new(&format!(
        "^{word}(?:[ _.,-]+{word})*$|^[*.\\w/-]*\\*[*.\\w/-]*$"
    ))
    .ok()
});

/// Whether the value of a key is a secret, judging by both.
pub(super) fn is_secret(key: &str, text: &str) -> bool {
    let text = text.trim();
    let matches = |regex: &Option<Regex>| regex.as_ref().is_some_and(|regex| regex.is_match(text));
    let is_boolean = || {
        ["true", "false", "yes", "no", "on", "off", "none", "null"]
            .contains(&text.to_lowercase().as_str())
    };
    if text.len() < 3 || text.starts_with(super::REDACTED) {
        return false;
    }
    let mut words = split_words(key);
    while words.len() > 1
        && words
            .last()
            .is_some_and(|word| NEUTRAL_ENDS.contains(&word.as_str()))
    {
        words.pop();
    }
    if let Some(last) = words.last_mut()
        && last.ends_with('s')
    {
        last.pop();
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let is_key = || match words.as_slice() {
        [.., kind, "key"] => KEY_KINDS.contains(kind),
        _ => false,
    };
    let is_secret_end = is_key() || SECRET_ENDS.iter().any(|end| words.ends_with(end));
    let is_ambiguous = || {
        words
            .last()
            .is_some_and(|word| AMBIGUOUS_ENDS.contains(word))
    };
    if is_secret_end {
        !is_boolean() && !matches(&HARMLESS)
    } else {
        is_ambiguous() && !is_boolean() && !matches(&HARMLESS) && !matches(&PLAIN_WORDS)
    }
}
