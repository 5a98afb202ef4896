//! Finds and opens a workspace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use wsdb_core::{Author, DEFAULT_SESSION_TIMEOUT, Moment, SessionChoice, Timestamp};
use wsdb_store::{Options, Store};

use crate::Error;

const SETTINGS: &str = ".wsdb.toml";
const DATABASE: &str = "workspace.db";

/// Who performs an action, and when.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Name of the person or agent.
    pub name: String,
    /// Time of the action, in UTC.
    pub now: Timestamp,
    /// The day of the action where the actor is, as a date.
    pub today: Timestamp,
    /// The session that the changes belong to.
    pub session: SessionChoice,
}

impl Actor {
    /// Returns the time and the day of the action.
    pub fn moment(&self) -> Moment {
        Moment {
            at: self.now,
            day: self.today,
        }
    }

    /// Creates an actor whose changes belong to their recent session. Their day is that of UTC.
    pub fn new(name: impl Into<String>, now: Timestamp) -> Self {
        Actor {
            name: name.into(),
            now,
            today: Timestamp::from_date(now.date()).unwrap_or(now),
            session: SessionChoice::recent(now, DEFAULT_SESSION_TIMEOUT),
        }
    }
}

/// Where a workspace is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Folder that contains the repositories.
    pub folder: PathBuf,
    /// URL of the database.
    pub url: String,
    /// Whether the folder or the database was named explicitly: then the database may be created if
    /// it does not exist.
    pub is_explicit: bool,
    /// Time without work after which changes no longer belong to a session.
    pub session_timeout: Duration,
    /// The folders of repos that are set in the settings, by name.
    pub repos: BTreeMap<String, PathBuf>,
}

/// Contents of the file `.wsdb.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Settings {
    /// `sqlite://…` with a path relative to the file's folder, or `postgres://…`.
    database: Option<String>,
    /// Such as `12h`.
    #[serde(default, deserialize_with = "read_duration")]
    session_timeout: Option<Duration>,
    /// The folders of repos, relative to the file's folder.
    #[serde(default)]
    repos: BTreeMap<String, PathBuf>,
}

impl Settings {
    /// Returns the folders of repos; `folder` is that of the file.
    fn repos_in(&self, folder: &Path) -> BTreeMap<String, PathBuf> {
        let repos = self.repos.iter();
        repos
            .map(|(name, path)| (name.clone(), folder.join(path)))
            .collect()
    }
}

impl Location {
    /// Returns a name of the database that is the same in every folder and has no password: the path
    /// of its file without symbolic links, or its URL without user.
    pub fn database_name(&self) -> String {
        let name = wsdb_store::redacted(&self.url);
        match self.url.strip_prefix("sqlite://").map(Path::new) {
            Some(path) => path
                .canonicalize()
                .map_or(name, |path| path.display().to_string()),
            None => name,
        }
    }

    /// Returns the workspace in this folder with the default database file.
    pub fn in_folder(folder: &Path) -> Self {
        Location {
            folder: folder.to_owned(),
            url: format!("sqlite://{}", folder.join(DATABASE).display()),
            is_explicit: false,
            session_timeout: DEFAULT_SESSION_TIMEOUT,
            repos: BTreeMap::new(),
        }
    }

    /// Finds the workspace: in `folder` if given, else in the nearest folder from `current` upward
    /// that contains `.wsdb.toml` or `workspace.db`. `database` is a URL or the path of a SQLite
    /// file and takes precedence over the settings.
    ///
    /// # Errors
    /// [`Error::NoWorkspace`] if nothing is given and nothing is found, [`Error::Settings`] if the
    /// settings cannot be read, [`Error::NotUtf8`] if the path of the database is not valid UTF-8, and
    /// [`wsdb_store::Error::Url`] for an invalid database URL.
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
            (found, Some(database)) => {
                let folder = found.unwrap_or_else(|| current.to_owned());
                // The database overrides the settings, even if they cannot be read.
                let settings = settings(&folder).unwrap_or_default();
                Ok(Location {
                    url: url(current, database)?,
                    is_explicit: true,
                    session_timeout: settings.session_timeout.unwrap_or(DEFAULT_SESSION_TIMEOUT),
                    repos: settings.repos_in(&folder),
                    folder,
                })
            }
            (Some(found), None) => {
                let settings = settings(&found)?;
                let mut location = Location::in_folder(&found);
                location.repos = settings.repos_in(&found);
                if let Some(timeout) = settings.session_timeout {
                    location.session_timeout = timeout;
                }
                location.is_explicit = folder.is_some() || settings.database.is_some();
                location.url = match settings.database {
                    Some(database) => url(&found, &database)?,
                    None => sqlite(&found.join(DATABASE))?,
                };
                Ok(location)
            }
            (None, None) => Err(Error::NoWorkspace {
                from: current.to_owned(),
            }),
        }
    }
}

fn read_duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let duration = humantime::parse_duration(&text);
    let error = |_| D::Error::custom("expected a duration such as 12h");
    duration.map(Some).map_err(error)
}

fn settings(folder: &Path) -> Result<Settings, Error> {
    use std::io::ErrorKind::{NotADirectory, NotFound};
    let file = folder.join(SETTINGS);
    let fail = |reason| Error::Settings {
        file: file.clone(),
        reason,
    };
    match std::fs::read_to_string(&file) {
        Ok(text) => toml::from_str(&text).map_err(|error| {
            // The line itself is not shown because it may contain a password.
            let position = error.span().map_or_else(String::new, |span| {
                let before = text.get(..span.start).unwrap_or_default();
                let line = before.matches('\n').count() + 1;
                let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
                format!("line {line}, column {column}: ")
            });
            fail(format!(
                "{position}{}",
                describe_toml_error(error.message())
            ))
        }),
        Err(error) if [NotFound, NotADirectory].contains(&error.kind()) => Ok(Settings::default()),
        Err(error) => Err(fail(wsdb_core::format_read_error(&error))),
    }
}

/// Returns the message of the TOML crate in our words, without a value, which may be a password.
fn describe_toml_error(message: &str) -> String {
    if let Some(key) = message.strip_prefix("unknown field `") {
        let key = key.split('`').next().unwrap_or_default();
        return format!("unknown key {key}");
    }
    let kinds = message.strip_prefix("invalid type: ");
    if let Some((found, expected)) = kinds.and_then(|kinds| kinds.split_once(", expected ")) {
        let found = match found.split(' ').next().unwrap_or_default() {
            "integer" | "floating" => "a number",
            "string" => "a string",
            "boolean" => "true or false",
            "sequence" => "a list",
            "map" => "a table",
            _ => return format!("expected {expected}"),
        };
        let expected = match expected {
            "a map" => "a table",
            "a sequence" => "a list",
            "path string" => "a path in quotes",
            expected => expected,
        };
        return format!("expected {expected}, found {found}");
    }
    if message.starts_with("string values must be quoted") {
        return "values must be in quotes".to_owned();
    }
    message.replace('`', "'")
}

fn sqlite(path: &Path) -> Result<String, Error> {
    let text = path.to_str();
    let text = text.ok_or_else(|| Error::NotUtf8(path.to_owned()))?;
    Ok(format!("sqlite://{text}"))
}

/// Returns a database URL; a path without a scheme is a SQLite file, relative to `base`.
fn url(base: &Path, database: &str) -> Result<String, Error> {
    if looks_like_postgres_url(database) {
        // The URL itself is not shown because it may contain a password.
        let reason = "a PostgreSQL URL must begin with postgres://";
        return Err(wsdb_store::Error::Url(reason.to_owned()).into());
    }
    Ok(match database.strip_prefix("sqlite://") {
        Some(path) if !path.is_empty() => sqlite(&base.join(path))?,
        _ if database.contains("://") || database == "sqlite::memory:" => database.to_owned(),
        _ => sqlite(&base.join(database))?,
    })
}

/// Returns whether a text is a mistyped URL rather than a path: `postgres:jo@…`, `postgresql//…`.
fn looks_like_postgres_url(database: &str) -> bool {
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
    /// Opens an existing workspace.
    ///
    /// # Errors
    /// [`wsdb_store::Error::NoDatabase`] if there is none, and the errors of
    /// [`Store::connect_with`].
    pub async fn open(location: &Location, options: &Options) -> Result<Self, Error> {
        Self::connect(location, false, options).await
    }

    /// Opens a workspace, and creates its database if there is none.
    ///
    /// # Errors
    /// Same as [`Store::connect_with`].
    pub async fn create(location: &Location, options: &Options) -> Result<Self, Error> {
        Self::connect(location, true, options).await
    }

    async fn connect(location: &Location, create: bool, options: &Options) -> Result<Self, Error> {
        // One user and one action need one connection; more would only take time to open.
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

    /// Adds the name of the database to an error about the database that does not name it.
    pub fn with_database_name(&self, error: Error) -> Error {
        error.with_database(&self.location.url)
    }

    /// Returns the store with `actor` as the author of all changes; `verb` names the action, such as
    /// `task add`.
    pub fn by(&self, actor: &Actor, verb: &str) -> Store {
        self.store.with_author(Author {
            session: actor.session.clone(),
            ..Author::new(&actor.name, verb, actor.now)
        })
    }

    /// Closes the database; see [`Store::close`].
    pub async fn close(self) -> Result<(), Error> {
        Ok(self.store.close().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_in_the_settings_are_described() {
        for (text, expected) in [
            ("foo = 1", "unknown key foo"),
            ("database = 5", "expected a string, found a number"),
            ("database = true", "expected a string, found true or false"),
            ("database = w.db", "values must be in quotes"),
            ("database = [\"x\"]", "expected a string, found a list"),
        ] {
            let error = toml::from_str::<Settings>(text).expect_err(text);
            assert_eq!(describe_toml_error(error.message()), expected, "{text}");
        }
    }

    #[test]
    fn nearest_parent_folder_is_found() {
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
            error.contains("line 1, column 1: unknown key datbase"),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn path_of_the_database_must_be_utf8() {
        use std::os::unix::ffi::OsStrExt;
        // Latin-1, as from a disk with an old encoding.
        let folder = Path::new(std::ffi::OsStr::from_bytes(b"/caf\xe9"));
        let find = |folder, database| Location::find(Path::new("/"), Some(folder), database);
        assert!(matches!(find(folder, None), Err(Error::NotUtf8(_))));
        assert!(find(folder, Some("w.db")).is_ok());
    }

    #[test]
    fn mistyped_postgres_url_is_not_a_file() {
        for suspicious in [
            "postgres:jo:secret@db/x",
            "postgres:/jo:secret@db/x",
            "postgres//jo:secret@db/x",
            "postgresql:secret",
            "Postgres:jo:secret@db/x",
            " postgresql//secret",
        ] {
            let error = url(Path::new("/"), suspicious)
                .expect_err(suspicious)
                .to_string();
            assert!(!error.contains("secret"), "{error}");
        }
        for fine in ["postgres://jo:secret@db/x", "postgres.db", "postgres/w.db"] {
            assert!(url(Path::new("/"), fine).is_ok(), "{fine}");
        }
    }
}
