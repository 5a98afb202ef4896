//! What a user can do with issues.

use wsdb_core::{Issue, IssueId, IssueStatus, Word};
use wsdb_store::Referrers;

use crate::sessions::open_session;
use crate::tasks::check_line;
use crate::views::IssueView;
use crate::{Actor, Error, Expected, Workspace, resolve_all};

/// Adds an issue under the next id; `fill` gives it what it has beside type and title. The
/// actor's open session, if there is one, is linked to it.
///
/// # Errors
/// [`Error::Invalid`] for a title that is empty or too long.
pub async fn add_issue(
    workspace: &Workspace,
    actor: &Actor,
    issue_type: &Word,
    title: &str,
    fill: impl Fn(&mut Issue),
) -> Result<IssueView, Error> {
    check_line("title", title)?;
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

/// Changes the issues that the words mean, all or none.
///
/// # Errors
/// As [`crate::edit_tasks`].
pub async fn edit_issues(
    workspace: &Workspace,
    actor: &Actor,
    words: &[String],
    expected: &Expected,
    edit: impl Fn(&mut Issue),
) -> Result<Vec<IssueView>, Error> {
    change(workspace, actor, "issue edit", words, expected, edit).await
}

async fn change(
    workspace: &Workspace,
    actor: &Actor,
    verb: &str,
    words: &[String],
    expected: &Expected,
    edit: impl Fn(&mut Issue),
) -> Result<Vec<IssueView>, Error> {
    workspace
        .by(actor, verb)
        .write(async |store| {
            let mut edited = Vec::new();
            for id in resolve_all(&store.issues(), words).await? {
                let before = store.issues().get(&id).await?;
                expected.check::<Issue>(&id, || IssueView::from(before.clone()))?;
                let mut issue = before.clone();
                edit(&mut issue);
                check_line("title", &issue.title)?;
                if issue != before {
                    issue = store.issues().replace(issue).await?;
                }
                edited.push(issue.into());
            }
            Ok(edited)
        })
        .await
}

/// Moves the issues that the words mean to a status, all or none.
///
/// # Errors
/// As [`crate::edit_tasks`].
pub async fn set_issue_status(
    workspace: &Workspace,
    actor: &Actor,
    words: &[String],
    expected: &Expected,
    status: IssueStatus,
    notes: Option<&str>,
) -> Result<Vec<IssueView>, Error> {
    change(
        workspace,
        actor,
        &format!("issue {status}"),
        words,
        expected,
        |issue| {
            let by = Some(actor.name.clone());
            issue.set_status(status, by, notes.map(str::to_owned), actor.now);
        },
    )
    .await
}

/// Deletes the issues that the words mean, all or none.
///
/// # Errors
/// As [`crate::remove_tasks`].
pub async fn remove_issues(
    workspace: &Workspace,
    actor: &Actor,
    words: &[String],
    referrers: Referrers,
) -> Result<Vec<IssueId>, Error> {
    workspace
        .by(actor, "issue rm")
        .write(async |store| {
            let ids = resolve_all(&store.issues(), words).await?;
            for id in &ids {
                store.issues().delete(id, referrers).await?;
            }
            Ok(ids)
        })
        .await
}
