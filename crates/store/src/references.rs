//! References between records. A foreign key can't refer to a record that doesn't exist (yet), but
//! existing files have many such references: they are stored in a second column, `…_missing`,
//! until the record exists.

use std::collections::HashSet;

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query, Value};

use crate::row::TableRow;
use crate::{Error, Transaction};

/// A table that other tables refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReferencedTable {
    /// `workspace_tasks`
    Tasks,
    /// `cross_repo_issues`
    Issues,
    /// `architecture_decisions`
    Decisions,
    /// `architecture_states`
    States,
    /// `component_placements`
    Placements,
    /// `drift_scans`
    Scans,
    /// `drift_detections`
    Detections,
}

/// What to do when a record is deleted that others refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDelete {
    /// Refuse to delete it.
    Respect,
    /// Delete it; the others keep its id as the id of a missing record.
    Detach,
}

/// A column with a foreign key: table, kind of record, column, and column for missing records.
type Reference = (&'static str, &'static str, &'static str, &'static str);

/// A list of ids without foreign keys, since the records may be missing. It is also stored as rows
/// of a link table.
struct ListReference {
    table: &'static str,
    noun: &'static str,
    /// The column of the list in the record's table.
    field: &'static str,
    rows: &'static str,
    owner: &'static str,
    value: &'static str,
    /// The kind of the list, if the link table has the rows of several lists.
    kind: Option<&'static str>,
}

const DEPENDENCIES: ListReference = ListReference {
    table: "workspace_tasks",
    noun: "task",
    field: "dependencies",
    rows: "task_dependencies",
    owner: "task_id",
    value: "depends_on",
    kind: None,
};

/// Returns a list of a decision, with the kind of its rows.
const fn of_decisions(field: &'static str, kind: &'static str) -> ListReference {
    ListReference {
        table: "architecture_decisions",
        noun: "decision",
        field,
        rows: "decision_links",
        owner: "decision_id",
        value: "target",
        kind: Some(kind),
    }
}

impl ReferencedTable {
    fn table(self) -> &'static str {
        match self {
            ReferencedTable::Tasks => "workspace_tasks",
            ReferencedTable::Issues => "cross_repo_issues",
            ReferencedTable::Decisions => "architecture_decisions",
            ReferencedTable::States => "architecture_states",
            ReferencedTable::Placements => "component_placements",
            ReferencedTable::Scans => "drift_scans",
            ReferencedTable::Detections => "drift_detections",
        }
    }

    fn referrers(self) -> &'static [Reference] {
        match self {
            ReferencedTable::Tasks => &[
                (
                    "cross_repo_issues",
                    "issue",
                    "related_task_id",
                    "related_task_missing",
                ),
                (
                    "drift_detections",
                    "detection",
                    "related_task_id",
                    "related_task_missing",
                ),
                ("architecture_tasks", "goal", "task_id", "task_missing"),
            ],
            ReferencedTable::Issues => &[(
                "session_issues",
                "session link",
                "issue_id",
                "issue_missing",
            )],
            ReferencedTable::Decisions => &[(
                "session_decisions",
                "session link",
                "decision_id",
                "decision_missing",
            )],
            ReferencedTable::States => &[
                (
                    "component_placements",
                    "placement",
                    "architecture_state_id",
                    "architecture_state_missing",
                ),
                (
                    "architecture_tasks",
                    "goal",
                    "architecture_state_id",
                    "architecture_state_missing",
                ),
            ],
            ReferencedTable::Placements => &[(
                "architecture_tasks",
                "goal",
                "component_id",
                "component_missing",
            )],
            ReferencedTable::Scans => {
                &[("drift_detections", "detection", "scan_id", "scan_missing")]
            }
            ReferencedTable::Detections => &[(
                "configuration_changes",
                "configuration change",
                "drift_detection_id",
                "drift_detection_missing",
            )],
        }
    }
}

impl ReferencedTable {
    fn lists(self) -> &'static [ListReference] {
        const TASKS: &[ListReference] = &[DEPENDENCIES, of_decisions("related_tasks", "task")];
        const DECISIONS: &[ListReference] = &[of_decisions("supersedes", "supersedes")];
        const DETECTIONS: &[ListReference] = &[of_decisions("related_detections", "detection")];
        match self {
            ReferencedTable::Tasks => TASKS,
            ReferencedTable::Decisions => DECISIONS,
            ReferencedTable::Detections => DETECTIONS,
            ReferencedTable::Issues
            | ReferencedTable::States
            | ReferencedTable::Placements
            | ReferencedTable::Scans => &[],
        }
    }
}

/// Moves references to records that don't exist to the columns for missing records.
pub(crate) async fn detach_missing<M: TableRow>(
    connection: &Transaction,
    rows: &mut [M],
) -> Result<(), Error> {
    let mut named: Vec<(ReferencedTable, String)> = rows.iter().flat_map(M::references).collect();
    named.sort_unstable();
    named.dedup();
    let mut known: HashSet<(ReferencedTable, String)> = HashSet::new();
    for group in named.chunk_by(|a, b| a.0 == b.0) {
        let target = group[0].0;
        for chunk in group.chunks(1000) {
            let query = Query::select()
                .column("id")
                .from(target.table())
                .and_where(Expr::col("id").is_in(chunk.iter().map(|(_, id)| id.as_str())))
                .to_owned();
            for row in connection.query_all(&query).await? {
                known.insert((target, row.try_get_by_index(0)?));
            }
        }
    }
    for row in rows {
        row.detach_missing_references(&|target, id| !known.contains(&(target, id.to_owned())));
    }
    Ok(())
}

/// Restores references to records that were missing and now exist. `id` is the only new record;
/// with `None`, there are many.
pub(crate) async fn reattach(
    connection: &Transaction,
    target: ReferencedTable,
    id: Option<&str>,
) -> Result<(), Error> {
    for (table, _, column, missing) in target.referrers() {
        let waiting = Expr::col(*missing);
        let appeared = match id {
            Some(id) => waiting.eq(id),
            // There are hardly ever missing references, so that is checked first.
            None => waiting.clone().is_not_null().and(
                waiting.in_subquery(
                    Query::select()
                        .column("id")
                        .from(target.table())
                        .and_where(Expr::col((target.table(), "id")).equals((*table, *missing)))
                        .to_owned(),
                ),
            ),
        };
        let update = Query::update()
            .table(*table)
            .value(*column, Expr::col(*missing))
            .value(*missing, Value::String(None))
            .and_where(appeared)
            .to_owned();
        connection.execute(&update).await?;
    }
    Ok(())
}

/// Returns an error if other records refer to a record that is about to be deleted.
pub(crate) async fn ensure_unreferenced(
    connection: &Transaction,
    noun: &'static str,
    target: ReferencedTable,
    id: &str,
) -> Result<(), Error> {
    let by = referrers_of(connection, target, id).await?;
    if by.is_empty() {
        return Ok(());
    }
    Err(Error::StillReferenced {
        noun,
        id: id.to_owned(),
        by,
    })
}

/// Moves references to records that are about to be deleted to the columns for missing records.
pub(crate) async fn detach(
    connection: &Transaction,
    target: ReferencedTable,
    ids: &[&str],
) -> Result<(), Error> {
    for (table, _, column, missing) in target.referrers() {
        let update = Query::update()
            .table(*table)
            .value(*missing, Expr::col(*column))
            .value(*column, Value::String(None))
            .and_where(Expr::col(*column).is_in(ids.iter().copied()))
            .to_owned();
        connection.execute(&update).await?;
    }
    Ok(())
}

/// A record that refers to another one.
#[derive(Debug)]
pub(crate) struct Referrer {
    pub(crate) noun: &'static str,
    pub(crate) table: &'static str,
    pub(crate) id: String,
    /// The column of the reference.
    pub(crate) column: &'static str,
    /// The id that it refers to.
    pub(crate) to: String,
}

/// Returns every record that refers to any of these.
pub(crate) async fn referrers(
    connection: &Transaction,
    target: ReferencedTable,
    ids: &[&str],
) -> Result<Vec<Referrer>, Error> {
    let mut places: Vec<_> = target
        .referrers()
        .iter()
        .map(|(table, noun, column, _)| (*table, *noun, *table, "id", *column, *column, None))
        .collect();
    places.extend(target.lists().iter().map(|list| {
        let (from, to) = ((list.table, list.noun), (list.rows, list.owner, list.value));
        (from.0, from.1, to.0, to.1, to.2, list.field, list.kind)
    }));
    let mut found = Vec::new();
    for (table, noun, from, owner, column, field, kind) in places {
        let query = Query::select()
            .column(owner)
            .column(column)
            .from(from)
            .and_where(Expr::col(column).is_in(ids.iter().copied()))
            .and_where_option(kind.map(|kind| Expr::col("kind").eq(kind)))
            .order_by(owner, sea_orm::Order::Asc)
            .to_owned();
        for row in connection.query_all(&query).await? {
            found.push(Referrer {
                noun,
                table,
                id: row.try_get_by_index(0)?,
                column: field,
                to: row.try_get_by_index(1)?,
            });
        }
    }
    Ok(found)
}

/// Returns the records that refer to one, such as `issue ISSUE-001`; at most ten of each kind.
async fn referrers_of(
    connection: &Transaction,
    target: ReferencedTable,
    id: &str,
) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    for (table, noun, column, _) in target.referrers() {
        found.extend(query_referrers(connection, (table, noun), "id", (column, None), id).await?);
    }
    for list in target.lists() {
        let (rows, named) = ((list.rows, list.noun), (list.value, list.kind));
        let naming = query_referrers(connection, rows, list.owner, named, id).await?;
        // A record's reference to itself doesn't prevent its deletion.
        let itself = format!("{} {id}", list.noun);
        let is_own = |record: &String| list.table == target.table() && *record == itself;
        found.extend(naming.into_iter().filter(|record| !is_own(record)));
    }
    Ok(found)
}

async fn query_referrers(
    connection: &Transaction,
    (table, noun): (&'static str, &str),
    owner: &'static str,
    (column, kind): (&'static str, Option<&str>),
    id: &str,
) -> Result<Vec<String>, Error> {
    let query = Query::select()
        .column(owner)
        .from(table)
        .and_where(Expr::col(column).eq(id))
        .and_where_option(kind.map(|kind| Expr::col("kind").eq(kind)))
        .order_by(owner, sea_orm::Order::Asc)
        .limit(10)
        .to_owned();
    let rows = connection.query_all(&query).await?;
    rows.iter()
        .map(|row| Ok(format!("{noun} {}", row.try_get_by_index::<String>(0)?)))
        .collect()
}
