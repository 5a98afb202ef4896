//! The output format and the use of color.

use clap::ValueEnum;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Table,
    Json,
    Jsonl,
    Csv,
    Md,
    /// For `task graph`
    #[value(hide = true)]
    Dot,
    /// For `task graph`
    #[value(hide = true)]
    Mermaid,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}

impl ColorChoice {
    /// Returns whether to use color on a stream. An explicit choice takes precedence over NO_COLOR.
    pub(crate) fn is_colored(self, terminal: bool) -> bool {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        match self {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !plain,
        }
    }
}

impl From<ColorChoice> for clap::ColorChoice {
    fn from(choice: ColorChoice) -> Self {
        match choice {
            ColorChoice::Auto => clap::ColorChoice::Auto,
            ColorChoice::Always => clap::ColorChoice::Always,
            ColorChoice::Never => clap::ColorChoice::Never,
        }
    }
}

/// Returns the value of --color, even if the rest of the command line cannot be parsed.
pub(crate) fn color_asked_for() -> ColorChoice {
    let args = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned());
    let mut args = args.collect::<Vec<_>>().into_iter();
    let mut choice = ColorChoice::Auto;
    while let Some(arg) = args.next() {
        let value = match arg.strip_prefix("--color") {
            Some("") => args.next(),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        if let Some(Ok(value)) = value.map(|value| ColorChoice::from_str(&value, false)) {
            choice = value;
        }
    }
    choice
}
