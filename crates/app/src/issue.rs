//! Actions on issues.

use wsdb_core::{Issue, IssueStatus, Label};

use crate::session::current::open_session;
use crate::validate::validate_single_line;
use crate::views::IssueView;
use crate::{Actor, Error, Precondition, Workspace, edit_records};

/// Adds an issue with the next id; `fill` sets the fields other than type and title. If the actor
/// has an open session, the issue is linked to it.
///
/// # Errors
/// [`Error::Malformed`] for a title that is empty or too long.
pub async fn add_issue(
    workspace: &Workspace,
    actor: &Actor,
    issue_type: &Label,
    title: &str,
    fill: impl Fn(&mut Issue),
) -> Result<IssueView, Error> {
    validate_single_line("title", title)?;
    let added = workspace
        .by(actor, "issue add")
        .write(async |store| {
            let issue = store
                .issues()
                .add(|id| {
                    let title = title.to_owned();
                    let mut issue = Issue::new(id, issue_type.clone(), title, actor.now);
                    fill(&mut issue);
                    issue
                })
                .await?;
            if let Some(session) = open_session(store, actor).await? {
                store.sessions().link_issue(&session.id, &issue.id).await?;
            }
            Ok::<_, Error>(issue)
        })
        .await?;
    Ok(added.into())
}

/// Sets the status of the named issues, all or none.
///
/// # Errors
/// Same as [`edit_records`].
pub async fn set_issue_status(
    workspace: &Workspace,
    actor: &Actor,
    names: &[String],
    expected: &Precondition,
    status: IssueStatus,
    notes: Option<&str>,
) -> Result<Vec<IssueView>, Error> {
    edit_records(
        workspace,
        actor,
        &format!("issue {status}"),
        names,
        expected,
        |issue: &mut Issue| {
            let by = Some(actor.name.clone());
            issue.set_status(status, by, notes.map(str::to_owned), actor.now);
        },
    )
    .await
}
