//! Pieces of conditions and orders that several nouns share.

use sea_orm::sea_query::{CaseStatement, Condition, Expr, ExprTrait, Func, LikeExpr, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, Order, QueryFilter, QuerySelect, QueryTrait};
use wsdb_core::{Page, Timestamp, Vocabulary};

use crate::links::Link;

/// A LIKE pattern that means the text itself; the escape character is a backslash.
pub(crate) fn escape_like(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// One of these values; `None` where nothing in particular is asked for.
pub(crate) fn any<C: ColumnTrait, V: ToString>(column: C, values: &[V]) -> Option<SimpleExpr> {
    (!values.is_empty()).then(|| column.is_in(values.iter().map(V::to_string)))
}

/// Begins with one of these, in any case.
pub(crate) fn begins<C: ColumnTrait>(column: C, values: &[String]) -> Option<Condition> {
    (!values.is_empty()).then(|| {
        values.iter().fold(Condition::any(), |any, value| {
            let pattern = format!("{}%", escape_like(&value.to_ascii_lowercase()));
            let lower = Func::lower(Expr::col((column.entity_name(), column)));
            any.add(Expr::expr(lower).like(LikeExpr::new(pattern).escape('\\')))
        })
    })
}

/// At or after a time.
pub(crate) fn since<C: ColumnTrait>(column: C, time: Option<Timestamp>) -> Option<SimpleExpr> {
    time.map(|time| Expr::col((column.entity_name(), column)).gte(time.utc()))
}

/// A record whose list has one of these values.
pub(crate) fn listed<L: Link, C: ColumnTrait, V: ToString>(
    id: C,
    values: &[V],
) -> Option<SimpleExpr> {
    (!values.is_empty()).then(|| {
        let owners = L::find()
            .select_only()
            .column(L::OWNER)
            .filter(L::VALUE.is_in(values.iter().map(V::to_string)))
            .into_query();
        id.in_subquery(owners)
    })
}

/// Every word stands in one of the columns, in any case.
pub(crate) fn words<C: ColumnTrait>(columns: &[C], words: &[String]) -> Condition {
    words.iter().fold(Condition::all(), |all, word| {
        all.add(contains(columns, word))
    })
}

/// A text stands in one of the columns, in any case.
pub(crate) fn contains<C: ColumnTrait>(columns: &[C], text: &str) -> Condition {
    let mut any = Condition::any();
    for spelling in spellings(text) {
        let pattern = format!("%{}%", escape_like(&spelling));
        for column in columns {
            let lower = Func::lower(Expr::col((column.entity_name(), *column)));
            any = any.add(Expr::expr(lower).like(LikeExpr::new(pattern.clone()).escape('\\')));
        }
    }
    any
}

/// How a text may be spelled where ASCII letters are in lower case: the databases know upper and
/// lower case of these alone.
fn spellings(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    if text.is_ascii() {
        return vec![lower];
    }
    let mut letters = lower.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    let title = first + letters.as_str();
    let mut all = [text.to_owned(), text.to_uppercase(), title, lower]
        .map(|spelling| spelling.to_ascii_lowercase())
        .to_vec();
    all.sort_unstable();
    all.dedup();
    all
}

/// The rank of a value in its vocabulary; values outside it, and NULL, come last.
pub(crate) fn rank<V: Vocabulary, C: ColumnTrait>(column: C) -> SimpleExpr {
    let mut case = CaseStatement::new();
    for (rank, word) in (0i32..).zip(V::WORDS) {
        case = case.case(
            Expr::col((column.entity_name(), column)).eq(*word),
            Expr::val(rank),
        );
    }
    case.finally(Expr::val(i32::MAX)).into()
}

/// Orders by an expression, then by id.
pub(crate) fn ordered<E, C, X>(
    select: sea_orm::Select<E>,
    by: X,
    id: C,
    reverse: bool,
) -> sea_orm::Select<E>
where
    E: EntityTrait,
    C: ColumnTrait,
    X: sea_orm::IntoSimpleExpr,
{
    use sea_orm::QueryOrder;
    let order = if reverse { Order::Desc } else { Order::Asc };
    select.order_by(by, order.clone()).order_by(id, order)
}

/// The same by a column that may be NULL: those without a value come first on every database.
pub(crate) fn ordered_by_optional<E: EntityTrait>(
    select: sea_orm::Select<E>,
    by: E::Column,
    id: E::Column,
    reverse: bool,
) -> sea_orm::Select<E> {
    use sea_orm::QueryOrder;
    use sea_orm::sea_query::NullOrdering;
    let (order, nulls) = match reverse {
        false => (Order::Asc, NullOrdering::First),
        true => (Order::Desc, NullOrdering::Last),
    };
    select
        .order_by_with_nulls(by, order.clone(), nulls)
        .order_by(id, order)
}

/// How many rows hold each value of a column; NULL is the empty word.
pub(crate) async fn counts<E: EntityTrait>(
    connection: &impl sea_orm::ConnectionTrait,
    select: sea_orm::Select<E>,
    column: E::Column,
) -> Result<Vec<(String, u64)>, crate::Error> {
    let rows: Vec<(Option<String>, i64)> = select
        .select_only()
        .column(column)
        .expr_as(Func::count(Expr::val(1)), "rows")
        .group_by(column)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(value, rows)| (value.unwrap_or_default(), rows.unsigned_abs()))
        .collect())
}

/// One of these values, in either column: a reference stands in the one or in the other.
pub(crate) fn any_of<C: ColumnTrait, V: ToString>(
    columns: [C; 2],
    values: &[V],
) -> Option<Condition> {
    (!values.is_empty()).then(|| {
        Condition::any()
            .add_option(any(columns[0], values))
            .add_option(any(columns[1], values))
    })
}

/// What a database takes as a number of rows.
pub(crate) fn bounded(rows: u64) -> u64 {
    Ord::min(rows, i64::MAX.unsigned_abs())
}

/// A part of a list.
pub(crate) fn paged<E: EntityTrait>(select: sea_orm::Select<E>, page: Page) -> sea_orm::Select<E> {
    // An offset alone is no SQL to SQLite.
    let limit = page.limit.or((page.offset > 0).then_some(u64::MAX));
    select
        .limit(limit.map(bounded))
        .offset((page.offset > 0).then_some(bounded(page.offset)))
}
