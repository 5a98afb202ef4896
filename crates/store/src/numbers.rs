//! Values that may have come through different databases.

use serde_json::Value;
use wsdb_core::spell_numbers;

/// Whether two values say the same, however their numbers are spelled.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    a == b || {
        let (mut a, mut b) = (a.clone(), b.clone());
        spell_numbers(&mut a);
        spell_numbers(&mut b);
        a == b
    }
}
