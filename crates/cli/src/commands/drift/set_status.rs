//! `wsdb drift resolve`, `reopen` and `ignore`

use clap::Args;
use wsdb_app::{StatusUpdate, resolve_all, set_detection_status};
use wsdb_core::{DetectionStatus, Timestamp};

use crate::args::{Targets, text_or_stdin};
use crate::context::Context;
use crate::error::UsageError;
use crate::render::drift::format_detection_summary;
use crate::time::{format_clock, parse_until};

#[derive(Debug, Args)]
#[command(
    before_help = "The next scan that finds a resolved detection reopens it.",
    after_help = "Example:
  wsdb drift resolve 1 --notes 'Moved to orchard-web'"
)]
pub(super) struct Resolve {
    #[command(flatten)]
    pub(super) targets: Targets,
    /// Resolution notes (- reads stdin)
    #[arg(long, short, visible_alias = "reason", value_name = "TEXT")]
    pub(super) notes: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb drift reopen 1 --notes 'Still reproducible'")]
pub(super) struct Reopen {
    #[command(flatten)]
    pub(super) targets: Targets,
    /// Reason for reopening (- reads stdin)
    #[arg(long, short, visible_alias = "reason", value_name = "TEXT")]
    pub(super) notes: Option<String>,
}

#[derive(Debug, Args)]
#[command(
    before_help = "Scans do not reopen ignored detections. After --until, they count as open
again. --reason is required unless the detections are already ignored with a
reason.",
    after_help = "Example:
  wsdb drift ignore 1 --reason 'Removed in the next release' --until 30d"
)]
pub(super) struct Ignore {
    #[command(flatten)]
    pub(super) targets: Targets,
    /// Reason for ignoring them (- reads stdin)
    #[arg(long, short, visible_alias = "notes", value_name = "TEXT")]
    pub(super) reason: Option<String>,
    /// Ignore until this time, such as 30d (from now), or until the end of a day, such as tomorrow or 2030-01-31
    /// [default: permanently]
    #[arg(long, value_name = "WHEN", value_parser = parse_until)]
    pub(super) until: Option<Timestamp>,
}

/// Returns the reason for ignoring detections. Those that are already ignored keep their reason, and
/// a note lists them.
pub(super) async fn reason(context: &Context, ignore: &Ignore) -> anyhow::Result<Option<String>> {
    let reason = text_or_stdin(ignore.reason.clone())?;
    match reason.as_deref().map(str::trim) {
        Some("") => return Err(UsageError("the reason must not be empty".to_owned()).into()),
        Some(_) => return Ok(reason),
        None => {}
    }
    let detections = context.workspace.store.drift().detections();
    let (mut kept, mut without) = (Vec::new(), Vec::new());
    for id in resolve_all(&detections, &ignore.targets.ids.ids).await? {
        let detection = detections.get(&id).await?;
        let notes = detection.resolution_notes.unwrap_or_default();
        if detection.status != DetectionStatus::Ignored || notes.trim().is_empty() {
            without.push(id.to_string());
            continue;
        }
        kept.push(format!("{id} keeps its reason: {notes}"));
    }
    if !without.is_empty() {
        let ids = without.join(", ");
        let why = format!("--reason is required to ignore {ids}");
        return Err(UsageError(why).into());
    }
    kept.iter().for_each(|note| context.ui.print_note(note));
    Ok(None)
}

pub(super) async fn run(
    context: &Context,
    targets: &Targets,
    update: StatusUpdate,
    notes: Option<String>,
) -> anyhow::Result<()> {
    let notes = text_or_stdin(notes)?;
    let (workspace, actor) = (&context.workspace, &context.actor);
    let (ids, expected) = (&targets.ids.ids, targets.expected()?);
    let notes = notes.as_deref();
    let changed = set_detection_status(workspace, actor, ids, &expected, update, notes).await?;
    context
        .ui
        .print_records("detections", &changed, |detection| {
            let (id, summary) = (&detection.id, format_detection_summary(detection));
            match detection.ignored_until {
                Some(until) => {
                    let until = format_clock(until, context.ui.now);
                    format!("Ignored {id} until {until}: {summary}")
                }
                None if detection.status == DetectionStatus::Ignored => {
                    format!("Ignored {id} permanently: {summary}")
                }
                None => format!("{id} is now {}: {summary}", detection.status),
            }
        })
}
