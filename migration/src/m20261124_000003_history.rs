//! The history: every action, and how it changed each record.

use sea_orm_migration::prelude::*;

use crate::columns::Columns;
use crate::tables;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &[&str] = &["actions", "record_changes"];

const INDEXES: &[(&str, &[&str])] = &[
    ("actions", &["time"]),
    ("actions", &["session_id"]),
    ("record_changes", &["action_id"]),
    ("record_changes", &["record_table", "record_id"]),
];

fn tables(c: Columns) -> [TableCreateStatement; 2] {
    let actions = tables::table(
        "actions",
        [
            c.number("id"),
            c.time("time").not_null().take(),
            c.text("actor").not_null().take(),
            // No foreign key: the history outlives the records that it mentions.
            c.text("session_id"),
            c.text("verb").not_null().take(),
            c.integer("undoes"),
            c.integer("undone_by"),
        ],
    );
    let mut changes = tables::table(
        "record_changes",
        [
            c.number("id"),
            c.integer("action_id").not_null().take(),
            c.text("record_table").not_null().take(),
            // NULL if the change is of many records: their ids are in `record_ids`.
            c.text("record_id"),
            c.text("record_ids"),
            c.text("kind").not_null().take(),
            // JSON exactly as it was written, which jsonb would not preserve.
            c.text("before"),
            c.text("after"),
        ],
    );
    tables::add_foreign_key(&mut changes, "action_id", "actions", true);
    [actions, changes]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = tables(Columns(manager.get_database_backend()));
        tables::create(manager, tables, INDEXES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, TABLES).await
    }
}
