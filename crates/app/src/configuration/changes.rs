//! Adds changes of configuration.

use wsdb_core::{ChangeType, ConfigurationChange, IdSeries, JsonObject};

use crate::views::ConfigurationChangeView;
use crate::{Actor, Error, Resource, Workspace};

/// Adds a change of a repo's configuration; `fill` sets the fields other than repo and type.
///
/// # Errors
/// [`Error::Invalid`] if the repo is empty.
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

impl Resource for ConfigurationChange {
    const SERIES: Option<IdSeries> = Some(IdSeries::CHANGES);
    type View = ConfigurationChangeView;

    fn validate(&self) -> Result<(), Error> {
        match self.repo.trim() {
            "" => Err(Error::Invalid("the repo is empty".to_owned())),
            _ => Ok(()),
        }
    }
}
