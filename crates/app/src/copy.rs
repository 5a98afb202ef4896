//! Copies a workspace to another database.

use std::cell::Cell;

use wsdb_core::{Action, Author};
use wsdb_import::{Progress, ProgressStage};
use wsdb_store::{CopyProgress, Options, redacted};

use crate::views::{CopiedTableView, CopyView};
use crate::{Actor, Error, Location};

/// Copies a workspace to another database, all or nothing, and verifies every table before the copy
/// is committed. The target must be empty unless `replace` is set, which deletes its records.
///
/// # Errors
/// [`Error::NoSource`] if the source does not exist, and the errors of [`wsdb_store::copy`].
pub async fn copy_workspace(
    from: &Location,
    to: &Location,
    options: &Options,
    replace: bool,
    actor: &Actor,
    progress: &dyn Progress,
) -> Result<CopyView, Error> {
    let report = copy_progress(progress);
    let author = Author::new(&actor.name, Action::COPY, actor.now);
    let tables: Vec<CopiedTableView> =
        wsdb_store::copy(&from.url, &to.url, options, replace, author, &report)
            .await
            .map_err(|error| match error {
                // Only the source can be missing: the target is created.
                wsdb_store::Error::NoDatabase { path } => Error::NoSource(path),
                error => error.into(),
            })?
            .into_iter()
            .map(CopiedTableView::from)
            .collect();
    Ok(CopyView {
        from: redacted(&from.url),
        to: redacted(&to.url),
        row_count: tables.iter().map(|table| table.row_count).sum(),
        tables,
    })
}

/// Returns a function that reports the progress of a copy.
pub(crate) fn copy_progress(progress: &dyn Progress) -> impl Fn(CopyProgress) {
    let is_checking = Cell::new(false);
    move |copying| match copying {
        // Each row is written and read back.
        CopyProgress::Begun(rows) => {
            let steps = rows.saturating_mul(2);
            progress.step(ProgressStage::Write(
                usize::try_from(steps).unwrap_or(usize::MAX),
            ));
        }
        CopyProgress::Written(rows) => progress.advance(rows),
        CopyProgress::Checked(rows) => {
            if !is_checking.replace(true) {
                progress.step(ProgressStage::Compare);
            }
            progress.advance(rows);
        }
    }
}
