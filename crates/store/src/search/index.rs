//! Queries of the databases' own full-text indexes, with the syntax of each.

use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, Query, SelectStatement, UnionType};
use sea_orm::{DbBackend, Value};
use wsdb_core::{IdSeries, SearchQuery};

use crate::query::escape_like;

/// The rank of a record whose id is the query.
const EXACT_RANK: f64 = 1000.0;

/// The rank of a record whose id starts with the query.
const PREFIX_RANK: f64 = 500.0;

/// Selects the rows that match: kind, id and rank; a record may occur more than once.
pub(super) fn match_query(query: &SearchQuery, backend: DbBackend) -> SelectStatement {
    let mut matches = match backend {
        DbBackend::Sqlite => in_fts5(query),
        _ => {
            let sources = [
                ("activity", "session_activities"),
                ("task", "workspace_tasks"),
                ("session", "workspace_sessions"),
                ("issue", "cross_repo_issues"),
                ("decision", "architecture_decisions"),
                ("detection", "drift_detections"),
            ];
            let matches = sources.map(|(noun, table)| in_vectors(query, noun, table));
            union_all(matches).unwrap_or_default()
        }
    };
    let mut add_ids = |noun: &str, table, series: Option<&IdSeries>| {
        let ids = query.ids(series);
        if !ids.is_empty() {
            let by_id = Query::select()
                .expr(Expr::val(noun))
                .column("id")
                .expr(Expr::val(EXACT_RANK))
                .from(table)
                .and_where(Expr::col("id").is_in(ids))
                .to_owned();
            matches.union(UnionType::All, by_id);
        }
        if let Some(prefix) = query.id_prefix() {
            let pattern = format!("{}%", escape_like(&prefix.to_lowercase()));
            let id = Func::lower(Expr::col("id"));
            let by_id = Query::select()
                .expr(Expr::val(noun))
                .column("id")
                .expr(Expr::val(PREFIX_RANK))
                .from(table)
                .and_where(Expr::expr(id).like(LikeExpr::new(pattern).escape('\\')))
                .to_owned();
            matches.union(UnionType::All, by_id);
        }
    };
    add_ids("task", "workspace_tasks", Some(&IdSeries::TASKS));
    add_ids("session", "workspace_sessions", None);
    add_ids("issue", "cross_repo_issues", Some(&IdSeries::ISSUES));
    add_ids(
        "decision",
        "architecture_decisions",
        Some(&IdSeries::DECISIONS),
    );
    add_ids("detection", "drift_detections", Some(&IdSeries::DETECTIONS));
    matches
}

/// Returns a query in FTS5 syntax. Terms are quoted, so that nothing in them is an operator.
fn fts5(query: &SearchQuery) -> String {
    let terms = |excluded: bool, between: &str| {
        let terms = query.terms().iter().filter(|t| t.excluded == excluded);
        let terms: Vec<String> = terms
            .map(|term| {
                let texts = term.index_texts().into_iter().map(|text| {
                    let star = if text.is_prefix { " *" } else { "" };
                    format!("\"{}\"{star}", text.words.replace('"', "\"\""))
                });
                let texts: Vec<String> = texts.collect();
                match texts.as_slice() {
                    [text] => text.clone(),
                    texts => format!("({})", texts.join(" OR ")),
                }
            })
            .collect();
        terms.join(between)
    };
    let (included, excluded) = (terms(false, " AND "), terms(true, " OR "));
    match excluded.as_str() {
        "" => included,
        excluded => format!("({included}) NOT ({excluded})"),
    }
}

fn in_fts5(query: &SearchQuery) -> SelectStatement {
    let rows = |column: &'static str| Expr::col(("search_rows", column));
    Query::select()
        .expr(rows("noun"))
        .expr(rows("record_id"))
        .expr(Expr::cust("-bm25(search_index, 8.0, 2.0, 1.0, 1.0, 1.0)"))
        .from("search_index")
        .inner_join(
            "search_rows",
            rows("number").equals(("search_index", "rowid")),
        )
        .and_where(Expr::cust_with_values(
            "search_index MATCH ?",
            [fts5(query)],
        ))
        .to_owned()
}

/// Returns a query as a tsquery expression with its values; `wsdb_query` converts each term.
fn tsquery(query: &SearchQuery) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = Vec::new();
    let terms: Vec<String> = query
        .terms()
        .iter()
        .map(|term| {
            let texts = term.index_texts().into_iter().map(|text| {
                values.extend([text.words.into(), text.is_prefix.into()]);
                let (word, is_prefix) = (values.len() - 1, values.len());
                format!("wsdb_query(${word}, ${is_prefix})")
            });
            let texts: Vec<String> = texts.collect();
            let not = if term.excluded { "!!" } else { "" };
            format!("{not}({})", texts.join(" || "))
        })
        .collect();
    (format!("({})", terms.join(" && ")), values)
}

fn in_vectors(query: &SearchQuery, noun: &str, table: &'static str) -> SelectStatement {
    let (words, values) = tsquery(query);
    // The weights of the labels D, C, B and A; 1 lowers the rank of long text.
    let rank = format!("ts_rank_cd('{{0, 0.1, 0.2, 1}}', search_words, {words}, 1)::float8");
    Query::select()
        .expr(Expr::val(noun))
        .column("id")
        .expr(Expr::cust_with_values(rank, values.clone()))
        .from(table)
        .and_where(Expr::cust_with_values(
            format!("search_words @@ {words}"),
            values,
        ))
        .to_owned()
}

/// Combines selects with UNION ALL.
pub(super) fn union_all(
    selects: impl IntoIterator<Item = SelectStatement>,
) -> Option<SelectStatement> {
    let mut selects = selects.into_iter();
    let mut all = selects.next()?;
    for select in selects {
        all.union(UnionType::All, select);
    }
    Some(all)
}
