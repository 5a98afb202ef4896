//! Sessions, with their activities and their links to decisions and issues.

use sea_orm::Select;
use sea_orm::sea_query::Condition;
use wsdb_core::{
    Activity, ActivityFilter, ActivityId, DecisionId, IdSeries, IssueId, JsonObject, LinkId, Page,
    Session, SessionChoice, SessionDecision, SessionDecisionFilter, SessionFilter, SessionId,
    SessionIssue, SessionIssueFilter, SessionSort, SessionStatus, Timestamp, natural_order,
};

use crate::entity::session::{Column, Entity};
use crate::entity::{session_activity, session_decision, session_issue};
use crate::record::{Dependent, Filter, impl_record};
use crate::records::Records;
use crate::{Connection, Error, Store, Transaction, history_writes, query};

impl_record!(
    Session,
    session,
    SessionId,
    SessionFilter,
    "session",
    None,
    {
        async fn children(
            store: &Store<Transaction>,
            ids: &[SessionId],
        ) -> Result<Vec<Dependent>, Error> {
            let (of, sessions) = (SessionChildFilters::new(ids), store.sessions());
            let activities = sessions.activities().list(&of.activities).await?;
            let decisions = sessions.decision_links().list(&of.decisions).await?;
            let issues = sessions.issue_links().list(&of.issues).await?;
            let mut children: Vec<Dependent> =
                activities.iter().map(Dependent::from_record).collect();
            children.extend(decisions.iter().map(Dependent::from_record));
            children.extend(issues.iter().map(Dependent::from_record));
            Ok(children)
        }

        async fn delete_children(
            store: &Store<Transaction>,
            ids: &[SessionId],
        ) -> Result<(), Error> {
            let (of, sessions) = (SessionChildFilters::new(ids), store.sessions());
            sessions.activities().delete_all(&of.activities).await?;
            sessions.decision_links().delete_all(&of.decisions).await?;
            sessions.issue_links().delete_all(&of.issues).await
        }
    }
);
impl_record!(
    Activity,
    session_activity,
    ActivityId,
    ActivityFilter,
    "activity",
    None
);
impl_record!(
    SessionDecision,
    session_decision,
    LinkId,
    SessionDecisionFilter,
    "session link",
    None
);
impl_record!(
    SessionIssue,
    session_issue,
    LinkId,
    SessionIssueFilter,
    "session link",
    None
);

impl Filter<Session> for SessionFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(query::any(Column::Id, &self.ids))
            .add_option(query::any(Column::Status, &self.status))
            .add_option(query::any(Column::User, &self.user))
            .add_option(query::any(Column::AiAssistant, &self.ai_assistant))
            .add_option(query::since(Column::StartTime, self.since))
            .add(query::contains_all_words(
                &[
                    Column::Id,
                    Column::HandoffNotes,
                    Column::User,
                    Column::AiAssistant,
                ],
                &self.text,
            ))
    }

    fn order(&self, select: Select<Entity>) -> Select<Entity> {
        let (id, reverse) = (Column::Id, self.reverse);
        match self.sort {
            SessionSort::Start => query::ordered(select, Column::StartTime, id, reverse),
            SessionSort::User => query::ordered_by_optional(select, Column::User, id, reverse),
            SessionSort::Id => query::ordered(select, id, id, reverse),
        }
    }

    fn page(&self) -> Page {
        self.page
    }
}

impl Filter<Activity> for ActivityFilter {
    fn condition(&self) -> Condition {
        use session_activity::Column;
        Condition::all()
            .add_option(query::any(Column::Id, &self.ids))
            .add_option(query::any(Column::SessionId, &self.session))
            .add_option(query::any(Column::ActivityType, &self.activity_type))
            .add_option(query::since(Column::Time, self.since))
            .add(query::contains_all_words(
                &[Column::Description, Column::Outcome],
                &self.text,
            ))
    }

    fn order(&self, select: Select<session_activity::Entity>) -> Select<session_activity::Entity> {
        use session_activity::Column;
        query::ordered(select, Column::Time, Column::Id, self.reverse)
    }

    fn page(&self) -> Page {
        self.page
    }
}

macro_rules! links {
    ($record:ty, $filter:ty, $entity:ident, $target:ident, $id:ident, $missing:ident) => {
        impl Filter<$record> for $filter {
            fn condition(&self) -> Condition {
                use $entity::Column;
                let target = query::any(Column::$id, &self.$target).map(|existing| {
                    let missing = query::any(Column::$missing, &self.$target);
                    Condition::any().add(existing).add_option(missing)
                });
                Condition::all()
                    .add_option(query::any(Column::SessionId, &self.session))
                    .add_option(target)
            }

            fn order(&self, select: Select<$entity::Entity>) -> Select<$entity::Entity> {
                let id = $entity::Column::Id;
                query::ordered(select, id, id, self.reverse)
            }

            fn page(&self) -> Page {
                self.page
            }
        }
    };
}

links!(
    SessionDecision,
    SessionDecisionFilter,
    session_decision,
    decision,
    DecisionId,
    DecisionMissing
);
links!(
    SessionIssue,
    SessionIssueFilter,
    session_issue,
    issue,
    IssueId,
    IssueMissing
);

/// Filters for everything that belongs to some sessions.
struct SessionChildFilters {
    activities: ActivityFilter,
    decisions: SessionDecisionFilter,
    issues: SessionIssueFilter,
}

impl SessionChildFilters {
    fn new(sessions: &[SessionId]) -> Self {
        SessionChildFilters {
            activities: ActivityFilter {
                session: sessions.to_vec(),
                ..ActivityFilter::default()
            },
            decisions: SessionDecisionFilter {
                session: sessions.to_vec(),
                ..SessionDecisionFilter::default()
            },
            issues: SessionIssueFilter {
                session: sessions.to_vec(),
                ..SessionIssueFilter::default()
            },
        }
    }
}

/// Reads and writes sessions; see [`Store::sessions`].
#[derive(Debug)]
pub struct Sessions<'a, C>(Records<'a, C, Session>);

impl<'a, C> std::ops::Deref for Sessions<'a, C> {
    type Target = Records<'a, C, Session>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'a, C: Connection> Sessions<'a, C> {
    pub(crate) fn new(store: &'a Store<C>) -> Self {
        Sessions(Records::new(store))
    }

    /// Returns the activities of all sessions.
    pub fn activities(&self) -> Records<'a, C, Activity> {
        Records::new(self.store())
    }

    /// Returns the links of all sessions to decisions.
    pub fn decision_links(&self) -> Records<'a, C, SessionDecision> {
        Records::new(self.store())
    }

    /// Returns the links of all sessions to issues.
    pub fn issue_links(&self) -> Records<'a, C, SessionIssue> {
        Records::new(self.store())
    }

    /// Starts a session with the next id of the series of a day, and assigns this transaction's action
    /// to it. Sessions may overlap: each person or agent has their own.
    pub async fn start(
        &self,
        day: Timestamp,
        session: impl Fn(SessionId) -> Session,
    ) -> Result<Session, Error> {
        self.store()
            .write(async |store| {
                let sessions = Records::<_, Session>::new(store);
                let started = sessions
                    .insert_next(&IdSeries::sessions(day), &session)
                    .await?;
                history_writes::assign_session(&store.connection, &started.id);
                Ok(started)
            })
            .await
    }

    /// Ends a session; see [`Session::end`].
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such session, [`Error::InvalidState`] if it has already ended.
    pub async fn end(
        &self,
        id: &SessionId,
        notes: Option<&str>,
        now: Timestamp,
    ) -> Result<Session, Error> {
        self.try_update(id, |session| {
            if session.status == SessionStatus::Completed {
                return Err(Error::InvalidState(format!(
                    "session {id} has already ended"
                )));
            }
            session.end(notes.map(str::to_owned), now);
            Ok(())
        })
        .await
    }

    /// Returns the session that an actor's changes belong to.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn current(
        &self,
        actor: &str,
        choice: &SessionChoice,
    ) -> Result<Option<Session>, Error> {
        let connection = &self.store().connection;
        connection.flush_history().await?;
        let query = history_writes::current_session(actor, choice, None);
        let row = connection.query_one(&query).await?;
        let id: Option<Option<String>> = row.map(|row| row.try_get_by_index(0)).transpose()?;
        match id.flatten().and_then(|id| SessionId::new(id).ok()) {
            Some(id) => self.find(&id).await,
            None => Ok(None),
        }
    }

    /// Adds an activity to a session.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such session.
    pub async fn log(
        &self,
        id: &SessionId,
        activity: impl Fn(ActivityId) -> Activity,
    ) -> Result<Activity, Error> {
        self.store()
            .write(async |store| {
                store.sessions().get(id).await?;
                let activities = Records::<_, Activity>::new(store);
                activities
                    .insert_next(&IdSeries::activities(id), &activity)
                    .await
            })
            .await
    }

    /// Returns the activities of a session, by time. Those of the same time are in the order that they have
    /// in their file, with new ones last.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn activities_of(&self, id: &SessionId) -> Result<Vec<Activity>, Error> {
        let filter = SessionChildFilters::new(std::slice::from_ref(id)).activities;
        let mut activities = self.activities().list(&filter).await?;
        if !activities.windows(2).any(|two| two[0].time == two[1].time) {
            return Ok(activities);
        }
        let positions = self.store().documents().positions("activities").await?;
        let position = |id: &ActivityId| positions.get(id.as_str()).unwrap_or(&usize::MAX);
        activities.sort_by(|a, b| {
            let by_position = || position(&a.id).cmp(position(&b.id));
            let by_id = || natural_order(a.id.as_str(), b.id.as_str());
            a.time.cmp(&b.time).then_with(by_position).then_with(by_id)
        });
        Ok(activities)
    }

    /// Returns the links of a session to decisions.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn decisions_of(&self, id: &SessionId) -> Result<Vec<SessionDecision>, Error> {
        let filter = SessionChildFilters::new(std::slice::from_ref(id)).decisions;
        self.decision_links().list(&filter).await
    }

    /// Returns the links of a session to issues.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn issues_of(&self, id: &SessionId) -> Result<Vec<SessionIssue>, Error> {
        let filter = SessionChildFilters::new(std::slice::from_ref(id)).issues;
        self.issue_links().list(&filter).await
    }

    /// Links a session to a decision that it made, or returns the existing link.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such session or decision.
    pub async fn link_decision(
        &self,
        id: &SessionId,
        decision: &DecisionId,
    ) -> Result<SessionDecision, Error> {
        self.store()
            .write(async |store| {
                store.sessions().get(id).await?;
                store.decisions().get(decision).await?;
                let links = store.sessions().decisions_of(id).await?;
                if let Some(link) = links
                    .into_iter()
                    .find(|l| l.decision_id.as_ref() == Some(decision))
                {
                    return Ok(link);
                }
                let link = SessionDecision {
                    id: link_id(id, decision.as_str())?,
                    session_id: id.clone(),
                    decision_id: Some(decision.clone()),
                    document_fields: JsonObject::new(),
                };
                store.sessions().decision_links().insert(link).await
            })
            .await
    }

    /// Links a session to an issue that it found, or returns the existing link.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such session or issue.
    pub async fn link_issue(&self, id: &SessionId, issue: &IssueId) -> Result<SessionIssue, Error> {
        self.store()
            .write(async |store| {
                store.sessions().get(id).await?;
                store.issues().get(issue).await?;
                let links = store.sessions().issues_of(id).await?;
                if let Some(link) = links
                    .into_iter()
                    .find(|l| l.issue_id.as_ref() == Some(issue))
                {
                    return Ok(link);
                }
                let link = SessionIssue {
                    id: link_id(id, issue.as_str())?,
                    session_id: id.clone(),
                    issue_id: Some(issue.clone()),
                    document_fields: JsonObject::new(),
                };
                store.sessions().issue_links().insert(link).await
            })
            .await
    }
}

fn link_id(session: &SessionId, target: &str) -> Result<LinkId, Error> {
    LinkId::new(format!("{session}-{target}")).map_err(|e| Error::InvalidState(e.to_string()))
}
