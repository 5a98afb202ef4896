//! What the records that people name on the command line have in common.

use serde::Serialize;
use wsdb_core::{
    Activity, ContextFilter, ContextSwitch, Decision, DecisionStatus, DetectionStatus,
    DriftDetection, DriftScan, IdSeries, Impact, Issue, IssueStatus, Priority, ScanStatus,
    ScanType, Session, SessionStatus, Severity, Task, TaskStatus, Timestamp, TriggeredBy,
    ViolationType,
};
use wsdb_store::{Connection, Record, Records};

use crate::Error;
use crate::ids::MAX_CANDIDATES;
use crate::tasks::validate_single_line;
use crate::views::{
    ActivityView, ContextView, DecisionView, DetectionView, IssueView, ScanView, SessionView,
    TaskView,
};

/// A record that people name on the command line.
pub trait Resource: Record {
    /// Series whose numbers can be used in place of ids.
    const SERIES: Option<IdSeries>;
    /// View that is returned when the record was changed.
    type View: Serialize;

    /// Returns the stored form of a field's value if the field has a vocabulary that contains it.
    fn canonical_value(_field: &str, _word: &str) -> Option<String> {
        None
    }

    /// Returns the ids of the records with this name. The default looks at the name column.
    #[allow(async_fn_in_trait)]
    async fn find_by_name<C: Connection>(
        records: &Records<'_, C, Self>,
        word: &str,
    ) -> Result<Vec<String>, Error> {
        Ok(records.ids_by_name(word, MAX_CANDIDATES).await?)
    }

    /// Checks that people may store these values; imports accept more.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the reason.
    fn validate(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Returns the record with the values that are effective at a time.
    fn effective_at(self, _now: Timestamp) -> Self {
        self
    }

    /// Like [`Noun::check`], for a record that was changed.
    ///
    /// # Errors
    /// Same as [`Noun::check`].
    fn validate_update(&self, _before: &Self) -> Result<(), Error> {
        self.validate()
    }

    /// Checks that no other record has the same value in a field that must be unique.
    ///
    /// # Errors
    /// [`Error::Taken`] with the other record.
    #[allow(async_fn_in_trait)]
    async fn check_unique<C: Connection>(
        &self,
        _records: &Records<'_, C, Self>,
    ) -> Result<(), Error> {
        Ok(())
    }

    /// Updates the time of the last change, if the record has a column for it.
    fn set_updated_at(&mut self, _now: Timestamp) {}
}

impl Resource for DriftDetection {
    const SERIES: Option<IdSeries> = Some(IdSeries::DETECTIONS);
    type View = DetectionView;

    fn canonical_value(field: &str, word: &str) -> Option<String> {
        match field {
            "status" => canonical::<DetectionStatus>(word),
            "severity" => canonical::<Severity>(word),
            "violation_type" => canonical::<ViolationType>(word),
            _ => None,
        }
    }

    fn validate(&self) -> Result<(), Error> {
        let named = |what: &str, text: &str| match text.trim() {
            "" => Err(Error::Invalid(format!("the {what} is empty"))),
            _ => Ok(()),
        };
        named("repo", &self.repo).and(named("file", &self.file_path))
    }

    fn effective_at(mut self, now: Timestamp) -> Self {
        self.status = self.effective_status(now);
        self
    }
}

impl Resource for DriftScan {
    const SERIES: Option<IdSeries> = Some(IdSeries::SCANS);
    type View = ScanView;

    fn canonical_value(field: &str, word: &str) -> Option<String> {
        match field {
            "status" => canonical::<ScanStatus>(word),
            "scan_type" => canonical::<ScanType>(word),
            "triggered_by" => canonical::<TriggeredBy>(word),
            _ => None,
        }
    }
}

impl Resource for ContextSwitch {
    const SERIES: Option<IdSeries> = Some(IdSeries::CONTEXTS);
    type View = ContextView;

    fn validate(&self) -> Result<(), Error> {
        match self.deactivated_at {
            Some(end) if end < self.activated_at => Err(Error::Invalid(format!(
                "the end {end} is before the start {}",
                self.activated_at
            ))),
            _ => Ok(()),
        }
    }

    /// An actor has at most one open context. Imported data may violate this and is left unchanged.
    async fn check_unique<C: Connection>(
        &self,
        records: &Records<'_, C, Self>,
    ) -> Result<(), Error> {
        let before = records.get(&self.id).await?;
        let stays = |stay: &ContextSwitch| {
            stay.deactivated_at.is_none() && stay.activated_by == self.activated_by
        };
        if !stays(self) || stays(&before) {
            return Ok(());
        }
        let open = ContextFilter {
            active: Some(true),
            by: self.activated_by.iter().cloned().collect(),
            ..ContextFilter::default()
        };
        let open = records.list(&open).await?.into_iter();
        match open.filter(stays).find(|stay| stay.id != self.id) {
            Some(stay) => Err(Error::AlreadyExists {
                noun: "context",
                id: stay.id.to_string(),
                has: match stay.activated_by {
                    Some(by) => format!("is already the open context of {by}"),
                    None => "is still open".to_owned(),
                },
            }),
            None => Ok(()),
        }
    }
}

pub(crate) fn canonical<V: std::str::FromStr + ToString>(word: &str) -> Option<String> {
    word.parse::<V>().ok().map(|word| word.to_string())
}

impl Resource for Task {
    const SERIES: Option<IdSeries> = Some(IdSeries::TASKS);
    type View = TaskView;

    fn canonical_value(field: &str, word: &str) -> Option<String> {
        match field {
            "status" => canonical::<TaskStatus>(word),
            "priority" => canonical::<Priority>(word),
            _ => None,
        }
    }
}

impl Resource for Issue {
    const SERIES: Option<IdSeries> = Some(IdSeries::ISSUES);
    type View = IssueView;

    fn canonical_value(field: &str, word: &str) -> Option<String> {
        match field {
            "status" => canonical::<IssueStatus>(word),
            "severity" => canonical::<Severity>(word),
            _ => None,
        }
    }

    fn validate(&self) -> Result<(), Error> {
        validate_single_line("title", &self.title)
    }
}

impl Resource for Decision {
    const SERIES: Option<IdSeries> = Some(IdSeries::DECISIONS);
    type View = DecisionView;

    fn canonical_value(field: &str, word: &str) -> Option<String> {
        match field {
            "status" => canonical::<DecisionStatus>(word),
            "impact" => canonical::<Impact>(word),
            _ => None,
        }
    }

    fn validate(&self) -> Result<(), Error> {
        match self.decision.trim() {
            "" => Err(Error::Invalid("the decision is empty".to_owned())),
            _ => Ok(()),
        }
    }
}

impl Resource for Session {
    const SERIES: Option<IdSeries> = None;
    type View = SessionView;

    fn canonical_value(field: &str, word: &str) -> Option<String> {
        match field {
            "status" => canonical::<SessionStatus>(word),
            _ => None,
        }
    }
}

impl Resource for Activity {
    const SERIES: Option<IdSeries> = None;
    type View = ActivityView;

    fn validate(&self) -> Result<(), Error> {
        match self.description.trim() {
            "" => Err(Error::Invalid("the description is empty".to_owned())),
            _ => Ok(()),
        }
    }
}
