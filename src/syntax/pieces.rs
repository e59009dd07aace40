//! What the outline of a file consists of: pieces in blocks, and the steps that they are matched from.

use super::lexeme::{Kind, Lexeme};
use std::ops::Range;

/// A piece of the file; ranges are of lexemes.
#[derive(Debug)]
pub(super) enum Piece {
    /// A line that may be a setting, a statement or a binding; in a table, a row.
    Line(Range<usize>),
    /// What has been reported already and is not read.
    Broken(Range<usize>),
    /// A block or table.
    Block(Section),
}

/// A block with what is known of its braces.
#[derive(Debug)]
pub(super) struct Section {
    /// What stands before `{`.
    pub header: Range<usize>,
    /// The `{`; `None` when it is missing (reported).
    pub open: Option<usize>,
    /// The `}`; `None` when it is missing (reported).
    pub close: Option<usize>,
    /// What stands between.
    pub body: Vec<Piece>,
    /// Whether it is a table, whose lines are rows.
    pub table: bool,
    /// Whether its header has been reported and is not read in full.
    pub reported: bool,
}

/// What a line, an opening or a closing is, before blocks are matched.
#[derive(Clone, Debug)]
pub(super) enum Boundary {
    /// A line without braces.
    Line(Range<usize>),
    /// A line that has been reported.
    Broken(Range<usize>),
    /// What stands before `{`, and the `{`.
    Open {
        /// May be empty.
        header: Range<usize>,
        /// The `{`.
        brace: usize,
        /// Whether the header has been reported.
        reported: bool,
    },
    /// A `}`.
    Close(usize),
}

/// Whether a header opens a table, be it with words too many.
pub(super) fn is_table(text: &str, lexemes: &[Lexeme], header: &Range<usize>) -> bool {
    let first = header.clone().next().and_then(|at| lexemes.get(at));
    first.is_some_and(|l| l.kind == Kind::Word && &text[l.span.range()] == "table")
}

/// How many bytes of blanks the line of `at` begins with.
pub(super) fn indent(lexemes: &[Lexeme], at: usize) -> usize {
    let mut first = &lexemes[lexemes[at].line];
    if first.span.start == 0 && first.span.end == 3 && first.kind == Kind::Blank {
        first = &lexemes[at.min(lexemes[at].line + 1)];
    }
    if first.kind == Kind::Blank { (first.span.end - first.span.start) as usize } else { 0 }
}
