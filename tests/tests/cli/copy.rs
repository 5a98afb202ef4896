//! `wsdb copy`; `tests/tests/copy` has more.

use wsdb_tests::TestWorkspace;
use wsdb_tests::store::Database;

/// The same server has two names.
#[test]
fn postgres_database_is_not_copied_to_itself() {
    let Some(database) = Database::postgres() else {
        return;
    };
    let url = database.url();
    let other = url.replace("@127.0.0.1", "@localhost");
    if other == url {
        return;
    }
    let workspace = TestWorkspace::new();
    workspace.ok(&["init", "--database", &url]);
    for options in [&[][..], &["--replace"]] {
        let copy = ["copy", "--from", &url, "--to", &other];
        let error = workspace.fails(2, &[&copy, options].concat());
        assert!(
            error.contains("source and target are the same database"),
            "{error}"
        );
    }
}
