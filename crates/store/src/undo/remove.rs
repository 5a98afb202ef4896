//! Undoing the addition of records.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::{ExprTrait, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, QueryFilter};
use wsdb_core::{ChangeKind, Json, JsonObject, RecordChange};

use super::{Undo, is_bookkeeping_column};
use crate::entity::record_change;
use crate::history::read_change;
use crate::query::ID_BATCH_SIZE;
use crate::record::{Dependent, Record, TableRow};
use crate::{Error, history_writes, json_eq, record_writes, references};

impl Undo<'_> {
    /// Deletes records that are unchanged since they were added and that no later change refers
    /// to.
    pub(super) async fn remove<R: Record>(
        &self,
        changes: &[RecordChange],
        records: Vec<R>,
    ) -> Result<(), Error> {
        let since = changes.iter().map(|change| change.id).min().unwrap_or(0);
        let ids: Vec<&str> = records.iter().map(|record| record.id().as_ref()).collect();
        // Later changes by this action itself have been reverted by now, and its additions are those
        // that this function reverts.
        let is_addition = record_change::Column::ActionId
            .eq(self.id.0)
            .and(record_change::Column::Kind.eq(ChangeKind::Added.as_str()));
        let by_others = record_change::Column::ActionId
            .ne(self.by)
            .and(is_addition.not());
        let later = self.later(R::Model::TABLE, &ids, since, by_others).await?;
        let single = changes.iter().filter(|change| !change.after.is_empty());
        let added_fields: HashMap<&str, &JsonObject> = single
            .flat_map(|change| change.records.iter().map(|id| (id.as_str(), &change.after)))
            .collect();
        for record in &records {
            let id = record.id().as_ref();
            let mut current = history_writes::fields(record.clone());
            let added = match added_fields.get(id) {
                Some(after) => Some((*after).clone()),
                None => later.state_before(id, current.clone()),
            };
            current.retain(|name, _| !is_bookkeeping_column(name));
            let is_current = |mut added: JsonObject| {
                added.retain(|name, _| !is_bookkeeping_column(name));
                json_eq::json_numbers_equal(&added.into(), &current.into())
            };
            if !added.is_some_and(is_current) {
                return Err(self.find_conflict::<R>(id, since).await?);
            }
        }
        let keys: Vec<R::Id> = records.iter().map(|record| record.id().clone()).collect();
        if let Some(Dependent { noun, table, id }) = R::children(self.store, &keys).await?.first() {
            return Err(self.find_conflict_in(noun, table, id, since).await?);
        }
        if let Some(target) = R::REFERENCE_TARGET {
            let connection = &self.store.connection;
            let referrers = references::referrers(connection, target, &ids).await?;
            for group in referrers.chunk_by(|a, b| a.table == b.table) {
                let table = group[0].table;
                let referrer_ids: Vec<&str> = group.iter().map(|by| by.id.as_str()).collect();
                let by_others = record_change::Column::ActionId.is_not_in([self.id.0, self.by]);
                let later = self.later(table, &referrer_ids, since, by_others).await?;
                let is_removed_too = |id: &str| table == R::Model::TABLE && ids.contains(&id);
                for by in group.iter().filter(|by| !is_removed_too(&by.id)) {
                    let current = [(by.column.to_owned(), Json::from(by.to.as_str()))];
                    let before = later.state_before(&by.id, current.into_iter().collect());
                    let refers = |fields: &JsonObject| match fields.get(by.column) {
                        Some(Json::Array(list)) => list.iter().any(|to| *to == by.to.as_str()),
                        Some(value) => *value == by.to.as_str(),
                        None => false,
                    };
                    // A reference that is older than the record may remain, to a missing record.
                    if !before.as_ref().is_some_and(refers) {
                        return Err(self.find_conflict_in(by.noun, table, &by.id, since).await?);
                    }
                }
            }
        }
        record_writes::remove_many(self.store, records).await
    }

    /// Returns the changes to these records since one, by the actions that match `by`.
    async fn later(
        &self,
        table: &str,
        ids: &[&str],
        since: i64,
        by: SimpleExpr,
    ) -> Result<LaterChanges, Error> {
        let mut later = LaterChanges::default();
        for chunk in ids.chunks(ID_BATCH_SIZE) {
            let chunk_ids: HashSet<&str> = chunk.iter().copied().collect();
            let is_of_chunk = Condition::any()
                .add(record_change::Column::RecordId.is_in(chunk.iter().copied()))
                .add(record_change::Column::RecordIds.is_not_null());
            let rows = self
                .select_changes_since(table, since)
                .filter(by.clone())
                .filter(is_of_chunk);
            for row in rows.all(&self.store.connection).await? {
                let change = read_change(row)?;
                for id in change.records {
                    if chunk_ids.contains(id.as_str()) {
                        let changes = later.0.entry(id).or_default();
                        changes.push((change.kind, change.before.clone()));
                    }
                }
            }
        }
        Ok(later)
    }
}

/// The later changes to some records, newest first.
#[derive(Default)]
struct LaterChanges(HashMap<String, Vec<(ChangeKind, JsonObject)>>);

impl LaterChanges {
    /// Returns a record as it was before these changes; `None` if it did not exist.
    fn state_before(&self, id: &str, current: JsonObject) -> Option<JsonObject> {
        let mut state = Some(current);
        for (kind, before) in self.0.get(id).into_iter().flatten() {
            match (kind, &mut state) {
                (ChangeKind::Added, _) => state = None,
                (ChangeKind::Removed, _) => state = Some(before.clone()),
                (ChangeKind::Changed, Some(record)) => record.extend(before.clone()),
                (ChangeKind::Changed, None) => {}
            }
        }
        state
    }
}
