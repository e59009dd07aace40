//! Mistakes of typing and habits from other languages, found in a line that cannot be read: `==`, `1,5`, `'single
//! quotes'`, `//` comments. None of the patterns is well formed, so none accuses a sound line.

mod characters;
mod comments;
mod numbers;
mod operators;
mod paths;
mod quotes;
mod separators;

use super::line::Line;
use crate::diagnostic::Edit;
use crate::source::Span;

/// One mistake and how to mend it.
#[derive(Debug)]
pub(super) struct Mistake {
    /// What is marked.
    pub span: Span,
    /// What is wrong, as one sentence.
    pub message: String,
    /// A few words beside the mark.
    pub label: String,
    /// The edit in words.
    pub help: String,
    /// The edit; empty where there is no sure one.
    pub edits: Vec<Edit>,
    /// Whether the edit is plainly what was meant.
    pub certain: bool,
    /// The lexeme at which the search goes on; 0 for the next one.
    next: usize,
}

impl Mistake {
    /// A mistake without a sure edit.
    fn new(span: Span, message: impl Into<String>, label: &str, help: impl Into<String>) -> Self {
        let (message, label, help) = (message.into(), label.to_owned(), help.into());
        Self { span, message, label, help, edits: Vec::new(), certain: true, next: 0 }
    }

    /// A mistake that is mended by writing `own` in place of what is marked.
    fn replaced(span: Span, message: impl Into<String>, label: &str, own: &str, help: impl Into<String>) -> Self {
        Self::new(span, message, label, help).mended(vec![Edit { span, text: own.to_owned() }])
    }

    /// With its edits.
    fn mended(self, edits: Vec<Edit>) -> Self {
        Self { edits, ..self }
    }

    /// Where something else may have been meant.
    fn uncertain(self) -> Self {
        Self { certain: false, ..self }
    }

    /// With the lexeme at which the search goes on.
    fn up_to(self, next: usize) -> Self {
        Self { next, ..self }
    }
}

/// Finds one sort of mistake that begins at a lexeme.
type Detector = fn(Cursor<'_>) -> Option<Mistake>;

/// What is looked for at each lexeme. The first to find something has the lexemes that it covers, so the order matters:
/// - In a comment, a path or a quoted text the marks that follow mean nothing of their own.
/// - An operator of two characters is not two separators.
/// - `1.5.2` is a number, not a path; a path is not arithmetic, however many dots and dashes it has.
/// - A word of a programming language says the least, so it is the last.
const DETECTORS: [Detector; 11] = [
    comments::comment,
    paths::unquoted_path,
    quotes::other_quotes,
    characters::look_alike,
    operators::operator,
    separators::colon,
    separators::separator,
    numbers::number,
    paths::dotted_name,
    operators::arithmetic,
    characters::keyword,
];

/// All mistakes in the line, from the left.
pub(super) fn find(line: &Line<'_>) -> Vec<Mistake> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < line.tokens.len() {
        let mistake = DETECTORS.iter().find_map(|detect| detect(Cursor { line, at }));
        at = mistake.as_ref().map_or(0, |m| m.next).max(at + 1);
        found.extend(mistake);
    }
    found
}

/// A lexeme of a line.
#[derive(Clone, Copy)]
struct Cursor<'a> {
    line: &'a Line<'a>,
    at: usize,
}

impl Cursor<'_> {
    /// What the lexemes `from..=to` cover.
    fn span(self, from: usize, to: usize) -> Span {
        self.line.tokens[from].span.to(self.line.tokens[to].span)
    }

    /// Whether these two marks stand here, nothing between them.
    fn pair(self, first: u8, second: u8) -> bool {
        self.line.mark(self.at, first) && self.line.mark(self.at + 1, second) && self.line.tight(self.at)
    }

    /// How many brackets are open here.
    fn depth(self) -> usize {
        self.line.depths[self.at]
    }
}
