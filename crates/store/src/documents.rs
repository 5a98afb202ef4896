//! What was last said about the workspace's JSON documents: the fields of a document itself, and
//! how each of its records looked when it was last exported or imported.

use sea_orm::EntityTrait;
use sea_orm::sea_query::OnConflict;
use wsdb_core::Fields;

use crate::columns::Json;
use crate::entity::{document_base, document_header};
use crate::{Connection, Error, Store};

/// See [`Store::documents`].
#[derive(Debug)]
pub struct Documents<'a, C> {
    store: &'a Store<C>,
}

impl<'a, C: Connection> Documents<'a, C> {
    pub(crate) fn over(store: &'a Store<C>) -> Self {
        Documents { store }
    }

    /// The fields of a document itself, such as `version`; `None` where it was never imported.
    ///
    /// # Errors
    /// [`Error::Corrupt`], or what the database reports.
    pub async fn header(&self, document: &str) -> Result<Option<Fields>, Error> {
        let row = document_header::Entity::find_by_id(document)
            .one(&self.store.connection)
            .await?;
        row.map(|row| {
            row.fields.0.map_err(|reason| Error::Corrupt {
                table: "document_headers",
                row: row.document,
                column: "fields",
                reason,
            })
        })
        .transpose()
    }

    /// Keeps the fields of a document itself.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn set_header(&self, document: &str, fields: Fields) -> Result<(), Error> {
        let row = document_header::Model {
            document: document.to_owned(),
            fields: Json(Ok(fields)),
        };
        document_header::Entity::insert(document_header::ActiveModel::from(row))
            .on_conflict(
                OnConflict::column(document_header::Column::Document)
                    .update_column(document_header::Column::Fields)
                    .to_owned(),
            )
            .exec_without_returning(&self.store.connection)
            .await?;
        Ok(())
    }

    /// How the records of a kind looked when they were last exported or imported, in the
    /// importer's own form; `None` where they never were.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn base(&self, kind: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(document_base::Entity::find_by_id(kind)
            .one(&self.store.connection)
            .await?
            .map(|row| row.records))
    }

    /// Keeps how the records of a kind look in the documents.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn set_base(&self, kind: &str, records: Vec<u8>) -> Result<(), Error> {
        let row = document_base::Model {
            kind: kind.to_owned(),
            records,
        };
        document_base::Entity::insert(document_base::ActiveModel::from(row))
            .on_conflict(
                OnConflict::column(document_base::Column::Kind)
                    .update_column(document_base::Column::Records)
                    .to_owned(),
            )
            .exec_without_returning(&self.store.connection)
            .await?;
        Ok(())
    }
}
