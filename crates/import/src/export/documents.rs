//! The contents of the documents of an export, in a stable order and form.

use std::collections::HashMap;

use wsdb_core::{
    Activity, Claim, HistoryFilter, Issue, Json, JsonObject, Session, SessionDecision, SessionId,
    SessionIssue, Task, natural_order,
};
use wsdb_store::{Store, Transaction, for_each_kind};

use crate::document::{self, Document, Node, Object, count, task_to_document, text, to_document};
use crate::document_header;
use crate::error::Error;
use crate::merge_base::MergeBase;
use crate::record::DocumentRecord;

/// A document to be written.
pub(super) struct DocumentText {
    pub(super) document: Document,
    /// How many records it contains, nested records included.
    pub(super) records: usize,
    pub(super) text: String,
}

/// The records of a document.
struct DocumentLists {
    /// How many there are, nested records included.
    records: usize,
    /// Each list with its name.
    lists: Vec<(&'static str, Vec<Object>)>,
}

impl DocumentLists {
    fn single(records: usize, name: &'static str, list: Vec<Object>) -> Self {
        DocumentLists {
            records,
            lists: vec![(name, list)],
        }
    }
}

/// Returns all records of a kind in the order of their ids, and updates the merge base.
async fn load_and_set_base<T: DocumentRecord>(store: &Store<Transaction>) -> Result<Vec<T>, Error> {
    let mut all = store.records::<T>().all().await?;
    all.sort_by(|a, b| natural_order(a.id().as_ref(), b.id().as_ref()));
    let mut base = MergeBase::default();
    for record in &all {
        base.set(record.id().as_ref(), &record.digests());
    }
    let before = store.documents().base(T::KIND).await?;
    let encoded = base.encode();
    if before.as_ref() != Some(&encoded) && !(before.is_none() && all.is_empty()) {
        let documents = store.documents().without_history();
        documents.set_base(T::KIND, encoded).await?;
    }
    Ok(all)
}

fn to_objects<T: DocumentRecord>(records: &[T]) -> Vec<Object> {
    records
        .iter()
        .map(|record| to_document(record).into())
        .collect()
}

/// Groups nested records by session, in their order.
fn group_by_session<T>(
    records: Vec<T>,
    session: impl Fn(&T) -> &SessionId,
    show: impl Fn(&T) -> Object,
) -> HashMap<SessionId, Vec<Object>> {
    let mut nested: HashMap<SessionId, Vec<Object>> = HashMap::new();
    for record in &records {
        nested
            .entry(session(record).clone())
            .or_default()
            .push(show(record));
    }
    nested
}

/// Converts an activity, without its session.
fn convert_activity(record: &Activity) -> Object {
    let mut fields = to_document(record);
    fields.retain(|(name, _)| name != "session_id");
    fields.into()
}

/// Converts a link, without its session and without an id that can be derived from both ends.
fn convert_link<T: DocumentRecord>(
    record: &T,
    session: &SessionId,
    target: Option<&str>,
) -> Object {
    let mut fields = to_document(record);
    let derived = target.map(|target| format!("{session}-{target}"));
    fields.retain(|(name, value)| match name.as_ref() {
        "session_id" => false,
        "link_id" => value.as_str() != derived.as_deref(),
        _ => true,
    });
    fields.into()
}

macro_rules! add_lists {
    ($store:ident, $document:ident, $total:ident, $lists:ident; $($kind:ident: $record:ident,)*) => {
        $(if <wsdb_core::$record as DocumentRecord>::DOCUMENT == $document {
            let records = load_and_set_base::<wsdb_core::$record>($store).await?;
            $total += records.len();
            let list = <wsdb_core::$record as DocumentRecord>::LISTS.first();
            $lists.extend(list.map(|list| (*list, to_objects(&records))));
        })*
    };
}

/// Returns the lists of a document whose records contain no other records.
async fn plain_lists(
    store: &Store<Transaction>,
    document: Document,
) -> Result<DocumentLists, Error> {
    let (mut total, mut lists) = (0, Vec::new());
    for_each_kind!(add_lists, store, document, total, lists;);
    Ok(DocumentLists {
        records: total,
        lists,
    })
}

/// Builds the documents to write, and updates the merge bases.
pub(super) async fn build_documents(
    store: &Store<Transaction>,
    with_history: bool,
) -> Result<Vec<DocumentText>, Error> {
    let mut documents = Vec::new();
    for document in Document::ALL {
        if document == Document::History && !with_history {
            continue;
        }
        let mut header = store
            .documents()
            .header(document.file_name())
            .await?
            .unwrap_or_default();
        document_header::mark_in_sync(store, document, header.clone()).await?;
        let DocumentLists { records, lists } = match document {
            Document::Tasks => {
                let tasks = load_and_set_base::<Task>(store).await?;
                let claims = load_and_set_base::<Claim>(store).await?;
                let claim_on: HashMap<_, _> =
                    claims.iter().map(|claim| (&claim.id, claim)).collect();
                let list = tasks
                    .iter()
                    .map(|task| task_to_document(task, claim_on.get(&task.id).copied()));
                let list = list.collect();
                let values = tasks
                    .iter()
                    .flat_map(|task| ["total", stored_value(task.status)]);
                let always = ["total", "in_progress", "pending", "completed", "blocked"];
                count(&mut header, "task_counts", &always, values);
                DocumentLists::single(tasks.len() + claims.len(), "active_tasks", list)
            }
            Document::Sessions => build_sessions(store).await?,
            Document::Issues => {
                let issues = load_and_set_base::<Issue>(store).await?;
                if header.get("issue_counts").is_some_and(Json::is_object) {
                    let values = issues.iter().flat_map(|issue| {
                        [
                            "total",
                            stored_value(issue.status),
                            stored_value(issue.severity),
                        ]
                    });
                    count(&mut header, "issue_counts", &["total"], values);
                }
                DocumentLists::single(issues.len(), "issues", to_objects(&issues))
            }
            Document::History => {
                let actions = build_history(store).await?;
                DocumentLists::single(actions.len(), "actions", actions)
            }
            document => plain_lists(store, document).await?,
        };
        documents.push(DocumentText {
            document,
            records: records + header_field_count(&header, document),
            text: text(header, lists),
        });
    }
    Ok(documents)
}

/// Returns all actions, oldest first, without those that created this database by import or copy.
async fn build_history(store: &Store<Transaction>) -> Result<Vec<Object>, Error> {
    let filter = HistoryFilter {
        oldest_first: true,
        ..HistoryFilter::default()
    };
    let mut actions = store.history().list(&filter).await?;
    actions.retain(|action| !action.is_import_or_copy());
    let ids: Vec<_> = actions.iter().map(|action| action.id).collect();
    let mut changes: HashMap<_, Vec<_>> = HashMap::new();
    for change in store.history().changes(&ids, None).await? {
        changes.entry(change.action).or_default().push(change);
    }
    let actions = actions.into_iter().map(|action| {
        let changes = changes.remove(&action.id).unwrap_or_default();
        document::history::to_document(action, changes)
    });
    Ok(actions.collect())
}

/// A document that only wsdb has counts as non-empty if it has document fields.
fn header_field_count(header: &JsonObject, document: Document) -> usize {
    usize::from(!document.is_legacy_format() && !header.is_empty())
}

fn stored_value<V: wsdb_core::Vocabulary>(value: V) -> &'static str {
    value.as_str()
}

async fn build_sessions(store: &Store<Transaction>) -> Result<DocumentLists, Error> {
    let sessions = load_and_set_base::<Session>(store).await?;
    let mut activities = load_and_set_base::<Activity>(store).await?;
    // By time, then in the order of ids.
    activities.sort_by_key(|activity| activity.time);
    let decisions = load_and_set_base::<SessionDecision>(store).await?;
    let issues = load_and_set_base::<SessionIssue>(store).await?;
    let total = sessions.len() + activities.len() + decisions.len() + issues.len();

    let mut activities = group_by_session(activities, |a| &a.session_id, convert_activity);
    let mut decisions = group_by_session(
        decisions,
        |link| &link.session_id,
        |l| {
            convert_link(
                l,
                &l.session_id,
                l.decision_id.as_ref().map(|id| id.as_str()),
            )
        },
    );
    let mut issues = group_by_session(
        issues,
        |link| &link.session_id,
        |l| convert_link(l, &l.session_id, l.issue_id.as_ref().map(|id| id.as_str())),
    );
    let mut list = Vec::with_capacity(sessions.len());
    for session in &sessions {
        let mut object: Object = to_document(session).into();
        for (name, nested) in [
            ("activities", &mut activities),
            ("decisions_made", &mut decisions),
            ("issues_found", &mut issues),
        ] {
            let nested = nested.remove(&session.id).unwrap_or_default();
            object.0.push((name.into(), Node::List(nested)));
        }
        list.push(object);
    }
    Ok(DocumentLists::single(total, "sessions", list))
}
