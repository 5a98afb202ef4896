//! What each command prints with `--json`.

use schemars::{Schema, SchemaGenerator};
use wsdb_app::views::*;

use super::shapes::{changed, deleted, history, list, one, open_list, record_or_list, shown};

/// Returns the schema of a command's output, and adds the types that it refers to.
pub(super) type Answer = fn(&mut SchemaGenerator) -> Schema;

/// The output of each command.
pub(super) const ANSWERS: &[(&str, Answer)] = &[
    ("init", one::<InitView>),
    ("import", one::<ImportView>),
    ("status", one::<Status>),
    ("next", one::<Next>),
    ("handoff", one::<Handoff>),
    ("task add", one::<EditedTask>),
    ("task list", |g| open_list::<TaskView>(g, "tasks")),
    ("task ready", |g| list::<ReadyTask>(g, "tasks")),
    ("task claim", one::<TaskDetails>),
    ("task heartbeat", |g| changed::<TaskView>(g, "tasks")),
    ("task release", |g| changed::<TaskView>(g, "tasks")),
    ("task blocked", |g| list::<BlockedTask>(g, "tasks")),
    ("task graph", one::<Graph>),
    ("task dep add", one::<TaskDetails>),
    ("task dep rm", one::<TaskDetails>),
    ("task show", shown::<TaskDetails>),
    ("task edit", EDITED_TASKS),
    ("task start", EDITED_TASKS),
    ("task done", EDITED_TASKS),
    ("task block", EDITED_TASKS),
    ("task defer", EDITED_TASKS),
    ("task approve", EDITED_TASKS),
    ("task close", EDITED_TASKS),
    ("task cancel", EDITED_TASKS),
    ("task reopen", EDITED_TASKS),
    ("task status", EDITED_TASKS),
    ("task rm", deleted),
    ("task stats", one::<TaskCounts>),
    ("session start", one::<StartedSession>),
    ("session log", one::<ActivityView>),
    ("session activity list", |g| {
        list::<ActivityView>(g, "activities")
    }),
    ("session activity show", shown::<ActivityView>),
    ("session activity edit", |g| {
        changed::<ActivityView>(g, "activities")
    }),
    ("session activity rm", deleted),
    ("session link", |g| {
        changed::<SessionLinkView>(g, "session_links")
    }),
    ("session unlink", |g| {
        list::<SessionLinkView>(g, "session_links")
    }),
    ("session links", |g| {
        list::<SessionLinkView>(g, "session_links")
    }),
    ("session end", one::<SessionView>),
    ("session current", one::<SessionDetails>),
    ("session list", |g| list::<SessionView>(g, "sessions")),
    ("session show", shown::<SessionDetails>),
    ("session edit", one::<SessionView>),
    ("session rm", deleted),
    ("session stats", one::<StatusCounts>),
    ("issue add", one::<IssueView>),
    ("issue list", |g| open_list::<IssueView>(g, "issues")),
    ("issue show", shown::<IssueView>),
    ("issue edit", ISSUES),
    ("issue resolve", ISSUES),
    ("issue close", ISSUES),
    ("issue reopen", ISSUES),
    ("issue rm", deleted),
    ("issue stats", one::<IssueCounts>),
    ("decision add", one::<DecisionView>),
    ("decision list", |g| list::<DecisionView>(g, "decisions")),
    ("decision show", shown::<DecisionDetails>),
    ("decision edit", DECISIONS),
    ("decision supersede", one::<DecisionDetails>),
    ("decision link", one::<DecisionDetails>),
    ("decision unlink", one::<DecisionDetails>),
    ("decision export", one::<AdrExportView>),
    ("decision import", one::<AdrImportView>),
    ("decision status", DECISIONS),
    ("decision rm", deleted),
    ("decision stats", one::<StatusCounts>),
    ("drift record", one::<RecordedView>),
    ("drift add", one::<DetectionView>),
    ("drift list", |g| {
        open_list::<DetectionView>(g, "detections")
    }),
    ("drift show", shown::<DetectionView>),
    ("drift edit", DETECTIONS),
    ("drift resolve", DETECTIONS),
    ("drift reopen", DETECTIONS),
    ("drift ignore", DETECTIONS),
    ("drift link", DETECTIONS),
    ("drift task", one::<DriftTaskView>),
    ("drift rm", deleted),
    ("drift scan list", |g| list::<ScanView>(g, "scans")),
    ("drift scan show", shown::<ScanView>),
    ("drift scan edit", |g| changed::<ScanView>(g, "scans")),
    ("drift scan rm", deleted),
    ("drift scans", |g| list::<ScanView>(g, "scans")),
    ("drift trend", |g| list::<TrendView>(g, "trend")),
    ("repo list", |g| list::<RepoView>(g, "repos")),
    ("repo rename", one::<RenamedRepoView>),
    ("context", one::<ContextView>),
    ("context switch", one::<ContextChange>),
    ("context back", one::<ContextChange>),
    ("context end", one::<ContextView>),
    ("context list", |g| list::<ContextView>(g, "visits")),
    ("context show", shown::<ContextView>),
    ("context edit", |g| changed::<ContextView>(g, "visits")),
    ("context rm", deleted),
    ("context time", |g| list::<TimeSpent>(g, "time")),
    ("config snapshot", one::<SnapshotResult>),
    ("config list", |g| {
        list::<SnapshotView>(g, "configuration_snapshots")
    }),
    ("config show", shown::<SnapshotView>),
    ("config diff", one::<DiffView>),
    ("config edit", |g| {
        changed::<SnapshotView>(g, "configuration_snapshots")
    }),
    ("config rm", deleted),
    ("config change add", one::<ConfigurationChangeView>),
    ("config change list", |g| {
        list::<ConfigurationChangeView>(g, "configuration_changes")
    }),
    ("config change show", shown::<ConfigurationChangeView>),
    ("config change edit", |g| {
        changed::<ConfigurationChangeView>(g, "configuration_changes")
    }),
    ("config change rm", deleted),
    ("state add", one::<StateView>),
    ("state list", |g| list::<StateView>(g, "states")),
    ("state show", shown::<StateView>),
    ("state edit", |g| changed::<StateView>(g, "states")),
    ("state rm", deleted),
    ("placement add", one::<PlacementView>),
    ("placement list", |g| list::<PlacementView>(g, "placements")),
    ("placement show", shown::<PlacementView>),
    ("placement edit", |g| {
        changed::<PlacementView>(g, "placements")
    }),
    ("placement rules", one::<RulesView>),
    ("placement rm", deleted),
    ("goal add", one::<GoalView>),
    ("goal list", |g| open_list::<GoalView>(g, "goals")),
    ("goal show", shown::<GoalView>),
    ("goal edit", GOALS),
    ("goal start", GOALS),
    ("goal done", GOALS),
    ("goal reopen", GOALS),
    ("goal status", GOALS),
    ("goal rm", deleted),
    ("architecture show", |g| {
        let description = "The state that was given, otherwise a list.";
        record_or_list::<StateDetails, StateSummary>(g, "states", description)
    }),
    ("architecture compare", one::<ComparisonView>),
    ("why", one::<Why>),
    ("search", |g| list::<HitView>(g, "results")),
    ("history", history),
    ("history prune", one::<PrunedView>),
    ("undo", |g| changed::<UndoneView>(g, "undone")),
    ("stats", one::<Stats>),
    ("export", one::<ExportView>),
    ("git install", one::<InstalledDriverView>),
    ("git uninstall", one::<UninstalledDriverView>),
    ("git merge-document", one::<MergedDocumentView>),
    ("copy", one::<CopyView>),
    ("backup", one::<BackupView>),
    ("restore", one::<RestoreView>),
    ("adopt", one::<AdoptView>),
    ("man", |g| list::<String>(g, "files")),
];

const EDITED_TASKS: Answer = |g| changed::<EditedTask>(g, "tasks");
const ISSUES: Answer = |g| changed::<IssueView>(g, "issues");
const DECISIONS: Answer = |g| changed::<DecisionView>(g, "decisions");
const DETECTIONS: Answer = |g| changed::<DetectionView>(g, "detections");
const GOALS: Answer = |g| changed::<GoalView>(g, "goals");

/// The commands that print no JSON, and why.
pub(super) const NO_JSON: &[(&str, &str)] = &[("completions", "prints a script for the shell")];

/// Returns the schema of an error.
pub(super) fn error(generator: &mut SchemaGenerator) -> Schema {
    one::<ErrorView>(generator)
}
