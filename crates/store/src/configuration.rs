//! Configuration snapshots and changes.

use sea_orm::Select;
use sea_orm::sea_query::Condition;
use wsdb_core::{
    ChangeFilter, ChangeId, ConfigurationChange, ConfigurationSnapshot, Page, Series,
    SnapshotFilter, SnapshotId,
};

use crate::entity::{configuration_change, configuration_snapshot};
use crate::record::{Filter, Records, kept};
use crate::{Connection, Error, Store, query};

kept!(
    ConfigurationSnapshot,
    configuration_snapshot,
    SnapshotId,
    SnapshotFilter,
    "configuration snapshot",
    None
);
kept!(
    ConfigurationChange,
    configuration_change,
    ChangeId,
    ChangeFilter,
    "configuration change",
    None
);

impl Filter<ConfigurationSnapshot> for SnapshotFilter {
    fn condition(&self) -> Condition {
        use configuration_snapshot::Column;
        Condition::all()
            .add_option(query::any(Column::Repo, &self.repo))
            .add_option(query::any(Column::SnapshotType, &self.snapshot_type))
            .add(query::words(&[Column::Id, Column::Notes], &self.text))
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
        let detection = query::any(Column::DriftDetectionId, &self.detection).map(|found| {
            let missing = query::any(Column::DriftDetectionMissing, &self.detection);
            Condition::any().add(found).add_option(missing)
        });
        Condition::all()
            .add_option(query::any(Column::FilePath, &self.file))
            .add_option(query::any(Column::ComponentName, &self.component))
            .add_option(query::begins(Column::CommitHash, &self.commit))
            .add_option(detection)
            .add(query::words(
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
    pub(crate) fn over(store: &'a Store<C>) -> Self {
        Configuration(store)
    }

    /// Returns the snapshots.
    pub fn snapshots(&self) -> Records<'a, C, ConfigurationSnapshot> {
        Records::over(self.0)
    }

    /// Returns the changes.
    pub fn changes(&self) -> Records<'a, C, ConfigurationChange> {
        Records::over(self.0)
    }

    /// Inserts a snapshot with the next id of its series.
    pub async fn take_snapshot(
        &self,
        snapshot: impl Fn(SnapshotId) -> ConfigurationSnapshot,
    ) -> Result<ConfigurationSnapshot, Error> {
        self.snapshots().add(&Series::SNAPSHOTS, snapshot).await
    }

    /// Inserts a change with the next id of its series.
    pub async fn record_change(
        &self,
        change: impl Fn(ChangeId) -> ConfigurationChange,
    ) -> Result<ConfigurationChange, Error> {
        self.changes().add(&Series::CHANGES, change).await
    }
}
