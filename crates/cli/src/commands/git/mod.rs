//! `wsdb git`

mod attributes;
mod install;
mod merge_document;
mod repository;
mod uninstall;

use clap::Subcommand;

use crate::args::Global;
use crate::ui::Ui;

#[derive(Debug, Subcommand)]
pub(crate) enum Git {
    /// Set up a merge driver for the documents in a git repository
    Install(install::Install),
    /// Remove the merge driver from a git repository
    Uninstall(uninstall::Uninstall),
    /// Merge two versions of a document with their ancestor (called by git)
    MergeDocument(merge_document::MergeDocument),
}

impl Git {
    pub(crate) fn run(self, global: &Global, ui: &Ui) -> anyhow::Result<u8> {
        match self {
            Git::Install(command) => command.run(global, ui).map(|()| 0),
            Git::Uninstall(command) => command.run(global, ui).map(|()| 0),
            Git::MergeDocument(command) => command.run(ui),
        }
    }
}
