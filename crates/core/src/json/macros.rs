//! The `json!` macro.

/// Creates a [`Json`](crate::Json) value from JSON syntax with expressions as values.
///
/// # Panics
/// Panics if a value cannot be represented in JSON, such as a map whose keys are not strings.
///
/// ```
/// use wsdb_core::json;
/// let ids = vec!["WS-TASK-001"];
/// let json = json!({"deleted": ids, "total": ids.len(), "more": null, "by": {"actor": "mira"}});
/// assert_eq!(json["deleted"][0], "WS-TASK-001");
/// assert_eq!(json["by"]["actor"], "mira");
/// ```
#[macro_export]
macro_rules! json {
    (@value null) => { $crate::Json::Null };
    (@value [$($list:tt)*]) => { $crate::json!([$($list)*]) };
    (@value {$($object:tt)*}) => { $crate::json!({$($object)*}) };
    (@value $value:expr) => {
        $crate::Json::encode(&$value).expect("a value that JSON can represent")
    };

    // With `push`, clippy would suggest `vec!` to the callers.
    (@list $list:ident) => {};
    (@list $list:ident null $(, $($rest:tt)*)?) => {
        $list.extend([$crate::Json::Null]);
        $crate::json!(@list $list $($($rest)*)?);
    };
    (@list $list:ident [$($inner:tt)*] $(, $($rest:tt)*)?) => {
        $list.extend([$crate::json!([$($inner)*])]);
        $crate::json!(@list $list $($($rest)*)?);
    };
    (@list $list:ident {$($inner:tt)*} $(, $($rest:tt)*)?) => {
        $list.extend([$crate::json!({$($inner)*})]);
        $crate::json!(@list $list $($($rest)*)?);
    };
    (@list $list:ident $value:expr $(, $($rest:tt)*)?) => {
        $list.extend([$crate::json!(@value $value)]);
        $crate::json!(@list $list $($($rest)*)?);
    };

    (@object $object:ident) => {};
    (@object $object:ident $key:tt: null $(, $($rest:tt)*)?) => {
        $object.insert($key.into(), $crate::Json::Null);
        $crate::json!(@object $object $($($rest)*)?);
    };
    (@object $object:ident $key:tt: [$($inner:tt)*] $(, $($rest:tt)*)?) => {
        $object.insert($key.into(), $crate::json!([$($inner)*]));
        $crate::json!(@object $object $($($rest)*)?);
    };
    (@object $object:ident $key:tt: {$($inner:tt)*} $(, $($rest:tt)*)?) => {
        $object.insert($key.into(), $crate::json!({$($inner)*}));
        $crate::json!(@object $object $($($rest)*)?);
    };
    (@object $object:ident $key:tt: $value:expr $(, $($rest:tt)*)?) => {
        $object.insert($key.into(), $crate::json!(@value $value));
        $crate::json!(@object $object $($($rest)*)?);
    };

    ([$($list:tt)*]) => {{
        #[allow(unused_mut)]
        let mut list: ::std::vec::Vec<$crate::Json> = ::std::vec::Vec::new();
        $crate::json!(@list list $($list)*);
        $crate::Json::Array(list)
    }};
    ({$($object:tt)*}) => {{
        #[allow(unused_mut)]
        let mut object = $crate::JsonObject::new();
        $crate::json!(@object object $($object)*);
        $crate::Json::Object(object)
    }};
    ($value:tt) => { $crate::json!(@value $value) };
    ($value:expr) => { $crate::json!(@value $value) };
}
