//! Opening databases: new and older ones, those of other programs, and other files.

#![allow(clippy::unwrap_used)]

mod corrupt;
mod decision_links;
mod migrations;
mod processes;
mod refused;
mod schema;
mod urls;

use std::path::Path;

use wsdb_store::{Error, Store};

fn url(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

/// Runs a future on a runtime of its own.
fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work)
}

/// Opens a database, which has to succeed, and closes it.
fn open(path: &Path) {
    run(async {
        let store = Store::connect(&url(path)).await.unwrap();
        store.close().await.unwrap();
    });
}

/// Opens a database, which has to fail, and returns the error.
fn refusal(url: &str) -> Error {
    match run(Store::connect(url)) {
        Ok(_) => panic!("{url} was opened"),
        Err(error) => error,
    }
}

/// The names of all files and folders in a folder, with the bytes of the files: to check that nothing
/// was added, changed or deleted.
fn bytes(folder: &Path) -> Vec<(String, Option<Vec<u8>>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let is_file = entry.metadata().is_ok_and(|m| m.is_file());
            let content = is_file.then(|| std::fs::read(entry.path()).unwrap());
            (entry.file_name().to_string_lossy().into_owned(), content)
        })
        .collect();
    files.sort();
    files
}
