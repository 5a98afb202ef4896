//! Conversions between the fields of records and column types.

use wsdb_core::{Json, JsonObject, Timestamp};

use super::{JsonColumn, NullAsEmpty, Text, Time};

/// Converts between a record's field and a row's column.
pub(crate) trait ColumnCodec<D>: Sized {
    fn read(self) -> Result<D, String>;
    fn write(value: D) -> Self;
}

macro_rules! impl_codec_identity {
    ($($type:ty),*) => {$(
        impl ColumnCodec<$type> for $type {
            fn read(self) -> Result<$type, String> {
                Ok(self)
            }
            fn write(value: $type) -> Self {
                value
            }
        }
    )*};
}

impl_codec_identity!(String, Option<String>, Option<i64>, Option<f64>);

macro_rules! impl_codec_text {
    ([$($generics:tt)*] $column:ty, $wrap:path, $domain:ty) => {
        impl $($generics)* ColumnCodec<$domain> for $column {
            fn read(self) -> Result<$domain, String> {
                self.0
            }
            fn write(value: $domain) -> Self {
                $wrap(Ok(value))
            }
        }

        impl $($generics)* ColumnCodec<Option<$domain>> for Option<$column> {
            fn read(self) -> Result<Option<$domain>, String> {
                self.map(|column| column.0).transpose()
            }
            fn write(value: Option<$domain>) -> Self {
                value.map(|value| $wrap(Ok(value)))
            }
        }
    };
}

impl_codec_text!([<T>] Text<T>, Text, T);
impl_codec_text!([] Time, Time, Timestamp);

/// JSON `null` means the same as NULL: the earlier tool wrote it for missing values.
impl ColumnCodec<Option<Json>> for Option<JsonColumn<Json>> {
    fn read(self) -> Result<Option<Json>, String> {
        self.map(|column| column.0).transpose()
    }
    fn write(value: Option<Json>) -> Self {
        let value = value.filter(|value| !value.is_null());
        value.map(|value| JsonColumn(Ok(value)))
    }
}

/// An empty list is stored as NULL, as in existing files.
impl<T> ColumnCodec<Vec<T>> for Option<JsonColumn<Vec<T>>> {
    fn read(self) -> Result<Vec<T>, String> {
        self.map_or(Ok(Vec::new()), |column| column.0)
    }
    fn write(value: Vec<T>) -> Self {
        (!value.is_empty()).then_some(JsonColumn(Ok(value)))
    }
}

impl ColumnCodec<JsonObject> for Option<JsonColumn<JsonObject>> {
    fn read(self) -> Result<JsonObject, String> {
        self.map_or(Ok(JsonObject::new()), |column| column.0)
    }
    fn write(value: JsonObject) -> Self {
        (!value.is_empty()).then_some(JsonColumn(Ok(value)))
    }
}

/// Implements the conversion for a primary key. Its column is a plain `String`, so that a row can
/// be named in an error even if its id is invalid.
macro_rules! impl_codec_id {
    ($($id:ident: $description:literal,)*) => {$(
        impl ColumnCodec<wsdb_core::$id> for String {
            fn read(self) -> Result<wsdb_core::$id, String> {
                self.parse().map_err(|error: wsdb_core::IdError| error.to_string())
            }
            fn write(value: wsdb_core::$id) -> Self {
                value.into()
            }
        }
    )*};
}

wsdb_core::for_each_id!(impl_codec_id);

impl<T> ColumnCodec<Option<T>> for NullAsEmpty<T> {
    fn read(self) -> Result<Option<T>, String> {
        ColumnCodec::read(self.0)
    }
    fn write(value: Option<T>) -> Self {
        NullAsEmpty(ColumnCodec::write(value))
    }
}
