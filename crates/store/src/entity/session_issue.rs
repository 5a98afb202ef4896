//! The table `session_issues`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use wsdb_core::{IssueId, JsonObject, SessionId, SessionIssue};

use crate::columns::{JsonColumn, Text, map_columns};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "session_issues")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub session_id: Text<SessionId>,
    pub issue_id: Option<Text<IssueId>>,
    pub issue_missing: Option<Text<IssueId>>,
    pub document_fields: Option<JsonColumn<JsonObject>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

map_columns! {
    "session_issues" => SessionIssue {
        id, session_id, document_fields,
    }
    references {
        issue_id / issue_missing -> Issues,
    }
}
