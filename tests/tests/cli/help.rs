//! Help and shell completions. `tests/tests/help.rs` checks the form of all pages.

use wsdb_tests::{TestWorkspace, words};

#[test]
fn overview_describes_the_global_options_and_other_pages_list_them() {
    let workspace = TestWorkspace::new();
    let overview = workspace.ok(&["--help"]);
    let (_, options) = overview.split_once("\nGlobal options:\n").unwrap();
    let names: Vec<&str> = options
        .split_whitespace()
        .filter(|word| word.starts_with("--"))
        .take(8)
        .collect();
    let names = names.join(", ");
    assert_eq!(
        names,
        "--workspace, --database, --json, --format, --color, --actor, --session, --busy-timeout"
    );
    for command in [
        "task",
        "task list",
        "task dep add",
        "issue add",
        "import",
        "history prune",
    ] {
        let text = workspace.ok(&[words(command), vec!["--help"]].concat());
        let lines = names.replace("--actor, ", "--actor,\n  ");
        let line = format!("\nGlobal options (see 'wsdb --help'):\n  {lines}\n");
        let (own, _) = text.split_once(&line).unwrap();
        assert!(own.contains("--help") && !own.contains("--actor"), "{own}");
    }
}

#[test]
fn short_help_has_examples() {
    assert!(
        TestWorkspace::new()
            .ok(&["search", "-h"])
            .contains("Examples:")
    );
}

#[test]
fn help_lists_the_formats_of_the_command() {
    let help = TestWorkspace::new().ok(&["task", "graph", "--help"]);
    let words: Vec<&str> = help.split_whitespace().collect();
    let formats = "[possible values: table, json, dot, mermaid]";
    assert!(words.join(" ").contains(formats), "{help}");
}

#[test]
fn completions_exist_for_every_shell() {
    let workspace = TestWorkspace::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(workspace.ok(&["completions", shell]).contains("wsdb"));
    }
}

#[test]
fn completions_contain_the_values_of_options() {
    let bash = TestWorkspace::new().ok(&["completions", "bash"]);
    for values in [
        "pending approved planning in_progress blocked",
        "CRITICAL HIGH MEDIUM LOW",
        "planned in_progress implemented maintained",
        "open resolved closed",
        "code_creep governance",
        "note implementation analysis",
    ] {
        assert!(bash.contains(&format!("compgen -W \"{values}")), "{values}");
    }
}
