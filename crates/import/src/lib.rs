//! crates/import
