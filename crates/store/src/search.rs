//! Full-text search in the databases' own indexes: FTS5 on SQLite, tsvector on PostgreSQL. The
//! database keeps both up to date, with the triggers and generated columns made by the migration.

mod hits;
mod index;

use sea_orm::sea_query::{
    CommonTableExpression, Condition, Expr, ExprTrait, Func, Query, SelectStatement, WithClause,
};
use sea_orm::{EntityTrait, IdenStatic, Order};
use wsdb_core::{
    DecisionFilter, DetectionFilter, Hit, IssueFilter, SearchFilter, SearchNoun, SessionFilter,
    StatusFilter, TaskFilter, Vocabulary,
};

use crate::entity::{decision, drift_detection, issue, session, task};
use crate::query::clamp_to_i64;
use crate::record::Filter;
use crate::{Connection, Error, Store};
use hits::Match;

/// Searches the records; see [`Store::search`].
#[derive(Debug)]
pub struct Search<'a, C>(&'a Store<C>);

/// A page of search results, best first, and the total number.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits {
    /// The requested page.
    pub hits: Vec<Hit>,
    /// The number of results on all pages.
    pub total: u64,
}

impl<'a, C: Connection> Search<'a, C> {
    pub(crate) fn new(store: &'a Store<C>) -> Self {
        Search(store)
    }

    /// Returns the records that contain the words, best first. A session is found by its own text,
    /// and by that of each of its activities. If the query is an id, or the number of one, that
    /// record comes first.
    ///
    /// On PostgreSQL, text after the first 40,000 characters is not searched, and of Chinese, Japanese
    /// and Korean the text after the first 23,000; words of three or more of their characters are
    /// found in the first 16,000. Non-ASCII letters match regardless of case only if the database has
    /// a UTF-8 locale. Accents are ignored on both databases.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read. No query is invalid.
    pub async fn find(&self, filter: &SearchFilter) -> Result<Hits, Error> {
        let connection = &self.0.connection;
        let backend = connection.get_database_backend();
        let Some(branches) = union_query(filter) else {
            return Ok(Hits {
                hits: Vec::new(),
                total: 0,
            });
        };
        let matches = CommonTableExpression::new()
            .query(index::match_query(&filter.query, backend))
            .table_name("found")
            .columns(["noun", "id", "rank"])
            // FTS5 provides ranks only to the query itself, not to one that SQLite merges it into.
            .materialized(true)
            .to_owned();
        let with = WithClause::new().cte(matches).to_owned();

        let mut page = select_best_matches(branches.clone());
        page.expr_as(Expr::cust("count(*) OVER ()"), "total")
            .order_by("rank", Order::Desc)
            .order_by_expr(Func::max(Expr::col("at")).into(), Order::Desc)
            .order_by("noun", Order::Asc)
            .order_by("id", Order::Asc)
            .limit(clamp_to_i64(filter.page.limit.unwrap_or(u64::MAX)))
            .offset(clamp_to_i64(filter.page.offset));
        let rows = connection.query_all(&page.with(with.clone())).await?;

        let mut total = 0;
        let mut matches = Vec::with_capacity(rows.len());
        for row in &rows {
            let noun_number: i32 = row.try_get_by("noun")?;
            let mut nouns = SearchNoun::ALL.iter();
            let Some(noun) = nouns.find(|noun| number(**noun) == noun_number) else {
                continue;
            };
            let rows: i64 = row.try_get_by("total")?;
            total = rows.unsigned_abs();
            matches.push(Match {
                noun: *noun,
                id: row.try_get_by("id")?,
                rank: row.try_get_by("rank")?,
            });
        }
        if rows.is_empty() && (filter.page.offset > 0 || filter.page.limit == Some(0)) {
            // The page has no row that could carry the total.
            let all = Query::select()
                .expr(Func::count(Expr::val(1)))
                .from_subquery(select_best_matches(branches), "hits")
                .to_owned();
            let row = connection.query_one(&all.with(with)).await?;
            let all: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?;
            total = all.unwrap_or_default().unsigned_abs();
        }
        let hits = hits::load(self.0, filter, matches).await?;
        Ok(Hits { hits, total })
    }
}

/// Returns a kind's number, by which results are ordered if nothing else differs.
fn number(noun: SearchNoun) -> i32 {
    SearchNoun::ALL
        .iter()
        .zip(0..)
        .find_map(|(known, at)| (*known == noun).then_some(at))
        .unwrap_or_default()
}

/// Selects the results of one kind that match a condition: kind, id, rank and time.
fn noun_query<E: EntityTrait>(
    noun: SearchNoun,
    id: E::Column,
    at: E::Column,
    condition: Condition,
) -> SelectStatement {
    let table = E::default().table_name();
    let own = |column: E::Column| Expr::col((table, column.as_str()));
    Query::select()
        .expr_as(Expr::val(number(noun)), "noun")
        .expr_as(own(id), "id")
        .expr_as(Expr::col(("found", "rank")), "rank")
        .expr_as(own(at), "at")
        .from("found")
        .inner_join(table, own(id).equals(("found", "id")))
        .and_where(Expr::col(("found", "noun")).eq(noun.as_str()))
        .cond_where(condition)
        .to_owned()
}

/// Returns the requested statuses that a kind has; `None` if there are requested ones, but it has
/// none of them.
fn statuses<S: Copy>(filter: &SearchFilter, of: fn(&StatusFilter) -> &[S]) -> Option<Vec<S>> {
    let own: Vec<S> = filter.status.iter().flat_map(of).copied().collect();
    (filter.status.is_empty() || !own.is_empty()).then_some(own)
}

/// Selects all results that match the filter; `None` if it excludes every kind.
fn union_query(filter: &SearchFilter) -> Option<SelectStatement> {
    let is_requested = |noun| filter.nouns.is_empty() || filter.nouns.contains(&noun);
    let (repo, since) = (&filter.repo, filter.since);
    let mut selects = Vec::new();
    if is_requested(SearchNoun::Task)
        && let Some(status) = statuses(filter, |status| &status.task)
    {
        let records = TaskFilter {
            status,
            repo: repo.clone(),
            since,
            ..TaskFilter::default()
        };
        let (id, at) = (task::Column::Id, task::Column::Updated);
        selects.push(noun_query::<task::Entity>(
            SearchNoun::Task,
            id,
            at,
            records.condition(),
        ));
    }
    if is_requested(SearchNoun::Session)
        && repo.is_empty()
        && let Some(status) = statuses(filter, |status| &status.session)
    {
        let records = SessionFilter {
            status,
            since,
            ..SessionFilter::default()
        };
        let (id, at) = (session::Column::Id, session::Column::StartTime);
        let condition = records.condition();
        selects.push(noun_query::<session::Entity>(
            SearchNoun::Session,
            id,
            at,
            condition.clone(),
        ));
        selects.push(by_activities(condition));
    }
    if is_requested(SearchNoun::Issue)
        && let Some(status) = statuses(filter, |status| &status.issue)
    {
        let records = IssueFilter {
            status,
            repo: repo.clone(),
            since,
            ..IssueFilter::default()
        };
        let (id, at) = (issue::Column::Id, issue::Column::Detected);
        selects.push(noun_query::<issue::Entity>(
            SearchNoun::Issue,
            id,
            at,
            records.condition(),
        ));
    }
    if is_requested(SearchNoun::Decision)
        && let Some(status) = statuses(filter, |status| &status.decision)
    {
        let records = DecisionFilter {
            status,
            repo: repo.clone(),
            since,
            ..DecisionFilter::default()
        };
        let (id, at) = (decision::Column::Id, decision::Column::Date);
        selects.push(noun_query::<decision::Entity>(
            SearchNoun::Decision,
            id,
            at,
            records.condition(),
        ));
    }
    if is_requested(SearchNoun::Detection)
        && let Some(status) = statuses(filter, |status| &status.detection)
    {
        let records = DetectionFilter {
            status,
            repo: repo.clone(),
            since,
            now: filter.now,
            ..DetectionFilter::default()
        };
        let (id, at) = (
            drift_detection::Column::Id,
            drift_detection::Column::DetectedAt,
        );
        selects.push(noun_query::<drift_detection::Entity>(
            SearchNoun::Detection,
            id,
            at,
            records.condition(),
        ));
    }
    index::union_all(selects)
}

/// Selects the sessions whose activities match.
fn by_activities(condition: Condition) -> SelectStatement {
    let (activities, sessions) = ("session_activities", "workspace_sessions");
    Query::select()
        .expr_as(Expr::val(number(SearchNoun::Session)), "noun")
        .expr_as(Expr::col((sessions, "id")), "id")
        .expr_as(Expr::col(("found", "rank")), "rank")
        .expr_as(Expr::col((sessions, "start_time")), "at")
        .from("found")
        .inner_join(
            activities,
            Expr::col((activities, "id")).equals(("found", "id")),
        )
        .inner_join(
            sessions,
            Expr::col((sessions, "id")).equals((activities, "session_id")),
        )
        .and_where(Expr::col(("found", "noun")).eq("activity"))
        .cond_where(condition)
        .to_owned()
}

/// Selects each record once, with the rank of its best match.
fn select_best_matches(branches: SelectStatement) -> SelectStatement {
    Query::select()
        .columns(["noun", "id"])
        .expr_as(Func::max(Expr::col("rank")), "rank")
        .from_subquery(branches, "branches")
        .group_by_columns(["noun", "id"])
        .to_owned()
}
