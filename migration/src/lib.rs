//! The history of wsdb's database schema.
//!
//! Each step is frozen once it has been released: it names tables and columns by itself, and
//! knows no other crate, so that a later change to the entities can't rewrite the past.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod columns;
mod m20261123_000001_workspace;
mod m20261124_000002_claims;
mod m20261124_000003_history;
mod m20261124_000004_search;
mod m20261124_000006_drift;
mod m20261124_000007_claims_before;
mod tables;

/// Runs the steps in order.
#[derive(Debug)]
pub struct Migrator;

const STEPS: &[fn() -> Box<dyn MigrationTrait>] = &[
    || Box::new(m20261123_000001_workspace::Step),
    || Box::new(m20261124_000002_claims::Step),
    || Box::new(m20261124_000003_history::Step),
    || Box::new(m20261124_000004_search::Step),
    || Box::new(m20261124_000006_drift::Step),
    || Box::new(m20261124_000007_claims_before::Step),
];

impl Migrator {
    /// The version of the schema after the last step: how many steps there are.
    pub const LATEST: u32 = STEPS.len() as u32;
}

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        STEPS.iter().map(|step| step()).collect()
    }
}
