//! crates/app
