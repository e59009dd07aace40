//! From text to the tree: by the grammar alone where the file is well formed, by recovery where it is not.

use super::DEEPEST;
use super::Words;
use super::build::Builder;
use super::grammar::{self, Rule};
use super::lexeme::{self, Kind, Lexeme};
use super::recover;
use super::reports::Reports;
use super::tree::{File, Item, Setting, Value, ValueKind};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::{Source, Span};

/// The longest file that is read, in bytes.
const LONGEST: usize = 16 << 20;

/// Reads a whole file. Never fails: what could not be read is reported and left as a gap.
/// No word of another tool is translated.
pub fn parse(source: &Source) -> (File, Vec<Diagnostic>) {
    parse_with(source, |_| None)
}

/// As [`parse`]; `words` tells what words of other tools are called here.
pub fn parse_with(source: &Source, words: Words) -> (File, Vec<Diagnostic>) {
    let text = source.text();
    if text.len() > LONGEST {
        let megabytes = text.len().div_ceil(1 << 20);
        let report = Diagnostic::error(codes::SYNTAX, format!("the file has {megabytes} MiB; at most 16 MiB are read"))
            .help("keep large tables in a file of their own: `data \"rows.csv\" { … }`");
        return (File::default(), vec![report]);
    }
    let mut reports = Reports::default();
    let unbroken = lone_returns(text, &mut reports);
    let text = unbroken.as_deref().unwrap_or(text);
    let lexemes = lexeme::lex(text);
    let whole = if is_shallow(&lexemes) { grammar::read(Rule::file, text) } else { None };
    let items = match whole {
        Some(node) => Builder { base: 0, reports: &mut reports }.items(node),
        None => recover::items(text, &lexemes, words, &mut reports),
    };
    let comments = lexemes.iter().filter(|l| l.kind == Kind::Comment).map(|l| l.span).collect();
    (File { items, comments }, reports.into_sorted())
}

/// The name that a value spells; `None` where it is no name.
pub fn parse_name(value: &str) -> Option<String> {
    let (file, reports) = parse(&Source::new("", format!("let x = {value}\n")));
    match file.items.as_slice() {
        [Item::Let(Setting { value: Value { kind: ValueKind::Name(name) | ValueKind::Text(name), .. }, .. })]
            if reports.is_empty() =>
        {
            Some(name.clone())
        }
        _ => None,
    }
}

/// A text whose lines all end in a carriage return alone, with line feeds in their places, once that is reported.
fn lone_returns(text: &str, reports: &mut Reports) -> Option<String> {
    let first = text.find('\r').filter(|_| !text.contains('\n'))?;
    let report = Diagnostic::error(codes::SYNTAX, "the lines of this file end in a carriage return alone");
    reports.push(report.at(Span::new(first, first + 1), "the first such end").help("save the file with LF or CRLF"));
    Some(text.replace('\r', "\n"))
}

/// Whether brackets and braces, counted crudely, nest no deeper than reading by recursion can bear.
fn is_shallow(lexemes: &[Lexeme]) -> bool {
    let mut depth = 0_usize;
    for lexeme in lexemes {
        depth = match lexeme {
            brace if brace.is(b'{') => depth + 1,
            brace if brace.is(b'}') => depth.saturating_sub(1),
            other => other.deepen(depth),
        };
        if depth > DEEPEST {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests;
