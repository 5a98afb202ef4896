//! Documents in and out again, by the library: samples, and arbitrary workspaces.

#![allow(clippy::unwrap_used)]

mod common;
mod roundtrip;
mod samples;
