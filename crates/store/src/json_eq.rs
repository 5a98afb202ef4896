//! Compares JSON values that may come from different databases.

use wsdb_core::{Json, normalize_numbers};

/// Returns whether two values are equal, whatever form their numbers are written in.
pub(crate) fn json_numbers_equal(a: &Json, b: &Json) -> bool {
    a == b || {
        let (mut a, mut b) = (a.clone(), b.clone());
        normalize_numbers(&mut a);
        normalize_numbers(&mut b);
        a == b
    }
}
