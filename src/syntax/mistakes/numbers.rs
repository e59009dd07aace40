//! Numbers that cannot be read: units, suffixes, other bases, blanks that are missing or too many.

use super::{Cursor, Mistake};
use crate::diagnostic::Edit;
use crate::source::Span;
use crate::syntax::grammar::{self, Rule};
use crate::syntax::lexeme::Kind;
use crate::syntax::line::shorten;

/// `1.`, `1e`, `0x10`, `1__0`, `10k`, `0.1s`, `3xw`, `15 %`.
pub(super) fn number(here: Cursor<'_>) -> Option<Mistake> {
    let Cursor { line, at } = here;
    if !line.is(at, Kind::Number) {
        return None;
    }
    let (text, span) = (line.word(at), line.tokens[at].span);
    if line.mark(at + 1, b'%') && !line.tight(at) {
        let gap = Span::new(span.end as usize, line.tokens[at + 1].span.start as usize);
        let mistake =
            Mistake::new(here.span(at, at + 1), "a blank before `%`", "one value", format!("write `{text}%`"));
        return Some(mistake.mended(vec![Edit { span: gap, text: String::new() }]));
    }
    let shape_goes_on = text.ends_with('x') && line.mark(at + 1, b'(') && line.tight(at);
    let glued = at > 0 && line.tight(at - 1) && line.mark(at - 1, b')');
    if shape_goes_on || glued || grammar::read(Rule::line, &format!("a={text}")).is_some() {
        return None;
    }
    if let Some(mistake) = missing_blank(here, text, span) {
        return Some(mistake);
    }
    let (message, label, own) = misread(text);
    let Some(own) = own else {
        return Some(Mistake::new(span, message, label, "write it as in `0.05`, `1e-3` or `60_000`"));
    };
    let mistake = Mistake::replaced(span, message, label, &own, format!("write `{own}`"));
    Some(if label == UNIT { mistake.uncertain() } else { mistake })
}

/// What is tokens of a number that a word follows.
const UNIT: &str = "a unit";

/// `16tanh` in a statement.
fn missing_blank(here: Cursor<'_>, text: &str, span: Span) -> Option<Mistake> {
    let word = text.find(char::is_alphabetic).filter(|_| !here.line.mark(1, b'='))?;
    let (digits, word) = text.split_at(word);
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 3 || grammar::read(Rule::line, &format!("a {digits} {word}")).is_none() {
        return None;
    }
    let message = format!("`{}` and `{}` are written as one word", shorten(digits), shorten(word));
    let own = format!("{digits} {word}");
    let help = format!("write `{}`", shorten(&own));
    Some(Mistake::replaced(span, message, "a blank is missing", &own, help))
}

/// What is wrong with a number that cannot be read, and how it is written, where that is plain.
fn misread(text: &str) -> (String, &'static str, Option<String>) {
    let shown = shorten(text);
    let digits_end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '_' | '.'))).unwrap_or(text.len());
    let (digits, rest) = text.split_at(digits_end);
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        let own = u64::from_str_radix(hex, 16).ok().filter(|&n| n < 1 << 53).map(|n| n.to_string());
        return (format!("`{shown}` is not a number of this language"), "numbers are decimal", own);
    }
    if digits.matches('.').count() > 1 {
        return (format!("`{shown}` has more than one point"), "not a number", None);
    }
    let plain = digits.trim_end_matches('_').split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
    let plain = plain.replace("_.", ".").replace("._", ".");
    if rest.is_empty() && digits.ends_with('.') {
        return (format!("`{shown}` has no digit after the point"), "a digit is expected", Some(format!("{plain}0")));
    }
    if rest.is_empty() {
        return (format!("`{shown}` has a `_` that stands between no digits"), "misplaced `_`", Some(plain));
    }
    if matches!(rest, "e" | "E" | "e-" | "e+" | "E-" | "E+") {
        return (format!("`{shown}` has an exponent without digits"), "digits are expected", None);
    }
    if let Some(shape) = shape(text) {
        return (format!("`{shown}` is a shape with a dimension that is no plain number"), "a shape", Some(shape));
    }
    let own = match rest {
        "k" | "K" if !digits.contains('.') => format!("{plain}_000"),
        "M" if !digits.contains('.') => format!("{plain}_000_000"),
        "f" | "F" | "d" | "L" | "f32" | "f64" => plain,
        _ => {
            let own = grammar::read(Rule::line, &format!("a={plain}")).map(|_| plain);
            return (
                format!("`{}` follows the number `{}`, and numbers have no unit", shorten(rest), shorten(digits)),
                UNIT,
                own,
            );
        }
    };
    (format!("`{}` follows the number `{}`", shorten(rest), shorten(digits)), "a number has no suffix", Some(own))
}

/// `3xw` as `3x(w)`, `28X28` as `28x28`.
fn shape(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(['x', 'X']).collect();
    let dimension = |part: &&str| {
        let digits = part.bytes().all(|b| b.is_ascii_digit());
        let name = part.starts_with(|c: char| c == '_' || c.is_alphabetic()) && !part.contains('.');
        (!part.is_empty() && (digits || name)).then(|| if digits { (*part).to_owned() } else { format!("({part})") })
    };
    let dimensions: Option<Vec<String>> = parts.iter().map(dimension).collect();
    dimensions.filter(|d| d.len() > 1).map(|d| d.join("x"))
}
