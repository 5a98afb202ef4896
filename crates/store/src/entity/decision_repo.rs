//! The table `decision_repos`: a list as rows, for filters.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "decision_repos")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub decision_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub repo: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::links::Link for Entity {
    const OWNER: Column = Column::DecisionId;
    const VALUE: Column = Column::Repo;
}
