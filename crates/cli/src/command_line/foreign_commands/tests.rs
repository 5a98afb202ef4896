use super::template::is_valid;
use super::verbs::{AFTER_NOUNS, EVERYWHERE, TOP_LEVEL};
use super::*;
use crate::command_line::parse::command;

/// Splits a command line at spaces, except in quotes.
fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('"').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// The template for the last word of a command line.
fn suggestion(given: &str) -> Option<String> {
    let root = command();
    let given: Vec<&str> = given.split(' ').collect();
    let (typed, before) = given.split_last()?;
    let found = TypedCommand::find(&root, before);
    find(typed, found.command, &found.path)
}

/// Returns what is suggested for a command line.
fn tip(given: &str) -> String {
    let args = [vec!["wsdb".to_owned()], split(given)].concat();
    let error = command().try_get_matches_from(&args).expect_err("unknown");
    let args: Vec<OsString> = args.iter().map(OsString::from).collect();
    let error = suggest(error, &command(), &args);
    match error.get(ContextKind::Suggested) {
        Some(ContextValue::StyledStrs(tips)) if !tips.is_empty() => {
            let tip = tips[0].to_string();
            let tip = tip.strip_prefix("try 'wsdb ");
            let command = tip.and_then(|tip| tip.strip_suffix('\''));
            command.unwrap_or("not a command").to_owned()
        }
        _ => match error.get(ContextKind::SuggestedSubcommand) {
            Some(ContextValue::Strings(names)) => format!("({})", names.join(", ")),
            _ => String::new(),
        },
    }
}

#[test]
fn every_template_is_a_valid_command() {
    let nouns = AFTER_NOUNS.iter().map(|(noun, verbs)| (*noun, *verbs));
    let root = command();
    for (noun, verbs) in nouns.chain([("", TOP_LEVEL)]) {
        for (words, template) in verbs {
            assert!(is_valid(&root, &split(template)), "{template}");
            for word in *words {
                let given: Vec<&str> = [noun, word]
                    .into_iter()
                    .filter(|word| !word.is_empty())
                    .collect();
                let found = TypedCommand::find(&root, &given);
                assert_eq!(found.path.join(" "), *noun, "{given:?} exists");
            }
        }
    }
}

#[test]
fn typed_values_replace_the_placeholders() {
    for (given, expected) in [
        ("create", "task add TITLE"),
        (
            "create \"Move pricing\" -p high",
            "task add \"Move pricing\" -p high",
        ),
        ("create Move pricing", "task add \"Move pricing\""),
        ("create x --sprint 4", "task add x"),
        ("assign 7 jo", "task edit 7 --assign jo"),
        ("assign jo", "task edit ID --assign jo"),
        ("close 12 13", "task done 12 13"),
        ("close 12 --reason x", "task done 12"),
        ("update 7 --title T", "task edit 7 --title T"),
        ("update", "task edit ID"),
        ("move 7 done", "task status 7 --to done"),
        ("move 7 nowhere", "task status 7 --to STATUS"),
        (
            "comment 7 \"Ready for review\"",
            "session log \"Ready for review\"",
        ),
        ("issue comment 7 hello", "session log hello"),
        ("issue comment 7", "session log TEXT"),
        ("comment WS-TASK-7", "session log TEXT"),
        ("note add fix the gate", "session log \"fix the gate\""),
        ("comment add 7 done", "session log done"),
        ("note add", "session log TEXT"),
        ("redo", "history"),
        ("redo 7", "history 7"),
        ("task update 1 --status done", "task status 1 --to done"),
        ("update 1 --status=done", "task status 1 --to done"),
        ("issue update 1 --status closed", "issue close 1"),
        ("adr new \"Use pears\"", "decision add \"Use pears\""),
        ("adr new Use pears", "decision add \"Use pears\""),
        ("adr new -s 9 X", "decision add DECISION"),
        ("adr", "decision list"),
        ("adr show 3", "decision show 3"),
        ("epic add Big", "task add Big"),
        ("milestone add Big", "goal add Big --task ID"),
        ("adr link 1 2", "decision link 1 --supersedes 2"),
        ("decision link 1 2", "decision link 1 --supersedes 2"),
        ("adr link 1 --task 2", "decision link 1 --task 2"),
        ("archive 1", "task close 1"),
        ("issue archive 1", "issue close 1"),
        ("task tag 1 x", ""),
        ("label 1 \"needs review\"", ""),
        ("board", "status"),
        ("backlog", "task list --status backlog,pending"),
        ("task add --titel X", "task add X"),
        ("issue add --tilte=T", "issue add T"),
        ("milestones", "goal list"),
        ("1 done", "task done 1"),
        ("1 modify", "task edit 1"),
        ("WS-TASK-001 start", "task start WS-TASK-001"),
        ("1 unknown", ""),
        ("remember \"the port\"", "session log \"the port\""),
        ("projects", "repo list"),
        ("grep pears", "search pears"),
        ("grep green pears", "search \"green pears\""),
        ("grep v2", "search v2"),
        ("task search pears", "task list --text pears"),
        ("task find pears", "task list --text pears"),
        ("issue grep pears", "issue list --text pears"),
        ("link 7 3", "task dep add 7 3"),
        ("link 7", "task dep add 7 ID"),
        (
            "drift accept 4 \"Moves in May\"",
            "drift ignore 4 --reason \"Moves in May\"",
        ),
        ("drift create a.py", "drift add a.py --type TYPE"),
        ("task view 7 --json", "task show 7 --json"),
        ("--json create x", "task add x"),
        ("--actor mo task list 7", "task show 7"),
        ("--actor task session note hi", "session log hi"),
        ("version", "--version"),
        ("burndown", "stats"),
        ("supersede", "decision supersede ID --by ID"),
        ("show task", "task show ID"),
        ("show session log", "session log DESCRIPTION"),
        ("session list log", "session list --text log"),
        ("task list pricing", "task list --text pricing"),
        ("tags", ""),
        ("restore", ""),
        ("report", "stats"),
        ("rep", "(repo)"),
        ("stat", "(status, state, stats)"),
        ("tsak", "(task)"),
    ] {
        assert_eq!(tip(given), expected, "{given}");
    }
}

#[test]
fn verbs_with_a_counterpart_are_suggested_for_every_noun() {
    let root = command();
    for noun in root.get_subcommands().filter(|noun| noun.has_subcommands()) {
        for (words, verb) in EVERYWHERE {
            for word in *words {
                let name = noun.get_name();
                if noun.find_subcommand(word).is_some() {
                    continue;
                }
                let found = suggestion(&format!("{name} {word}"));
                let exists = noun.find_subcommand(verb).is_some();
                assert!(found.is_some() || !exists, "{name} {word}");
                let is_valid = found.is_none_or(|found| is_valid(&root, &split(&found)));
                assert!(is_valid, "{name} {word}");
            }
        }
    }
}

#[test]
fn argument_that_a_command_does_not_have_is_replaced() {
    for (given, expected) in [
        ("history show 7", Some("history 7")),
        ("undo show", Some("undo --dry-run")),
        ("undo last", Some("undo --last 1")),
        ("task list 7", Some("task show 7")),
        ("task ls --json bd-7", Some("task show bd-7")),
        ("drift scan list 7", Some("drift scan show 7")),
        ("history 7 8", None),
        ("repo list core", None),
        ("task list --limit 2 7", Some("task show 7")),
        ("--color never task list 7", Some("task show 7")),
        ("task list --nope 7", None),
    ] {
        let given = [vec!["wsdb".to_owned()], split(given)].concat();
        let error = command().try_get_matches_from(&given);
        let given: Vec<OsString> = given.iter().map(OsString::from).collect();
        let error = error.expect_err("an argument too many");
        let found = replace_argument(&error, &command(), &given);
        assert_eq!(found.as_deref(), expected, "{given:?}");
    }
}

#[test]
fn suggestion_has_the_id_that_was_typed() {
    let root = command();
    let suggested = |typed: &str, rest: &[&str]| noun_after_verb(typed, &root, &[], rest);
    for (typed, rest, expected) in [
        ("list", &["tasks"][..], Some("task list")),
        ("show", &["issue", "3"], Some("issue show 3")),
        ("delete", &["task", "X 1"], Some("task rm \"X 1\"")),
        ("get", &["decisions", "2"], Some("decision show 2")),
        ("close", &["3"], None),
    ] {
        assert_eq!(suggested(typed, rest).as_deref(), expected, "{typed}");
    }
}

#[test]
fn noun_of_another_tracker_is_replaced() {
    let root = command();
    for (typed, rest, expected) in [
        (
            "bug",
            &["add", "No list"][..],
            Some("issue add \"No list\""),
        ),
        ("bugs", &[], Some("issue list")),
        ("ticket", &["view", "7"], Some("task show 7")),
        ("bug", &["frob"], None),
        ("bee", &["add"], None),
    ] {
        assert_eq!(
            replace_noun(typed, &root, rest).as_deref(),
            expected,
            "{typed}"
        );
    }
}

#[test]
fn noun_that_was_left_out_is_added() {
    let root = command();
    for (typed, rest, expected) in [
        ("dep", &["add", "1", "2"][..], Some("task dep add 1 2")),
        ("scan", &["show", "7"], Some("drift scan show 7")),
        ("scan", &[], Some("drift scan --help")),
        ("activity", &["list"], Some("session activity list")),
        (
            "supersede",
            &["1", "--by", "4"],
            Some("decision supersede 1 --by 4"),
        ),
        (
            "snapshot",
            &["a b.toml"],
            Some("config snapshot \"a b.toml\""),
        ),
        ("end", &[], None),
        ("command-tree", &[], None),
    ] {
        assert_eq!(add_noun(typed, &root, rest).as_deref(), expected, "{typed}");
    }
    assert_eq!(group_without_noun("dep", &root, &["7"]), None);
    assert_eq!(group_without_noun("claim", &root, &["7"]), None);
}

#[test]
fn verbs_of_nouns_are_suggested() {
    assert_eq!(suggestion("create").as_deref(), Some("task add TITLE"));
    assert_eq!(
        suggestion("tasks comment").as_deref(),
        Some("session log TEXT")
    );
    assert_eq!(suggestion("session close").as_deref(), Some("session end"));
    assert_eq!(suggestion("restore"), None);
    assert_eq!(suggestion("frob"), None);
    assert_eq!(suggestion("task frob"), None);
}

/// Returns the tips of the error about a command line.
fn tips(given: &str) -> Vec<String> {
    let args = [vec!["wsdb".to_owned()], split(given)].concat();
    let error = command().try_get_matches_from(&args).expect_err("an error");
    let args: Vec<OsString> = args.iter().map(OsString::from).collect();
    let text = suggest(error, &command(), &args).to_string();
    let lines = text.lines().filter(|line| line.contains("tip:"));
    lines.map(|line| line.trim().to_owned()).collect()
}

#[test]
fn passing_an_option_as_a_value_is_not_suggested() {
    for given in ["export --dry-run", "task add x --tag y", "undo --all"] {
        assert_eq!(tips(given), [""; 0], "{given}");
    }
}

#[test]
fn only_similar_values_are_suggested() {
    assert_eq!(tips("task edit 1 --clear title"), [""; 0]);
    let similar = ["tip: a similar value exists: 'files'"];
    assert_eq!(tips("task edit 1 --clear file"), similar);
}
