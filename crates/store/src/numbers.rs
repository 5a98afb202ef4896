//! Compares JSON values that may come from different databases.

use serde_json::Value;
use wsdb_core::normalize_numbers;

/// Returns whether two values are equal, whatever form their numbers are written in.
pub(crate) fn json_numbers_equal(a: &Value, b: &Value) -> bool {
    a == b || {
        let (mut a, mut b) = (a.clone(), b.clone());
        normalize_numbers(&mut a);
        normalize_numbers(&mut b);
        a == b
    }
}
