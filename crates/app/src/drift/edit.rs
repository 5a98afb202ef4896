//! Actions on detections.

use wsdb_core::{
    DetectionFilter, DetectionStatus, DriftDetection, Finding, Timestamp, fingerprints,
};

use crate::views::DetectionView;
use crate::{Actor, Error, Precondition, Resource, Workspace, edit_records};

/// Adds a detection found by a person, with the next id. Scans do not resolve it until one of them
/// has found it as well.
///
/// # Errors
/// [`Error::AlreadyDetected`] if it is recorded already, [`Error::Malformed`] if its repo or file is
/// empty.
pub async fn add_detection(
    workspace: &Workspace,
    actor: &Actor,
    finding: &Finding,
) -> Result<DetectionView, Error> {
    let fingerprint = fingerprints(std::slice::from_ref(finding)).remove(0);
    let added = workspace
        .by(actor, "drift add")
        .write(async |store| {
            let drift = store.drift();
            let same = DetectionFilter {
                repo: vec![finding.repo.clone()],
                fingerprint: vec![fingerprint.clone()],
                ..DetectionFilter::default()
            };
            if let Some(known) = drift.detections().list(&same).await?.first() {
                let status = known.effective_status(actor.moment());
                return Err(Error::AlreadyDetected {
                    id: known.id.clone(),
                    status,
                });
            }
            let added = drift.add(|id| {
                let finding = finding.clone();
                let mut detection = finding.detection(id, fingerprint.clone(), None, actor.now);
                detection.last_seen = None;
                detection
            });
            let added = added.await?;
            added.validate()?;
            Ok(added)
        })
        .await?;
    Ok(added.into())
}

/// A new status of detections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusUpdate {
    /// They are open again.
    Reopen,
    /// They were fixed.
    Resolve,
    /// They are ignored.
    Ignore {
        /// When they count as open again; `None` for never.
        until: Option<Timestamp>,
    },
}

/// Sets the status of the named detections, all or none.
///
/// # Errors
/// Same as [`edit_records`].
pub async fn set_detection_status(
    workspace: &Workspace,
    actor: &Actor,
    names: &[String],
    expected: &Precondition,
    update: StatusUpdate,
    notes: Option<&str>,
) -> Result<Vec<DetectionView>, Error> {
    let (verb, status, until) = match update {
        StatusUpdate::Reopen => ("drift reopen", DetectionStatus::Open, None),
        StatusUpdate::Resolve => ("drift resolve", DetectionStatus::Resolved, None),
        StatusUpdate::Ignore { until } => ("drift ignore", DetectionStatus::Ignored, until),
    };
    let edit = |detection: &mut DriftDetection| {
        if detection.effective_status(actor.moment()) != detection.status {
            // The time for which it was ignored has passed; reopen it first.
            detection.set_status(DetectionStatus::Open, None, None, actor.now);
        }
        let (by, notes) = (Some(actor.name.clone()), notes.map(str::to_owned));
        detection.set_status(status, by, notes, actor.now);
        detection.ignored_until = until;
    };
    edit_records(workspace, actor, verb, names, expected, edit).await
}
