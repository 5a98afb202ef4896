//! The contents of the documents of an export, in a stable order and form.

use std::collections::HashMap;

use wsdb_core::{Claim, HistoryFilter, Issue, Json, JsonObject, Task};
use wsdb_store::{DocumentEntry, EntryChange, Store, Transaction, for_each_kind};

use crate::document::counters::{Counters, DEFAULT_TASK_COUNTS, TASK_COUNTS};
use crate::document::{
    self, COMPLETED_TASKS, Document, Object, bare_text, task_to_document, text, to_document,
};
use crate::document_header;
use crate::error::Error;
use crate::export::contents::{DocumentContents, DocumentLists, ShapeWriter};
use crate::export::sessions::build_sessions;
use crate::record::DocumentRecord;
use crate::record_reader::REV_KEY;
use crate::shape::Shape;
use crate::shapes::{self, BARE_LIST, RecordOrder, Shapes};

/// A document to be written.
pub(super) struct DocumentText {
    pub(super) document: Document,
    /// How many records it contains, nested records included.
    pub(super) records: usize,
    pub(super) text: String,
    contents: DocumentContents,
}

impl DocumentText {
    /// Returns whether the document was never imported or exported.
    pub(super) fn is_new(&self) -> bool {
        self.contents.is_new
    }

    /// Stores what the file with this path holds from now on.
    pub(super) async fn remember(
        &self,
        store: &Store<Transaction>,
        path: &str,
    ) -> Result<(), Error> {
        let documents = store.documents().without_history();
        for (kind, entries) in &self.contents.entries {
            let stored = documents.entries(path, kind).await?;
            let changes = diff_entries(stored, entries);
            documents.write_entries(path, kind, changes).await?;
        }
        for (kind, shapes) in &self.contents.shapes {
            shapes.write(store, kind, false).await?;
        }
        for order in &self.contents.orders {
            let known = RecordOrder::load(store, order.kind).await?;
            known.write(store, order, false).await?;
        }
        if self.contents.is_new {
            let name = self.document.file_name();
            documents.set_header(name, JsonObject::new()).await?;
        }
        Ok(())
    }
}

/// Returns the changes that replace the stored entries of a file.
fn diff_entries(stored: Vec<DocumentEntry>, entries: &[DocumentEntry]) -> Vec<EntryChange> {
    let stored = stored.into_iter();
    let mut stored: HashMap<String, DocumentEntry> = stored
        .map(|entry| (entry.id_in_file.clone(), entry))
        .collect();
    let mut changes = Vec::new();
    for entry in entries {
        let before = stored.remove(&entry.id_in_file);
        if before.as_ref() != Some(entry) {
            let after = Some(entry.clone());
            changes.push(EntryChange { before, after });
        }
    }
    let removed = stored.into_values().map(|entry| EntryChange {
        before: Some(entry),
        after: None,
    });
    changes.extend(removed);
    changes
}

/// Leaves out the empty lists that the document did not have, and notes which ones it has now. Returns
/// whether it is a bare list, because it was one and has nothing but the records of that list.
async fn select_lists(
    store: &Store<Transaction>,
    document: Document,
    header: &JsonObject,
    lists: &mut Vec<(&'static str, Vec<Object>)>,
    contents: &mut DocumentContents,
) -> Result<bool, Error> {
    let known = Shapes::load(store, document.file_name()).await?;
    if known.is_empty() {
        // Only documents that have the second list of tasks get it.
        lists.retain(|(list, records)| !records.is_empty() || *list != COMPLETED_TASKS);
        return Ok(false);
    }
    let main = lists.first().map(|(list, _)| *list);
    lists.retain(|(list, records)| !records.is_empty() || known.contains(list));
    let mut names: Vec<&str> = lists.iter().map(|(list, _)| *list).collect();
    names.extend(Some(TASK_COUNTS).filter(|counts| known.contains(counts)));
    // Several files may have had different forms.
    let was_bare = known.contains(BARE_LIST)
        && !document::lists(document)
            .iter()
            .any(|it| known.contains(it));
    let is_bare = was_bare && header.is_empty() && names.iter().all(|list| Some(*list) == main);
    if is_bare {
        names = vec![BARE_LIST];
    }
    let names = shapes::lists_as_shapes(&names);
    contents.shapes.push((document.file_name(), names));
    Ok(is_bare)
}

macro_rules! add_lists {
    ($store:ident, $document:ident, $contents:ident, $total:ident, $lists:ident; $($kind:ident: $record:ident,)*) => {
        $(if <wsdb_core::$record as DocumentRecord>::DOCUMENT == $document {
            let records = $contents.load::<wsdb_core::$record>($store).await?;
            $total += records.len();
            let mut shapes = ShapeWriter::new::<wsdb_core::$record>($store, $contents, &records).await?;
            let list = <wsdb_core::$record as DocumentRecord>::LISTS.first();
            $lists.extend(list.map(|list| (*list, shapes.convert_all(&records))));
            shapes.finish::<wsdb_core::$record>($contents);
        })*
    };
}

/// Returns the lists of a document whose records contain no other records.
async fn plain_lists(
    store: &Store<Transaction>,
    document: Document,
    contents: &mut DocumentContents,
) -> Result<DocumentLists, Error> {
    let (mut total, mut lists) = (0, Vec::new());
    for_each_kind!(add_lists, store, document, contents, total, lists;);
    Ok(DocumentLists {
        records: total,
        lists,
    })
}

/// Builds the documents to write.
pub(super) async fn build_documents(
    store: &Store<Transaction>,
    with_history: bool,
) -> Result<Vec<DocumentText>, Error> {
    let mut documents = Vec::new();
    for document in Document::ALL {
        if document == Document::History && !with_history {
            continue;
        }
        let header = store.documents().header(document.file_name()).await?;
        let mut contents = DocumentContents {
            is_new: header.is_none(),
            ..DocumentContents::default()
        };
        let mut header = header.unwrap_or_default();
        let version = document_header::version(&header);
        let rev = document_header::named_rev(&header, &version);
        let entry = document_header::entry(document, rev, version);
        contents.entries.push((document_header::KIND, vec![entry]));
        let DocumentLists { records, mut lists } = match document {
            Document::Tasks => {
                let tasks = contents.load::<Task>(store).await?;
                let claims = contents.load::<Claim>(store).await?;
                let known = Shapes::load(store, document.file_name()).await?;
                let is_own = header.is_empty() && (known.is_empty() || known.contains(TASK_COUNTS));
                if is_own || header.contains_key(TASK_COUNTS) {
                    let counters = Counters::of_tasks(&tasks);
                    counters.write_to(&mut header, TASK_COUNTS, &DEFAULT_TASK_COUNTS);
                }
                DocumentLists {
                    records: tasks.len() + claims.len(),
                    lists: build_tasks(store, &mut contents, &tasks, &claims).await?,
                }
            }
            Document::Sessions => build_sessions(store, &mut contents).await?,
            Document::Issues => {
                let issues = contents.load::<Issue>(store).await?;
                if header.get("issue_counts").is_some_and(Json::is_object) {
                    let counters = Counters::of_issues(&issues);
                    counters.write_to(&mut header, "issue_counts", &["total"]);
                }
                let mut shapes = ShapeWriter::new::<Issue>(store, &contents, &issues).await?;
                let list = issues.iter().map(|issue| convert_issue(issue, &mut shapes));
                let list = list.collect();
                shapes.finish::<Issue>(&mut contents);
                DocumentLists::single(issues.len(), "issues", list)
            }
            Document::History => {
                let actions = build_history(store).await?;
                DocumentLists::single(actions.len(), "actions", actions)
            }
            document => plain_lists(store, document, &mut contents).await?,
        };
        let is_bare = select_lists(store, document, &header, &mut lists, &mut contents).await?;
        if let Some(rev) = rev {
            header.insert(REV_KEY.to_owned(), Json::from(rev.to_string()));
        }
        let records_in_header = header_field_count(&header, document);
        let text = if is_bare {
            bare_text(lists.first().map_or(&[], |(_, records)| records))
        } else {
            text(header, lists)
        };
        documents.push(DocumentText {
            document,
            records: records + records_in_header,
            text,
            contents,
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

/// Converts an issue. A document written by hand may have `repo` instead of `repos_affected`, from which
/// an import takes the value.
fn convert_issue(issue: &Issue, shapes: &mut ShapeWriter) -> Object {
    let shape = shapes.shape_of(issue);
    let mut object: Object = to_document(issue, shape.as_ref()).into();
    let has_key = |shape: &Shape| shape.nested_key("repos_affected").is_some();
    let repos = match issue.document_fields.get("repo") {
        Some(Json::Array(repos)) => repos.as_slice(),
        repo => repo.map(std::slice::from_ref).unwrap_or_default(),
    };
    let repos = repos.iter().map(Json::as_str);
    let affected = issue.repos_affected.iter().map(|repo| Some(repo.as_str()));
    let is_same = repos.len() > 0 && repos.eq(affected);
    if is_same && shape.as_ref().is_some_and(|shape| !has_key(shape)) {
        object.0.retain(|(name, _)| name != "repos_affected");
    }
    shapes.complete(issue, shape.as_ref(), None, &mut object);
    object
}

/// Returns the lists of tasks: each task in the list that its file has it in.
async fn build_tasks(
    store: &Store<Transaction>,
    contents: &mut DocumentContents,
    tasks: &[Task],
    claims: &[Claim],
) -> Result<Vec<(&'static str, Vec<Object>)>, Error> {
    let claim_on: HashMap<_, _> = claims.iter().map(|claim| (&claim.id, claim)).collect();
    let lists = Shapes::load(store, Document::Tasks.file_name()).await?;
    let has_completed = lists.contains(COMPLETED_TASKS);
    let mut shapes = ShapeWriter::new::<Task>(store, contents, tasks).await?;
    let (mut active, mut completed) = (Vec::new(), Vec::new());
    for task in tasks {
        let mut shape = shapes.shape_of(task);
        let claim = claim_on.get(&task.id).copied();
        // An open task does not belong in the list of completed ones, and a closed one not in the other if
        // it was closed since.
        let is_completed = has_completed
            && task.status.is_terminal()
            && shape.as_ref().is_none_or(|shape| !shape.is_pinned);
        if let Some(shape) = &mut shape {
            shape.is_pinned &= task.status.is_terminal();
        }
        let list = if is_completed {
            COMPLETED_TASKS
        } else {
            "active_tasks"
        };
        let mut object = task_to_document(task, claim, list, shape.as_ref());
        shapes.complete(task, shape.as_ref(), Some(list), &mut object);
        if is_completed {
            completed.push(object);
        } else {
            active.push(object);
        }
    }
    shapes.finish::<Task>(contents);
    Ok(vec![("active_tasks", active), (COMPLETED_TASKS, completed)])
}
