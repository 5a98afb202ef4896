//! Making and dropping tables with their indexes, and adding columns: what steps have in common.

use sea_orm_migration::prelude::*;

/// Tables in order, then their indexes: a table and the columns of one of its indexes.
pub(crate) async fn create(
    manager: &SchemaManager<'_>,
    tables: impl IntoIterator<Item = TableCreateStatement>,
    indexes: &[(&str, &[&str])],
) -> Result<(), DbErr> {
    for table in tables {
        manager.create_table(table).await?;
    }
    for (table, columns) in indexes {
        let mut index = Index::create()
            .name(format!("ix_{table}_{}", columns.join("_")))
            .table(Alias::new(*table))
            .to_owned();
        for column in *columns {
            index.col(Alias::new(*column));
        }
        manager.create_index(index).await?;
    }
    Ok(())
}

/// Drops tables, the last one first.
pub(crate) async fn drop(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    for table in tables.iter().rev() {
        let drop = Table::drop().table(Alias::new(*table)).to_owned();
        manager.drop_table(drop).await?;
    }
    Ok(())
}

/// Adds columns to a table, one at a time: SQLite knows no other way.
pub(crate) async fn add_columns(
    manager: &SchemaManager<'_>,
    table: &str,
    columns: impl IntoIterator<Item = ColumnDef>,
) -> Result<(), DbErr> {
    for mut column in columns {
        let add = Table::alter()
            .table(Alias::new(table))
            .add_column(&mut column)
            .to_owned();
        manager.alter_table(add).await?;
    }
    Ok(())
}

/// Drops columns of a table.
pub(crate) async fn drop_columns(
    manager: &SchemaManager<'_>,
    table: &str,
    columns: &[&str],
) -> Result<(), DbErr> {
    for column in columns {
        let drop = Table::alter()
            .table(Alias::new(table))
            .drop_column(Alias::new(*column))
            .to_owned();
        manager.alter_table(drop).await?;
    }
    Ok(())
}
