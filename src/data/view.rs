//! [`View`]: rows as the program says that they are written: its marks of numbers, its missing markers, its dates.
//! Readers above it see numbers, texts and nothing, whichever way a file writes them.

use super::cell::{self, Cell};
use super::dates::{self, Moment};
use super::rows::{Line, RowPlace, Rows};
use crate::diagnostic::{Diagnostic, codes};
use crate::ir::dialect::{DateColumn, DateOrder, Decimal, Dialect, Numbers};
use crate::syntax::spell;

/// Rows that are looked at for the order of days and months.
const HEAD: usize = 1000;
/// The columns that a column of dates gives beside its own, by the ends of their names.
const PARTS: [&str; 4] = ["year", "month", "weekday", "hour"];

/// Rows read by a dialect.
pub(super) struct View<T> {
    rows: T,
    numbers: Numbers,
    markers: Vec<Marker>,
    /// Whether cells are read as they stand.
    plain: bool,
    /// Columns of dates, with their places in the file.
    dates: Vec<(usize, DateColumn)>,
    /// Cells in the file's header; behind them stand the parts of dates.
    width: usize,
}

/// What means that a cell holds nothing: a text, and the number that it is, where it is one.
struct Marker {
    text: Vec<u8>,
    number: Option<f64>,
}

impl<T: Rows> View<T> {
    /// The rows as `dialect` has them.
    pub(super) fn new(rows: T, dialect: &Dialect) -> Self {
        let number = |text: &str| match number(text.as_bytes(), dialect.numbers) {
            Cell::Number(value) => Some(value),
            Cell::Missing | Cell::Infinite | Cell::Text => None,
        };
        let marker = |text: &String| Marker {
            text: cell::trim(text.as_bytes()).to_vec(),
            // As a program writes it (`-999.5`), or as the file does.
            number: text.parse().ok().filter(|v: &f64| v.is_finite()).or_else(|| number(text)),
        };
        let markers = dialect.missing_values.iter().map(marker).collect();
        Self {
            rows,
            numbers: dialect.numbers,
            markers,
            plain: dialect.is_plain(),
            dates: Vec::new(),
            width: usize::MAX,
        }
    }

    /// Finds the columns of dates among the names of the file's; gives all names, those of the parts of dates last.
    /// Rows are then still to come from the first. A column whose days and months cannot be told apart is reported.
    pub(super) fn settle(
        &mut self,
        mut names: Vec<String>,
        dates: &[DateColumn],
    ) -> Result<(Vec<String>, Vec<Diagnostic>), Box<Diagnostic>> {
        self.width = names.len();
        let at = |date: &DateColumn| names.iter().position(|n| *n == date.name);
        self.dates = dates.iter().filter_map(|date| Some((at(date)?, date.clone()))).collect();
        let reports = self.order()?;
        for (_, date) in self.dates.iter().filter(|(_, date)| date.parts) {
            names.extend(PARTS.iter().map(|part| format!("{}.{part}", date.name)));
        }
        Ok((names, reports))
    }

    /// The columns of dates, their orders settled.
    pub(super) fn dates(&self) -> Vec<DateColumn> {
        self.dates.iter().map(|(_, date)| date.clone()).collect()
    }

    /// How many columns are no column of the file.
    pub(super) fn made(&self) -> usize {
        self.dates.iter().filter(|(_, date)| date.parts).count() * PARTS.len()
    }

    /// Settles what comes first in dates such as `03/04/2021`: a number above 12 is no month.
    fn order(&mut self) -> Result<Vec<Diagnostic>, Box<Diagnostic>> {
        let unsettled = |date: &DateColumn| date.order.is_none();
        if !self.dates.iter().any(|(_, date)| unsettled(date)) {
            return Ok(Vec::new());
        }
        let mut doubts: Vec<Option<RowPlace>> = self.dates.iter().map(|_| None).collect();
        self.rows.hold();
        for _ in 0..HEAD {
            if self.rows.is_full() || !self.rows.advance()? {
                break;
            }
            for ((at, date), doubt) in self.dates.iter_mut().zip(&mut doubts) {
                if *at >= self.rows.width() || date.order.is_some() {
                    continue;
                }
                let text = std::str::from_utf8(self.rows.cell(*at)).unwrap_or_default();
                date.order = dates::order_of(text);
                if doubt.is_none() && matches!(dates::read(text), Some(dates::Reading::Either(..))) {
                    *doubt = Some(self.rows.place(Some(*at), "which is the day?".to_owned()));
                }
            }
        }
        self.rows.rewind();
        let mut reports = Vec::new();
        for ((_, date), doubt) in self.dates.iter_mut().zip(doubts) {
            let (Some(place), None) = (doubt, date.order) else { continue };
            let name = spell::name(&date.name);
            let text = format!("the dates of column `{}` may have the day first or the month first", date.name);
            let report = Diagnostic::error(codes::NUMBER_FORM, text);
            reports.push(
                place
                    .mark(report)
                    .help(format!("write `date = day_first({name})` or `date = month_first({name})` in `data`")),
            );
            // Read somehow, so that the other faults are found.
            date.order = Some(DateOrder::Day);
        }
        Ok(reports)
    }

    /// Where a column's cells stand in the file, and which date and part of it they are.
    fn source(&self, column: usize) -> (usize, Option<(&DateColumn, Option<&'static str>)>) {
        if column < self.width {
            let date = self.dates.iter().find(|(at, _)| *at == column);
            return (column, date.map(|(_, date)| (date, None)));
        }
        let mut with_parts = self.dates.iter().filter(|(_, date)| date.parts);
        let made = column - self.width;
        match with_parts.nth(made / PARTS.len()) {
            Some((at, date)) => (*at, Some((date, Some(PARTS[made % PARTS.len()])))),
            None => (column, None),
        }
    }

    /// Whether the program says that such a cell holds nothing. A text counts in quotes too: some files quote every
    /// cell.
    fn is_marked(&self, text: &[u8], value: Cell) -> bool {
        self.markers.iter().any(|m| m.text == text || matches!((m.number, value), (Some(m), Cell::Number(v)) if m == v))
    }
}

impl<T: Rows> Rows for View<T> {
    fn advance(&mut self) -> Result<bool, Box<Diagnostic>> {
        self.rows.advance()
    }

    fn width(&self) -> usize {
        self.rows.width()
    }

    #[inline]
    fn cell(&self, column: usize) -> &[u8] {
        self.rows.cell(if self.plain { column } else { self.source(column).0 })
    }

    fn is_quoted(&self, column: usize) -> bool {
        self.rows.is_quoted(self.source(column).0)
    }

    fn is_date(&self, column: usize) -> bool {
        self.source(column).1.is_some()
    }

    #[inline]
    fn read(&self, column: usize) -> Cell {
        if self.plain {
            return self.rows.read(column);
        }
        let text = self.cell(column);
        let value = match self.source(column).1 {
            Some((date, part)) if !cell::is_missing(text) => moment(text, date, part),
            _ => number(text, self.numbers),
        };
        match value {
            _ if self.is_marked(text, value) => Cell::Missing,
            Cell::Missing if !text.is_empty() && self.is_quoted(column) => Cell::Text,
            Cell::Number(_) | Cell::Missing | Cell::Infinite | Cell::Text => value,
        }
    }

    fn is_missing(&self, column: usize) -> bool {
        if self.plain { self.rows.is_missing(column) } else { self.read(column) == Cell::Missing }
    }

    fn line(&self) -> Option<Line<'_>> {
        self.rows.line()
    }

    fn place(&self, column: Option<usize>, label: String) -> RowPlace {
        self.rows.place(column.map(|column| self.source(column).0), label)
    }

    fn hold(&mut self) {
        self.rows.hold();
    }

    fn is_full(&self) -> bool {
        self.rows.is_full()
    }

    fn rewind(&mut self) {
        self.rows.rewind();
    }

    fn block(&mut self, most: usize) -> Result<Option<(&[u8], u8)>, Box<Diagnostic>> {
        if self.plain { self.rows.block(most) } else { Ok(None) }
    }

    fn pass(&mut self, bytes: usize, lines: usize) {
        self.rows.pass(bytes, lines);
    }
}

/// What a cell of a column of dates says.
fn moment(text: &[u8], date: &DateColumn, part: Option<&str>) -> Cell {
    let read = std::str::from_utf8(text).ok().and_then(|text| dates::by_order(text, date.order));
    let Some(Moment { days, year, month, weekday, hour }) = read else { return Cell::Text };
    Cell::Number(match part {
        Some("year") => year as f64,
        Some("month") => f64::from(month),
        Some("weekday") => f64::from(weekday),
        Some(_) => hour,
        None => days,
    })
}

/// Reads a cell whose numbers are written so. `text` has no blanks around it.
pub(super) fn number(text: &[u8], numbers: Numbers) -> Cell {
    if numbers == Numbers::default() {
        return cell::read(text);
    }
    match std::str::from_utf8(text).ok().and_then(|text| rewritten(text, numbers)) {
        Some(plain) => cell::read(plain.as_bytes()),
        None => match cell::read(text) {
            // `1.234` with a decimal comma may be 1234, and is not guessed; `0.42` can only be what it looks like.
            Cell::Number(_) if numbers.thousands.is_some() || may_be_grouped(text) => Cell::Text,
            other @ (Cell::Number(_) | Cell::Missing | Cell::Infinite | Cell::Text) => other,
        },
    }
}

/// The number with a decimal point and without marks; `None` where it is not written so.
fn rewritten(text: &str, Numbers { decimal, thousands }: Numbers) -> Option<String> {
    let (sign, size) = match text.strip_prefix(['-', '+']) {
        Some(size) => (&text[..1], size),
        None => ("", text),
    };
    let end = size.find(['e', 'E']).unwrap_or(size.len());
    let (mantissa, exponent) = size.split_at(end);
    let (whole, fraction) = match (mantissa.split_once(decimal.mark()), decimal) {
        (Some((whole, fraction)), _) => (whole, Some(fraction)),
        (None, Decimal::Point | Decimal::Comma) => (mantissa, None),
    };
    let whole = match thousands {
        Some(mark) => ungrouped(whole, mark)?,
        None => whole.to_owned(),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !digits(&whole) || !digits(fraction.unwrap_or_default()) {
        return None;
    }
    Some(match fraction {
        Some(fraction) => format!("{sign}{whole}.{fraction}{exponent}"),
        None => format!("{sign}{whole}{exponent}"),
    })
}

/// Whether the point of a number may stand between thousands.
fn may_be_grouped(text: &[u8]) -> bool {
    let Some(point) = text.iter().position(|&b| b == b'.') else { return false };
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    let (whole, fraction) = (text[..point].strip_prefix(b"-").unwrap_or(&text[..point]), &text[point + 1..]);
    fraction.len() == 3 && digits(fraction) && (1..=3).contains(&whole.len()) && whole[0] != b'0'
}

/// Whole digits without the marks between their groups: the last of three digits, the others of three, or of two as in
/// India. `None` where the marks stand elsewhere.
pub(super) fn ungrouped(text: &str, mark: char) -> Option<String> {
    let groups: Vec<&str> = text.split(|c| alike(c, mark)).collect();
    let [first, middle @ .., last] = &groups[..] else { return Some(text.to_owned()) };
    let width = middle.first().map_or(3, |group| group.len());
    let sound = (1..=3).contains(&first.len())
        && first.len() <= width
        && last.len() == 3
        && (2..=3).contains(&width)
        && middle.iter().all(|group| group.len() == width);
    sound.then(|| groups.concat())
}

/// Whether a character is the mark: a blank is any blank that does not break a line, an apostrophe any of the two.
fn alike(c: char, mark: char) -> bool {
    let is_blank = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}');
    let is_apostrophe = |c: char| matches!(c, '\'' | '\u{2019}');
    c == mark || (is_blank(c) && is_blank(mark)) || (is_apostrophe(c) && is_apostrophe(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_by_their_marks_alone() {
        let with = |decimal, thousands| Numbers { decimal, thousands };
        let (comma, point) = (Decimal::Comma, Decimal::Point);
        for (text, numbers, value) in [
            ("4,7", with(comma, None), Some(4.7)),
            ("-0,25", with(comma, None), Some(-0.25)),
            ("1,5e3", with(comma, None), Some(1500.0)),
            ("7", with(comma, None), Some(7.0)),
            (",5", with(comma, None), Some(0.5)),
            ("4.7", with(comma, None), Some(4.7)),
            ("0.125", with(comma, None), Some(0.125)),
            ("1.234", with(comma, None), None),
            ("1,2,3", with(comma, None), None),
            ("1.234,5", with(comma, Some('.')), Some(1234.5)),
            ("1.234", with(comma, Some('.')), Some(1234.0)),
            ("1.2", with(comma, Some('.')), None),
            ("12.34,5", with(comma, Some('.')), None),
            ("3,744", with(point, Some(',')), Some(3744.0)),
            ("1,234,567.5", with(point, Some(',')), Some(1_234_567.5)),
            ("12,34,567", with(point, Some(',')), Some(1_234_567.0)),
            ("1234", with(point, Some(',')), Some(1234.0)),
            ("1,23", with(point, Some(',')), None),
            (",234", with(point, Some(',')), None),
            ("1,,234", with(point, Some(',')), None),
            ("1\u{202f}234,5", with(comma, Some(' ')), Some(1234.5)),
            ("1\u{2019}234", with(point, Some('\'')), Some(1234.0)),
            ("1_234", with(point, Some('_')), Some(1234.0)),
            (",", with(comma, None), None),
            ("-", with(comma, None), None),
        ] {
            let expected = value.map_or(Cell::Text, Cell::Number);
            assert_eq!(number(text.as_bytes(), numbers), expected, "{text} by {numbers:?}");
        }
        assert_eq!(number(b"NA", with(comma, None)), Cell::Missing);
        assert_eq!(number(b"-inf", with(comma, None)), Cell::Infinite);
    }
}
