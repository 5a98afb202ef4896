//! Removes database passwords from error messages, which quote the command line.

use std::ops::Range;

/// Returns the text with database URLs that have a password shortened to their scheme.
pub(crate) fn redact_urls(text: &str) -> String {
    let typed = std::env::args_os().skip(1);
    let typed: Vec<String> = typed
        .map(|arg| arg.to_string_lossy().into_owned())
        .collect();
    redact_known(text, &typed)
}

fn redact_known(text: &str, typed: &[String]) -> String {
    let mut text = text.to_owned();
    for arg in typed {
        let Some(url) = find_url(arg).map(|found| &arg[found.start..]) else {
            continue;
        };
        let shown = redacted_url(url);
        // The complete URL, and the pieces of it if a list was split at commas or a message cut
        // short.
        let pieces = std::iter::once(url).chain(url.split(','));
        for (at, piece) in pieces.enumerate() {
            let shown = if at < 2 { &shown } else { "…" };
            if at >= 2 && !piece.contains('@') {
                continue;
            }
            for length in [usize::MAX, 120, 60] {
                let cut: String = piece.chars().take(length).collect();
                let escaped = format!("{cut:?}");
                text = text
                    .replace(&cut, shown)
                    .replace(escaped.trim_matches('"'), shown);
            }
        }
    }
    // URLs that are not from the command line, but from a file or a variable.
    let mut from = 0;
    while let Some(found) = find_url(&text[from..]) {
        let range = from + found.start..from + found.end;
        let shown = redacted_url(&text[range.clone()]);
        from = range.start + shown.len();
        text.replace_range(range, &shown);
    }
    text
}

/// Finds a database URL with a password, up to the end of the word that contains it.
fn find_url(text: &str) -> Option<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let almost = lower.match_indices("postgres").filter_map(|(start, name)| {
        let rest = &lower[start + name.len()..];
        let rest = rest.strip_prefix("ql").unwrap_or(rest);
        (rest.starts_with(':') || rest.starts_with("//")).then_some(start)
    });
    let others = lower.match_indices("://").filter_map(|(colon, _)| {
        let letters = lower[..colon].bytes().rev();
        let start = colon - letters.take_while(u8::is_ascii_alphanumeric).count();
        // `-ppostgres://…` is an option with a value.
        (!lower[start..colon].contains("postgres")).then_some(start)
    });
    let mut starts: Vec<usize> = almost.chain(others).collect();
    starts.sort_unstable();
    starts.into_iter().find_map(|start| {
        let rest = &text[start..];
        let is_end = |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '`' | '\u{1b}');
        let end = rest.find(is_end).unwrap_or(rest.len());
        // A password may contain characters that end a word.
        let has_secret = rest.contains('@') || rest.contains("password=");
        let is_file = lower[start..].starts_with("sqlite:");
        (has_secret && !is_file).then_some(start..start + end)
    })
}

/// Returns the scheme of a URL, followed by an ellipsis: `postgres://…`
fn redacted_url(url: &str) -> String {
    let name = url.find(|c: char| !c.is_ascii_alphanumeric());
    format!("{}://…", &url[..name.unwrap_or(url.len())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_hidden_however_it_was_typed() {
        let url = "postgres://jo:secret@db.example/ws";
        let hide = |text: &str, typed: &str| redact_known(text, &[typed.to_owned()]);
        assert_eq!(
            hide(&format!("unrecognized subcommand '{url}'"), url),
            "unrecognized subcommand 'postgres://…'"
        );
        assert_eq!(
            hide("task postgres:jo:secret@db/x not found", ""),
            "task postgres://… not found"
        );
        assert_eq!(
            hide(
                "unexpected '\u{1b}[33mpostgres//jo:se'cr et@db/x\u{1b}[0m'",
                "--x=postgres//jo:se'cr et@db/x"
            ),
            "unexpected '\u{1b}[33mpostgres://…\u{1b}[0m'"
        );
        assert_eq!(
            hide(
                "unknown status 'postgres://jo:sec'",
                "postgres://jo:sec,ret@db/x"
            ),
            "unknown status 'postgres://…'"
        );
        for (text, typed) in [
            (
                "\"postgres://jo:se\\\"cret@db/x\"",
                "postgres://jo:se\"cret@db/x",
            ),
            ("task cret@db/x not found", "postgres://jo:se,cret@db/x"),
            ("mysql://jo:secret@db/x", ""),
            (
                "'postgres://jo:se'cret@db/x'",
                "-ppostgres://jo:se'cret@db/x",
            ),
            ("postgres://db/x?user=jo&password=secret", ""),
        ] {
            let shown = hide(text, typed);
            assert!(!shown.contains("cret"), "{shown}");
        }
        for plain in [
            "postgres://db.example/ws: connection refused",
            "/srv/a@b.db is damaged",
            "sqlite:///srv/a@b.db",
            "unsupported database URL mysql://…: expected sqlite:// or postgres://",
        ] {
            assert_eq!(hide(plain, ""), plain);
        }
    }
}
