//! What the store promises, on both databases: each test has a database of its own.

#![allow(clippy::unwrap_used)]

mod about;
mod claims;
mod filters;
mod fixtures;
mod history;
mod lists;
mod noun_filters;
mod operations;
mod readiness;
mod records;
mod references;
mod round_trip;
mod scan_operations;
mod search;
mod search_index_sync;
mod self_references;
mod series;
mod transactions;
mod undo;

use std::fs;
use std::sync::OnceLock;

use wsdb_core::Timestamp;
use wsdb_store::Store;
use wsdb_tests::store::Database;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A database with a store on it.
struct Case {
    database: Database,
    store: Store,
}

/// A copy of an empty database with the current schema, which takes a tenth of the time of creating
/// it.
fn sqlite() -> Option<Database> {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| {
        let database = Database::sqlite();
        migrate(&database);
        fs::read(database.path()).unwrap()
    });
    let database = Database::sqlite();
    fs::write(database.path(), template).unwrap();
    Some(database)
}

/// The same on PostgreSQL, if there is a server.
fn postgres() -> Option<Database> {
    static TEMPLATE: OnceLock<Option<Database>> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| Database::postgres().inspect(migrate));
    template.as_ref().map(Database::copy_of)
}

fn migrate(database: &Database) {
    block_on(async {
        let store = Store::connect(&database.url()).await.unwrap();
        store.close().await.unwrap();
    });
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work)
}

/// Runs one part of the suite on a database.
fn conformance(database: Option<Database>, part: impl AsyncFnOnce(&Case)) {
    let Some(database) = database else { return };
    block_on(async {
        let store = Store::connect(&database.url()).await.unwrap();
        let case = Case { database, store };
        part(&case).await;
        case.store.close().await.unwrap();
    });
}

macro_rules! parts {
    ($($module:ident { $($part:ident,)* })*) => {
        mod sqlite {$(
            mod $module {$(
                #[test]
                fn $part() {
                    crate::conformance(crate::sqlite(), crate::$module::$part);
                }
            )*}
        )*}
        mod postgres {$(
            mod $module {$(
                #[test]
                fn $part() {
                    crate::conformance(crate::postgres(), crate::$module::$part);
                }
            )*}
        )*}
    };
}

parts! {
    records {
        tasks,
        sessions_and_their_records,
        issues_and_decisions,
        architecture,
        drift,
        contexts_and_configuration,
    }
    round_trip {
        text_of_any_kind,
        a_megabyte,
        times_to_the_microsecond,
        json_is_unchanged,
        every_write_path_stores_the_same,
    }
    claims {
        records,
        taken_once_until_the_lease_ends,
        renewed_and_released_by_the_holder,
        one_of_many_concurrent_claims_wins,
        deleted_with_its_task,
    }
    readiness {
        ready_with_claims_matches_a_naive_query,
        ready_matches_a_naive_query,
        blocked_matches_a_naive_query,
        edges_match_a_naive_query,
    }
    filters {
        tasks_by_every_field,
        tasks_in_every_order,
        words_in_any_case,
        pages,
    }
    noun_filters {
        sessions,
        issues,
        decisions,
    }
    lists {
        architecture,
        drift,
        contexts,
        configuration,
        of_sessions,
    }
    about {
        records_about_a_path,
    }
    operations {
        spans_of_what_was_open,
        tasks,
        sessions,
        links,
        issues,
    }
    scan_operations {
        drift,
        scans_that_follow,
        stands,
        contexts,
        documents,
    }
    references {
        references_are_listed,
        missing_reference_is_restored_and_detached,
    }
    self_references {
        stored_task_may_depend_on_itself,
        two_placements_in_one_missing_state,
        session_is_deleted_with_its_records,
        similar_ids,
    }
    search {
        words,
        what_is_shown,
        filters_and_pages,
        ids_come_first,
        others_write,
        long_texts,
    }
    search_index_sync {
        index_stays_in_sync,
    }
    series {
        numbers_continue,
        existing_ids_are_skipped,
        session_numbers_start_again_each_day,
    }
    history {
        long_history_is_appended,
        who_and_when,
        one_transaction_is_one_action,
        thousands_at_once,
    }
    undo {
        every_table_is_compared,
        added_alone_and_together,
        added_together_and_deleted,
        history_before_the_first_import,
    }
    transactions {
        dropped_and_rolled_back,
        error_rolls_back_everything,
        calls_inside_a_transaction,
        failed_statement_cannot_be_committed,
        change_cannot_change_the_id,
        many_writers,
    }
}
