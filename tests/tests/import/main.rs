//! Documents in and out again, by the library: samples, and arbitrary workspaces.

mod common;
mod roundtrip;
mod samples;
