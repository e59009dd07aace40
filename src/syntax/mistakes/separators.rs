//! Colons, commas, semicolons and equals signs where a line, a blank or a brace separates.

use super::{Cursor, Mistake};
use crate::diagnostic::Edit;
use crate::source::Span;
use crate::syntax::grammar::Rule;
use crate::syntax::lexeme::Kind;
use crate::syntax::line::shorten;

/// `epochs: 5`, `sgd(momentum: 0.9)`, `train: {`, `layers:`; a label before a kind is well formed.
pub(super) fn colon(here: Cursor<'_>) -> Option<Mistake> {
    let Cursor { line, at } = here;
    if !line.mark(at, b':') || at == 0 {
        return None;
    }
    let key_at = at - 1;
    let key_text = line.is(key_at, Kind::Text { closed: true });
    if !line.is(key_at, Kind::Word) && !key_text {
        return None;
    }
    let key = line.word(key_at).trim_matches('"');
    let mark = line.tokens[at].span;
    if at + 1 == line.tokens.len() && here.depth() == 0 {
        return Some(opening_colon(here, key_at, key));
    }
    let calls = line.is(at + 1, Kind::Word) && line.mark(at + 2, b'(') && line.tight(at + 1);
    let label = at == 1 && line.is(at + 1, Kind::Word) && !key_text && !calls;
    if label {
        return None;
    }
    let value = line.tokens.get(at + 1)?.span;
    let equals = if here.depth() == 0 && at == 1 { " = " } else { "=" };
    let whole = Span::new(line.tokens[key_at].span.start as usize, value.start as usize);
    let end = if calls { line.closing(at + 2).unwrap_or(at + 1) } else { at + 1 };
    let shown = shorten(line.slice(here.span(at + 1, end)));
    let edits = vec![Edit { span: whole, text: format!("{key}{equals}") }];
    let message = format!("`{key}` is followed by `:`, and a value by `=`");
    let mistake = Mistake::new(mark, message, "`=` expected", format!("write `{key}{equals}{shown}`")).mended(edits);
    Some(if at == 2 && here.depth() == 0 { mistake.uncertain() } else { mistake })
}

/// A colon at the line's end, as if it opened a block.
fn opening_colon(here: Cursor<'_>, key_at: usize, key: &str) -> Mistake {
    let mark = here.line.tokens[here.at].span;
    if here.line.rule == Rule::header {
        let edits = vec![Edit { span: here.span(key_at, here.at), text: key.to_owned() }];
        let message = format!("`{key}` is a block, and its `{{` follows without `:`");
        return Mistake::new(mark, message, "not expected", format!("write `{key} {{`")).mended(edits);
    }
    let help = if matches!(key, "layers" | "model") {
        "write the layers into `network { … }`, one a line".to_owned()
    } else {
        format!("write `{key} {{`, and `}}` below its lines")
    };
    Mistake::new(mark, format!("`{key}:` opens no block"), "a block is opened by `{`", help)
}

/// `;` and `,` where a line or a blank separates; `=` before a block's `{`.
pub(super) fn separator(here: Cursor<'_>) -> Option<Mistake> {
    let Cursor { line, at } = here;
    let is_last = at + 1 == line.tokens.len();
    if line.mark(at, b'=') && is_last && line.rule == Rule::header && at > 0 {
        return Some(assigned_block(here));
    }
    if here.depth() > 0 {
        return None;
    }
    if line.mark(at, b';') {
        return Some(semicolon(here, is_last));
    }
    (line.mark(at, b',') && at > 0).then(|| comma(here, is_last))
}

/// `train = {`
fn assigned_block(here: Cursor<'_>) -> Mistake {
    let Cursor { line, at } = here;
    let span = line.tokens[at].span;
    let key = line.word(at - 1);
    let edits =
        vec![Edit { span: Span::new(line.tokens[at - 1].span.end as usize, span.end as usize), text: String::new() }];
    let help = format!("write `{key} {{` for a block, `{key} = name(key=value)` for a value");
    let message = format!("`{key} = {{` is neither a setting nor a block");
    let mistake = Mistake::new(span, message, "not before `{`", help).mended(edits);
    let after = line.text[line.span.end as usize..].trim_start().trim_start_matches('{');
    if after.trim_start_matches([' ', '\t', '\r']).starts_with('\n') { mistake } else { mistake.uncertain() }
}

fn semicolon(here: Cursor<'_>, is_last: bool) -> Mistake {
    let span = here.line.tokens[here.at].span;
    let message = "`;` ends no statement: the line's end does";
    if is_last {
        Mistake::replaced(span, message, "not needed", "", "leave it out")
    } else {
        Mistake::new(span, message, "a new line is expected", "begin a new line").mended(vec![new_line(here)])
    }
}

/// A comma where no bracket is open: a decimal comma, or between what lines, brackets or blanks separate.
fn comma(here: Cursor<'_>, is_last: bool) -> Mistake {
    let Cursor { line, at } = here;
    let span = line.tokens[at].span;
    let digits = |i: usize| line.is(i, Kind::Number) && line.word(i).bytes().all(|b| b.is_ascii_digit());
    if digits(at - 1) && line.tight(at - 1) && line.tight(at) && digits(at + 1) {
        let number = format!("{}.{}", line.word(at - 1), line.word(at + 1));
        let (message, help) = ("a number has a point, not a comma", format!("write `{number}`"));
        Mistake::new(here.span(at - 1, at + 1), message, "a decimal comma", help)
            .mended(vec![Edit { span, text: ".".into() }])
    } else if is_last {
        Mistake::replaced(span, "a comma ends the line", "not needed", "", "leave it out")
    } else if line.mark(1, b'=') && line.is(at + 1, Kind::Word) && line.mark(at + 2, b'=') {
        let message = "settings are separated by lines, not by commas";
        Mistake::new(span, message, "a new line is expected", "begin a new line").mended(vec![new_line(here)])
    } else if line.mark(1, b'=') {
        bare_list(here)
    } else {
        let message = "values of a statement are separated by blanks, not by commas";
        Mistake::replaced(span, message, "not needed", if line.tight(at) { " " } else { "" }, "write a blank")
    }
}

/// Replaces the mark at hand and the blanks after it by a line break and the line's own indentation.
fn new_line(here: Cursor<'_>) -> Edit {
    let Cursor { line, at } = here;
    let next = line.tokens.get(at + 1).map_or(line.span.end, |l| l.span.start);
    let span = Span::new(line.tokens[at].span.start as usize, next as usize);
    Edit { span, text: format!("\n{}", line.indent()) }
}

/// `metrics = accuracy, f1`
fn bare_list(here: Cursor<'_>) -> Mistake {
    let line = here.line;
    let mut end = line.tokens.len() - 1;
    let mut edits = vec![Edit { span: Span::at(line.tokens[2].span.start as usize), text: "[".into() }];
    if line.mark(end, b',') || line.mark(end, b';') {
        edits.push(Edit { span: line.tokens[end].span, text: "]".into() });
        end -= 1;
    } else {
        edits.push(Edit { span: Span::at(line.tokens[end].span.end as usize), text: "]".into() });
    }
    let (whole, list) = (here.span(2, end), shorten(line.slice(here.span(2, end))));
    Mistake::new(whole, "several values without brackets", "a list is expected", format!("write `[{list}]`"))
        .mended(edits)
        .up_to(line.tokens.len())
}
