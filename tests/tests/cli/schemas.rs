//! The schemas in `docs/schemas`. All tests check what they get as JSON against them.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use wsdb_tests::{TestWorkspace, binary, command_of, fixture, words};

/// Fails for a command without a schema, for a schema without a command, and for a schema that differs
/// from the types that the command prints.
#[test]
fn every_command_has_a_schema() {
    let schemas = xtask::schemas::generate(binary()).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for (file, schema) in &schemas {
        let committed = std::fs::read_to_string(root.join(file)).unwrap_or_default();
        assert_eq!(&committed, schema, "{file}: run cargo xtask docs");
    }
    let folder = root.join("docs/schemas");
    let committed = std::fs::read_dir(folder).unwrap();
    assert_eq!(committed.count(), schemas.len(), "a schema has no command");
}

/// Command lines that succeed one after another, at least one for each command that has a schema.
const COMMANDS: &str = "
    init
    task add Move --repo core
    task add Test --priority HIGH
    task add Old
    task list
    task ready
    task claim 1
    task heartbeat 1
    task release 1
    task dep add 2 1
    task blocked
    task graph
    task dep rm 2 1
    task edit 1 --notes x
    task edit 1 2 --notes y
    task start 1
    task block 1
    task defer 1
    task approve 1
    task done 1 2
    task close 1
    task cancel 1
    task reopen 1
    task status 2 --to planning
    task show 1
    task show 1 --history
    task rm 3
    task stats
    session start
    session log Moved
    session activity list
    session activity show 001-log-001
    session activity edit 001-log-001 --outcome Done
    session current
    session list
    session stats
    issue add Slow --severity HIGH --task 1
    issue add Old
    issue list
    issue edit 1 --assign jo
    issue resolve 1
    issue reopen 1
    issue close 1 2
    issue show 1
    issue stats
    decision add Move
    decision add Keep --impact LOW
    decision list
    decision edit 1 --rationale x
    decision link 1 --task 1
    decision unlink 1 --task 1
    decision supersede 1 --by 2
    decision status 2 --to implemented
    decision show 1
    decision export --adr adr
    decision import --adr adr
    decision stats
    session link --decision 2 --issue 1
    session links
    session unlink --issue 1
    session show
    session edit 001 --notes x
    session end
    drift record drift.json --repo core
    drift record drift.json --repo core --dry-run
    drift add src/b.py --repo core --type dependency
    drift list
    drift edit 1 --severity LOW
    drift resolve 1
    drift reopen 1
    drift ignore 1 --reason later
    drift link 1 2 --task 1
    drift task 2 --force
    drift show 1
    drift scan list
    drift scan show 1
    drift scan edit 1 --triggered-by scheduled
    drift scans
    drift trend
    repo list
    context switch core --path .
    context switch web --path .
    context back
    context
    context end
    context list
    context edit 1 --notes x
    context show 1
    context time
    config snapshot a.json --repo core
    config snapshot b.json --repo core --name a.json --record
    config list
    config show 1
    config diff 1 2
    config edit 1 --notes x
    config change add --repo core --key x --old 1 --new 2
    config change list
    config change show 1
    config change edit 1 --commit 1a2b3c4
    state add Now --type current --repo core
    state add Later --type target --repo core
    state list
    state edit 1 --version 2
    state show 1
    placement add pricing --repo core --state 1 --location src/b.py --forbid pandas
    placement add shop --repo web --state 2
    placement list
    placement edit 1 --rationale x
    placement rules
    placement show 1
    goal add Move --task 1 --state 2
    goal list
    goal edit 1 --milestone M1
    goal start 1
    goal done 1
    goal reopen 1
    goal status 1 --to deferred
    goal show 1
    architecture show
    architecture show 2
    architecture compare 1 2
    status
    next
    handoff
    stats
    why pricing
    search Move
    history
    history --fields
    repo rename core kernel
    undo
    export out
    import out
    import SAMPLES --renumber
    copy --to copy.db
    backup w.db.zst
    backup --drill w.db.zst
    restore w.db.zst --into restored.db
    adopt
    git install
    git uninstall
    git merge-document out/WORKSPACE-TASKS.json out/WORKSPACE-TASKS.json SAMPLES/WORKSPACE-TASKS.json
    session activity rm 001-log-001
    session rm 2026-01-15-session-001
    issue rm 2 --force
    decision rm 2 --force
    drift rm 2
    drift scan rm 1 --force
    context rm 1
    config change rm 1
    config rm 2 --force
    goal rm 1
    placement rm 1 --force
    state rm 1 --force
    history prune --keep 1
    man --out man
";

#[test]
fn output_of_every_command_matches_its_schema() {
    let workspace = TestWorkspace::with_workspace();
    let report =
        r#"[{"violation_type": "dependency", "severity": "HIGH", "file_path": "src/a.py"}]"#;
    workspace.write("drift.json", report);
    workspace.write("a.json", r#"{"version": 1, "password": "x"}"#);
    workspace.write("b.json", r#"{"version": 2}"#);
    workspace.write(".wsdb.toml", "");
    let git = Command::new("git")
        .args(["init", "--quiet"])
        .current_dir(workspace.path())
        .status();
    assert!(git.unwrap().success());
    let samples = fixture("handwritten").display().to_string();
    let mut tested = BTreeSet::new();
    for line in COMMANDS
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let line = line.replace("SAMPLES", &samples);
        let args = words(&line);
        workspace.json(&args);
        tested.insert(command_of(&args));
    }
    let commands: BTreeSet<String> = xtask::schemas::commands().map(str::to_owned).collect();
    assert_eq!(tested, commands);
}
