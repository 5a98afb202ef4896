//! Lists of records: every field of the filters, every order, and pages.

/// Lists `$records` with each filter and compares the ids; then the count, a page, and the reverse
/// order.
macro_rules! check_lists {
    ($records:expr, $filter:ident, $($fields:tt => $expected:literal,)*) => {$({
        let filter = check_lists!(@filter $filter $fields);
        let ids = async |filter: &$filter| -> Vec<String> {
            let list = $records.list(filter).await.unwrap();
            list.into_iter().map(|record| record.id.to_string()).collect()
        };
        let mut found = ids(&filter).await;
        assert_eq!(found.join(" "), $expected, "{filter:?}");
        assert_eq!($records.count(&filter).await.unwrap(), found.len() as u64);
        let page = wsdb_core::Page { limit: Some(1), offset: 1 };
        let part = $filter { page, ..filter.clone() };
        assert_eq!(ids(&part).await, found.iter().skip(1).take(1).cloned().collect::<Vec<_>>());
        assert_eq!($records.count(&part).await.unwrap(), found.len() as u64);
        found.reverse();
        assert_eq!(ids(&$filter { reverse: true, ..filter }).await, found);
    })*};
    (@filter $filter:ident { $($field:ident: $value:expr),* }) => {
        $filter { $($field: $value,)* ..$filter::default() }
    };
}

mod architecture;
mod contexts;
mod drift;
mod sessions;
mod tasks;
mod work;
