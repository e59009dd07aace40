//! What is reported of a line that cannot be read: the mistakes and foreign habits in it, or else what was expected
//! where reading stopped. Not for lines that can be read, however wrong their words are.

use super::Words;
use super::foreign;
use super::grammar::{self, Rule};
use super::lexeme::Lexeme;
use super::line::{Line, shorten};
use super::misplaced;
use super::mistakes::{self, Mistake};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, codes};
use crate::source::Span;
use crate::text;

/// The longest line, in bytes, that is searched for what is wrong with it.
const LONGEST: usize = 1 << 16;

/// Mistakes of one line that are reported.
const MOST_MISTAKES: usize = 8;

/// The reports for a line that is not what `rule` says.
pub(super) fn reports(rule: Rule, text: &str, lexemes: &[Lexeme], words: Words) -> Vec<Diagnostic> {
    let Some(line) = Line::new(text, rule, lexemes, words) else { return Vec::new() };
    let length = (line.span.end - line.span.start) as usize;
    if length > LONGEST {
        let message = format!("a line of {length} bytes that cannot be read");
        return vec![Diagnostic::error(codes::SYNTAX, message).at(line.tokens[0].span, "begins here")];
    }
    if let Some(report) = foreign::call(&line) {
        return vec![report];
    }
    let mistakes = if rule == Rule::cells { Vec::new() } else { mistakes::find(&line) };
    if mistakes.is_empty() {
        return vec![expectation(&line)];
    }
    let edits: Vec<Edit> = mistakes.iter().flat_map(|mistake| mistake.edits.clone()).collect();
    let mended = line.reads_with(&edits);
    let mut reports = Vec::new();
    if !mended {
        let at = line.span.start + grammar::explain(rule, line.slice(line.span)).at as u32;
        if !mistakes.iter().any(|mistake| mistake.span.start <= at && at <= mistake.span.end + 1) {
            reports.push(expectation(&line));
        }
    }
    reports.extend(mistakes.into_iter().take(MOST_MISTAKES).map(|mistake| mistake_report(mistake, mended)));
    reports
}

fn mistake_report(mistake: Mistake, mended: bool) -> Diagnostic {
    let mut report = Diagnostic::error(codes::SYNTAX, mistake.message).at(mistake.span, mistake.label);
    if mended && !mistake.edits.is_empty() {
        let applicability = if mistake.certain { Applicability::Safe } else { Applicability::Unsafe };
        report.fixes.push(Fix { title: mistake.help.clone(), applicability, edits: mistake.edits });
    }
    report.help(mistake.help)
}

/// What was expected where reading stopped, and what stands there.
fn expectation(line: &Line<'_>) -> Diagnostic {
    let source = line.slice(line.span);
    let stop = grammar::explain(line.rule, source);
    let at = line.span.start as usize + stop.at;
    let next = line.tokens.iter().position(|l| l.span.end as usize > at);
    let found = next.map_or(Span::at(at), |i| {
        Span::new(at.max(line.tokens[i].span.start as usize), line.tokens[i].span.end as usize)
    });
    if let Some(report) = misplaced::report(line, next, found, &stop.expected) {
        return report;
    }
    let mut expected = stop.expected;
    if line.word(0) == "let" && line.rule == Rule::line && next.is_none_or(|i| i <= 2) {
        expected = if next == Some(1) || line.tokens.len() == 1 { vec!["a name"] } else { vec!["`=`"] };
    }
    let glued = next.is_some() && at > line.span.start as usize && !line.text[..at].ends_with([' ', '\t', '\n']);
    if expected.is_empty() && glued && next.is_some_and(|i| i > 0 || found.start > line.tokens[i].span.start) {
        return Diagnostic::error(
            codes::SYNTAX,
            format!("`{}` stands right after `{}`", line.slice(found), line.word_before(at)),
        )
        .at(found, "expected a blank before this");
    }
    let start = grammar::read(line.rule, source[..stop.at].trim_end()).is_some();
    if start {
        expected.push(if line.rule == Rule::header { "`{`" } else { "the end of the line" });
    }
    let found_words = match next {
        Some(_) => format!("`{}`", shorten(line.slice(found))),
        None if line.rule == Rule::header => "`{`".to_owned(),
        None => "the end of the line".to_owned(),
    };
    if expected.is_empty() {
        return Diagnostic::error(codes::SYNTAX, format!("{found_words} does not belong here"))
            .at(found, "not expected");
    }
    let expected = text::one_of(&expected);
    Diagnostic::error(codes::SYNTAX, format!("expected {expected}, found {found_words}"))
        .at(found, format!("expected {expected}"))
}

/// A `{` among the rows of a table.
pub(super) fn block_in_table(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, "a table holds rows of cells, no blocks")
        .at(span, "not a cell")
        .help("put a cell that holds a brace in quotes")
}
