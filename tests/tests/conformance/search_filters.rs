//! Filters and pages of search.

use wsdb_core::{Hit, Page, SearchFilter, SearchNoun};

use crate::search::{fill, filter, find, sorted_ids};
use crate::{Case, at, test_cases};

test_cases!(
    hits_are_filtered_by_kind,
    hits_are_filtered_by_status,
    hits_are_filtered_by_repo,
    hits_are_filtered_by_time,
    page_is_a_part_of_all_hits,
);

/// Compares the ids that filters find, in alphabetical order.
async fn check_filters(case: &Case, filters: impl IntoIterator<Item = (SearchFilter, &str)>) {
    fill(&case.store).await;
    for (filter, expected) in filters {
        let ids = sorted_ids(&case.store, &filter).await;
        assert_eq!(ids, expected, "{filter:?}");
    }
}

async fn hits_are_filtered_by_kind(case: &Case) {
    let kinds = |query: &str, nouns: &[SearchNoun]| SearchFilter {
        nouns: nouns.to_vec(),
        ..filter(query)
    };
    use SearchNoun::{Issue, Session, Task};
    let filters = [
        (kinds("mov", &[]), "I-1 S-1 T-1 T-3"),
        (kinds("mov", &[Task]), "T-1 T-3"),
        (kinds("the mov", &[Task]), "T-3"),
        (kinds("mov", &[Session, Issue]), "I-1 S-1"),
    ];
    check_filters(case, filters).await;
}

async fn hits_are_filtered_by_status(case: &Case) {
    let statuses = |nouns: &[SearchNoun], words: &[&str]| SearchFilter {
        nouns: nouns.to_vec(),
        status: words.iter().map(|word| word.parse().unwrap()).collect(),
        ..filter("mov")
    };
    let filters = [
        (statuses(&[], &["done"]), "T-3"),
        (statuses(&[], &["open"]), "I-1 S-1 T-1"),
        (statuses(&[], &["pending", "done"]), "T-3"),
        (statuses(&[SearchNoun::Task], &["maintained"]), ""),
    ];
    check_filters(case, filters).await;
}

async fn hits_are_filtered_by_repo(case: &Case) {
    let repo = |query: &str, repo: &str| SearchFilter {
        repo: vec![repo.into()],
        ..filter(query)
    };
    let filters = [
        (repo("mov", "orchard-web"), "T-3"),
        (repo("\"core\"", "orchard-core"), "D-1"),
    ];
    check_filters(case, filters).await;
}

async fn hits_are_filtered_by_time(case: &Case) {
    let since = SearchFilter {
        since: Some(at("2029-01-01").into()),
        ..filter("mov")
    };
    check_filters(case, [(since, "T-3")]).await;
}

async fn page_is_a_part_of_all_hits(case: &Case) {
    let store = &case.store;
    fill(store).await;
    let all = find(store, &filter("mov")).await;
    for (limit, offset) in [
        (Some(2), 0),
        (Some(2), 2),
        (Some(1), 3),
        (None, 1),
        (Some(5), 4),
        (Some(0), 0),
    ] {
        let page = SearchFilter {
            page: Page { limit, offset },
            ..filter("mov")
        };
        let found = store.search().find(&page).await.unwrap();
        let expected: Vec<Hit> = all
            .iter()
            .skip(offset as usize)
            .take(limit.unwrap_or(9) as usize)
            .cloned()
            .collect();
        assert_eq!(found.hits, expected);
        assert_eq!(found.total, 4, "{limit:?} {offset}");
    }
}
