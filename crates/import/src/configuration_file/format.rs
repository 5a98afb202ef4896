//! Which format a configuration file has: by its name, or by its content where the name says
//! nothing.

use std::path::Path;

use super::{lock_file, read_text};
use wsdb_core::Json;

/// The format of a configuration file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// JSON; comments are accepted.
    Json,
    /// JSON with comments and trailing commas.
    Jsonc,
    /// JSON5.
    Json5,
    /// TOML.
    Toml,
    /// YAML.
    Yaml,
    /// Sections of `key = value` lines.
    Ini,
    /// `KEY=value` lines.
    Env,
    /// A list of lines; comments start with `#`.
    Lines,
    /// A lock file of Yarn 1.
    YarnLock,
    /// A lock file of Bundler.
    BundlerLock,
}

/// Names of JSON files whose programs accept comments and trailing commas.
const JSONC_NAMES: &[&str] = &[
    ".babelrc.json",
    ".devcontainer.json",
    ".eslintrc.json",
    ".hintrc",
    ".jshintrc",
    ".markdownlint.json",
    ".swcrc",
    "angular.json",
    "api-extractor.json",
    "babel.config.json",
    "bun.lock",
    "deno.json",
    "devcontainer.json",
    "jsconfig.json",
    "language-configuration.json",
    "nx.json",
    "pyrightconfig.json",
    "rush.json",
    "tsconfig.json",
    "tsdoc.json",
    "turbo.json",
    "typedoc.json",
    "wrangler.json",
];
const JSON_NAMES: &[&str] = &["composer.lock", "deno.lock", "flake.lock", "pipfile.lock"];
const TOML_NAMES: &[&str] = &[
    "cargo.lock",
    "pdm.lock",
    "pipfile",
    "poetry.lock",
    "uv.lock",
];
const YAML_NAMES: &[&str] = &[
    ".ansible-lint",
    ".clang-format",
    ".clang-tidy",
    ".clangd",
    ".condarc",
    ".gemrc",
    ".yamllint",
    "chart.lock",
    "citation.cff",
    "podfile.lock",
    "pubspec.lock",
];
const INI_NAMES: &[&str] = &[
    ".coveragerc",
    ".editorconfig",
    ".flake8",
    ".gitconfig",
    ".gitmodules",
    ".hgrc",
    ".lfsconfig",
    ".npmrc",
    ".pylintrc",
    ".pypirc",
    "pip.conf",
    "pylintrc",
];
const LINES_NAMES: &[&str] = &[
    ".browserslistrc",
    ".gitattributes",
    ".mailmap",
    ".node-version",
    ".nvmrc",
    ".python-version",
    ".ruby-version",
    ".tool-versions",
    "codeowners",
    "go.mod",
    "go.sum",
    "go.work.sum",
    "gradle.lockfile",
];
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

/// Whether a file is a unit of systemd or follows the same rules.
pub(super) fn is_systemd_unit(name: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "automount",
        "container",
        "desktop",
        "mount",
        "netdev",
        "network",
        "service",
        "slice",
        "socket",
        "swap",
        "target",
        "timer",
    ];
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

impl FileFormat {
    /// Returns the format of a file; `None` if neither its name nor its content tells.
    pub fn detect(file: &Path, bytes: &[u8]) -> Option<FileFormat> {
        let format = FileFormat::of(file);
        format.or_else(|| FileFormat::of_content(file, bytes))
    }

    /// Returns the format for a file name; `None` if it depends on the content or is unknown.
    fn of(file: &Path) -> Option<FileFormat> {
        let name = file.file_name()?.to_str()?.to_lowercase();
        let name = name.as_str();
        let folder = file.parent().and_then(Path::file_name);
        let folder = folder
            .and_then(|folder| folder.to_str())
            .unwrap_or_default();
        let by_name = [
            (JSONC_NAMES, FileFormat::Jsonc),
            (JSON_NAMES, FileFormat::Json),
            (TOML_NAMES, FileFormat::Toml),
            (YAML_NAMES, FileFormat::Yaml),
            (INI_NAMES, FileFormat::Ini),
            (LINES_NAMES, FileFormat::Lines),
        ];
        if let Some((_, format)) = by_name.iter().find(|(names, _)| names.contains(&name)) {
            return Some(*format);
        }
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        match ending {
            "json" if matches!(folder, ".vscode" | ".devcontainer") => Some(FileFormat::Jsonc),
            "json" if stem.starts_with("tsconfig") || stem.starts_with("jsconfig") => {
                Some(FileFormat::Jsonc)
            }
            "json" | "webmanifest" => Some(FileFormat::Json),
            "jsonc" | "code-workspace" => Some(FileFormat::Jsonc),
            "json5" => Some(FileFormat::Json5),
            "toml" => Some(FileFormat::Toml),
            "yaml" | "yml" => Some(FileFormat::Yaml),
            "ini" | "cfg" | "cnf" => Some(FileFormat::Ini),
            "env" => Some(FileFormat::Env),
            "txt" if stem.starts_with("requirements") || stem.starts_with("constraints") => {
                Some(FileFormat::Lines)
            }
            _ if name.starts_with(".env") || name.contains(".env.") => Some(FileFormat::Env),
            _ if name.starts_with('.') && name.ends_with("ignore") => Some(FileFormat::Lines),
            _ if name == "config" && matches!(folder, ".git" | "git" | ".aws") => {
                Some(FileFormat::Ini)
            }
            _ if name == "credentials" && folder == ".aws" => Some(FileFormat::Ini),
            _ if is_systemd_unit(name) => Some(FileFormat::Ini),
            _ if matches!(name, "gemfile.lock" | "gems.locked") => Some(FileFormat::BundlerLock),
            _ => None,
        }
    }

    /// Returns the format of a file by its content. A file whose name says nothing at all must be
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
    fn name_tells_the_format() {
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
    fn content_tells_the_format() {
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
            ("mix.lock", "%{\n  \"a\": {:hex, :a, \"1\"},\n}\n", None),
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
