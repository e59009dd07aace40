//! A fix as the lines it changes: which go, which come. Not for applying fixes.

use crate::diagnostic::{Edit, Fix};
use crate::source::Source;

/// Neighbouring lines that a fix changes.
#[derive(Debug, PartialEq)]
pub(super) struct Change {
    /// The number of the first line.
    pub(super) line: usize,
    /// The lines as they are; empty where lines are put in.
    pub(super) old: Vec<String>,
    /// The lines as they will be; empty where lines are taken out.
    pub(super) new: Vec<String>,
}

impl Change {
    /// The largest line number on either side.
    pub(super) fn last_line(&self) -> usize {
        self.line + self.old.len().max(self.new.len()).saturating_sub(1)
    }
}

/// What `fix` changes, from top to bottom. Edits that overlap an earlier one are left out.
pub(super) fn changes(source: &Source, fix: &Fix) -> Vec<Change> {
    let mut edits: Vec<&Edit> = fix.edits.iter().collect();
    edits.sort_by_key(|e| (e.span.start, e.span.end));
    let lines = |e: &Edit| (source.position(e.span.start).line, source.position(e.span.end.max(e.span.start)).line);
    edits.chunk_by(|a, b| lines(a).1 == lines(b).0).filter_map(|group| change(source, group)).collect()
}

/// Edits whose lines touch, as one change; `None` if they change nothing.
fn change(source: &Source, edits: &[&Edit]) -> Option<Change> {
    let text = source.text();
    let floor = |offset: u32| text.floor_char_boundary((offset as usize).min(text.len()));
    let first = source.position(edits.first()?.span.start).line;
    let last = edits.iter().map(|e| source.position(e.span.end).line).max()?.max(first);
    let start = source.line_span(first).start as usize;
    let end = source.line_span(last).end as usize;
    let mut new = String::new();
    let mut done = start;
    for edit in edits {
        let (from, to) = (floor(edit.span.start), floor(edit.span.end));
        if from < done || to < from {
            continue;
        }
        new.push_str(&text[done..from]);
        new.push_str(&edit.text);
        done = to;
    }
    new.push_str(text.get(done..end).unwrap_or(""));
    trimmed(first, lines_of(&text[start..end]), lines_of(&new))
}

fn lines_of(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// Leaves out the lines that are the same at the top and at the bottom.
fn trimmed(mut line: usize, mut old: Vec<String>, mut new: Vec<String>) -> Option<Change> {
    while old.last().is_some_and(|o| new.last() == Some(o)) {
        old.pop();
        new.pop();
    }
    let same = old.iter().zip(&new).take_while(|(o, n)| o == n).count();
    old.drain(..same);
    new.drain(..same);
    line += same;
    (!old.is_empty() || !new.is_empty()).then_some(Change { line, old, new })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Applicability;
    use crate::source::Span;

    fn changed(text: &str, edits: &[(usize, usize, &str)]) -> Vec<Change> {
        let edits = edits.iter().map(|&(s, e, t)| Edit { span: Span::new(s, e), text: t.into() }).collect();
        changes(&Source::new("a.nn", text), &Fix { title: String::new(), applicability: Applicability::Safe, edits })
    }

    fn change(line: usize, old: &[&str], new: &[&str]) -> Change {
        let owned = |lines: &[&str]| lines.iter().map(|&l| l.to_owned()).collect();
        Change { line, old: owned(old), new: owned(new) }
    }

    #[test]
    fn a_word_a_line_put_in_and_a_line_taken_out() {
        let text = "a = 1\r\nb = 2\nc = 3";
        assert_eq!(changed(text, &[(7, 8, "x")]), [change(2, &["b = 2"], &["x = 2"])]);
        assert_eq!(changed(text, &[(5, 5, "\n  new")]), [change(2, &[], &["  new"])]);
        assert_eq!(changed(text, &[(7, 13, "")]), [change(2, &["b = 2"], &[])]);
        assert_eq!(changed(text, &[(0, 1, "a")]), []);
    }

    #[test]
    fn edits_of_one_line_are_one_change_and_far_ones_are_two() {
        let text = "a b\n\nc\n";
        assert_eq!(changed(text, &[(2, 3, "y"), (0, 1, "x")]), [change(1, &["a b"], &["x y"])]);
        assert_eq!(
            changed(text, &[(0, 1, "x"), (5, 6, "z")]),
            [change(1, &["a b"], &["x b"]), change(3, &["c"], &["z"])]
        );
    }

    #[test]
    fn edits_out_of_range_or_overlapping_do_no_harm() {
        assert_eq!(changed("é", &[(1, 90, "e")]), [change(1, &["é"], &["e"])]);
        assert_eq!(changed("", &[(0, 0, "x")]), [change(1, &[], &["x"])]);
        assert_eq!(changed("abc", &[(0, 2, "x"), (1, 3, "y")]), [change(1, &["abc"], &["xc"])]);
        assert_eq!(changed("abc", &[(2, 1, "x")]), []);
    }
}
