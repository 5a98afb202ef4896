//! Development tasks, one file each; `cargo xtask --help` lists them.
//!
//! Also a library, so that tests can generate workspaces of any size: [`fixtures::generate`].

pub mod bench;
pub mod ci;
pub mod docs;
pub mod fixtures;
pub mod help_pages;
pub mod layering;
pub mod lint_text;
pub mod migrate;
pub mod project;
pub mod schemas;
pub mod stress;
pub mod test;

mod command_tree;
mod readme;
mod rust_source;
