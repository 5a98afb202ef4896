//! Reads the fields that wsdb wrote into the front matter.

use wsdb_core::{Decision, DecisionId, DecisionStatus, Json, JsonError, JsonObject, Timestamp};

use crate::madr::adr::{Adr, is_titled, rationale};
use crate::madr::block::BLOCK_FIELDS;
use crate::madr::page_context::day_of;
use crate::madr::{madr_status, parse_status};

/// Whether the page still has the words that it had when wsdb wrote another status into its fields.
fn has_earlier_status(adr: &Adr, fields: &JsonObject) -> bool {
    let earlier = fields.get("page-status").and_then(Json::as_str);
    let status = adr.fields.status.as_ref();
    status.is_some_and(|status| earlier == Some(status.text.as_str()))
}

/// Whether the status of the page is the one in the fields that wsdb wrote.
pub(super) fn has_wsdb_status(adr: &Adr, fields: &JsonObject) -> bool {
    let is_understood = adr
        .status
        .is_some_and(|status| status != DecisionStatus::Unknown);
    fields.contains_key("status") && (!is_understood || has_earlier_status(adr, fields))
}

/// Returns the decision from the fields that wsdb wrote; later edits of the page take precedence.
pub(super) fn parse_wsdb_fields(
    adr: &Adr,
    fields: &Json,
    outcome: &str,
) -> Result<Decision, String> {
    let fields = fields.as_object().ok_or("expected a mapping")?;
    if let Some(key) = fields
        .keys()
        .find(|key| !BLOCK_FIELDS.contains(&key.as_str()))
    {
        return Err(format!(
            "unknown key {key:?} (expected one of: {})",
            BLOCK_FIELDS.join(", ")
        ));
    }
    let text = |key: &str| match fields.get(key) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.clone())),
        Some(Json::Number(number)) => Ok(Some(number.to_string())),
        Some(_) => Err(format!("{key}: expected a string")),
    };
    let texts = |key: &str| match fields.get(key) {
        None | Some(Json::Null) => Ok(Vec::new()),
        Some(Json::Array(list)) => {
            let texts = list.iter().map(|value| match value {
                Json::String(text) => Ok(text.clone()),
                Json::Number(number) => Ok(number.to_string()),
                _ => Err(format!("{key}: expected a list of strings")),
            });
            texts.collect()
        }
        Some(Json::String(text)) => Ok(vec![text.clone()]),
        Some(_) => Err(format!("{key}: expected a list of strings")),
    };
    fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(
        key: &str,
        text: String,
    ) -> Result<T, String> {
        text.parse()
            .map_err(|error: T::Err| format!("{key}: {error}"))
    }
    fn parse_all<T: std::str::FromStr<Err: std::fmt::Display>>(
        key: &str,
        list: Vec<String>,
    ) -> Result<Vec<T>, String> {
        list.into_iter().map(|text| parse(key, text)).collect()
    }
    let json = |key: &str| match text(key)? {
        Some(text) => {
            let mut value: Json = text
                .parse()
                .map_err(|error: JsonError| format!("{key}: {error}"))?;
            wsdb_core::normalize_numbers(&mut value);
            Ok(Some(value))
        }
        None => Ok::<_, String>(None),
    };

    let id: DecisionId = parse("id", text("id")?.ok_or("missing key \"id\"")?)?;
    let exact_text = text("decision")?;
    let decision = match exact_text {
        Some(text) if is_titled(&text, &adr.title) => text,
        // People changed the title.
        _ => adr.title.clone(),
    };
    let zoned_date = text("date")?;
    let exact_date = zoned_date
        .clone()
        .map(|text| parse::<Timestamp>("date", text))
        .transpose()?;
    let is_same_day = |day: Timestamp| {
        let day = day.to_string();
        zoned_date.is_some_and(|date| day_of(&date) == day_of(&day))
    };
    let date = match (exact_date, adr.date) {
        // The day is that of the time zone in which the page was written.
        (Some(exact), Some(day)) if is_same_day(day) => exact,
        (_, Some(day)) => day,
        (Some(exact), None) => exact,
        // The caller sets the date.
        (None, None) => parse("date", "1970-01-01".to_owned())?,
    };
    let exact_status = text("status")?
        .map(|text| parse::<DecisionStatus>("status", text))
        .transpose()?;
    let status = match (exact_status, adr.status) {
        (Some(exact), Some(status)) if parse_status(madr_status(exact)) == Some(status) => exact,
        // The page has words that are not understood.
        (Some(exact), None | Some(DecisionStatus::Unknown)) => exact,
        // The words could not be replaced.
        (Some(exact), _) if has_earlier_status(adr, fields) => exact,
        (_, Some(status)) => status,
        (None, None) => DecisionStatus::Unknown,
    };
    let mut decision = Decision::new(id, decision, date);
    decision.status = status;
    decision.session = text("session")?
        .map(|text| parse("session", text))
        .transpose()?;
    decision.impact = text("impact")?
        .map(|text| parse("impact", text))
        .transpose()?;
    decision.repos_affected = texts("repos")?;
    decision.related_files = texts("files")?;
    decision.documentation = texts("documentation")?;
    decision.supersedes = parse_all("supersedes", texts("supersedes")?)?;
    decision.related_tasks = parse_all("tasks", texts("tasks")?)?;
    decision.related_components = texts("components")?;
    decision.related_detections = parse_all("detections", texts("detections")?)?;
    decision.rationale = match text("rationale")? {
        // The text of a page in a style of its own is not a rationale.
        Some(text) if text.is_empty() && fields.contains_key("style") => None,
        text => rationale(outcome, text),
    };
    decision.extra_metadata = json("metadata")?;
    decision.document_fields = match json("fields")? {
        None => JsonObject::new(),
        Some(Json::Object(fields)) => fields,
        Some(_) => return Err("fields: expected a JSON object".to_owned()),
    };
    Ok(decision)
}
