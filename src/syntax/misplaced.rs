//! Lines whose parts are well formed and stand in the wrong place: a bracket that closes nothing, two settings
//! on one line, a value after the options. These say more than what was expected.

use super::grammar::Rule;
use super::lexeme::Kind;
use super::line::{Line, shorten};
use crate::diagnostic::{Applicability, Diagnostic, Edit, codes};
use crate::source::Span;

/// The report for reading that stopped at `found`, the lexeme `next` (or the line's end), if it is one of these.
pub(super) fn report(line: &Line<'_>, next: Option<usize>, found: Span, expected: &[&str]) -> Option<Diagnostic> {
    if line.rule == Rule::cells {
        return glued_cells(line);
    }
    if expected == ["`=`"] {
        // A word was taken for an option's name; it is the word that stands wrong.
        let word = next.unwrap_or(line.tokens.len()).checked_sub(1)?;
        return after_options(line, word, line.tokens[word].span);
    }
    let at = next?;
    if line.depths[at] > 0 {
        return None;
    }
    stray_bracket(line, at, found)
        .or_else(|| unbracketed_arguments(line, at))
        .or_else(|| second_setting(line, at))
        .or_else(|| second_value(line, at, found))
        .or_else(|| after_options(line, at, found))
}

/// `dense 16)`
fn stray_bracket(line: &Line<'_>, at: usize, found: Span) -> Option<Diagnostic> {
    if !(line.mark(at, b')') || line.mark(at, b']')) {
        return None;
    }
    let report = Diagnostic::error(codes::UNCLOSED, format!("`{}` closes nothing", line.slice(found)))
        .at(found, "no bracket is open here")
        .help("leave it out");
    Some(with_fix(report, line, Applicability::Safe, "remove it", Edit { span: found, text: String::new() }))
}

/// `data spiral samples=300 {`
fn unbracketed_arguments(line: &Line<'_>, at: usize) -> Option<Diagnostic> {
    if line.rule != Rule::header || !line.mark(at, b'=') || at < 2 {
        return None;
    }
    let key = at - 1;
    let report = Diagnostic::error(codes::SYNTAX, format!("`{}=` stands before `{{`", line.word(key)))
        .at(line.tokens[key].span.to(line.tokens[at].span), "a block has values, no options");
    if !line.is(key - 1, Kind::Word) || key < 2 {
        return Some(report);
    }
    let arguments = line.slice(Span::new(line.tokens[key].span.start as usize, line.span.end as usize));
    let call = format!("{}({})", line.word(key - 1), arguments_with_commas(arguments));
    let report = report.help(format!("write `{}`", shorten(&call)));
    let edit = Edit { span: Span::new(line.tokens[key - 1].span.start as usize, line.span.end as usize), text: call };
    Some(with_fix(report, line, Applicability::Safe, "put the arguments in parentheses", edit))
}

fn arguments_with_commas(arguments: &str) -> String {
    arguments.replace(" =", "=").replace("= ", "=").split_whitespace().collect::<Vec<_>>().join(", ").replace(",,", ",")
}

/// `epochs = 5 batch = 16`
fn second_setting(line: &Line<'_>, at: usize) -> Option<Diagnostic> {
    let two = is_setting(line) && at > 2 && line.is(at, Kind::Word) && line.mark(at + 1, b'=');
    if !two {
        return None;
    }
    let (before, key) = (line.tokens[at - 1].span.end as usize, line.tokens[at].span);
    let report = Diagnostic::error(codes::SYNTAX, "two settings on one line")
        .at(key, "a new line is expected before this")
        .help(format!("begin a new line before `{}`", line.word(at)));
    let edit = Edit { span: Span::new(before, key.start as usize), text: format!("\n{}", line.indent()) };
    Some(with_fix(report, line, Applicability::Safe, "begin a new line", edit))
}

/// `metrics = accuracy f1`
fn second_value(line: &Line<'_>, at: usize, found: Span) -> Option<Diagnostic> {
    if !is_setting(line) || at <= 2 || !starts_value(line, at) {
        return None;
    }
    let key = line.word(0);
    let report = Diagnostic::error(codes::SYNTAX, format!("more than one value for `{key}`"))
        .at(found, "one value too many")
        .and(line.tokens[0].span, "takes one value");
    let first = line.tokens[2].span.start as usize;
    let whole = Span::new(first, line.span.end as usize);
    let values: Vec<&str> = line.slice(whole).split_whitespace().collect();
    let list = format!("[{}]", values.join(", "));
    let edit = Edit { span: whole, text: list.clone() };
    if values.len() != line.tokens.len() - 2 || !line.reads_with(std::slice::from_ref(&edit)) {
        return Some(report);
    }
    let report = report.help(format!("where it takes a list, write `{key} = {}`", shorten(&list)));
    Some(report.fix(Applicability::Unsafe, "write a list", edit.span, edit.text))
}

/// `dense 16 init=zeros tanh`
fn after_options(line: &Line<'_>, at: usize, found: Span) -> Option<Diagnostic> {
    if line.rule != Rule::line || line.depths[at] > 0 || !starts_value(line, at) || line.mark(at + 1, b'=') {
        return None;
    }
    let equals = (1..at).find(|&i| line.mark(i, b'=') && line.depths[i] == 0)?;
    if at == equals + 1 || !line.is(equals - 1, Kind::Word) || equals < 2 {
        return None;
    }
    let key = line.word(equals - 1);
    Some(
        Diagnostic::error(codes::SYNTAX, format!("`{}` stands after the options", shorten(line.slice(found))))
            .at(found, "a value without a name")
            .and(line.tokens[equals - 1].span.to(line.tokens[equals].span), "the options begin here")
            .help(format!("put `{}` before `{key}=`", shorten(line.slice(found)))),
    )
}

/// `1 "a"b` in a table.
fn glued_cells(line: &Line<'_>) -> Option<Diagnostic> {
    let text = |i: usize| line.is(i, Kind::Text { closed: true });
    let at = (0..line.tokens.len()).find(|&i| line.tight(i) && (text(i) || text(i + 1)))?;
    let span = line.tokens[at].span.to(line.tokens[at + 1].span);
    let report = Diagnostic::error(codes::SYNTAX, "a quote within a cell").at(span, "one cell or two");
    Some(report.help("put the whole cell in quotes, or a blank between two cells"))
}

fn is_setting(line: &Line<'_>) -> bool {
    line.is(0, Kind::Word) && line.mark(1, b'=') && line.rule == Rule::line
}

fn starts_value(line: &Line<'_>, at: usize) -> bool {
    let kind = line.tokens[at].kind;
    matches!(kind, Kind::Word | Kind::Number | Kind::Text { .. } | Kind::Mark(b'[' | b'(' | b'-' | b'+'))
}

fn with_fix(report: Diagnostic, line: &Line<'_>, applicability: Applicability, title: &str, edit: Edit) -> Diagnostic {
    if line.reads_with(std::slice::from_ref(&edit)) {
        report.fix(applicability, title, edit.span, edit.text)
    } else {
        report
    }
}
