//! Slips of the hand: each token of each example deleted, doubled, or swapped with the next. Nothing panics, and what
//! is reported stands within a line of the slip, or the program is still a valid one.

use crate::common::root;
use nn::diagnostic::{Diagnostic, Level};
use nn::ir::lower::begin;
use nn::source::Source;
use std::ops::Range;

/// Words, numbers, texts and signs, comments and blanks left out.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let is_word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'%') || b >= 0x80;
        match bytes[at] {
            b'#' => at = text[at..].find('\n').map_or(text.len(), |n| at + n),
            b'"' => at = text[at + 1..].find('"').map_or(text.len(), |n| at + n + 2),
            b if b.is_ascii_whitespace() => at += 1,
            b if is_word(b) => at += bytes[at..].iter().take_while(|b| is_word(**b)).count(),
            _ => at += 1,
        }
        if !bytes[start].is_ascii_whitespace() && bytes[start] != b'#' {
            found.push(start..at);
        }
    }
    found
}

fn slips(text: &str) -> Vec<(usize, String)> {
    let tokens = tokens(text);
    let mut slips = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        let (before, own, after) = (&text[..token.start], &text[token.clone()], &text[token.end..]);
        slips.push((token.start, format!("{before}{after}")));
        slips.push((token.start, format!("{before}{own} {own}{after}")));
        if let Some(next) = tokens.get(i + 1) {
            let (between, other) = (&text[token.end..next.start], &text[next.clone()]);
            slips.push((token.start, format!("{before}{other}{between}{own}{}", &text[next.end..])));
        }
    }
    slips
}

/// Everything that the file alone tells.
fn errors(source: &Source) -> Vec<Diagnostic> {
    let (file, mut found) = nn::syntax::parse(source);
    let begun = begin(&file, &mut found);
    begun.finish(None, &mut found);
    found.retain(|d| d.level == Level::Error);
    found
}

#[test]
fn a_slip_is_reported_where_it_is() {
    let (mut tried, mut faulty, mut far) = (0, 0, Vec::new());
    for example in ["xor", "iris", "spiral", "breast_cancer", "digits", "diabetes", "penguins"] {
        let text = std::fs::read_to_string(root().join(format!("examples/{example}.nn"))).expect("an example");
        assert!(errors(&Source::new(example, text.clone())).is_empty(), "{example} as it is");
        for (at, slipped) in slips(&text) {
            tried += 1;
            let source = Source::new(example, slipped);
            let errors = errors(&source);
            if errors.is_empty() {
                continue;
            }
            faulty += 1;
            let slip = source.position(at as u32).line;
            let near = |d: &Diagnostic| {
                let spans = d.primary.iter().chain(&d.labels).map(|l| l.span);
                spans.map(|s| source.position(s.start).line).any(|line| line.abs_diff(slip) <= 1)
            };
            if !errors.iter().any(near) {
                far.push(format!(
                    "{example}, line {slip}: {}\n{}",
                    errors[0].message,
                    source.slice(source.line_span(slip))
                ));
            }
        }
    }
    assert!(tried > 1000 && faulty > tried / 2, "{tried} slips, {faulty} with errors");
    assert!(far.is_empty(), "{} of {faulty} are reported elsewhere:\n{}", far.len(), far.join("\n"));
}
