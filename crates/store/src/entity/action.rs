//! The table `actions`.

use sea_orm::entity::prelude::*;

use crate::columns::Time;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "actions")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub time: Time,
    pub actor: String,
    pub session_id: Option<String>,
    pub verb: String,
    pub undoes: Option<i64>,
    pub undone_by: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
