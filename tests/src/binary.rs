//! The binary that the tests run.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;

use serde_json::Value;

/// Returns the path of the binary, which is built once for each test program: nothing else makes sure
/// that it exists and is new.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let built = xtask::project::cargo()
            .args([
                "build",
                "--quiet",
                // With the features of the whole workspace, or dependencies are built once more.
                "--workspace",
                "--bin",
                "wsdb",
                "--message-format",
                "json",
            ])
            // As this test program itself.
            .args((!cfg!(debug_assertions)).then_some("--release"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stderr(Stdio::inherit())
            .output();
        let messages = built.map(|output| output.stdout).unwrap_or_default();
        String::from_utf8_lossy(&messages)
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
            .next_back()
            .unwrap_or_else(|| panic!("cargo build made no binary"))
    })
}
