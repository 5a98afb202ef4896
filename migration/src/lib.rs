//! The migrations of wsdb's database schema.
//!
//! A migration never changes after its release: it contains the names of its tables and columns, and
//! depends on no other crate of ours, so that a later change to the entities cannot change it.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod columns;
mod m20261123_000001_workspace;
mod m20261124_000002_claims;
mod m20261124_000003_history;
mod m20261124_000004_search;
mod m20261124_000005_decision_links;
mod m20261124_000006_drift;
mod m20261124_000007_claims_before;
mod m20261126_000008_page_search;
mod m20261126_000009_document_records;
mod m20261126_000010_search_words;
mod m20261126_000011_search_views;
mod m20261127_000012_search_files;
mod tables;

/// Runs the migrations in order.
#[derive(Debug)]
pub struct Migrator;

const MIGRATIONS: &[fn() -> Box<dyn MigrationTrait>] = &[
    || Box::new(m20261123_000001_workspace::Migration),
    || Box::new(m20261124_000002_claims::Migration),
    || Box::new(m20261124_000003_history::Migration),
    || Box::new(m20261124_000004_search::Migration),
    || Box::new(m20261124_000005_decision_links::Migration),
    || Box::new(m20261124_000006_drift::Migration),
    || Box::new(m20261124_000007_claims_before::Migration),
    || Box::new(m20261126_000008_page_search::Migration),
    || Box::new(m20261126_000009_document_records::Migration),
    || Box::new(m20261126_000010_search_words::Migration),
    || Box::new(m20261126_000011_search_views::Migration),
    || Box::new(m20261127_000012_search_files::Migration),
];

impl Migrator {
    /// The latest schema version, which is the number of migrations.
    pub const LATEST: u32 = MIGRATIONS.len() as u32;
}

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        MIGRATIONS.iter().map(|migration| migration()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Databases store these names, so renaming a module would run its migration again.
    #[test]
    fn names_are_stable() {
        let migrations = Migrator::migrations();
        let names: Vec<&str> = migrations.iter().map(|m| m.name()).collect();
        assert_eq!(
            names,
            [
                "m20261123_000001_workspace",
                "m20261124_000002_claims",
                "m20261124_000003_history",
                "m20261124_000004_search",
                "m20261124_000005_decision_links",
                "m20261124_000006_drift",
                "m20261124_000007_claims_before",
                "m20261126_000008_page_search",
                "m20261126_000009_document_records",
                "m20261126_000010_search_words",
                "m20261126_000011_search_views",
                "m20261127_000012_search_files",
            ]
        );
    }
}
