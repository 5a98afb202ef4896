//! Lists of what a decision supersedes and is about, and the key that a configuration change is
//! about.

use std::collections::BTreeMap;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::columns::Columns;
use crate::tables;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const DECISIONS: &str = "architecture_decisions";
const CHANGES: &str = "configuration_changes";
const LINKS: &str = "decision_links";

/// The list columns of a decision, each with the kind of its rows in the link table.
const LISTS: [(&str, &str); 4] = [
    ("supersedes", "supersedes"),
    ("related_tasks", "task"),
    ("related_components", "component"),
    ("related_detections", "detection"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let c = Columns(manager.get_database_backend());
        let lists = LISTS.map(|(list, _)| c.json(list));
        tables::add_columns(manager, DECISIONS, lists).await?;
        tables::add_columns(manager, CHANGES, [c.text("key_path")]).await?;

        let columns = ["decision_id", "kind", "target"];
        let mut links = tables::table(LINKS, columns.map(|name| c.text(name).not_null().take()));
        let mut key = Index::create();
        for column in columns {
            key.col(column);
        }
        links.primary_key(&mut key);
        tables::add_foreign_key(&mut links, "decision_id", DECISIONS, true);
        let indexes: [(_, &[_]); 2] = [
            (LINKS, &["kind", "target"]),
            (CHANGES, &["repo", "file_path"]),
        ];
        tables::create(manager, [links], &indexes).await?;
        copy_existing_links(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &[LINKS]).await?;
        tables::drop_index(manager, CHANGES, &["repo", "file_path"]).await?;
        let lists = LISTS.map(|(list, _)| list);
        tables::drop_columns(manager, DECISIONS, &lists).await?;
        tables::drop_columns(manager, CHANGES, &["key_path"]).await
    }
}

/// Moves the values of the new columns out of `document_fields`, where documents may have had them
/// before. A value that is not a list of ids stays there, under another name. The other values are
/// not parsed, so that numbers stay as they were written.
async fn copy_existing_links(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let database = manager.get_connection();
    let backend = manager.get_database_backend();
    let (cast, to_json) = match backend {
        DbBackend::Sqlite => ("", ""),
        _ => ("::text", "::jsonb"),
    };
    for (table, lists) in [(DECISIONS, &LISTS[..]), (CHANGES, &[][..])] {
        let sql = format!(
            "SELECT id, document_fields{cast} FROM {table} WHERE document_fields IS NOT NULL"
        );
        for row in database
            .query_all_raw(Statement::from_string(backend, sql))
            .await?
        {
            let (id, text): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let Ok(mut fields) = serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(&text)
            else {
                continue;
            };
            let before = fields.len();
            let mut moved: Vec<(&str, Value)> = Vec::new();
            let mut links: Vec<(&str, String)> = Vec::new();
            for (list, kind) in lists {
                let Some(value) = fields.remove(*list) else {
                    continue;
                };
                match texts(value.get()) {
                    Some(texts) => {
                        links.extend(texts.iter().map(|text| (*kind, text.clone())));
                        moved.push((list, json!(texts)));
                    }
                    None => {
                        fields.insert(format!("{list}_"), value);
                        moved.push((list, Value::Null));
                    }
                }
            }
            if lists.is_empty()
                && let Some(key) = fields.remove("key_path")
            {
                match serde_json::from_str(key.get()) {
                    Ok(text @ Value::String(_)) => moved.push(("key_path", text)),
                    _ => {
                        fields.insert("key_path_".to_owned(), key);
                        moved.push(("key_path", Value::Null));
                    }
                }
            }
            if moved.is_empty() && fields.len() == before {
                continue;
            }
            let fields = if fields.is_empty() {
                None
            } else {
                Some(serde_json::to_string(&fields).map_err(|e| DbErr::Json(e.to_string()))?)
            };
            let set = format!("UPDATE {table} SET document_fields = $1{to_json} WHERE id = $2");
            let values = [fields.into(), id.as_str().into()];
            database
                .execute_raw(Statement::from_sql_and_values(backend, set, values))
                .await?;
            for (column, value) in moved {
                let (value, cast) = match value {
                    Value::Null => continue,
                    Value::String(text) => (text, ""),
                    list => (list.to_string(), to_json),
                };
                let set = format!("UPDATE {table} SET {column} = $1{cast} WHERE id = $2");
                let values = [value.into(), id.as_str().into()];
                database
                    .execute_raw(Statement::from_sql_and_values(backend, set, values))
                    .await?;
            }
            links.sort_unstable();
            links.dedup();
            for (kind, target) in links {
                let insert =
                    format!("INSERT INTO {LINKS} (decision_id, kind, target) VALUES ($1, $2, $3)");
                let values = [id.as_str().into(), kind.into(), target.into()];
                database
                    .execute_raw(Statement::from_sql_and_values(backend, insert, values))
                    .await?;
            }
        }
    }
    Ok(())
}

/// Returns a list of ids, or a single one as a list; `None` for anything else.
fn texts(json: &str) -> Option<Vec<String>> {
    let is_id = |text: &&str| {
        !text.is_empty()
            && text.len() <= 200
            && text.trim() == *text
            && !text.chars().any(char::is_control)
    };
    match &serde_json::from_str(json).ok()? {
        Value::String(text) => Some(vec![Some(text.as_str()).filter(is_id)?.to_owned()]),
        Value::Array(list) if !list.is_empty() => list
            .iter()
            .map(|value| value.as_str().filter(is_id).map(str::to_owned))
            .collect(),
        _ => None,
    }
}
