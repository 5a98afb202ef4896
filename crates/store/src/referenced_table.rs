//! The tables that other tables refer to, and by which columns and lists.

/// A table that other tables refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReferencedTable {
    /// `workspace_tasks`
    Tasks,
    /// `cross_repo_issues`
    Issues,
    /// `architecture_decisions`
    Decisions,
    /// `architecture_states`
    States,
    /// `component_placements`
    Placements,
    /// `drift_scans`
    Scans,
    /// `drift_detections`
    Detections,
}

/// What to do when a record is deleted that others refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDelete {
    /// Refuse to delete it.
    Respect,
    /// Delete it; the others keep its id as the id of a missing record.
    Detach,
}

/// A column with a foreign key.
pub(crate) struct Reference {
    pub(crate) table: &'static str,
    pub(crate) noun: &'static str,
    pub(crate) column: &'static str,
    /// The column that holds the id while the record is missing.
    pub(crate) missing: &'static str,
}

impl Reference {
    const fn new(
        table: &'static str,
        noun: &'static str,
        column: &'static str,
        missing: &'static str,
    ) -> Self {
        Reference {
            table,
            noun,
            column,
            missing,
        }
    }

    /// Returns where it is stored: in the record's own row.
    fn rows(&self) -> ReferenceRows {
        ReferenceRows {
            table: self.table,
            noun: self.noun,
            field: self.column,
            rows: self.table,
            owner: "id",
            value: self.column,
            kind: None,
        }
    }
}

/// The rows in which references are stored: those of the record's own table, or of a link table for
/// a list of ids. The latter has no foreign key, since the records may be missing.
#[derive(Clone, Copy)]
pub(crate) struct ReferenceRows {
    pub(crate) table: &'static str,
    pub(crate) noun: &'static str,
    /// The column in the record's table.
    pub(crate) field: &'static str,
    /// The table with the rows.
    pub(crate) rows: &'static str,
    /// The column of the record's id.
    pub(crate) owner: &'static str,
    /// The column of the id that it refers to.
    pub(crate) value: &'static str,
    /// The kind of the list, if the table has the rows of several lists.
    pub(crate) kind: Option<&'static str>,
}

const DEPENDENCIES: ReferenceRows = ReferenceRows {
    table: "workspace_tasks",
    noun: "task",
    field: "dependencies",
    rows: "task_dependencies",
    owner: "task_id",
    value: "depends_on",
    kind: None,
};

/// Returns a list of a decision, with the kind of its rows.
const fn of_decisions(field: &'static str, kind: &'static str) -> ReferenceRows {
    ReferenceRows {
        table: "architecture_decisions",
        noun: "decision",
        field,
        rows: "decision_links",
        owner: "decision_id",
        value: "target",
        kind: Some(kind),
    }
}

impl ReferencedTable {
    /// Returns its name.
    pub(crate) fn table(self) -> &'static str {
        match self {
            ReferencedTable::Tasks => "workspace_tasks",
            ReferencedTable::Issues => "cross_repo_issues",
            ReferencedTable::Decisions => "architecture_decisions",
            ReferencedTable::States => "architecture_states",
            ReferencedTable::Placements => "component_placements",
            ReferencedTable::Scans => "drift_scans",
            ReferencedTable::Detections => "drift_detections",
        }
    }

    /// Returns the columns that refer to it.
    pub(crate) fn referrers(self) -> &'static [Reference] {
        const TASKS: &[Reference] = &[
            Reference::new(
                "cross_repo_issues",
                "issue",
                "related_task_id",
                "related_task_missing",
            ),
            Reference::new(
                "drift_detections",
                "detection",
                "related_task_id",
                "related_task_missing",
            ),
            Reference::new("architecture_tasks", "goal", "task_id", "task_missing"),
        ];
        const ISSUES: &[Reference] = &[Reference::new(
            "session_issues",
            "session link",
            "issue_id",
            "issue_missing",
        )];
        const DECISIONS: &[Reference] = &[Reference::new(
            "session_decisions",
            "session link",
            "decision_id",
            "decision_missing",
        )];
        const STATES: &[Reference] = &[
            Reference::new(
                "component_placements",
                "placement",
                "architecture_state_id",
                "architecture_state_missing",
            ),
            Reference::new(
                "architecture_tasks",
                "goal",
                "architecture_state_id",
                "architecture_state_missing",
            ),
        ];
        const PLACEMENTS: &[Reference] = &[Reference::new(
            "architecture_tasks",
            "goal",
            "component_id",
            "component_missing",
        )];
        const SCANS: &[Reference] = &[Reference::new(
            "drift_detections",
            "detection",
            "scan_id",
            "scan_missing",
        )];
        const DETECTIONS: &[Reference] = &[Reference::new(
            "configuration_changes",
            "configuration change",
            "drift_detection_id",
            "drift_detection_missing",
        )];
        match self {
            ReferencedTable::Tasks => TASKS,
            ReferencedTable::Issues => ISSUES,
            ReferencedTable::Decisions => DECISIONS,
            ReferencedTable::States => STATES,
            ReferencedTable::Placements => PLACEMENTS,
            ReferencedTable::Scans => SCANS,
            ReferencedTable::Detections => DETECTIONS,
        }
    }

    /// Returns the rows of all references to it.
    pub(crate) fn all_rows(self) -> Vec<ReferenceRows> {
        let columns = self.referrers().iter().map(Reference::rows);
        columns.chain(self.lists().iter().copied()).collect()
    }

    /// Returns the lists that refer to it.
    fn lists(self) -> &'static [ReferenceRows] {
        const TASKS: &[ReferenceRows] = &[DEPENDENCIES, of_decisions("related_tasks", "task")];
        const DECISIONS: &[ReferenceRows] = &[of_decisions("supersedes", "supersedes")];
        const DETECTIONS: &[ReferenceRows] = &[of_decisions("related_detections", "detection")];
        match self {
            ReferencedTable::Tasks => TASKS,
            ReferencedTable::Decisions => DECISIONS,
            ReferencedTable::Detections => DETECTIONS,
            ReferencedTable::Issues
            | ReferencedTable::States
            | ReferencedTable::Placements
            | ReferencedTable::Scans => &[],
        }
    }
}
