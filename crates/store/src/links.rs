//! Link tables: the lists of a record as rows, in addition to the JSON column that people's scripts
//! read.

use sea_orm::sea_query::SimpleExpr;
use sea_orm::{
    ColumnTrait, DbBackend, EntityTrait, IdenStatic, QueryFilter, QuerySelect, QueryTrait, Value,
};

use crate::bulk::BulkInsert;
use crate::{Error, Transaction};

/// A table whose rows have the id of a record and one value of its list.
pub(crate) trait Link: EntityTrait {
    /// The column of the record's id.
    const OWNER: Self::Column;
    /// The column of the list's kind, if the table has the rows of several lists.
    const KIND: Option<Self::Column> = None;
    /// The column of the value.
    const VALUE: Self::Column;
}

/// Matches records whose list has any of these values; an empty list matches all.
pub(crate) fn link_condition<L: Link, C: ColumnTrait, V: ToString>(
    id: C,
    values: &[V],
) -> Option<SimpleExpr> {
    (!values.is_empty()).then(|| {
        let owners = L::find()
            .select_only()
            .column(L::OWNER)
            .filter(L::VALUE.is_in(values.iter().map(V::to_string)))
            .into_query();
        id.in_subquery(owners)
    })
}

/// Writes the lists of records. Records that are `new` have no rows that would have to be deleted
/// first.
pub(crate) async fn write<'a, L, V, I>(
    connection: &Transaction,
    lists: I,
    new: bool,
) -> Result<(), Error>
where
    L: Link,
    V: AsRef<str> + 'a,
    I: Iterator<Item = (&'a str, &'a [V])> + Clone,
{
    let owners = lists.clone().map(|(owner, _)| owner);
    let rows = lists.flat_map(|(owner, values)| values.iter().map(move |v| [owner, v.as_ref()]));
    write_rows::<L, 2>(connection, owners, rows.collect(), new).await
}

/// Writes lists of several kinds, each row with the record's id, kind and value; see [`write()`].
pub(crate) async fn write_kinds<'a, L: Link>(
    connection: &Transaction,
    owners: impl Iterator<Item = &'a str>,
    rows: Vec<[&'a str; 3]>,
    new: bool,
) -> Result<(), Error> {
    write_rows::<L, 3>(connection, owners, rows, new).await
}

async fn write_rows<'a, L: Link, const N: usize>(
    connection: &Transaction,
    owners: impl Iterator<Item = &'a str>,
    mut rows: Vec<[&'a str; N]>,
    new: bool,
) -> Result<(), Error> {
    if !new {
        L::delete_many()
            .filter(L::OWNER.is_in(owners))
            .exec(connection)
            .await?;
    }
    // In the order of the primary key, rows are appended instead of inserted in between. A list may
    // contain a value twice; its row is written once.
    rows.sort_unstable();
    rows.dedup();
    let columns = [Some(L::OWNER), L::KIND, Some(L::VALUE)];
    let columns: Vec<&str> = columns.iter().flatten().map(|c| c.as_str()).collect();
    let mut bulk = BulkInsert::new(connection, L::default().table_name(), &columns);
    for chunk in rows.chunks(bulk.max_rows()) {
        let bind = |row: [&str; N], _: DbBackend, values: &mut Vec<Value>| {
            values.extend(row.map(Value::from));
        };
        bulk.insert(chunk.to_vec(), bind).await?;
    }
    Ok(bulk.end().await?)
}
