//! Reads the dependency lock file of Terraform and OpenTofu, `.terraform.lock.hcl`.

use std::collections::BTreeMap;

use wsdb_core::{Json, JsonObject};

use super::scanner::Scanner;
use super::syntax_error::SyntaxError;

/// Parses a lock file into an object with a list of providers. Of HCL, it reads what lock files
/// contain: blocks with a label, whose attributes are texts and lists of texts.
pub(super) fn read_terraform_lock(text: &str) -> Result<Json, SyntaxError> {
    let mut scanner = Scanner::new(text, &["#", "//"]);
    let mut whole: BTreeMap<String, Vec<Json>> = BTreeMap::new();
    while !scanner.rest().is_empty() {
        let block_type = scanner.word(&['-']);
        if block_type.is_empty() {
            return Err(scanner.error("expected a block such as provider"));
        }
        let name = scanner.string()?;
        let block = read_block(&mut scanner, name)?;
        let blocks: &mut Vec<Json> = whole.entry(block_type.to_owned()).or_default();
        blocks.push(block);
    }
    let whole = whole.into_iter();
    let whole = whole.map(|(block_type, blocks)| (block_type, blocks.into()));
    Ok(whole.collect::<JsonObject>().into())
}

fn read_block(scanner: &mut Scanner<'_>, name: String) -> Result<Json, SyntaxError> {
    let mut fields = JsonObject::new();
    fields.insert("name".to_owned(), name.into());
    scanner.expect("{")?;
    while !scanner.skip("}") {
        let key = scanner.word(&['-']);
        if key.is_empty() {
            return Err(scanner.error("expected an attribute or }"));
        }
        if fields.contains_key(key) {
            return Err(scanner.error(format!("duplicate attribute {key}")));
        }
        scanner.expect("=")?;
        let value = read_value(scanner)?;
        fields.insert(key.to_owned(), value);
    }
    Ok(fields.into())
}

fn read_value(scanner: &mut Scanner<'_>) -> Result<Json, SyntaxError> {
    if !scanner.skip("[") {
        return scanner.string().map(Json::from);
    }
    let mut list: Vec<Json> = Vec::new();
    while !scanner.skip("]") {
        list.push(scanner.string()?.into());
        if !scanner.skip(",") {
            scanner.expect("]")?;
            break;
        }
    }
    Ok(list.into())
}

#[cfg(test)]
mod tests {
    use wsdb_core::json;

    use super::*;

    fn read(text: &str) -> Result<Json, String> {
        read_terraform_lock(text)
            .map_err(|error| format!("{}:{}: {}", error.line, error.column, error.reason))
    }

    #[test]
    fn lock_file_is_a_list_of_providers() {
        let text = r#"# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.31.0"
  constraints = "~> 5.0, != 5.2"
  hashes = [
    "h1:ltxyuBWIy9cq0kIKDJH1jeWJy/y7XJLjS4QrsQK4plA=",
    "zh:0cdb9c2083bf0902442384f7309367791e4640581652dda456f2d6d7abf0de8d",
  ]
}

provider "registry.opentofu.org/x/y" { // c
  version = "1.0"
  hashes = []
}
"#;
        assert_eq!(
            read(text),
            Ok(json!({"provider": [
                {
                    "name": "registry.terraform.io/hashicorp/aws", "version": "5.31.0",
                    "constraints": "~> 5.0, != 5.2",
                    "hashes": [
                        "h1:ltxyuBWIy9cq0kIKDJH1jeWJy/y7XJLjS4QrsQK4plA=",
                        "zh:0cdb9c2083bf0902442384f7309367791e4640581652dda456f2d6d7abf0de8d",
                    ],
                },
                {"name": "registry.opentofu.org/x/y", "version": "1.0", "hashes": []},
            ]}))
        );
        assert_eq!(read("# nothing\n"), Ok(json!({})));
    }

    #[test]
    fn errors_have_a_position() {
        for (text, error) in [
            ("provider \"a\" {\n  version = 1\n}", "2:13: expected \""),
            (
                "provider \"a\" {\n  version = \"1\"\n",
                "3:1: expected an attribute or }",
            ),
            (
                "provider \"a\" {\n a = \"1\"\n a = \"2\" }",
                "3:3: duplicate attribute a",
            ),
            ("provider \"a\" {\n a = [\"1\" \"2\"] }", "2:11: expected ]"),
            (
                "provider \"${a}\" {}",
                "1:11: interpolation is not supported",
            ),
            ("provider \"a", "1:11: expected \" at the end of the string"),
            ("a = 1", "1:3: expected \""),
            ("= 1", "1:1: expected a block such as provider"),
        ] {
            assert_eq!(read(text), Err(error.to_owned()), "{text}");
        }
    }
}
