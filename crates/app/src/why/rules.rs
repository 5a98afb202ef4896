//! Rules that apply to a path or a component.

use wsdb_core::{
    ComponentPlacement, PathRelation, RepoPath, RuleKind, StateType, normalize_path, parse_rules,
};

use super::query::WhyQuery;
use crate::views::{RuleView, WhyRule};

/// Returns the path; for a component, its locations in the current state.
fn locations(
    asked: &WhyQuery,
    governing: &[(&ComponentPlacement, Option<PathRelation>)],
    kind: &impl Fn(&ComponentPlacement) -> Option<StateType>,
) -> Vec<RepoPath> {
    if asked.is_path() {
        return asked.places.clone();
    }
    let current = governing
        .iter()
        .map(|(p, _)| p)
        .filter(|p| kind(p) == Some(StateType::Current));
    let located = current.filter_map(|p| Some((&p.correct_repo, p.correct_location.as_ref()?)));
    let places = located.map(|(repo, path)| RepoPath {
        repo: Some(repo.clone()),
        path: normalize_path(path),
    });
    places.collect()
}

/// Returns the forms in which a placement's rules may write the places: relative to the root of its
/// own repo, and to the workspace root.
fn path_forms(places: &[RepoPath], repo: &str) -> Vec<String> {
    let spelled = places.iter().flat_map(|place| {
        let spellings = place.path_forms().into_iter();
        let elsewhere = place.repo.as_deref().is_some_and(|known| known != repo);
        // A path relative to another repo is meaningless here.
        spellings.skip(usize::from(elsewhere && !place.path.is_empty()))
    });
    spelled.collect()
}

/// Returns the rules that apply: those of the placements that govern it, broken ones first, and
/// those that forbid other components at this place.
pub(super) fn rules(
    placements: &[ComponentPlacement],
    governing: &[(&ComponentPlacement, Option<PathRelation>)],
    asked: &WhyQuery,
    kind: &impl Fn(&ComponentPlacement) -> Option<StateType>,
) -> Vec<WhyRule> {
    let places = locations(asked, governing, kind);
    let mut rules: Vec<WhyRule> = Vec::new();
    for placement in placements {
        if kind(placement) == Some(StateType::Deprecated) {
            continue;
        }
        let own = asked.is_component(&placement.component_name);
        let governs = governing.iter().find(|(p, _)| p.id == placement.id);
        match governs {
            Some((_, lies)) if own || *lies != Some(PathRelation::Around) => {
                rules.extend(rules_of(placement, &places));
            }
            // The rules of a component inside the folder do not apply to the folder.
            Some(_) => {}
            None if !asked.is_path() => {}
            None => rules.extend(
                rules_of(placement, &places)
                    .into_iter()
                    .filter(|rule| rule.broken && rule.rule.kind == RuleKind::ForbiddenPaths)
                    .map(|rule| WhyRule {
                        broken: false,
                        keeps_out: true,
                        ..rule
                    }),
            ),
        }
    }
    let order = |rule: &WhyRule| {
        let id = &rule.rule.placement;
        governing.iter().position(|(p, _)| p.id == *id)
    };
    rules.sort_by_key(|rule| (rule.keeps_out, !rule.broken, order(rule)));
    let mut told: Vec<WhyRule> = Vec::new();
    for rule in rules {
        let again = told.iter().any(|known| is_same(&known.rule, &rule.rule));
        if !again {
            told.push(rule);
        }
    }
    told
}

/// Returns the rules of a placement, and whether the path breaks them.
fn rules_of(placement: &ComponentPlacement, places: &[RepoPath]) -> Vec<WhyRule> {
    let spellings = &path_forms(places, &placement.correct_repo);
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
            && !spellings.is_empty()
            && !allowed.any(|rule| rule.matches_path(spellings))
    };
    let judged = rules.into_iter().map(|rule| WhyRule {
        broken: match rule.kind {
            RuleKind::ForbiddenPaths => rule.matches_path(spellings),
            RuleKind::AllowedPaths => outside,
            RuleKind::ForbiddenImports | RuleKind::AllowedImports => false,
        },
        keeps_out: false,
        rule: RuleView::new(placement, rule),
    });
    judged.collect()
}

/// Returns whether two rules differ only in their placement.
fn is_same(a: &RuleView, b: &RuleView) -> bool {
    let there = RuleView {
        placement: b.placement.clone(),
        ..a.clone()
    };
    there == *b
}
