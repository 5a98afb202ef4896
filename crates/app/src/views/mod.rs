//! What comes back from an action: the shapes that `--json`, and every other face, shows.

mod copy;
mod decision;
mod issue;
mod search;
mod session;
mod status;
mod task;

pub use copy::{CopiedTable, CopyView};
pub use decision::DecisionView;
pub use issue::IssueView;
pub use search::{HitView, Mark, SnippetView};
pub use session::{ActivityView, SessionDetails, SessionView};
pub use status::{Blocked, Count, Status, Top};
pub use task::{BlockerView, TaskDetails, TaskView};
