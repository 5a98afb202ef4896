//! The shape of a record in its file: which list contains it, and which keys it has.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use wsdb_core::Json;

use crate::digest::digest;

/// The shape of a record as text, one line for the list (`@LIST`), one for each mark, and one for each key:
/// `KEY`, or `KEY>FIELD` for a key that means the field, or `KEY=FIELD` if it also has a single value instead
/// of a list.
pub(crate) type ShapeText = Arc<str>;

/// The list of tasks that some documents have besides `active_tasks`.
pub(crate) const COMPLETED_TASKS: &str = "completed_tasks";

/// The lists within a session.
const NESTED_LISTS: [&str; 3] = ["activities", "decisions_made", "issues_found"];

const LIST_PREFIX: char = '@';

/// Marks a record that is in the list of open ones although it is closed.
const PINNED: &str = "@!";

/// Marks a record that is a text instead of an object.
const TEXT: &str = "@\"";

/// The values that an import assumes for fields that a record in a file lacks.
pub(crate) type AssumedFields = Vec<(&'static str, Json)>;

/// Builds the text of a shape.
#[derive(Debug, Default)]
pub(crate) struct ShapeBuilder(String);

impl ShapeBuilder {
    fn line(&mut self) -> &mut String {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        &mut self.0
    }

    pub(crate) fn list(&mut self, list: &str) {
        let line = self.line();
        line.push(LIST_PREFIX);
        line.push_str(list);
    }

    /// Continues the text of a shape with a note that the record stays in its list.
    pub(crate) fn pinned(text: &str) -> Self {
        let mut builder = ShapeBuilder(text.to_owned());
        builder.pin();
        builder
    }

    /// Notes that the record stays in its list, which is that of open ones, although it is closed.
    fn pin(&mut self) {
        self.line().push_str(PINNED);
    }

    /// Notes that the record is a text instead of an object.
    pub(crate) fn text(&mut self) {
        self.line().push_str(TEXT);
    }

    /// Adds the key of a field.
    pub(crate) fn key(&mut self, key: &str) {
        self.line().push_str(key);
    }

    /// Adds a key that means a field.
    pub(crate) fn key_of(&mut self, key: &str, field: &str, is_single: bool) {
        if key == field || key.contains(['\n', '>', '=', LIST_PREFIX]) {
            return self.key(field);
        }
        let line = self.line();
        line.push_str(key);
        line.push(if is_single { '=' } else { '>' });
        line.push_str(field);
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The shape of a record.
#[derive(Debug, Default, Clone)]
pub(crate) struct Shape {
    /// The list that contains the record, if its document has several for the kind.
    pub(crate) list: Option<String>,
    /// Whether it stays in the list of open records although it is closed.
    pub(crate) is_pinned: bool,
    /// Whether it is a text instead of an object.
    pub(crate) is_text: bool,
    /// Each key in the file, with the field that it means.
    keys: Vec<ShapeKey>,
}

#[derive(Debug, Clone, PartialEq)]
struct ShapeKey {
    key: String,
    field: String,
    /// Whether a single value is written without its list.
    is_single: bool,
}

impl Shape {
    pub(crate) fn parse(text: &str) -> Self {
        let mut shape = Shape::default();
        for line in text.split('\n').filter(|line| !line.is_empty()) {
            if let Some(list) = line.strip_prefix(LIST_PREFIX) {
                match line {
                    PINNED => shape.is_pinned = true,
                    TEXT => shape.is_text = true,
                    _ => shape.list = Some(list.to_owned()),
                }
                continue;
            }
            let renamed = line.split_once(['>', '=']);
            let (key, field) = renamed.unwrap_or((line, line));
            shape.keys.push(ShapeKey {
                key: key.to_owned(),
                field: field.to_owned(),
                is_single: line.contains('='),
            });
        }
        shape
    }

    /// Returns the keys under which a field is written.
    fn keys_of(&self, field: &str) -> impl Iterator<Item = &ShapeKey> {
        self.keys.iter().filter(move |key| key.field == field)
    }

    /// Returns the key under which a record contains a nested list.
    pub(crate) fn nested_key(&self, field: &str) -> Option<&str> {
        self.keys_of(field).map(|key| key.key.as_str()).next()
    }

    /// Returns whether the record has a key of this field.
    pub(crate) fn has_field(&self, field: &str) -> bool {
        self.keys_of(field).next().is_some()
    }

    /// Returns a shape with these fields, under their own names.
    pub(crate) fn of_fields<'f>(fields: impl Iterator<Item = &'f str>) -> Self {
        let key = |field: &str| ShapeKey {
            key: field.to_owned(),
            field: field.to_owned(),
            is_single: false,
        };
        Shape {
            keys: fields.map(key).collect(),
            ..Shape::default()
        }
    }

    /// Returns a shape with the fields of all shapes, each under the keys that most records have for it.
    /// The number of a shape is that of the records that have it.
    pub(crate) fn common<'s>(texts: impl Iterator<Item = (&'s str, usize)>) -> Self {
        let mut counts: BTreeMap<String, Vec<(Vec<ShapeKey>, usize)>> = BTreeMap::new();
        let mut order: Vec<String> = Vec::new();
        for (text, count) in texts {
            let shape = Shape::parse(text);
            let mut fields: Vec<&str> = shape.keys.iter().map(|key| key.field.as_str()).collect();
            fields.dedup();
            for field in fields {
                let keys: Vec<ShapeKey> = shape.keys_of(field).cloned().collect();
                let known = counts.entry(field.to_owned()).or_insert_with(|| {
                    order.push(field.to_owned());
                    Vec::new()
                });
                match known.iter_mut().find(|(known, _)| *known == keys) {
                    Some((_, total)) => *total += count,
                    None => known.push((keys, count)),
                }
            }
        }
        let mut common = Shape::default();
        for field in order {
            let keys = counts.remove(&field).unwrap_or_default();
            // With as many records of each, a field has its own name.
            let is_own = |keys: &[ShapeKey]| matches!(keys, [only] if only.key == field);
            let best = keys
                .into_iter()
                .max_by_key(|(keys, count)| (*count, is_own(keys)));
            common
                .keys
                .extend(best.into_iter().flat_map(|(keys, _)| keys));
        }
        common
    }

    /// Writes the fields of a record under the keys of the shape. A field that the shape lacks is
    /// written if it has another value than the one that is assumed then.
    pub(crate) fn apply(
        &self,
        fields: Vec<(Cow<'static, str>, Json)>,
        columns: &[&str],
        assumed: &AssumedFields,
    ) -> Vec<(Cow<'static, str>, Json)> {
        let is_assumed = |name: &str, value: &Json| {
            let mut assumed = assumed.iter();
            assumed.any(|(field, assumed)| *field == name && assumed == value)
        };
        let mut written = Vec::with_capacity(fields.len());
        for (name, value) in fields {
            if !columns.contains(&name.as_ref()) {
                written.push((name, value));
                continue;
            }
            if !self.has_field(&name) {
                if digest(&value).is_some() && !is_assumed(&name, &value) {
                    written.push((name, value));
                }
                continue;
            }
            for key in self.keys_of(&name) {
                let value = match &value {
                    Json::Array(items) if key.is_single && items.len() == 1 => items[0].clone(),
                    value => value.clone(),
                };
                written.push((key.key.clone().into(), value));
            }
        }
        written
    }
}

/// Returns the text of the shape of an exported record.
pub(crate) fn shape_of_export(
    list: Option<&str>,
    written: &[&str],
    is_text: bool,
    shape: &Shape,
    columns: &[&str],
) -> ShapeText {
    let mut builder = ShapeBuilder::default();
    if let Some(list) = list {
        builder.list(list);
    }
    if shape.is_pinned {
        builder.pin();
    }
    if is_text {
        builder.text();
    }
    for key in written {
        match shape.keys.iter().find(|known| known.key == *key) {
            Some(known) if known.key != known.field => {
                builder.key_of(key, &known.field, known.is_single);
            }
            Some(_) => builder.key(key),
            None if columns.contains(key) || NESTED_LISTS.contains(key) => builder.key(key),
            None => {}
        }
    }
    builder.as_str().into()
}
