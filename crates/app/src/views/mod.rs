//! What comes back from an action: the shapes that `--json`, and every other face, shows.

mod claim;
mod copy;
mod decision;
mod graph;
mod handoff;
mod history;
mod issue;
mod search;
mod session;
mod status;
mod task;

pub use claim::ClaimView;
pub use copy::{CopiedTable, CopyView};
pub use decision::DecisionView;
pub use graph::{Graph, Next, Node, ReadyTask, Reason};
pub(crate) use handoff::Draft;
pub use handoff::{Handoff, Line, More, Section};
pub use history::{ActionDetails, ActionView, ChangeView, PrunedView, TouchedView, UndoneView};
pub use issue::IssueView;
pub use search::{HitView, Mark, SnippetView};
pub use session::{ActivityView, SessionDetails, SessionView, StartedSession};
pub use status::{Blocked, Count, Status, Top};
pub use task::{BlockerView, TaskDetails, TaskView};
