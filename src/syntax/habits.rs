//! placeholder
use super::grammar::{self, Rule};
use super::lexeme::Lexeme;
use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;

pub(super) fn block_in_table(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, "a table holds rows, not blocks")
        .at(span, "not a cell")
        .help("put a cell that holds a brace in quotes")
}

pub(super) fn explain(rule: Rule, text: &str, said: &[Lexeme]) -> Vec<Diagnostic> {
    let start = said[0].span.start as usize;
    let end = said[said.len() - 1].span.end as usize;
    let stop = grammar::explain(rule, &text[start..end]);
    vec![
        Diagnostic::error(codes::SYNTAX, format!("expected {}", stop.expected.join(" or ")))
            .at(Span::at(start + stop.at), "here"),
    ]
}
