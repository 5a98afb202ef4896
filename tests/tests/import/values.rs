//! Generated values and records.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use wsdb_core::{Json, JsonObject};

pub(crate) fn text() -> impl Strategy<Value = Json> {
    prop_oneof![
        "\\PC{0,12}",
        any::<String>(),
        select(vec![
            "🍐 „Äpfel“",
            "a\u{1b}[31m",
            "\u{202e}x",
            "",
            " ",
            "2025-11-20",
            "null"
        ])
        .prop_map(str::to_owned),
    ]
    .prop_map(Json::from)
}

pub(crate) fn time() -> impl Strategy<Value = Json> {
    let date =
        (1i32..=9998, 1u32..=12, 1u32..=28).prop_map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}"));
    let clock =
        (0u32..24, 0u32..60, 0u32..60).prop_map(|(h, m, s)| format!("{h:02}:{m:02}:{s:02}"));
    let fraction = prop_oneof![
        Just(String::new()),
        (0u32..1_000_000).prop_map(|f| format!(".{f:06}")),
        (0u32..1000).prop_map(|f| format!(".{f:03}"))
    ];
    let zone = select(vec!["", "Z", "+02:00", "-05:30", "+00:00"]);
    prop_oneof![
        date.clone(),
        (date, select(vec!["T", " "]), clock, fraction, zone)
            .prop_map(|(d, between, c, f, z)| format!("{d}{between}{c}{f}{z}")),
    ]
    .prop_map(Json::from)
}

/// Any JSON, with numbers of any size and precision.
pub(crate) fn any_json() -> impl Strategy<Value = Json> {
    let number = prop_oneof![
        any::<i64>().prop_map(|n| n.to_string()),
        any::<u128>().prop_map(|n| n.to_string()),
        "-?[1-9][0-9]{0,30}\\.[0-9]{1,20}",
        "[1-9]e-?[1-9][0-9]{0,2}",
    ]
    .prop_map(|digits| serde_json::from_str::<Json>(&digits).unwrap());
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        number,
        text(),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::from),
            btree_map("[a-z_.$/ ]{1,6}", inner, 0..4)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

/// One of these words.
pub(crate) fn choice(words: &'static [&'static str]) -> impl Strategy<Value = Json> {
    select(words).prop_map(Json::from)
}

/// A list of texts.
pub(crate) fn texts(range: std::ops::Range<usize>) -> impl Strategy<Value = Json> {
    vec(text(), range).prop_map(Json::from)
}

/// The id of a record that exists or not.
pub(crate) fn id(prefix: &'static str) -> impl Strategy<Value = Json> {
    (0u32..12).prop_map(move |n| Json::from(format!("{prefix}-{n:03}")))
}

/// A field of generated records.
pub(crate) struct Field {
    name: &'static str,
    is_required: bool,
    value: BoxedStrategy<Json>,
}

/// A field that every record has.
pub(crate) fn required(name: &'static str, value: impl Strategy<Value = Json> + 'static) -> Field {
    Field {
        name,
        is_required: true,
        value: value.boxed(),
    }
}

/// A field that may be missing or null.
pub(crate) fn optional(name: &'static str, value: impl Strategy<Value = Json> + 'static) -> Field {
    let value = prop_oneof![4 => value, 1 => Just(Json::Null)];
    Field {
        name,
        is_required: false,
        value: value.boxed(),
    }
}

/// Up to four records with the ids `PREFIX-000`, `PREFIX-002` and so on in the field `key`; some
/// have a field that wsdb does not know.
pub(crate) fn records(
    prefix: &'static str,
    key: &'static str,
    fields: Vec<Field>,
) -> BoxedStrategy<Vec<Json>> {
    let mut object = Just(JsonObject::new()).boxed();
    for field in fields {
        let value = if field.is_required {
            field.value.prop_map(Some).boxed()
        } else {
            option::of(field.value).boxed()
        };
        object = (object, value)
            .prop_map(move |(mut object, value)| {
                if let Some(value) = value {
                    object.insert(field.name.to_owned(), value);
                }
                object
            })
            .boxed();
    }
    let object = (object, unknown_field()).prop_map(|(mut object, unknown)| {
        object.extend(unknown);
        object
    });
    vec(object, 0..5)
        .prop_map(move |objects| {
            let numbered = objects.into_iter().enumerate();
            numbered
                .map(|(index, mut object)| {
                    let id = format!("{prefix}-{:03}", index * 2);
                    object.insert(key.to_owned(), Json::from(id));
                    Json::Object(object)
                })
                .collect()
        })
        .boxed()
}

/// Now and then a field that wsdb does not know.
pub(crate) fn unknown_field() -> impl Strategy<Value = Option<(String, Json)>> {
    option::weighted(0.3, ("x_[a-z]{1,5}", any_json()))
}
