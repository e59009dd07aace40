//! Text to tree. The grammar (`grammar/nn.pest`) knows blocks, settings, statements and values, and no
//! vocabulary at all: `dense`, `relu` and `adam` are plain names here.
//!
//! Parsing never fails: [`parse`] returns a [`tree::File`] and diagnostics; what could not be read is a gap
//! in the tree (or a [`tree::ValueKind::Invalid`]), never a guess.
//!
//! A well-formed file is read by the grammar alone (`grammar`, `build`). Any other goes through recovery: `outline`
//! finds lines, `braces` matches braces by layout (both make `pieces`), `recover` has each line read by the grammar,
//! and `refuse` answers the lines that cannot be (`mistakes`, `foreign` habits, `misplaced` parts).

mod allow;
mod braces;
mod build;
mod foreign;
mod grammar;
mod lexeme;
mod line;
mod misplaced;
mod mistakes;
mod outline;
mod parse;
mod pieces;
mod recover;
mod refuse;
mod reports;
mod rows;
mod significant;
pub mod spell;
pub mod tree;

pub use allow::{Allow, Scope, allows};
pub use parse::{parse, parse_name, parse_with};
pub use significant::significant;

/// How deep blocks and brackets may nest.
const DEEPEST: usize = 64;

/// What a word of another tool (`Linear`, `nn.ReLU`'s last part) is called in this language; `None` where nothing is.
/// The syntax knows no vocabulary: whoever does hands it in.
pub type Words = fn(&str) -> Option<&'static str>;
