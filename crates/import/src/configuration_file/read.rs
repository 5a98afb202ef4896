//! Reads text in any of the formats.

use std::path::Path;

use wsdb_core::Json;

use super::format::FileFormat;
use super::syntax_error::SyntaxError;
use super::{dotenv, ini, json5, lock_file, mix_lock, properties, terraform_lock, toml};
use crate::yaml;

/// Reads a text; some rules depend on the name of the file.
pub(super) fn read_text(file: &Path, format: FileFormat, text: &str) -> Result<Json, SyntaxError> {
    match format {
        FileFormat::Json => json5::read_json(text),
        FileFormat::Jsonc => json5::read_jsonc(text),
        FileFormat::Json5 => json5::read_json5(text),
        FileFormat::Toml => toml::read_toml(text),
        FileFormat::Yaml => match yaml::parse(text) {
            Ok(document) => Ok(document.value),
            Err(error) => Err(SyntaxError {
                line: error.line,
                column: error.column,
                reason: error.reason,
            }),
        },
        FileFormat::Ini => ini::read_ini(file, text),
        FileFormat::Env => dotenv::read_dotenv(text),
        FileFormat::Lines => Ok(read_lines(text)),
        FileFormat::YarnLock => lock_file::read_yarn(text),
        FileFormat::BundlerLock => lock_file::read_bundler(text),
        FileFormat::MixLock => mix_lock::read_mix_lock(text),
        FileFormat::TerraformLock => terraform_lock::read_terraform_lock(text),
        FileFormat::Properties => properties::read_properties(text),
    }
}

/// Reads the lines of a text, without empty ones and comments.
fn read_lines(text: &str) -> Json {
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(Json::from).collect()
}
