//! Keys whose values are secrets.

/// Words in keys whose values are secrets.
const SECRET_WORDS: &[&str] = &[
    "auths",
    "bearer",
    "credential",
    "kennwort",
    "passcode",
    "psk",
    "pwd",
];
/// Words that are secrets only at the end of a key, such as `DB_PASS`.
const LAST_WORDS: &[&str] = &["pass", "pw"];
/// Parts of words whose values are secrets.
const WORD_PARTS: &[&str] = &["passphrase", "passwd", "password", "passwort"];
/// Ends of words whose values are secrets, such as `authtoken`.
const WORD_ENDS: &[&str] = &[
    "accesskey",
    "accountkey",
    "apikey",
    "encryptionkey",
    "presharedkey",
    "privatekey",
    "pwd",
    "secret",
    "secretkey",
    "signingkey",
    "token",
];
/// Words before `key` in the name of a secret key.
const KEY_KINDS: &[&str] = &[
    "access",
    "account",
    "api",
    "app",
    "decryption",
    "encryption",
    "hmac",
    "jwt",
    "master",
    "preshared",
    "private",
    "secret",
    "shared",
    "signing",
];
/// Words before a secret word in the name of a number, such as `max_token`.
const NUMBER_WORDS: &[&str] = &["max", "min", "num"];
/// Words at the end of a key that name where or how a value is used; `DB_PASSWORD_PROD` is a
/// password too.
const NEUTRAL_WORDS: &[&str] = &[
    "b64",
    "base64",
    "conf",
    "current",
    "default",
    "dev",
    "env",
    "hash",
    "ini",
    "json",
    "new",
    "old",
    "previous",
    "prod",
    "production",
    "staging",
    "test",
    "toml",
    "value",
    "yaml",
    "yml",
];
/// Words at the end of a key whose value only describes a secret, such as `token_limit`.
const DESCRIPTIVE_WORDS: &[&str] = &[
    "age",
    "algorithm",
    "attempts",
    "budget",
    "bytes",
    "count",
    "days",
    "enabled",
    "endpoint",
    "expiration",
    "expires",
    "expiry",
    "field",
    "file",
    "format",
    "header",
    "hours",
    "issuer",
    "len",
    "length",
    "lifetime",
    "limit",
    "max",
    "min",
    "minutes",
    "name",
    "path",
    "policy",
    "provider",
    "ref",
    "required",
    "rotation",
    "rounds",
    "seconds",
    "size",
    "strategy",
    "timeout",
    "ttl",
    "type",
    "uri",
    "url",
    "version",
    "window",
];

/// Keys of objects whose keys are names of packages, in lowercase, besides those that end with
/// `dependencies`.
const PACKAGE_LISTS: &[&str] = &[
    "overrides",
    "packages",
    "require",
    "require-dev",
    "requires",
    "resolutions",
];

/// Which values of a key are secrets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Secrecy {
    /// None.
    #[default]
    None,
    /// Texts, but not numbers: the key has a secret word, but does not end with it.
    Texts,
    /// Texts and numbers.
    All,
}

impl Secrecy {
    pub(super) fn of_key(key: &str) -> Self {
        // The credentials of npm's `.npmrc`.
        if key == "_auth" || key.ends_with(":_auth") {
            return Secrecy::All;
        }
        let mut words = split_words(key);
        let neutral = |word: &String| NEUTRAL_WORDS.contains(&word.as_str());
        while words.len() > 1 && words.last().is_some_and(neutral) {
            words.pop();
        }
        let Some(end) = find_secret_end(&words) else {
            return Secrecy::None;
        };
        let is_last = end + 1 == words.len();
        let has = |list: &[&str], word: Option<&String>| {
            word.is_some_and(|word| list.contains(&word.as_str()))
        };
        // A number of tokens is a size, such as `max_output_tokens`.
        let may_be_count = words[end].ends_with("tokens");
        if has(NUMBER_WORDS, words.first()) || (!is_last && has(DESCRIPTIVE_WORDS, words.last())) {
            Secrecy::None
        } else if is_last && !may_be_count {
            Secrecy::All
        } else {
            Secrecy::Texts
        }
    }

    /// Returns the secrecy of the argument after an option such as `--token`.
    pub(super) fn of_option(text: &str) -> Self {
        let name = text.strip_prefix('-').unwrap_or_default();
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.chars().all(is_name) {
            Secrecy::of_key(name)
        } else {
            Secrecy::None
        }
    }

    /// Whether a text is a secret. Booleans and empty texts never are.
    pub(super) fn hides_text(self, text: &str) -> bool {
        let is_plain = text.is_empty()
            || text.eq_ignore_ascii_case("true")
            || text.eq_ignore_ascii_case("false");
        match self {
            _ if is_plain => false,
            Secrecy::None => false,
            Secrecy::Texts => text.parse::<crate::JsonNumber>().is_err(),
            Secrecy::All => true,
        }
    }
}

/// Returns the index of the word that ends the last secret word of a key.
fn find_secret_end(words: &[String]) -> Option<usize> {
    (0..words.len()).rev().find(|&index| {
        let word = words[index].as_str();
        let is_last = index + 1 == words.len();
        let singular = word.strip_suffix('s').unwrap_or(word);
        let is_key =
            index > 0 && singular == "key" && KEY_KINDS.contains(&words[index - 1].as_str());
        is_key
            || SECRET_WORDS.contains(&word)
            || SECRET_WORDS.contains(&singular)
            || (is_last && LAST_WORDS.contains(&word))
            || WORD_PARTS.iter().any(|part| word.contains(part))
            || WORD_ENDS.iter().any(|end| singular.ends_with(end))
    })
}

/// Whether the keys in the object at a key are names of packages, such as `jsonwebtoken`.
pub(super) fn names_packages(key: &str) -> bool {
    let key = key.to_lowercase();
    key.ends_with("dependencies") || PACKAGE_LISTS.contains(&key.as_str())
}

/// Whether a key is the path of an installed package, as in `package-lock.json`.
pub(super) fn is_package_path(key: &str) -> bool {
    key.starts_with("node_modules/") || key.contains("/node_modules/")
}

/// Splits a key such as `DB_PASSWORD`, `apiKey` or `auth-token2` into words in lowercase, without
/// numbers.
pub(super) fn split_words(key: &str) -> Vec<String> {
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
    for word in &mut words {
        // `base64` is a word of its own.
        if !NEUTRAL_WORDS.contains(&word.as_str()) {
            word.truncate(word.trim_end_matches(char::is_numeric).len());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a key looks like the key of a secret, such as `DB_PASSWORD`, `apiKey` or `auth-token`,
/// but not `max_tokens`, `token_limit` or `tokenizer`.
///
/// ```
/// use wsdb_core::is_secret_key;
/// assert!(["DB_PASSWORD", "apiKey", "auth-token", "clientSecret"].iter().all(|key| is_secret_key(key)));
/// assert!(!["max_tokens", "tokenizer", "keyboard"].iter().any(|key| is_secret_key(key)));
/// ```
pub fn is_secret_key(key: &str) -> bool {
    Secrecy::of_key(key) != Secrecy::None
}
