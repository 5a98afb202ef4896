//! Actions on links from sessions to decisions and issues. Activities are changed like any other
//! record.

use wsdb_core::{
    Decision, DecisionFilter, DecisionId, Issue, IssueFilter, IssueId, Page, SessionDecision,
    SessionDecisionFilter, SessionId, SessionIssue, SessionIssueFilter, natural_order,
};
use wsdb_store::{Connection, OnDelete, Store};

use super::current::resolve_session;
use crate::views::{Listing, SessionLinkView};
use crate::{Actor, Error, Workspace, resolve_all, resolve_or_accept_new};

/// Number of records read per statement.
const BATCH_SIZE: usize = 1000;

/// Links the named session, or the actor's open one, to decisions made and issues found in it.
/// Existing links stay.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`] for all names together, and [`Error::NoSession`] if
/// there is no open session.
pub async fn link_session(
    workspace: &Workspace,
    actor: &Actor,
    name: Option<&str>,
    decisions: &[String],
    issues: &[String],
) -> Result<Vec<SessionLinkView>, Error> {
    workspace
        .by(actor, "session link")
        .write(async |store| {
            let id = resolve_session(store, actor, name).await?;
            let decisions = resolve_all(&store.decisions(), decisions).await;
            let issues = resolve_all(&store.issues(), issues).await;
            let (decisions, issues) = Error::both(decisions, issues)?;
            let mut decision_links = Vec::new();
            let mut issue_links = Vec::new();
            for decision in &decisions {
                decision_links.push(store.sessions().link_decision(&id, decision).await?);
            }
            for issue in &issues {
                issue_links.push(store.sessions().link_issue(&id, issue).await?);
            }
            views(store, decision_links, issue_links).await
        })
        .await
}

/// Removes links from a session to these decisions and issues.
///
/// # Errors
/// [`Error::Invalid`] for each one that is not linked, and the errors of [`link_session`].
pub async fn unlink_session(
    workspace: &Workspace,
    actor: &Actor,
    name: Option<&str>,
    decisions: &[String],
    issues: &[String],
) -> Result<Vec<SessionLinkView>, Error> {
    workspace
        .by(actor, "session unlink")
        .write(async |store| {
            let id = resolve_session(store, actor, name).await?;
            let decisions = resolve_or_accept_new(&store.decisions(), decisions).await;
            let issues = resolve_or_accept_new(&store.issues(), issues).await;
            let (decisions, issues) = Error::both(decisions, issues)?;
            let sessions = store.sessions();
            let decision_links = sessions.decisions_of(&id).await?;
            let issue_links = sessions.issues_of(&id).await?;
            let not_linked = |to: &str| Error::Invalid(format!("{id} is not linked to {to}"));
            let is_linked_decision = |to: &DecisionId| {
                decision_links
                    .iter()
                    .any(|l| l.decision_id.as_ref() == Some(to))
            };
            let is_linked_issue =
                |to: &IssueId| issue_links.iter().any(|l| l.issue_id.as_ref() == Some(to));
            let mut errors: Vec<Error> = Vec::new();
            let unknown = decisions.iter().filter(|to| !is_linked_decision(to));
            errors.extend(unknown.map(|to| not_linked(to.as_str())));
            let unknown = issues.iter().filter(|to| !is_linked_issue(to));
            errors.extend(unknown.map(|to| not_linked(to.as_str())));
            Error::combine(errors)?;
            let is_unlinked =
                |to: &Option<DecisionId>| to.as_ref().is_some_and(|to| decisions.contains(to));
            let (removed, decision_links): (Vec<_>, Vec<_>) = decision_links
                .into_iter()
                .partition(|link| is_unlinked(&link.decision_id));
            for link in removed {
                let links = sessions.decision_links();
                links.delete(&link.id, OnDelete::Respect).await?;
            }
            let is_unlinked =
                |to: &Option<IssueId>| to.as_ref().is_some_and(|to| issues.contains(to));
            let (removed, issue_links): (Vec<_>, Vec<_>) = issue_links
                .into_iter()
                .partition(|link| is_unlinked(&link.issue_id));
            for link in removed {
                sessions
                    .issue_links()
                    .delete(&link.id, OnDelete::Respect)
                    .await?;
            }
            views(store, decision_links, issue_links).await
        })
        .await
}

/// Filters links of sessions. An empty list matches all.
#[derive(Debug, Clone, Default)]
pub struct SessionLinkFilter {
    /// Matches links of any of these sessions.
    pub session: Vec<SessionId>,
    /// Matches links to any of these decisions.
    pub decision: Vec<DecisionId>,
    /// Matches links to any of these issues.
    pub issue: Vec<IssueId>,
    /// Reverses the order.
    pub reverse: bool,
    /// The part of the list to return.
    pub page: Page,
}

/// Returns the links of sessions to decisions and issues, by session, and their total number on all
/// pages.
pub async fn session_links<C: Connection>(
    store: &Store<C>,
    filter: &SessionLinkFilter,
) -> Result<Listing<SessionLinkView>, Error> {
    let sessions = store.sessions();
    let (mut decision_links, mut issue_links) = (Vec::new(), Vec::new());
    // A filter on issues alone excludes links to decisions, and vice versa.
    if filter.issue.is_empty() || !filter.decision.is_empty() {
        let wanted = SessionDecisionFilter {
            session: filter.session.clone(),
            decision: filter.decision.clone(),
            ..SessionDecisionFilter::default()
        };
        decision_links = sessions.decision_links().list(&wanted).await?;
    }
    if filter.decision.is_empty() || !filter.issue.is_empty() {
        let wanted = SessionIssueFilter {
            session: filter.session.clone(),
            issue: filter.issue.clone(),
            ..SessionIssueFilter::default()
        };
        issue_links = sessions.issue_links().list(&wanted).await?;
    }
    let mut all = views(store, decision_links, issue_links).await?;
    let key = |view: &SessionLinkView| (view.session_id.clone(), view.relation, view.id.clone());
    all.sort_by(|a, b| {
        natural_order(a.session_id.as_str(), b.session_id.as_str())
            .then_with(|| key(a).cmp(&key(b)))
    });
    if filter.reverse {
        all.reverse();
    }
    let total = all.len() as u64;
    let Page { limit, offset } = filter.page;
    let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let part = all.into_iter().skip(size(offset));
    Ok(Listing {
        records: part.take(limit.map_or(usize::MAX, size)).collect(),
        total,
    })
}

/// Returns the views of links, with status and title of the linked records.
async fn views<C: Connection>(
    store: &Store<C>,
    decision_links: Vec<SessionDecision>,
    issue_links: Vec<SessionIssue>,
) -> Result<Vec<SessionLinkView>, Error> {
    let ids: Vec<DecisionId> = decision_links
        .iter()
        .filter_map(|l| l.decision_id.clone())
        .collect();
    let mut decisions: Vec<Decision> = Vec::new();
    for ids in ids.chunks(BATCH_SIZE) {
        let filter = DecisionFilter {
            ids: ids.to_vec(),
            ..DecisionFilter::default()
        };
        decisions.extend(store.decisions().list(&filter).await?);
    }
    let ids: Vec<IssueId> = issue_links
        .iter()
        .filter_map(|l| l.issue_id.clone())
        .collect();
    let mut issues: Vec<Issue> = Vec::new();
    for ids in ids.chunks(BATCH_SIZE) {
        let filter = IssueFilter {
            ids: ids.to_vec(),
            ..IssueFilter::default()
        };
        issues.extend(store.issues().list(&filter).await?);
    }
    let decisions: std::collections::HashMap<_, _> = decisions
        .iter()
        .map(|decision| (&decision.id, decision))
        .collect();
    let issues: std::collections::HashMap<_, _> =
        issues.iter().map(|issue| (&issue.id, issue)).collect();
    let decision_links = decision_links.into_iter().map(|link| {
        let to = link.decision_id.as_ref().and_then(|id| decisions.get(id));
        let status_and_title = to.map(|to| (to.status.to_string(), to.decision.clone()));
        SessionLinkView::of_decision(link, status_and_title)
    });
    let issue_links = issue_links.into_iter().map(|link| {
        let to = link.issue_id.as_ref().and_then(|id| issues.get(id));
        let status_and_title = to.map(|to| (to.status.to_string(), to.title.clone()));
        SessionLinkView::of_issue(link, status_and_title)
    });
    Ok(decision_links.chain(issue_links).collect())
}
