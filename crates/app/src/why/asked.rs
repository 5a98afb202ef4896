//! What is asked about: a path or a component, and how other records speak of it.

use std::collections::BTreeSet;

use wsdb_core::{
    ArchitectureState, ComponentPlacement, Match, Place, Series, StateType, natural_order, places,
    plain_path,
};

/// What is asked about.
pub(super) struct Asked {
    /// The places that the path may mean; none where a component is asked about.
    pub(super) places: Vec<Place>,
    /// The components that it is, or is part of, in lower case.
    pub(super) components: BTreeSet<String>,
    /// The repos that paths may begin with.
    repos: BTreeSet<String>,
}

impl Asked {
    /// A component where there is one of that name, or a placement of that id; else a path.
    pub(super) fn read(
        word: &str,
        path: Option<&str>,
        placements: &[ComponentPlacement],
        states: &[ArchitectureState],
    ) -> Self {
        let placed = placements.iter().map(|p| p.correct_repo.clone());
        let repos = placed
            .chain(states.iter().map(|s| s.repo.clone()))
            .filter(|repo| !repo.is_empty())
            .collect();
        let mut asked = Asked {
            places: Vec::new(),
            components: named(word, placements),
            repos,
        };
        if asked.components.is_empty() {
            asked.places = places(None, path.unwrap_or(word), |repo| {
                asked.repos.contains(repo)
            });
        }
        asked
    }

    pub(super) fn is_path(&self) -> bool {
        !self.places.is_empty()
    }

    /// How the path lies to another one.
    pub(super) fn lies_to(&self, repo: Option<&str>, path: &str) -> Option<Match> {
        let others = places(repo, path, |name| self.repos.contains(name));
        Place::nearest(&self.places, &others)
    }

    /// How the path lies to where a placement wants its component. One that names no location
    /// speaks of the repo alone.
    pub(super) fn lies_to_placement(&self, placement: &ComponentPlacement) -> Option<Match> {
        let repo = Some(placement.correct_repo.as_str());
        match &placement.correct_location {
            Some(location) => self.lies_to(repo, location),
            None if self.places.iter().any(|place| place.path.is_empty()) => self.lies_to(repo, ""),
            None => None,
        }
    }

    /// Whether the path is where a component belongs.
    pub(super) fn is_at(&self, placement: &ComponentPlacement) -> bool {
        self.lies_to_placement(placement) == Some(Match::Same)
    }

    /// Whether the path is where a component belongs, or lies in it.
    pub(super) fn is_covered_by(&self, placement: &ComponentPlacement) -> bool {
        let lies = self.lies_to_placement(placement);
        matches!(lies, Some(Match::Same | Match::Within))
    }

    pub(super) fn add_components(&mut self, names: Vec<String>) {
        let names = names.into_iter().map(|name| name.to_lowercase());
        self.components.extend(names);
    }

    /// How the path lies to a file in any of some repos, or in the one that the file's own path
    /// begins with.
    pub(super) fn lies_to_file(&self, repos: &[String], file: &str) -> Option<Match> {
        let is_repo = |name: &str| self.repos.contains(name);
        let mut others: Vec<Place> = repos
            .iter()
            .flat_map(|repo| places(Some(repo), file, is_repo))
            .collect();
        let named = places(None, file, is_repo).into_iter();
        others.extend(named.filter(|place| place.repo.is_some() || repos.is_empty()));
        Place::nearest(&self.places, &others)
    }

    /// Whether another path is this one, or lies in it.
    pub(super) fn holds(&self, repo: Option<&str>, path: &str) -> bool {
        matches!(self.lies_to(repo, path), Some(Match::Same | Match::Around))
    }

    pub(super) fn is_component(&self, name: &str) -> bool {
        self.components.contains(&name.to_lowercase())
    }

    /// Where the records that speak of the path agree on its repo, it is in that one.
    pub(super) fn settle(&mut self, repos: &BTreeSet<&str>) {
        let [only] = repos.iter().collect::<Vec<_>>()[..] else {
            return;
        };
        for place in &mut self.places {
            if place.repo.is_none() {
                place.repo = Some((*only).to_owned());
            }
        }
        // As it stands it began with the repo's name.
        let named = self.places.len() > 1;
        if named && self.places[1].repo.as_deref() == Some(only) {
            self.places.remove(0);
        }
    }

    /// What stands in every text that speaks of it, however that writes it.
    pub(super) fn parts(&self, placements: &[ComponentPlacement]) -> Vec<String> {
        let mut parts: Vec<String> = self.components.iter().map(|name| plain(name)).collect();
        let last = self.places.last().map(|place| match place.path.as_str() {
            "" => place.repo.clone().unwrap_or_default(),
            path => path.to_owned(),
        });
        parts.extend(last.as_deref().map(last_step));
        let own = placements
            .iter()
            .filter(|p| self.is_component(&p.component_name));
        let locations = own.filter_map(|p| p.correct_location.as_deref());
        parts.extend(locations.map(|path| last_step(&plain_path(path))));
        parts.retain(|part| !part.is_empty());
        parts.sort();
        parts.dedup();
        parts
    }

    /// The steps of the path: a folder that it lies in may be spoken of.
    pub(super) fn steps(&self) -> Vec<String> {
        let path = self.places.last().map(|place| place.path.as_str());
        let steps = path.unwrap_or_default().split('/').map(plain);
        steps.filter(|step| !step.is_empty()).collect()
    }
}

/// The components that a word names.
fn named(word: &str, placements: &[ComponentPlacement]) -> BTreeSet<String> {
    let lower = word.trim().to_lowercase();
    let same = |p: &&ComponentPlacement| {
        let id = Series::PLACEMENTS.number(&word.trim().to_uppercase());
        let id = id.map(|number| Series::PLACEMENTS.id(number));
        p.component_name.to_lowercase() == lower
            || p.id.as_str() == word.trim()
            || id.is_some_and(|id| p.id.as_str() == id)
    };
    let names = |p: &ComponentPlacement| p.component_name.to_lowercase();
    placements.iter().filter(same).map(names).collect()
}

/// The components of whose names a word is a part, where that is one component.
pub(super) fn named_in_part(
    word: &str,
    placements: &[ComponentPlacement],
) -> Option<BTreeSet<String>> {
    let lower = word.trim().to_lowercase();
    let names = placements.iter().map(|p| p.component_name.to_lowercase());
    let names: BTreeSet<String> = names.filter(|name| name.contains(&lower)).collect();
    (names.len() == 1 && !lower.is_empty()).then_some(names)
}

fn last_step(path: &str) -> String {
    plain(path.rsplit('/').next().unwrap_or(path))
}

/// The longest run of letters, digits and the like that JSON and globs write as they are.
fn plain(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let runs = text.split(|c| !is_plain(c));
    runs.max_by_key(|run| run.len()).unwrap_or("").to_owned()
}

/// What shall be weighs more than what is, and that more than what was.
pub(super) fn weight(state: Option<StateType>) -> u8 {
    match state {
        Some(StateType::Target) => 0,
        Some(StateType::Master) => 1,
        None => 2,
        Some(StateType::Current) => 3,
        Some(StateType::Future) => 4,
        Some(StateType::Deprecated) => 5,
    }
}

/// The placement that is most like a word, if any is.
pub(super) fn nearest<'a>(
    word: &str,
    placements: &'a [ComponentPlacement],
) -> Option<&'a ComponentPlacement> {
    let asked = plain_path(word).to_lowercase();
    let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let likeness = |placement: &ComponentPlacement| {
        let location = placement.correct_location.as_deref().unwrap_or_default();
        let location = plain_path(location).to_lowercase();
        let whole = format!("{}/{location}", placement.correct_repo.to_lowercase());
        let name = placement.component_name.to_lowercase();
        let shared = location.split('/').zip(asked.split('/'));
        let shared = shared.take_while(|(a, b)| a == b && !a.is_empty()).count();
        let folder = if shared > 1 { 0.6 } else { 0.0 };
        let texts = [
            strsim::normalized_damerau_levenshtein(&asked, &location),
            strsim::normalized_damerau_levenshtein(&asked, &whole),
            strsim::normalized_damerau_levenshtein(&asked, &name),
            strsim::normalized_damerau_levenshtein(&last(&asked), &last(&location)),
            folder,
        ];
        texts.into_iter().fold(0.0, f64::max)
    };
    let scored = placements
        .iter()
        .map(|placement| (likeness(placement), placement));
    let best = scored.filter(|(score, _)| *score >= 0.6).max_by(|a, b| {
        let by_score = a.0.total_cmp(&b.0);
        by_score.then_with(|| natural_order(b.1.id.as_str(), a.1.id.as_str()))
    });
    best.map(|(_, placement)| placement)
}
