//! The PostgreSQL server that tests use: the one that is named, else a temporary one made from the
//! installed programs, else one that is running.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

use crate::folder::MEMORY;

/// The variable that names a server, which must then be reachable.
const URL_VARIABLE: &str = "WSDB_TEST_POSTGRES_URL";

/// The usual URLs of a running server.
const USUAL_URLS: &[&str] = &[
    "postgres://postgres@127.0.0.1:5432/postgres",
    "postgres://postgres@%2Fvar%2Frun%2Fpostgresql/postgres",
    "postgres:///postgres?host=/var/run/postgresql",
    "postgres:///postgres?host=/tmp",
];

/// Returns the URL of a database on the server, in which other databases can be created; prints a
/// warning and returns `None` where there is no server.
///
/// # Panics
/// The configured server doesn't answer, or there is no server and `CI=true` is set.
pub fn server() -> Option<&'static str> {
    static SERVER: OnceLock<Result<String, String>> = OnceLock::new();
    match SERVER.get_or_init(find_server) {
        Ok(url) => Some(url),
        Err(why) => {
            let message = format!(
                "THE POSTGRESQL HALF OF THE TESTS DID NOT RUN: {why}.\nInstall a server \
                 (`apt-get install postgresql`, `brew install postgresql`), or name one in \
                 {URL_VARIABLE}."
            );
            let strict = std::env::var_os(URL_VARIABLE).is_some()
                || std::env::var("CI").is_ok_and(|value| value == "true");
            assert!(!strict, "{message}");
            eprintln!("{message}");
            None
        }
    }
}

/// Prefers a temporary server to a running one: it doesn't wait for the disk, which makes dropping a
/// database 25 times as fast, and a test run that is killed leaves no database behind.
fn find_server() -> Result<String, String> {
    if let Ok(named) = std::env::var(URL_VARIABLE) {
        return psql(&named, &["SELECT 1"]).map(|_| named);
    }
    Cluster::create("").and_then(Cluster::keep).or_else(|why| {
        let answers = |url: &&&str| psql(url, &["SELECT 1"]).is_ok();
        let running = USUAL_URLS.iter().find(answers);
        running.map(|url| (*url).to_owned()).ok_or(why)
    })
}

/// Runs statements with the `psql` shell, each in a transaction of its own.
pub(crate) fn psql(url: &str, statements: &[&str]) -> Result<String, String> {
    let output = Command::new(program("psql"))
        .args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-P", "null=NULL"])
        .args(["-d", url])
        .args(statements.iter().flat_map(|sql| ["-c", sql]))
        // On a busy machine, a server may take seconds to respond.
        .env("PGCONNECT_TIMEOUT", "30")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("psql cannot be run: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(text(&output.stderr))
    }
}

/// Returns the path of the newest installed program of this name, or only the name, which may be in
/// the PATH.
pub(crate) fn program(name: &str) -> PathBuf {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for folder in ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"] {
        let versions = fs::read_dir(folder).into_iter().flatten().flatten();
        for version in versions {
            let path = version.path().join("bin").join(name);
            let digits = version
                .file_name()
                .to_string_lossy()
                .replace("postgresql@", "");
            if path.is_file() {
                found.push((digits.parse().unwrap_or(0), path));
            }
        }
    }
    found.sort();
    let newest = found.pop().map(|(_, path)| path);
    newest.unwrap_or_else(|| PathBuf::from(name))
}

/// How a server is stopped.
#[derive(Debug, Clone, Copy)]
pub enum StopMode {
    /// Cuts every connection first.
    Fast,
    /// Does not even write its buffers to disk.
    Immediate,
}

impl StopMode {
    /// Returns the name of the mode for `pg_ctl`.
    fn as_str(self) -> &'static str {
        match self {
            StopMode::Fast => "fast",
            StopMode::Immediate => "immediate",
        }
    }
}

/// A temporary server with its data in a temporary folder. It is deleted when this is dropped.
#[derive(Debug)]
pub struct Cluster {
    folder: TempDir,
    port: u16,
    /// The user that the server runs as: it refuses to run as root.
    user: Option<&'static str>,
}

impl Cluster {
    /// Creates a server with additional `settings`, such as `-c ssl=off`, and starts it. It accepts
    /// every login without a password; see [`Cluster::set_access_rules`].
    ///
    /// # Errors
    /// The reason why it cannot be created or started, as a sentence.
    pub fn create(settings: &str) -> Result<Self, String> {
        let folder = data_folder().map_err(|error| format!("no temporary folder: {error}"))?;
        let root = whoami() == "root";
        let user = root.then(|| match fs::read_to_string("/etc/passwd") {
            Ok(users) if users.contains("\npostgres:") => "postgres",
            _ => "nobody",
        });
        let cluster = Cluster {
            port: free_port()?,
            user,
            folder,
        };
        if let Some(user) = user {
            let path = cluster.folder.path();
            run(Command::new("chown").arg(user).arg(path))?;
        }
        run(cluster
            .command("initdb")
            .args([
                "--auth=trust",
                "--username=postgres",
                "--no-sync",
                "--encoding=UTF8",
                // Otherwise only ASCII letters have lower case, which search needs.
                if cfg!(target_os = "macos") {
                    "--lc-ctype=UTF-8"
                } else {
                    "--lc-ctype=C.UTF-8"
                },
            ])
            .arg("-D")
            .arg(cluster.data()))?;
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{}' -c fsync=off \
             -c full_page_writes=off -c autovacuum=off \
             -c max_connections=200 {settings}",
            cluster.port,
            cluster.folder.path().display()
        );
        fs::write(cluster.folder.path().join("options"), options)
            .map_err(|error| format!("the options cannot be written: {error}"))?;
        cluster.start()?;
        Ok(cluster)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, name: &str) -> Command {
        let program = program(name);
        let mut command = match self.user {
            Some(user) => {
                let mut command = Command::new("setpriv");
                command
                    .args(["--reuid", user, "--clear-groups", "--"])
                    .arg(program);
                command
            }
            None => Command::new(program),
        };
        command.current_dir("/").env("LC_ALL", "C");
        command
    }

    fn control(&self, args: &[&str]) -> Result<(), String> {
        run(self
            .command("pg_ctl")
            .arg("-D")
            .arg(self.data())
            .args(["-w", "-t", "60"])
            .args(args))
    }

    /// Starts the server.
    ///
    /// # Errors
    /// As [`Cluster::create`].
    pub fn start(&self) -> Result<(), String> {
        let options = fs::read_to_string(self.folder.path().join("options"));
        let log = self.folder.path().join("data/log.txt");
        let (options, log) = (options.unwrap_or_default(), log.display().to_string());
        self.control(&["start", "-o", &options, "-l", &log])
            .map_err(|why| format!("{why}\n{}", fs::read_to_string(&log).unwrap_or_default()))
    }

    /// Stops the server.
    ///
    /// # Errors
    /// As [`Cluster::create`].
    pub fn stop(&self, mode: StopMode) -> Result<(), String> {
        self.control(&["stop", "-m", mode.as_str()])
    }

    /// Sets who may connect, as lines of `pg_hba.conf`.
    ///
    /// # Errors
    /// As [`Cluster::create`].
    pub fn set_access_rules(&self, lines: &str) -> Result<(), String> {
        fs::write(self.data().join("pg_hba.conf"), lines)
            .map_err(|error| format!("pg_hba.conf cannot be written: {error}"))?;
        self.control(&["reload"])
    }

    /// Returns the URL of a database that always exists.
    pub fn url(&self) -> String {
        self.url_of("postgres@", "postgres")
    }

    /// Returns the URL of a database by its name, for a user such as `jo:secret@`.
    pub fn url_of(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}127.0.0.1:{}/{database}", self.port)
    }

    /// Keeps the server until this process has ended, however it ends, and returns its URL.
    fn keep(self) -> Result<String, String> {
        let mut stop = self.command("pg_ctl");
        stop.args(["stop", "-m", StopMode::Immediate.as_str(), "-D"])
            .arg(self.data());
        let remove = [self.folder.path().as_os_str(), stop.get_program()];
        let args: Vec<&OsStr> = remove.into_iter().chain(stop.get_args()).collect();
        run_after_this_process("folder=$1; shift; \"$@\"; rm -rf \"$folder\"", &args)?;
        let url = self.url();
        std::mem::forget(self);
        Ok(url)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // It may have been stopped already.
        let _ = self.stop(StopMode::Immediate);
    }
}

/// Starts a shell that runs a script with these arguments when this process has ended, however it
/// ends: the shell waits for the end of a pipe that only this process holds open.
pub(crate) fn run_after_this_process(script: &str, args: &[&OsStr]) -> Result<(), String> {
    let script = format!("trap '' HUP INT TERM; read -r _; cd /; {script}");
    Command::new("sh")
        .args(["-c", &script, "sh"])
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(std::mem::forget)
        .map_err(|error| format!("sh can't be run: {error}"))
}

/// Returns a new folder for the data of a server: in memory where Linux offers enough of it, since
/// a database is 300 files, and creating and deleting them takes a third of the time of a test on a
/// disk.
fn data_folder() -> std::io::Result<TempDir> {
    const MIN_FREE_KIB: u64 = 1 << 20;
    let free = Command::new("df").args(["-Pk", MEMORY]).output();
    let free = free.map(|output| output.stdout).unwrap_or_default();
    let free = String::from_utf8_lossy(&free);
    let available = free
        .lines()
        .nth(1)
        .and_then(|line| line.split_whitespace().nth(3));
    let available = available.and_then(|size| size.parse::<u64>().ok());
    if available.is_some_and(|kib| kib >= MIN_FREE_KIB) {
        TempDir::new_in(MEMORY).or_else(|_| TempDir::new())
    } else {
        TempDir::new()
    }
}

fn whoami() -> String {
    let output = Command::new("id").arg("-un").output();
    let name = output.map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&name).trim().to_owned()
}

/// Returns a port that nobody listens on. It is below those that the system gives to clients, from 32768
/// on: a connection of another test could take one of these before the server starts, or while it is
/// stopped.
fn free_port() -> Result<u16, String> {
    const PORTS: std::ops::Range<u32> = 10_000..32_000;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // Test programs that run at the same time start at different ports.
    let start = std::process::id().wrapping_mul(37);
    let mut result = Err("no free port".to_owned());
    for _ in 0..100 {
        let offset = start.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        let port = PORTS.start + offset % (PORTS.end - PORTS.start);
        let port = u16::try_from(port).map_err(|error| error.to_string())?;
        match std::net::TcpListener::bind(("127.0.0.1", port)) {
            Ok(_) => return Ok(port),
            Err(error) => result = Err(format!("no free port: {error}")),
        }
    }
    result
}

fn run(command: &mut Command) -> Result<(), String> {
    let name = Path::new(command.get_program()).display().to_string();
    // A server that is started keeps what it was given: pipes would never end.
    let output = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
    let pipe = || output.reopen().map_err(|error| error.to_string());
    let status = command
        .stdin(Stdio::null())
        .stdout(pipe()?)
        .stderr(pipe()?)
        .status()
        .map_err(|error| format!("there is no server, and {name} cannot be run: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!(
            "{command:?}: {}",
            fs::read_to_string(output.path()).unwrap_or_default().trim()
        ))
    }
}
