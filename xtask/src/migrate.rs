//! `cargo xtask migrate`: applies and reverts schema migrations.

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use wsdb_store::{Error, schema};

use crate::project;

/// Arguments of `cargo xtask migrate`.
#[derive(Debug, clap::Args)]
pub struct Migrate {
    #[command(subcommand)]
    direction: Direction,
    /// Database to migrate
    #[arg(long, global = true, value_name = "URL", default_value = project::DATABASE)]
    database: String,
}

#[derive(Debug, Subcommand)]
enum Direction {
    /// Apply all pending migrations; creates the database if necessary
    Up,
    /// Revert the last migration and drop its data
    Down {
        /// Confirm that data may be dropped
        #[arg(long)]
        yes: bool,
    },
    /// List the migrations and whether each has been applied
    Status,
    /// Revert all migrations, drop all data and apply them again
    Fresh {
        /// Confirm that data may be dropped
        #[arg(long)]
        yes: bool,
    },
}

impl Migrate {
    /// Runs the command.
    ///
    /// # Errors
    /// An error of the store, or data that would be dropped without `--yes`.
    pub fn run(self) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("cannot start the async runtime")?;
        runtime.block_on(self.run_async())
    }

    async fn run_async(self) -> Result<()> {
        let url = self.database.as_str();
        let shown = project::without_password(url);
        match self.direction {
            Direction::Up => {
                let steps = schema::up(url).await?;
                list("up", &steps, &shown);
            }
            Direction::Status => {
                for migration in schema::status(url).await? {
                    let status = if migration.is_applied {
                        "applied"
                    } else {
                        "pending"
                    };
                    println!("{status} {}", migration.name);
                }
            }
            Direction::Down { yes } => {
                let applied = applied(url).await?.unwrap_or_default();
                let Some(last) = applied.last() else {
                    println!("{shown}: no migration to revert");
                    return Ok(());
                };
                if !yes {
                    bail!(
                        "reverting {last} drops the tables and columns that it added to {shown} \
                         with all their data; pass --yes to confirm"
                    );
                }
                let steps: Vec<String> = schema::down(url).await?.into_iter().collect();
                list("down", &steps, &shown);
            }
            Direction::Fresh { yes } => {
                if applied(url).await?.is_some() && !yes {
                    bail!(
                        "this drops every table of wsdb in {shown} with all records; pass --yes \
                         to confirm"
                    );
                }
                let steps = schema::reset(url).await?;
                list("up", &steps, &shown);
            }
        }
        Ok(())
    }
}

/// Returns the migrations applied to a database, or `None` if there is no database.
async fn applied(url: &str) -> Result<Option<Vec<String>>> {
    let migrations = match schema::status(url).await {
        Err(Error::NoDatabase { .. }) => return Ok(None),
        migrations => migrations?,
    };
    let applied = migrations.into_iter().filter(|m| m.is_applied);
    Ok(Some(applied.map(|migration| migration.name).collect()))
}

fn list(direction: &str, steps: &[String], shown: &str) {
    for step in steps {
        println!("{direction} {step}");
    }
    if steps.is_empty() {
        println!("{shown}: no pending migrations");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migrate(direction: Direction, database: &str) -> Result<(), String> {
        let database = database.to_owned();
        let done = Migrate {
            direction,
            database,
        }
        .run();
        done.map_err(|error| error.to_string())
    }

    #[test]
    fn dropping_data_needs_confirmation() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ws.db");
        let url = &format!("sqlite://{}", path.display());

        assert_eq!(migrate(Direction::Down { yes: false }, url), Ok(()));
        assert!(!path.exists(), "down created a database");
        assert_eq!(migrate(Direction::Fresh { yes: false }, url), Ok(()));
        assert_eq!(migrate(Direction::Status, url), Ok(()));

        let before = std::fs::read(&path).expect("a database");
        let refused = migrate(Direction::Fresh { yes: false }, url);
        assert!(refused.is_err_and(|e| e.contains("--yes")));
        let refused = migrate(Direction::Down { yes: false }, url);
        assert!(refused.is_err_and(|e| e.contains("--yes")));
        assert_eq!(std::fs::read(&path).expect("a database"), before);

        assert_eq!(migrate(Direction::Down { yes: true }, url), Ok(()));
        assert_eq!(migrate(Direction::Up, url), Ok(()));
        assert_eq!(migrate(Direction::Fresh { yes: true }, url), Ok(()));
    }
}
