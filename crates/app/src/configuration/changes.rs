//! Adds changes of configuration, one by one or from the differences between snapshots.

use std::collections::HashSet;

use wsdb_core::{
    ChangeFilter, ChangeType, ConfigurationChange, ConfigurationSnapshot, Json, JsonObject,
    differences,
};
use wsdb_store::{Store, Transaction};

use super::diff::{Comparison, compare, resolve_pair};
use crate::views::{ConfigurationChangeView, DiffView, DifferenceView};
use crate::{Actor, Error, Resource, Workspace};

/// Adds a change of a repo's configuration; `fill` sets the fields other than repo and type.
///
/// # Errors
/// [`Error::Malformed`] if the repo is empty.
pub async fn add_configuration_change(
    workspace: &Workspace,
    actor: &Actor,
    repo: &str,
    change_type: ChangeType,
    fill: impl Fn(&mut ConfigurationChange),
) -> Result<ConfigurationChangeView, Error> {
    workspace
        .by(actor, "config change add")
        .write(async |store| {
            let configuration = store.configuration();
            let change = configuration.record_change(|id| {
                let mut change = ConfigurationChange {
                    id,
                    repo: repo.to_owned(),
                    change_type,
                    component_name: None,
                    file_path: None,
                    key_path: None,
                    old_value: None,
                    new_value: None,
                    changed_at: actor.now,
                    changed_by: Some(actor.name.clone()),
                    commit_hash: None,
                    drift_detection_id: None,
                    document_fields: JsonObject::new(),
                };
                fill(&mut change);
                change
            });
            let change = change.await?;
            change.validate()?;
            Ok(change.into())
        })
        .await
}

/// Like [`crate::diff_snapshots`], and records the differences as changes, unless they are recorded
/// already.
///
/// # Errors
/// Same as [`crate::diff_snapshots`], and [`Error::Invalid`] for snapshots of different repos.
pub async fn record_differences(
    workspace: &Workspace,
    actor: &Actor,
    first: &str,
    second: Option<&str>,
    show_secrets: bool,
    commit: Option<&str>,
) -> Result<DiffView, Error> {
    workspace
        .by(actor, "config diff")
        .write(async |store| {
            let (from, to) = resolve_pair(store, first, second).await?;
            if from.repo != to.repo {
                return Err(Error::Invalid(format!(
                    "cannot record changes between different repos: {} belongs to {}, {} to {}",
                    from.id, from.repo, to.id, to.repo
                )));
            }
            let Comparison {
                mut view,
                before,
                after,
            } = compare(store, &from, &to, show_secrets).await?;
            view.configuration_changes =
                record_changes(store, actor, &to, &before, &after, commit).await?;
            Ok(view)
        })
        .await
}

/// Records the differences between two configurations that are not recorded yet.
pub(super) async fn record_changes(
    store: &Store<Transaction>,
    actor: &Actor,
    to: &ConfigurationSnapshot,
    before: &Json,
    after: &Json,
    commit: Option<&str>,
) -> Result<Vec<ConfigurationChangeView>, Error> {
    let text = |value: Option<Json>| {
        value.map(|value| match value {
            Json::String(text) => text,
            value => value.to_string(),
        })
    };
    let known = ChangeFilter {
        repo: vec![to.repo.clone()],
        since: Some(to.taken_at.into()),
        ..ChangeFilter::default()
    };
    let known = store.configuration().changes().list(&known).await?;
    let known: HashSet<_> = known
        .into_iter()
        .filter(|change| change.changed_at == to.taken_at)
        .map(|change| (change.file_path, change.key_path, change.change_type))
        .collect();
    let mut recorded = Vec::new();
    for difference in differences(before, after) {
        // Secrets are stored only in snapshots.
        let difference = DifferenceView::new(difference, false);
        let (file, key) = (Some(difference.file_path), Some(difference.key_path));
        // A removed and an added entry of a list may have the same index.
        if known.contains(&(file.clone(), key.clone(), difference.change_type)) {
            continue;
        }
        let (old, new) = (text(difference.old), text(difference.new));
        let configuration = store.configuration();
        let change = configuration.record_change(|id| ConfigurationChange {
            id,
            repo: to.repo.clone(),
            change_type: difference.change_type,
            component_name: None,
            file_path: file.clone(),
            key_path: key.clone(),
            old_value: old.clone(),
            new_value: new.clone(),
            changed_at: to.taken_at,
            changed_by: Some(actor.name.clone()),
            commit_hash: commit.map(str::to_owned),
            drift_detection_id: None,
            document_fields: JsonObject::new(),
        });
        recorded.push(change.await?.into());
    }
    Ok(recorded)
}
