//! The mapping between the rows of a table and its records.

/// Maps a table's row to its record and back, column by column. Both sides are destructured
/// completely: a new column or field doesn't compile until it is mapped here.
///
/// A reference names its column, the column that holds the id while its target is missing, and the
/// table that it refers to.
macro_rules! map_columns {
    (
        $table:literal => $domain:ty { $($field:ident),* $(,)? }
        $(references { $($column:ident / $missing:ident -> $target:ident $(as $kind:ident)?),* $(,)? })?
    ) => {
        impl TryFrom<Model> for $domain {
            type Error = crate::Error;

            fn try_from(row: Model) -> Result<Self, crate::Error> {
                let row_id = row.id.clone();
                let row_id = row_id.as_str();
                let corrupt = |column: &'static str| {
                    move |reason: String| crate::Error::corrupt($table, row_id, column, reason)
                };
                let Model { $($field,)* $($($column, $missing,)*)? } = row;
                $($(
                    let $column = $crate::columns::map_columns!(@read $column, $missing, corrupt $(, $kind)?);
                )*)?
                Ok(Self {
                    $($field: crate::columns::ColumnCodec::read($field).map_err(corrupt(stringify!($field)))?,)*
                    $($($column,)*)?
                })
            }
        }

        impl From<$domain> for Model {
            fn from(record: $domain) -> Self {
                type Record = $domain;
                let Record { $($field,)* $($($column,)*)? } = record;
                Model {
                    $($field: crate::columns::ColumnCodec::write($field),)*
                    $($(
                        $column: crate::columns::ColumnCodec::write(Option::from($column)),
                        $missing: None,
                    )*)?
                }
            }
        }

        impl crate::record::TableRow for Model {
            fn id(&self) -> &str {
                &self.id
            }

            fn references(&self) -> Vec<(crate::referenced_table::ReferencedTable, String)> {
                #[allow(unused_mut)]
                let mut references = Vec::new();
                $($(
                    if let Some(crate::columns::Text(Ok(id))) = &self.$column {
                        references.push((crate::referenced_table::ReferencedTable::$target, id.to_string()));
                    }
                )*)?
                references
            }

            const TABLE: &'static str = $table;
            const COLUMNS: &'static [&'static str] =
                &[$(stringify!($field),)* $($(stringify!($column), stringify!($missing),)*)?];

            fn bind(self, backend: sea_orm::DbBackend, values: &mut Vec<sea_orm::Value>) {
                use crate::columns::BindValue;
                let Model { $($field,)* $($($column, $missing,)*)? } = self;
                $(values.push($field.bound(backend));)*
                $($(values.push($column.bound(backend)); values.push($missing.bound(backend));)*)?
            }

            #[allow(unused_variables)]
            fn detach_missing_references(&mut self, missing: &dyn Fn(crate::referenced_table::ReferencedTable, &str) -> bool) {
                $($(
                    let is_missing = match &self.$column {
                        Some(crate::columns::Text(Ok(id))) => {
                            missing(crate::referenced_table::ReferencedTable::$target, id.as_str())
                        }
                        _ => false,
                    };
                    if is_missing {
                        self.$missing = self.$column.take();
                    }
                )*)?
            }
        }
    };
    (@read $column:ident, $missing:ident, $corrupt:ident) => {
        crate::columns::ColumnCodec::read($column.or($missing)).map_err($corrupt(stringify!($column)))?
    };
    (@read $column:ident, $missing:ident, $corrupt:ident, required) => {
        crate::columns::ColumnCodec::read(
            $column
                .or($missing)
                .ok_or_else(|| "is NULL".to_owned())
                .map_err($corrupt(stringify!($column)))?,
        )
        .map_err($corrupt(stringify!($column)))?
    };
}
pub(crate) use map_columns;
