//! Compares JSON values that may come from different databases.

use serde_json::Value;
use wsdb_core::spell_numbers;

/// Returns whether two values are equal, whatever form their numbers are written in.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    a == b || {
        let (mut a, mut b) = (a.clone(), b.clone());
        spell_numbers(&mut a);
        spell_numbers(&mut b);
        a == b
    }
}
