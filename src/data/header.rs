//! The names of the columns: in the file's first line, in the program, or made up. And what a first line shows that
//! is not what the program takes it for: another separator, lines before the header, a line of data.

use std::collections::{HashMap, HashSet};

use super::cell::{self, Cell};
use super::excerpt::listed;
use super::propose::{self, Setting};
use super::rows::{RowPlace, Rows};
use crate::diagnostic::{Diagnostic, codes};
use crate::ir::dialect::Header;
use crate::ir::spec::DataSpec;
use crate::syntax::spell;

/// Rows that are looked at before the header is read.
const HEAD: usize = 30;
/// Lines before a header that are looked for.
const BEFORE: usize = 20;
/// What files are separated by besides, in the order in which they are tried.
const SEPARATORS: [u8; 5] = [b';', b'\t', b'|', b',', b' '];
/// As many numbers in order are the names of places: pixels, wavelengths, years.
const PLACES: usize = 8;

/// The first rows of a file.
struct Head {
    rows: Vec<Row>,
    separator: u8,
}

/// One of them.
struct Row {
    cells: Vec<String>,
    line: Vec<u8>,
    number: usize,
    place: RowPlace,
}

/// Reads and checks the names of the columns. `what` is how reports call the data, `path` its file.
pub(super) fn names(rows: &mut impl Rows, what: &str, spec: &DataSpec) -> Result<Vec<String>, Vec<Diagnostic>> {
    let head = Head::of(rows);
    if let Some(report) = head.as_ref().and_then(|h| h.carriage_returns(what).or_else(|| h.separated(what, spec))) {
        return Err(vec![report]);
    }
    match &spec.dialect.header {
        Header::None => {
            let width = head.map_or(0, |head| head.width());
            if width == 0 { Err(vec![empty(what)]) } else { Ok((0..width).map(|n| format!("c{n}")).collect()) }
        }
        Header::Names(names) => given(head.as_ref(), names, what, spec),
        Header::Unsaid | Header::First => {
            if let Some(head) = &head {
                if let Some(report) = head.preceded(what, spec) {
                    return Err(vec![report]);
                }
                if spec.dialect.header == Header::Unsaid
                    && let Some(report) = head.is_data(what, spec)
                {
                    return Err(vec![report]);
                }
            }
            read(rows, what, Some(spec), head.as_ref())
        }
    }
}

/// The names of a new file's columns, for a model that was trained with the same dialect.
pub(super) fn of_new_file(rows: &mut impl Rows, what: &str, header: &Header) -> Result<Vec<String>, Vec<Diagnostic>> {
    let head = match header {
        Header::Unsaid | Header::First => return read(rows, what, None, None),
        Header::None | Header::Names(_) => Head::of(rows).ok_or_else(|| vec![empty(what)])?,
    };
    match header {
        Header::Names(names) if names.len() == head.width() => Ok(names.clone()),
        Header::Names(names) => Err(vec![head.rows[0].misfit(names, what)]),
        Header::Unsaid | Header::First | Header::None => Ok((0..head.width()).map(|n| format!("c{n}")).collect()),
    }
}

fn empty(what: &str) -> Diagnostic {
    Diagnostic::error(codes::DATA_FORMAT, format!("{what} is empty"))
}

/// Names from the program: as many as there are cells, and not those that the first line has.
fn given(head: Option<&Head>, names: &[String], what: &str, spec: &DataSpec) -> Result<Vec<String>, Vec<Diagnostic>> {
    let Some(first) = head.and_then(|head| head.rows.first()) else { return Err(vec![empty(what)]) };
    if first.cells == names {
        let report = Diagnostic::error(
            codes::DATA_FORMAT,
            format!("the first line of {what} holds the names that `header` gives"),
        );
        let skip = ("skip_lines", (spec.dialect.skip_lines + 1).to_string());
        return Err(vec![propose::propose(first.place.clone().mark(report), spec, &[skip])]);
    }
    if first.cells.len() != names.len() {
        return Err(vec![first.misfit(names, what)]);
    }
    Ok(names.to_vec())
}

/// Reads the first line as names.
fn read(
    rows: &mut impl Rows,
    what: &str,
    spec: Option<&DataSpec>,
    head: Option<&Head>,
) -> Result<Vec<String>, Vec<Diagnostic>> {
    if !rows.advance().map_err(|d| vec![*d])? {
        return Err(vec![empty(what)]);
    }
    // Columns without a name are of no use to a model, and no harm in a new file.
    let may_lack = spec.is_none_or(|spec| spec.inputs.is_some() || spec.ignore.iter().any(|n| n.name.is_empty()));
    let mut faults = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut seen = HashMap::new();
    for at in 0..rows.width() {
        let bytes = rows.cell(at);
        let name = String::from_utf8_lossy(bytes).into_owned();
        let fault = |text: String| Diagnostic::error(codes::DATA_FORMAT, text);
        let place = |label: &str| rows.place(Some(at), label.to_owned());
        if name.is_empty() {
            if !may_lack {
                let report = place("no name here").mark(fault(format!("column {} of {what} has no name", at + 1)));
                faults.push(nameless(report, at, spec, head));
            }
        } else if std::str::from_utf8(bytes).is_err() {
            faults.push(place("not UTF-8").mark(fault(format!("the name of column {} is not UTF-8 text", at + 1))));
        } else if let Some(first) = seen.insert(name.clone(), at) {
            let report = place("the same name again").mark(fault(format!("{what} has two columns named `{name}`")));
            faults.push(rows.place(Some(first), "first here".to_owned()).mark(report));
        }
        names.push(name);
    }
    if faults.is_empty() { Ok(names) } else { Err(faults) }
}

/// What to do about a column without a name: rows counted up are the index that pandas writes; what has no cells comes
/// from separators at the lines' ends.
fn nameless(report: Diagnostic, at: usize, spec: Option<&DataSpec>, head: Option<&Head>) -> Diagnostic {
    let Some(spec) = spec else { return report };
    let cells: Vec<&str> =
        head.iter().flat_map(|h| &h.rows[1..]).filter_map(|r| r.cells.get(at)).map(String::as_str).collect();
    let first = cells.first().and_then(|c| c.parse::<usize>().ok());
    let counts = at == 0
        && first.is_some_and(|first| first <= 1 && cells.iter().enumerate().all(|(n, c)| c.parse() == Ok(first + n)));
    let ignore: [Setting; 1] = [("ignore", propose::list_with(&spec.ignore, ""))];
    let words = propose::in_words(&ignore);
    if counts {
        let report =
            report.note_that("it counts the rows, as pandas writes its index: `to_csv(…, index=False)` leaves it out");
        propose::fix(report.help(format!("write {words} in `data` to leave it out")), spec, &ignore)
    } else if !cells.is_empty() && cells.iter().all(|c| c.is_empty()) {
        let report = report.note_that("it has no cells: the lines end in a separator");
        propose::fix(report.help(format!("write {words} in `data` to leave it out")), spec, &ignore)
    } else {
        report.help(format!("give the column a name in the first line, or leave it out: {words}"))
    }
}

impl Row {
    fn misfit(&self, names: &[String], what: &str) -> Diagnostic {
        let (have, want) = (self.cells.len(), names.len());
        let text = format!("`header` names {want} columns, and line {} of {what} has {have} cells", self.number);
        self.place.clone().mark(Diagnostic::error(codes::DATA_FORMAT, text))
    }
}

impl Head {
    /// The first rows, which are then read again; `None` where the rows come from no file.
    fn of(rows: &mut impl Rows) -> Option<Self> {
        rows.line()?;
        let mut head = Self { rows: Vec::new(), separator: 0 };
        rows.hold();
        while head.rows.len() < HEAD && !rows.is_full() && rows.advance().is_ok_and(|more| more) {
            let cells = (0..rows.width()).map(|at| String::from_utf8_lossy(rows.cell(at)).into_owned()).collect();
            let place = rows.place(None, String::new());
            let Some(line) = rows.line() else { break };
            head.separator = line.separator;
            head.rows.push(Row { cells, line: line.text.to_vec(), number: line.number, place });
        }
        rows.rewind();
        (!head.rows.is_empty()).then_some(head)
    }

    fn width(&self) -> usize {
        self.rows.first().map_or(0, |row| row.cells.len())
    }

    /// Lines that end in a carriage return alone, as on computers of long ago.
    fn carriage_returns(&self, what: &str) -> Option<Diagnostic> {
        let line = &self.rows[0].line;
        let alone = line.iter().position(|&b| b == b'\r').is_some_and(|at| !matches!(line[at + 1..], [] | [b'\n', ..]));
        alone.then(|| {
            let text = format!("the lines of {what} end in a carriage return alone");
            Diagnostic::error(codes::DATA_FORMAT, text).help("save it with LF or CRLF")
        })
    }

    /// A file of one column that has several by another separator.
    fn separated(&self, what: &str, spec: &DataSpec) -> Option<Diagnostic> {
        let notes = self.notes();
        if self.rows.get(notes).is_none_or(|row| row.cells.len() > 1) {
            return None;
        }
        let mut candidates = SEPARATORS.into_iter().filter(|&s| s != self.separator);
        let (other, width) = candidates.find_map(|s| Some((s, self.columns_by(s, notes)?)))?;
        let (is, by) = (in_words(self.separator), in_words(other));
        let text = format!("{what} looks separated by {by}, not by {is}");
        let mut report = self.rows[notes].place.clone().mark(Diagnostic::error(codes::DATA_FORMAT, text));
        report = report.note_that(format!("by {by} it has {width} columns, by {is} one"));
        let mut settings = vec![("separator", spell::quoted(&char::from(other).to_string()))];
        if other != b',' && self.has_decimal_commas(other) && spec.dialect == crate::ir::dialect::Dialect::default() {
            settings.push(("decimal", spell::quoted(",")));
        }
        if notes > 0 && spec.dialect.header == Header::Unsaid {
            settings.push(("skip_lines", (self.rows[notes].number - 1).to_string()));
        }
        Some(propose::propose(report, spec, &settings))
    }

    /// How many lines before the first are comments or words to a spreadsheet.
    fn notes(&self) -> usize {
        (0..BEFORE.min(self.rows.len())).take_while(|&at| self.is_note(at)).count()
    }

    /// How many columns there are by another separator: two or more, and as many in nearly every row.
    fn columns_by(&self, separator: u8, notes: usize) -> Option<usize> {
        let rows = &self.rows[notes..];
        let width = split(&rows[0].line, separator).len();
        let alike = rows.iter().filter(|row| split(&row.line, separator).len() == width).count();
        // One line tells nothing of blanks: they stand in names too.
        let enough = if separator == b' ' { 2 } else { 1 };
        (width > 1 && rows.len() >= enough && alike * 10 >= rows.len() * 9).then_some(width)
    }

    /// Whether cells are numbers with decimal commas, by that separator, and none has a point.
    fn has_decimal_commas(&self, separator: u8) -> bool {
        let cells = || self.rows[1..].iter().flat_map(|row| split(&row.line, separator));
        let text = |cell: &[u8]| String::from_utf8_lossy(cell).trim_matches(['"', ' ']).to_owned();
        let is_comma = |cell: &str| {
            cell.matches(',').count() == 1 && matches!(cell::read(cell.replace(',', ".").as_bytes()), Cell::Number(_))
        };
        let is_point = |cell: &str| cell.contains('.') && matches!(cell::read(cell.as_bytes()), Cell::Number(_));
        cells().any(|c| is_comma(&text(c))) && !cells().any(|c| is_point(&text(c)))
    }

    /// Whether a line is a comment or a word to a spreadsheet.
    fn is_note(&self, at: usize) -> bool {
        self.rows.get(at).is_some_and(|row| is_comment(&row.line) || is_sep(&row.line))
    }

    /// Lines before the header: comments, `sep=,`, titles. The header is the first line as wide as those after it.
    fn preceded(&self, what: &str, spec: &DataSpec) -> Option<Diagnostic> {
        let widths: Vec<usize> = self.rows.iter().map(|row| row.cells.len()).collect();
        let notes = self.notes();
        let most = usual(&widths[notes.min(widths.len() - 1)..])?;
        let header = widths.iter().take(BEFORE).position(|&w| w == most)?;
        // A comment that is as wide as the rows is the header where nothing else can be.
        let last_note_is_header = notes > 0 && self.rows.get(notes).is_none_or(|row| has_number(&row.cells));
        let header = if last_note_is_header { header } else { header.max(notes) };
        let enough = notes > 0 || widths[header..].iter().filter(|&&w| w == most).count() >= 2;
        // A narrow line is a title only where the first wide one looks like names.
        let is_title = |at: usize| self.is_note(at) || widths[at] == 1;
        if header == 0 || !enough || !(0..header).all(is_title) {
            return None;
        }
        let row = self.rows.get(header)?;
        if notes == 0 && (has_number(&row.cells) || row.cells.iter().any(String::is_empty)) {
            return None;
        }
        let lines = row.number - 1;
        let before = match lines - spec.dialect.skip_lines {
            1 => format!("line {lines} of {what} stands before the header"),
            n => format!("lines {} to {lines} of {what} stand before the header", lines + 1 - n),
        };
        let why = if is_sep(&self.rows[0].line) {
            "`sep=` is a word to spreadsheets"
        } else if self.is_note(0) {
            "a comment"
        } else {
            "not as many cells as in the rows"
        };
        let report = Diagnostic::error(codes::DATA_FORMAT, before).note_that(format!(
            "the header is line {}: {}",
            row.number,
            listed(&row.cells)
        ));
        let report = labelled(self.rows[0].place.clone(), why).mark(report);
        Some(propose::propose(report, spec, &[("skip_lines", lines.to_string())]))
    }

    /// A first line that holds a row of the data rather than names.
    fn is_data(&self, what: &str, spec: &DataSpec) -> Option<Diagnostic> {
        let [first, rest @ ..] = &self.rows[..] else { return None };
        let in_use = spec.target.iter().chain(&spec.ignore).chain(&spec.category).chain(spec.inputs.iter().flatten());
        let number = |cell: &str| match cell::read(cell.as_bytes()) {
            Cell::Number(value) => Some(value),
            Cell::Missing | Cell::Infinite | Cell::Text => None,
        };
        let numbers: Vec<f64> = first.cells.iter().filter_map(|c| number(c)).collect();
        let repeats = |at: usize| {
            let cell = &first.cells[at];
            !cell.is_empty() && rest.iter().any(|row| row.cells.get(at) == Some(cell))
        };
        let is_text = |at: &usize| number(&first.cells[*at]).is_none();
        let texts: Vec<usize> = (0..first.cells.len()).filter(is_text).collect();
        let distinct: HashSet<&String> = first.cells.iter().collect();
        let data = if numbers.is_empty() {
            // Words alone: a row of the data where each of them comes again below itself.
            !texts.is_empty() && rest.len() > 1 && texts.iter().all(|&at| repeats(at))
        } else {
            let whole = numbers.iter().all(|v| v.fract() == 0.0 && *v >= 0.0);
            let ascending = numbers.windows(2).all(|pair| pair[0] < pair[1]);
            let steps: HashSet<u64> = numbers.windows(2).map(|pair| (pair[1] - pair[0]).to_bits()).collect();
            let places = ascending && numbers.len() > 1 && (steps.len() == 1 && whole || numbers.len() >= PLACES);
            // A single whole number among words may be a name, such as a year.
            let one = whole && numbers.len() == 1 && first.cells.len() > 1;
            !places && (!one || texts.iter().any(|&at| repeats(at)) || distinct.len() < first.cells.len())
        };
        // Names that the program uses are names, whatever they look like; a text that comes again is not.
        let used: Vec<bool> = in_use
            .map(|name| first.cells.iter().position(|c| *c == name.name).is_some_and(|at| !repeats(at)))
            .collect();
        if !data || (!used.is_empty() && used.iter().all(|&u| u)) {
            return None;
        }
        let text = format!("the first line of {what} looks like data, not like the names of its columns");
        let report = labelled(first.place.clone(), "read as names").mark(Diagnostic::error(codes::DATA_FORMAT, text));
        let count = first.cells.len();
        let last = format!("c{}", count - 1);
        let report = report.help(format!(
            "write `header = false` in `data`, which names the columns `c0` to `{last}`, or a list of {count} names; `header = true` if these are the names"
        ));
        Some(propose::fix(report, spec, &[("header", "false".to_owned())]))
    }
}

fn labelled(place: RowPlace, label: &str) -> RowPlace {
    match place {
        RowPlace::File(mut excerpt) => {
            label.clone_into(&mut excerpt.label);
            RowPlace::File(excerpt)
        }
        RowPlace::Program(span, _) => RowPlace::Program(span, label.to_owned()),
    }
}

fn is_comment(line: &[u8]) -> bool {
    matches!(line.trim_ascii_start(), [b'#' | b'%', ..] | [b'/', b'/', ..])
}

/// `sep=;`, a word to spreadsheets.
fn is_sep(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.len() <= 8 && line.trim_ascii_start().to_ascii_lowercase().trim_ascii().starts_with(b"sep=")
}

fn has_number(cells: &[String]) -> bool {
    cells.iter().any(|c| matches!(cell::read(c.as_bytes()), Cell::Number(_)))
}

/// The width that most rows have, two at least.
fn usual(widths: &[usize]) -> Option<usize> {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for &width in widths {
        *counts.entry(width).or_default() += 1;
    }
    counts
        .into_iter()
        .filter(|(width, _)| *width > 1)
        .max_by_key(|&(width, count)| (count, width))
        .map(|(width, _)| width)
}

/// The cells of a line by another separator; quoted ones are whole.
fn split(line: &[u8], separator: u8) -> Vec<&[u8]> {
    let mut cells = Vec::new();
    let (mut start, mut quoted) = (0, false);
    let line = if separator == b' ' { line.trim_ascii() } else { line };
    for (at, &byte) in line.iter().enumerate() {
        if byte == b'"' {
            quoted = !quoted;
        } else if !quoted && byte == separator {
            // A run of blanks is one separator.
            if separator != b' ' || at > start {
                cells.push(&line[start..at]);
            }
            start = at + 1;
        }
    }
    cells.push(&line[start..]);
    cells
}

fn in_words(separator: u8) -> String {
    match separator {
        b',' => "commas".to_owned(),
        b';' => "semicolons".to_owned(),
        b'\t' => "tabs".to_owned(),
        b'|' => "`|`".to_owned(),
        b' ' => "blanks".to_owned(),
        other => format!("`{}`", char::from(other)),
    }
}
