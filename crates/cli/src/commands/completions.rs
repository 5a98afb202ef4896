//! `wsdb completions`

use clap::Args;
use clap_complete::Shell;

use crate::ui::Ui;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb completions bash > ~/.local/share/bash-completion/completions/wsdb")]
pub(crate) struct Completions {
    /// Shell to generate the script for
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self, mut command: clap::Command, ui: &Ui) -> anyhow::Result<()> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "wsdb", &mut script);
        ui.print(&String::from_utf8(script)?)
    }
}
