//! Sessions, their activities and their links.

pub(crate) mod current;
mod edit;
mod links;
mod start;

pub use current::{open_session, resolve_session, why_no_session};
pub use edit::{edit_session, end_session, log_activity, remove_sessions, show_session};
pub use links::{SessionLinkFilter, link_session, session_links, unlink_session};
pub use start::start_session;
