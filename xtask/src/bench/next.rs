//! Benchmark of `next`, `handoff`, `status` and `task ready`.

use anyhow::{Context, Result};

use super::{
    BenchSetup, MeasuredCommand, RUNS, SEED, TASKS, format_limit_check, measure, timed, url,
};
use crate::fixtures;

/// Number of tasks in the large workspace.
const LARGE_TASKS: usize = 100_000;
/// The commands to measure, with their arguments.
const COMMANDS: [(&str, &[&str]); 4] = [
    ("wsdb task ready", &["task", "ready"]),
    ("wsdb next", &["next"]),
    ("wsdb handoff", &["handoff"]),
    ("wsdb status", &["status"]),
];
/// Maximum duration of a command with any number of tasks, in seconds.
const NEXT_LIMIT: f64 = 0.2;
/// Maximum duration of `handoff` with `TASKS` tasks, in seconds.
const HANDOFF_LIMIT: f64 = 0.1;

impl BenchSetup {
    pub(super) fn next(&self) -> Result<()> {
        for tasks in [TASKS, LARGE_TASKS] {
            let documents = self.folder.join(format!("documents-{tasks}"));
            fixtures::write(&documents, tasks, SEED)?;
            let database = self.folder.join(format!("next-{tasks}.db"));
            let mut import = self.wsdb();
            import.args(["--database", &url(&database), "import"]);
            timed(import.arg(&documents))?;
            let mut commands = vec![MeasuredCommand::new("wsdb --version")];
            commands.extend(COMMANDS.map(|(name, _)| MeasuredCommand::new(name)));
            measure(&mut commands, |number, _| match number {
                0 => self.version(),
                _ => {
                    let mut command = self.wsdb();
                    command.args(["--database", &url(&database)]);
                    command.args(COMMANDS[number - 1].1);
                    command
                }
            })?;
            println!("{tasks} tasks on SQLite, {RUNS} alternating runs:");
            let medians: Vec<f64> = commands.into_iter().map(MeasuredCommand::print).collect();
            let (baseline, medians) = medians.split_first().context("no command")?;
            for ((name, _), median) in COMMANDS.iter().zip(medians) {
                let limit = match (*name, tasks) {
                    ("wsdb handoff", TASKS) => HANDOFF_LIMIT,
                    _ => NEXT_LIMIT,
                };
                println!(
                    "  {name} is {:.2} x wsdb --version; limit {:.0} ms: {}",
                    median / baseline,
                    limit * 1e3,
                    format_limit_check(*median <= limit)
                );
            }
        }
        Ok(())
    }
}
