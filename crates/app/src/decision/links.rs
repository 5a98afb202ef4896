//! Links of decisions, and their resolution from names to ids.

use wsdb_core::{Decision, DecisionId, DetectionId, TaskId};
use wsdb_store::{Connection, Store};

use crate::Error;
use crate::lookup::{find_unknown_values, has_id_form, resolve_collecting_missing};

/// Links of a decision, by names as given by people. The records need not exist yet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DecisionLinks {
    /// Decisions that it supersedes.
    pub supersedes: Vec<String>,
    /// Tasks.
    pub tasks: Vec<String>,
    /// Components, by name.
    pub components: Vec<String>,
    /// Detections of drift.
    pub detections: Vec<String>,
}

/// [`DecisionLinks`] with names resolved to ids.
pub(super) struct ResolvedLinks {
    pub(super) supersedes: Vec<DecisionId>,
    tasks: Vec<TaskId>,
    components: Vec<String>,
    detections: Vec<DetectionId>,
    /// Errors for the records that do not exist.
    pub(super) missing: Vec<Error>,
}

impl DecisionLinks {
    pub(super) async fn resolve<C: Connection>(
        &self,
        store: &Store<C>,
    ) -> Result<ResolvedLinks, Error> {
        let mut missing = Vec::new();
        let (decisions, tasks) = (store.decisions(), store.tasks());
        let detections = store.drift().detections();
        let supersedes =
            resolve_collecting_missing(&decisions, &self.supersedes, &mut missing).await;
        let tasks = resolve_collecting_missing(&tasks, &self.tasks, &mut missing).await;
        let detections =
            resolve_collecting_missing(&detections, &self.detections, &mut missing).await;
        let ((supersedes, tasks), detections) =
            Error::both(Error::both(supersedes, tasks), detections)?;
        let components: Vec<&str> = self.components.iter().map(String::as_str).collect();
        let placements = store.architecture().placements();
        let (noun, column) = ("component", "component_name");
        missing.extend(find_unknown_values(&placements, noun, column, &components, &[]).await?);
        Ok(ResolvedLinks {
            supersedes,
            tasks,
            components: self.components.clone(),
            detections,
            missing,
        })
    }
}

/// Adds those values that a list does not have yet.
pub(super) fn add_missing<T: PartialEq + Clone>(list: &mut Vec<T>, more: &[T]) {
    for value in more {
        if !list.contains(value) {
            list.push(value.clone());
        }
    }
}

impl ResolvedLinks {
    /// Checks that the records that do not exist may be created later.
    ///
    /// # Errors
    /// [`Error::NotFound`] for all words together that do not have the form of an id. Components have names.
    pub(super) fn check_ids(self) -> Result<Self, Error> {
        let is_word = |error: &Error| matches!(error, Error::NotFound { noun, word, .. } if *noun != "component" && !has_id_form(word));
        let (words, missing) = self.missing.into_iter().partition(is_word);
        Error::combine(words)?;
        Ok(ResolvedLinks { missing, ..self })
    }

    pub(super) fn link(&self, decision: &mut Decision) {
        add_missing(&mut decision.supersedes, &self.supersedes);
        add_missing(&mut decision.related_tasks, &self.tasks);
        add_missing(&mut decision.related_components, &self.components);
        add_missing(&mut decision.related_detections, &self.detections);
    }

    /// Returns an error for each link that the decision does not have.
    pub(super) fn not_linked(&self, decision: &Decision) -> Vec<Error> {
        fn missing_from<'a, T: PartialEq + AsRef<str>>(
            id: &'a DecisionId,
            what: &'a str,
            named: &'a [T],
            known: &'a [T],
        ) -> impl Iterator<Item = Error> + 'a {
            let unknown = named.iter().filter(|value| !known.contains(value));
            unknown.map(move |value| {
                let value = value.as_ref();
                Error::Invalid(format!("{id} {what} {value}"))
            })
        }
        let id = &decision.id;
        let mut all: Vec<Error> = Vec::new();
        let to = "is not linked to";
        all.extend(missing_from(
            id,
            "does not supersede",
            &self.supersedes,
            &decision.supersedes,
        ));
        all.extend(missing_from(id, to, &self.tasks, &decision.related_tasks));
        all.extend(missing_from(
            id,
            to,
            &self.components,
            &decision.related_components,
        ));
        all.extend(missing_from(
            id,
            to,
            &self.detections,
            &decision.related_detections,
        ));
        all
    }

    pub(super) fn unlink(&self, decision: &mut Decision) {
        decision
            .supersedes
            .retain(|id| !self.supersedes.contains(id));
        decision.related_tasks.retain(|id| !self.tasks.contains(id));
        let components = &self.components;
        decision
            .related_components
            .retain(|name| !components.contains(name));
        let detections = &self.detections;
        decision
            .related_detections
            .retain(|id| !detections.contains(id));
    }
}
