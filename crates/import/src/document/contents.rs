//! The contents of documents.

use std::collections::HashSet;

use wsdb_core::{ActionWithChanges, Decision, Issue, JsonObject, SessionId};
use wsdb_store::for_each_kind;

use super::file::Document;
use crate::error::OrphanReject;
use crate::error::Reject;
use crate::record_reader::ParsedRecord;
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

            /// Removes the records that repeat the id of an earlier one.
            pub(crate) fn reject_repeated_ids(&mut self, rejects: &mut Vec<Reject>) {
                $(unique::reject_repeated_ids(&mut self.$kind, rejects);)*
            }
        }
    };
}
for_each_kind!(define_parsed_records);

/// The records and document fields of one or more documents.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) headers: Vec<(Document, JsonObject)>,
    pub(crate) records: ParsedRecords,
    /// The sessions whose nested lists the file contains; it may omit those of others.
    pub(crate) listed: SessionsWithLists,
    /// Inline records, which are used if the record exists nowhere else.
    pub(crate) inline_issues: Vec<ParsedRecord<Issue>>,
    pub(crate) inline_decisions: Vec<ParsedRecord<Decision>>,
    pub(crate) orphan_rejects: Vec<OrphanReject>,
    pub(crate) history: Vec<ActionWithChanges>,
}

/// The sessions whose nested lists a file contains.
#[derive(Debug, Default)]
pub(crate) struct SessionsWithLists {
    pub(crate) activities: HashSet<SessionId>,
    pub(crate) decisions: HashSet<SessionId>,
    pub(crate) issues: HashSet<SessionId>,
}

impl Contents {
    pub(crate) fn has(&self, document: Document) -> bool {
        self.headers.iter().any(|(d, _)| *d == document)
    }

    /// Adds the contents of another file.
    pub(crate) fn extend(&mut self, other: Contents) {
        let Contents {
            headers,
            records,
            listed,
            inline_issues,
            inline_decisions,
            orphan_rejects,
            history,
        } = other;
        append(&mut self.headers, headers);
        self.records.extend(records);
        self.listed.activities.extend(listed.activities);
        self.listed.decisions.extend(listed.decisions);
        self.listed.issues.extend(listed.issues);
        append(&mut self.inline_issues, inline_issues);
        append(&mut self.inline_decisions, inline_decisions);
        append(&mut self.orphan_rejects, orphan_rejects);
        append(&mut self.history, history);
    }
}

/// Moves the second list, and copies only if both have items.
fn append<T>(all: &mut Vec<T>, mut more: Vec<T>) {
    if all.is_empty() {
        *all = more;
    } else {
        all.append(&mut more);
    }
}
