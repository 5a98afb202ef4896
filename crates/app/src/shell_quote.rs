//! Quotes arguments of the commands that messages suggest.

/// Returns an argument as it is typed in a shell: in double quotes if it has special characters.
/// Messages put commands in single quotes.
///
/// ```
/// use wsdb_app::shell_quote;
/// assert_eq!(shell_quote("assistant-a"), "assistant-a");
/// assert_eq!(shell_quote("Jo $1"), r#""Jo \$1""#);
/// ```
pub fn shell_quote(argument: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:@%+=,".contains(c);
    if !argument.is_empty() && argument.chars().all(is_plain) {
        return argument.to_owned();
    }
    let mut quoted = String::from('"');
    for c in argument.chars() {
        if matches!(c, '"' | '\\' | '$' | '`') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}
