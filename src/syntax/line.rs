//! A line that cannot be read, by its lexemes: what stands where, which brackets are open, and whether an edit would
//! have it read. What is wrong with it is tokens elsewhere.

use super::Words;
use super::grammar::{self, Rule};
use super::lexeme::{Kind, Lexeme};
use crate::diagnostic::Edit;
use crate::source::Span;
use std::ops::Range;

/// A line that cannot be read.
pub(super) struct Line<'a> {
    /// The whole file.
    pub text: &'a str,
    /// What the line should have been.
    pub rule: Rule,
    /// What it says: no blanks, newlines or comments. Never empty.
    pub tokens: Vec<Lexeme>,
    /// How many brackets are open before each lexeme of `tokens`.
    pub depths: Vec<usize>,
    /// What it covers.
    pub span: Span,
    /// What words of other tools are called here.
    pub words: Words,
}

impl<'a> Line<'a> {
    /// The line of these lexemes; `None` when they say nothing.
    pub(super) fn new(text: &'a str, rule: Rule, lexemes: &[Lexeme], words: Words) -> Option<Self> {
        let tokens: Vec<Lexeme> = lexemes.iter().copied().filter(Lexeme::is_significant).collect();
        let span = tokens.first()?.span.to(tokens.last()?.span);
        let depths = depths(&tokens);
        Some(Self { text, rule, tokens, depths, span, words })
    }

    /// The text of a span.
    pub(super) fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// The word or mark at `at`; empty past the end.
    pub(super) fn word(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |l| self.slice(l.span))
    }

    /// Whether the lexeme at `at` is of this kind.
    pub(super) fn is(&self, at: usize, kind: Kind) -> bool {
        self.tokens.get(at).is_some_and(|l| l.kind == kind)
    }

    /// Whether the lexeme at `at` is this punctuation mark.
    pub(super) fn mark(&self, at: usize, mark: u8) -> bool {
        self.is(at, Kind::Mark(mark))
    }

    /// Whether nothing stands between the lexeme at `at` and the next.
    pub(super) fn tight(&self, at: usize) -> bool {
        matches!((self.tokens.get(at), self.tokens.get(at + 1)), (Some(a), Some(b)) if a.span.end == b.span.start)
    }

    /// The blanks before the line.
    pub(super) fn indent(&self) -> &'a str {
        let before = &self.text[..self.span.start as usize];
        let before = &before[before.rfind('\n').map_or(0, |i| i + 1)..];
        &before[..before.find(|c| !matches!(c, ' ' | '\t')).unwrap_or(before.len())]
    }

    /// Whether the line, so edited, can be read. Edits do not overlap.
    pub(super) fn reads_with(&self, edits: &[Edit]) -> bool {
        let mut edits: Vec<&Edit> = edits.iter().collect();
        edits.sort_by_key(|edit| edit.span);
        let (mut amended, mut at) = (String::new(), self.span.start as usize);
        for edit in edits {
            if (edit.span.start as usize) < at || edit.span.end > self.span.end {
                return false;
            }
            amended.push_str(&self.text[at..edit.span.start as usize]);
            amended.push_str(&edit.text);
            at = edit.span.end as usize;
        }
        amended.push_str(&self.text[at..self.span.end as usize]);
        self.reads(&amended)
    }

    /// Whether `amended` can be read; an edit may have made several lines of one, or a mere comment.
    pub(super) fn reads(&self, amended: &str) -> bool {
        if grammar::read(self.rule, amended).is_some() {
            return true;
        }
        let mut lines = amended.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        amended.contains(['\n', '#']) && lines.all(|line| grammar::read(self.rule, line).is_some())
    }
    /// `word.word.word` from `at`; empty where there is no word.
    pub(super) fn path(&self, at: usize) -> Range<usize> {
        if !self.is(at, Kind::Word) {
            return at..at;
        }
        let mut end = at + 1;
        while self.mark(end, b'.') && self.is(end + 1, Kind::Word) && self.tight(end - 1) && self.tight(end) {
            end += 2;
        }
        at..end
    }

    /// The bracket that closes the one at `open`.
    pub(super) fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for (at, lexeme) in self.tokens.iter().enumerate().skip(open) {
            depth = lexeme.deepen(depth);
            if depth == 0 {
                return Some(at);
            }
        }
        None
    }

    /// The word that ends at byte `at`.
    pub(super) fn word_before(&self, at: usize) -> &'a str {
        let word = self.tokens.iter().find(|l| (l.span.start as usize) < at && at <= l.span.end as usize);
        word.map_or("", |l| self.slice(Span::new(l.span.start as usize, at)))
    }
}

fn depths(tokens: &[Lexeme]) -> Vec<usize> {
    let mut depth = 0_usize;
    let mut deepen = |lexeme: &Lexeme| {
        let after = lexeme.deepen(depth);
        std::mem::replace(&mut depth, after)
    };
    tokens.iter().map(&mut deepen).collect()
}

/// Long words are cut for a message.
pub(super) fn shorten(text: &str) -> String {
    crate::text::shorten(text, 40)
}
