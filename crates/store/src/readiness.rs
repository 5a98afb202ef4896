//! Which tasks can be begun, which wait, and the edges between them: answered by the database,
//! over the rows of `task_dependencies`, without reading the tasks themselves.

use std::collections::HashMap;

use sea_orm::sea_query::{
    Alias, CaseStatement, CommonTableExpression, Expr, ExprTrait, Func, Query, SelectStatement,
    SimpleExpr, UnionType, WithClause,
};
use sea_orm::{
    ColumnTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use wsdb_core::{Edge, Priority, Task, TaskFilter, TaskId, TaskStatus, Timestamp, Vocabulary};

use crate::entity::task::{Column, Entity};
use crate::entity::{task_claim, task_dependency};
use crate::query;
use crate::record::Filter;
use crate::row::read;
use crate::{Connection, Error, Tasks};

/// A task that can be begun.
#[derive(Debug, Clone, PartialEq)]
pub struct Ready {
    /// The task.
    pub task: Task,
    /// How many open tasks wait for it directly.
    pub unblocks: u64,
}

const UNBLOCKS: &str = "unblocks";
const EDGE: &str = "edge";
const OTHER: &str = "other";

fn words(ended: bool) -> impl Iterator<Item = &'static str> {
    let all = TaskStatus::ALL.iter().copied();
    all.filter(move |status| status.is_ended() == ended)
        .map(Vocabulary::word)
}

fn edge(column: task_dependency::Column) -> SimpleExpr {
    Expr::col((Alias::new(EDGE), column))
}

/// The task `other` at one end of the edge is over. One that is missing is not.
fn over(end: task_dependency::Column) -> SelectStatement {
    let other = |column: Column| Expr::col((Alias::new(OTHER), column));
    Query::select()
        .expr(Expr::val(1))
        .from_as(Entity, Alias::new(OTHER))
        .and_where(other(Column::Id).equals((Alias::new(EDGE), end)))
        .and_where(other(Column::Status).is_in(words(true)))
        .take()
}

/// The edges of the task in hand to what is not over.
fn waits() -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from_as(task_dependency::Entity, Alias::new(EDGE))
        .and_where(edge(task_dependency::Column::TaskId).equals((Entity, Column::Id)))
        .and_where(Expr::not_exists(over(task_dependency::Column::DependsOn)))
        .take()
}

/// How many open tasks wait for the task in hand.
fn waiting() -> SelectStatement {
    Query::select()
        .expr(Func::count(Expr::val(1)))
        .from_as(task_dependency::Entity, Alias::new(EDGE))
        .and_where(edge(task_dependency::Column::DependsOn).equals((Entity, Column::Id)))
        .and_where(Expr::not_exists(over(task_dependency::Column::TaskId)))
        .take()
}

fn held(column: task_claim::Column) -> SimpleExpr {
    Expr::col((task_claim::Entity, column))
}

/// The tasks with a claim that is like this. There are few of them: a list costs less than a look
/// at the claim of each task.
fn claimed(condition: SimpleExpr) -> SelectStatement {
    Query::select()
        .expr(held(task_claim::Column::Id))
        .from(task_claim::Entity)
        .and_where(condition)
        .take()
}

/// A lease that goes on, of `who` or, without `who`, of anybody.
fn lease(who: Option<&str>, now: Timestamp) -> SimpleExpr {
    let goes_on = held(task_claim::Column::Expires).gt(now.utc());
    match who {
        Some(who) => goes_on.and(held(task_claim::Column::Holder).eq(who)),
        None => goes_on,
    }
}

/// What has been begun can be gone on with where its lease is over, or by who holds it.
fn ready(filter: &TaskFilter, who: Option<&str>, now: Timestamp) -> Select<Entity> {
    use task_claim::Column::{Expires, Holder};
    let begun = TaskStatus::InProgress.word();
    let begins = [TaskStatus::Pending, TaskStatus::Approved].map(Vocabulary::word);
    let status = || Expr::col((Entity, Column::Status));
    let id = || Expr::col((Entity, Column::Id));
    let over = held(Expires).lte(now.utc());
    let (others, free) = match who {
        None => (lease(None, now), over),
        Some(who) => (
            lease(None, now).and(held(Holder).ne(who)),
            over.or(held(Holder).eq(who)),
        ),
    };
    Entity::find()
        .filter(filter.condition())
        .filter(status().is_in(begins.into_iter().chain([begun])))
        .filter(status().ne(begun).or(id().in_subquery(claimed(free))))
        .filter(id().not_in_subquery(claimed(others)))
        .filter(Expr::not_exists(waits()))
}

fn blocked(filter: &TaskFilter) -> Select<Entity> {
    Entity::find()
        .filter(filter.condition())
        .filter(Expr::col((Entity, Column::Status)).is_in(words(false)))
        .filter(Expr::exists(waits()))
}

fn order(reverse: bool) -> (Order, Order) {
    match reverse {
        false => (Order::Asc, Order::Desc),
        true => (Order::Desc, Order::Asc),
    }
}

/// Every edge, as `edge`; with `open`, only those between tasks that are not over.
fn edges(open: bool) -> SelectStatement {
    let mut select = Query::select()
        .expr(edge(task_dependency::Column::TaskId))
        .expr(edge(task_dependency::Column::DependsOn))
        .from_as(task_dependency::Entity, Alias::new(EDGE))
        .take();
    if open {
        for end in [
            task_dependency::Column::TaskId,
            task_dependency::Column::DependsOn,
        ] {
            select.and_where(Expr::not_exists(over(end)));
        }
    }
    select
}

/// What is reached from a task along edges, as the rows `name` of a query.
fn reach(
    name: &'static str,
    id: &TaskId,
    open: bool,
    from: task_dependency::Column,
    to: task_dependency::Column,
) -> CommonTableExpression {
    let mut step = edges(open).clear_selects().expr(edge(to)).take();
    let before = (Alias::new(name), Alias::new("id"));
    let further = step
        .clone()
        .inner_join(Alias::new(name), edge(from).equals(before))
        .take();
    // The first step is taken from the table, too: so the ids have its collation.
    let all = step
        .and_where(edge(from).eq(id.as_str()))
        .union(UnionType::Distinct, further)
        .take();
    CommonTableExpression::new()
        .query(all)
        .table_name(Alias::new(name))
        .column(Alias::new("id"))
        .to_owned()
}

fn among(name: &'static str) -> SelectStatement {
    Query::select()
        .column(Alias::new("id"))
        .from(Alias::new(name))
        .take()
}

impl<C: Connection> Tasks<'_, C> {
    /// The tasks of `filter` that can be begun, and how many there are over all pages: pending or
    /// approved, or begun under a lease that is over; all that they depend on is there and over;
    /// and nobody has them in hand but `who`, whose own come first. Then the most pressing, then
    /// those that most open tasks wait for, then the oldest; `filter.sort` is not asked.
    ///
    /// # Errors
    /// [`Error::Corrupt`], or what the database reports.
    pub async fn ready(
        &self,
        filter: &TaskFilter,
        who: Option<&str>,
        now: Timestamp,
    ) -> Result<(Vec<Ready>, u64), Error> {
        let unblocks = Expr::SubQuery(None, Box::new(waiting().into()));
        let own = who.map(|who| {
            let id = Expr::col((Entity, Column::Id));
            let own = id.in_subquery(claimed(lease(Some(who), now)));
            CaseStatement::new()
                .case(own, Expr::val(0))
                .finally(Expr::val(1))
                .into()
        });
        self.part(ready(filter, who, now), own, unblocks, filter)
            .await
    }

    /// The open tasks of `filter` that wait for something, and how many there are over all pages:
    /// for another open task, or one that isn't there. The most pressing first, then the oldest;
    /// `filter.sort` is not asked.
    ///
    /// # Errors
    /// [`Error::Corrupt`], or what the database reports.
    pub async fn blocked(&self, filter: &TaskFilter) -> Result<(Vec<Task>, u64), Error> {
        let nobody_asks = Expr::val(0i64).cast_as(Alias::new("bigint"));
        let (found, total) = self
            .part(blocked(filter), None, nobody_asks, filter)
            .await?;
        Ok((found.into_iter().map(|ready| ready.task).collect(), total))
    }

    /// A page of what is chosen, and how much there is: in one pass over the edges, which costs
    /// more than the tasks do.
    async fn part(
        &self,
        chosen: Select<Entity>,
        before_all: Option<SimpleExpr>,
        unblocks: SimpleExpr,
        filter: &TaskFilter,
    ) -> Result<(Vec<Ready>, u64), Error> {
        let connection = &self.store().connection;
        let (first, most) = order(filter.reverse);
        let mut ordered = chosen
            .clone()
            .select_only()
            .column(Column::Id)
            .expr_as(unblocks, UNBLOCKS)
            .expr_as(Expr::cust("COUNT(*) OVER ()"), "total");
        if let Some(before_all) = before_all {
            ordered = ordered.order_by(before_all, first.clone());
        }
        let ordered = ordered
            .order_by(query::rank::<Priority, _>(Column::Priority), first.clone())
            .order_by(Expr::col(Alias::new(UNBLOCKS)), most)
            .order_by(Column::Created, first.clone())
            .order_by(Column::Id, first);
        let rows: Vec<(String, i64, i64)> = query::paged(ordered, filter.page)
            .into_tuple()
            .all(connection)
            .await?;
        let total = match rows.first() {
            Some((_, _, total)) => total.unsigned_abs(),
            None => chosen.count(connection).await?,
        };
        let mut known = HashMap::with_capacity(rows.len());
        for chunk in rows.chunks(1000) {
            let ids = chunk.iter().map(|(id, _, _)| id.as_str());
            let select = Entity::find().filter(Column::Id.is_in(ids)).into_query();
            for row in connection.query_all(&select).await? {
                let task = read::<Task>(&row)?;
                known.insert(task.id.as_str().to_owned(), task);
            }
        }
        // What is gone between the two questions is left out.
        let ready = rows.into_iter().filter_map(|(id, unblocks, _)| {
            let task = known.remove(&id)?;
            Some(Ready {
                task,
                unblocks: unblocks.unsigned_abs(),
            })
        });
        Ok((ready.collect(), total))
    }

    /// Every edge of the graph; with `open`, those between tasks that are not over. A task that
    /// is missing is not over.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn edges(&self, open: bool) -> Result<Vec<Edge>, Error> {
        self.read_edges(&edges(open)).await
    }

    /// The edges among a task, all that it waits for and all that wait for it, however far away.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn edges_around(&self, id: &TaskId, open: bool) -> Result<Vec<Edge>, Error> {
        use task_dependency::Column::{DependsOn, TaskId};
        let near = |end| {
            edge(end)
                .eq(id.as_str())
                .or(edge(end).in_subquery(among("above")))
                .or(edge(end).in_subquery(among("below")))
        };
        let select = edges(open)
            .and_where(near(TaskId))
            .and_where(near(DependsOn))
            .take();
        let with = WithClause::new()
            .recursive(true)
            .cte(reach("above", id, open, TaskId, DependsOn))
            .cte(reach("below", id, open, DependsOn, TaskId))
            .to_owned();
        self.read_edges(&with.query(select)).await
    }

    /// The edges of all that wait for a task, however far away, on the way to it.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn edges_to(&self, id: &TaskId) -> Result<Vec<Edge>, Error> {
        use task_dependency::Column::{DependsOn, TaskId};
        let select = edges(false)
            .and_where(
                edge(DependsOn)
                    .eq(id.as_str())
                    .or(edge(DependsOn).in_subquery(among("below"))),
            )
            .take();
        let with = WithClause::new()
            .recursive(true)
            .cte(reach("below", id, false, DependsOn, TaskId))
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
                    TaskId::new(text).map_err(|error| Error::Corrupt {
                        table: "task_dependencies",
                        row: task.clone(),
                        column,
                        reason: error.to_string(),
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
