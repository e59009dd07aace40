//! Text in aligned columns. A table may be bounded: cells that do not fit are then broken into lines, between words
//! alone.

/// Where the cells of a column stand in its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Whole numbers, and numbers of equally many decimals.
    Right,
    /// Numbers, their points under one another. The heading is no number: it stands at the right.
    Point,
}

/// One column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Where its cells stand.
    pub align: Align,
    /// Blanks before it.
    pub gap: usize,
    /// Whether its cells may be broken into lines.
    pub breaks: bool,
}

impl Column {
    /// A column whose cells stay whole.
    pub const fn new(align: Align, gap: usize) -> Self {
        Self { align, gap, breaks: false }
    }
}

/// The lines of a table for each of its rows, blanks at their ends left out. The first row is the heading. Lines are no
/// longer than `room` where breaking the columns that may be broken helps.
pub fn table(columns: &[Column], rows: &[Vec<String>], room: usize) -> Vec<Vec<String>> {
    let mut cells = rows.to_vec();
    for at in (0..columns.len()).filter(|&at| columns[at].align == Align::Point) {
        let numbers: Vec<String> = cells.iter().skip(1).map(|row| row.get(at).cloned().unwrap_or_default()).collect();
        for (row, number) in cells.iter_mut().skip(1).zip(stacked(&numbers)) {
            if let Some(cell) = row.get_mut(at) {
                *cell = number;
            }
        }
    }
    let widths = widths(columns, &cells, room);
    cells.iter().map(|row| lines(columns, &widths, row)).collect()
}

/// Columns two blanks apart, a line each row: the first to the left, the others to the right.
pub fn aligned(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let column = |at| if at == 0 { Column::new(Align::Left, 0) } else { Column::new(Align::Right, 2) };
    let columns: Vec<Column> = (0..count).map(column).collect();
    table(&columns, rows, usize::MAX).concat().into_iter().map(|line| line + "\n").collect()
}

/// Numbers one under the other: their points in one column, all of one width.
pub fn stacked(values: &[String]) -> Vec<String> {
    let point = |v: &str| v.find(['.', 'e']).unwrap_or(v.len());
    let before = values.iter().map(|v| point(v)).max().unwrap_or(0);
    let after = values.iter().map(|v| v.len() - point(v)).max().unwrap_or(0);
    let stack = |v: &String| {
        let at = point(v);
        format!("{}{v}{}", " ".repeat(before - at), " ".repeat(after - (v.len() - at)))
    };
    values.iter().map(stack).collect()
}

fn widths(columns: &[Column], rows: &[Vec<String>], room: usize) -> Vec<usize> {
    let widest = |at: usize, of: fn(&str) -> usize| rows.iter().filter_map(|r| r.get(at)).map(|c| of(c)).max();
    let mut widths: Vec<usize> = (0..columns.len()).map(|at| widest(at, length).unwrap_or(0)).collect();
    let heading = |at: usize| rows.first().and_then(|r| r.get(at)).map_or(0, |c| length(c));
    let word = |text: &str| text.split(' ').map(length).max().unwrap_or(0);
    let least: Vec<usize> = (0..columns.len()).map(|at| widest(at, word).unwrap_or(0).max(heading(at))).collect();
    let gaps: usize = columns.iter().map(|c| c.gap).sum();
    loop {
        let total = widths.iter().sum::<usize>() + gaps;
        let broken = (0..columns.len()).filter(|&at| columns[at].breaks && widths[at] > least[at]);
        match broken.max_by_key(|&at| widths[at]) {
            Some(at) if total > room => widths[at] -= 1,
            _ => return widths,
        }
    }
}

/// One row: as many lines as its tallest cell.
fn lines(columns: &[Column], widths: &[usize], row: &[String]) -> Vec<String> {
    let cells: Vec<Vec<String>> = row.iter().zip(widths).map(|(cell, &width)| wrap(cell, width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |at: usize| {
        let mut text = String::new();
        for ((cell, column), &width) in cells.iter().zip(columns).zip(widths) {
            let part = cell.get(at).map_or("", String::as_str);
            let (gap, blank) = (" ".repeat(column.gap), " ".repeat(width.saturating_sub(length(part))));
            text += &match column.align {
                Align::Left => format!("{gap}{part}{blank}"),
                Align::Right | Align::Point => format!("{gap}{blank}{part}"),
            };
        }
        text.trim_end().to_owned()
    };
    (0..height).map(line).collect()
}

/// Breaks `text` between words into lines of at most `width` characters, or of one longer word; at least one line.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    if length(text) <= width {
        return vec![text.to_owned()];
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(cells: &[[&str; 2]]) -> Vec<Vec<String>> {
        cells.iter().map(|row| row.map(str::to_owned).to_vec()).collect()
    }

    #[test]
    fn words_stand_left_and_numbers_right() {
        let rows = rows(&[["name", "n"], ["a", "1,000"], ["longer", "2"]]);
        assert_eq!(aligned(&rows), "name        n\na       1,000\nlonger      2\n");
        assert_eq!(aligned(&[]), "");
    }

    #[test]
    fn points_stand_in_one_column() {
        assert_eq!(stacked(&["-1.5".into(), "20".into(), "0.25".into()]), ["-1.5 ", "20   ", " 0.25"]);
        let columns = [Column::new(Align::Left, 1), Column::new(Align::Point, 3)];
        let lines = table(&columns, &rows(&[["of", "loss"], ["a", "-1.5"], ["b", "20"]]), usize::MAX).concat();
        assert_eq!(lines, [" of   loss", " a    -1.5", " b    20"]);
    }

    #[test]
    fn a_wide_cell_is_broken_between_words_alone() {
        let columns = [Column { breaks: true, ..Column::new(Align::Left, 0) }, Column::new(Align::Right, 2)];
        let lines = table(&columns, &rows(&[["name", "n"], ["one two three four", "7"]]), 14).concat();
        assert_eq!(lines, ["name         n", "one two      7", "three four"]);
        let long = "a_label_of_its_own_that_is_longer_than_the_table";
        let lines = table(&columns, &rows(&[["name", "n"], [&format!("a {long}"), "7"]]), 14).concat();
        assert!(lines.iter().any(|line| line.contains(long)), "{lines:?}");
        assert_eq!(
            (wrap("abcdefgh ij k", 4), wrap("", 3)),
            (vec!["abcdefgh".into(), "ij k".into()], vec![String::new()])
        );
    }
}
