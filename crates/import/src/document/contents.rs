//! The contents of documents.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use wsdb_core::{
    ActionWithChanges, Activity, Decision, Issue, JsonObject, Session, SessionId, Task,
    natural_order,
};
use wsdb_store::{Record, Store, Transaction, for_each_kind};

use super::file::Document;
use crate::aliases;
use crate::document_paths::DocumentPaths;
use crate::empty_names::reject_empty_names;
use crate::error::{Error, OrphanReject, Reject, RejectedIdentity};
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::shape::ShapeText;
use crate::shapes::{FileOrder, collect_shapes};
use crate::unique;

macro_rules! define_parsed_records {
    ($($kind:ident: $record:ident,)*) => {
        /// The records of one or more documents, by kind.
        #[derive(Debug, Default)]
        pub(crate) struct ParsedRecords {
            $(pub(crate) $kind: Vec<ParsedRecord<wsdb_core::$record>>,)*
        }

        impl ParsedRecords {
            fn extend(&mut self, other: ParsedRecords) {
                $(append(&mut self.$kind, other.$kind);)*
            }

            /// Returns the ids of all records.
            pub(super) fn ids(&self) -> HashSet<&str> {
                let mut ids = HashSet::new();
                $(ids.extend(self.$kind.iter().map(|found| found.record.id().as_ref()));)*
                ids
            }

            /// Returns the shapes of the records, by kind.
            pub(crate) fn shapes(&self) -> Vec<(&'static str, Vec<(String, ShapeText)>)> {
                vec![$((
                    <wsdb_core::$record as DocumentRecord>::KIND,
                    collect_shapes(&self.$kind),
                )),*]
            }

            /// Returns the orders of the records of each kind in the files.
            pub(crate) fn orders(&self) -> Vec<FileOrder> {
                let mut orders = vec![$(file_order(&self.$kind)),*];
                // An export sorts activities by their times.
                for order in orders.iter_mut().filter(|order| order.kind == Activity::KIND) {
                    order.is_default &= self.activities.is_sorted_by_key(|it| it.record.time);
                }
                orders
            }

            /// Chooses between the two values of fields that a file contains under two names.
            pub(crate) async fn resolve_aliases(
                &mut self,
                store: &Store<Transaction>,
                paths: &DocumentPaths,
                rejects: &mut Vec<Reject>,
            ) -> Result<(), Error> {
                $(aliases::resolve(store, paths, &mut self.$kind, rejects).await?;)*
                Ok(())
            }

            /// Rejects the records with an empty name, such as the title of a task.
            pub(crate) async fn reject_empty_names(
                &mut self,
                store: &Store<Transaction>,
                rejects: &mut Vec<Reject>,
            ) -> Result<(), Error> {
                $(reject_empty_names(store, &mut self.$kind, rejects).await?;)*
                Ok(())
            }
        }

        impl Contents {
            /// Rejects the records that repeat the id of an earlier one, with what they contain:
            /// the kinds are in this order.
            pub(crate) fn reject_repeated_ids(&mut self, rejects: &mut Vec<Reject>) {
                let within = std::mem::take(&mut self.rejected_activities);
                unique::note_repeated_ids_within(&self.records.activities, &within, rejects);
                $(
                    unique::reject_repeated_ids(&mut self.records.$kind, rejects);
                    self.remove_records_within(rejects);
                )*
            }
        }
    };
}
for_each_kind!(define_parsed_records);

/// The records and document fields of one or more documents.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) headers: Vec<DocumentHeader>,
    /// The lists that each document contains.
    pub(crate) lists: Vec<(Document, &'static str)>,
    pub(crate) records: ParsedRecords,
    /// The sessions whose nested lists the file contains; it may omit those of others.
    pub(crate) listed: SessionsWithLists,
    /// Inline records, which are used if the record exists nowhere else.
    pub(crate) inline_issues: Vec<ParsedRecord<Issue>>,
    pub(crate) inline_decisions: Vec<ParsedRecord<Decision>>,
    pub(crate) orphan_rejects: Vec<OrphanReject>,
    /// The activities that rejected sessions contain.
    pub(crate) rejected_activities: Vec<ParsedRecord<Activity>>,
    pub(crate) history: Vec<ActionWithChanges>,
}

/// The fields of a document itself.
#[derive(Debug)]
pub(crate) struct DocumentHeader {
    pub(crate) document: Document,
    pub(crate) file: Arc<Path>,
    pub(crate) fields: JsonObject,
}

/// The sessions whose nested lists a file contains.
#[derive(Debug, Default)]
pub(crate) struct SessionsWithLists {
    pub(crate) activities: HashSet<SessionId>,
    pub(crate) decisions: HashSet<SessionId>,
    pub(crate) issues: HashSet<SessionId>,
}

impl Contents {
    pub(crate) fn has_inline_records(&self) -> bool {
        !self.inline_issues.is_empty() || !self.inline_decisions.is_empty()
    }

    /// Removes what rejected sessions and tasks contain, and notes it in their rejects.
    pub(crate) fn remove_records_within(&mut self, rejects: &mut [Reject]) {
        let is_parent = |reject: &Reject| {
            let identity = reject.identity.as_ref();
            identity.is_some_and(|it| [Session::KIND, Task::KIND].contains(&it.kind))
        };
        let parents = rejects.iter().enumerate();
        let parents: Parents<'_> = parents
            .filter(|(_, reject)| is_parent(reject))
            .map(|(index, reject)| ((reject.file.as_path(), reject.path.as_str()), index))
            .collect();
        if parents.is_empty() {
            return;
        }
        let mut removed = Vec::new();
        let records = &mut self.records;
        // A claim is part of its task.
        records
            .claims
            .retain(|claim| !parents.contains_key(&(&*claim.file, &*claim.path)));
        remove_within(&mut records.activities, &parents, &mut removed);
        remove_within(&mut records.session_decisions, &parents, &mut removed);
        remove_within(&mut records.session_issues, &parents, &mut removed);
        remove_within(&mut self.inline_decisions, &parents, &mut removed);
        remove_within(&mut self.inline_issues, &parents, &mut removed);
        for (parent, identity) in removed {
            rejects[parent].contained.push(identity);
        }
    }

    /// Returns the records that sessions contain.
    pub(crate) fn nested_identities(&self) -> Vec<RejectedIdentity> {
        let records = &self.records;
        let activities = records.activities.iter().map(identity);
        let decisions = records.session_decisions.iter().map(identity);
        let issues = records.session_issues.iter().map(identity);
        let links = activities.chain(decisions).chain(issues);
        let inline = self.inline_decisions.iter().map(identity);
        let inline = inline.chain(self.inline_issues.iter().map(identity));
        links.chain(inline).collect()
    }

    /// Adds the contents of another file.
    pub(crate) fn extend(&mut self, other: Contents) {
        let Contents {
            headers,
            lists,
            records,
            listed,
            inline_issues,
            inline_decisions,
            orphan_rejects,
            rejected_activities,
            history,
        } = other;
        append(&mut self.headers, headers);
        append(&mut self.lists, lists);
        self.records.extend(records);
        self.listed.activities.extend(listed.activities);
        self.listed.decisions.extend(listed.decisions);
        self.listed.issues.extend(listed.issues);
        append(&mut self.inline_issues, inline_issues);
        append(&mut self.inline_decisions, inline_decisions);
        append(&mut self.orphan_rejects, orphan_rejects);
        append(&mut self.rejected_activities, rejected_activities);
        append(&mut self.history, history);
    }
}

fn id_in_file<T: DocumentRecord>(parsed: &ParsedRecord<T>) -> &str {
    let id = parsed.record.id().as_ref();
    parsed.id_in_file.as_deref().unwrap_or(id)
}

fn file_order<T: DocumentRecord>(parsed: &[ParsedRecord<T>]) -> FileOrder {
    let ids = parsed.iter().map(|parsed| parsed.record.id().as_ref());
    let ids: Vec<String> = ids.map(str::to_owned).collect();
    FileOrder {
        kind: T::KIND,
        is_default: parsed.is_sorted_by(|a, b| natural_order(id_in_file(a), id_in_file(b)).is_le()),
        ids,
    }
}

fn identity<T: DocumentRecord>(parsed: &ParsedRecord<T>) -> RejectedIdentity {
    RejectedIdentity {
        kind: T::KIND,
        id: Some(parsed.record.id().as_ref().to_owned()),
    }
}

/// The positions of rejected records, by file and path.
type Parents<'r> = HashMap<(&'r Path, &'r str), usize>;

/// Removes the records whose parent is rejected: the record that contains the list that they are in.
fn remove_within<T: DocumentRecord>(
    records: &mut Vec<ParsedRecord<T>>,
    parents: &Parents<'_>,
    removed: &mut Vec<(usize, RejectedIdentity)>,
) {
    records.retain(|record| {
        let parent = record
            .path
            .rsplit_once('.')
            .map_or("", |(parent, _)| parent);
        let parent = parents.get(&(&*record.file, parent));
        removed.extend(parent.map(|parent| (*parent, identity(record))));
        parent.is_none()
    });
}

/// Moves the second list, and copies only if both have items.
fn append<T>(all: &mut Vec<T>, mut more: Vec<T>) {
    if all.is_empty() {
        *all = more;
    } else {
        all.append(&mut more);
    }
}
