//! Sessions, with what was done, decided and found in them.

use wsdb_core::{
    Activity, Decision, Fields, Issue, Session, SessionFilter, SessionId, SessionStatus, Word,
};
use wsdb_store::{Error, Referrers, Store};

use crate::at;

pub(crate) async fn from_beginning_to_end(store: &Store) {
    let sessions = store.sessions();
    let start = at("2025-11-20T10:00:00");
    let begin = |user: &'static str| {
        move |id| {
            let mut session = Session::new(id, start);
            session.user = Some(user.to_owned());
            session
        }
    };
    let mine = sessions.start(start, begin("mira")).await.expect("started");
    let other = sessions.start(start, begin("jo")).await.expect("started");
    assert_eq!(mine.id.as_str(), "2025-11-20-session-001");
    assert_eq!(other.id.as_str(), "2025-11-20-session-002");
    assert_eq!(
        sessions.current(Some("mira")).await.expect("looked"),
        Some(mine.clone())
    );
    assert_eq!(
        sessions.current(None).await.expect("looked"),
        Some(other.clone())
    );

    let activity = |text: &'static str, time: &'static str| {
        let session_id = mine.id.clone();
        move |id| Activity {
            id,
            session_id: session_id.clone(),
            activity_type: Word::new("analysis").expect("a word"),
            description: text.into(),
            files_created: vec!["a".into()],
            files_modified: Vec::new(),
            outcome: None,
            time: at(time),
            extra_metadata: None,
            document_fields: Fields::new(),
        }
    };
    sessions
        .log(&mine.id, activity("later", "2025-11-20T12:00:00"))
        .await
        .expect("logged");
    sessions
        .log(&mine.id, activity("earlier", "2025-11-20T11:00:00"))
        .await
        .expect("logged");
    let done = sessions.activities_of(&mine.id).await.expect("listed");
    assert_eq!(
        done.iter()
            .map(|a| a.description.as_str())
            .collect::<Vec<_>>(),
        ["earlier", "later"]
    );
    let nobody = SessionId::new("nobody").expect("an id");
    let refused = sessions.log(&nobody, activity("x", "2025-11-20")).await;
    assert!(matches!(
        refused,
        Err(Error::NotFound {
            noun: "session",
            ..
        })
    ));

    let decision = store
        .decisions()
        .add(|id| Decision::new(id, "d".into(), start))
        .await
        .expect("added");
    let word = Word::new("governance").expect("a word");
    let issue = store
        .issues()
        .add(|id| Issue::new(id, word.clone(), "i".into(), start))
        .await
        .expect("added");
    let link = sessions
        .link_decision(&mine.id, &decision.id)
        .await
        .expect("linked");
    assert_eq!(
        sessions
            .link_decision(&mine.id, &decision.id)
            .await
            .expect("linked once"),
        link
    );
    sessions
        .link_issue(&mine.id, &issue.id)
        .await
        .expect("linked");
    assert_eq!(
        sessions.decisions_of(&mine.id).await.expect("listed").len(),
        1
    );
    assert_eq!(sessions.issues_of(&mine.id).await.expect("listed").len(), 1);
    let refused = store.issues().delete(&issue.id, Referrers::Respect).await;
    assert!(matches!(refused, Err(Error::StillReferenced { .. })));
    store
        .issues()
        .delete(&issue.id, Referrers::Detach)
        .await
        .expect("deleted");
    assert_eq!(
        sessions.issues_of(&mine.id).await.expect("listed")[0].issue_id,
        Some(issue.id)
    );

    let end = at("2025-11-20T17:00:00");
    let ended = sessions
        .end(&mine.id, Some("next"), end)
        .await
        .expect("ended");
    assert_eq!(
        (ended.status, ended.end_time),
        (SessionStatus::Completed, Some(end))
    );
    assert!(matches!(
        sessions.end(&mine.id, None, end).await,
        Err(Error::Refused(_))
    ));
    for (filter, expected) in [
        (
            SessionFilter {
                status: vec![SessionStatus::InProgress],
                ..SessionFilter::default()
            },
            1,
        ),
        (
            SessionFilter {
                user: vec!["mira".into(), "jo".into()],
                ..SessionFilter::default()
            },
            2,
        ),
        (
            SessionFilter {
                ai_assistant: vec!["a".into()],
                ..SessionFilter::default()
            },
            0,
        ),
        (
            SessionFilter {
                text: vec!["NEXT".into()],
                ..SessionFilter::default()
            },
            1,
        ),
        (
            SessionFilter {
                since: Some(end),
                ..SessionFilter::default()
            },
            0,
        ),
    ] {
        assert_eq!(
            sessions.count(&filter).await.expect("counted"),
            expected,
            "{filter:?}"
        );
    }
    sessions
        .delete(&mine.id, Referrers::Respect)
        .await
        .expect("deleted with all that is its own");
    assert_eq!(sessions.activities().all().await.expect("listed"), []);
    assert_eq!(sessions.decision_links().all().await.expect("listed"), []);
    sessions
        .delete(&other.id, Referrers::Respect)
        .await
        .expect("deleted");
    store
        .decisions()
        .delete(&decision.id, Referrers::Respect)
        .await
        .expect("deleted");
}
