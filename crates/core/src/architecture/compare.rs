//! Comparison of two architecture states.

use std::collections::BTreeMap;

use crate::{ComponentChange, ComponentPlacement, normalize_path};

/// How a component differs between two states.
#[derive(Debug, Clone, PartialEq)]
pub struct ComponentDifference<'a> {
    /// The component.
    pub component: &'a str,
    /// The kind of change.
    pub change: ComponentChange,
    /// The fields of the placement that differ.
    pub fields: Vec<&'static str>,
    /// The placement in the current state.
    pub current: Option<&'a ComponentPlacement>,
    /// The placement in the target state.
    pub target: Option<&'a ComponentPlacement>,
}

/// Returns how each component changes from one state to another, ordered by kind of change and
/// name.
pub fn compare<'a>(
    current: &'a [ComponentPlacement],
    target: &'a [ComponentPlacement],
) -> Vec<ComponentDifference<'a>> {
    type StatePair<'a> = [Option<&'a ComponentPlacement>; 2];
    let mut components: BTreeMap<&str, StatePair<'_>> = BTreeMap::new();
    for (side, placements) in [current, target].into_iter().enumerate() {
        for placement in placements {
            components.entry(&placement.component_name).or_default()[side] = Some(placement);
        }
    }
    let mut differences: Vec<ComponentDifference<'a>> = components
        .into_iter()
        .map(|(component, [current, target])| {
            let (change, fields) = match (current, target) {
                (Some(current), Some(target)) => classify(current, target),
                (None, _) => (ComponentChange::Missing, Vec::new()),
                (_, None) => (ComponentChange::Removed, Vec::new()),
            };
            ComponentDifference {
                component,
                change,
                fields,
                current,
                target,
            }
        })
        .collect();
    differences.sort_by_key(|difference| difference.change);
    differences
}

fn classify(
    current: &ComponentPlacement,
    target: &ComponentPlacement,
) -> (ComponentChange, Vec<&'static str>) {
    let location = |p: &ComponentPlacement| p.correct_location.as_deref().map(normalize_path);
    let is_in_other_repo = current.correct_repo != target.correct_repo;
    let is_in_other_location = location(current) != location(target);
    let has_other_type = current.component_type != target.component_type;
    let has_other_rules = current.rules != target.rules;
    let change = if is_in_other_repo || is_in_other_location {
        ComponentChange::Moved
    } else if has_other_type || has_other_rules {
        ComponentChange::Changed
    } else {
        ComponentChange::Unchanged
    };
    let fields = [
        ("correct_repo", is_in_other_repo),
        ("correct_location", is_in_other_location),
        ("component_type", has_other_type),
        ("rules", has_other_rules),
    ];
    let fields = fields.into_iter().filter(|(_, differs)| *differs);
    (change, fields.map(|(field, _)| field).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ComponentType;
    use crate::json;

    fn placement(component: &str, repo: &str, location: &str) -> ComponentPlacement {
        let now = "2025-11-20".parse().expect("valid time");
        let id = format!("{component}-{repo}").parse().expect("valid id");
        let kind = ComponentType::Module;
        ComponentPlacement {
            correct_location: Some(location.to_owned()),
            ..ComponentPlacement::new(id, component.to_owned(), kind, repo.to_owned(), now)
        }
    }

    #[test]
    fn every_component_is_classified() {
        let current = [
            placement("here", "core", "src/a"),
            placement("pricing", "core", "src/pricing.py"),
            placement("old", "core", "src/old"),
            placement("stricter", "core", "src/b"),
        ];
        let target = [
            placement("here", "core", "./src/a/"),
            placement("pricing", "web", "src/pricing.py"),
            placement("new", "web", "src/new"),
            ComponentPlacement {
                rules: Some(json!({"forbidden_imports": ["pandas"]})),
                component_type: ComponentType::Package,
                ..placement("stricter", "core", "src/b")
            },
        ];
        let changes: Vec<_> = compare(&current, &target)
            .into_iter()
            .map(|d| (d.component, d.change, d.fields))
            .collect();
        assert_eq!(
            changes,
            [
                ("new", ComponentChange::Missing, vec![]),
                ("old", ComponentChange::Removed, vec![]),
                ("pricing", ComponentChange::Moved, vec!["correct_repo"]),
                (
                    "stricter",
                    ComponentChange::Changed,
                    vec!["component_type", "rules"]
                ),
                ("here", ComponentChange::Unchanged, vec![]),
            ]
        );
        let moved = &compare(&current, &target)[2];
        assert_eq!(moved.current, Some(&current[1]));
        assert_eq!(moved.target, Some(&target[1]));
    }
}
