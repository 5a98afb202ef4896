//! Database URLs: parses, displays and compares them.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use sea_orm::sqlx::postgres::PgConnectOptions;

use crate::Error;

/// A parsed database URL.
pub(crate) enum DatabaseUrl<'a> {
    Memory,
    File(&'a Path),
    Postgres,
}

pub(crate) fn parse(url: &str) -> Result<DatabaseUrl<'_>, Error> {
    if matches!(url, "sqlite::memory:" | "sqlite://:memory:") {
        return Ok(DatabaseUrl::Memory);
    }
    if let Some(path) = url.strip_prefix("sqlite://") {
        if path.is_empty() {
            return Err(Error::Url("the URL sqlite:// has no file path".into()));
        }
        return Ok(DatabaseUrl::File(Path::new(path)));
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(DatabaseUrl::Postgres);
    }
    // The message has only the scheme: what follows could contain a password.
    let scheme = url
        .split("://")
        .next()
        .filter(|s| *s != url)
        .unwrap_or("no scheme");
    Err(Error::Url(format!(
        "expected a database URL starting with sqlite:// or postgres://, found {scheme}"
    )))
}

/// Prefixes a path that starts with `file:`, which SQLite would read as a URL.
pub(crate) fn escape_file_prefix(path: &Path) -> Cow<'_, Path> {
    match path.to_str() {
        Some(name) if name.starts_with("file:") => Path::new(".").join(path).into(),
        _ => path.into(),
    }
}

/// Returns whether a URL is that of a database on a PostgreSQL server.
pub fn is_postgres(url: &str) -> bool {
    matches!(parse(url), Ok(DatabaseUrl::Postgres))
}

/// Returns a database's URL without user and password, or the path of its file, for display.
pub fn redacted(url: &str) -> String {
    if let Some(path) = url.strip_prefix("sqlite://") {
        return PathBuf::from(path).display().to_string();
    }
    match (parse(url), url.parse::<PgConnectOptions>()) {
        (Ok(DatabaseUrl::Postgres), Ok(known)) => {
            let host = match known.get_socket() {
                Some(folder) => folder.display().to_string(),
                None => known.get_host().to_owned(),
            };
            let port = match known.get_port() {
                5432 => String::new(),
                port => format!(":{port}"),
            };
            let name = known.get_database().unwrap_or_else(|| known.get_username());
            format!("postgres://{host}{port}/{name}")
        }
        (Ok(DatabaseUrl::Postgres), Err(_)) => "postgres://…".to_owned(),
        _ => url.to_owned(),
    }
}

/// Returns whether two URLs refer to the same database.
pub(crate) fn is_same_database(url: &str, other: &str) -> bool {
    fn canonicalize(path: &Path) -> PathBuf {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
        let folder = std::fs::canonicalize(folder.unwrap_or(Path::new(".")));
        std::fs::canonicalize(path)
            .or_else(|_| folder.map(|folder| folder.join(path.file_name().unwrap_or_default())))
            .unwrap_or_else(|_| path.to_owned())
    }
    match (parse(url), parse(other)) {
        (Ok(DatabaseUrl::File(one)), Ok(DatabaseUrl::File(other))) => {
            canonicalize(one) == canonicalize(other)
        }
        (Ok(DatabaseUrl::Postgres), Ok(DatabaseUrl::Postgres)) => {
            let options = |url: &str| {
                let known = url.parse::<PgConnectOptions>().ok()?;
                // A database may have several workspaces, in schemas selected by the options.
                Some((redacted(url), known.get_options().map(str::to_owned)))
            };
            url == other || options(url).is_some_and(|one| Some(one) == options(other))
        }
        _ => url == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(
            redacted("postgres://jo:secret@db.example/ws"),
            "postgres://db.example/ws"
        );
        assert_eq!(redacted("sqlite:///srv/a@b.db"), "/srv/a@b.db");
        assert_eq!(
            redacted("postgres://jo@db.example:5433/ws?password=secret&user=a@b"),
            "postgres://db.example:5433/ws"
        );
        assert_eq!(
            redacted("postgres://jo:sec/ret@db.example/ws"),
            "postgres://…"
        );
        let error = parse("jo:secret@db").map(|_| ()).map_err(|e| e.to_string());
        assert!(error.is_err_and(|e| !e.contains("secret")));
    }

    #[test]
    fn urls_of_the_same_database_are_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str| format!("sqlite://{}", folder.path().join(name).display());
        assert!(is_same_database(&file("w.db"), &file("./w.db")));
        assert!(!is_same_database(&file("w.db"), &file("v.db")));
        std::fs::write(folder.path().join("w.db"), "").expect("a file");
        #[cfg(unix)]
        {
            let link = folder.path().join("link.db");
            std::os::unix::fs::symlink("w.db", link).expect("a link");
            assert!(is_same_database(&file("w.db"), &file("link.db")));
        }
        let pg = "postgres://jo:x@db.example/ws";
        assert!(is_same_database(pg, "postgresql://mira@db.example:5432/ws"));
        assert!(!is_same_database(pg, "postgres://jo:x@db.example/other"));
        assert!(!is_same_database(
            pg,
            "postgres://jo:x@db.example/ws?options=-csearch_path%3Dtwo"
        ));
        assert!(!is_same_database(pg, &file("w.db")));
    }
}
