//! Checks of texts that people enter.

use crate::Error;

/// Maximum length of a title in characters; imports accept longer ones.
const MAX_TITLE_LEN: usize = 500;

/// Checks that a title or name is neither empty nor too long. `what` names it in the message.
///
/// # Errors
/// [`Error::Malformed`] with the reason.
pub(crate) fn validate_single_line(what: &str, text: &str) -> Result<(), Error> {
    if text.trim().is_empty() {
        Err(Error::Malformed(format!("{what} must not be empty")))
    } else if text.chars().count() > MAX_TITLE_LEN {
        Err(Error::Malformed(format!(
            "{what} is longer than {MAX_TITLE_LEN} characters"
        )))
    } else {
        Ok(())
    }
}
