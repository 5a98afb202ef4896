//! Rules that apply to a path or a component.

use wsdb_core::{
    ComponentPlacement, PathRelation, RepoPath, RuleKind, StateType, normalize_path, parse_rules,
};

use super::query::{GoverningPlacement, WhyQuery};
use crate::views::{RuleView, WhyRule};

/// Returns the path; for a component, its locations in the current state.
fn locations(
    query: &WhyQuery,
    governing: &[GoverningPlacement<'_>],
    kind: &impl Fn(&ComponentPlacement) -> Option<StateType>,
) -> Vec<RepoPath> {
    if query.is_path() {
        return query.paths.clone();
    }
    let current = governing
        .iter()
        .map(|governing| governing.placement)
        .filter(|p| kind(p) == Some(StateType::Current));
    let located = current.filter_map(|p| Some((&p.correct_repo, p.correct_location.as_ref()?)));
    let paths = located.map(|(repo, path)| RepoPath {
        repo: Some(repo.clone()),
        path: normalize_path(path),
    });
    paths.collect()
}

/// Returns the forms in which a placement's rules may write the paths: relative to the root of its
/// own repo, and to the workspace root.
fn path_forms(paths: &[RepoPath], repo: &str) -> Vec<String> {
    let all_forms = paths.iter().flat_map(|path| {
        let forms = path.path_forms().into_iter();
        let is_in_other_repo = path.repo.as_deref().is_some_and(|known| known != repo);
        // A path relative to another repo is meaningless here.
        forms.skip(usize::from(is_in_other_repo && !path.path.is_empty()))
    });
    all_forms.collect()
}

/// Returns the rules that apply: those of the placements that govern it, broken ones first, and
/// those that forbid other components at this path.
pub(super) fn find_rules(
    placements: &[ComponentPlacement],
    governing: &[GoverningPlacement<'_>],
    query: &WhyQuery,
    kind: &impl Fn(&ComponentPlacement) -> Option<StateType>,
) -> Vec<WhyRule> {
    let paths = locations(query, governing, kind);
    let mut rules: Vec<WhyRule> = Vec::new();
    for placement in placements {
        if kind(placement) == Some(StateType::Deprecated) {
            continue;
        }
        let is_own = query.is_component(&placement.component_name);
        let mut governs = governing.iter();
        match governs.find(|g| g.placement.id == placement.id) {
            Some(g) if is_own || g.relation != Some(PathRelation::Around) => {
                rules.extend(rules_of(placement, &paths));
            }
            // The rules of a component inside the folder do not apply to the folder.
            Some(_) => {}
            None if !query.is_path() => {}
            None => rules.extend(
                rules_of(placement, &paths)
                    .into_iter()
                    .filter(|rule| rule.violated && rule.rule.rule_type == RuleKind::ForbiddenPaths)
                    .map(|rule| WhyRule {
                        violated: false,
                        excludes_others: true,
                        ..rule
                    }),
            ),
        }
    }
    let order = |rule: &WhyRule| {
        let id = &rule.rule.placement_id;
        governing.iter().position(|g| g.placement.id == *id)
    };
    rules.sort_by_key(|rule| (rule.excludes_others, !rule.violated, order(rule)));
    let mut unique: Vec<WhyRule> = Vec::new();
    for rule in rules {
        let is_duplicate = unique.iter().any(|known| is_same(&known.rule, &rule.rule));
        if !is_duplicate {
            unique.push(rule);
        }
    }
    unique
}

/// Returns the rules of a placement, and whether the path breaks them.
fn rules_of(placement: &ComponentPlacement, paths: &[RepoPath]) -> Vec<WhyRule> {
    let forms = &path_forms(paths, &placement.correct_repo);
    let rules = placement
        .rules
        .as_ref()
        .map(parse_rules)
        .unwrap_or_default();
    let outside = {
        let mut allowed = rules
            .iter()
            .filter(|r| r.kind == RuleKind::AllowedPaths)
            .peekable();
        allowed.peek().is_some()
            && !forms.is_empty()
            && !allowed.any(|rule| rule.matches_path(forms))
    };
    let checked = rules.into_iter().map(|rule| WhyRule {
        violated: match rule.kind {
            RuleKind::ForbiddenPaths => rule.matches_path(forms),
            RuleKind::AllowedPaths => outside,
            RuleKind::ForbiddenImports | RuleKind::AllowedImports => false,
        },
        excludes_others: false,
        rule: RuleView::new(placement, rule),
    });
    checked.collect()
}

/// Returns whether two rules differ only in their placement.
fn is_same(a: &RuleView, b: &RuleView) -> bool {
    let moved = RuleView {
        placement_id: b.placement_id.clone(),
        ..a.clone()
    };
    moved == *b
}
