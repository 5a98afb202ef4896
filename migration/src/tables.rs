//! Creates and drops tables and columns: what several migrations have in common.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

/// Builds a table from its columns.
pub(crate) fn table(
    name: &'static str,
    columns: impl IntoIterator<Item = ColumnDef>,
) -> TableCreateStatement {
    let mut table = Table::create().table(name).take();
    for column in columns {
        table.col(column);
    }
    table
}

/// Adds a foreign key to the column `id` of another table. With `cascade`, rows are deleted with
/// the row that they refer to.
pub(crate) fn add_foreign_key(
    table: &mut TableCreateStatement,
    column: &'static str,
    to: &'static str,
    cascade: bool,
) {
    let mut key = ForeignKey::create();
    key.from_col(column).to(to, "id");
    if cascade {
        key.on_delete(ForeignKeyAction::Cascade);
    }
    table.foreign_key(&mut key);
}

/// Creates tables in order, then indexes: each is a table and its indexed columns.
pub(crate) async fn create(
    manager: &SchemaManager<'_>,
    tables: impl IntoIterator<Item = TableCreateStatement>,
    indexes: &[(&'static str, &[&'static str])],
) -> Result<(), DbErr> {
    for table in tables {
        manager.create_table(table).await?;
    }
    for (table, columns) in indexes {
        let mut index = Index::create()
            .name(index_name(table, columns))
            .table(*table)
            .take();
        for column in *columns {
            index.col(*column);
        }
        manager.create_index(index).await?;
    }
    Ok(())
}

/// Drops tables, the last one first.
pub(crate) async fn drop(
    manager: &SchemaManager<'_>,
    tables: &[&'static str],
) -> Result<(), DbErr> {
    for table in tables.iter().rev() {
        manager
            .drop_table(Table::drop().table(*table).take())
            .await?;
    }
    Ok(())
}

/// Drops the index that [`create`] made for these columns.
pub(crate) async fn drop_index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let name = index_name(table, columns);
    let drop = Index::drop().name(name).table(table).to_owned();
    manager.drop_index(drop).await
}

fn index_name(table: &str, columns: &[&str]) -> String {
    format!("ix_{table}_{}", columns.join("_"))
}

/// Adds columns to a table, one statement each: SQLite has no other way.
pub(crate) async fn add_columns(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: impl IntoIterator<Item = ColumnDef>,
) -> Result<(), DbErr> {
    for column in columns {
        drop_generated_column(manager, table, &column.get_column_name()).await?;
        let add = Table::alter().table(table).add_column(column).take();
        manager.alter_table(add).await?;
    }
    Ok(())
}

/// Drops columns of a table.
pub(crate) async fn drop_columns(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    for column in columns {
        let drop = Table::alter().table(table).drop_column(*column).take();
        manager.alter_table(drop).await?;
    }
    Ok(())
}

/// Drops a generated column, so that one of ours can have its name. A file that was adopted from the
/// earlier tool has one for each column that we do not know.
async fn drop_generated_column(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &str,
) -> Result<(), DbErr> {
    let database = manager.get_connection();
    if manager.get_database_backend() != DbBackend::Sqlite {
        return Ok(());
    }
    let sql =
        "SELECT name FROM pragma_table_xinfo(?) WHERE hidden IN (2, 3) AND name = ? COLLATE NOCASE";
    let query =
        Statement::from_sql_and_values(DbBackend::Sqlite, sql, [table.into(), column.into()]);
    if database.query_one_raw(query).await?.is_some() {
        let drop = Table::alter()
            .table(table)
            .drop_column(column.to_owned())
            .take();
        manager.alter_table(drop).await?;
    }
    Ok(())
}
