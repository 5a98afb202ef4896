//! `cargo xtask layers`: data walks one way, and so do the crates' dependencies.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

use crate::project;

/// What each crate of ours may depend on. A crate that is not listed here has no place yet.
const ALLOWED_DEPENDENCIES: &[(&str, &[&str])] = &[
    ("wsdb", FRONT_END),
    ("wsdb-mcp", FRONT_END),
    ("wsdb-web", FRONT_END),
    (
        "wsdb-app",
        &["wsdb-import", "wsdb-scan", "wsdb-store", "wsdb-core"],
    ),
    ("wsdb-import", &["wsdb-store", "wsdb-core"]),
    ("wsdb-scan", &["wsdb-core"]),
    ("wsdb-store", &["wsdb-core", "wsdb-migration"]),
    ("wsdb-core", &[]),
    ("wsdb-migration", &[]),
    (
        "xtask",
        &[
            "wsdb-app",
            "wsdb-store",
            "wsdb-core",
            "wsdb-import",
            "wsdb-migration",
        ],
    ),
];

/// A face may call a repository directly for a read of one noun.
const FRONT_END: &[&str] = &["wsdb-app", "wsdb-store", "wsdb-core"];

/// The package of end-to-end tests, which may use everything of ours.
const TESTS: &str = "wsdb-tests";

/// What core must not reach, however far away.
const FORBIDDEN_IN_CORE: &[&str] = &["sea-orm", "sqlx", "tokio", "clap"];

/// What is named in the rooms of the database only.
const DATABASE: &[&str] = &["sea-orm", "sea-orm-migration", "sqlx"];

/// The rooms of the database.
const DATABASE_CRATES: &[&str] = &["wsdb-store", "wsdb-migration"];

/// One package's dependency on another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// The package that depends.
    pub from: String,
    /// The package it depends on.
    pub to: String,
    /// Whether it does so in its tests only.
    pub dev: bool,
}

/// Checks this project, and says that it is in order.
///
/// # Errors
/// Dependencies that are not allowed, each with the rule.
pub fn run() -> Result<()> {
    let metadata = MetadataCommand::new()
        .manifest_path(project::root().join("Cargo.toml"))
        .exec()
        .context("cargo metadata failed")?;
    let ours = metadata.workspace_packages();
    let ours: BTreeSet<&str> = ours.iter().map(|package| package.name.as_str()).collect();
    let broken = check(&ours, &edges(&metadata));
    if !broken.is_empty() {
        bail!("the layers are broken:\n  {}", broken.join("\n  "));
    }
    println!("layers: {} packages are in order", ours.len());
    Ok(())
}

/// What our packages declare, optional dependencies included, and what everyone else uses here.
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

/// The rules that a project breaks: `ours` are its packages, `edges` who depends on whom.
pub fn check(ours: &BTreeSet<&str>, edges: &[Edge]) -> Vec<String> {
    let mut broken = Vec::new();
    for Edge { from, to, dev } in edges {
        if !ours.contains(from.as_str()) {
            continue;
        }
        if ours.contains(to.as_str()) && !dev && from != TESTS {
            let allowed = ALLOWED_DEPENDENCIES.iter().find(|(name, _)| name == from);
            match allowed {
                None => broken.push(format!(
                    "{from} -> {to}: {from} has no line in the list of arrows (xtask/src/layers.rs)"
                )),
                Some((_, allowed)) if !allowed.contains(&to.as_str()) => {
                    let may = match allowed {
                        [] => "nothing of ours".to_owned(),
                        some => format!("only {}", some.join(", ")),
                    };
                    broken.push(format!("{from} -> {to}: {from} may depend on {may}"));
                }
                Some(_) => {}
            }
        }
        if DATABASE.contains(&to.as_str()) && !DATABASE_CRATES.contains(&from.as_str()) {
            let rooms = DATABASE_CRATES.join(" and ");
            broken.push(format!("{from} -> {to}: only {rooms} may name {to}"));
        }
    }
    for impure in FORBIDDEN_IN_CORE {
        if let Some(way) = way("wsdb-core", impure, edges) {
            let way = way.join(" -> ");
            broken.push(format!(
                "{way}: wsdb-core is pure and must not reach {impure}"
            ));
        }
    }
    broken
}

/// The shortest way from one package to another, development dependencies aside.
fn way<'a>(from: &'a str, to: &str, edges: &'a [Edge]) -> Option<Vec<&'a str>> {
    let mut ways = vec![vec![from]];
    let mut seen = BTreeSet::from([from]);
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            let here = way.last().copied();
            for edge in edges
                .iter()
                .filter(|e| !e.dev && Some(e.from.as_str()) == here)
            {
                if !seen.insert(edge.to.as_str()) {
                    continue;
                }
                let mut way = way.clone();
                way.push(&edge.to);
                if edge.to == to {
                    return Some(way);
                }
                longer.push(way);
            }
        }
        ways = longer;
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

    fn broken(edges: &[(&str, &str, bool)]) -> Vec<String> {
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
    fn the_arrows_of_the_design_are_allowed() {
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
        assert_eq!(broken(&edges), Vec::<String>::new());
    }

    #[test]
    fn a_forbidden_arrow_is_named_with_its_rule() {
        assert_eq!(
            broken(&[
                ("wsdb-store", "wsdb-app", false),
                ("wsdb-core", "wsdb-migration", false),
                ("wsdb-new", "wsdb-core", false),
            ]),
            [
                "wsdb-store -> wsdb-app: wsdb-store may depend on only wsdb-core, wsdb-migration",
                "wsdb-core -> wsdb-migration: wsdb-core may depend on nothing of ours",
                "wsdb-new -> wsdb-core: wsdb-new has no line in the list of arrows \
                 (xtask/src/layers.rs)",
            ]
        );
    }

    #[test]
    fn core_stays_pure_however_far_the_way() {
        assert_eq!(
            broken(&[
                ("wsdb-core", "serde", false),
                ("wsdb-core", "helper", false),
                ("helper", "tokio", false),
                ("serde", "clap", true),
            ]),
            ["wsdb-core -> helper -> tokio: wsdb-core is pure and must not reach tokio"]
        );
    }

    #[test]
    fn the_database_is_named_in_its_rooms_only() {
        assert_eq!(
            broken(&[("wsdb", "sqlx", false), ("wsdb-tests", "sea-orm", true)]),
            [
                "wsdb -> sqlx: only wsdb-store and wsdb-migration may name sqlx",
                "wsdb-tests -> sea-orm: only wsdb-store and wsdb-migration may name sea-orm",
            ]
        );
    }
}
