//! The handoff: what the next session needs to know.

mod changes;
mod layout;
mod sections;
mod sessions;

use std::collections::HashSet;

use wsdb_core::SessionId;
use wsdb_store::{Connection, Store};

use self::changes::changes;
use self::sections::{
    blocked_section, context, decisions, drift, issues, other_critical_tasks, own_tasks,
    ready_section, tasks_of_others, unassigned_section,
};
use self::sessions::{last_session, sessions};
use crate::views::Handoff;
use crate::{Actor, Error};

/// Returns the handoff for the actor, of at most `budget` tokens: the latest handoff notes, the
/// actor's tasks, the ready, the blocked and other critical ones, changes since their last session, open issues and drift,
/// decisions and the current context. `started` is the session that is being started, if any.
///
/// The amount of data that is read does not depend on the size of the workspace.
pub async fn handoff<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    budget: usize,
    started: Option<&SessionId>,
) -> Result<Handoff, Error> {
    let last = last_session(store, actor, started).await?;
    let since = last.as_ref().map(|s| s.end_time.unwrap_or(s.start_time));
    let own_tasks = own_tasks(store, actor).await?;
    let own_ids: HashSet<String> = own_tasks
        .lines
        .iter()
        .filter_map(|l| l.id.clone())
        .collect();
    let mut tasks = vec![
        own_tasks,
        ready_section(store, actor, &own_ids).await?,
        blocked_section(store, actor, budget).await?,
        tasks_of_others(store, actor).await?,
        unassigned_section(store, actor).await?,
    ];
    tasks.push(other_critical_tasks(store, actor, budget, &tasks).await?);
    let mut drafts = vec![sessions(store, actor, budget, last.as_ref(), started).await?];
    drafts.extend(tasks);
    drafts.extend([
        changes(store, since, started).await?,
        issues(store).await?,
        drift(store, actor).await?,
        decisions(store, since).await?,
        context(store, actor).await?,
    ]);
    Ok(Handoff::layout(&actor.name, since, budget, &drafts))
}
