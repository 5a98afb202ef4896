//! The names of repos that records have.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, UnionType};
use wsdb_core::DriftScan;

use crate::{Connection, Error, Store};

/// Reads the names of repos; see [`Store::repos`].
#[derive(Debug)]
pub struct Repos<'a, C>(&'a Store<C>);

/// The columns with the name of a repo. Lists have a link table, except that of a scan.
const COLUMNS: [(&str, &str); 10] = [
    ("task_repos", "repo"),
    ("workspace_tasks", "assigned_repo"),
    ("issue_repos", "repo"),
    ("decision_repos", "repo"),
    ("architecture_states", "repo"),
    ("component_placements", "correct_repo"),
    ("drift_detections", "repo"),
    ("context_switches", "repo"),
    ("configuration_snapshots", "repo"),
    ("configuration_changes", "repo"),
];

impl<'a, C: Connection> Repos<'a, C> {
    pub(crate) fn new(store: &'a Store<C>) -> Self {
        Repos(store)
    }

    /// Returns the name of every repo that a record has.
    pub async fn names(&self) -> Result<BTreeSet<String>, Error> {
        Ok(self.record_counts().await?.into_keys().collect())
    }

    /// Returns the name of every repo that a record has, and how many records have it.
    pub async fn record_counts(&self) -> Result<BTreeMap<String, u64>, Error> {
        let mut selects = COLUMNS.map(|(table, column)| {
            let is_named = Expr::col(column).is_not_null();
            Query::select()
                .column(column)
                .expr(Func::count(Expr::col(column)))
                .from(table)
                .and_where(is_named)
                .group_by_col(column)
                .to_owned()
        });
        let [first, others @ ..] = &mut selects;
        for select in others {
            first.union(UnionType::All, select.clone());
        }
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for row in self.0.connection.query_all(first).await? {
            let count = u64::try_from(row.try_get_by_index::<i64>(1)?).unwrap_or_default();
            *counts.entry(row.try_get_by_index(0)?).or_default() += count;
        }
        let scans = self.0.records::<DriftScan>().all().await?;
        for repo in scans.into_iter().flat_map(|scan| scan.repos_scanned) {
            *counts.entry(repo).or_default() += 1;
        }
        counts.remove("");
        Ok(counts)
    }
}
