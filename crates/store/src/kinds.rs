//! The list of all kinds of records.

/// Calls a macro with every kind of record: a name for its records, and its type in `wsdb_core`.
/// Each kind comes after those that it refers to by a foreign key. This list drives history, undo,
/// copy, import and export.
///
/// Arguments after the name of the macro are passed on before the list.
///
/// ```
/// macro_rules! names {
///     ($($records:ident: $record:ident,)*) => { [$(stringify!($records)),*] };
/// }
/// assert!(wsdb_store::for_each_kind!(names).contains(&"tasks"));
/// ```
#[macro_export]
macro_rules! for_each_kind {
    ($($callback:ident)::+ $(, $($arguments:tt)*)?) => {
        $($callback)::+! {
            $($($arguments)*)?
            tasks: Task,
            claims: Claim,
            sessions: Session,
            decisions: Decision,
            issues: Issue,
            activities: Activity,
            session_decisions: SessionDecision,
            session_issues: SessionIssue,
            states: ArchitectureState,
            placements: ComponentPlacement,
            goals: ArchitectureGoal,
            scans: DriftScan,
            detections: DriftDetection,
            contexts: ContextSwitch,
            snapshots: ConfigurationSnapshot,
            changes: ConfigurationChange,
        }
    };
}

pub(crate) use for_each_kind;
