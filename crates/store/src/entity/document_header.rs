//! The table `document_headers`.

use sea_orm::entity::prelude::*;
use wsdb_core::JsonObject;

use crate::columns::JsonColumn;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "document_headers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub document: String,
    pub fields: JsonColumn<JsonObject>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
