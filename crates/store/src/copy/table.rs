//! The tables of a workspace; reads, writes and hashes the rows of any of them.

use std::hash::Hasher;

use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, IdenStatic, Iterable, PrimaryKeyToColumn,
    QueryResult, Value,
};
use siphasher::sip128::{Hasher128, SipHasher13};

use super::value::{CopyValue, Kind};
use crate::record::Record;
use crate::{Error, TableContents, entity};

/// A row's values, in the order of the table's columns.
pub(super) type Row = Vec<CopyValue>;

/// A table of a workspace.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// Whether its rows are records, and not data that belongs to them.
    pub(super) records: bool,
    pub(crate) columns: Vec<&'static str>,
    /// The types of the columns.
    pub(crate) kinds: Vec<Kind>,
    /// The indexes of the columns of its primary key, which are strings or numbers.
    key: Vec<usize>,
}

macro_rules! record_tables {
    ($($name:ident: $record:ident,)*) => {
        vec![$(Table::of::<<wsdb_core::$record as Record>::Entity>(true)),*]
    };
}

/// Returns every table, each after those that it refers to.
pub(crate) fn tables() -> Vec<Table> {
    let mut tables = crate::kinds::for_each_kind!(record_tables);
    tables.extend([
        Table::of::<entity::task_repo::Entity>(false),
        Table::of::<entity::task_dependency::Entity>(false),
        Table::of::<entity::issue_repo::Entity>(false),
        Table::of::<entity::decision_repo::Entity>(false),
        Table::of::<entity::decision_link::Entity>(false),
        Table::of::<entity::id_series::Entity>(false),
        Table::of::<entity::document_header::Entity>(false),
        Table::of::<entity::document_base::Entity>(false),
        Table::of::<entity::document_record::Entity>(false),
        Table::of::<entity::action::Entity>(false),
        Table::of::<entity::record_change::Entity>(false),
    ]);
    tables
}

impl Table {
    fn of<E: EntityTrait>(records: bool) -> Self {
        let keys: Vec<&str> = E::PrimaryKey::iter()
            .map(|key| key.into_column().as_str())
            .collect();
        let columns: Vec<&str> = E::Column::iter().map(|column| column.as_str()).collect();
        Table {
            name: E::default().table_name(),
            records,
            // Text if the kind is unknown: the column then cannot be read, which a test detects.
            kinds: E::Column::iter()
                .map(|column| Kind::of(column.def().get_column_type()).unwrap_or(Kind::Text))
                .collect(),
            key: keys
                .iter()
                .filter_map(|key| columns.iter().position(|column| column == key))
                .collect(),
            columns,
        }
    }

    pub(super) async fn count(&self, database: &impl ConnectionTrait) -> Result<u64, Error> {
        let query = Query::select()
            .expr(Expr::col(sea_orm::sea_query::Asterisk).count())
            .from(self.name)
            .to_owned();
        let count: i64 = match database.query_one(&query).await? {
            Some(row) => row.try_get_by_index(0)?,
            None => 0,
        };
        Ok(count.unsigned_abs())
    }

    pub(super) async fn clear(&self, database: &impl ConnectionTrait) -> Result<(), Error> {
        let delete = Query::delete().from_table(self.name).to_owned();
        database.execute(&delete).await?;
        Ok(())
    }

    /// Returns the values of a row's primary key.
    pub(super) fn key(&self, row: &Row) -> Row {
        self.key.iter().map(|at| row[*at].clone()).collect()
    }

    /// Returns the id of a record.
    pub(super) fn id(&self, row: &Row) -> Option<String> {
        match row.get(*self.key.first()?)? {
            CopyValue::Text(id) => Some(id.clone()),
            _ => None,
        }
    }

    /// Returns the rows after the key `last`, ordered by key: bytewise, on both databases.
    pub(super) async fn page(
        &self,
        database: &impl ConnectionTrait,
        last: Option<&Row>,
        max_rows: usize,
    ) -> Result<Vec<Row>, Error> {
        let mut query = Query::select();
        query
            .columns(self.columns.iter().copied())
            .from(self.name)
            .limit(max_rows as u64);
        let column = |at: &usize| Expr::col(self.columns[*at]);
        for at in &self.key {
            query.order_by_expr(column(at), Order::Asc);
        }
        if let Some(last) = last {
            let values = last.iter().cloned();
            let values = values.map(|cell| Expr::val(cell.bind(Kind::Text, DbBackend::Sqlite)));
            let columns = Expr::tuple(self.key.iter().map(column));
            query.and_where(columns.gt(Expr::tuple(values)));
        }
        let rows = database.query_all(&query).await?;
        rows.iter().map(|row| self.read(row)).collect()
    }

    fn read(&self, row: &QueryResult) -> Result<Row, Error> {
        let cells = self.kinds.iter().enumerate().map(|(at, kind)| {
            kind.read(row, at)
                .map_err(|reason| self.corrupt(at, reason, |key| row.try_get_by_index(key).ok()))
        });
        cells.collect()
    }

    /// Returns an error if the database cannot store a row.
    pub(super) fn check(&self, rows: &[Row], backend: DbBackend) -> Result<(), Error> {
        if backend == DbBackend::Sqlite {
            return Ok(());
        }
        for row in rows {
            let mut reasons = row.iter().map(CopyValue::unsupported_by_postgres).zip(0..);
            if let Some((reason, at)) = reasons.find_map(|(reason, at)| Some((reason?, at))) {
                let value = self.corrupt(at, reason.to_owned(), |key| match &row[key] {
                    CopyValue::Text(text) => Some(text.clone()),
                    CopyValue::Integer(number) => Some(number.to_string()),
                    _ => None,
                });
                return Err(Error::InvalidState(format!(
                    "{value}; change it in the source first"
                )));
            }
        }
        Ok(())
    }

    fn corrupt(&self, at: usize, reason: String, key: impl Fn(usize) -> Option<String>) -> Error {
        let keys = self.key.iter();
        let keys: Vec<String> = keys.map(|at| key(*at).unwrap_or("?".to_owned())).collect();
        Error::corrupt(self.name, keys.join(", "), self.columns[at], reason)
    }

    pub(super) fn bind(&self, row: Row, backend: DbBackend, values: &mut Vec<Value>) {
        let cells = row.into_iter().zip(&self.kinds);
        values.extend(cells.map(|(cell, kind)| cell.bind(*kind, backend)));
    }
}

/// The number of rows of a table, and a hash of their contents.
#[derive(Debug, Default)]
pub(super) struct Digest {
    hasher: SipHasher13,
    buffer: Vec<u8>,
    rows: u64,
}

impl Digest {
    /// Adds rows, in the order of their key.
    pub(super) fn update_digest(&mut self, rows: &[Row]) -> Result<(), Error> {
        for row in rows {
            self.buffer.clear();
            self.buffer = postcard::to_extend(row, std::mem::take(&mut self.buffer))
                .map_err(|error| Error::InvalidState(format!("a row cannot be hashed: {error}")))?;
            self.hasher.write(&self.buffer);
            self.rows += 1;
        }
        Ok(())
    }

    /// Returns the number of rows and their hash.
    pub(super) fn end(self) -> TableContents {
        TableContents {
            rows: self.rows,
            digest: format!("{:032x}", self.hasher.finish128().as_u128()),
        }
    }
}
