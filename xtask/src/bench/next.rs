//! What to do next, and what to know.

use anyhow::{Context, Result};

use super::{Contest, Place, RUNS, SEED, TASKS, WARM_UPS, held, timed, url};
use crate::fixtures;

/// How many tasks there are where there are many.
const MANY: usize = 100_000;
/// What is asked for, and how many seconds it may take with `MANY` tasks; a brief only with `TASKS`.
const QUESTIONS: [(&str, &[&str]); 4] = [
    ("wsdb task ready", &["task", "ready"]),
    ("wsdb next", &["next"]),
    ("wsdb handoff", &["handoff"]),
    ("wsdb status", &["status"]),
];
const NEXT_LIMIT: f64 = 0.2;
const HANDOFF_LIMIT: f64 = 0.1;

impl Place {
    pub(super) fn next(&self) -> Result<()> {
        for tasks in [TASKS, MANY] {
            let documents = self.folder.join(format!("documents-{tasks}"));
            fixtures::write(&documents, tasks, SEED)?;
            let database = self.folder.join(format!("next-{tasks}.db"));
            let mut import = self.wsdb();
            import.args(["--database", &url(&database), "import"]);
            timed(import.arg(&documents))?;
            let mut trials = vec![Contest::new("wsdb --version")];
            trials.extend(QUESTIONS.map(|(name, _)| Contest::new(name)));
            for run in 0..WARM_UPS + RUNS {
                for (number, trial) in trials.iter_mut().enumerate() {
                    let mut command = match number {
                        0 => self.version(),
                        _ => {
                            let mut command = self.wsdb();
                            command.args(["--database", &url(&database)]);
                            command.args(QUESTIONS[number - 1].1);
                            command
                        }
                    };
                    let seconds = timed(&mut command)?;
                    if run >= WARM_UPS {
                        trial.seconds.push(seconds);
                    }
                }
            }
            println!("{tasks} tasks on SQLite, {RUNS} runs in turn:");
            let medians: Vec<f64> = trials.into_iter().map(Contest::show).collect();
            let (nothing, questions) = medians.split_first().context("no trial")?;
            for ((name, _), median) in QUESTIONS.iter().zip(questions) {
                let limit = match (*name, tasks) {
                    ("wsdb handoff", TASKS) => HANDOFF_LIMIT,
                    _ => NEXT_LIMIT,
                };
                println!(
                    "  {name} is {:.2} x wsdb --version; limit {:.0} ms: {}",
                    median / nothing,
                    limit * 1e3,
                    held(*median <= limit)
                );
            }
        }
        Ok(())
    }
}
