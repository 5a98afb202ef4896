//! The text of a configuration file.

use std::borrow::Cow;
use std::path::Path;

use crate::error::ParseError;
use crate::json;

/// Returns the text of a file in UTF-8, or in UTF-16 with a byte order mark, without that mark. Lines that
/// end with a carriage return only, which most formats do not know, end with a line feed instead.
///
/// # Errors
/// Returns the position of bytes that are not valid.
pub(super) fn decode<'b>(file: &Path, bytes: &'b [u8]) -> Result<Cow<'b, str>, ParseError> {
    let text = decode_unicode(file, bytes)?;
    if text.contains('\r') && !text.contains('\n') {
        return Ok(Cow::Owned(text.replace('\r', "\n")));
    }
    Ok(text)
}

fn decode_unicode<'b>(file: &Path, bytes: &'b [u8]) -> Result<Cow<'b, str>, ParseError> {
    let (unit, bytes): (fn([u8; 2]) -> u16, _) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => return json::text(file, rest).map(Cow::Borrowed),
        [0xFF, 0xFE, rest @ ..] => (u16::from_le_bytes, rest),
        [0xFE, 0xFF, rest @ ..] => (u16::from_be_bytes, rest),
        bytes => return json::text(file, bytes).map(Cow::Borrowed),
    };
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .map(|two| unit([two[0], two[1]]))
        .collect();
    match String::from_utf16(&units) {
        Ok(text) if bytes.len() % 2 == 0 => Ok(Cow::Owned(text)),
        _ => Err(ParseError {
            file: file.to_owned(),
            position: None,
            reason: "invalid UTF-16; save the file as UTF-8".to_owned(),
        }),
    }
}
