//! Many processes that write at the same moment. `cargo xtask stress` runs these at full size and
//! prints how long they took.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use wsdb_tests::TestWorkspace;
use wsdb_tests::store::{Database, Lock};

/// Whether to run at full size.
fn is_full() -> bool {
    std::env::var_os("WSDB_STRESS_FULL").is_some()
}

struct Fixture {
    workspace: TestWorkspace,
    database: Database,
}

impl Fixture {
    fn new(database: Database) -> Self {
        let fixture = Fixture {
            workspace: TestWorkspace::new(),
            database,
        };
        fixture.json(&["init"]);
        fixture
    }

    /// The binary, with the real clock.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.workspace.command(args);
        command
            .env("WSDB_DATABASE_URL", self.database.url())
            .env_remove("WSDB_TEST_NOW");
        command
    }

    fn json(&self, args: &[&str]) -> Value {
        let output = self.command(&[args, &["--json"]].concat()).output();
        let output = output.unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "wsdb {args:?}: {error}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn spawn(&self, args: &[&str]) -> Child {
        let mut command = self.command(args);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    fn print_progress(&self, what: &str, begin: Instant) {
        let kind = if self.database.is_postgres() {
            "PostgreSQL"
        } else {
            "SQLite"
        };
        println!(
            "stress: {what} on {kind}: {:.1} s",
            begin.elapsed().as_secs_f64()
        );
    }
}

/// What one process after another does: a quarter adds, a quarter moves, a quarter logs and a
/// quarter resolves.
fn worker(fixture: &Fixture, number: usize, writes: usize) -> Vec<String> {
    let actor = format!("worker-{number}");
    let run = |args: &[&str]| fixture.json(&[args, &["--actor", &actor]].concat());
    run(&["session", "start"]);
    let mut ids = Vec::new();
    let (mut task, mut issue) = (String::new(), String::new());
    for write in 0..writes {
        let title = format!("{actor} writes {write}");
        match write % 4 {
            0 => {
                task = id(&run(&["task", "add", &title, "--repo", "orchard-core"]));
                ids.push(task.clone());
                issue = id(&run(&["issue", "add", &title, "--type", "bug"]));
                ids.push(issue.clone());
            }
            1 => drop(run(&["task", "start", &task, "--expect", "status=pending"])),
            2 => drop(run(&["session", "log", &title])),
            _ => drop(run(&["issue", "resolve", &issue, "--notes", &title])),
        }
    }
    ids
}

fn id(record: &Value) -> String {
    record["id"].as_str().unwrap().to_owned()
}

/// 16 processes, each with one write after another: none fails, nothing is lost, no id is given
/// twice, and none is left out.
fn mixed_writes(database: Database) {
    let (workers, writes) = (16, if is_full() { 100 } else { 4 });
    let fixture = Fixture::new(database);
    let begin = Instant::now();
    let ids: Vec<Vec<String>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers)
            .map(|number| {
                scope.spawn({
                    let fixture = &fixture;
                    move || worker(fixture, number, writes)
                })
            })
            .collect();
        let ended = workers.into_iter().map(|worker| worker.join());
        ended.map(|ids| ids.expect("no write fails")).collect()
    });
    fixture.print_progress(
        &format!("{workers} processes x {writes} mixed writes"),
        begin,
    );

    let all: Vec<String> = ids.into_iter().flatten().collect();
    let added = workers * writes.div_ceil(4);
    let numbered = |series: &str| (1..=added).map(|n| format!("{series}-{n:03}")).collect();
    let mut expected: BTreeSet<String> = numbered("WS-TASK");
    expected.extend::<BTreeSet<String>>(numbered("ISSUE"));
    assert_eq!(all.len(), 2 * added, "an id was given twice");
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), expected);

    let count = |args: &[&str]| fixture.json(args)["total"].as_u64().unwrap() as usize;
    let quarter = workers * writes / 4;
    assert_eq!(count(&["task", "list"]), added);
    assert_eq!(count(&["task", "list", "--status", "in_progress"]), quarter);
    assert_eq!(count(&["issue", "list", "--status", "resolved"]), quarter);
    let sessions = fixture.json(&["session", "list"]);
    let sessions = sessions["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), workers);
    let logged: usize = sessions
        .iter()
        .map(|session| fixture.json(&["session", "show", &id(session)]))
        .map(|session| session["activities"].as_array().map_or(0, Vec::len))
        .sum();
    assert_eq!(logged, quarter);
}

/// 8 processes want to make the same change at the same moment: one does, and the others
/// fail because the status is no longer the expected one.
fn racing_changes(database: Database) {
    let (racers, rounds) = (8, if is_full() { 1000 } else { 5 });
    let fixture = Fixture::new(database);
    fixture.json(&["task", "add", "The one that all want"]);
    let begin = Instant::now();
    for round in 0..rounds {
        let children: Vec<Child> = (0..racers)
            .map(|_| fixture.spawn(&["task", "start", "1", "--expect", "status=pending", "--json"]))
            .collect();
        let ended: Vec<_> = children
            .into_iter()
            .map(|child| child.wait_with_output().unwrap())
            .collect();
        let (won, lost): (Vec<_>, Vec<_>) = ended.iter().partition(|o| o.status.success());
        for output in &lost {
            let error: Value = serde_json::from_slice(&output.stderr).unwrap();
            assert_eq!(
                error["error"]["code"], "unexpected",
                "round {round}: {error}"
            );
        }
        assert_eq!(won.len(), 1, "round {round}");
        let started: Value = serde_json::from_slice(&won[0].stdout).unwrap();
        assert_eq!(started["status"], "in_progress");
        let reopen = ["task", "reopen", "1", "--expect", "status=in_progress"];
        assert_eq!(fixture.json(&reopen)["status"], "pending");
    }
    fixture.print_progress(&format!("{racers} processes x {rounds} races"), begin);
}

/// Readers on SQLite never wait, not even for a process that keeps writing.
#[test]
fn readers_never_wait_for_a_writer() {
    let fixture = Fixture::new(Database::sqlite());
    let task = fixture.json(&["task", "add", "Seen by all"]);
    fixture.json(&["issue", "add", "So is this", "--type", "bug"]);
    fixture.json(&["decision", "add", "And this"]);
    fixture.json(&["session", "start"]);
    let path = fixture.database.url();
    let path = Path::new(path.trim_start_matches("sqlite://"));
    let asked: &[&[&str]] = &[
        &["status"],
        &["task", "list"],
        &["task", "show", "1"],
        &["task", "stats"],
        &["issue", "list"],
        &["decision", "list"],
        &["session", "current"],
    ];
    for lock in [Lock::immediate, Lock::exclusive] {
        let held = lock(path);
        held.execute("UPDATE workspace_tasks SET title = 'Not yet'");
        for args in asked {
            fixture.json(&[args, &["--busy-timeout", "0s"][..]].concat());
        }
        let seen = fixture.json(&["task", "show", "1", "--busy-timeout", "0s"]);
        assert_eq!(
            seen["title"], task["title"],
            "what isn't committed isn't seen"
        );
        let write = ["task", "add", "x", "--busy-timeout", "0s", "--json"];
        let refused = fixture.command(&write).output().unwrap();
        let error: Value = serde_json::from_slice(&refused.stderr).unwrap();
        assert_eq!(error["error"]["code"], "busy", "the lock is one: {error}");
    }
}

/// 8 processes claim the same task at the same moment, again and again: one gets it, and the
/// others get an error that names the holder.
fn racing_claims(database: Database) {
    let (racers, rounds) = (8, if is_full() { 1000 } else { 5 });
    let fixture = Fixture::new(database);
    fixture.json(&["task", "add", "The one that all want"]);
    let begin = Instant::now();
    for round in 0..rounds {
        let children: Vec<(String, Child)> = (0..racers)
            .map(|racer| {
                // Two of them go by the same name.
                let actor = format!("racer-{}", racer % (racers - 1));
                let child = fixture.spawn(&["task", "claim", "1", "--json", "--actor", &actor]);
                (actor, child)
            })
            .collect();
        let ended: Vec<_> = children
            .into_iter()
            .map(|(actor, child)| (actor, child.wait_with_output().unwrap()))
            .collect();
        let (won, lost): (Vec<_>, Vec<_>) = ended.iter().partition(|(_, o)| o.status.success());
        assert_eq!(won.len(), 1, "round {round}");
        let (winner, output) = won[0];
        let task: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(task["claim"]["holder"], **winner);
        assert_eq!(task["assigned_to"], **winner);
        assert_eq!(task["status"], "in_progress");
        for (_, output) in lost {
            let error: Value = serde_json::from_slice(&output.stderr).unwrap();
            assert_eq!(error["error"]["code"], "claimed", "round {round}: {error}");
            assert_eq!(
                error["error"]["claim"]["holder"], **winner,
                "round {round}: {error}"
            );
        }
        fixture.json(&["task", "release", "1", "--actor", winner]);
    }
    fixture.print_progress(
        &format!("{racers} processes x {rounds} claims of one task"),
        begin,
    );
}

/// 8 processes take the next task until there is none: each task is claimed once.
fn claim_next(database: Database) {
    let (workers, tasks) = (8, if is_full() { 1000 } else { 16 });
    let fixture = Fixture::new(database);
    let documents = tempfile::tempdir().unwrap();
    let list: Vec<Value> = (1..=tasks)
        .map(|n| {
            let id = format!("WS-TASK-{n:04}");
            serde_json::json!({"id": id, "title": id, "status": "pending", "created": "2025-11-20"})
        })
        .collect();
    let file = documents.path().join("WORKSPACE-TASKS.json");
    std::fs::write(&file, Value::from(list).to_string()).unwrap();
    fixture.json(&["import", &file.display().to_string()]);
    let begin = Instant::now();
    let work = |number: usize| {
        let actor = format!("worker-{number}");
        let mut claimed = Vec::new();
        loop {
            let args = ["task", "claim", "--next", "--json", "--actor", &actor];
            let output = fixture.command(&args).output().unwrap();
            if output.status.success() {
                let task: Value = serde_json::from_slice(&output.stdout).unwrap();
                claimed.push(id(&task));
                continue;
            }
            let error: Value = serde_json::from_slice(&output.stderr).unwrap();
            assert_eq!(error["error"]["code"], "nothing_ready", "{error}");
            return claimed;
        }
    };
    let claimed: Vec<Vec<String>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|n| scope.spawn(move || work(n))).collect();
        let ended = workers.into_iter().map(|worker| worker.join());
        ended.map(|ids| ids.expect("no claim fails")).collect()
    });
    fixture.print_progress(&format!("{workers} processes claim {tasks} tasks"), begin);
    let busy = claimed.iter().filter(|ids| !ids.is_empty()).count();
    assert!(busy > 1, "only one of them got anything");
    let mut all: Vec<String> = claimed.concat();
    all.sort();
    let expected: Vec<String> = (1..=tasks).map(|n| format!("WS-TASK-{n:04}")).collect();
    assert_eq!(all, expected, "each once");
    let in_progress = fixture.json(&["task", "list", "--status", "in_progress"]);
    assert_eq!(in_progress["total"], tasks);
}

/// An import that is killed has no effect, or is complete.
fn killed_import(database: Database) {
    let rounds: u32 = if is_full() { 28 } else { 4 };
    let documents = tempfile::tempdir().unwrap();
    for (name, text) in xtask::fixtures::generate(400, 3) {
        std::fs::write(documents.path().join(name), text).unwrap();
    }
    let documents = documents.path().display().to_string();
    let import = ["import", documents.as_str(), "--replace"];
    let fixture = Fixture::new(database);
    let begin = Instant::now();
    fixture.json(&import);
    let duration = begin.elapsed();
    let total = || fixture.json(&["task", "list"])["total"].clone();
    let complete = total();

    let mut killed = 0;
    for round in 0..rounds {
        fixture.json(&["undo", "--last", "1"]);
        fixture.json(&["task", "add", "Before"]);
        let before = fixture.json(&["status"]);
        let mut child = fixture.spawn(&import);
        // Sleeps, because the kill should come at an arbitrary moment of the import.
        std::thread::sleep(duration * round / rounds);
        child.kill().unwrap();
        child.wait().unwrap();
        if total() == complete {
            assert_eq!(fixture.json(&import)["unchanged"], true);
        } else {
            assert_eq!(fixture.json(&["status"]), before, "half an import");
            killed += 1;
            fixture.json(&import);
        }
    }
    assert!(killed > 0, "every import was complete before it was killed");
    fixture.print_progress(&format!("{killed} of {rounds} imports killed"), begin);
}

/// A worker that renews its lease keeps its task for longer than the lease. Once it is killed,
/// another one gets the task when the lease has expired, and not before.
fn dead_holder(database: Database) {
    // It takes the time of its leases: what a lease means is tested with a fixed clock as well.
    let rounds = if is_full() { 20 } else { return };
    let fixture = Fixture::new(database);
    fixture.json(&["task", "add", "Whose holder dies"]);
    let begin = Instant::now();
    for round in 0..rounds {
        let mut worker = fixture.worker();
        while fixture.json(&["task", "show", "1"])["claim"]["holder"] != "dying" {}
        let heir = format!("heir-{round}");
        let claim = || {
            let args = ["task", "claim", "--next", "--json", "--actor", &heir];
            let output = fixture.command(&args).output().unwrap();
            (output.status.success(), output.stdout)
        };
        let begin = Instant::now();
        while begin.elapsed() < LEASE * 3 / 2 {
            assert!(!claim().0, "the task was lost to a worker that lives");
        }
        worker.kill().unwrap();
        worker.wait().unwrap();
        // The last of its processes may still be at work.
        let mut held = fixture.json(&["task", "show", "1"]);
        let taken = loop {
            if let (true, taken) = claim() {
                break serde_json::from_slice::<Value>(&taken).unwrap();
            }
            held = fixture.json(&["task", "show", "1"]);
            assert_eq!(held["claim"]["holder"], "dying");
        };
        let end = time(&held["claim"]["expires"]);
        let late = time(&taken["claim"]["since"]).seconds_since(end);
        assert!((0.0..5.0).contains(&late), "{late} s after the end");
        fixture.json(&["task", "release", "1", "--actor", &heir]);
    }
    fixture.print_progress(&format!("{rounds} holders died"), begin);
}

const LEASE: Duration = Duration::from_secs(2);

fn time(value: &Value) -> wsdb_core::Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

impl Fixture {
    /// A process that claims the task, and renews its lease for as long as it lives.
    fn worker(&self) -> Child {
        let wsdb = self.command(&[]);
        let work = "\"$0\" task claim 1 --lease $1 && while \"$0\" task heartbeat 1 --lease $1; do :; done";
        let mut shell = Command::new("sh");
        shell
            .args(["-c", work])
            .arg(wsdb.get_program())
            .arg(format!("{}s", LEASE.as_secs()))
            .current_dir(self.workspace.path());
        for (name, value) in wsdb.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        shell.env("WSDB_ACTOR", "dying");
        shell.stdout(Stdio::null()).spawn().unwrap()
    }
}

macro_rules! on_both {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            #[test]
            fn sqlite() {
                super::$name(super::Database::sqlite());
            }

            #[test]
            fn postgres() {
                if let Some(database) = super::Database::postgres() {
                    super::$name(database);
                }
            }
        }
    )*};
}

on_both!(
    mixed_writes,
    racing_changes,
    racing_claims,
    claim_next,
    dead_holder,
    killed_import,
);
