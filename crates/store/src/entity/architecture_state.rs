//! The table `architecture_states`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use wsdb_core::{ArchitectureState, Json, JsonObject, Label, StateType};

use crate::columns::{JsonColumn, Text, Time, map_columns};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "architecture_states")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub state_name: String,
    pub state_type: Text<StateType>,
    pub repo: String,
    pub architecture_doc_path: Option<String>,
    pub state_data: Option<JsonColumn<Json>>,
    pub created_at: Time,
    pub version: Option<String>,
    pub architecture_id: Option<String>,
    pub description: Option<String>,
    pub roadmap_file: Option<String>,
    pub target_date: Option<Time>,
    pub status: Option<Text<Label>>,
    pub updated_at: Option<Time>,
    pub document_fields: Option<JsonColumn<JsonObject>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

map_columns! {
    "architecture_states" => ArchitectureState {
        id, state_name, state_type, repo, architecture_doc_path, state_data, created_at,
        version, architecture_id, description, roadmap_file, target_date, status,
        updated_at, document_fields,
    }
}
