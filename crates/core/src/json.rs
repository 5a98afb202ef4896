//! JSON whose numbers keep every digit.
//!
//! `serde_json` keeps them only with its feature `arbitrary_precision`. Cargo would enable that in
//! every program that depends on this crate, and break how the program reads its own JSON:
//! <https://github.com/serde-rs/json/issues/721>.
//!
//! The parser is our own as well: it reports the same errors as `serde_json`, and is the fastest that
//! gives access to the text of numbers. Parsing a document of 18.2 MB into [`Json`]:
//!
//! | parser | MB/s | memory | additional crates |
//! |---|---|---|---|
//! | `serde_json`, `arbitrary_precision`, its own values | 292 | 79 MB | |
//! | this one, which rejects duplicate keys | 339 | 36 MB | |
//! | `jiter` 0.19 | 269 | 41 MB | 9, some with `unsafe` code |
//! | `hifijson` 0.5 | 216 | 42 MB | 1, other messages and no positions |
//! | `struson` 0.7 | 89 | 42 MB | 3, no check for duplicate keys |

mod codec;
mod convert;
mod error;
#[cfg(test)]
mod error_tests;
mod index;
mod macros;
mod number;
mod parse;
#[cfg(test)]
mod tests;
mod value;
mod write;

pub use error::{JsonError, JsonErrorKind};
pub use index::JsonIndex;
pub use number::JsonNumber;
pub use parse::{JsonKind, JsonReader};
pub use value::{Json, JsonObject};
