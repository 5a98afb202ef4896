//! Actions on decisions.

mod links;

use wsdb_core::{
    Decision, DecisionFilter, DecisionId, DecisionStatus, PlacementFilter, TaskFilter, TaskId,
    find_cycle,
};
use wsdb_store::{Connection, Store, Transaction};

use self::links::link;
pub use self::links::{DecisionLinks, LinkCandidates};
use crate::sessions::open_session;
use crate::views::{DecisionDetails, DecisionView, LinkedView, Relation};
use crate::{Actor, Error, Precondition, Resource, Workspace, resolve, resolve_all};

/// Adds a decision with the next id; `fill` sets the fields other than text and links. If the actor
/// has an open session, the decision is linked to it. Decisions that it supersedes get that status.
/// Linked records that do not exist are returned as errors.
///
/// # Errors
/// [`Error::Invalid`] for an empty decision, [`Error::Supersession`] if decisions would supersede
/// each other.
pub async fn add_decision(
    workspace: &Workspace,
    actor: &Actor,
    words: &str,
    links: &DecisionLinks,
    fill: impl Fn(&mut Decision),
) -> Result<(DecisionView, Vec<Error>), Error> {
    workspace
        .by(actor, "decision add")
        .write(async |store| {
            let session = open_session(store, actor).await?.map(|session| session.id);
            let meant = links.resolve(store).await?;
            let decision = store
                .decisions()
                .add(|id| {
                    let mut decision = Decision::new(id, words.to_owned(), actor.now);
                    decision.session = session.clone();
                    fill(&mut decision);
                    meant.join(&mut decision);
                    decision
                })
                .await?;
            decision.validate()?;
            refuse_cycles(store, &decision.id, &meant.supersedes).await?;
            mark_superseded(store, &meant.supersedes).await?;
            if let Some(session) = &session {
                store
                    .sessions()
                    .link_decision(session, &decision.id)
                    .await?;
            }
            Ok((decision.into(), meant.missing))
        })
        .await
}

/// Returns an error if a decision would supersede itself through new links.
pub(crate) async fn refuse_cycles(
    store: &Store<Transaction>,
    id: &DecisionId,
    supersedes: &[DecisionId],
) -> Result<(), Error> {
    if supersedes.is_empty() {
        return Ok(());
    }
    let known = store.decisions().supersessions().await?;
    let pairs = known.iter().map(|(decision, target)| (decision, target));
    match find_cycle(pairs, id, supersedes) {
        Some(way) => Err(Error::Supersession(way)),
        None => Ok(()),
    }
}

/// Sets the status of the existing ones of these decisions to superseded.
pub(crate) async fn mark_superseded(
    store: &Store<Transaction>,
    ids: &[DecisionId],
) -> Result<(), Error> {
    let decisions = store.decisions();
    for id in ids {
        if let Some(before) = decisions.find(id).await?
            && before.status != DecisionStatus::Superseded
        {
            let status = DecisionStatus::Superseded;
            let decision = Decision {
                status,
                ..before.clone()
            };
            decisions.save_changed(before, decision).await?;
        }
    }
    Ok(())
}

/// Supersedes decisions with another one.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`] for all names together, and
/// [`Error::Supersession`] if one of them supersedes the other one already.
pub async fn supersede_decisions(
    workspace: &Workspace,
    actor: &Actor,
    words: &[String],
    by: &str,
) -> Result<DecisionDetails, Error> {
    workspace
        .by(actor, "decision supersede")
        .write(async |store| {
            let decisions = store.decisions();
            let old = resolve_all(&decisions, words).await;
            let (old, id) = Error::join_errors(old, resolve(&decisions, by).await)?;
            let before = decisions.get(&id).await?;
            let mut decision = before.clone();
            link(&mut decision.supersedes, &old);
            refuse_cycles(store, &id, &old).await?;
            if decision != before {
                decisions.save_changed(before, decision).await?;
            }
            mark_superseded(store, &old).await?;
            decision_details(store, &id).await
        })
        .await
}

/// Links a decision to decisions that it supersedes, to tasks, components and drift. Linked records
/// that do not exist are returned as errors.
///
/// # Errors
/// Same as [`supersede_decisions`], and [`Error::Unexpected`].
pub async fn link_decision(
    workspace: &Workspace,
    actor: &Actor,
    word: &str,
    links: &DecisionLinks,
    expected: &Precondition,
) -> Result<(DecisionDetails, Vec<Error>), Error> {
    change(
        workspace,
        actor,
        "decision link",
        word,
        expected,
        async |store, decision| {
            let meant = links.resolve(store).await?;
            let mut new = meant.supersedes.clone();
            new.retain(|id| !decision.supersedes.contains(id));
            meant.join(decision);
            refuse_cycles(store, &decision.id, &new).await?;
            mark_superseded(store, &new).await?;
            Ok(meant.missing)
        },
    )
    .await
}

/// Removes links of a decision. Decisions that it superseded keep that status.
///
/// # Errors
/// [`Error::Invalid`] for each record that is not linked, and the errors of [`link_decision`].
pub async fn unlink_decision(
    workspace: &Workspace,
    actor: &Actor,
    word: &str,
    links: &DecisionLinks,
    expected: &Precondition,
) -> Result<DecisionDetails, Error> {
    let change = change(
        workspace,
        actor,
        "decision unlink",
        word,
        expected,
        async |store, decision| {
            let meant = links.resolve(store).await?;
            Error::all(meant.not_linked(decision))?;
            meant.unlink(decision);
            Ok(Vec::new())
        },
    );
    Ok(change.await?.0)
}

/// Returns those of the named decisions that have the status superseded but no longer a successor.
///
/// # Errors
/// [`Error::Ambiguous`].
pub async fn superseded_without_successor<C: Connection>(
    store: &Store<C>,
    links: &DecisionLinks,
) -> Result<Vec<DecisionView>, Error> {
    let mut found = Vec::new();
    for id in links.resolve(store).await?.supersedes {
        let by = DecisionFilter {
            supersedes: vec![id.clone()],
            ..DecisionFilter::default()
        };
        if let Some(decision) = store.decisions().find(&id).await?
            && decision.status == DecisionStatus::Superseded
            && store.decisions().list(&by).await?.is_empty()
        {
            found.push(decision.into());
        }
    }
    Ok(found)
}

async fn change(
    workspace: &Workspace,
    actor: &Actor,
    verb: &str,
    word: &str,
    expected: &Precondition,
    edit: impl AsyncFn(&Store<Transaction>, &mut Decision) -> Result<Vec<Error>, Error>,
) -> Result<(DecisionDetails, Vec<Error>), Error> {
    workspace
        .by(actor, verb)
        .write(async |store| {
            let decisions = store.decisions();
            let id = resolve(&decisions, word).await?;
            let before = decisions.get(&id).await?;
            expected.check::<Decision>(&id, || before.clone().into())?;
            let mut decision = before.clone();
            let missing = edit(store, &mut decision).await?;
            if decision != before {
                decisions.save_changed(before, decision).await?;
            }
            Ok((decision_details(store, &id).await?, missing))
        })
        .await
}

/// Returns a decision with its links in both directions.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`].
pub async fn show_decision<C: Connection>(
    store: &Store<C>,
    word: &str,
) -> Result<DecisionDetails, Error> {
    let id = resolve(&store.decisions(), word).await?;
    decision_details(store, &id).await
}

/// Returns the decisions that are linked to a task.
pub(crate) async fn decisions_of_task<C: Connection>(
    store: &Store<C>,
    id: &TaskId,
) -> Result<Vec<DecisionId>, Error> {
    let filter = DecisionFilter {
        task: vec![id.clone()],
        ..DecisionFilter::default()
    };
    let decisions = store.decisions().list(&filter).await?;
    Ok(decisions.into_iter().map(|decision| decision.id).collect())
}

pub(crate) async fn decision_details<C: Connection>(
    store: &Store<C>,
    id: &DecisionId,
) -> Result<DecisionDetails, Error> {
    let decision = store.decisions().get(id).await?;
    let by = DecisionFilter {
        supersedes: vec![id.clone()],
        ..DecisionFilter::default()
    };
    let by = store.decisions().list(&by).await?;
    let mut links = Vec::new();
    for id in &decision.supersedes {
        let found = store.decisions().find(id).await?;
        let found = found.map(|d| (d.status.to_string(), d.decision));
        links.push(LinkedView::new(Relation::Supersedes, id, found));
    }
    for by in &by {
        let found = Some((by.status.to_string(), by.decision.clone()));
        links.push(LinkedView::new(Relation::SupersededBy, &by.id, found));
    }
    if !decision.related_tasks.is_empty() {
        let filter = TaskFilter {
            ids: decision.related_tasks.clone(),
            ..TaskFilter::default()
        };
        let tasks = store.tasks().list(&filter).await?;
        for id in &decision.related_tasks {
            let found = tasks.iter().find(|task| task.id == *id);
            let found = found.map(|task| (task.status.to_string(), task.title.clone()));
            links.push(LinkedView::new(Relation::Task, id, found));
        }
    }
    if !decision.related_components.is_empty() {
        let filter = PlacementFilter {
            component_name: decision.related_components.clone(),
            ..PlacementFilter::default()
        };
        let placements = store.architecture().placements().list(&filter).await?;
        for name in &decision.related_components {
            let of_it = placements.iter().filter(|p| p.component_name == *name);
            let mut places: Vec<String> = of_it
                .map(|p| match &p.correct_location {
                    Some(location) => format!("{}: {location}", p.correct_repo),
                    None => p.correct_repo.clone(),
                })
                .collect();
            places.dedup();
            let found = (!places.is_empty()).then(|| ("placed".to_owned(), places.join(", ")));
            links.push(LinkedView::new(Relation::Component, name, found));
        }
    }
    for id in &decision.related_detections {
        let found = store.drift().detections().find(id).await?;
        let found = found.map(|d| (d.status.to_string(), format!("{}: {}", d.repo, d.file_path)));
        links.push(LinkedView::new(Relation::Detection, id, found));
    }
    Ok(DecisionDetails {
        superseded_by: by.into_iter().map(|decision| decision.id).collect(),
        decision: decision.into(),
        links,
    })
}
