//! `wsdb adopt` that is killed.

use std::process::Stdio;
use std::time::{Duration, Instant};

use wsdb_tests::TestWorkspace;
use wsdb_tests::old_database::{Shape, columns_by_table, contents, create, fill};
use wsdb_tests::store::sqlite_rows;

use crate::is_full;

/// Whenever it is killed, the file is the old one or the new one, and the next run completes it.
#[test]
#[ignore = "run by `cargo xtask stress`"]
fn killed_adoption_leaves_the_old_file_or_the_new_one() {
    let (rows, kills) = if is_full() { (100, 40) } else { (20, 10) };
    let template = TestWorkspace::new();
    let original = template.path().join("original.db");
    create(&original, Shape::Later);
    fill(&original, rows);
    let columns = columns_by_table(&original);
    let expected = contents(&original, &columns);

    // How long a run takes decides when the others are killed.
    let mut duration = Duration::ZERO;
    let (mut old, mut new) = (0, 0);
    for kill in 0..=kills {
        let workspace = TestWorkspace::new();
        let path = workspace.path().join("workspace.db");
        std::fs::copy(&original, &path).unwrap();
        let begin = Instant::now();
        let mut command = workspace.command(&["adopt"]);
        let mut process = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        if kill == 0 {
            assert!(process.wait().unwrap().success());
            duration = begin.elapsed();
        } else {
            let end = duration * kill / kills;
            while begin.elapsed() < end && process.try_wait().unwrap().is_none() {
                std::thread::yield_now();
            }
            process.kill().unwrap();
            process.wait().unwrap();
        }
        let status = workspace.run(&["status"]);
        let adopted = workspace.json(&["adopt"]);
        match adopted["outcome"].as_str().unwrap() {
            "adopted" => {
                assert!(!status.status.success());
                let error = workspace.text(&status.stderr);
                assert!(
                    error.contains("belongs to the earlier Python tool"),
                    "{error}"
                );
                old += 1;
            }
            _ => {
                assert!(status.status.success(), "{status:?}");
                new += 1;
            }
        }
        let found = contents(&path, &columns);
        for (table, rows) in &expected {
            for (id, values) in rows {
                assert_eq!(found[table].get(id), Some(values), "{table} {id}");
            }
        }
        assert_eq!(sqlite_rows(&path, &["PRAGMA integrity_check"]), ["ok"]);
        let files = std::fs::read_dir(workspace.path()).unwrap();
        let left = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let is_left_over = |name: &String| name.ends_with(".tmp") || name.ends_with("-journal");
        let left: Vec<String> = left.filter(is_left_over).collect();
        assert_eq!(left, [""; 0]);
    }
    eprintln!("{kills} kills: {old} left the old file, {new} the new one");
    assert!(old > 0 && new > 0);
}
