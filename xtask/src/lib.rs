//! What developers of wsdb do, one file each: `cargo xtask --help` shows them.
//!
//! A library too, so that tests can make workspaces of any size: [`fixtures::generate`].

pub mod bench;
pub mod ci;
pub mod fixtures;
pub mod layers;
pub mod migrate;
pub mod project;
pub mod stress;
pub mod test;

mod readme;
