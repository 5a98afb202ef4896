//! Earlier versions of records: the history holds the values before each change.

use std::collections::{BTreeSet, HashMap, HashSet};

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use wsdb_core::{Action, ActionId, ChangeKind, Json, RecordChange};

use crate::document_records::ForgottenIds;
use crate::entity::{action, record_change};
use crate::history::{History, ids_of_change, read_action, read_change};
use crate::query::ID_BATCH_SIZE;
use crate::record::{Record, TableRow};
use crate::records::Records;
use crate::undo::record_from_fields;
use crate::{Connection, Error, history_writes};

/// A version of a record that a later change replaced.
#[derive(Debug)]
pub struct EarlierVersion<R> {
    /// The record as it was.
    pub record: R,
    /// The action that replaced it.
    pub replaced_by: ActionId,
    /// Whether that was an import.
    pub is_replaced_by_import: bool,
    /// Whether an import made it that was undone: the same files may be imported again.
    pub is_withdrawn: bool,
}

/// Matches imports and undos.
fn is_import_or_undo() -> Condition {
    Condition::any()
        .add(action::Column::Verb.is_in(Action::IMPORTS))
        .add(action::Column::Undoes.is_not_null())
}

impl<C: Connection> History<'_, C> {
    /// Calls `visit` with the earlier versions of records that had these ids, of each record the newest
    /// first, until it returns false for the record. Versions that an undone action made are among them:
    /// a file may have been exported in between.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn earlier_versions<R: Record>(
        &self,
        ids: &[String],
        visit: &mut (dyn FnMut(EarlierVersion<R>) -> bool + Send),
    ) -> Result<(), Error> {
        let connection = &self.store().connection;
        connection.flush_history().await?;
        let of_table = || {
            record_change::Entity::find()
                .filter(record_change::Column::RecordTable.eq(R::Model::TABLE))
        };
        if ids.is_empty() || of_table().limit(1).count(connection).await? == 0 {
            return Ok(());
        }
        let actions = self.imports_and_undos().await?;
        // Changes of many records at once are few. Additions count only for who made a version.
        let is_needed = Condition::any()
            .add(record_change::Column::Kind.eq(ChangeKind::Changed.as_str()))
            .add(
                record_change::Column::ActionId.is_in(actions.undone_imports.iter().map(|id| id.0)),
            );
        let of_many = of_table()
            .filter(record_change::Column::RecordId.is_null())
            .filter(is_needed);
        let of_many = of_many.all(connection).await?.into_iter();
        let of_many: Vec<RecordChange> = of_many.map(read_change).collect::<Result<_, _>>()?;
        for chunk in ids.chunks(ID_BATCH_SIZE) {
            let changes = of_table()
                .filter(record_change::Column::RecordId.is_in(chunk))
                .order_by_desc(record_change::Column::Id)
                .all(connection)
                .await?;
            let wanted: HashSet<&String> = chunk.iter().collect();
            let mut by_id: HashMap<String, Vec<RecordChange>> = HashMap::new();
            for row in changes {
                let change = read_change(row)?;
                for id in &change.records {
                    by_id.entry(id.clone()).or_default().push(change.clone());
                }
            }
            for change in &of_many {
                for id in change.records.iter().filter(|id| wanted.contains(id)) {
                    by_id.entry(id.clone()).or_default().push(change.clone());
                }
            }
            let changed: Vec<&String> = by_id.keys().collect();
            let current = Records::<_, R>::new(self.store())
                .get_many(&changed)
                .await?;
            let mut current: HashMap<String, R> = current
                .into_iter()
                .map(|record| (record.id().as_ref().to_owned(), record))
                .collect();
            for (id, mut changes) in by_id {
                changes.sort_unstable_by_key(|change| std::cmp::Reverse(change.id));
                let current = current.remove(&id);
                visit_versions(current, changes, &actions, visit);
            }
        }
        Ok(())
    }

    /// Returns the imports and undos.
    async fn imports_and_undos(&self) -> Result<ImportsAndUndos, Error> {
        let rows = action::Entity::find()
            .filter(is_import_or_undo())
            .all(&self.store().connection)
            .await?;
        let mut actions = ImportsAndUndos::default();
        for row in rows {
            let action = read_action(row)?;
            if action.is_import() {
                actions.imports.insert(action.id);
                if action.undone_by.is_some() {
                    actions.undone_imports.insert(action.id);
                }
            }
            if let Some(id) = action.undoes {
                actions.undoes.insert(action.id, id);
            }
        }
        Ok(actions)
    }

    /// Returns those of these ids that belong to records that a command added, and not an import.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn added_here<R: Record>(&self, ids: &[String]) -> Result<Vec<String>, Error> {
        let mut added = BTreeSet::new();
        for chunk in ids.chunks(ID_BATCH_SIZE) {
            let is_wanted = record_change::Column::RecordId.is_in(chunk);
            let filter = is_wanted.and(Self::is_own_addition());
            added.extend(self.ids_of_changes::<R>(filter).await?);
        }
        let documents = self.store().documents();
        let forgotten = documents
            .remembered_ids(ForgottenIds::Added, R::Model::TABLE)
            .await?;
        added.extend(forgotten);
        Ok(ids
            .iter()
            .filter(|id| added.contains(*id))
            .cloned()
            .collect())
    }

    /// Matches the additions of records by commands.
    pub(crate) fn is_own_addition() -> Expr {
        let others = Query::select()
            .column(action::Column::Id)
            .from(action::Entity)
            .cond_where(is_import_or_undo())
            .to_owned();
        let is_addition = record_change::Column::Kind.eq(ChangeKind::Added.as_str());
        is_addition.and(record_change::Column::ActionId.not_in_subquery(others))
    }

    /// Returns the ids of the records that actions before this one changed or deleted.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn ids_changed_before<R: Record>(
        &self,
        before: ActionId,
    ) -> Result<BTreeSet<String>, Error> {
        let is_earlier = record_change::Column::ActionId.lt(before.0);
        let is_addition = record_change::Column::Kind.eq(ChangeKind::Added.as_str());
        self.ids_of_changes::<R>(is_earlier.and(is_addition.not()))
            .await
    }

    /// Returns the ids of the records of this type that were deleted at some time; some may exist again.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn deleted_ids<R: Record>(&self) -> Result<BTreeSet<String>, Error> {
        let is_removal = record_change::Column::Kind.eq(ChangeKind::Removed.as_str());
        let mut ids = self.ids_of_changes::<R>(is_removal).await?;
        let documents = self.store().documents();
        ids.extend(
            documents
                .remembered_ids(ForgottenIds::Deleted, R::Model::TABLE)
                .await?,
        );
        Ok(ids)
    }

    /// Returns the ids of the records of this type that changes were made to.
    async fn ids_of_changes<R: Record>(&self, filter: Expr) -> Result<BTreeSet<String>, Error> {
        let connection = &self.store().connection;
        connection.flush_history().await?;
        let rows: Vec<(Option<String>, Option<String>)> = record_change::Entity::find()
            .select_only()
            .columns([
                record_change::Column::RecordId,
                record_change::Column::RecordIds,
            ])
            .filter(record_change::Column::RecordTable.eq(R::Model::TABLE))
            .filter(filter)
            .into_tuple()
            .all(connection)
            .await?;
        Ok(rows.into_iter().flat_map(ids_of_change).collect())
    }
}

/// The imports and undos in the history.
#[derive(Debug, Default)]
struct ImportsAndUndos {
    /// The imports.
    imports: HashSet<ActionId>,
    /// The imports that are undone.
    undone_imports: HashSet<ActionId>,
    /// The actions that undid others, with the ones that they undid.
    undoes: HashMap<ActionId, ActionId>,
}

impl ImportsAndUndos {
    /// Returns for each change of a record, the newest first, whether an import that was undone made the
    /// version before it.
    fn withdrawn_versions(&self, changes: &[RecordChange]) -> Vec<bool> {
        let mut withdrawn = vec![false; changes.len()];
        // An undo restores a version that an earlier action made.
        let mut replaced: Vec<(ActionId, bool)> = Vec::new();
        // Undoing an undo restores what it replaced.
        let mut before_undo: HashMap<ActionId, bool> = HashMap::new();
        let mut current = false;
        // An import that added the record can be undone only along with its later changes.
        let mut is_added_by_withdrawn = false;
        for (index, change) in changes.iter().enumerate().rev() {
            withdrawn[index] = current || is_added_by_withdrawn;
            match change.kind {
                ChangeKind::Added => {
                    is_added_by_withdrawn = self.undone_imports.contains(&change.action);
                }
                ChangeKind::Removed => is_added_by_withdrawn = false,
                ChangeKind::Changed => {}
            }
            let restored = self.undoes.get(&change.action).and_then(|undone| {
                if let Some(is_withdrawn) = before_undo.get(undone) {
                    return Some(*is_withdrawn);
                }
                let is_undone = |(action, _): &(ActionId, bool)| action == undone;
                let kept = replaced.iter().rposition(|it| !is_undone(it));
                let first = replaced.split_off(kept.map_or(0, |last| last + 1));
                first.first().map(|(_, is_withdrawn)| *is_withdrawn)
            });
            if restored.is_some() {
                before_undo.insert(change.action, current);
            }
            current = restored.unwrap_or_else(|| {
                replaced.push((change.action, current));
                self.undone_imports.contains(&change.action)
            });
        }
        withdrawn
    }
}

/// Goes back from the current version of a record, by its changes from the newest on.
fn visit_versions<R: Record>(
    current: Option<R>,
    changes: Vec<RecordChange>,
    actions: &ImportsAndUndos,
    visit: &mut (dyn FnMut(EarlierVersion<R>) -> bool + Send),
) {
    let mut fields = current.map(history_writes::fields);
    let withdrawn = actions.withdrawn_versions(&changes);
    for (change, is_withdrawn) in changes.into_iter().zip(withdrawn) {
        match change.kind {
            ChangeKind::Added => {
                fields = None;
                continue;
            }
            ChangeKind::Removed => fields = Some(change.before),
            ChangeKind::Changed => {
                let Some(fields) = &mut fields else { continue };
                for (name, value) in change.before.iter() {
                    let value: &Json = value;
                    fields.insert(name.clone(), value.clone());
                }
            }
        }
        // A version that this program cannot read is the base of no merge.
        let record = fields
            .clone()
            .and_then(|fields| record_from_fields::<R>(fields).ok());
        if let Some(record) = record {
            let version = EarlierVersion {
                record,
                replaced_by: change.action,
                is_replaced_by_import: actions.imports.contains(&change.action),
                is_withdrawn,
            };
            if !visit(version) {
                return;
            }
        }
    }
}
