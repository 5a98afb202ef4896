//! Secrets that are recognized by their form, whatever their key is.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Shown instead of a secret.
pub const REDACTED: &str = "(hidden)";

/// Tokens of known services, JSON web tokens and private keys.
static TOKENS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let private_key = r"(?s:-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z))";
    let tokens = [
        r"gh[oprsu]_[A-Za-z0-9]{6,}",
        r"github_pat_[A-Za-z0-9_]{6,}",
        r"gl[a-z]{1,4}t-[A-Za-z0-9_-]{6,}",
        r"glsa_[A-Za-z0-9_]{20,}",
        r"[rs]k_(?:live|test)_[A-Za-z0-9]{4,}",
        r"whsec_[A-Za-z0-9+/=]{16,}",
        r"xox[a-z]-[A-Za-z0-9-]{6,}",
        r"xapp-[A-Za-z0-9-]{6,}",
        r"A[KS]IA[A-Z0-9]{8,}",
        r"AIza[A-Za-z0-9_-]{30,}",
        r"ya29\.[A-Za-z0-9_-]{20,}",
        r"GOCSPX-[A-Za-z0-9_-]{20,}",
        r"npm_[A-Za-z0-9]{30,}",
        r"pypi-[A-Za-z0-9_-]{16,}",
        r"rubygems_[a-f0-9]{40,}",
        r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}",
        r"hf_[A-Za-z0-9]{20,}",
        r"do[opr]_v1_[a-f0-9]{20,}",
        r"dp\.(?:pt|st|ct|sa)\.[A-Za-z0-9._-]{20,}",
        r"shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{20,}",
        r"lin_api_[A-Za-z0-9]{20,}",
        r"figd_[A-Za-z0-9_-]{20,}",
        r"NRAK-[A-Z0-9]{20,}",
        r"ATATT3[A-Za-z0-9_=-]{20,}",
        r"dapi[a-f0-9]{32}",
        r"xkeysib-[a-f0-9]{32,}[A-Za-z0-9-]*",
        r"key-[a-f0-9]{32}",
        r"SG\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
        r"sk-[A-Za-z0-9_-]{20,}",
        r"(?:gsk|xai|r8|pul|sbp)[_-][A-Za-z0-9]{30,}",
        // HashiCorp Vault and Terraform Cloud.
        r"hv[bsr]\.[A-Za-z0-9_-]{8,}",
        r"s\.[A-Za-z0-9]{24}\b",
        r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{20,}",
        // The cryptography tool age, and the 1Password service.
        r"AGE-SECRET-KEY-1[A-Z0-9]{2,}",
        r"AGE-PLUGIN-[A-Z0-9-]+-1[A-Z0-9]{20,}",
        r"ops_eyJ[A-Za-z0-9_-]{20,}",
        // Bots of Telegram.
        r"[0-9]{6,12}:AA[A-Za-z0-9_-]{10,}",
        r"eyJ[A-Za-z0-9_-]{3,}\.[A-Za-z0-9_-]{3,}\.[A-Za-z0-9_-]*",
    ];
    Regex::new(&format!(
        r"{private_key}|\b(?:bot)?(?:{})",
        tokens.join("|")
    ))
    .ok()
});

/// Secrets that follow or precede something known; the group `secret` is hidden.
static IN_CONTEXT: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let patterns = [
        // Addresses of webhooks.
        r"\b(?:hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)|discord(?:app)?\.com/api(?:/v[0-9]+)?/webhooks|webhook\.office(?:365)?\.com/webhookb2|outlook\.office(?:365)?\.com/webhook|hooks\.zapier\.com/hooks/catch|hook\.[a-z0-9.]+\.(?:make|integromat)\.com|maker\.ifttt\.com/trigger/[^/\s]+/(?:json/)?with/key|open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/(?:v2/)?hook)/(?<secret>[\w@./%~-]+)",
        // Webhooks of Mattermost and Rocket.Chat.
        r"https?://[^\s/]+/hooks/(?<secret>[a-z0-9]{26}\b|[A-Za-z0-9]{17,24}/[A-Za-z0-9]{30,})",
        // Signed URLs of Azure, AWS and Google.
        r#"(?:^|[?&])(?i:sig|signature|x-(?:amz|goog)-(?:signature|security-token))=(?<secret>[^\s&#()'"]+)"#,
        r"[?&](?i:key|code|subscription-key)=(?<secret>[\w%=.~-]{16,})",
        r#"\b(?:x-access-token|x-token-auth|x-oauth-basic|oauth2|gitlab-ci-token|__token__):(?<secret>[^\s@/()'"]+)@"#,
        // Data source names of MySQL in Go.
        r#"[^\s:@/'"=]+:(?<secret>[^\s@()'"]+)@(?:tcp[46]?|udp|unix)\("#,
        r#"(?i)authorization["']?\s*[:=]\s*["']?(?:bearer|basic|digest|token)\s+(?<secret>[^\s"',;()]+)"#,
        r#"(?i)\b(?:set-)?cookie["']?[ \t]*:[ \t]*["']?(?<secret>[^\s"'()=;]+=[^"'\r\n]*)"#,
    ];
    let patterns = patterns.iter();
    patterns
        .filter_map(|pattern| Regex::new(pattern).ok())
        .collect()
});

/// The user, the password and the start of the host in a URL.
static URL_USER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"([A-Za-z][A-Za-z0-9+.-]*)://([^\s/?#:@]*)(?::([^\s/?#]*))?@([^\s/?#:@]*)").ok()
});

/// Replaces secrets that are recognized by their form.
pub(super) fn redact_known(text: &str) -> Option<String> {
    let mut current = Cow::Borrowed(text);
    let mut apply = |regex: &Regex, replace: &dyn Fn(&Captures<'_>) -> String| {
        if let Cow::Owned(changed) =
            regex.replace_all(&current, |found: &Captures<'_>| replace(found))
        {
            current = Cow::Owned(changed);
        }
    };
    if let Some(tokens) = &*TOKENS {
        apply(tokens, &|_| REDACTED.to_owned());
    }
    if let Some(url_user) = &*URL_USER {
        apply(url_user, &redact_url_user);
    }
    for regex in &*IN_CONTEXT {
        apply(regex, &redact_group);
    }
    (current != text).then(|| current.into_owned())
}

/// Replaces the group `secret` of a match.
fn redact_group(found: &Captures<'_>) -> String {
    match (found.get(0), found.name("secret")) {
        (Some(all), Some(secret)) => {
            let (start, end) = (secret.start() - all.start(), secret.end() - all.start());
            let text = all.as_str();
            format!("{}{REDACTED}{}", &text[..start], &text[end..])
        }
        _ => found[0].to_owned(),
    }
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
