//! The lines of `.gitattributes` that assign the merge driver to the documents.

use wsdb_app::documents::Document;

/// The attribute that selects the merge driver.
const ATTRIBUTE: &str = "merge=wsdb";

/// A changed `.gitattributes`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ChangedAttributes {
    pub(super) text: String,
    /// The documents whose lines changed.
    pub(super) documents: Vec<&'static str>,
}

/// Returns the document to which a line assigns the merge driver.
fn document_of(line: &str) -> Option<&'static str> {
    let mut words = line.split_whitespace();
    let pattern = words.next()?;
    let document = Document::ALL
        .into_iter()
        .find(|document| document.file_name() == pattern)?;
    words
        .any(|word| word == ATTRIBUTE)
        .then(|| document.file_name())
}

/// Appends the lines that are missing.
pub(super) fn add_lines(before: &str) -> ChangedAttributes {
    let assigned: Vec<_> = before.lines().filter_map(document_of).collect();
    let documents = Document::ALL.into_iter().map(Document::file_name);
    let documents: Vec<_> = documents
        .filter(|document| !assigned.contains(document))
        .collect();
    let line_end = if before.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let mut text = before.to_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(line_end);
    }
    for document in &documents {
        text.push_str(&format!("{document} {ATTRIBUTE}{line_end}"));
    }
    ChangedAttributes { text, documents }
}

/// Removes the attribute from the lines of the documents, and the lines that have no other.
pub(super) fn remove_lines(before: &str) -> ChangedAttributes {
    let (mut text, mut documents) = (String::new(), Vec::new());
    for line in before.split_inclusive('\n') {
        let Some(document) = document_of(line) else {
            text.push_str(line);
            continue;
        };
        documents.push(document);
        let words = line.split_whitespace();
        let others: Vec<&str> = words.filter(|word| *word != ATTRIBUTE).collect();
        if others.len() > 1 {
            let line_end = &line[line.trim_end().len()..];
            text.push_str(&format!("{}{line_end}", others.join(" ")));
        }
    }
    ChangedAttributes { text, documents }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_lines_are_appended() {
        let before = "*.png binary\nDRIFT.json text merge=wsdb";
        let ChangedAttributes { text, documents } = add_lines(before);
        assert_eq!(documents.len(), Document::ALL.len() - 1);
        assert!(text.starts_with(&format!("{before}\nWORKSPACE-TASKS.json merge=wsdb\n")));
        let unchanged = ChangedAttributes {
            text: text.clone(),
            documents: Vec::new(),
        };
        assert_eq!(add_lines(&text), unchanged);
    }

    #[test]
    fn line_ends_are_kept() {
        let before = "*.png binary\r\nDRIFT.json text merge=wsdb\r\n";
        let ChangedAttributes { text, .. } = add_lines(before);
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        let expected = "*.png binary\r\nDRIFT.json text\r\n";
        assert_eq!(remove_lines(&text).text, expected);
    }

    #[test]
    fn only_the_attribute_is_removed() {
        let before = "*.png binary\nDRIFT.json text merge=wsdb\n";
        let ChangedAttributes { text, documents } = remove_lines(&add_lines(before).text);
        assert_eq!(documents.len(), Document::ALL.len());
        assert_eq!(text, "*.png binary\nDRIFT.json text\n");
        assert_eq!(remove_lines(&text).documents, Vec::<&str>::new());
    }
}
