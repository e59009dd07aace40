//! Text in aligned columns, no wider than asked where words allow: cells that do not fit are broken into lines, between
//! words alone. Knows nothing of networks.

/// What stands between two columns.
const GAP: usize = 2;
/// A blank that is not broken at.
pub(super) const TIED: &str = "\u{a0}";

/// One column of a table.
pub(super) struct Column {
    pub(super) heading: &'static str,
    /// Numbers stand at the right.
    pub(super) right: bool,
    /// Whether its cells may be broken.
    pub(super) breaks: bool,
}

/// Columns with their rows, set to `width` characters; each line starts with `indent` blanks and ends in a line break.
pub(super) fn table(
    columns: &[Column],
    rows: &[Vec<String>],
    indent: usize,
    width: usize,
    bold: &dyn Fn(&str) -> String,
) -> String {
    let widths = widths(columns, rows, width.saturating_sub(indent));
    let mut text = String::new();
    let headings: Vec<String> = columns.iter().map(|c| c.heading.to_owned()).collect();
    for (i, row) in std::iter::once(&headings).chain(rows).enumerate() {
        for line in lines(columns, &widths, row) {
            let line = format!("{:indent$}{line}", "");
            let line = line.trim_end().replace(TIED, " ");
            text.push_str(&if i == 0 { bold(&line) } else { line });
            text.push('\n');
        }
    }
    text
}

fn widths(columns: &[Column], rows: &[Vec<String>], room: usize) -> Vec<usize> {
    let cell = |row: &Vec<String>, i: usize| row.get(i).map_or(0, |c| length(c));
    let mut widths: Vec<usize> = (0..columns.len())
        .map(|i| rows.iter().map(|r| cell(r, i)).max().unwrap_or(0).max(length(columns[i].heading)))
        .collect();
    let word = |text: &str| text.split(' ').map(length).max().unwrap_or(0);
    let longest = |i: usize| rows.iter().filter_map(|r| r.get(i)).map(|c| word(c)).max().unwrap_or(0);
    let least: Vec<usize> = columns.iter().enumerate().map(|(i, c)| longest(i).max(length(c.heading))).collect();
    loop {
        let total: usize = widths.iter().sum::<usize>() + GAP * columns.len().saturating_sub(1);
        let widest = (0..columns.len()).filter(|&i| columns[i].breaks && widths[i] > least[i]);
        match widest.max_by_key(|&i| widths[i]) {
            Some(i) if total > room => widths[i] -= 1,
            _ => return widths,
        }
    }
}

/// One row: as many lines as its tallest cell.
fn lines(columns: &[Column], widths: &[usize], row: &[String]) -> Vec<String> {
    let cells: Vec<Vec<String>> = row.iter().zip(widths).map(|(cell, &width)| wrap(cell, width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |k: usize| {
        let parts = cells.iter().zip(columns).zip(widths).map(|((cell, column), &width)| {
            let part = cell.get(k).map_or("", String::as_str);
            let blank = " ".repeat(width.saturating_sub(length(part)));
            if column.right { format!("{blank}{part}") } else { format!("{part}{blank}") }
        });
        parts.collect::<Vec<_>>().join(&" ".repeat(GAP))
    };
    (0..height).map(line).collect()
}

/// Breaks `text` between words into lines of at most `width` characters, or of one longer word; at least one line.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut current = lines.pop().unwrap_or_default();
        if !current.is_empty() && length(&current) + 1 + length(word) > width {
            lines.push(std::mem::take(&mut current));
        }
        if !current.is_empty() {
            current.push(' ');
        }
        current.push_str(word);
        lines.push(current);
    }
    lines
}

/// Width in characters.
fn length(text: &str) -> usize {
    text.chars().count()
}

/// A name that came from data, without what a terminal would obey.
pub(super) fn plain(text: &str) -> String {
    crate::source::visible(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 2] =
        [Column { heading: "name", right: false, breaks: true }, Column { heading: "n", right: true, breaks: false }];

    #[test]
    fn columns_are_aligned() {
        let rows = [vec!["a".to_owned(), "1,000".to_owned()], vec!["longer".to_owned(), "2".to_owned()]];
        let text = table(&COLUMNS, &rows, 2, 100, &|s| s.to_owned());
        assert_eq!(text, "  name        n\n  a       1,000\n  longer      2\n");
    }

    #[test]
    fn a_wide_cell_is_broken_between_words_alone() {
        let rows = [vec!["one two three four".to_owned(), "7".to_owned()]];
        let text = table(&COLUMNS, &rows, 0, 14, &|s| s.to_owned());
        assert_eq!(text, "name         n\none two      7\nthree four\n");
        let long = "a_label_of_its_own_that_is_longer_than_the_table";
        let rows = [vec![format!("a {long}"), "7".to_owned()]];
        let text = table(&COLUMNS, &rows, 0, 14, &|s| s.to_owned());
        assert!(text.contains(long), "{text}");
        assert_eq!(wrap("abcdefgh ij k", 4), ["abcdefgh", "ij k"]);
        assert_eq!(wrap("", 3), [""]);
    }
}
