//! `cargo xtask layers`: checks the dependencies between crates, and between the modules of a crate.

mod app;
mod modules;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

use crate::project;

/// The crates of ours that each crate may depend on.
const ALLOWED_DEPENDENCIES: &[(&str, &[&str])] = &[
    ("wsdb", FRONT_END),
    ("wsdb-app", &["wsdb-import", "wsdb-store", "wsdb-core"]),
    ("wsdb-import", &["wsdb-store", "wsdb-core"]),
    ("wsdb-store", &["wsdb-core", "wsdb-migration"]),
    ("wsdb-core", &[]),
    ("wsdb-migration", &[]),
    (
        "wsdb-xtask",
        &[
            "wsdb-app",
            "wsdb-store",
            "wsdb-core",
            "wsdb-import",
            "wsdb-migration",
        ],
    ),
];

/// Our crates that a front end may depend on: the store too, to read one kind of record.
const FRONT_END: &[&str] = &["wsdb-app", "wsdb-store", "wsdb-core"];

/// The package of end-to-end tests, which may depend on all our crates.
const TESTS: &str = "wsdb-tests";

/// Crates that core must not depend on, directly or indirectly.
const FORBIDDEN_IN_CORE: &[&str] = &["sea-orm", "sqlx", "tokio", "clap"];

/// Crates that only [`DATABASE_CRATES`] may depend on.
const DATABASE: &[&str] = &["sea-orm", "sea-orm-migration", "sqlx"];

/// Our crates that access the database.
const DATABASE_CRATES: &[&str] = &["wsdb-store", "wsdb-migration"];

/// Checks the project.
///
/// # Errors
/// A dependency that is not allowed, with its rule, or an import cycle.
pub fn run() -> Result<()> {
    let metadata = MetadataCommand::new()
        .manifest_path(project::root().join("Cargo.toml"))
        .exec()
        .context("cargo metadata failed")?;
    let ours = metadata.workspace_packages();
    let names: BTreeSet<&str> = ours.iter().map(|package| package.name.as_str()).collect();
    let mut problems = check(&names, &edges(&metadata));
    for package in ours {
        problems.extend(modules::check_package(package)?);
    }
    if !problems.is_empty() {
        bail!(
            "dependencies that are not allowed:\n  {}",
            problems.join("\n  ")
        );
    }
    println!("layers: {} packages checked", names.len());
    Ok(())
}

/// A dependency of one package on another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// The package that depends.
    pub from: String,
    /// The package it depends on.
    pub to: String,
    /// Whether only its tests depend on it.
    pub dev: bool,
}

/// Returns the declared dependencies of our packages, including optional ones, and the resolved
/// dependencies of all others.
fn edges(metadata: &Metadata) -> Vec<Edge> {
    let names: BTreeMap<_, _> = metadata
        .packages
        .iter()
        .map(|package| (&package.id, package.name.as_str()))
        .collect();
    let declared = metadata
        .workspace_packages()
        .into_iter()
        .flat_map(|package| {
            package.dependencies.iter().map(|dependency| Edge {
                from: package.name.to_string(),
                to: dependency.name.clone(),
                dev: dependency.kind == DependencyKind::Development,
            })
        });
    let nodes = metadata.resolve.iter().flat_map(|resolve| &resolve.nodes);
    let used = nodes.flat_map(|node| {
        let normal = node.deps.iter().filter(|dependency| {
            let mut kinds = dependency.dep_kinds.iter();
            kinds.any(|kind| kind.kind == DependencyKind::Normal)
        });
        normal.map(|dependency| Edge {
            from: names[&node.id].to_owned(),
            to: names[&dependency.pkg].to_owned(),
            dev: false,
        })
    });
    let all: BTreeSet<Edge> = declared.chain(used).collect();
    all.into_iter().collect()
}

/// Returns the dependencies that break a rule. `ours` are our packages, `edges` all dependencies.
pub fn check(ours: &BTreeSet<&str>, edges: &[Edge]) -> Vec<String> {
    let mut problems = Vec::new();
    for Edge { from, to, dev } in edges {
        if !ours.contains(from.as_str()) {
            continue;
        }
        if ours.contains(to.as_str()) && !dev && from != TESTS {
            let allowed = ALLOWED_DEPENDENCIES.iter().find(|(name, _)| name == from);
            match allowed {
                None => problems.push(format!(
                    "{from} -> {to}: {from} is missing from ALLOWED_DEPENDENCIES (xtask/src/layering.rs)"
                )),
                Some((_, allowed)) if !allowed.contains(&to.as_str()) => {
                    let may = match allowed {
                        [] => "none of our crates".to_owned(),
                        some => format!("only {}", some.join(", ")),
                    };
                    problems.push(format!("{from} -> {to}: {from} may depend on {may}"));
                }
                Some(_) => {}
            }
        }
        if DATABASE.contains(&to.as_str()) && !DATABASE_CRATES.contains(&from.as_str()) {
            let crates = DATABASE_CRATES.join(" and ");
            problems.push(format!("{from} -> {to}: only {crates} may depend on {to}"));
        }
    }
    for forbidden in FORBIDDEN_IN_CORE {
        if let Some(path) = dependency_path("wsdb-core", forbidden, edges) {
            let path = path.join(" -> ");
            problems.push(format!(
                "{path}: wsdb-core is pure and must not depend on {forbidden}"
            ));
        }
    }
    problems
}

/// Returns the shortest chain of dependencies from one package to another, without development
/// dependencies.
fn dependency_path<'a>(from: &'a str, to: &str, edges: &'a [Edge]) -> Option<Vec<&'a str>> {
    let mut paths = vec![vec![from]];
    let mut seen = BTreeSet::from([from]);
    while !paths.is_empty() {
        let mut longer = Vec::new();
        for path in paths {
            let end = path.last().copied();
            for edge in edges
                .iter()
                .filter(|e| !e.dev && Some(e.from.as_str()) == end)
            {
                if !seen.insert(edge.to.as_str()) {
                    continue;
                }
                let mut path = path.clone();
                path.push(&edge.to);
                if edge.to == to {
                    return Some(path);
                }
                longer.push(path);
            }
        }
        paths = longer;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &[&str] = &[
        "wsdb",
        "wsdb-app",
        "wsdb-core",
        "wsdb-store",
        "wsdb-migration",
        "wsdb-tests",
        "wsdb-new",
    ];

    fn problems(edges: &[(&str, &str, bool)]) -> Vec<String> {
        let edges: Vec<Edge> = edges
            .iter()
            .map(|(from, to, dev)| Edge {
                from: from.to_string(),
                to: to.to_string(),
                dev: *dev,
            })
            .collect();
        check(&OURS.iter().copied().collect(), &edges)
    }

    #[test]
    fn dependencies_of_the_design_are_allowed() {
        let edges = [
            ("wsdb", "wsdb-app", false),
            ("wsdb-app", "wsdb-store", false),
            ("wsdb-store", "wsdb-migration", false),
            ("wsdb-store", "sea-orm", false),
            ("wsdb-migration", "sea-orm-migration", false),
            ("wsdb-core", "serde", false),
            ("wsdb-core", "wsdb-store", true),
            ("wsdb-tests", "wsdb", false),
            ("sea-orm", "sqlx", false),
            ("wsdb-app", "tokio", false),
        ];
        assert_eq!(problems(&edges), Vec::<String>::new());
    }

    #[test]
    fn forbidden_dependency_is_reported_with_its_rule() {
        assert_eq!(
            problems(&[
                ("wsdb-store", "wsdb-app", false),
                ("wsdb-core", "wsdb-migration", false),
                ("wsdb-new", "wsdb-core", false),
            ]),
            [
                "wsdb-store -> wsdb-app: wsdb-store may depend on only wsdb-core, wsdb-migration",
                "wsdb-core -> wsdb-migration: wsdb-core may depend on none of our crates",
                "wsdb-new -> wsdb-core: wsdb-new is missing from ALLOWED_DEPENDENCIES \
                 (xtask/src/layering.rs)",
            ]
        );
    }

    #[test]
    fn core_has_no_forbidden_indirect_dependency() {
        assert_eq!(
            problems(&[
                ("wsdb-core", "serde", false),
                ("wsdb-core", "helper", false),
                ("helper", "tokio", false),
                ("serde", "clap", true),
            ]),
            ["wsdb-core -> helper -> tokio: wsdb-core is pure and must not depend on tokio"]
        );
    }

    #[test]
    fn only_database_crates_depend_on_the_database() {
        assert_eq!(
            problems(&[("wsdb", "sqlx", false), ("wsdb-tests", "sea-orm", true)]),
            [
                "wsdb -> sqlx: only wsdb-store and wsdb-migration may depend on sqlx",
                "wsdb-tests -> sea-orm: only wsdb-store and wsdb-migration may depend on sea-orm",
            ]
        );
    }
}
