//! Ready and blocked tasks, and the dependencies between tasks. The database answers these queries
//! from the rows of `task_dependencies`, without reading the tasks themselves.

use std::collections::HashMap;

use sea_orm::sea_query::{
    CaseStatement, CommonTableExpression, Expr, ExprTrait, Func, Query, SelectStatement,
    SimpleExpr, UnionType, WithClause,
};
use sea_orm::{EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use wsdb_core::{Edge, Priority, Task, TaskFilter, TaskId, TaskStatus, Timestamp, Vocabulary};

use crate::entity::task::{Column, Entity};
use crate::entity::{task_claim, task_dependency};
use crate::query;
use crate::record::Filter;
use crate::{Connection, Error, Tasks};

/// A task that is ready to be started.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadyTask {
    /// The task.
    pub task: Task,
    /// The number of open tasks that depend on it directly.
    pub unblocks: u64,
}

const UNBLOCKS: &str = "unblocks";
const DEPENDENCY: &str = "dependency";
const BLOCKER: &str = "blocker";

fn status_names(is_terminal: bool) -> impl Iterator<Item = &'static str> {
    let all = TaskStatus::ALL.iter().copied();
    all.filter(move |status| status.is_terminal() == is_terminal)
        .map(Vocabulary::as_str)
}

fn edge(column: task_dependency::Column) -> SimpleExpr {
    Expr::col((DEPENDENCY, column))
}

/// Selects the task at one end of the dependency if it is closed. A missing task is not closed.
fn select_closed_dependency(end: task_dependency::Column) -> SelectStatement {
    let blocker = |column: Column| Expr::col((BLOCKER, column));
    Query::select()
        .expr(Expr::val(1))
        .from_as(Entity, BLOCKER)
        .and_where(blocker(Column::Id).equals((DEPENDENCY, end)))
        .and_where(blocker(Column::Status).is_in(status_names(true)))
        .take()
}

/// Selects the edges from the outer query's task to tasks that are not closed.
fn open_dependencies() -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from_as(task_dependency::Entity, DEPENDENCY)
        .and_where(edge(task_dependency::Column::TaskId).equals((Entity, Column::Id)))
        .and_where(Expr::not_exists(select_closed_dependency(
            task_dependency::Column::DependsOn,
        )))
        .take()
}

/// Counts the open tasks that depend on the outer query's task.
fn count_open_dependents() -> SelectStatement {
    Query::select()
        .expr(Func::count(Expr::val(1)))
        .from_as(task_dependency::Entity, DEPENDENCY)
        .and_where(edge(task_dependency::Column::DependsOn).equals((Entity, Column::Id)))
        .and_where(Expr::not_exists(select_closed_dependency(
            task_dependency::Column::TaskId,
        )))
        .take()
}

fn claim_column(column: task_claim::Column) -> SimpleExpr {
    Expr::col((task_claim::Entity, column))
}

/// Selects the tasks with a claim that matches a condition. There are few claims: a list of them
/// costs less than looking up the claim of each task.
fn claimed(condition: SimpleExpr) -> SelectStatement {
    Query::select()
        .expr(claim_column(task_claim::Column::Id))
        .from(task_claim::Entity)
        .and_where(condition)
        .take()
}

/// Matches claims of `who`, or of anybody without `who`, whose lease has not expired.
fn valid_lease(who: Option<&str>, now: Timestamp) -> SimpleExpr {
    let is_valid = claim_column(task_claim::Column::Expires).gt(now.utc());
    match who {
        Some(who) => is_valid.and(claim_column(task_claim::Column::Holder).eq(who)),
        None => is_valid,
    }
}

/// Selects the ready tasks. A task in progress is ready if its lease has expired, or for the holder
/// of its claim.
fn select_ready(filter: &TaskFilter, who: Option<&str>, now: Timestamp) -> Select<Entity> {
    use task_claim::Column::{Expires, Holder};
    let in_progress = TaskStatus::InProgress.as_str();
    let startable = [TaskStatus::Pending, TaskStatus::Approved].map(Vocabulary::as_str);
    let status = || Expr::col((Entity, Column::Status));
    let id = || Expr::col((Entity, Column::Id));
    let has_expired = claim_column(Expires).lte(now.utc());
    let (others, free) = match who {
        None => (valid_lease(None, now), has_expired),
        Some(who) => (
            valid_lease(None, now).and(claim_column(Holder).ne(who)),
            has_expired.or(claim_column(Holder).eq(who)),
        ),
    };
    Entity::find()
        .filter(filter.condition())
        .filter(status().is_in(startable.into_iter().chain([in_progress])))
        .filter(status().ne(in_progress).or(id().in_subquery(claimed(free))))
        .filter(id().not_in_subquery(claimed(others)))
        .filter(Expr::not_exists(open_dependencies()))
}

/// Matches tasks with the status blocked and those with an open dependency.
fn is_blocked() -> SimpleExpr {
    let status = Expr::col((Entity, Column::Status));
    let blocked = TaskStatus::Blocked.as_str();
    status.eq(blocked).or(Expr::exists(open_dependencies()))
}

fn blocked(filter: &TaskFilter) -> Select<Entity> {
    Entity::find()
        .filter(filter.condition())
        .filter(Expr::col((Entity, Column::Status)).is_in(status_names(false)))
        .filter(is_blocked())
}

fn orders(reverse: bool) -> (Order, Order) {
    if reverse {
        (Order::Desc, Order::Asc)
    } else {
        (Order::Asc, Order::Desc)
    }
}

/// Selects every edge, as [`DEPENDENCY`]; with `open`, only those between tasks that are not closed.
fn edges(open: bool) -> SelectStatement {
    let mut select = Query::select()
        .expr(edge(task_dependency::Column::TaskId))
        .expr(edge(task_dependency::Column::DependsOn))
        .from_as(task_dependency::Entity, DEPENDENCY)
        .take();
    if open {
        for end in [
            task_dependency::Column::TaskId,
            task_dependency::Column::DependsOn,
        ] {
            select.and_where(Expr::not_exists(select_closed_dependency(end)));
        }
    }
    select
}

/// Builds the recursive query `name` of the tasks that can be reached from a task along edges.
fn reachable_cte(
    name: &'static str,
    id: &TaskId,
    open: bool,
    from: task_dependency::Column,
    to: task_dependency::Column,
) -> CommonTableExpression {
    let mut edges = edges(open).clear_selects().expr(edge(to)).take();
    let before = (name, "id");
    let next_ids = edges
        .clone()
        .inner_join(name, edge(from).equals(before))
        .take();
    // The first ids are read from the table, too, so that they have its collation.
    let all_ids = edges
        .and_where(edge(from).eq(id.as_str()))
        .union(UnionType::Distinct, next_ids)
        .take();
    CommonTableExpression::new()
        .query(all_ids)
        .table_name(name)
        .column("id")
        .to_owned()
}

fn select_from_cte(name: &'static str) -> SelectStatement {
    Query::select().column("id").from(name).take()
}

impl<C: Connection> Tasks<'_, C> {
    /// Returns the tasks of `filter` that are ready, and their number on all pages. A task is ready
    /// if it is pending or approved, or in progress with an expired lease; all its dependencies
    /// exist and are closed; and nobody but `who` has claimed it.
    ///
    /// The tasks claimed by `who` come first, then those with the highest priority, then those that
    /// most open tasks depend on, then the oldest; `filter.sort` is ignored.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn ready(
        &self,
        filter: &TaskFilter,
        who: Option<&str>,
        now: Timestamp,
    ) -> Result<(Vec<ReadyTask>, u64), Error> {
        let unblocks = Expr::SubQuery(None, Box::new(count_open_dependents().into()));
        let own_first = who.map(|who| {
            let id = Expr::col((Entity, Column::Id));
            let is_own = id.in_subquery(claimed(valid_lease(Some(who), now)));
            CaseStatement::new()
                .case(is_own, Expr::val(0))
                .finally(Expr::val(1))
                .into()
        });
        self.page_of(select_ready(filter, who, now), own_first, unblocks, filter)
            .await
    }

    /// Returns the open tasks of `filter` that have the status blocked or depend on an open or missing
    /// task, and their number on all pages. The highest priority comes first, then the oldest; `filter.sort` is ignored.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn blocked(&self, filter: &TaskFilter) -> Result<(Vec<Task>, u64), Error> {
        self.page_by_priority(blocked(filter), filter).await
    }

    /// Returns a page of the selected tasks, highest priority first, then the oldest; and their number.
    async fn page_by_priority(
        &self,
        tasks: Select<Entity>,
        filter: &TaskFilter,
    ) -> Result<(Vec<Task>, u64), Error> {
        let unblocks = Expr::val(0i64).cast_as("bigint");
        let (tasks, total) = self.page_of(tasks, None, unblocks, filter).await?;
        Ok((tasks.into_iter().map(|ready| ready.task).collect(), total))
    }

    /// Returns the tasks of `filter` that are assigned to nobody, claimed by nobody and not blocked, and
    /// their number on all pages. The highest priority comes first, then the oldest; `filter.sort` is
    /// ignored.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn unassigned(&self, filter: &TaskFilter) -> Result<(Vec<Task>, u64), Error> {
        let filter = TaskFilter {
            assigned: Some(false),
            ..filter.clone()
        };
        let anybody = claimed(Expr::val(true));
        let select = Entity::find()
            .filter(filter.condition())
            .filter(Expr::col((Entity, Column::Id)).not_in_subquery(anybody))
            .filter(is_blocked().not());
        self.page_by_priority(select, &filter).await
    }

    /// Returns a page of the selected tasks, and their number, with one pass over the edges, which
    /// cost more than the tasks.
    async fn page_of(
        &self,
        tasks: Select<Entity>,
        first_of_all: Option<SimpleExpr>,
        unblocks: SimpleExpr,
        filter: &TaskFilter,
    ) -> Result<(Vec<ReadyTask>, u64), Error> {
        let connection = &self.store().connection;
        let (order, reverse_order) = orders(filter.reverse);
        let mut ordered = tasks
            .clone()
            .select_only()
            .column(Column::Id)
            .expr_as(unblocks, UNBLOCKS)
            .expr_as(Expr::cust("COUNT(*) OVER ()"), "total");
        if let Some(first_of_all) = first_of_all {
            ordered = ordered.order_by(first_of_all, order.clone());
        }
        let ordered = ordered
            .order_by(query::rank::<Priority, _>(Column::Priority), order.clone())
            .order_by(Expr::col(UNBLOCKS), reverse_order)
            .order_by(Column::Created, order.clone())
            .order_by(Column::Id, order);
        let rows: Vec<(String, i64, i64)> = query::paged(ordered, filter.page)
            .into_tuple()
            .all(connection)
            .await?;
        let total = match rows.first() {
            Some((_, _, total)) => total.unsigned_abs(),
            None => tasks.count(connection).await?,
        };
        let ids: Vec<&str> = rows.iter().map(|(id, _, _)| id.as_str()).collect();
        let loaded = self.get_many(&ids).await?.into_iter();
        let mut loaded: HashMap<String, Task> =
            loaded.map(|task| (task.id.to_string(), task)).collect();
        // Tasks deleted between the two queries are left out.
        let ready = rows.into_iter().filter_map(|(id, unblocks, _)| {
            let task = loaded.remove(&id)?;
            Some(ReadyTask {
                task,
                unblocks: unblocks.unsigned_abs(),
            })
        });
        Ok((ready.collect(), total))
    }

    /// Returns every edge of the graph; with `open`, only those between tasks that are not closed.
    /// A missing task is not closed.
    pub async fn edges(&self, open: bool) -> Result<Vec<Edge>, Error> {
        self.read_edges(&edges(open)).await
    }

    /// Returns the edges between a task and its direct and indirect dependencies and dependents.
    pub async fn edges_around(&self, id: &TaskId, open: bool) -> Result<Vec<Edge>, Error> {
        use task_dependency::Column::{DependsOn, TaskId};
        let near = |end| {
            edge(end)
                .eq(id.as_str())
                .or(edge(end).in_subquery(select_from_cte("above")))
                .or(edge(end).in_subquery(select_from_cte("below")))
        };
        let select = edges(open)
            .and_where(near(TaskId))
            .and_where(near(DependsOn))
            .take();
        let with = WithClause::new()
            .recursive(true)
            .cte(reachable_cte("above", id, open, TaskId, DependsOn))
            .cte(reachable_cte("below", id, open, DependsOn, TaskId))
            .to_owned();
        self.read_edges(&with.query(select)).await
    }

    /// Returns the edges by which other tasks depend on a task, directly or indirectly.
    pub async fn edges_to(&self, id: &TaskId) -> Result<Vec<Edge>, Error> {
        use task_dependency::Column::{DependsOn, TaskId};
        let select = edges(false)
            .and_where(
                edge(DependsOn)
                    .eq(id.as_str())
                    .or(edge(DependsOn).in_subquery(select_from_cte("below"))),
            )
            .take();
        let with = WithClause::new()
            .recursive(true)
            .cte(reachable_cte("below", id, false, DependsOn, TaskId))
            .to_owned();
        self.read_edges(&with.query(select)).await
    }

    async fn read_edges(
        &self,
        select: &impl sea_orm::StatementBuilder,
    ) -> Result<Vec<Edge>, Error> {
        let rows = self.store().connection.query_all(select).await?;
        rows.iter()
            .map(|row| {
                let (task, depends_on): (String, String) =
                    (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
                let id = |text: String, column| {
                    TaskId::new(text).map_err(|error| {
                        Error::corrupt("task_dependencies", task.as_str(), column, error)
                    })
                };
                Ok(Edge {
                    depends_on: id(depends_on, "depends_on")?,
                    task: id(task.clone(), "task_id")?,
                })
            })
            .collect()
    }
}
