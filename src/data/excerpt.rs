//! Lines of data files, and names from them, cut to what a report can show.

use crate::diagnostic::Excerpt;
use crate::text::{self, shorten};

/// Characters shown before and after the cell.
const AROUND: usize = 40;
/// Characters shown of the cell itself.
const CELL: usize = 60;

/// The excerpt of `line` (without its break, number `number` from 1) with bytes `start..end` meant.
pub(super) fn excerpt(path: &str, number: usize, line: &[u8], start: usize, end: usize, label: String) -> Excerpt {
    let before = shown(&line[..start]);
    let cell = shown(&line[start..end]);
    let after = shown(&line[end..]);
    let column = before.chars().count() + 1;
    let mut text = tail(&before, AROUND);
    let from = text.len();
    text.push_str(&shorten(&cell, CELL));
    let to = text.len();
    text.push_str(&shorten(&after, AROUND));
    Excerpt { path: path.to_owned(), line: number, column, text, start: from, end: to, label }
}

/// As text that stays on one line: what is not UTF-8 is marked, control characters are blanks.
pub(super) fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Names for a report, the first few of them: `` `a`, `b`, and 7 more ``.
pub(super) fn listed<S: AsRef<str>>(names: &[S]) -> String {
    const SHOWN: usize = 8;
    if names.is_empty() {
        return "none".into();
    }
    // The place of `and 1 more` is as well taken by the name itself.
    let most = if names.len() == SHOWN + 1 { names.len() } else { SHOWN };
    text::all_of(&text::quoted(names.iter().map(|name| shorten(name.as_ref(), 40))), most)
}

fn tail(text: &str, limit: usize) -> String {
    match text.char_indices().rev().nth(limit) {
        None => text.to_owned(),
        Some((at, c)) => format!("…{}", &text[at + c.len_utf8()..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_cut_around_the_cell() {
        let line = format!("{},bad,{}", "é".repeat(90), "y".repeat(90));
        let start = 181;
        let e = excerpt("a.csv", 3, line.as_bytes(), start, start + 3, String::new());
        assert_eq!((e.line, e.column), (3, 92), "the column counts characters");
        assert_eq!(&e.text[e.start..e.end], "bad");
        assert!(e.text.starts_with("…é") && e.text.ends_with("y…"));
        assert_eq!(e.text.chars().count(), 40 + 3 + 40 + 2);
        let e = excerpt("a.csv", 1, b"1,\xff\x01,2", 2, 4, String::new());
        assert_eq!(e.text, "1,\u{fffd} ,2");
    }
}
