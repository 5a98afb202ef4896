//! Import and export through the library: sample documents, and generated ones.

#![allow(clippy::unwrap_used)]

mod common;
mod documents;
mod round_trip;
mod samples;
mod values;
