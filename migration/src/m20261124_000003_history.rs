//! What was done, and how every record changed by it.

use sea_orm_migration::prelude::*;

use crate::columns::Columns;
use crate::tables;

pub(crate) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m20261124_000003_history"
    }
}

const TABLES: &[&str] = &["actions", "record_changes"];

const INDEXES: &[(&str, &[&str])] = &[
    ("actions", &["time"]),
    ("actions", &["session_id"]),
    ("record_changes", &["action_id"]),
    ("record_changes", &["record_table", "record_id"]),
];

fn table(name: &str, columns: Vec<ColumnDef>) -> TableCreateStatement {
    let mut table = Table::create().table(Alias::new(name)).to_owned();
    for mut column in columns {
        table.col(&mut column);
    }
    table
}

fn tables(c: Columns) -> Vec<TableCreateStatement> {
    let actions = table(
        "actions",
        vec![
            c.number("id"),
            c.time("time").not_null().take(),
            c.text("actor").not_null().take(),
            // No foreign key: history outlives what it tells of.
            c.text("session_id"),
            c.text("verb").not_null().take(),
            c.integer("undoes"),
            c.integer("undone_by"),
        ],
    );
    let mut changes = table(
        "record_changes",
        vec![
            c.number("id"),
            c.integer("action_id").not_null().take(),
            c.text("record_table").not_null().take(),
            // NULL where many records were added at once: `record_ids` names them.
            c.text("record_id"),
            c.text("record_ids"),
            c.text("kind").not_null().take(),
            // JSON as it was written, which jsonb would not keep.
            c.text("before"),
            c.text("after"),
        ],
    );
    let mut key = ForeignKey::create();
    key.from_col(Alias::new("action_id"))
        .to(Alias::new("actions"), Alias::new("id"))
        .on_delete(ForeignKeyAction::Cascade);
    changes.foreign_key(&mut key);
    vec![actions, changes]
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = tables(Columns(manager.get_database_backend()));
        tables::create(manager, tables, INDEXES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, TABLES).await
    }
}
