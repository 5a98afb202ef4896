//! Expected field values, so that only one of several concurrent changes is made.

use serde::Serialize;
use wsdb_core::Json;

use crate::record_names::with_article;
use crate::{Error, Resource};

/// Expected values of fields, named as in the JSON output. Checked in the transaction of the
/// change.
///
/// ```
/// use wsdb_app::Precondition;
///
/// let expected = Precondition::parse(&["status=pending".into()])?;
/// assert!(Precondition::parse(&["pending".into()]).is_err());
/// assert!(Precondition::parse(&["status=pending".into(), "status=done".into()]).is_err());
/// # Ok::<(), wsdb_app::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Precondition(Vec<(String, String)>);

impl Precondition {
    /// Parses `FIELD=VALUE`. The value is JSON or the short form of it: a string without quotes, a
    /// list with commas. `null`, or nothing after the `=`, means that the field is empty.
    ///
    /// # Errors
    /// [`Error::Malformed`] if there is no `=`, or if a field has two different values.
    pub fn parse(conditions: &[String]) -> Result<Self, Error> {
        let pairs = conditions.iter().map(|condition| {
            let (field, value) = condition.split_once('=').ok_or_else(|| {
                Error::Malformed(format!(
                    "invalid condition {condition:?}: expected FIELD=VALUE, such as status=pending"
                ))
            })?;
            Ok((field.trim().to_owned(), value.trim().to_owned()))
        });
        let pairs: Vec<(String, String)> = pairs.collect::<Result<_, Error>>()?;
        for (index, (field, value)) in pairs.iter().enumerate() {
            let mut before = pairs[..index].iter();
            if let Some((_, other)) = before.find(|(known, other)| known == field && other != value)
            {
                return Err(Error::Malformed(format!(
                    "contradictory conditions: {field} cannot be both {other} and {value}"
                )));
            }
        }
        Ok(Precondition(pairs))
    }

    /// Returns whether no value is expected.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Checks that a record, as shown in the JSON output, has the expected values.
    pub(crate) fn check<R: Resource>(
        &self,
        id: &R::Id,
        view: impl FnOnce() -> R::View,
    ) -> Result<(), Error> {
        if self.0.is_empty() {
            return Ok(());
        }
        let Ok(Json::Object(fields)) = Json::encode(&view()) else {
            return Err(Error::Malformed(
                "the record is not a JSON object".to_owned(),
            ));
        };
        for (field, expected) in &self.0 {
            let Some(found) = fields.get(field) else {
                let known: Vec<&str> = fields.keys().map(String::as_str).collect();
                return Err(Error::Malformed(format!(
                    "{} has no field {field:?} (expected one of: {})",
                    with_article(R::NOUN),
                    known.join(", ")
                )));
            };
            // The expected value may be JSON: `null`, `["orchard-core"]`.
            let as_json = expected.parse::<Json>();
            let is_json = as_json.is_ok_and(|expected| expected == *found);
            let found = display_value(found);
            // A value of a vocabulary may be written as an alias: `done`, `In Progress`.
            let same = is_json
                || found == *expected
                || R::canonical_value(field, expected).as_ref() == Some(&found);
            if !same {
                let or_nothing = |text: String| match text.as_str() {
                    "" => "empty".to_owned(),
                    _ => text,
                };
                return Err(Error::Unexpected {
                    noun: R::NOUN,
                    id: id.as_ref().to_owned(),
                    field: field.clone(),
                    found: or_nothing(found),
                    expected: or_nothing(expected.clone()),
                });
            }
        }
        Ok(())
    }
}

/// Formats a value in the short form: lists with commas, nothing for null.
fn display_value(value: &impl Serialize) -> String {
    match Json::encode(value).unwrap_or_default() {
        Json::Null => String::new(),
        Json::String(text) => text,
        Json::Array(values) => values
            .iter()
            .map(display_value)
            .collect::<Vec<_>>()
            .join(","),
        value => value.to_string(),
    }
}
