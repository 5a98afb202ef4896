//! Lists of a record as rows of their own, beside the JSON column that people's scripts read.

use sea_orm::{ColumnTrait, DbBackend, EntityTrait, IdenStatic, QueryFilter, Value};

use crate::bulk::Bulk;

use crate::{Error, Transaction};

/// A table with an owner's id and one value of its list in each row.
pub(crate) trait Link: EntityTrait {
    /// The column of the owner's id.
    const OWNER: Self::Column;
    /// The column of the value.
    const VALUE: Self::Column;
}

/// Writes the lists of records. `new` records have no rows to be deleted first.
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
    if !new {
        let owners: Vec<&str> = lists.clone().map(|(owner, _)| owner).collect();
        L::delete_many()
            .filter(L::OWNER.is_in(owners))
            .exec(connection)
            .await?;
    }
    let mut rows: Vec<(&str, &str)> = Vec::new();
    for (owner, values) in lists.clone() {
        let mut seen: Vec<&str> = Vec::with_capacity(values.len());
        for value in values {
            // A list may name something twice; the row stands once.
            if !seen.contains(&value.as_ref()) {
                seen.push(value.as_ref());
                rows.push((owner, value.as_ref()));
            }
        }
    }
    // In the order of the primary key, rows are appended instead of sought.
    rows.sort_unstable();
    let table = L::default().table_name().to_owned();
    let columns = [L::OWNER.as_str().to_owned(), L::VALUE.as_str().to_owned()];
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut bulk = Bulk::new(connection, &table, &columns);
    for chunk in rows.chunks(bulk.rows()) {
        let bind = |(owner, value): (&str, &str), _: DbBackend, values: &mut Vec<Value>| {
            values.push(owner.into());
            values.push(value.into());
        };
        bulk.insert(chunk.to_vec(), bind).await?;
    }
    Ok(bulk.end().await?)
}
