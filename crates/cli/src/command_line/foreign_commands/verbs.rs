//! Verbs and kinds of records of other tools, each with ours.

use clap::Command;

use super::template::{has_option, usage};

/// Verbs of other tools, each with the template of our command.
pub(super) type Verbs = &'static [(&'static [&'static str], &'static str)];

/// Commands of beads, taskwarrior, tacks, gh, git, adr-tools, tach and similar tools.
pub(super) const TOP_LEVEL: Verbs = &[
    (&["add", "create", "new", "q"], "task add TITLE"),
    (&["list", "ls", "todo"], "task list"),
    (&["mine"], "task list --mine"),
    (&["ready"], "task ready"),
    (&["blocked"], "task blocked"),
    (&["claim", "take"], "task claim ID"),
    (&["assign"], "task edit ID --assign NAME"),
    (&["start", "begin", "resume"], "task start ID"),
    (&["stop", "release", "pause", "unclaim"], "task release ID"),
    (
        &["done", "close", "complete", "finish", "resolve"],
        "task done ID",
    ),
    (&["reopen"], "task reopen ID"),
    (&["accept", "approve"], "task approve ID"),
    (&["cancel", "abandon", "wontfix"], "task cancel ID"),
    (&["defer", "snooze"], "task defer ID"),
    (&["block"], "task block ID"),
    (&["archive"], "task close ID"),
    (&["backlog"], "task list --status backlog,pending"),
    (&["board", "kanban", "dashboard", "overview"], "status"),
    (&["move", "transition"], "task status ID --to STATUS"),
    (&["show", "view", "info", "get"], "task show ID"),
    (&["edit", "update", "modify", "mod"], "task edit ID"),
    (
        &["annotate", "comment", "comments", "note", "remember"],
        "session log TEXT",
    ),
    (&["delete", "rm", "remove"], "task rm ID"),
    (&["depend", "depends", "link"], "task dep add ID ID"),
    (&["dep", "deps", "graph", "tree"], "task graph"),
    (&["unblock"], "task status ID --to pending"),
    (&["count"], "task stats"),
    (SEARCH, "search QUERY"),
    (&["log", "blame", "changelog"], "history"),
    (&["revert"], "undo --dry-run"),
    // The number of the undo, which is undone to redo.
    (&["redo"], "history"),
    (&["prime", "onboard"], "handoff"),
    (&["check", "lint"], "drift record FILE --check new"),
    (&["sync", "push", "commit", "save"], "export DIR"),
    (&["pull"], "import DIR"),
    (
        &["burndown", "velocity", "trends", "report", "reports"],
        "stats",
    ),
    (&["version"], "--version"),
];

/// Verbs of other tools for a search.
pub(super) const SEARCH: &[&str] = &["grep", "rg", "ack", "query", "lookup"];

/// Kinds of records of other tools, each with ours.
pub(super) const NOUNS: &[(&[&str], &str)] = &[
    (&["bug", "bugs", "problem", "problems"], "issue"),
    (
        &[
            "ticket", "tickets", "story", "stories", "item", "items", "epic", "epics",
        ],
        "task",
    ),
    (
        &["repository", "repositories", "project", "projects"],
        "repo",
    ),
    (&["adr", "adrs"], "decision"),
    (&["milestone", "milestones"], "goal"),
];

/// Verbs of other tools after our kinds of records.
pub(super) const AFTER_NOUNS: &[(&str, Verbs)] = &[
    (
        "task",
        &[
            (&["assign"], "task edit ID --assign NAME"),
            (&["unassign"], "task edit ID --clear assigned-to"),
            (&["annotate", "comment", "note"], "session log TEXT"),
            (&["accept"], "task approve ID"),
            (&["take"], "task claim ID"),
            (&["begin", "resume"], "task start ID"),
            (&["stop", "pause"], "task release ID"),
            (&["unblock"], "task status ID --to pending"),
            (&["move", "transition"], "task status ID --to STATUS"),
            (&["finish", "resolve"], "task done ID"),
            (&["abandon", "wontfix"], "task cancel ID"),
            (&["link", "depend", "depends"], "task dep add ID ID"),
            (&["unlink"], "task dep rm ID ID"),
            (&["tree"], "task graph ID"),
            (&["next"], "next"),
            (&["mine"], "task list --mine"),
            (&["archive"], "task close ID"),
        ],
    ),
    (
        "session",
        &[
            (&["add", "new", "begin", "open", "resume"], "session start"),
            (
                &["stop", "close", "finish", "done", "complete"],
                "session end",
            ),
            (&["annotate", "comment", "note"], "session log TEXT"),
            (&["status", "info"], "session current"),
        ],
    ),
    (
        "issue",
        &[
            (&["assign"], "issue edit ID --assign NAME"),
            (&["unassign"], "issue edit ID --clear assigned-to"),
            (&["annotate", "comment", "note"], "session log TEXT"),
            (&["fix", "done", "complete", "finish"], "issue resolve ID"),
            (&["archive"], "issue close ID"),
        ],
    ),
    (
        "decision",
        &[
            (&["accept", "approve"], "decision status ID --to maintained"),
            (&["done"], "decision status ID --to implemented"),
            (&["reject", "close"], "decision status ID --to rejected"),
            (
                &["deprecate", "archive"],
                "decision status ID --to deprecated",
            ),
            (&["start"], "decision status ID --to in_progress"),
            (&["reopen"], "decision status ID --to planned"),
            (&["move", "transition"], "decision status ID --to STATUS"),
            (&["replace"], "decision supersede ID --by ID"),
            (&["annotate", "comment", "note"], "session log TEXT"),
        ],
    ),
    (
        "drift",
        &[
            (&["check", "run", "lint"], "drift record FILE --check new"),
            (&["fix", "close", "done"], "drift resolve ID"),
            (&["accept"], "drift ignore ID --reason TEXT"),
            (&["assign"], "drift task ID --assign NAME"),
            (&["annotate", "comment", "note"], "session log TEXT"),
        ],
    ),
    (
        "goal",
        &[
            (&["close", "finish"], "goal done ID"),
            (&["begin", "resume"], "goal start ID"),
            (&["move", "transition"], "goal status ID --to STATUS"),
        ],
    ),
    (
        "context",
        &[
            (&["start", "use", "set", "resume"], "context switch REPO"),
            (&["stop", "close"], "context end"),
            (&["previous"], "context back"),
        ],
    ),
    (
        "config",
        &[
            (&["record", "save", "create"], "config snapshot FILE"),
            (&["compare"], "config diff REPO"),
        ],
    ),
    ("repo", &[(&["mv", "move"], "repo rename OLD NEW")]),
];

/// Verbs of other tools that have a counterpart after several kinds of records.
pub(super) const EVERYWHERE: &[(&[&str], &str)] = &[
    (&["create"], "add"),
    (&["update", "modify", "change", "mod"], "edit"),
    (&["view", "info", "get"], "show"),
    (&["open"], "reopen"),
];

/// Our commands that other tools call with other arguments, each with its template.
const OTHER_ARGUMENTS: &[(&str, &str)] = &[("decision link", "decision link ID --supersedes ID")];

/// Returns the template of a command whose arguments are not valid.
pub(super) fn template_of(command: &Command, path: &str) -> String {
    let mut known = OTHER_ARGUMENTS.iter();
    match known.find(|(known, _)| *known == path) {
        Some((_, template)) => (*template).to_owned(),
        None => usage(command, path),
    }
}

/// Returns the template of the command to use instead of a verb after the words of `path`.
pub(super) fn find(typed: &str, noun: &Command, path: &[&str]) -> Option<String> {
    let template = |verbs: Verbs| {
        let known = verbs.iter().find(|(words, _)| words.contains(&typed));
        known.map(|(_, template)| (*template).to_owned())
    };
    let path = path.join(" ");
    if path.is_empty() {
        return template(TOP_LEVEL);
    }
    let own = AFTER_NOUNS.iter().find(|(noun, _)| *noun == path);
    let everywhere = || {
        let mut verbs = EVERYWHERE.iter();
        let (_, verb) = verbs.find(|(words, _)| words.contains(&typed))?;
        let command = noun.find_subcommand(verb)?;
        Some(usage(command, &format!("{path} {}", command.get_name())))
    };
    let search = || {
        let is_search = SEARCH.contains(&typed) || ["search", "find", "filter"].contains(&typed);
        let list = noun.find_subcommand("list").filter(|_| is_search)?;
        Some(if has_option(list, "text") {
            format!("{path} list --text QUERY")
        } else {
            "search QUERY".to_owned()
        })
    };
    let own = own.and_then(|(_, verbs)| template(verbs));
    own.or_else(everywhere).or_else(search)
}
