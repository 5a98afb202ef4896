//! Conditions and orders shared by several kinds of records.

use sea_orm::sea_query::{CaseStatement, Condition, Expr, ExprTrait, Func, LikeExpr, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, Order, QuerySelect};
use wsdb_core::{
    Lifecycle, Page, Since, Timestamp, Vocabulary, fold_case_and_accents, folded_latin_letters,
};

/// Maximum number of ids in a statement: PostgreSQL gets up to 16 KB in one encrypted record, and a
/// second record is delayed by about 40 ms, see `bulk.rs`.
pub(crate) const ID_BATCH_SIZE: usize = 250;

/// Escapes a string for a LIKE pattern that matches it literally; the escape character is a
/// backslash.
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

/// Matches any of these values; `None`, which matches all, for an empty list.
pub(crate) fn any<C: ColumnTrait, V: ToString>(column: C, values: &[V]) -> Option<SimpleExpr> {
    (!values.is_empty()).then(|| column.is_in(values.iter().map(V::to_string)))
}

/// Matches open or finished records by their status; `None` matches all. A status that cannot be read
/// counts as open, so that it is reported.
pub(crate) fn is_open<V: Lifecycle, C: ColumnTrait>(
    column: C,
    open: Option<bool>,
) -> Option<SimpleExpr> {
    let finished = V::finished().into_iter().map(Vocabulary::as_str);
    open.map(|open| {
        if open {
            column.is_not_in(finished)
        } else {
            column.is_in(finished)
        }
    })
}

/// Matches by whether there is a value; `None` matches all.
pub(crate) fn is_present<C: ColumnTrait>(column: C, present: Option<bool>) -> Option<SimpleExpr> {
    present.map(|present| {
        if present {
            column.is_not_null()
        } else {
            column.is_null()
        }
    })
}

/// Matches values that start with any of these strings, ignoring case; an empty list matches all.
pub(crate) fn starts_with_any<C: ColumnTrait>(column: C, values: &[String]) -> Option<Condition> {
    (!values.is_empty()).then(|| {
        values.iter().fold(Condition::any(), |any, value| {
            let pattern = format!("{}%", escape_like(&value.to_ascii_lowercase()));
            let lower = Func::lower(Expr::col((column.entity_name(), column)));
            any.add(Expr::expr(lower).like(LikeExpr::new(pattern).escape('\\')))
        })
    })
}

/// Matches a time. A range also finds midnight with a fraction of zeros, as other programs write it to
/// SQLite.
pub(crate) fn is_same_time(column: impl Fn() -> Expr, time: Timestamp) -> Option<SimpleExpr> {
    let end = time.checked_add(std::time::Duration::from_micros(1))?;
    Some(column().gte(time.utc()).and(column().lt(end.utc())))
}

/// Matches times at or after this one, and dates at or after its day; `None` matches all.
pub(crate) fn since<C: ColumnTrait>(column: C, since: Option<Since>) -> Option<SimpleExpr> {
    let column = || Expr::col((column.entity_name(), column));
    let since = since?;
    let dates = since.earlier_dates().into_iter();
    let dates = dates.filter_map(|date| is_same_time(column, date));
    let later = column().gte(since.at.utc());
    Some(dates.fold(later, |any, date| any.or(date)))
}

/// Matches if each word is contained in one of the columns, ignoring case and accents; no words match
/// all.
pub(crate) fn contains_all_words<C: ColumnTrait>(columns: &[C], words: &[String]) -> Condition {
    words.iter().fold(Condition::all(), |all, word| {
        let folded = fold_case_and_accents(word);
        let mut any = contains(columns, word);
        for column in columns {
            // Also `Straße` contains `strasse`, and the other way around.
            if folded != *word {
                any = any.add(contains(&[*column], &folded));
            }
            if folded.contains(|c: char| c.is_ascii_alphabetic()) {
                any = any.add(contains_folded(*column, &folded));
            }
        }
        all.add(any)
    })
}

/// Matches texts with characters beyond ASCII by their form without accents. Neither database has a
/// function for that, so each letter that the word may contain is replaced, which takes 50 ns for each
/// byte of such a text.
fn contains_folded<C: ColumnTrait>(column: C, folded_word: &str) -> SimpleExpr {
    let pattern = format!("%{}%", escape_like(folded_word));
    let table = column.entity_name();
    let text = format!("\"{}\".\"{}\"", table, column.as_str());
    let letters = folded_latin_letters();
    let letters = letters.filter(|(_, plain)| plain.contains(|c| folded_word.contains(c)));
    let folded = letters.fold(text.clone(), |text, (letter, plain)| {
        format!("replace({text}, '{letter}', '{plain}')")
    });
    Expr::cust(format!("octet_length({text}) <> length({text})"))
        .and(Expr::cust(format!("lower({folded})")).like(LikeExpr::new(pattern).escape('\\')))
}

/// Matches if the string is contained in one of the columns, ignoring case.
pub(crate) fn contains<C: ColumnTrait>(columns: &[C], text: &str) -> Condition {
    let mut any = Condition::any();
    for variant in case_variants(text) {
        let pattern = format!("%{}%", escape_like(&variant));
        for column in columns {
            let lower = Func::lower(Expr::col((column.entity_name(), *column)));
            any = any.add(Expr::expr(lower).like(LikeExpr::new(pattern.clone()).escape('\\')));
        }
    }
    any
}

/// Returns the case variants of a string to search for, with ASCII letters in lower case: the
/// databases ignore case only for those.
fn case_variants(text: &str) -> Vec<String> {
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
    let mut variants = [text.to_owned(), text.to_uppercase(), title, lower]
        .map(|variant| variant.to_ascii_lowercase())
        .to_vec();
    variants.sort_unstable();
    variants.dedup();
    variants
}

/// Returns the rank of a value in its vocabulary; values outside it, and NULL, come last.
pub(crate) fn rank<V: Vocabulary, C: ColumnTrait>(column: C) -> SimpleExpr {
    let mut case = CaseStatement::new();
    for (rank, word) in (0i32..).zip(V::NAMES) {
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

/// Orders by a column that may be NULL, then by id; rows without a value come first on both
/// databases.
pub(crate) fn ordered_by_optional<E: EntityTrait>(
    select: sea_orm::Select<E>,
    by: E::Column,
    id: E::Column,
    reverse: bool,
) -> sea_orm::Select<E> {
    use sea_orm::QueryOrder;
    use sea_orm::sea_query::NullOrdering;
    let (order, nulls) = if reverse {
        (Order::Desc, NullOrdering::Last)
    } else {
        (Order::Asc, NullOrdering::First)
    };
    select
        .order_by_with_nulls(by, order.clone(), nulls)
        .order_by(id, order)
}

/// Returns the number of rows by value of a column; NULL is returned as an empty string.
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

/// Matches any of these values in either column, since a reference is stored in one or the other;
/// an empty list matches all.
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

/// Limits a number of rows to what the databases accept.
pub(crate) fn clamp_to_i64(rows: u64) -> u64 {
    Ord::min(rows, i64::MAX.unsigned_abs())
}

/// Limits a query to a page.
pub(crate) fn paged<E: EntityTrait>(select: sea_orm::Select<E>, page: Page) -> sea_orm::Select<E> {
    // SQLite accepts no OFFSET without LIMIT.
    let limit = page.limit.or((page.offset > 0).then_some(u64::MAX));
    select
        .limit(limit.map(clamp_to_i64))
        .offset((page.offset > 0).then_some(clamp_to_i64(page.offset)))
}
