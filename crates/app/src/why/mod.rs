//! What governs a path or a component.

mod asked;
mod told;

use std::collections::{BTreeSet, HashMap};

use wsdb_core::{
    ArchitectureState, ComponentPlacement, Decision, DecisionId, DriftDetection, GoalFilter, Match,
    Place, PlacementId, RuleKind, StateId, StateType, TaskId, plain_path, read_rules,
};
use wsdb_store::{Connection, Store};

use self::asked::{Asked, named_in_part, nearest, weight};
use crate::Error;
use crate::views::{RuleView, Why, WhyPlacement, WhyRule, WhyState};

/// What governs a path or a component: where it belongs, the rules that hold for it, the decisions
/// behind them, the drift that was found there, the tasks that work on it and the open issues.
///
/// A path is read from the root of its repo, or from the workspace's where it begins with a
/// repo's name; `path` is what the word is as a path from the workspace's root, where the caller
/// knows that.
///
/// # Errors
/// [`Error::Invalid`] where nothing is asked about, or what the database reports.
pub async fn why<C: Connection>(
    store: &Store<C>,
    word: &str,
    path: Option<&str>,
) -> Result<Why, Error> {
    if word.trim().is_empty() {
        let nothing = "neither a path nor a component is named";
        return Err(Error::Invalid(nothing.to_owned()));
    }
    let architecture = store.architecture();
    let placements = architecture.placements().all().await?;
    let states = architecture.states().all().await?;
    let asked = Asked::read(word, path, &placements, &states);
    let (is_path, states) = (asked.is_path(), by_id(states));
    let why = look(store, word, asked, &placements, &states).await?;
    if !why.is_empty() || !is_path {
        return Ok(why);
    }
    // Nothing is known of such a path: part of a component's name may be meant.
    if let Some(components) = named_in_part(word, &placements) {
        let mut asked = Asked::read("", None, &placements, &[]);
        (asked.places, asked.components) = (Vec::new(), components);
        return look(store, word, asked, &placements, &states).await;
    }
    Ok(Why {
        nearest: nearest(word, &placements).cloned().map(Into::into),
        ..why
    })
}

type States = HashMap<StateId, ArchitectureState>;

fn by_id(states: Vec<ArchitectureState>) -> States {
    let states = states.into_iter();
    states.map(|state| (state.id.clone(), state)).collect()
}

async fn look<C: Connection>(
    store: &Store<C>,
    word: &str,
    mut asked: Asked,
    placements: &[ComponentPlacement],
    states: &States,
) -> Result<Why, Error> {
    let location = |p: &ComponentPlacement| p.correct_location.clone().unwrap_or_default();
    let lies = |asked: &Asked, p: &ComponentPlacement| match p.correct_location {
        None if !asked.places.iter().any(|place| place.path.is_empty()) => None,
        _ => asked.lies_to(Some(&p.correct_repo), &location(p)),
    };
    // What stands at the path is the component that belongs there.
    let there = placements
        .iter()
        .filter(|p| lies(&asked, p) == Some(Match::Same));
    let there: Vec<String> = there.map(|p| p.component_name.to_lowercase()).collect();
    asked.components.extend(there);

    let parts = asked.parts(placements);
    let found = store.about().detections(&parts).await?;
    let on_path = |d: &DriftDetection| asked.lies_to(Some(&d.repo), &d.file_path);
    let at_path: Vec<&DriftDetection> = found
        .iter()
        .filter(|d| on_path(d) == Some(Match::Same))
        .collect();
    let components = at_path.iter().filter_map(|d| d.component_name.as_ref());
    let components: Vec<String> = components.map(|name| name.to_lowercase()).collect();
    let covered =
        |p: &&ComponentPlacement| matches!(lies(&asked, p), Some(Match::Same | Match::Within));
    let covering = placements.iter().filter(covered);
    let repos = at_path.iter().map(|d| d.repo.as_str());
    let repos: BTreeSet<&str> = repos
        .chain(covering.map(|p| p.correct_repo.as_str()))
        .collect();
    let is_path = asked.is_path();
    asked.components.extend(components);
    if is_path {
        asked.settle(&repos);
    }

    let mut drift: Vec<&DriftDetection> = found
        .iter()
        .filter(|d| {
            let about = d.component_name.as_deref();
            asked.holds(Some(&d.repo), &d.file_path)
                || about.is_some_and(|name| asked.is_component(name))
        })
        .collect();
    drift.sort_by_key(|d| (d.status, d.severity));

    let mut governing: Vec<(&ComponentPlacement, Option<Match>)> = placements
        .iter()
        .map(|placement| (placement, lies(&asked, placement)))
        .filter(|(p, lies)| lies.is_some() || asked.is_component(&p.component_name))
        .collect();
    let kind = |p: &ComponentPlacement| {
        let state = p.architecture_state_id.as_ref().map(|id| states.get(id));
        state.flatten().map(|state| state.state_type)
    };
    governing.sort_by_key(|(p, lies)| {
        let own = asked.is_component(&p.component_name);
        (!own, weight(kind(p)), *lies)
    });

    let rules = rules(placements, &governing, &asked, &kind);

    let ids: Vec<PlacementId> = governing
        .iter()
        .filter(|(p, lies)| {
            asked.is_component(&p.component_name) || matches!(lies, Some(Match::Within))
        })
        .map(|(p, _)| p.id.clone())
        .collect();
    let goals = match ids.is_empty() {
        true => Vec::new(),
        false => {
            let filter = GoalFilter {
                component: ids,
                ..GoalFilter::default()
            };
            architecture_goals(store, filter).await?
        }
    };
    let decisions = decisions(store, &asked, &rules, &drift).await?;
    let (tasks, issues) = told::work(store, &asked, &parts, &drift, &goals).await?;
    let place = asked.places.last();
    let shown = |(p, lies): &(&ComponentPlacement, Option<Match>)| WhyPlacement {
        id: p.id.clone(),
        component: p.component_name.clone(),
        component_type: p.component_type,
        repo: p.correct_repo.clone(),
        location: p.correct_location.clone(),
        state: p.architecture_state_id.as_ref().map(|id| WhyState {
            id: id.clone(),
            name: states.get(id).map(|state| state.state_name.clone()),
            state_type: kind(p),
        }),
        rationale: p.rationale.clone(),
        because: match lies {
            Some(Match::Same) => "path",
            Some(Match::Within) => "folder",
            Some(Match::Around) => "inside",
            None => "component",
        },
        here: !is_path || lies.is_some(),
    };
    let mut names: Vec<String> = Vec::new();
    for (placement, _) in &governing {
        let name = &placement.component_name;
        if asked.is_component(name) && !names.contains(name) {
            names.push(name.clone());
        }
    }
    Ok(Why {
        asked: word.to_owned(),
        path: place.map(|place| place.path.clone()),
        repo: place.and_then(|place| place.repo.clone()),
        components: names,
        placements: governing.iter().map(shown).collect(),
        rules,
        decisions,
        drift: drift.into_iter().map(told::detection).collect(),
        tasks,
        issues,
        nearest: None,
    })
}

async fn architecture_goals<C: Connection>(
    store: &Store<C>,
    filter: GoalFilter,
) -> Result<Vec<wsdb_core::ArchitectureGoal>, Error> {
    Ok(store.architecture().goals().list(&filter).await?)
}

/// Where the path is; for a component, where it is in the current state.
fn whereabouts(
    asked: &Asked,
    governing: &[(&ComponentPlacement, Option<Match>)],
    kind: &impl Fn(&ComponentPlacement) -> Option<StateType>,
) -> Vec<Place> {
    if asked.is_path() {
        return asked.places.clone();
    }
    let current = governing
        .iter()
        .map(|(p, _)| p)
        .filter(|p| kind(p) == Some(StateType::Current));
    let located = current.filter_map(|p| Some((&p.correct_repo, p.correct_location.as_ref()?)));
    let places = located.map(|(repo, path)| Place {
        repo: Some(repo.clone()),
        path: plain_path(path),
    });
    places.collect()
}

/// How a placement's rules may spell places: from the root of its own repo and from the
/// workspace's.
fn spellings(places: &[Place], repo: &str) -> Vec<String> {
    let spelled = places.iter().flat_map(|place| {
        let spellings = place.spellings().into_iter();
        let elsewhere = place.repo.as_deref().is_some_and(|known| known != repo);
        // From the root of another repo a path says nothing here.
        spellings.skip(usize::from(elsewhere && !place.path.is_empty()))
    });
    spelled.collect()
}

/// The rules that hold: those of the placements that govern it, the broken ones first, and those
/// that keep other components out of where it is.
fn rules(
    placements: &[ComponentPlacement],
    governing: &[(&ComponentPlacement, Option<Match>)],
    asked: &Asked,
    kind: &impl Fn(&ComponentPlacement) -> Option<StateType>,
) -> Vec<WhyRule> {
    let places = whereabouts(asked, governing, kind);
    let mut rules: Vec<WhyRule> = Vec::new();
    for placement in placements {
        if kind(placement) == Some(StateType::Deprecated) {
            continue;
        }
        let own = asked.is_component(&placement.component_name);
        let governs = governing.iter().find(|(p, _)| p.id == placement.id);
        match governs {
            Some((_, lies)) if own || *lies != Some(Match::Around) => {
                rules.extend(rules_of(placement, &places));
            }
            // What lies in a folder has its own rules.
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

/// The rules of a placement, and whether a path breaks them.
fn rules_of(placement: &ComponentPlacement, places: &[Place]) -> Vec<WhyRule> {
    let spellings = &spellings(places, &placement.correct_repo);
    let rules = placement.rules.as_ref().map(read_rules).unwrap_or_default();
    let outside = {
        let mut allowed = rules
            .iter()
            .filter(|r| r.kind == RuleKind::AllowedPaths)
            .peekable();
        allowed.peek().is_some()
            && !spellings.is_empty()
            && !allowed.any(|rule| rule.names_path(spellings))
    };
    let judged = rules.into_iter().map(|rule| WhyRule {
        broken: match rule.kind {
            RuleKind::ForbiddenPaths => rule.names_path(spellings),
            RuleKind::AllowedPaths => outside,
            RuleKind::ForbiddenImports | RuleKind::AllowedImports => false,
        },
        keeps_out: false,
        rule: RuleView::new(placement, rule),
    });
    judged.collect()
}

/// Whether two states say the same of a component.
fn is_same(a: &RuleView, b: &RuleView) -> bool {
    let said = |rule: &RuleView| {
        let RuleView {
            placement: _,
            component,
            repo,
            kind,
            subject,
            pattern,
            severity,
            why,
            decision,
        } = rule.clone();
        (
            component, repo, kind, subject, pattern, severity, why, decision,
        )
    };
    said(a) == said(b)
}

async fn decisions<C: Connection>(
    store: &Store<C>,
    asked: &Asked,
    rules: &[WhyRule],
    drift: &[&DriftDetection],
) -> Result<Vec<crate::views::WhyDecision>, Error> {
    let mut ids: Vec<DecisionId> = Vec::new();
    let ruled = rules.iter().filter_map(|rule| rule.rule.decision.as_ref());
    let named = drift.iter().filter_map(|d| d.detected_rule.as_deref());
    // A detection may name the decision behind the rule that it found broken.
    let named = named.flat_map(|rule| rule.split(|c: char| !c.is_alphanumeric() && c != '-'));
    let named = named.filter(|word| wsdb_core::Series::DECISIONS.number(word).is_some());
    for id in ruled.map(String::as_str).chain(named) {
        if let Ok(id) = id.parse::<DecisionId>()
            && !ids.contains(&id)
        {
            ids.push(id);
        }
    }
    let found = store.about().decisions(&asked.steps(), &ids).await?;
    Ok(told::decisions(&ids, found, |decision| {
        links(decision, asked, rules, drift)
    }))
}

/// How a decision has to do with what is asked about: the one place that says so. A decision is
/// looked at here if [`wsdb_store::About::decisions`] finds it.
fn links(
    decision: &Decision,
    asked: &Asked,
    rules: &[WhyRule],
    drift: &[&DriftDetection],
) -> Vec<String> {
    let id = decision.id.as_str();
    let mut because = Vec::new();
    let mut of: Vec<&str> = Vec::new();
    for rule in rules {
        if rule.rule.decision.as_deref() == Some(id) && !of.contains(&rule.rule.placement.as_str())
        {
            of.push(rule.rule.placement.as_str());
        }
    }
    if !of.is_empty() {
        because.push(format!("behind the rules of {}", of.join(", ")));
    }
    let named = drift.iter().filter(|d| {
        let rule = d.detected_rule.as_deref().unwrap_or_default();
        rule.split(|c: char| !c.is_alphanumeric() && c != '-')
            .any(|word| word == id)
    });
    because.extend(named.map(|d| format!("named by {}", d.id)));
    let names = |files: &[String]| {
        let repos = &decision.repos_affected;
        files
            .iter()
            .any(|file| told::names(asked, repos, file, true))
    };
    if names(&decision.related_files) {
        because.push("names the path".to_owned());
    } else if names(&decision.documentation) {
        because.push("is documented there".to_owned());
    }
    because
}

/// The tasks that goals and detections name, each once.
fn task_ids<'a>(ids: impl Iterator<Item = &'a TaskId>) -> Vec<TaskId> {
    let mut all: Vec<TaskId> = Vec::new();
    for id in ids {
        if !all.contains(id) {
            all.push(id.clone());
        }
    }
    all
}
