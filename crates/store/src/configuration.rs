//! Configuration snapshots and changes.

use sea_orm::Select;
use sea_orm::sea_query::Condition;
use wsdb_core::{
    ChangeFilter, ChangeId, ConfigurationChange, ConfigurationSnapshot, IdSeries, Page,
    SnapshotFilter, SnapshotId,
};

use crate::entity::{configuration_change, configuration_snapshot};
use crate::record::{Filter, impl_record};
use crate::records::Records;
use crate::{Connection, Error, Store, query};

impl_record!(
    ConfigurationSnapshot,
    configuration_snapshot,
    SnapshotId,
    SnapshotFilter,
    "snapshot",
    None,
    {
        const SERIES: Option<IdSeries> = Some(IdSeries::SNAPSHOTS);
    }
);
impl_record!(
    ConfigurationChange,
    configuration_change,
    ChangeId,
    ChangeFilter,
    "configuration change",
    None,
    {
        const SERIES: Option<IdSeries> = Some(IdSeries::CHANGES);
    }
);

impl Filter<ConfigurationSnapshot> for SnapshotFilter {
    fn condition(&self) -> Condition {
        use configuration_snapshot::Column;
        Condition::all()
            .add_option(query::any(Column::Repo, &self.repo))
            .add_option(query::any(Column::SnapshotType, &self.snapshot_type))
            .add(query::contains_all_words(
                &[Column::Id, Column::Notes],
                &self.text,
            ))
            .add_option(query::since(Column::TakenAt, self.since))
    }

    fn order(
        &self,
        select: Select<configuration_snapshot::Entity>,
    ) -> Select<configuration_snapshot::Entity> {
        use configuration_snapshot::Column;
        query::ordered(select, Column::TakenAt, Column::Id, self.reverse)
    }

    fn page(&self) -> Page {
        self.page
    }
}

impl Filter<ConfigurationChange> for ChangeFilter {
    fn condition(&self) -> Condition {
        use configuration_change::Column;
        let detection = query::any(Column::DriftDetectionId, &self.detection).map(|existing| {
            let missing = query::any(Column::DriftDetectionMissing, &self.detection);
            Condition::any().add(existing).add_option(missing)
        });
        Condition::all()
            .add_option(query::any(Column::FilePath, &self.file))
            .add_option(query::any(Column::ComponentName, &self.component))
            .add_option(query::starts_with_any(Column::CommitHash, &self.commit))
            .add_option(detection)
            .add(query::contains_all_words(
                &[Column::Id, Column::FilePath, Column::KeyPath],
                &self.text,
            ))
            .add_option(query::any(Column::Repo, &self.repo))
            .add_option(query::any(Column::ChangeType, &self.change_type))
            .add_option(query::since(Column::ChangedAt, self.since))
    }

    fn order(
        &self,
        select: Select<configuration_change::Entity>,
    ) -> Select<configuration_change::Entity> {
        use configuration_change::Column;
        query::ordered(select, Column::ChangedAt, Column::Id, self.reverse)
    }

    fn page(&self) -> Page {
        self.page
    }
}

/// Reads and writes configuration snapshots and changes; see [`Store::configuration`].
#[derive(Debug)]
pub struct Configuration<'a, C>(&'a Store<C>);

impl<'a, C: Connection> Configuration<'a, C> {
    pub(crate) fn new(store: &'a Store<C>) -> Self {
        Configuration(store)
    }

    /// Returns the snapshots.
    pub fn snapshots(&self) -> Records<'a, C, ConfigurationSnapshot> {
        Records::new(self.0)
    }

    /// Returns the changes.
    pub fn changes(&self) -> Records<'a, C, ConfigurationChange> {
        Records::new(self.0)
    }

    /// Inserts a snapshot with the next id of its series.
    pub async fn take_snapshot(
        &self,
        snapshot: impl Fn(SnapshotId) -> ConfigurationSnapshot,
    ) -> Result<ConfigurationSnapshot, Error> {
        self.snapshots()
            .insert_next(&IdSeries::SNAPSHOTS, snapshot)
            .await
    }

    /// Inserts a change with the next id of its series.
    pub async fn record_change(
        &self,
        change: impl Fn(ChangeId) -> ConfigurationChange,
    ) -> Result<ConfigurationChange, Error> {
        self.changes().insert_next(&IdSeries::CHANGES, change).await
    }
}
