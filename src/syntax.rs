//! Text to tree. The grammar (`grammar/nn.pest`) knows blocks, settings, statements and values, and no
//! vocabulary at all: `dense`, `relu` and `adam` are plain names here.
//!
//! Parsing never fails: [`parse`] returns a [`tree::File`] and diagnostics; what could not be read is a gap
//! in the tree (or a [`tree::ValueKind::Invalid`]), never a guess.

mod allow;
mod blocks;
mod build;
mod foreign;
mod grammar;
mod lexeme;
mod misplaced;
mod outline;
mod parse;
mod recover;
mod refuse;
mod reports;
mod rows;
mod slips;
pub mod tree;

pub use allow::{Allow, Scope, allows};
pub use parse::parse;
