//! Logging in to a PostgreSQL server.

use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use wsdb_tests::server::{Cluster, StopMode, server};
use wsdb_tests::{TestWorkspace, run_command, store::Database};

use crate::file_failures::error_code;

pub(crate) const PASSWORD: &str = "s3cret-w0rd";

/// A server of this test alone, where the server's programs are installed.
pub(crate) fn cluster(settings: &str) -> Option<Cluster> {
    // Prints a warning if there is no PostgreSQL at all.
    server()?;
    match Cluster::create(settings) {
        Ok(cluster) => Some(cluster),
        Err(why) => {
            assert!(std::env::var_os("CI").is_none(), "{why}");
            eprintln!("THIS TEST DID NOT RUN: it needs the programs of a PostgreSQL server: {why}");
            None
        }
    }
}

/// Runs the binary on a database without the settings of the user who runs the tests.
pub(crate) fn run_on(
    workspace: &TestWorkspace,
    url: &str,
    args: &[&str],
    variables: &[(&str, &str)],
) -> Output {
    let mut command = workspace.command(args);
    command
        .env("WSDB_DATABASE_URL", url)
        .env("HOME", workspace.path());
    for name in ["PGPASSWORD", "PGUSER", "PGHOST", "PGPASSFILE"] {
        command.env_remove(name);
    }
    let output = run_command(command.envs(variables.iter().copied()));
    let printed = [&output.stdout[..], &output.stderr[..]].concat();
    assert!(
        !String::from_utf8_lossy(&printed).contains(PASSWORD),
        "a password is shown"
    );
    output
}

/// A server on which jo needs a password, tess needs encryption, postgres needs neither and nobody
/// else may log in.
struct Server {
    cluster: Cluster,
    database: Database,
}

impl Server {
    fn start() -> Option<Self> {
        let cluster = cluster("-c ssl=off")?;
        let database = Database::postgres_on(&cluster.url());
        database.execute(&format!(
            "CREATE ROLE jo SUPERUSER LOGIN PASSWORD '{PASSWORD}'; \
             CREATE ROLE tess SUPERUSER LOGIN"
        ));
        cluster
            .set_access_rules(
                "hostssl all tess 127.0.0.1/32 trust\nhost all jo 127.0.0.1/32 scram-sha-256\n\
                 host all postgres 127.0.0.1/32 trust\nhost all nobody 127.0.0.1/32 trust\n",
            )
            .unwrap();
        Some(Server { cluster, database })
    }

    /// The URL of the database for a login such as `jo:password`.
    fn url(&self, login: &str) -> String {
        let url = self.database.url();
        let (_, server) = url.split_once('@').unwrap();
        format!("postgres://{login}@{server}")
    }
}

/// The error code of `wsdb status` on a database.
fn status_error(workspace: &TestWorkspace, url: &str) -> String {
    error_code(&run_on(workspace, url, &["status", "--json"], &[]))
}

#[test]
fn refused_logins_are_explained() {
    let Some(server) = Server::start() else {
        return;
    };
    let workspace = TestWorkspace::new();
    let missing = server.cluster.url_of(&format!("jo:{PASSWORD}@"), "missing");
    for (url, expected) in [
        (server.url("jo:wrong"), "login"),
        (server.url("jo"), "login"),
        (server.url("nobody"), "login"),
        (server.url("tess"), "encryption"),
        (server.url("jo") + "?sslmode=require", "encryption"),
        (missing, "no_database"),
        (server.url("postgres"), "no_workspace"),
    ] {
        assert_eq!(status_error(&workspace, &url), expected, "{url}");
    }
    server.cluster.stop(StopMode::Fast).unwrap();
    let code = status_error(&workspace, &server.url("postgres"));
    assert_eq!(code, "no_server");
}

#[test]
fn password_is_taken_from_the_url_the_environment_or_pgpass() {
    let Some(server) = Server::start() else {
        return;
    };
    let workspace = TestWorkspace::new();
    let succeed = |url: &str, args: &[&str], variables: &[(&str, &str)]| {
        let output = run_on(&workspace, url, args, variables);
        assert!(output.status.success(), "{args:?}: {output:?}");
    };
    let with_password = server.url(&format!("jo:{PASSWORD}"));
    let without_password = server.url("jo");
    succeed(&with_password, &["init"], &[]);
    succeed(&with_password, &["copy", "--to", "copy.db", "--json"], &[]);
    let variable = [("PGPASSWORD", PASSWORD)];
    succeed(&without_password, &["status"], &variable);
    workspace.write(".pgpass", format!("127.0.0.1:*:*:jo:{PASSWORD}\n"));
    let file = workspace.path().join(".pgpass");
    std::fs::set_permissions(file, PermissionsExt::from_mode(0o600)).unwrap();
    succeed(&without_password, &["status"], &[]);
}
