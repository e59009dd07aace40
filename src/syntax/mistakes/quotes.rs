//! Texts in quotes that are not `"…"`.

use super::{Cursor, Mistake};
use crate::diagnostic::Edit;
use crate::source::Span;
use crate::syntax::line::shorten;

/// `'text'`, `` `text` ``, `“text”`.
pub(super) fn other_quotes(here: Cursor<'_>) -> Option<Mistake> {
    let Cursor { line, at } = here;
    let closing = match line.word(at) {
        "'" => "'",
        "`" => "`",
        "“" | "„" | "”" => "“”",
        "‘" | "’" => "‘’",
        "«" => "»",
        _ => return None,
    };
    let close = (at + 1..line.tokens.len()).find(|&i| closing.contains(line.word(i)));
    let close = close.filter(|&i| !line.slice(here.span(at, i)).contains(['\n', '"', '\\']));
    let open = line.tokens[at].span;
    let Some(close) = close else {
        let message = format!("`{}` does not quote a text", line.word(at));
        return Some(Mistake::new(open, message, "not a quote here", "put texts in double quotes: `\"…\"`"));
    };
    let shut = line.tokens[close].span;
    let edits = vec![Edit { span: open, text: "\"".into() }, Edit { span: shut, text: "\"".into() }];
    let text = line.slice(Span::new(open.end as usize, shut.start as usize));
    let (whole, help) = (here.span(at, close), format!("write `\"{}\"`", shorten(text)));
    let mistake = Mistake::new(whole, "a text stands in double quotes", "other quotes", help);
    Some(mistake.mended(edits).up_to(close + 1))
}
