//! The path or component in question, and how other records refer to it.

use std::collections::BTreeSet;

use wsdb_core::{
    ComponentPlacement, IdSeries, PathRelation, RepoPath, RepoPrefixes, StateType, candidate_paths,
    natural_order, normalize_path,
};

use crate::RepoPaths;

/// The path or component in question.
pub(super) struct WhyQuery {
    /// The paths that a path may stand for; empty for a component.
    pub(super) paths: Vec<RepoPath>,
    /// The components that it is or belongs to, in lower case.
    pub(super) components: BTreeSet<String>,
    /// Repos that a path may begin with.
    repos: RepoPrefixes,
}

/// A placement that governs the path or component in question.
pub(super) struct GoverningPlacement<'a> {
    pub(super) placement: &'a ComponentPlacement,
    /// How the path relates to its location; `None` if it governs only by its component.
    pub(super) relation: Option<PathRelation>,
}

impl WhyQuery {
    /// Resolves a name: a component's name, a placement's id, or a path.
    pub(super) fn resolve(
        name: &str,
        paths: &RepoPaths,
        placements: &[ComponentPlacement],
        repos: &RepoPrefixes,
    ) -> Self {
        let mut query = Self::for_components(components_named(name, placements), repos);
        if query.components.is_empty() {
            query.paths = paths.candidates(name, repos);
        }
        query
    }

    /// Returns a query about components, which are in lower case.
    pub(super) fn for_components(components: BTreeSet<String>, repos: &RepoPrefixes) -> Self {
        WhyQuery {
            paths: Vec::new(),
            components,
            repos: repos.clone(),
        }
    }

    pub(super) fn is_path(&self) -> bool {
        !self.paths.is_empty()
    }

    /// Returns how the path relates to another one.
    pub(super) fn relation_to(&self, repo: Option<&str>, path: &str) -> Option<PathRelation> {
        let others = candidate_paths(repo, path, &self.repos);
        RepoPath::closest_relation(&self.paths, &others)
    }

    /// Returns how the path relates to the location of a placement. A placement without a location
    /// refers only to its repo.
    pub(super) fn relation_to_placement(
        &self,
        placement: &ComponentPlacement,
    ) -> Option<PathRelation> {
        let repo = Some(placement.correct_repo.as_str());
        match &placement.correct_location {
            Some(location) => self.relation_to(repo, location),
            None if self.paths.iter().any(|repo_path| repo_path.path.is_empty()) => {
                self.relation_to(repo, "")
            }
            None => None,
        }
    }

    /// Whether the path is where a placement belongs: for one without a location, anywhere in its repo.
    pub(super) fn matches_placement(&self, governing: &GoverningPlacement<'_>) -> bool {
        let placement = governing.placement;
        let repo = Some(placement.correct_repo.as_str());
        let is_in_repo = || self.relation_to(repo, "").is_some();
        governing.relation.is_some() || placement.correct_location.is_none() && is_in_repo()
    }

    /// Returns whether the path is the location of a placement.
    pub(super) fn is_at(&self, placement: &ComponentPlacement) -> bool {
        self.relation_to_placement(placement) == Some(PathRelation::Same)
    }

    /// Returns whether the path is the location of a placement, or inside it.
    pub(super) fn is_covered_by(&self, placement: &ComponentPlacement) -> bool {
        let relation = self.relation_to_placement(placement);
        matches!(relation, Some(PathRelation::Same | PathRelation::Within))
    }

    pub(super) fn add_components(&mut self, names: Vec<String>) {
        let names = names.into_iter().map(|name| name.to_lowercase());
        self.components.extend(names);
    }

    /// Returns how the path relates to a file in any of some repos, or in the repo that the file's
    /// path begins with.
    pub(super) fn relation_to_file(&self, repos: &[String], file: &str) -> Option<PathRelation> {
        let mut others: Vec<RepoPath> = repos
            .iter()
            .flat_map(|repo| candidate_paths(Some(repo), file, &self.repos))
            .collect();
        let unprefixed = candidate_paths(None, file, &self.repos).into_iter();
        others.extend(unprefixed.filter(|repo_path| repo_path.repo.is_some() || repos.is_empty()));
        RepoPath::closest_relation(&self.paths, &others)
    }

    /// Returns whether another path is this one, or inside it.
    pub(super) fn contains(&self, repo: Option<&str>, path: &str) -> bool {
        matches!(
            self.relation_to(repo, path),
            Some(PathRelation::Same | PathRelation::Around)
        )
    }

    pub(super) fn is_component(&self, name: &str) -> bool {
        self.components.contains(&name.to_lowercase())
    }

    /// If all records that refer to the path agree on its repo, the path is in that repo.
    pub(super) fn narrow_to_repo(&mut self, repos: &BTreeSet<&str>) {
        let [only] = repos.iter().collect::<Vec<_>>()[..] else {
            return;
        };
        for repo_path in &mut self.paths {
            if repo_path.repo.is_none() {
                repo_path.repo = Some((*only).to_owned());
            }
        }
        // The path began with the name of the repo.
        if self.paths.len() > 1 && self.paths[1].repo.as_deref() == Some(only) {
            self.paths.remove(0);
        }
    }

    /// Returns texts that occur in every record that refers to it, in whatever form.
    pub(super) fn search_terms(&self, placements: &[ComponentPlacement]) -> Vec<String> {
        let mut terms: Vec<String> = self
            .components
            .iter()
            .map(|name| longest_literal(name))
            .collect();
        let last = self
            .paths
            .last()
            .map(|repo_path| match repo_path.path.as_str() {
                "" => repo_path.repo.clone().unwrap_or_default(),
                path => path.to_owned(),
            });
        terms.extend(last.as_deref().map(last_segment));
        let own_placements = placements
            .iter()
            .filter(|p| self.is_component(&p.component_name));
        let locations = own_placements.filter_map(|p| p.correct_location.as_deref());
        terms.extend(locations.map(|path| last_segment(&normalize_path(path))));
        terms.retain(|term| !term.is_empty());
        terms.sort();
        terms.dedup();
        terms
    }

    /// Returns the segments of the path, because a record may refer to a parent folder.
    pub(super) fn ancestor_paths(&self) -> Vec<String> {
        let path = self.paths.last().map(|repo_path| repo_path.path.as_str());
        let segments = path.unwrap_or_default().split('/').map(longest_literal);
        segments.filter(|segment| !segment.is_empty()).collect()
    }
}

/// Returns the components with this name or placement id.
fn components_named(name: &str, placements: &[ComponentPlacement]) -> BTreeSet<String> {
    let lower = name.trim().to_lowercase();
    let same = |p: &&ComponentPlacement| {
        let id = IdSeries::PLACEMENTS.number(&name.trim().to_uppercase());
        let id = id.map(|number| IdSeries::PLACEMENTS.id(number));
        p.component_name.to_lowercase() == lower
            || p.id.as_str() == name.trim()
            || id.is_some_and(|id| p.id.as_str() == id)
    };
    let names = |p: &ComponentPlacement| p.component_name.to_lowercase();
    placements.iter().filter(same).map(names).collect()
}

/// Returns the component whose name contains this text, if there is exactly one.
pub(super) fn components_named_partially(
    name: &str,
    placements: &[ComponentPlacement],
) -> Option<BTreeSet<String>> {
    let lower = name.trim().to_lowercase();
    let names = placements.iter().map(|p| p.component_name.to_lowercase());
    let names: BTreeSet<String> = names.filter(|name| name.contains(&lower)).collect();
    (names.len() == 1 && !lower.is_empty()).then_some(names)
}

fn last_segment(path: &str) -> String {
    longest_literal(path.rsplit('/').next().unwrap_or(path))
}

/// Returns the longest part of a text that is written the same way in JSON and globs.
fn longest_literal(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let runs = text.split(|c| !is_plain(c));
    runs.max_by_key(|run| run.len()).unwrap_or("").to_owned()
}

/// Ranks states: the target before the present, and both before the past.
pub(super) fn rank(state: Option<StateType>) -> u8 {
    match state {
        Some(StateType::Target) => 0,
        Some(StateType::Master) => 1,
        None => 2,
        Some(StateType::Current) => 3,
        Some(StateType::Future) => 4,
        Some(StateType::Deprecated) => 5,
    }
}

/// Returns the placement that is most similar to a name, if any is similar enough.
pub(super) fn closest_placement<'a>(
    name: &str,
    placements: &'a [ComponentPlacement],
) -> Option<&'a ComponentPlacement> {
    let wanted = normalize_path(name).to_lowercase();
    let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let similarity = |placement: &ComponentPlacement| {
        let location = placement.correct_location.as_deref().unwrap_or_default();
        let location = normalize_path(location).to_lowercase();
        let full_path = format!("{}/{location}", placement.correct_repo.to_lowercase());
        let name = placement.component_name.to_lowercase();
        let shared = location.split('/').zip(wanted.split('/'));
        let shared = shared.take_while(|(a, b)| a == b && !a.is_empty()).count();
        let folder = if shared > 1 { 0.6 } else { 0.0 };
        let texts = [
            strsim::normalized_damerau_levenshtein(&wanted, &location),
            strsim::normalized_damerau_levenshtein(&wanted, &full_path),
            strsim::normalized_damerau_levenshtein(&wanted, &name),
            strsim::normalized_damerau_levenshtein(&last(&wanted), &last(&location)),
            folder,
        ];
        texts.into_iter().fold(0.0, f64::max)
    };
    let scored = placements
        .iter()
        .map(|placement| (similarity(placement), placement));
    let best = scored.filter(|(score, _)| *score >= 0.6).max_by(|a, b| {
        let by_score = a.0.total_cmp(&b.0);
        by_score.then_with(|| natural_order(b.1.id.as_str(), a.1.id.as_str()))
    });
    best.map(|(_, placement)| placement)
}
