//! What comes back from an action: the shapes that `--json`, and every other face, shows.

mod claim;
mod copy;
mod decision;
mod graph;
mod history;
mod issue;
mod session;
mod status;
mod task;

pub use claim::ClaimView;
pub use copy::{CopiedTable, CopyView};
pub use decision::DecisionView;
pub use graph::{Graph, Next, Node, ReadyTask, Reason};
pub use history::{ActionDetails, ActionView, ChangeView, PrunedView, TouchedView, UndoneView};
pub use issue::IssueView;
pub use session::{ActivityView, SessionDetails, SessionView};
pub use status::{Blocked, Count, Status, Top};
pub use task::{BlockerView, TaskDetails, TaskView};
