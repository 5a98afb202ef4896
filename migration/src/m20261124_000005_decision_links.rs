//! What a decision takes the place of, and what it is about; and the key that a change of
//! configuration is about.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, JsonValue, Statement};

use crate::columns::Columns;

pub(crate) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m20261124_000005_decision_links"
    }
}

const DECISIONS: &str = "architecture_decisions";
const CHANGES: &str = "configuration_changes";
const LINKS: &str = "decision_links";

/// Each list of a decision, and what its rows are called.
const LISTS: [(&str, &str); 4] = [
    ("supersedes", "supersedes"),
    ("related_tasks", "task"),
    ("related_components", "component"),
    ("related_detections", "detection"),
];

fn add(table: &str, mut column: ColumnDef) -> TableAlterStatement {
    Table::alter()
        .table(Alias::new(table))
        .add_column(&mut column)
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let c = Columns(manager.get_database_backend());
        for (list, _) in LISTS {
            manager.alter_table(add(DECISIONS, c.json(list))).await?;
        }
        manager
            .alter_table(add(CHANGES, c.text("key_path")))
            .await?;

        let mut links = Table::create().table(Alias::new(LINKS)).to_owned();
        let columns = ["decision_id", "kind", "target"];
        let mut key = Index::create();
        for column in columns {
            links.col(c.text(column).not_null());
            key.col(Alias::new(column));
        }
        links.primary_key(&mut key).foreign_key(
            ForeignKey::create()
                .from_col(Alias::new("decision_id"))
                .to(Alias::new(DECISIONS), Alias::new("id"))
                .on_delete(ForeignKeyAction::Cascade),
        );
        manager.create_table(links).await?;
        for (table, columns) in [
            (LINKS, &["kind", "target"][..]),
            (CHANGES, &["repo", "file_path"][..]),
        ] {
            let mut index = Index::create()
                .name(format!("ix_{table}_{}", columns.join("_")))
                .table(Alias::new(table))
                .to_owned();
            for column in columns {
                index.col(Alias::new(*column));
            }
            manager.create_index(index).await?;
        }
        take_over(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Table::drop().table(Alias::new(LINKS)).to_owned();
        manager.drop_table(drop).await?;
        let index = format!("ix_{CHANGES}_repo_file_path");
        let drop = Index::drop()
            .name(index)
            .table(Alias::new(CHANGES))
            .to_owned();
        manager.drop_index(drop).await?;
        let lists = LISTS.map(|(list, _)| (DECISIONS, list));
        for (table, column) in lists.into_iter().chain([(CHANGES, "key_path")]) {
            let alter = Table::alter()
                .table(Alias::new(table))
                .drop_column(Alias::new(column))
                .to_owned();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }
}

/// Documents may have said these things before there were columns for them: what is no list of
/// texts stays where it is, under another name.
async fn take_over(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
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
            let Ok(JsonValue::Object(mut fields)) = text.parse() else {
                continue;
            };
            let before = fields.len();
            let mut moved: Vec<(&str, JsonValue)> = Vec::new();
            let mut links: Vec<(&str, String)> = Vec::new();
            for (list, kind) in lists {
                let Some(value) = fields.remove(*list) else {
                    continue;
                };
                match texts(&value) {
                    Some(texts) => {
                        links.extend(texts.iter().map(|text| (*kind, text.clone())));
                        moved.push((list, texts.into()));
                    }
                    None => {
                        fields.insert(format!("{list}_"), value);
                        moved.push((list, JsonValue::Null));
                    }
                }
            }
            if lists.is_empty()
                && let Some(key) = fields.remove("key_path")
            {
                match key {
                    JsonValue::String(_) => moved.push(("key_path", key)),
                    key => {
                        fields.insert("key_path_".to_owned(), key);
                        moved.push(("key_path", JsonValue::Null));
                    }
                }
            }
            if moved.is_empty() && fields.len() == before {
                continue;
            }
            let fields = (!fields.is_empty()).then(|| JsonValue::Object(fields).to_string());
            let set = format!("UPDATE {table} SET document_fields = $1{to_json} WHERE id = $2");
            let values = [fields.into(), id.as_str().into()];
            database
                .execute_raw(Statement::from_sql_and_values(backend, set, values))
                .await?;
            for (column, value) in moved {
                let (value, cast) = match value {
                    JsonValue::Null => continue,
                    JsonValue::String(text) => (text, ""),
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

/// A list of ids, or a single one.
fn texts(value: &JsonValue) -> Option<Vec<String>> {
    let is_id = |text: &&str| {
        !text.is_empty()
            && text.len() <= 200
            && text.trim() == *text
            && !text.chars().any(char::is_control)
    };
    match value {
        JsonValue::String(text) => Some(vec![Some(text.as_str()).filter(is_id)?.to_owned()]),
        JsonValue::Array(list) if !list.is_empty() => list
            .iter()
            .map(|value| value.as_str().filter(is_id).map(str::to_owned))
            .collect(),
        _ => None,
    }
}
