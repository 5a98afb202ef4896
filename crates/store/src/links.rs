//! Lists of a record as rows of their own, beside the JSON column that people's scripts read.

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter};

use crate::{Error, Transaction};

/// Rows of one INSERT: two values each.
const ROWS: usize = 2000;

/// A table with an owner's id and one value of its list in each row.
pub(crate) trait Link:
    EntityTrait<ActiveModel: ActiveModelTrait<Entity = Self> + Send>
{
    /// The column of the owner's id.
    const OWNER: Self::Column;
    /// The column of the value.
    const VALUE: Self::Column;

    /// A row.
    fn row(owner: &str, value: &str) -> Self::ActiveModel;
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
    let mut rows = Vec::new();
    for (owner, values) in lists {
        let mut seen: Vec<&str> = Vec::with_capacity(values.len());
        for value in values {
            // A list may name something twice; the row stands once.
            if !seen.contains(&value.as_ref()) {
                seen.push(value.as_ref());
                rows.push(L::row(owner, value.as_ref()));
            }
        }
    }
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(ROWS));
        L::insert_many(std::mem::replace(&mut rows, rest))
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}
