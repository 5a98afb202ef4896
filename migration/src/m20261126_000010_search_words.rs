//! Full-text search also finds Chinese, Japanese and Korean words within a run of characters, file
//! paths, tags and detections, and treats `ß` as `ss`, `ø` as `o` and so on.
//!
//! Neither database knows where a word of these scripts ends, so each character is indexed together
//! with the next one: `検索機` as `検索 索機 機`. A word is then a phrase of such pairs, and a single
//! character is the beginning of one. `wsdb_core::Term::index_text` does the same to the words of a
//! query.

pub(crate) mod postgres;
pub(crate) mod sources;
pub(crate) mod sqlite;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use sources::SOURCES;

use crate::{m20261124_000004_search, m20261126_000008_page_search};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        m20261124_000004_search::Migration.down(manager).await?;
        let is_sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        let mut sql = if is_sqlite {
            sqlite::tables()
        } else {
            postgres::functions()
        };
        for source in SOURCES {
            sql.push_str(&if is_sqlite {
                sqlite::index(source) + &sqlite::triggers(source)
            } else {
                postgres::table(source)
            });
        }
        let connection = manager.get_connection();
        connection.execute_unprepared(&sql).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        let mut sql = String::new();
        for source in SOURCES {
            sql.push_str(&if is_sqlite {
                sqlite::drop_triggers(source)
            } else {
                format!("ALTER TABLE {} DROP COLUMN search_words;", source.table)
            });
        }
        sql.push_str(if is_sqlite {
            "DROP VIEW search_texts; DROP TABLE search_index; DROP TABLE search_rows;"
        } else {
            postgres::DROP_FUNCTIONS
        });
        let connection = manager.get_connection();
        connection.execute_unprepared(&sql).await?;
        m20261124_000004_search::Migration.up(manager).await?;
        m20261126_000008_page_search::Migration.up(manager).await
    }
}
