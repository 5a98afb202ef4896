//! References between records. A foreign key cannot refer to a record that doesn't exist (yet), but
//! existing files have many such references: they are stored in a second column, `…_missing`,
//! until the record exists.

use std::collections::HashSet;

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement, Value};

use crate::query::ID_BATCH_SIZE;
use crate::record::TableRow;
use crate::referenced_table::{ReferenceRows, ReferencedTable};
use crate::{Error, Transaction};

/// Moves references to records that don't exist to the columns for missing records.
pub(crate) async fn detach_missing<M: TableRow>(
    connection: &Transaction,
    rows: &mut [M],
) -> Result<(), Error> {
    let mut references: Vec<(ReferencedTable, String)> =
        rows.iter().flat_map(M::references).collect();
    references.sort_unstable();
    references.dedup();
    let mut known: HashSet<(ReferencedTable, String)> = HashSet::new();
    for group in references.chunk_by(|a, b| a.0 == b.0) {
        let target = group[0].0;
        for chunk in group.chunks(ID_BATCH_SIZE) {
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
    for reference in target.referrers() {
        let (table, missing) = (reference.table, reference.missing);
        let missing_id = Expr::col(missing);
        let exists_now = match id {
            Some(id) => missing_id.eq(id),
            // There are hardly ever missing references, so that is checked first.
            None => missing_id.clone().is_not_null().and(
                missing_id.in_subquery(
                    Query::select()
                        .column("id")
                        .from(target.table())
                        .and_where(Expr::col((target.table(), "id")).equals((table, missing)))
                        .to_owned(),
                ),
            ),
        };
        let update = Query::update()
            .table(table)
            .value(reference.column, Expr::col(missing))
            .value(missing, Value::String(None))
            .and_where(exists_now)
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
    for reference in target.referrers() {
        let column = reference.column;
        let update = Query::update()
            .table(reference.table)
            .value(reference.missing, Expr::col(column))
            .value(column, Value::String(None))
            .and_where(Expr::col(column).is_in(ids.iter().copied()))
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
    let mut referrers = Vec::new();
    for reference in target.all_rows() {
        let query = select_referrers(&reference)
            .column(reference.value)
            .and_where(Expr::col(reference.value).is_in(ids.iter().copied()))
            .take();
        for row in connection.query_all(&query).await? {
            referrers.push(Referrer {
                noun: reference.noun,
                table: reference.table,
                id: row.try_get_by_index(0)?,
                column: reference.field,
                to: row.try_get_by_index(1)?,
            });
        }
    }
    Ok(referrers)
}

/// Returns the records that refer to one, such as `issue ISSUE-001`; at most ten of each kind.
async fn referrers_of(
    connection: &Transaction,
    target: ReferencedTable,
    id: &str,
) -> Result<Vec<String>, Error> {
    let mut referrers = Vec::new();
    for reference in target.all_rows() {
        let query = select_referrers(&reference)
            .and_where(Expr::col(reference.value).eq(id))
            .limit(10)
            .take();
        for row in connection.query_all(&query).await? {
            let referrer: String = row.try_get_by_index(0)?;
            // A record's reference to itself doesn't prevent its deletion.
            if reference.table != target.table() || referrer != id {
                referrers.push(format!("{} {referrer}", reference.noun));
            }
        }
    }
    Ok(referrers)
}

/// Selects the ids of the records that have such a reference.
fn select_referrers(reference: &ReferenceRows) -> SelectStatement {
    Query::select()
        .column(reference.owner)
        .from(reference.rows)
        .and_where_option(reference.kind.map(|kind| Expr::col("kind").eq(kind)))
        .order_by(reference.owner, Order::Asc)
        .take()
}
