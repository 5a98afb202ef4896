//! The table `document_headers`.

use sea_orm::entity::prelude::*;
use wsdb_core::Fields;

use crate::columns::Json;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "document_headers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub document: String,
    pub fields: Json<Fields>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
