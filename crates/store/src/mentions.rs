//! Finds the records that mention a path or a component.
//!
//! Paths are written in many forms, in text and in JSON. A result may therefore mention another
//! path with a similar name: the caller has to check each one.

use sea_orm::sea_query::{Condition, Expr, ExprTrait, Func, LikeExpr};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryTrait};
use wsdb_core::{
    Activity, Decision, DecisionId, DetectionStatus, DriftDetection, Issue, IssueStatus, Task,
    TaskId,
};

use crate::entity::{decision, drift_detection, issue, session_activity, task};
use crate::record::{Record, read};
use crate::{Connection, Error, Store, query};

/// Finds mentions of paths and components; see [`Store::mentions`].
#[derive(Debug)]
pub struct Mentions<'a, C>(&'a Store<C>);

/// Matches if any of the columns, of any type, contains any of the strings, ignoring case.
fn any_column_contains<C: ColumnTrait>(columns: &[C], parts: &[String]) -> Condition {
    let mut any = Condition::any();
    for part in parts {
        let pattern = format!("%{}%", query::escape_like(&part.to_lowercase()));
        for column in columns {
            let text = Expr::col((column.entity_name(), *column)).cast_as("text");
            let like = LikeExpr::new(pattern.clone()).escape('\\');
            any = any.add(Expr::expr(Func::lower(text)).like(like));
        }
    }
    any
}

impl<'a, C: Connection> Mentions<'a, C> {
    pub(crate) fn new(store: &'a Store<C>) -> Self {
        Mentions(store)
    }

    async fn find_where<R: Record>(&self, condition: Condition) -> Result<Vec<R>, Error> {
        if condition.is_empty() {
            return Ok(Vec::new());
        }
        let select = R::Entity::find().filter(condition).into_query();
        let rows = self.0.connection.query_all(&select).await?;
        rows.iter().map(read::<R>).collect()
    }

    /// Returns the open and ignored detections whose path, component name or repo contains any of
    /// these texts.
    pub async fn detections(&self, parts: &[String]) -> Result<Vec<DriftDetection>, Error> {
        use drift_detection::Column;
        let columns = [Column::FilePath, Column::ComponentName, Column::Repo];
        let any = any_column_contains(&columns, parts);
        if any.is_empty() {
            return Ok(Vec::new());
        }
        let is_unresolved = query::any(
            Column::Status,
            &[DetectionStatus::Open, DetectionStatus::Ignored],
        );
        self.find_where(Condition::all().add_option(is_unresolved).add(any))
            .await
    }

    /// Returns the tasks whose related files contain any of these strings, and those with these
    /// ids.
    pub async fn tasks(&self, parts: &[String], ids: &[TaskId]) -> Result<Vec<Task>, Error> {
        use task::Column;
        self.find_where(
            any_column_contains(&[Column::RelatedFiles], parts)
                .add_option(query::any(Column::Id, ids)),
        )
        .await
    }

    /// Returns the open issues whose additional fields contain any of these strings, and those
    /// related to any of these tasks.
    pub async fn issues(&self, parts: &[String], tasks: &[TaskId]) -> Result<Vec<Issue>, Error> {
        use issue::Column;
        let any = any_column_contains(&[Column::DocumentFields, Column::ExtraMetadata], parts)
            .add_option(query::any_of(
                [Column::RelatedTaskId, Column::RelatedTaskMissing],
                tasks,
            ));
        if any.is_empty() {
            return Ok(Vec::new());
        }
        let open = query::any(Column::Status, &[IssueStatus::Open]);
        self.find_where(Condition::all().add_option(open).add(any))
            .await
    }

    /// Returns the activities whose files contain any of these strings.
    pub async fn activities(&self, parts: &[String]) -> Result<Vec<Activity>, Error> {
        use session_activity::Column;
        let columns = [Column::FilesCreated, Column::FilesModified];
        self.find_where(any_column_contains(&columns, parts)).await
    }

    /// Returns the decisions whose related files or documentation contain any of these strings,
    /// those linked to any of these components, and those with these ids.
    pub async fn decisions(
        &self,
        parts: &[String],
        components: &[String],
        ids: &[DecisionId],
    ) -> Result<Vec<Decision>, Error> {
        use decision::Column;
        let any = any_column_contains(&[Column::RelatedFiles, Column::Documentation], parts)
            .add(any_column_contains(
                &[Column::RelatedComponents],
                components,
            ))
            .add_option(query::any(Column::Id, ids));
        self.find_where(any).await
    }
}
