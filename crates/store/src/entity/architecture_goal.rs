//! The table `architecture_tasks`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use wsdb_core::{ArchitectureGoal, JsonObject, PlacementId, Priority, StateId, TaskId, TaskStatus};

use crate::columns::{JsonColumn, Text, Time, map_columns};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "architecture_tasks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub architectural_goal: Option<String>,
    pub milestone: Option<String>,
    pub priority: Option<Text<Priority>>,
    pub status: Text<TaskStatus>,
    pub created_at: Time,
    pub task_id: Option<Text<TaskId>>,
    pub task_missing: Option<Text<TaskId>>,
    pub architecture_state_id: Option<Text<StateId>>,
    pub architecture_state_missing: Option<Text<StateId>>,
    pub component_id: Option<Text<PlacementId>>,
    pub component_missing: Option<Text<PlacementId>>,
    pub document_fields: Option<JsonColumn<JsonObject>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

map_columns! {
    "architecture_tasks" => ArchitectureGoal {
        id, architectural_goal, milestone, priority, status, created_at,
        document_fields,
    }
    references {
        task_id / task_missing -> Tasks as required,
        architecture_state_id / architecture_state_missing -> States,
        component_id / component_missing -> Placements,
    }
}
