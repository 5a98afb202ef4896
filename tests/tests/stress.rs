//! Many processes that write at the same moment. `cargo xtask stress` runs these at full size
//! with the release binary, and says how long they took.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use serde_json::Value;
use wsdb_tests::Folder;
use wsdb_tests::store::{Database, Lock};

/// Whether everything is done as often as it was promised.
fn full() -> bool {
    std::env::var_os("WSDB_STRESS_FULL").is_some()
}

struct Place {
    folder: Folder,
    database: Database,
}

impl Place {
    fn new(database: Database) -> Self {
        let place = Place {
            folder: Folder::new(),
            database,
        };
        place.json(&["init"]);
        place
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.folder.command(args);
        command.env("WSDB_DATABASE_URL", self.database.url());
        command
    }

    fn json(&self, args: &[&str]) -> Value {
        let output = self.command(&[args, &["--json"]].concat()).output();
        let output = output.expect("started");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "wsdb {args:?}: {said}");
        serde_json::from_slice(&output.stdout).expect("JSON")
    }

    fn spawn(&self, args: &[&str]) -> Child {
        let mut command = self.command(args);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("started")
    }

    fn tell(&self, what: &str, begin: Instant) {
        let kind = match self.database.is_postgres() {
            true => "PostgreSQL",
            false => "SQLite",
        };
        println!(
            "stress: {what} on {kind}: {:.1} s",
            begin.elapsed().as_secs_f64()
        );
    }
}

/// What one process after another does: a quarter adds, a quarter moves, a quarter logs and a
/// quarter resolves.
fn worker(place: &Place, number: usize, writes: usize) -> Vec<String> {
    let actor = format!("worker-{number}");
    let run = |args: &[&str]| place.json(&[args, &["--actor", &actor]].concat());
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
    record["id"].as_str().expect("an id").to_owned()
}

/// 16 processes, each with one write after another: none fails, nothing is lost, no id is given
/// twice, and none is left out.
fn mixed(database: Database) {
    let (workers, writes) = (16, if full() { 100 } else { 8 });
    let place = Place::new(database);
    let begin = Instant::now();
    let ids: Vec<Vec<String>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers)
            .map(|number| {
                scope.spawn({
                    let place = &place;
                    move || worker(place, number, writes)
                })
            })
            .collect();
        let ended = workers.into_iter().map(|worker| worker.join());
        ended.map(|ids| ids.expect("no write fails")).collect()
    });
    place.tell(
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

    let count = |args: &[&str]| place.json(args)["total"].as_u64().expect("a number") as usize;
    let quarter = workers * writes / 4;
    assert_eq!(count(&["task", "list"]), added);
    assert_eq!(count(&["task", "list", "--status", "in_progress"]), quarter);
    assert_eq!(count(&["issue", "list", "--status", "resolved"]), quarter);
    let sessions = place.json(&["session", "list"]);
    let sessions = sessions["sessions"].as_array().expect("sessions");
    assert_eq!(sessions.len(), workers);
    let logged: usize = sessions
        .iter()
        .map(|session| place.json(&["session", "show", &id(session)]))
        .map(|session| session["activities"].as_array().map_or(0, Vec::len))
        .sum();
    assert_eq!(logged, quarter);
}

/// 8 processes want to make the same change at the same moment: one does, and the others are
/// told that it is no longer theirs to make.
fn race(database: Database) {
    let (racers, rounds) = (8, if full() { 1000 } else { 15 });
    let place = Place::new(database);
    place.json(&["task", "add", "The one that all want"]);
    let begin = Instant::now();
    for round in 0..rounds {
        let children: Vec<Child> = (0..racers)
            .map(|_| place.spawn(&["task", "start", "1", "--expect", "status=pending", "--json"]))
            .collect();
        let ended: Vec<_> = children
            .into_iter()
            .map(|child| child.wait_with_output().expect("ended"))
            .collect();
        let (won, lost): (Vec<_>, Vec<_>) = ended.iter().partition(|o| o.status.success());
        for output in &lost {
            let said: Value = serde_json::from_slice(&output.stderr).expect("JSON");
            assert_eq!(said["error"]["code"], "unexpected", "round {round}: {said}");
        }
        assert_eq!(won.len(), 1, "round {round}");
        let started: Value = serde_json::from_slice(&won[0].stdout).expect("JSON");
        assert_eq!(started["status"], "in_progress");
        let reopen = ["task", "reopen", "1", "--expect", "status=in_progress"];
        assert_eq!(place.json(&reopen)["status"], "pending");
    }
    place.tell(&format!("{racers} processes x {rounds} races"), begin);
}

/// Whoever only reads on SQLite waits for nobody, not even for someone who keeps writing.
#[test]
fn readers_never_wait_for_a_writer() {
    let place = Place::new(Database::sqlite());
    let task = place.json(&["task", "add", "Seen by all"]);
    place.json(&["issue", "add", "So is this", "--type", "bug"]);
    place.json(&["decision", "add", "And this"]);
    place.json(&["session", "start"]);
    let path = place.database.url();
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
            place.json(&[args, &["--busy-timeout", "0s"][..]].concat());
        }
        let seen = place.json(&["task", "show", "1", "--busy-timeout", "0s"]);
        assert_eq!(
            seen["title"], task["title"],
            "what isn't committed isn't seen"
        );
        let write = ["task", "add", "x", "--busy-timeout", "0s", "--json"];
        let refused = place.command(&write).output().expect("started");
        let said: Value = serde_json::from_slice(&refused.stderr).expect("JSON");
        assert_eq!(said["error"]["code"], "busy", "the lock is one: {said}");
    }
}

macro_rules! on_both {
    ($($name:ident),*) => {$(
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

on_both!(mixed, race);
