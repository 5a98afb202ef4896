//! Secrets in the arguments of commands, recognized by the command and not by the name of the option.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::known::REDACTED;
use crate::Json;

/// The commands; the group `secret` is hidden. Words that begin with `$` are variables.
static COMMANDS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let user = r#"["']?[^\s:"'$]*[^\s:"'$0-9][^\s:"'$]*:(?<secret>[^\s"'$()][^\s"'()]*)"#;
    let word = r#"["']?(?<secret>[^\s"'$()-][^\s"']*)"#;
    let patterns = [
        format!(r"\bcurl\s(?:[^\n|]*?\s)?(?:(?:-u|--proxy-user|-U)\s*|--user[\s=]+){user}"),
        format!(r"(?:^|\s)(?:https?|xh)\s(?:[^\n|]*?\s)?(?:-a|--auth)[\s=]+{user}"),
        format!(r"\b(?:mysql\w*|mariadb[\w-]*)\s(?:[^\n|]*?\s)?-p{word}"),
        format!(r"\bsshpass\s+-p\s*{word}"),
        format!(r"\bredis-cli\s(?:[^\n|]*?\s)?-a\s+{word}"),
        format!(
            r"\b(?:docker|podman|helm|nerdctl|buildah|skopeo)\s(?:registry\s+)?login\s(?:[^\n|]*?\s)?-p\s*{word}"
        ),
        format!(
            r"\b(?:mongo(?:sh|dump|restore|export|import)?|az\s+login|oc\s+login)\s(?:[^\n|]*?\s)?-p\s+{word}"
        ),
        format!(r"\b(?:sqlcmd|bcp)\s(?:[^\n|]*?\s)?-P\s*{word}"),
        format!(r"\bldap(?:search|modify|add|delete|whoami)\s(?:[^\n|]*?\s)?-w\s+{word}"),
        format!(r"\bopenssl\s(?:[^\n|]*?\s)?-pass(?:in|out)?\s+pass:{word}"),
    ];
    let patterns = patterns.iter();
    patterns
        .filter_map(|pattern| Regex::new(pattern).ok())
        .collect()
});

fn find_secrets(text: &str) -> Vec<Range<usize>> {
    let mut secrets: Vec<Range<usize>> = Vec::new();
    for regex in &*COMMANDS {
        let found = regex.captures_iter(text);
        secrets.extend(found.filter_map(|found| Some(found.name("secret")?.range())));
    }
    secrets.sort_by_key(|secret| secret.start);
    secrets.dedup_by(|next, previous| next.start < previous.end);
    secrets
}

/// Replaces the secrets in the text of a command.
pub(super) fn redact_commands(text: &str) -> Option<String> {
    let secrets = find_secrets(text);
    let mut changed = text.to_owned();
    for secret in secrets.iter().rev() {
        changed.replace_range(secret.clone(), REDACTED);
    }
    (!secrets.is_empty()).then_some(changed)
}

/// Replaces the secrets in a list of the arguments of a command, and returns the number of changed
/// arguments.
pub(super) fn redact_arguments(arguments: &mut [Json]) -> usize {
    /// Maximum number of arguments; longer lists are no commands.
    const MAX_ARGUMENTS: usize = 200;
    if arguments.len() < 2 || arguments.len() > MAX_ARGUMENTS {
        return 0;
    }
    let words: Option<Vec<&str>> = arguments.iter().map(Json::as_str).collect();
    let Some(words) = words else {
        return 0;
    };
    let line = words.join(" ");
    let mut starts = Vec::with_capacity(words.len());
    let mut length = 0;
    for word in &words {
        starts.push(length);
        length += word.len() + 1;
    }
    let mut count = 0;
    for secret in find_secrets(&line).into_iter().rev() {
        let at = starts.partition_point(|start| *start <= secret.start) - 1;
        let (from, to) = (secret.start - starts[at], secret.end - starts[at]);
        if let Json::String(argument) = &mut arguments[at]
            && to <= argument.len()
        {
            argument.replace_range(from..to, REDACTED);
            count += 1;
        }
    }
    count
}
