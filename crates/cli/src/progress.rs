//! A progress bar on stderr for long-running work; hidden if stderr is not a terminal.

use std::cell::RefCell;
use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use wsdb_app::documents::{Progress, ProgressStage};

/// Minimum number of records for a bar.
const SHOW_AFTER: u64 = 2_000;

/// Shows the progress of an import or an export.
pub(crate) struct ImportProgress(RefCell<ProgressBar>);

impl ImportProgress {
    pub(crate) fn new(quiet: bool) -> Self {
        let bar = if quiet || !std::io::stderr().is_terminal() {
            ProgressBar::hidden()
        } else {
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
        };
        // The total is unknown before the writing begins.
        bar.set_style(style("{msg}"));
        ImportProgress(RefCell::new(bar))
    }
}

fn style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template);
    style.unwrap_or_else(|_| ProgressStyle::default_bar())
}

impl Progress for ImportProgress {
    fn step(&self, step: ProgressStage) {
        let bar = self.0.borrow();
        match step {
            ProgressStage::Read => bar.set_message("reading"),
            ProgressStage::Compare => bar.set_message("comparing"),
            ProgressStage::Write(total) if total as u64 >= SHOW_AFTER => {
                bar.set_length(total as u64);
                bar.set_style(style("{msg} {wide_bar} {pos}/{len} {eta}"));
                bar.set_message("writing");
            }
            ProgressStage::Write(_) => bar.set_message("writing"),
        }
    }

    fn advance(&self, done: usize) {
        self.0.borrow().inc(done as u64);
    }
}

impl Drop for ImportProgress {
    fn drop(&mut self) {
        self.0.borrow().finish_and_clear();
    }
}
