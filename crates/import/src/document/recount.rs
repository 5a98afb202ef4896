//! Computes the counters of a document again from its records as JSON.

use std::path::Path;

use wsdb_core::{Json, JsonObject};

use super::contents::Contents;
use super::counters::Counters;
use super::file::Document;
use super::list::{self, lists};
use super::tasks;
use crate::file_diagnostics::FileDiagnostics;
use crate::mappings::ValueMappings;

/// Computes the counters among the fields of a document again; `records` returns the records of a list.
/// Counters of records that cannot all be read stay as they are.
pub(crate) fn recount(fields: &mut JsonObject, records: impl Fn(&str) -> Vec<Json>) {
    for (field, document) in [
        ("task_counts", Document::Tasks),
        ("issue_counts", Document::Issues),
    ] {
        if !fields.get(field).is_some_and(is_filled) {
            continue;
        }
        let mappings = ValueMappings::default();
        let mut diagnostics = FileDiagnostics::new(Path::new(""), &mappings);
        let mut contents = Contents::default();
        let mut count = 0;
        for list in lists(document) {
            let values = records(list);
            count += values.len();
            let values = &mut values.into_iter();
            match document {
                Document::Tasks => tasks::read(list, values, &mut diagnostics, &mut contents),
                document => list::read(document, list, values, &mut diagnostics, &mut contents),
            }
        }
        let tasks = contents.records.tasks.into_iter();
        let tasks: Vec<_> = tasks.map(|task| task.record).collect();
        let issues = contents.records.issues.into_iter();
        let issues: Vec<_> = issues.map(|issue| issue.record).collect();
        if tasks.len() + issues.len() != count {
            continue;
        }
        let counters = match document {
            Document::Tasks => Counters::of_tasks(&tasks),
            _ => Counters::of_issues(&issues),
        };
        counters.write_to(fields, field, &[]);
    }
}

fn is_filled(value: &Json) -> bool {
    value.as_object().is_some_and(|counts| !counts.is_empty())
}
