//! How records other than those of an architecture are named and checked.

use wsdb_core::{
    Activity, ConfigurationChange, ConfigurationSnapshot, ContextFilter, ContextSwitch, Decision,
    DecisionStatus, DetectionStatus, DriftDetection, DriftScan, Impact, Issue, IssueStatus, Moment,
    Priority, ScanStatus, ScanType, Session, SessionStatus, Severity, Task, TaskStatus,
    TriggeredBy, ViolationType,
};
use wsdb_store::{Connection, Records};

use super::{Resource, canonical};
use crate::Error;
use crate::validate::validate_single_line;
use crate::views::{
    ActivityView, ConfigurationChangeView, ContextView, DecisionView, DetectionView, IssueView,
    ScanView, SessionView, SnapshotView, TaskView,
};

impl Resource for Task {
    type View = TaskView;

    fn canonical_value(field: &str, value: &str) -> Option<String> {
        match field {
            "status" => canonical::<TaskStatus>(value),
            "priority" => canonical::<Priority>(value),
            _ => None,
        }
    }
}

impl Resource for Issue {
    type View = IssueView;

    fn canonical_value(field: &str, value: &str) -> Option<String> {
        match field {
            "status" => canonical::<IssueStatus>(value),
            "severity" => canonical::<Severity>(value),
            _ => None,
        }
    }

    fn validate(&self) -> Result<(), Error> {
        validate_single_line("title", &self.title)
    }
}

impl Resource for Decision {
    type View = DecisionView;

    fn canonical_value(field: &str, value: &str) -> Option<String> {
        match field {
            "status" => canonical::<DecisionStatus>(value),
            "impact" => canonical::<Impact>(value),
            _ => None,
        }
    }

    fn validate(&self) -> Result<(), Error> {
        match self.decision.trim() {
            "" => Err(Error::Malformed("decision must not be empty".to_owned())),
            _ => Ok(()),
        }
    }
}

impl Resource for Session {
    type View = SessionView;

    fn canonical_value(field: &str, value: &str) -> Option<String> {
        match field {
            "status" => canonical::<SessionStatus>(value),
            _ => None,
        }
    }
}

impl Resource for Activity {
    type View = ActivityView;

    fn validate(&self) -> Result<(), Error> {
        match self.description.trim() {
            "" => Err(Error::Malformed("description must not be empty".to_owned())),
            _ => Ok(()),
        }
    }
}

impl Resource for DriftDetection {
    type View = DetectionView;

    fn canonical_value(field: &str, value: &str) -> Option<String> {
        match field {
            "status" => canonical::<DetectionStatus>(value),
            "severity" => canonical::<Severity>(value),
            "violation_type" => canonical::<ViolationType>(value),
            _ => None,
        }
    }

    fn validate(&self) -> Result<(), Error> {
        let not_empty = |what: &str, text: &str| match text.trim() {
            "" => Err(Error::Malformed(format!("{what} must not be empty"))),
            _ => Ok(()),
        };
        not_empty("repo", &self.repo).and(not_empty("file", &self.file_path))
    }

    fn validate_update(&self, before: &Self) -> Result<(), Error> {
        if self.file_path != before.file_path && wsdb_core::leads_up(&self.file_path) {
            let reason = format!("{} is outside the repo {}", self.file_path, self.repo);
            return Err(Error::Malformed(reason));
        }
        self.validate()
    }

    fn effective_at(mut self, now: Moment) -> Self {
        self.status = self.effective_status(now);
        self
    }
}

impl Resource for DriftScan {
    type View = ScanView;

    fn canonical_value(field: &str, value: &str) -> Option<String> {
        match field {
            "status" => canonical::<ScanStatus>(value),
            "scan_type" => canonical::<ScanType>(value),
            "triggered_by" => canonical::<TriggeredBy>(value),
            _ => None,
        }
    }
}

impl Resource for ContextSwitch {
    type View = ContextView;

    /// An actor has at most one visit that has not ended. Imported data may violate this and is left unchanged.
    async fn check_unique<C: Connection>(
        &self,
        records: &Records<'_, C, Self>,
    ) -> Result<(), Error> {
        let before = records.get(&self.id).await?;
        let is_open = |visit: &ContextSwitch| {
            visit.deactivated_at.is_none() && visit.activated_by == self.activated_by
        };
        if !is_open(self) || is_open(&before) {
            return Ok(());
        }
        let open = ContextFilter {
            active: Some(true),
            by: self.activated_by.iter().cloned().collect(),
            ..ContextFilter::default()
        };
        let open = records.list(&open).await?.into_iter();
        match open.filter(is_open).find(|visit| visit.id != self.id) {
            Some(visit) => Err(Error::AlreadyExists {
                noun: "visit",
                id: visit.id.to_string(),
                reason: match visit.activated_by {
                    Some(by) => format!(
                        "of {by} has not ended, and a user can have only one open visit; end it first"
                    ),
                    None => {
                        "has not ended, and only one visit without a user can be open; end it first"
                            .to_owned()
                    }
                },
            }),
            None => Ok(()),
        }
    }
}

impl Resource for ConfigurationSnapshot {
    type View = SnapshotView;
}

impl Resource for ConfigurationChange {
    type View = ConfigurationChangeView;

    fn validate(&self) -> Result<(), Error> {
        match self.repo.trim() {
            "" => Err(Error::Malformed("repo must not be empty".to_owned())),
            _ => Ok(()),
        }
    }
}
