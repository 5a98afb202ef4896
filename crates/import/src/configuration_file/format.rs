//! The formats of configuration files, and which one a name stands for.

use std::path::Path;

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
    /// A lock file of Mix.
    MixLock,
    /// A lock file of Terraform.
    TerraformLock,
    /// Java properties: `key=value` lines.
    Properties,
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
    ".hgrc",
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
/// Whether a file is read by `git config`. Names are in lower case.
pub(super) fn is_git_config(file: &Path, name: &str) -> bool {
    match name {
        "gitconfig" | ".gitmodules" | ".lfsconfig" => true,
        // Also in a bare repository, or that of a submodule.
        "config" | "config.worktree" => {
            let folders = file.parent().into_iter().flat_map(Path::components);
            let mut folders = folders.map(|folder| folder.as_os_str().to_string_lossy());
            let is_user_file = file.parent().is_some_and(|folder| folder.ends_with("git"));
            is_user_file || folders.any(|folder| folder.ends_with(".git"))
        }
        // Also `.gitconfig-work`, which another file includes.
        _ => name
            .strip_prefix(".gitconfig")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.', '_'])),
    }
}

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
    /// Returns the format for a file name; `None` if it depends on the content or is unknown.
    pub(super) fn of(file: &Path) -> Option<FileFormat> {
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
        if is_git_config(file, name) {
            return Some(FileFormat::Ini);
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
            "properties" => Some(FileFormat::Properties),
            "txt" if stem.starts_with("requirements") || stem.starts_with("constraints") => {
                Some(FileFormat::Lines)
            }
            _ if name.starts_with(".env") || name.contains(".env.") => Some(FileFormat::Env),
            _ if name.starts_with('.') && name.ends_with("ignore") => Some(FileFormat::Lines),
            _ if matches!(name, "config" | "credentials") && folder == ".aws" => {
                Some(FileFormat::Ini)
            }
            _ if is_systemd_unit(name) => Some(FileFormat::Ini),
            _ if name == "mix.lock" => Some(FileFormat::MixLock),
            _ if name == ".terraform.lock.hcl" => Some(FileFormat::TerraformLock),
            _ if matches!(name, "gemfile.lock" | "gems.locked") => Some(FileFormat::BundlerLock),
            _ => None,
        }
    }
}
