//! Search in Chinese, Japanese and Korean, whose words have no spaces between them.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use wsdb_core::{HighlightedText, SearchQuery};

use crate::search::{filter, find, sorted_ids, task};
use crate::{Case, test_cases};

test_cases!(
    words_within_a_run_are_found,
    spaces_and_punctuation_end_a_run,
    every_part_of_a_run_is_found,
    ends_of_all_ranges_are_found,
    words_in_a_long_page_are_found,
    other_forms_of_characters_are_found,
);

/// Compares the ids that queries find, in alphabetical order, among tasks with these titles.
async fn check_queries(case: &Case, titles: &[(&str, &str)], queries: &[(&str, &str)]) {
    for (id, title) in titles {
        let task = task(id, title, None, None);
        case.store.tasks().insert(task).await.unwrap();
    }
    for (query, expected) in queries {
        let ids = sorted_ids(&case.store, &filter(query)).await;
        assert_eq!(ids, *expected, "{query}");
    }
}

async fn words_within_a_run_are_found(case: &Case) {
    check_queries(
        case,
        &[
            ("T-1", "全文検索機能を追加する"),
            ("T-2", "修复定价缓存"),
            ("T-3", "전문검색을 지원"),
            ("T-4", "wsdb検索のﾃｽﾄ"),
            ("T-5", "𠮷野家のコーヒー"),
        ],
        &[
            ("検索", "T-1 T-4"),
            ("検索機", "T-1"),
            ("検", "T-1 T-4"),
            ("る", "T-1"),
            ("全文検索機能を追加する", "T-1"),
            ("索検", ""),
            ("検機", ""),
            ("全文 追加", "T-1"),
            ("検索 -機能", "T-4"),
            ("定价", "T-2"),
            ("价缓存", "T-2"),
            ("定存", ""),
            ("검색", "T-3"),
            ("지원", "T-3"),
            ("wsdb検索", "T-4"),
            ("wsdb", "T-4"),
            ("ﾃｽﾄ", "T-4"),
            ("𠮷野", "T-5"),
            ("コーヒ", "T-5"),
        ],
    )
    .await;
}

/// Decomposed characters, as in file names of macOS; compatibility and full-width ones.
async fn other_forms_of_characters_are_found(case: &Case) {
    check_queries(
        case,
        &[
            ("T-1", "か\u{3099}くせい"),
            (
                "T-2",
                "\u{1100}\u{1165}\u{11b7}\u{1109}\u{1162}\u{11a8}\u{110b}\u{1173}\u{11af} x",
            ),
            ("T-3", "\u{f900}\u{f901}"),
            ("T-4", "WSDB"),
            ("T-5", "ΟΔΟΣ"),
            ("T-6", "οδος"),
        ],
        &[
            ("がくせい", "T-1"),
            ("がく", "T-1"),
            ("검색", "T-2"),
            ("x -검색", ""),
            ("\u{f900}", "T-3"),
            ("ＷＳＤＢ", "T-4"),
            ("οδος", "T-5 T-6"),
            ("ΟΔΟΣ", "T-5 T-6"),
        ],
    )
    .await;
}

async fn spaces_and_punctuation_end_a_run(case: &Case) {
    check_queries(
        case,
        &[
            ("T-1", "検 索"),
            ("T-2", "全文、検索。「機能」"),
            ("T-3", "全文検索機能"),
            ("T-4", "全文・検索，機能"),
        ],
        &[
            ("検索", "T-2 T-3 T-4"),
            ("\"検 索\"", "T-1"),
            ("文検", "T-3"),
            ("\"全文 検索\"", "T-2 T-4"),
            ("「検索」", "T-2 T-3 T-4"),
            ("全文、検索", "T-2 T-4"),
            ("\"検索 機能\"", "T-2 T-4"),
        ],
    )
    .await;
}

/// Finds the record by each part of two or more characters, with the characters of three scripts.
async fn every_part_of_a_run_is_found(case: &Case) {
    let text = proptest::collection::vec(
        proptest::sample::select(&['検', '索', 'の', '한'][..]),
        2..12,
    )
    .prop_map(|characters| characters.into_iter().collect::<String>());
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        ..Config::default()
    });
    for round in 0..20 {
        let text = text.new_tree(&mut runner).unwrap().current();
        let id = format!("T-{round}");
        let title = format!("x{text}y");
        let new = task(&id, &title, None, None);
        case.store.tasks().insert(new).await.unwrap();
        let characters: Vec<char> = text.chars().collect();
        let length = 2 + round % (characters.len() - 1);
        for window in characters.windows(length) {
            let part: String = window.iter().collect();
            let hits = find(&case.store, &filter(&part)).await;
            let hit = hits.iter().find(|hit| hit.id == id);
            let hit = hit.unwrap_or_else(|| panic!("{part} in {title}"));
            // Parts that overlap are highlighted together.
            let highlighted = highlighted(&hit.title);
            assert!(highlighted.contains(&part), "{part} in {title}");
            // No record without the part is found.
            assert!(hits.iter().all(|hit| hit.title.text.contains(&part)));
        }
    }
}

/// Returns the first highlighted part of a text.
fn highlighted(text: &HighlightedText) -> &str {
    text.highlights.first().map_or("", |range| {
        &text.text[range.start..range.start + range.len()]
    })
}

/// The database must split texts where the query is split.
async fn ends_of_all_ranges_are_found(case: &Case) {
    let ends = "々〇ぁゖゝゟァヺーㆎㆠㆿㇰㇿ㐀䶵一鿋가힣豈舘ｦﾟ𠀀𪛖";
    check_queries(case, &[("T-1", ends)], &[]).await;
    let characters: Vec<char> = ends.chars().collect();
    for pair in characters.windows(2) {
        let pair: String = pair.iter().collect();
        let query: SearchQuery = pair.parse().unwrap();
        assert_eq!(query.terms()[0].index_texts()[0].words.trim(), pair);
        assert_eq!(
            sorted_ids(&case.store, &filter(&pair)).await,
            "T-1",
            "{pair}"
        );
    }
}

async fn words_in_a_long_page_are_found(case: &Case) {
    // No pair of characters occurs twice.
    let page: String = (0..12_000)
        .filter_map(|n| char::from_u32(0x4e00 + n))
        .collect();
    let task = task("T-1", "page", Some(&page), None);
    case.store.tasks().insert(task).await.unwrap();
    for at in [0, 254, 255, 256, 5_000, 11_997] {
        let word: String = page.chars().skip(at).take(3).collect();
        let ids = sorted_ids(&case.store, &filter(&word)).await;
        assert_eq!(ids, "T-1", "characters at {at}");
    }
}
