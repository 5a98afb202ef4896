//! Errors of the file system in words.

use std::io::{Error, ErrorKind};

/// Returns why a file or folder cannot be read, for a message that names it.
pub fn format_read_error(error: &Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file or folder".to_owned(),
        ErrorKind::IsADirectory => "is a folder, not a file".to_owned(),
        _ => format!("cannot be read: {}", format_io_error(error)),
    }
}

/// Returns the text of an error without the number that the operating system gives it.
pub fn format_io_error(error: &Error) -> String {
    let text = error.to_string();
    let words = match error.kind() {
        ErrorKind::IsADirectory => "is a folder, not a file",
        // An error with a text of its own has no number.
        ErrorKind::AlreadyExists if error.raw_os_error().is_some() => "is a file, not a folder",
        ErrorKind::NotADirectory => "a part of the path is a file, not a folder",
        _ => text.split(" (os error ").next().unwrap_or_default(),
    };
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_lowercase());
    first.into_iter().flatten().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_operating_system_are_left_out() {
        let missing = Error::from_raw_os_error(2);
        assert_eq!(format_read_error(&missing), "no such file or folder");
        let denied = Error::from_raw_os_error(13);
        assert_eq!(
            format_read_error(&denied),
            "cannot be read: permission denied"
        );
        let folder = Error::from_raw_os_error(21);
        assert_eq!(format_read_error(&folder), "is a folder, not a file");
        let existing = Error::from_raw_os_error(17);
        assert_eq!(format_io_error(&existing), "is a file, not a folder");
        let file = Error::from_raw_os_error(20);
        assert_eq!(
            format_io_error(&file),
            "a part of the path is a file, not a folder"
        );
    }
}
