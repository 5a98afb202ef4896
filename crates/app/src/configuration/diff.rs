//! Compares snapshots.

use wsdb_core::{ConfigurationSnapshot, Json, SnapshotFilter, SnapshotId, differences};
use wsdb_store::{Connection, Store};

use super::chain::{effective_configuration, latest_snapshots, precedes};
use crate::lookup::suggestion;
use crate::views::{DiffView, DifferenceView};
use crate::{Error, resolve};

/// Returns the differences between two snapshots. If only one name is given: between the last two
/// of that repo, or between that snapshot and the one before it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::NoSnapshots`] and [`Error::Ambiguous`], and [`Error::Invalid`] if there is no other
/// snapshot.
pub async fn diff_snapshots<C: Connection>(
    store: &Store<C>,
    first: &str,
    second: Option<&str>,
    show_secrets: bool,
) -> Result<DiffView, Error> {
    let (from, to) = resolve_pair(store, first, second).await?;
    Ok(compare(store, &from, &to, show_secrets).await?.view)
}

/// Resolves two snapshots, the last two of a repo, or one snapshot and the one before it.
pub(super) async fn resolve_pair<C: Connection>(
    store: &Store<C>,
    first: &str,
    second: Option<&str>,
) -> Result<(ConfigurationSnapshot, ConfigurationSnapshot), Error> {
    let snapshots = store.configuration().snapshots();
    if let Some(second) = second {
        let first = resolve(&snapshots, first).await;
        let (first, second) = Error::both(first, resolve(&snapshots, second).await)?;
        if first == second {
            return Err(Error::Malformed(format!(
                "cannot compare {first} with itself"
            )));
        }
        return Ok((snapshots.get(&first).await?, snapshots.get(&second).await?));
    }
    let last = latest_snapshots(store, first, 2).await?;
    match <[ConfigurationSnapshot; 2]>::try_from(last) {
        Ok([to, from]) => return Ok((from, to)),
        Err(last) => {
            if let [only] = last.as_slice() {
                return Err(Error::Invalid(format!(
                    "{first} has only one snapshot ({}), so there is nothing to compare it with",
                    only.id
                )));
            }
        }
    }
    let id: SnapshotId = match resolve(&snapshots, first).await {
        Err(Error::NotFound {
            word,
            suggestion: snapshot,
            ..
        }) => {
            let repos = snapshots.values_of("repo").await?;
            let repo = || suggestion(None, first, repos.clone());
            return Err(Error::NoSnapshots {
                word,
                suggestion: snapshot.or_else(repo),
                repos,
            });
        }
        resolved => resolved?,
    };
    let to = snapshots.get(&id).await?;
    let filter = SnapshotFilter {
        repo: vec![to.repo.clone()],
        reverse: true,
        ..SnapshotFilter::default()
    };
    let all = snapshots.list(&filter).await?;
    match all.into_iter().find(|older| precedes(older, &to)) {
        Some(from) => Ok((from, to)),
        None => Err(Error::Invalid(format!(
            "{id} is the first snapshot of {}, so there is nothing to compare it with",
            to.repo
        ))),
    }
}

/// Two snapshots, compared.
pub(super) struct Comparison {
    pub(super) view: DiffView,
    /// The complete configuration at the older snapshot.
    pub(super) before: Json,
    /// The complete configuration at the newer snapshot.
    pub(super) after: Json,
}

/// Compares two snapshots.
pub(super) async fn compare<C: Connection>(
    store: &Store<C>,
    from: &ConfigurationSnapshot,
    to: &ConfigurationSnapshot,
    show_secrets: bool,
) -> Result<Comparison, Error> {
    let (before, after) = (
        effective_configuration(store, from).await?,
        effective_configuration(store, to).await?,
    );
    let found = differences(&before, &after);
    let differences: Vec<DifferenceView> = found
        .into_iter()
        .map(|difference| DifferenceView::new(difference, show_secrets))
        .collect();
    let view = DiffView {
        from: from.id.clone(),
        to: to.id.clone(),
        total: differences.len(),
        differences,
        configuration_changes: Vec::new(),
    };
    Ok(Comparison {
        view,
        before,
        after,
    })
}
