//! Which format a configuration file has: by its name, or else by its content.

use std::path::Path;

use wsdb_core::Json;

use super::format::FileFormat;
use super::lock_file;
use super::read::read_text;

/// Files that are JSON or YAML, as their programs find out by reading them.
const JSON_OR_YAML_NAMES: &[&str] = &[
    ".babelrc",
    ".c8rc",
    ".commitlintrc",
    ".eslintrc",
    ".graphqlrc",
    ".lintstagedrc",
    ".markdownlintrc",
    ".mocharc",
    ".nycrc",
    ".postcssrc",
    ".prettierrc",
    ".releaserc",
    ".remarkrc",
    ".stylelintrc",
];

impl FileFormat {
    /// Returns the format of a file; `None` if its name and its content are both unknown.
    pub fn detect(file: &Path, bytes: &[u8]) -> Option<FileFormat> {
        let format = FileFormat::of(file);
        format.or_else(|| FileFormat::of_content(file, bytes))
    }

    /// Returns the format of a file by its content. A file with an unknown name must be
    /// JSON, because any text is valid in some other format.
    fn of_content(file: &Path, bytes: &[u8]) -> Option<FileFormat> {
        let text = super::text::decode(file, bytes).ok()?;
        let name = file.file_name()?.to_str()?.to_lowercase();
        let contains_values = |format: &FileFormat| match read_text(file, *format, &text) {
            Ok(Json::Object(fields)) => !fields.is_empty(),
            Ok(Json::Array(list)) => !list.is_empty(),
            _ => false,
        };
        let first = text.lines().map(str::trim_start).find(|line| {
            !line.is_empty()
                && !["#", ";", "//", "/*", "*"]
                    .iter()
                    .any(|c| line.starts_with(c))
        });
        let first = first.unwrap_or_default();
        let is_lock = name.ends_with(".lock") || name.ends_with("-lock");
        if is_lock && text.contains(lock_file::YARN_HEADER) {
            return Some(FileFormat::YarnLock);
        }
        if is_lock && lock_file::BUNDLER_SECTIONS.contains(&first.trim_end()) {
            return Some(FileFormat::BundlerLock);
        }
        if JSON_OR_YAML_NAMES.contains(&name.as_str()) {
            let is_json = first.starts_with('{');
            return Some(if is_json {
                FileFormat::Json5
            } else {
                FileFormat::Yaml
            });
        }
        let is_rc = name.ends_with("rc");
        let formats: &[FileFormat] = if first.starts_with(['{', '[']) && !is_lock && !is_rc {
            &[FileFormat::Json, FileFormat::Json5]
        } else if is_lock {
            &[
                FileFormat::Json,
                FileFormat::Json5,
                FileFormat::Toml,
                FileFormat::Yaml,
            ]
        } else if is_rc && first.starts_with(['{', '[']) {
            &[FileFormat::Json, FileFormat::Json5, FileFormat::Ini]
        } else if is_rc {
            &[FileFormat::Yaml]
        } else {
            &[]
        };
        formats.iter().copied().find(contains_values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(name: &str, text: &str) -> Option<FileFormat> {
        FileFormat::detect(Path::new(name), text.as_bytes())
    }

    #[test]
    fn format_of_a_known_name() {
        for (name, format) in [
            ("tsconfig.build.json", FileFormat::Jsonc),
            (".vscode/settings.json", FileFormat::Jsonc),
            ("x.code-workspace", FileFormat::Jsonc),
            ("renovate.json5", FileFormat::Json5),
            ("package-lock.json", FileFormat::Json),
            ("X.YML", FileFormat::Yaml),
            ("pnpm-lock.yaml", FileFormat::Yaml),
            ("Cargo.lock", FileFormat::Toml),
            ("Pipfile.lock", FileFormat::Json),
            ("Gemfile.lock", FileFormat::BundlerLock),
            ("mix.lock", FileFormat::MixLock),
            (".terraform.lock.hcl", FileFormat::TerraformLock),
            ("gradle.properties", FileFormat::Properties),
            ("go.sum", FileFormat::Lines),
            ("requirements-dev.txt", FileFormat::Lines),
            (".dockerignore", FileFormat::Lines),
            ("my.cnf", FileFormat::Ini),
            ("app.service", FileFormat::Ini),
            (".git/config", FileFormat::Ini),
            (".env.local", FileFormat::Env),
            ("app.env.production", FileFormat::Env),
        ] {
            assert_eq!(detect(name, ""), Some(format), "{name}");
        }
        for name in ["Makefile", "README", "x.lock", ".bashrc", "app.conf"] {
            assert_eq!(detect(name, ""), None, "{name}");
        }
    }

    #[test]
    fn format_of_a_content() {
        for (name, text, format) in [
            (".prettierrc", "{\"semi\": false}", Some(FileFormat::Json5)),
            (
                ".prettierrc",
                "\u{feff}# c\nsemi: false\n",
                Some(FileFormat::Yaml),
            ),
            (".prettierrc", "semi: [", Some(FileFormat::Yaml)),
            (
                ".eslintrc",
                "// c\n{\"root\": true,}",
                Some(FileFormat::Json5),
            ),
            (
                ".babelrc",
                "/* c\n * d */\n{presets: ['env']}",
                Some(FileFormat::Json5),
            ),
            (".foorc", "a: 1\nb: [x]\n", Some(FileFormat::Yaml)),
            (".foorc", "[a]\nb = 1\n", Some(FileFormat::Ini)),
            (".bashrc", "export A=1\nalias b=c\n", None),
            (
                "yarn.lock",
                "# yarn lockfile v1\n\na@1:\n  version \"1\"\n",
                Some(FileFormat::YarnLock),
            ),
            (
                "yarn.lock",
                "__metadata:\n  version: 8\n",
                Some(FileFormat::Yaml),
            ),
            ("x.lock", "{\"a\": 1}", Some(FileFormat::Json)),
            (
                "x.lock",
                "{\n  // c\n  \"a\": [1,],\n}",
                Some(FileFormat::Json),
            ),
            (
                "x.lock",
                "[[package]]\nname = \"a\"\n",
                Some(FileFormat::Toml),
            ),
            (
                "x.lock",
                "dependencies:\n- name: a\n",
                Some(FileFormat::Yaml),
            ),
            (".watchmanconfig", "{\"a\": 1}", Some(FileFormat::Json)),
            ("app.conf", "{a: 1,}", Some(FileFormat::Json5)),
            ("app.conf", "a = 1\n", None),
            ("Makefile", "all: build\n", None),
            ("LICENSE", "[x] y\n", None),
        ] {
            assert_eq!(detect(name, text), format, "{name}: {text}");
        }
    }
}
