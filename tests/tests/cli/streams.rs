//! Failures of standard input and output.

use std::fs::File;
use std::process::{Output, Stdio};

use insta::assert_snapshot;
use wsdb_tests::{TestWorkspace, run_command};

use crate::file_failures::error_code;

/// Runs the binary with a standard output that is full.
fn run_with_full_stdout(workspace: &TestWorkspace, args: &[&str]) -> Output {
    let stdout = File::options().write(true).open("/dev/full").unwrap();
    let mut command = workspace.command(args);
    run_command(command.stdout(stdout))
}

#[test]
fn change_whose_result_cannot_be_printed_is_kept() {
    let workspace = TestWorkspace::with_workspace();
    let output = run_with_full_stdout(&workspace, &["task", "add", "x"]);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(workspace.text(&output.stderr), @"
    error: cannot write the output: no space left on device; the change was made
    hint: check the current state before you run the command again
    ");
    assert_eq!(workspace.json(&["task", "list"])["total"], 1);
}

#[test]
fn output_that_cannot_be_printed_is_an_error() {
    let workspace = TestWorkspace::with_workspace();
    let output = run_with_full_stdout(&workspace, &["task", "ls"]);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(workspace.text(&output.stderr), @"error: cannot write the output: no space left on device");
    let output = run_with_full_stdout(&workspace, &["task", "ls", "--json"]);
    assert_eq!(error_code(&output), "output");
    let output = run_with_full_stdout(&workspace, &["--help"]);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn closed_pipe_is_no_error() {
    let workspace = TestWorkspace::with_workspace();
    let mut child = workspace
        .command(&["task", "list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn stdin_that_is_not_utf_8_is_refused() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("latin1", b"caf\xe9");
    let mut command = workspace.command(&["task", "add", "x", "--notes", "-"]);
    command.stdin(File::open(workspace.path().join("latin1")).unwrap());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(workspace.text(&output.stderr), @"error: stdin: not valid UTF-8: invalid byte 0xE9");
}
