//! The counters that a document contains about its records, such as `task_counts`. An export computes
//! them again, under the keys that the document has.

use std::collections::BTreeMap;

use wsdb_core::{
    Issue, IssueStatus, Json, JsonObject, Level, Severity, Task, TaskStatus, Vocabulary,
};

/// The counters of the keys of an object, in lower case.
type Counts = BTreeMap<String, u64>;

/// Other words for a status that people use as keys of counters.
const OTHER_WORDS: [(&str, &str); 8] = [
    ("done", "completed"),
    ("complete", "completed"),
    ("finished", "completed"),
    ("todo", "pending"),
    ("doing", "in_progress"),
    ("wip", "in_progress"),
    ("canceled", "cancelled"),
    ("fixed", "resolved"),
];

/// The counters of a document: at the top, and by the name of a group such as `by_status`.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    top: Counts,
    /// The number of open records, if `open` is none of the statuses.
    open: Option<u64>,
    groups: BTreeMap<&'static str, BTreeMap<String, u64>>,
}

impl Counters {
    /// Returns counters that are zero for all these words.
    fn zero(words: &[&str], groups: &[(&'static str, &[&str])]) -> Self {
        let zero = |words: &[&str]| words.iter().map(|word| ((*word).to_owned(), 0)).collect();
        let mut top: Counts = words.iter().map(|word| (word.to_lowercase(), 0)).collect();
        top.insert("total".to_owned(), 0);
        Counters {
            top,
            open: None,
            groups: groups
                .iter()
                .map(|(name, words)| (*name, zero(words)))
                .collect(),
        }
    }

    fn count(&mut self, word: &str) {
        *self.top.entry(word.to_lowercase()).or_default() += 1;
    }

    fn count_in(&mut self, group: &'static str, word: &str) {
        let group = self.groups.entry(group).or_default();
        *group.entry(word.to_owned()).or_default() += 1;
    }

    pub(crate) fn of_tasks(tasks: &[Task]) -> Self {
        let mut counters = Counters::zero(
            TaskStatus::NAMES,
            &[
                ("by_status", TaskStatus::NAMES),
                ("by_priority", Level::NAMES),
                ("by_repo", &[]),
            ],
        );
        let open = tasks.iter().filter(|task| !task.status.is_terminal());
        counters.open = Some(open.count() as u64);
        for task in tasks {
            counters.count("total");
            counters.count(task.status.as_str());
            counters.count_in("by_status", task.status.as_str());
            if let Some(priority) = task.priority {
                counters.count_in("by_priority", priority.as_str());
            }
            for repo in &task.repos_affected {
                counters.count_in("by_repo", repo);
            }
        }
        counters
    }

    pub(crate) fn of_issues(issues: &[Issue]) -> Self {
        let words = [IssueStatus::NAMES, Severity::NAMES].concat();
        let mut counters = Counters::zero(
            &words,
            &[
                ("by_status", IssueStatus::NAMES),
                ("by_severity", Severity::NAMES),
                ("by_type", &[]),
                ("by_repo", &[]),
            ],
        );
        for issue in issues {
            counters.count("total");
            counters.count(issue.status.as_str());
            counters.count(issue.severity.as_str());
            counters.count_in("by_status", issue.status.as_str());
            counters.count_in("by_severity", issue.severity.as_str());
            counters.count_in("by_type", issue.issue_type.as_str());
            for repo in &issue.repos_affected {
                counters.count_in("by_repo", repo);
            }
        }
        counters
    }

    /// Returns the counters of a document without records, by the name of their field.
    fn of_field(field: &str) -> Option<Self> {
        match field {
            "task_counts" => Some(Counters::of_tasks(&[])),
            "issue_counts" => Some(Counters::of_issues(&[])),
            _ => None,
        }
    }

    /// Returns the counter that a key means.
    fn count_of(&self, key: &str) -> Option<u64> {
        let key = key.to_lowercase();
        if key == "open" && self.open.is_some() {
            return self.open;
        }
        let count = self.top.get(&key);
        count.or_else(|| self.top.get(usual_word(&key)?)).copied()
    }

    /// Sets the values of the counters that an object has. A group also gets the counters that it
    /// lacks, unless they are zero.
    fn write(&self, object: &mut JsonObject) {
        for (key, value) in object.iter_mut() {
            match value {
                Json::Number(_) => {
                    if let Some(count) = self.count_of(key) {
                        *value = Json::from(count);
                    }
                }
                Json::Object(group) => {
                    if let Some(counts) = self.groups.get(key.as_str()) {
                        write_group(group, counts);
                    }
                }
                _ => {}
            }
        }
    }

    /// Adds the counters to the fields of a document: those that it has, or the default ones.
    pub(crate) fn write_to(&self, header: &mut JsonObject, field: &str, default: &[&str]) {
        match header.get_mut(field) {
            Some(Json::Object(counts)) if !counts.is_empty() => self.write(counts),
            // The file has something else under this name.
            Some(other) if !other.is_object() => {}
            _ => {
                let with_default = default.iter().map(|word| ((*word).to_owned(), 0));
                let mut counts: Counts = with_default.collect();
                let present = self.top.iter().filter(|(_, count)| **count > 0);
                counts.extend(present.map(|(word, count)| (word.clone(), *count)));
                let counts = counts
                    .into_iter()
                    .map(|(word, count)| (word, Json::from(count)));
                header.insert(field.to_owned(), Json::Object(counts.collect()));
            }
        }
    }
}

/// Returns the usual word for a status, if a key is another one.
fn usual_word(key: &str) -> Option<&'static str> {
    let mut words = OTHER_WORDS.into_iter();
    let word = words.find(|(other, _)| other.eq_ignore_ascii_case(key));
    word.map(|(_, usual)| usual)
}

fn write_group(group: &mut JsonObject, counts: &BTreeMap<String, u64>) {
    let has_key = |word: &str| group.keys().any(|key| word.eq_ignore_ascii_case(key));
    let mut counts: Vec<(&str, u64)> = counts.iter().map(|(word, n)| (word.as_str(), *n)).collect();
    let others = group.keys().filter_map(|key| usual_word(key));
    let replaced: Vec<&str> = others.filter(|word| !has_key(word)).collect();
    for (key, value) in group
        .iter_mut()
        .filter(|(_, value)| matches!(value, Json::Number(_)))
    {
        let usual = usual_word(key).filter(|word| replaced.contains(word));
        let at = counts.iter().position(|(word, _)| {
            word.eq_ignore_ascii_case(key) || usual.is_some_and(|usual| *word == usual)
        });
        *value = Json::from(at.map_or(0, |at| counts.swap_remove(at).1));
    }
    for (word, count) in counts {
        if count > 0 && !group.contains_key(word) {
            group.insert(word.to_owned(), Json::from(count));
        }
    }
}

/// The key of the counters of tasks.
pub(crate) const TASK_COUNTS: &str = "task_counts";

/// The counters that an export always writes for tasks, unless their document was written without.
pub(crate) const DEFAULT_TASK_COUNTS: [&str; 5] =
    ["total", "in_progress", "pending", "completed", "blocked"];

/// Sets the counters in the fields of a document to zero, so that only their keys count as its
/// content. The default counters that an export adds are removed if there is nothing else.
pub(crate) fn reset(header: &mut JsonObject) {
    for (field, value) in header.iter_mut() {
        if let (Json::Object(counts), Some(zero)) = (value, Counters::of_field(field)) {
            zero.write(counts);
        }
    }
    if header.len() == 1
        && let Some(Json::Object(counts)) = header.get("task_counts")
        && DEFAULT_TASK_COUNTS
            .iter()
            .all(|word| counts.contains_key(word))
        && counts.iter().all(|(key, value)| {
            matches!(value, Json::Number(_))
                && (key == "total" || TaskStatus::NAMES.contains(&key.as_str()))
        })
    {
        *header = JsonObject::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wsdb_core::json;

    fn header(counts: Json) -> JsonObject {
        JsonObject::from_iter([("issue_counts".to_owned(), counts)])
    }

    #[test]
    fn counters_keep_their_keys() {
        let mut fields = header(json!({
            "total": 9, "resolved": 3, "High": 1, "note": "x", "other": 4,
            "by_severity": {"HIGH": 5, "LOW": 1}, "by_owner": {"mira": 2},
        }));
        reset(&mut fields);
        let zero = json!({
            "total": 0, "resolved": 0, "High": 0, "note": "x", "other": 4,
            "by_severity": {"HIGH": 0, "LOW": 0}, "by_owner": {"mira": 2},
        });
        assert_eq!(fields["issue_counts"], zero);
        let mut counters = Counters::of_issues(&[]);
        counters.count("total");
        counters.count("HIGH");
        counters.count_in("by_severity", "HIGH");
        counters.count_in("by_severity", "CRITICAL");
        counters.write_to(&mut fields, "issue_counts", &[]);
        let counted = json!({
            "total": 1, "resolved": 0, "High": 1, "note": "x", "other": 4,
            "by_severity": {"HIGH": 1, "LOW": 0, "CRITICAL": 1}, "by_owner": {"mira": 2},
        });
        assert_eq!(fields["issue_counts"], counted);
    }

    #[test]
    fn other_words_for_a_status_are_counted() {
        let mut fields = JsonObject::from_iter([(
            "task_counts".to_owned(),
            json!({"open": 9, "done": 9, "active": 7, "by_status": {"done": 9, "todo": 9}}),
        )]);
        let mut counters = Counters::of_tasks(&[]);
        for word in ["completed", "pending", "pending"] {
            counters.count(word);
            counters.count_in("by_status", word);
        }
        counters.open = Some(2);
        counters.write_to(&mut fields, "task_counts", &[]);
        let counted =
            json!({"open": 2, "done": 1, "active": 7, "by_status": {"done": 1, "todo": 2}});
        assert_eq!(fields["task_counts"], counted);
    }

    #[test]
    fn default_counters_are_no_content() {
        let mut fields = JsonObject::new();
        Counters::of_tasks(&[]).write_to(&mut fields, "task_counts", &DEFAULT_TASK_COUNTS);
        assert_eq!(
            fields["task_counts"].as_object().map(JsonObject::len),
            Some(5)
        );
        reset(&mut fields);
        assert!(fields.is_empty());
    }
}
