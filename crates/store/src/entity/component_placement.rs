//! The table `component_placements`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use wsdb_core::{ComponentPlacement, ComponentType, Json, JsonObject, StateId};

use crate::columns::{JsonColumn, Text, Time, map_columns};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "component_placements")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub component_name: String,
    pub component_type: Text<ComponentType>,
    pub correct_repo: String,
    pub correct_location: Option<String>,
    pub rationale: Option<String>,
    pub rules: Option<JsonColumn<Json>>,
    pub created_at: Time,
    pub updated_at: Time,
    pub architecture_state_id: Option<Text<StateId>>,
    pub architecture_state_missing: Option<Text<StateId>>,
    pub document_fields: Option<JsonColumn<JsonObject>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

map_columns! {
    "component_placements" => ComponentPlacement {
        id, component_name, component_type, correct_repo, correct_location, rationale,
        rules, created_at, updated_at, document_fields,
    }
    references {
        architecture_state_id / architecture_state_missing -> States,
    }
}
