//! The column types of both databases: what people's SQLite files hold, the natural type on
//! PostgreSQL.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Ordered by its characters, as in SQLite, and not by the language of whoever made the database.
const TEXT: &str = "text COLLATE \"C\"";

/// Builds columns for one database.
#[derive(Clone, Copy)]
pub(crate) struct Columns(pub(crate) DbBackend);

impl Columns {
    fn column(self, name: &str, sqlite: &str, postgres: &str) -> ColumnDef {
        let kind = match self.0 {
            DbBackend::Sqlite => sqlite,
            _ => postgres,
        };
        ColumnDef::new(Alias::new(name))
            .custom(Alias::new(kind))
            .to_owned()
    }

    /// SQLite never enforced a length, so that longer values are in use; PostgreSQL would.
    pub(crate) fn varchar(self, name: &str, length: u32) -> ColumnDef {
        self.column(name, &format!("VARCHAR({length})"), TEXT)
    }

    pub(crate) fn text(self, name: &str) -> ColumnDef {
        self.column(name, "TEXT", TEXT)
    }

    /// UTC without a zone.
    pub(crate) fn time(self, name: &str) -> ColumnDef {
        self.column(name, "DATETIME", "timestamp")
    }

    pub(crate) fn json(self, name: &str) -> ColumnDef {
        self.column(name, "TEXT", "jsonb")
    }

    pub(crate) fn integer(self, name: &str) -> ColumnDef {
        self.column(name, "INTEGER", "bigint")
    }

    pub(crate) fn float(self, name: &str) -> ColumnDef {
        self.column(name, "FLOAT", "double precision")
    }

    pub(crate) fn bytes(self, name: &str) -> ColumnDef {
        self.column(name, "BLOB", "bytea")
    }
}
