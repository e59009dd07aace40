//! Operators that the language lacks, and arithmetic without parentheses.

use super::{Cursor, Mistake};
use crate::diagnostic::Edit;
use crate::source::Span;
use crate::syntax::lexeme::Kind;
use crate::syntax::line::{Line, shorten};

/// `==`, `:=`, `+=`, `->`, `**`.
pub(super) fn operator(here: Cursor<'_>) -> Option<Mistake> {
    let assigns = [(b'=', b'='), (b':', b'='), (b'=', b'>'), (b'<', b'-')];
    let changes = [(b'+', b'='), (b'-', b'='), (b'*', b'='), (b'/', b'=')];
    let Cursor { line, at } = here;
    if at + 1 >= line.tokens.len() {
        return None;
    }
    let span = here.span(at, at + 1);
    if !line.tight(at) {
        return doubled(here, span);
    }
    let sign = line.slice(span);
    let mistake = if assigns.iter().any(|&(a, b)| here.pair(a, b)) {
        let message = format!("`{sign}` is not an operator of this language");
        Mistake::replaced(span, message, "settings have one `=`", "=", "write `=`")
    } else if changes.iter().any(|&(a, b)| here.pair(a, b)) {
        let message = format!("`{sign}` changes a value, and values here do not change");
        Mistake::new(span, message, "settings have one `=`", "write `=` and the value itself")
    } else if here.pair(b'-', b'>') {
        arrow(here, span)
    } else if here.pair(b'*', b'*') {
        let help = "multiply, or write the number itself";
        Mistake::new(span, "there is no power operator", "the operators are `+ - * /`", help)
    } else {
        return None;
    };
    Some(mistake.up_to(at + 2))
}

/// `= =`, with blanks between.
fn doubled(here: Cursor<'_>, span: Span) -> Option<Mistake> {
    let is_doubled = here.line.mark(here.at, b'=') && here.line.mark(here.at + 1, b'=');
    let mistake = || Mistake::replaced(span, "`=` is written twice", "settings have one `=`", "=", "write one `=`");
    is_doubled.then(|| mistake().up_to(here.at + 2))
}

fn arrow(here: Cursor<'_>, span: Span) -> Mistake {
    if here.at == 1 && here.line.tokens.len() == 4 && !here.line.is(0, Kind::Number) {
        let message = "`->` is not an operator of this language";
        Mistake::replaced(span, message, "settings have one `=`", "=", "write `=`").uncertain()
    } else {
        let help = "write each layer on a line of its own: its input is the layer above";
        Mistake::new(span, "layers are not joined by `->`", "not an operator here", help)
    }
}

/// `2 * width` where no bracket is open.
pub(super) fn arithmetic(here: Cursor<'_>) -> Option<Mistake> {
    let Cursor { line, at: start } = here;
    if here.depth() > 0 {
        return None;
    }
    let signed = line.mark(start, b'-') && line.tight(start) && !line.is(start + 1, Kind::Number);
    let mut end = operand(line, start + usize::from(signed))?;
    let mut operators = usize::from(signed);
    while let Some(next) = operator_after(line, end).and_then(|operator| operand(line, operator + 1)) {
        operators += 1;
        end = next;
    }
    if operators == 0 {
        return None;
    }
    let span = here.span(start, end);
    let text = shorten(line.slice(span));
    let edits = vec![
        Edit { span: Span::at(span.start as usize), text: "(".into() },
        Edit { span: Span::at(span.end as usize), text: ")".into() },
    ];
    let mistake = Mistake::new(span, "arithmetic without parentheses", "a calculation", format!("write `({text})`"));
    Some(mistake.mended(edits).up_to(end + 1))
}

/// The last lexeme of an operand that begins at `at`.
fn operand(line: &Line<'_>, at: usize) -> Option<usize> {
    let called = line.mark(at + 1, b'(') && line.tight(at);
    if line.is(at, Kind::Number) || (line.is(at, Kind::Word) && !called) {
        Some(at)
    } else if line.mark(at, b'(') {
        line.closing(at)
    } else {
        None
    }
}

/// An operator after `at` that has blanks on both sides or on none.
fn operator_after(line: &Line<'_>, at: usize) -> Option<usize> {
    let operator = at + 1;
    let is_one = matches!(line.tokens.get(operator)?.kind, Kind::Mark(b'+' | b'-' | b'*' | b'/'));
    (is_one && line.tight(at) == line.tight(operator)).then_some(operator)
}
