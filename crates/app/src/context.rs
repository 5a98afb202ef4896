//! Actions on contexts: switch to a repo, go back, end the visit.

use std::collections::BTreeMap;
use std::path::Path;

use wsdb_core::{ContextFilter, ContextSwitch, Day, Timestamp};
use wsdb_store::{Connection, Store, Transaction};

use crate::repo_folders::repo_folders;
use crate::views::{ContextChange, ContextView, TimeSpent};
use crate::{Actor, Error, Workspace, resolve};

/// Returns the actor's current context, if there is one. The path is absolute here and after a
/// switch; a stored relative path is relative to the workspace folder.
pub async fn current_context(
    workspace: &Workspace,
    actor: &Actor,
) -> Result<Option<ContextView>, Error> {
    let current = workspace.store.contexts().current(&actor.name).await?;
    Ok(current.map(|visit| with_repo_path(workspace, visit)))
}

/// Returns the view of a visit with an absolute path.
fn with_repo_path(workspace: &Workspace, visit: ContextSwitch) -> ContextView {
    let path = absolute(&workspace.location.folder.join(&visit.repo_path));
    ContextView {
        repo_path: path,
        ..visit.into()
    }
}

/// Switches the actor to a repo and ends their visit to another one. If they are in this repo
/// already, the visit continues and only a new path or new notes are written.
///
/// # Errors
/// [`Error::NoRepoFolder`] if the path of the repo is unknown.
pub async fn context_switch(
    workspace: &Workspace,
    actor: &Actor,
    repo: &str,
    path: Option<&str>,
    notes: Option<&str>,
) -> Result<ContextChange, Error> {
    let sibling = workspace.location.folder.join(repo);
    let mut folders = repo_folders(&workspace.location).into_iter();
    let folder = folders.find(|folder| folder.name == repo);
    let folder = folder.map(|folder| folder.path);
    let folder = folder.or_else(|| sibling.is_dir().then_some(sibling));
    let folder = folder.map(|folder| absolute(&folder));
    let (visit, switched) = workspace
        .by(actor, "context switch")
        .write(async |store| {
            let contexts = store.contexts();
            let current = contexts.current(&actor.name).await?;
            if let Some(before) = current.filter(|visit| visit.repo == repo) {
                let mut visit = before.clone();
                if let Some(path) = path {
                    visit.repo_path = path.to_owned();
                }
                visit.context_notes = notes.map(str::to_owned).or(visit.context_notes);
                if visit != before {
                    contexts.save_changed(before, visit.clone()).await?;
                }
                return Ok((visit, false));
            }
            let path = match path.map(str::to_owned).or(folder.clone()) {
                Some(path) => path,
                None => last_path_of(store, repo).await?,
            };
            let visit = switch_to(store, actor, repo, &path, notes).await?;
            Ok::<_, Error>((visit, true))
        })
        .await?;
    Ok(ContextChange {
        context: with_repo_path(workspace, visit),
        switched,
    })
}

fn absolute(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.display().to_string()
}

/// Returns the path of the latest visit to a repo.
async fn last_path_of(store: &Store<Transaction>, repo: &str) -> Result<String, Error> {
    let last = ContextFilter {
        repo: vec![repo.to_owned()],
        reverse: true,
        page: wsdb_core::Page::first(1),
        ..ContextFilter::default()
    };
    let last = store.contexts().list(&last).await?.pop();
    last.map(|visit| visit.repo_path)
        .ok_or_else(|| Error::NoRepoFolder(repo.to_owned()))
}

async fn switch_to(
    store: &Store<Transaction>,
    actor: &Actor,
    repo: &str,
    path: &str,
    notes: Option<&str>,
) -> Result<ContextSwitch, Error> {
    let by = actor.name.as_str();
    let visit = |id| {
        let mut visit = ContextSwitch::new(id, repo.to_owned(), path.to_owned(), actor.now);
        visit.activated_by = Some(by.to_owned());
        visit.context_notes = notes.map(str::to_owned);
        visit
    };
    Ok(store.contexts().switch(actor.now, Some(by), visit).await?)
}

/// Switches the actor back to the previous repo; doing it again returns to the current one.
///
/// # Errors
/// [`Error::Invalid`] if there is no previous repo, and [`Error::NoVisits`].
pub async fn context_back(
    workspace: &Workspace,
    actor: &Actor,
    notes: Option<&str>,
) -> Result<ContextChange, Error> {
    let visit = workspace
        .by(actor, "context back")
        .write(async |store| {
            let contexts = store.contexts();
            let current = contexts.current(&actor.name).await?;
            let here = current.as_ref().map(|visit| visit.repo.as_str());
            let Some(last) = contexts.last(&actor.name, here).await? else {
                let who = &actor.name;
                return Err(match here {
                    Some(here) => Error::Invalid(format!(
                        "{who} has no previous repo: all visits are to {here}"
                    )),
                    None => Error::NoVisits(who.clone()),
                });
            };
            switch_to(store, actor, &last.repo, &last.repo_path, notes).await
        })
        .await?;
    Ok(ContextChange {
        context: with_repo_path(workspace, visit),
        switched: true,
    })
}

/// Ends the actor's current visit, or the named one; that of another person only with `force`.
///
/// # Errors
/// [`Error::NotInRepo`] if the actor is in no repo, [`Error::ForeignVisit`] if the visit is another
/// person's, [`Error::NotFound`] and [`Error::Ambiguous`] for the name, and
/// [`wsdb_store::Error::InvalidState`] if it has ended already.
pub async fn context_end(
    workspace: &Workspace,
    actor: &Actor,
    name: Option<&str>,
    force: bool,
) -> Result<ContextView, Error> {
    workspace
        .by(actor, "context end")
        .write(async |store| {
            let contexts = store.contexts();
            let id = match name {
                Some(name) => resolve(&contexts, name).await?,
                None => match contexts.current(&actor.name).await? {
                    Some(visit) => visit.id,
                    None => return Err(Error::NotInRepo(actor.name.clone())),
                },
            };
            let visit = contexts.get(&id).await?;
            let other = visit.activated_by.filter(|by| *by != actor.name);
            if let (Some(by), None, false) = (other, visit.deactivated_at, force) {
                return Err(Error::ForeignVisit { id, by });
            }
            Ok(contexts.end(&id, actor.now).await?.into())
        })
        .await
}

/// What time to add up, and how to group it.
#[derive(Debug, Clone, Copy)]
pub struct TimeSpentQuery<'a> {
    /// Start of the period.
    pub since: Timestamp,
    /// End of the period.
    pub until: Timestamp,
    /// Covers only these people; an empty list covers all.
    pub people: &'a [String],
    /// Covers only these repos; an empty list covers all.
    pub repos: &'a [String],
    /// Whether to return a sum for each day.
    pub by_day: bool,
    /// Whether to return a sum for each repo.
    pub by_repo: bool,
}

/// Returns the time spent in repos; see [`wsdb_core::time_spent`]. `start_of` returns the point in time
/// that a stored time stands for: a date begins at local midnight.
pub async fn time_spent<C: Connection>(
    store: &Store<C>,
    query: TimeSpentQuery<'_>,
    day_of: impl Fn(Timestamp) -> Day<String>,
    start_of: impl Fn(Timestamp) -> Timestamp,
) -> Result<Vec<TimeSpent>, Error> {
    let filter = ContextFilter {
        by: query.people.to_vec(),
        // A date that a visit ends on may begin up to a day after its midnight UTC.
        still_at: Some(query.since.saturating_sub_secs(24 * 60 * 60)),
        ..ContextFilter::default()
    };
    let mut visits = store.contexts().list(&filter).await?;
    for visit in &mut visits {
        visit.activated_at = start_of(visit.activated_at);
        visit.deactivated_at = visit.deactivated_at.map(&start_of);
    }
    // Visits to other repos are needed, too: overlapping time counts once.
    let intervals = wsdb_core::time_spent(&visits, query.since, query.until, day_of);
    let mut sums: BTreeMap<(Option<String>, Option<String>), f64> = BTreeMap::new();
    for spent in intervals {
        if query.repos.is_empty() || query.repos.contains(&spent.repo) {
            let key = (
                query.by_day.then_some(spent.day),
                query.by_repo.then_some(spent.repo),
            );
            *sums.entry(key).or_default() += spent.seconds;
        }
    }
    let views = sums
        .into_iter()
        .map(|((day, repo), duration_seconds)| TimeSpent {
            day,
            repo,
            duration_seconds,
        });
    Ok(views.collect())
}
