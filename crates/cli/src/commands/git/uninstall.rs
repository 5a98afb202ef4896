//! `wsdb git uninstall`

use clap::Args;
use wsdb_app::views::UninstalledDriverView;

use super::attributes::{ChangedAttributes, remove_lines};
use super::install::SECTION;
use super::repository::RepositoryArgs;
use crate::args::Global;
use crate::ui::{Ui, escape_control_chars};

#[derive(Debug, Args)]
#[command(
    before_help = "Removes what 'wsdb git install' added: the merge driver in the repository's git
configuration, and the file names of the documents in .gitattributes. Git then
merges documents line by line.",
    after_help = "Example:\n  wsdb git uninstall"
)]
pub(crate) struct Uninstall {
    #[command(flatten)]
    repository: RepositoryArgs,
}

impl Uninstall {
    pub(crate) fn run(self, global: &Global, ui: &Ui) -> anyhow::Result<()> {
        let repository = self.repository.find(global)?;
        let has_driver = repository.setting(&format!("{SECTION}.driver"))?.is_some()
            || repository.setting(&format!("{SECTION}.name"))?.is_some();
        if has_driver {
            repository.remove_section(SECTION)?;
        }
        let ChangedAttributes { text, documents } = remove_lines(&repository.attributes()?);
        if !documents.is_empty() {
            repository.write_attributes(&text)?;
        }
        let root = repository.root.display().to_string();
        let is_changed = has_driver || !documents.is_empty();
        if ui.is_json() {
            return ui.print_changed_json(&UninstalledDriverView {
                repository: root,
                removed: documents.into_iter().map(str::to_owned).collect(),
                changed: is_changed,
            });
        }
        if is_changed {
            ui.print_changed(&escape_control_chars(&format!(
                "Removed the merge driver from {root}"
            )))
        } else {
            ui.print(&escape_control_chars(&format!(
                "The merge driver is not installed in {root}"
            )))
        }
    }
}
