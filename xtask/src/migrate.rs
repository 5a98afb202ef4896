//! `cargo xtask migrate`: the steps of a database's schema, forth and back.

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use wsdb_store::{Error, schema};

use crate::project;

/// Which way, and in which database.
#[derive(Debug, clap::Args)]
pub struct Migrate {
    #[command(subcommand)]
    way: Way,
    /// The database
    #[arg(long, global = true, value_name = "URL", default_value = project::DATABASE)]
    database: String,
}

#[derive(Debug, Subcommand)]
enum Way {
    /// Take every step that is missing; makes the database if need be
    Up,
    /// Take the last step back, with the data in it
    Down {
        /// Yes, the data may go
        #[arg(long)]
        yes: bool,
    },
    /// Show every step, and whether it was taken
    Status,
    /// Take every step back, with all the data, and take them anew
    Fresh {
        /// Yes, the data may go
        #[arg(long)]
        yes: bool,
    },
}

impl Migrate {
    /// Does it.
    ///
    /// # Errors
    /// What the store reports, or data that would be lost without `--yes`.
    pub fn run(self) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("can't start the async runtime")?;
        runtime.block_on(self.go())
    }

    async fn go(self) -> Result<()> {
        let url = self.database.as_str();
        let shown = project::without_password(url);
        match self.way {
            Way::Up => {
                let steps = schema::up(url).await?;
                list("up", &steps, &shown);
            }
            Way::Status => {
                for (step, taken) in schema::status(url).await? {
                    println!("{} {step}", if taken { "taken  " } else { "missing" });
                }
            }
            Way::Down { yes } => {
                let steps = taken(url).await?.unwrap_or_default();
                let Some(last) = steps.last() else {
                    println!("{shown}: there is no step to take back");
                    return Ok(());
                };
                if !yes {
                    bail!(
                        "taking back {last} drops the tables and columns that it brought to \
                         {shown}, with everything in them; say --yes if they may go"
                    );
                }
                let steps: Vec<String> = schema::down(url).await?.into_iter().collect();
                list("down", &steps, &shown);
            }
            Way::Fresh { yes } => {
                if taken(url).await?.is_some() && !yes {
                    bail!(
                        "this drops every table of wsdb in {shown}, and with them every task, \
                         session, issue, decision and other record; say --yes if they may go"
                    );
                }
                let steps = schema::schema_statements(url).await?;
                list("up", &steps, &shown);
            }
        }
        Ok(())
    }
}

/// The steps that a database has taken; `None` where there is no database.
async fn taken(url: &str) -> Result<Option<Vec<String>>> {
    let steps = match schema::status(url).await {
        Err(Error::NoDatabase { .. }) => return Ok(None),
        steps => steps?,
    };
    let taken = steps.into_iter().filter(|(_, taken)| *taken);
    Ok(Some(taken.map(|(step, _)| step).collect()))
}

fn list(way: &str, steps: &[String], shown: &str) {
    for step in steps {
        println!("{way} {step}");
    }
    if steps.is_empty() {
        println!("{shown}: no step was missing");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migrate(way: Way, database: &str) -> Result<(), String> {
        let database = database.to_owned();
        let done = Migrate { way, database }.run();
        done.map_err(|error| error.to_string())
    }

    #[test]
    fn data_goes_only_with_a_yes() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ws.db");
        let url = &format!("sqlite://{}", path.display());

        assert_eq!(migrate(Way::Down { yes: false }, url), Ok(()));
        assert!(!path.exists(), "down made a database");
        assert_eq!(migrate(Way::Fresh { yes: false }, url), Ok(()));
        assert_eq!(migrate(Way::Status, url), Ok(()));

        let before = std::fs::read(&path).expect("a database");
        let refused = migrate(Way::Fresh { yes: false }, url);
        assert!(refused.is_err_and(|e| e.contains("--yes")));
        let refused = migrate(Way::Down { yes: false }, url);
        assert!(refused.is_err_and(|e| e.contains("--yes")));
        assert_eq!(std::fs::read(&path).expect("a database"), before);

        assert_eq!(migrate(Way::Down { yes: true }, url), Ok(()));
        assert_eq!(migrate(Way::Up, url), Ok(()));
        assert_eq!(migrate(Way::Fresh { yes: true }, url), Ok(()));
    }
}
