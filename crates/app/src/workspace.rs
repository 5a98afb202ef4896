//! Finding and opening a workspace.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use wsdb_core::{Author, Timestamp};
use wsdb_store::{Options, Store};

use crate::Error;

const SETTINGS: &str = ".wsdb.toml";
const DATABASE: &str = "workspace.db";

/// Who does something, and when.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The user's or the assistant's name.
    pub name: String,
    /// The time of the action, in UTC.
    pub now: Timestamp,
}

/// Where a workspace is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The folder beside the repositories.
    pub folder: PathBuf,
    /// The database's URL.
    pub url: String,
    /// Whether the folder or the database was named, and not just found: what is named may be
    /// made where it isn't there yet.
    pub named: bool,
}

/// The file `.wsdb.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// `sqlite://…`, relative to the file's folder, or `postgres://…`
    database: Option<String>,
}

impl Location {
    /// A workspace in this folder, with the database that its settings name, if they do.
    pub fn in_folder(folder: &Path) -> Self {
        Location {
            folder: folder.to_owned(),
            url: sqlite(&folder.join(DATABASE)),
            named: false,
        }
    }

    /// The workspace that is meant: in `folder` if it is named, else in the first folder from
    /// `current` upward that has `.wsdb.toml` or `workspace.db`. `database` is a URL, or the path
    /// of a SQLite file, that wins over both.
    ///
    /// # Errors
    /// [`Error::NoWorkspace`] where nothing is named and nothing is found, [`Error::Settings`]
    /// where the settings can't be read, and a database URL that is none.
    pub fn find(
        current: &Path,
        folder: Option<&Path>,
        database: Option<&str>,
    ) -> Result<Self, Error> {
        let found = match folder {
            Some(folder) => Some(current.join(folder)),
            None => current
                .ancestors()
                .find(|folder| folder.join(SETTINGS).is_file() || folder.join(DATABASE).exists())
                .map(Path::to_owned),
        };
        match (found, database) {
            (found, Some(database)) => Ok(Location {
                url: url(current, database)?,
                folder: found.unwrap_or_else(|| current.to_owned()),
                named: true,
            }),
            (Some(found), None) => {
                let settings = settings(&found)?;
                let mut location = Location::in_folder(&found);
                location.named = folder.is_some() || settings.database.is_some();
                if let Some(database) = settings.database {
                    location.url = url(&found, &database)?;
                }
                Ok(location)
            }
            (None, None) => Err(Error::NoWorkspace {
                from: current.to_owned(),
            }),
        }
    }
}

fn settings(folder: &Path) -> Result<Settings, Error> {
    let file = folder.join(SETTINGS);
    let fail = |reason| Error::Settings {
        file: file.clone(),
        reason,
    };
    match std::fs::read_to_string(&file) {
        Ok(text) => toml::from_str(&text).map_err(|error| {
            // The line itself is not shown: a password may stand in it.
            let place = error.span().map_or_else(String::new, |span| {
                let before = text.get(..span.start).unwrap_or_default();
                let line = before.matches('\n').count() + 1;
                let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
                format!("line {line}, column {column}: ")
            });
            fail(format!("{place}{}", error.message()))
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Settings::default()),
        Err(error) => Err(fail(format!("can't be read: {error}"))),
    }
}

fn sqlite(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

/// A URL; a path without a scheme is a SQLite file, relative to `base`.
fn url(base: &Path, database: &str) -> Result<String, Error> {
    if is_almost_postgres(database) {
        // It is not shown: a password may stand in it.
        let reason = "the database's URL begins like one of PostgreSQL, but not with postgres://";
        return Err(wsdb_store::Error::Url(reason.to_owned()).into());
    }
    Ok(match database.strip_prefix("sqlite://") {
        Some(path) => sqlite(&base.join(path)),
        None if database.contains("://") || database == "sqlite::memory:" => database.to_owned(),
        None => sqlite(&base.join(database)),
    })
}

/// `postgres:jo@…`, `postgresql//…`: meant to be a URL, and not the path of a file.
fn is_almost_postgres(database: &str) -> bool {
    let database = database.trim_start().to_ascii_lowercase();
    let Some(rest) = database.strip_prefix("postgres") else {
        return false;
    };
    let rest = rest.strip_prefix("ql").unwrap_or(rest);
    (rest.starts_with(':') && !rest.starts_with("://")) || rest.starts_with("//")
}

/// An open workspace.
#[derive(Debug)]
pub struct Workspace {
    /// Its database.
    pub store: Store,
    /// Where it is.
    pub location: Location,
}

impl Workspace {
    /// Opens a workspace that is there.
    ///
    /// # Errors
    /// [`wsdb_store::Error::NoDatabase`] where there is none, and whatever else keeps it shut.
    pub async fn open(location: &Location, options: &Options) -> Result<Self, Error> {
        Self::connect(location, false, options).await
    }

    /// Opens a workspace, and makes its database where there is none.
    ///
    /// # Errors
    /// Whatever keeps it shut.
    pub async fn create(location: &Location, options: &Options) -> Result<Self, Error> {
        Self::connect(location, true, options).await
    }

    async fn connect(location: &Location, create: bool, options: &Options) -> Result<Self, Error> {
        // One user, one action, one connection: a pool of more would only cost its start.
        let options = Options {
            max_connections: 1,
            create,
            ..options.clone()
        };
        Ok(Workspace {
            store: Store::connect_with(&location.url, &options).await?,
            location: location.clone(),
        })
    }

    /// The error, with the database's name where it is about the database and doesn't say so.
    pub fn named(&self, error: Error) -> Error {
        error.at(&self.location)
    }

    /// The store, where what is written is kept as done by `actor`.
    pub(crate) fn by(&self, actor: &Actor, verb: &str) -> Store {
        self.store.by(Author::new(&actor.name, verb, actor.now))
    }

    /// Closes the database; see [`Store::close`].
    ///
    /// # Errors
    /// Where the database reports one.
    pub async fn close(self) -> Result<(), Error> {
        Ok(self.store.close().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_folder_upward_is_found() {
        let root = tempfile::tempdir().expect("a folder");
        let deep = root.path().join("a/b");
        std::fs::create_dir_all(&deep).expect("folders");
        assert!(matches!(
            Location::find(&deep, None, None),
            Err(Error::NoWorkspace { .. })
        ));
        std::fs::write(root.path().join(DATABASE), "").expect("a file");
        let found = Location::find(&deep, None, None).expect("found");
        assert_eq!(found, Location::in_folder(root.path()));
        std::fs::write(root.path().join("a").join(SETTINGS), "database = \"x.db\"")
            .expect("a file");
        let nearer = Location::find(&deep, None, None).expect("found");
        assert_eq!(
            nearer.url,
            format!("sqlite://{}", root.path().join("a/x.db").display())
        );
        let named = Location::find(&deep, None, Some("sqlite:///y.db")).expect("named");
        assert_eq!(named.url, "sqlite:///y.db");
        std::fs::write(deep.join(SETTINGS), "datbase = \"x\"").expect("a file");
        let error = Location::find(&deep, None, None)
            .expect_err("a mistake")
            .to_string();
        assert!(
            error.contains("line 1, column 1: unknown field `datbase`"),
            "{error}"
        );
    }

    #[test]
    fn what_is_almost_a_url_of_postgres_is_no_file() {
        for almost in [
            "postgres:jo:secret@db/x",
            "postgres:/jo:secret@db/x",
            "postgres//jo:secret@db/x",
            "postgresql:secret",
            "Postgres:jo:secret@db/x",
            " postgresql//secret",
        ] {
            let error = url(Path::new("/"), almost).expect_err(almost).to_string();
            assert!(!error.contains("secret"), "{error}");
        }
        for fine in ["postgres://jo:secret@db/x", "postgres.db", "postgres/w.db"] {
            assert!(url(Path::new("/"), fine).is_ok(), "{fine}");
        }
    }
}
