//! Database URLs: parses, displays and compares them.

use std::path::{Path, PathBuf};

use sea_orm::sqlx::postgres::PgConnectOptions;

use crate::Error;

/// A parsed database URL.
pub(crate) enum Place<'a> {
    Memory,
    File(&'a Path),
    Postgres,
}

pub(crate) fn place(url: &str) -> Result<Place<'_>, Error> {
    if matches!(url, "sqlite::memory:" | "sqlite://:memory:") {
        return Ok(Place::Memory);
    }
    if let Some(path) = url.strip_prefix("sqlite://") {
        if path.is_empty() {
            return Err(Error::Url("the URL sqlite:// has no file path".into()));
        }
        return Ok(Place::File(Path::new(path)));
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(Place::Postgres);
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

/// Returns whether a URL is that of a database on a PostgreSQL server.
pub fn is_postgres(url: &str) -> bool {
    matches!(place(url), Ok(Place::Postgres))
}

/// Returns a database's URL without user and password, or the path of its file, for display.
pub fn shown(url: &str) -> String {
    if let Some(path) = url.strip_prefix("sqlite://") {
        return PathBuf::from(path).display().to_string();
    }
    match (place(url), url.parse::<PgConnectOptions>()) {
        (Ok(Place::Postgres), Ok(known)) => {
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
        (Ok(Place::Postgres), Err(_)) => "postgres://…".to_owned(),
        _ => url.to_owned(),
    }
}

/// Returns whether two URLs refer to the same database.
pub(crate) fn same(one: &str, other: &str) -> bool {
    fn real(path: &Path) -> PathBuf {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
        let folder = std::fs::canonicalize(folder.unwrap_or(Path::new(".")));
        std::fs::canonicalize(path)
            .or_else(|_| folder.map(|folder| folder.join(path.file_name().unwrap_or_default())))
            .unwrap_or_else(|_| path.to_owned())
    }
    match (place(one), place(other)) {
        (Ok(Place::File(one)), Ok(Place::File(other))) => real(one) == real(other),
        (Ok(Place::Postgres), Ok(Place::Postgres)) => {
            let options = |url: &str| {
                let known = url.parse::<PgConnectOptions>().ok()?;
                // A database may have several workspaces, in schemas selected by the options.
                Some((shown(url), known.get_options().map(str::to_owned)))
            };
            one == other || options(one).is_some_and(|one| Some(one) == options(other))
        }
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(
            shown("postgres://jo:secret@db.example/ws"),
            "postgres://db.example/ws"
        );
        assert_eq!(shown("sqlite:///srv/a@b.db"), "/srv/a@b.db");
        assert_eq!(
            shown("postgres://jo@db.example:5433/ws?password=secret&user=a@b"),
            "postgres://db.example:5433/ws"
        );
        assert_eq!(shown("postgres://jo:sec/ret@db.example/ws"), "postgres://…");
        let error = place("jo:secret@db").map(|_| ()).map_err(|e| e.to_string());
        assert!(error.is_err_and(|e| !e.contains("secret")));
    }

    #[test]
    fn one_database_may_have_several_urls() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str| format!("sqlite://{}", folder.path().join(name).display());
        assert!(same(&file("w.db"), &file("./w.db")));
        assert!(!same(&file("w.db"), &file("v.db")));
        std::fs::write(folder.path().join("w.db"), "").expect("a file");
        #[cfg(unix)]
        {
            let link = folder.path().join("link.db");
            std::os::unix::fs::symlink("w.db", link).expect("a link");
            assert!(same(&file("w.db"), &file("link.db")));
        }
        let pg = "postgres://jo:x@db.example/ws";
        assert!(same(pg, "postgresql://mira@db.example:5432/ws"));
        assert!(!same(pg, "postgres://jo:x@db.example/other"));
        assert!(!same(
            pg,
            "postgres://jo:x@db.example/ws?options=-csearch_path%3Dtwo"
        ));
        assert!(!same(pg, &file("w.db")));
    }
}
