//! From a `postgres://` URL to a pool, and what can be the matter with a server.

use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sea_orm::sqlx::{self, ConnectOptions, Connection};
use sea_orm::{DatabaseConnection, SqlxPostgresConnector};
use serde_json::Value;

use crate::connect::PATIENCE;
use crate::url::shown;
use crate::{Error, Fault, Options};

/// How long a server may take to answer at all.
const ANSWER: Duration = Duration::from_secs(10);

/// How long nothing is suspected. The pool itself would wait for a server that is not there.
const QUIET: Duration = Duration::from_millis(150);

/// What a URL says, with `PGHOST`, `PGUSER`, `PGPASSWORD` and their like, and `~/.pgpass`, for
/// what it leaves open: <https://www.postgresql.org/docs/current/libpq-envars.html>.
pub(crate) fn settings(url: &str) -> Result<PgConnectOptions, Error> {
    url.parse().map_err(|error: sqlx::Error| {
        let reason = match error {
            sqlx::Error::Configuration(reason) => reason.to_string(),
            error => error.to_string(),
        };
        // Nothing of the URL is shown: its parts are not known yet, and one may be a password.
        Error::Url(format!("the postgres:// URL can't be read: {reason}"))
    })
}

/// A user's own database is the one that is meant where none is named.
fn database(settings: &PgConnectOptions) -> &str {
    settings
        .get_database()
        .unwrap_or_else(|| settings.get_username())
}

pub(crate) async fn open(url: &str, options: &Options) -> Result<DatabaseConnection, Error> {
    let mut settings = settings(url)?.disable_statement_logging();
    if let Some(name) = &options.name {
        // The server cuts it to 63 bytes, and wants ASCII.
        settings = settings.application_name(name);
    }
    let pool = PgPoolOptions::new()
        .max_connections(options.max_connections)
        .acquire_timeout(options.busy_timeout.max(PATIENCE));
    let found = tokio::select! {
        pool = pool.connect_with(settings.clone()) => pool,
        error = fault(&settings) => Err(error),
    };
    match found {
        Ok(pool) => Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool)),
        Err(error) => Err(unreachable(url, &settings, &error)),
    }
}

/// What keeps a server from answering. It never ends where nothing does, or where waiting helps.
async fn fault(settings: &PgConnectOptions) -> sqlx::Error {
    tokio::time::sleep(QUIET).await;
    let asked = tokio::time::timeout(ANSWER, sqlx::PgConnection::connect_with(settings));
    let error = match asked.await {
        Ok(Ok(connection)) => {
            // It answers by now, and the pool will see that; a failure to part changes nothing.
            let _ = connection.close().await;
            None
        }
        Ok(Err(sqlx::Error::Database(told))) if told.is_transient_in_connect_phase() => None,
        Ok(Err(error)) => Some(error),
        Err(_) => Some(sqlx::Error::PoolTimedOut),
    };
    match error {
        Some(error) => error,
        None => std::future::pending().await,
    }
}

/// See [`unkept`].
pub(crate) const NO_ZERO: &str = "PostgreSQL keeps no character U+0000";

/// Why PostgreSQL can't keep a text, a key or a number of a JSON value; lists and objects are not
/// looked into. Texts hold no U+0000
/// (<https://www.postgresql.org/docs/current/datatype-json.html>), numbers so many digits
/// (<https://www.postgresql.org/docs/current/datatype-numeric.html>).
pub fn unkept(value: &Value) -> Option<&'static str> {
    match value {
        Value::String(text) if text.contains('\0') => Some(NO_ZERO),
        Value::Object(map) if map.keys().any(|key| key.contains('\0')) => {
            Some("PostgreSQL keeps no character U+0000, which stands in a key")
        }
        Value::Number(number) if !fits(number.as_str()) => {
            Some("PostgreSQL keeps no number of so many digits")
        }
        _ => None,
    }
}

/// Whether a number has at most 131072 digits before its point and 16383 after it.
fn fits(number: &str) -> bool {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = whole.trim_start_matches('-').trim_start_matches('0');
    let (Ok(before), Ok(after), Ok(exponent)) = (
        i64::try_from(whole.len()),
        i64::try_from(fraction.len()),
        exponent.parse::<i64>(),
    ) else {
        return false;
    };
    before.saturating_add(exponent) <= 131_072 && after.saturating_sub(exponent) <= 16_383
}

fn unreachable(url: &str, settings: &PgConnectOptions, error: &sqlx::Error) -> Error {
    let (user, name) = (settings.get_username(), database(settings));
    let (fault, reason) = match error {
        sqlx::Error::Io(error) => (Fault::NoServer, format!("no server answers: {error}")),
        sqlx::Error::PoolTimedOut => (
            Fault::NoServer,
            "the server doesn't answer, or lets nobody in".to_owned(),
        ),
        sqlx::Error::Tls(error) => (
            Fault::Encryption,
            format!("no encrypted connection: {error}"),
        ),
        sqlx::Error::Database(told) => match told.code().as_deref() {
            Some("28P01") => (
                Fault::Login,
                format!("the server doesn't accept the password of the user {user}"),
            ),
            Some("28000") if told.message().contains("encryption") => {
                (Fault::Encryption, told.message().to_owned())
            }
            Some("28000") => (Fault::Login, told.message().to_owned()),
            Some("3D000") => (
                Fault::NoDatabase,
                format!("the server has no database {name}"),
            ),
            Some("42501") => (
                Fault::Forbidden,
                format!("the user {user} may not work with it: {}", told.message()),
            ),
            _ => (Fault::Other, told.message().to_owned()),
        },
        error => (Fault::Other, error.to_string()),
    };
    Error::Unreachable {
        database: shown(url),
        fault,
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_postgres_can_not_keep_is_known() {
        for (json, kept) in [
            ("\"a\\u0000\"", false),
            ("{\"\\u0000\": 1}", false),
            ("\"\\u0001\"", true),
            ("1e131071", true),
            ("1e131072", false),
            ("0.5e131072", true),
            ("1e-16383", true),
            ("1.5e-16383", false),
            ("1e99999999999999999999", false),
            ("12", true),
        ] {
            let value = serde_json::from_str(json).expect("JSON");
            assert_eq!(unkept(&value).is_none(), kept, "{json}");
        }
    }

    #[test]
    fn a_url_that_can_not_be_read_is_not_shown() {
        for url in [
            "postgres://jo:secret@db:port/ws",
            "postgres://u:secret@:0x/",
        ] {
            let error = settings(url).map(|_| ()).expect_err("no URL").to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
