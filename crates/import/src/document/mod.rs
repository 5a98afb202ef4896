//! The documents: which file contains which records, in each of the shapes in use.

mod contents;
pub(crate) mod counters;
mod file;
mod foreign;
pub(crate) mod history;
mod inline;
mod list;
mod parse;
mod recount;
mod sessions;
mod short_forms;
mod tasks;
mod unread_records;
mod write;

pub(crate) use contents::{Contents, DocumentHeader, ParsedRecords, SessionsWithLists};
pub use file::Document;
pub(crate) use list::{has_list_of, lists};
pub(crate) use parse::{MisplacedRecords, ParsedFile, read};
pub(crate) use recount::recount;
pub(crate) use short_forms::{Links, TEXT_KEYS, activity_ids, is_id, text_of};
pub(crate) use tasks::{COMPLETED_TASKS, task_to_document};
pub(crate) use write::{Entry, Node, Object, bare_text, text, to_document, to_document_without};
