//! Comments as other languages begin them.

use super::{Cursor, Mistake};
use crate::diagnostic::Edit;

/// `// …`, `/* … */`, `-- …`: the rest of the line is a comment.
pub(super) fn comment(here: Cursor<'_>) -> Option<Mistake> {
    let Cursor { line, at } = here;
    let mark = if here.pair(b'/', b'/') {
        "//"
    } else if here.pair(b'/', b'*') {
        "/*"
    } else if here.pair(b'-', b'-') && !line.tight(at + 1) {
        "--"
    } else {
        return None;
    };
    let span = here.span(at, at + 1);
    let mut edits = vec![Edit { span, text: "#".to_owned() }];
    let end = line.tokens.len();
    if mark == "/*" && end > at + 3 && line.mark(end - 2, b'*') && line.mark(end - 1, b'/') {
        edits.push(Edit { span: here.span(end - 2, end - 1), text: String::new() });
    }
    let message = format!("`{mark}` starts no comment");
    Some(Mistake::new(span, message, "not a comment here", "start comments with `#`").mended(edits).up_to(end))
}
