//! Tests that the entities agree with the migrated schema, since neither depends on the other.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityName, EntityTrait, IdenStatic, Iterable,
    PrimaryKeyToColumn, Statement,
};

use crate::connection::Pool;
use crate::record::{Record, TableRow};
use crate::{Options, connect};

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Column {
    name: String,
    is_nullable: bool,
    is_key: bool,
}

async fn columns_of_table(pool: &Pool, table: &str) -> Vec<Column> {
    let sql = format!("SELECT name, \"notnull\", pk FROM pragma_table_info('{table}')");
    let rows = pool
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, sql))
        .await
        .expect("query");
    let mut columns: Vec<Column> = rows
        .iter()
        .map(|row| {
            let is_required: bool = row.try_get_by_index(1).expect("a flag");
            let key: i32 = row.try_get_by_index(2).expect("a number");
            Column {
                name: row.try_get_by_index(0).expect("a name"),
                is_nullable: !is_required,
                is_key: key > 0,
            }
        })
        .collect();
    columns.sort();
    columns
}

fn columns_of_entity<E: EntityTrait>() -> Vec<Column> {
    let keys: Vec<String> = E::PrimaryKey::iter()
        .map(|key| key.into_column().as_str().to_owned())
        .collect();
    let mut columns: Vec<Column> = E::Column::iter()
        .map(|column| {
            let name = column.as_str().to_owned();
            Column {
                is_nullable: column.def().is_null(),
                is_key: keys.contains(&name),
                name,
            }
        })
        .collect();
    columns.sort();
    columns
}

async fn assert_columns_match<E: EntityTrait>(pool: &Pool, seen: &mut Vec<String>) {
    let table = E::default().table_name().to_owned();
    let found = columns_of_table(pool, &table).await;
    assert!(!found.is_empty(), "there is no table {table}");
    assert_eq!(columns_of_entity::<E>(), found, "{table}");
    seen.push(table);
}

/// Returns the tables, without those of the search index: triggers derive them from the others, so
/// they have no entity and are never copied. `sqlite_sequence` counts their row numbers.
async fn tables(pool: &Pool) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table'
        AND name NOT LIKE 'search\\_%' ESCAPE '\\' AND name <> 'sqlite_sequence' ORDER BY name";
    let rows = pool.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql));
    let rows = rows.await.expect("query");
    let names = rows.iter().map(|row| row.try_get_by_index(0));
    names.collect::<Result<_, _>>().expect("names")
}

#[tokio::test]
async fn every_table_is_copied_after_those_it_refers_to() {
    let pool = connect::connect("sqlite::memory:", &Options::default()).await;
    let pool = pool.expect("a database");
    let mut copied: Vec<String> = Vec::new();
    for table in crate::copy::tables() {
        let sql = format!(
            "SELECT \"table\" FROM pragma_foreign_key_list('{}')",
            table.name
        );
        let rows = pool.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql));
        for row in rows.await.expect("query") {
            let target: String = row.try_get_by_index(0).expect("a name");
            assert!(copied.contains(&target), "{} before {target}", table.name);
        }
        copied.push(table.name.to_owned());
    }
    copied.push("seaql_migrations".to_owned());
    copied.sort();
    assert_eq!(copied, tables(&pool).await);
}

/// Checks the table and column names that bulk inserts use.
fn assert_bulk_columns<R: Record>() {
    let table = R::Model::TABLE;
    assert_eq!(table, R::Entity::default().table_name());
    let mut bulk = R::Model::COLUMNS.to_vec();
    bulk.sort_unstable();
    let all = columns_of_entity::<R::Entity>();
    let all: Vec<&str> = all.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(bulk, all, "{table}");
}

macro_rules! check_records {
    ($pool:ident, $seen:ident; $($name:ident: $record:ident,)*) => {
        $(assert_columns_match::<<wsdb_core::$record as Record>::Entity>(&$pool, &mut $seen).await;)*
    };
}

macro_rules! check_others {
    ($pool:ident, $seen:ident; $($entity:ident)*) => {
        $(assert_columns_match::<super::$entity::Entity>(&$pool, &mut $seen).await;)*
    };
}

#[tokio::test]
async fn every_table_has_the_columns_of_its_entity() {
    let pool = connect::connect("sqlite::memory:", &Options::default()).await;
    let pool = pool.expect("a database");
    let mut seen = vec!["seaql_migrations".to_owned()];
    crate::kinds::for_each_kind!(check_records, pool, seen;);
    check_others!(pool, seen; action decision_link decision_repo document_base document_header
        document_record id_series issue_repo record_change task_dependency task_repo);
    seen.sort();
    let tables = tables(&pool).await;
    assert_eq!(seen, tables, "every table has an entity");
}

#[test]
fn bulk_inserts_write_every_column() {
    macro_rules! check {
        ($($name:ident: $record:ident,)*) => { $(assert_bulk_columns::<wsdb_core::$record>();)* };
    }
    crate::kinds::for_each_kind!(check);
}
