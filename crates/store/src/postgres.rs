//! Opens a `postgres://` URL as a pool, and describes why a server cannot be used.

use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sea_orm::sqlx::{self, ConnectOptions, Connection};
use sea_orm::{DatabaseConnection, SqlxPostgresConnector};
use wsdb_core::{Json, format_io_error};

use crate::options::MIN_ACQUIRE_TIMEOUT;
use crate::url::redacted;
use crate::{DatabaseFault, Error, Options};

/// Time within which a server has to respond.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Time after which a slow connection is checked for errors. The pool itself would keep waiting
/// for a server that doesn't exist.
const SLOW_CONNECT_NOTICE: Duration = Duration::from_millis(150);

/// The name of `sslmode` in the messages of the driver, which has no error of its own for it.
const DRIVER_SSLMODE: &str = "`ssl_mode`";

/// Parses a URL. What it leaves out is taken from `PGHOST`, `PGUSER`, `PGPASSWORD` and similar
/// variables, and from `~/.pgpass`: <https://www.postgresql.org/docs/current/libpq-envars.html>.
pub(crate) fn settings(url: &str) -> Result<PgConnectOptions, Error> {
    url.parse().map_err(|error: sqlx::Error| {
        let reason = match error {
            sqlx::Error::Configuration(reason) => reason.to_string(),
            error => error.to_string(),
        };
        let reason = reason.trim_start_matches("error with configuration: ");
        // The message has no part of the URL: it isn't parsed, and any part may be a password.
        if reason.contains(DRIVER_SSLMODE) {
            let reason = reason.replace(DRIVER_SSLMODE, "sslmode");
            Error::SslMode(format!("invalid PostgreSQL URL: {reason}"))
        } else {
            Error::Url(format!("invalid PostgreSQL URL: {reason}"))
        }
    })
}

/// Returns the database's name, which defaults to the user's name.
fn database(settings: &PgConnectOptions) -> &str {
    settings
        .get_database()
        .unwrap_or_else(|| settings.get_username())
}

/// Returns an error if neither the URL nor `PGDATABASE` has the name of a database: the default is a
/// database named after the user, which usually belongs to something else.
fn require_database(settings: &PgConnectOptions) -> Result<(), Error> {
    match settings.get_database() {
        Some(name) if !name.is_empty() => Ok(()),
        _ => Err(Error::Url(
            "the PostgreSQL URL has no database name".to_owned(),
        )),
    }
}

pub(crate) async fn open(url: &str, options: &Options) -> Result<DatabaseConnection, Error> {
    let mut settings = settings(url)?.disable_statement_logging();
    require_database(&settings)?;
    if let Some(name) = &options.name {
        // The server truncates it to 63 bytes, and expects ASCII.
        settings = settings.application_name(name);
    }
    let pool = PgPoolOptions::new()
        .max_connections(options.max_connections)
        .acquire_timeout(options.busy_timeout.max(MIN_ACQUIRE_TIMEOUT));
    let connected = tokio::select! {
        pool = pool.connect_with(settings.clone()) => pool,
        error = fault(&settings) => Err(error),
    };
    match connected {
        Ok(pool) => Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool)),
        Err(error) => Err(connect_error(url, &settings, &error)),
    }
}

/// Returns the error that keeps a server from responding. Never completes if there is none, or if
/// waiting may help.
async fn fault(settings: &PgConnectOptions) -> sqlx::Error {
    tokio::time::sleep(SLOW_CONNECT_NOTICE).await;
    let connecting =
        tokio::time::timeout(CONNECT_TIMEOUT, sqlx::PgConnection::connect_with(settings));
    let error = match connecting.await {
        Ok(Ok(connection)) => {
            // The server responds by now, so the pool will connect. A failed close doesn't matter.
            let _ = connection.close().await;
            None
        }
        Ok(Err(sqlx::Error::Database(response))) if response.is_transient_in_connect_phase() => {
            None
        }
        Ok(Err(error)) => Some(error),
        Err(_) => Some(sqlx::Error::PoolTimedOut),
    };
    match error {
        Some(error) => error,
        None => std::future::pending().await,
    }
}

/// Why PostgreSQL cannot store a string with U+0000; see [`unsupported_by_postgres`].
pub(crate) const NUL_UNSUPPORTED: &str = "PostgreSQL cannot store the character U+0000";

/// Returns why PostgreSQL cannot store a string, a key or a number of a JSON value; the items of
/// lists and objects are not checked. Strings cannot contain U+0000
/// (<https://www.postgresql.org/docs/current/datatype-json.html>), and the number of digits is
/// limited (<https://www.postgresql.org/docs/current/datatype-numeric.html>).
pub fn unsupported_by_postgres(value: &Json) -> Option<&'static str> {
    match value {
        Json::String(text) if text.contains('\0') => Some(NUL_UNSUPPORTED),
        Json::Object(map) if map.keys().any(|key| key.contains('\0')) => {
            Some("PostgreSQL cannot store the character U+0000 in a key")
        }
        Json::Number(number) if !fits_numeric(&number.as_text()) => {
            Some("PostgreSQL cannot store a number with this many digits")
        }
        _ => None,
    }
}

/// Returns whether a number has at most 131072 digits before the decimal point and 16383 after it.
fn fits_numeric(number: &str) -> bool {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let integer = integer.trim_start_matches('-').trim_start_matches('0');
    let (Ok(before), Ok(after), Ok(exponent)) = (
        i64::try_from(integer.len()),
        i64::try_from(fraction.len()),
        exponent.parse::<i64>(),
    ) else {
        return false;
    };
    before.saturating_add(exponent) <= 131_072 && after.saturating_sub(exponent) <= 16_383
}

fn connect_error(url: &str, settings: &PgConnectOptions, error: &sqlx::Error) -> Error {
    let (user, name) = (settings.get_username(), database(settings));
    let (fault, reason) = match error {
        sqlx::Error::Io(error) if error.to_string().contains("certificate") => (
            DatabaseFault::Encryption,
            format!(
                "the server's TLS certificate is not trusted: {}",
                format_io_error(error)
            ),
        ),
        sqlx::Error::Io(error) => (
            DatabaseFault::NoServer,
            format!("cannot reach the server: {}", format_io_error(error)),
        ),
        sqlx::Error::PoolTimedOut => (
            DatabaseFault::NoServer,
            "the server does not respond or does not accept connections".to_owned(),
        ),
        sqlx::Error::Tls(error) => (
            DatabaseFault::Encryption,
            format!("cannot encrypt the connection: {error}"),
        ),
        sqlx::Error::Database(response) => match response.code().as_deref() {
            Some("28P01") => (
                DatabaseFault::Login,
                format!("the server rejected the login for user {user}"),
            ),
            Some("28000") if response.message().contains("encryption") => {
                (DatabaseFault::Encryption, response.message().to_owned())
            }
            Some("28000") if response.message().ends_with("does not exist") => (
                DatabaseFault::Login,
                format!("the server has no user named {user}"),
            ),
            Some("28000") => (DatabaseFault::Login, response.message().to_owned()),
            Some("3D000") => (
                DatabaseFault::NoDatabase,
                format!("the server has no database named {name}"),
            ),
            Some("42501") => (
                DatabaseFault::Forbidden,
                format!("permission denied for user {user}: {}", response.message()),
            ),
            _ => (DatabaseFault::Other, response.message().to_owned()),
        },
        error => (DatabaseFault::Other, error.to_string()),
    };
    Error::Unreachable {
        database: redacted(url),
        fault,
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsupported_values_are_detected() {
        for (json, is_supported) in [
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
            let value = json.parse().expect("JSON");
            assert_eq!(
                unsupported_by_postgres(&value).is_none(),
                is_supported,
                "{json}"
            );
        }
    }

    #[test]
    fn message_about_an_invalid_url_has_no_part_of_it() {
        for url in [
            "postgres://jo:secret@db:port/ws",
            "postgres://u:secret@:0x/",
        ] {
            let error = settings(url).map(|_| ()).expect_err("no URL").to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
