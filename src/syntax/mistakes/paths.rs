//! Paths without quotes, and names with dots.

use super::{Cursor, Mistake};
use crate::syntax::grammar::Rule;
use crate::syntax::lexeme::Kind;
use crate::syntax::line::shorten;
use crate::syntax::spell;

/// `data wine.csv {`, `test = folder/test.csv`: a path without quotes, to the line's end.
pub(super) fn unquoted_path(here: Cursor<'_>) -> Option<Mistake> {
    let Cursor { line, at: start } = here;
    let is_source = start == 1 && line.rule == Rule::header;
    let is_value = is_source || start == 2 && line.mark(1, b'=');
    let end = line.tokens.len() - 1;
    if !is_value || end < start + 2 || !(start..end).all(|i| line.tight(i)) {
        return None;
    }
    let belongs = |at: usize| {
        let marks = [b'.', b'/', b'\\', b'-', b'~', b':'];
        let is_word = matches!(line.tokens[at].kind, Kind::Word | Kind::Number | Kind::Other);
        is_word || marks.iter().any(|&m| line.mark(at, m))
    };
    let span = here.span(start, end);
    let text = line.slice(span);
    let ends_so = line.is(end, Kind::Word) && line.mark(end - 1, b'.') && (is_source || text.contains(['/', '\\']));
    if !ends_so || !(start..=end).all(belongs) {
        return None;
    }
    let own = spell::quoted(text);
    let message = format!("`{}` is a path that stands without quotes", shorten(text));
    let help = format!("write `{}`", shorten(&own));
    let mistake = Mistake::replaced(span, message, "no quotes", &own, help).up_to(end + 1);
    Some(if is_source { mistake } else { mistake.uncertain() })
}

/// `nn.ReLU()`, `optim.Adam(…)`, `petal.length`.
pub(super) fn dotted_name(here: Cursor<'_>) -> Option<Mistake> {
    let line = here.line;
    let path = line.path(here.at);
    if path.len() < 3 {
        return None;
    }
    let span = here.span(path.start, path.end - 1);
    let written = shorten(line.slice(span));
    let message = format!("`{written}` has a dot, and names here have none");
    let called = line.mark(path.end, b'(') && line.tight(path.end - 1);
    let mistake = if called {
        let foreign = line.word(path.end - 1);
        if let Some(own) = (line.words)(foreign) {
            let empty = line.mark(path.end + 1, b')');
            let whole = if empty { here.span(path.start, path.end + 1) } else { span };
            Mistake::replaced(whole, message, "a name of another tool", own, format!("write `{own}`"))
        } else {
            let help = format!("write a name of this language: none is called `{}`", shorten(foreign));
            Mistake::new(span, message, "a name of another tool", help)
        }
    } else {
        let own = format!("\"{}\"", line.slice(span));
        let help = format!("write a path or a column's name in quotes: `\"{written}\"`");
        Mistake::replaced(span, message, "not a name", &own, help).uncertain()
    };
    Some(mistake.up_to(path.end))
}
