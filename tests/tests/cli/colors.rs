//! Colors: when output has them.

use wsdb_tests::TestWorkspace;

/// A workspace with a blocked task.
fn blocked_task() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Prune", "--status", "blocked"]);
    workspace
}

#[test]
fn pipe_gets_no_colors() {
    assert!(!blocked_task().ok(&["status"]).contains('\u{1b}'));
}

#[test]
fn colors_can_be_requested() {
    let workspace = blocked_task();
    for command in [&["status"][..], &["task", "list"]] {
        let text = workspace.ok(&[command, &["--color", "always"]].concat());
        assert!(text.contains("\u{1b}["), "{text}");
    }
}

/// Output and error of a command with NO_COLOR set.
fn run_with_no_color(workspace: &TestWorkspace, args: &[&str]) -> String {
    let output = workspace.command(args).env("NO_COLOR", "1").output();
    let output = output.unwrap();
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

#[test]
fn requested_colors_override_no_color() {
    let workspace = blocked_task();
    let list = run_with_no_color(&workspace, &["task", "ls", "--color", "always"]);
    assert!(list.contains("\u{1b}[38;5;9mblocked"), "{list:?}");
}

#[test]
fn requested_colors_of_errors_override_no_color() {
    let workspace = blocked_task();
    let red = "\u{1b}[1m\u{1b}[31merror:\u{1b}[0m ";
    for args in [
        &["task", "show", "77", "--color", "always"][..],
        &["task", "frob", "--color=always"],
    ] {
        let error = run_with_no_color(&workspace, args);
        assert!(error.starts_with(red), "{args:?}: {error:?}");
        let plain = run_with_no_color(&workspace, &args[..2]);
        assert!(!plain.contains('\u{1b}'), "{plain:?}");
    }
}
