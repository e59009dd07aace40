//! Quoted lines with marks under them. The one file that names miette: it draws the rows of a snippet; which rows
//! there are, what frames them and what stands below is decided here and in [`super`].
//!
//! A [`Row`] is safe to show: cut to the width, tabs expanded, control characters replaced, marks disjoint and on
//! character boundaries. So nothing a file holds can upset the drawing or the terminal.

use std::collections::BTreeMap;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteSpanContents, SourceCode, SourceSpan, SpanContents,
    ThemeCharacters, ThemeStyles,
};

use super::Look;
use crate::diagnostic::{Excerpt, Label, Level};
use crate::source::{Position, Source, is_hidden, visible};

/// Lines of one file, to be shown in one frame.
pub(super) struct Snippet {
    /// The file, and the place that the frame's head names.
    name: String,
    line: usize,
    column: usize,
    /// Ascending by number.
    rows: Vec<Row>,
}

/// How long lines are cut.
#[derive(Clone, Copy)]
pub(super) struct Fit {
    /// Characters that are shown.
    pub(super) room: usize,
    /// Stands where the rest was.
    pub(super) cut: char,
}

/// One line and what is marked in it.
struct Row {
    number: usize,
    text: String,
    marks: Vec<Mark>,
}

/// A marked range of bytes of a row's text.
#[derive(Clone)]
struct Mark {
    start: usize,
    end: usize,
    text: String,
    primary: bool,
}

impl Snippet {
    /// The lines of the program that `labels` mark; the head names the first primary one. `None` without labels.
    pub(super) fn of_source<'a>(
        source: &Source,
        primary: impl IntoIterator<Item = &'a Label>,
        others: impl IntoIterator<Item = &'a Label>,
        fit: Fit,
    ) -> Option<Self> {
        let mut lines: BTreeMap<usize, Vec<Mark>> = BTreeMap::new();
        let mut head = None;
        let primary = primary.into_iter().map(|l| (l, true));
        for (label, primary) in primary.chain(others.into_iter().map(|l| (l, false))) {
            let (at, mark) = first_line(source, label, primary);
            head.get_or_insert(at);
            lines.entry(at.line).or_default().push(mark);
        }
        let head = head?;
        fill_single_gaps(&mut lines);
        let row = |(number, marks)| Row::new(number, source.slice(source.line_span(number)), marks, fit);
        Some(Self {
            name: printable(source.name()),
            line: head.line,
            column: head.column,
            rows: lines.into_iter().map(row).collect(),
        })
    }

    /// The line of a data file. `None` for binary files, which have no lines.
    pub(super) fn of_excerpt(excerpt: &Excerpt, fit: Fit) -> Option<Self> {
        if excerpt.line == 0 {
            return None;
        }
        let start = floor(&excerpt.text, excerpt.start);
        let end = floor(&excerpt.text, excerpt.end).max(start);
        let mark = Mark { start, end, text: printable(&excerpt.label), primary: true };
        Some(Self {
            name: printable(&excerpt.path),
            line: excerpt.line,
            column: excerpt.column,
            rows: vec![Row::new(excerpt.line, &excerpt.text, vec![mark], fit)],
        })
    }

    /// The largest line number, which settles how wide the gutter is.
    pub(super) fn last_line(&self) -> usize {
        self.rows.last().map_or(1, |row| row.number)
    }

    /// `house.nn:12:3`
    pub(super) fn place(&self) -> String {
        format!("{}:{}:{}", self.name, self.line, self.column)
    }

    /// The rows, line numbers aligned to `digits`; `gap` stands where lines were left out.
    pub(super) fn draw(&self, look: &Look, level: Level, digits: usize, gap: &str) -> String {
        let mut out = String::new();
        for run in self.rows.chunk_by(|a, b| a.number + 1 == b.number) {
            if !out.is_empty() {
                out.push_str(gap);
                out.push('\n');
            }
            let indent = " ".repeat(digits - digits_of(run[run.len() - 1].number));
            for line in draw_run(run, look, level).lines() {
                out.push_str(&indent);
                out.push_str(line.trim_end());
                out.push('\n');
            }
        }
        out
    }
}

/// How many characters a line number takes.
pub(super) fn digits_of(number: usize) -> usize {
    number.to_string().len()
}

/// `text` without characters that would move the cursor, ring the bell or turn the writing round.
pub(super) fn printable(text: &str) -> String {
    visible(&text.replace(['\n', '\t'], " ")).into_owned()
}

fn shown(c: char) -> char {
    // A mark of one character, so that columns stay.
    if is_hidden(c) { char::REPLACEMENT_CHARACTER } else { c }
}

/// Where a label starts and its mark, cut to the line it starts on.
fn first_line(source: &Source, label: &Label, primary: bool) -> (Position, Mark) {
    let text = source.text();
    let at = source.position(label.span.start);
    let line = source.line_span(at.line);
    let start = floor(text, label.span.start as usize).min(line.end as usize);
    let end = floor(text, label.span.end as usize).clamp(start, line.end as usize);
    let base = line.start as usize;
    (at, Mark { start: start - base, end: end - base, text: printable(&label.text), primary })
}

/// The last character boundary at or before `offset`.
fn floor(text: &str, offset: usize) -> usize {
    text.floor_char_boundary(offset.min(text.len()))
}

/// One line between two shown ones is shown too: leaving it out would take as much room.
fn fill_single_gaps(lines: &mut BTreeMap<usize, Vec<Mark>>) {
    let numbers: Vec<usize> = lines.keys().copied().collect();
    for pair in numbers.windows(2) {
        if pair[0] + 2 == pair[1] {
            lines.insert(pair[0] + 1, Vec::new());
        }
    }
}

impl Row {
    fn new(number: usize, line: &str, marks: Vec<Mark>, fit: Fit) -> Self {
        let focus = marks.iter().find(|m| m.primary).or(marks.first()).map_or(0..0, |m| m.start..m.end);
        let (text, map) = shorten(line, focus, fit);
        let moved = marks.into_iter().map(|m| Mark { start: map(m.start), end: map(m.end), ..m });
        let marks = disjoint(moved.collect());
        Self { number, text, marks }
    }
}

/// `line` as it is shown: what fits of it around `focus`, tabs as blanks; and where each byte went.
pub(super) fn shorten(
    line: &str,
    focus: std::ops::Range<usize>,
    Fit { room, cut }: Fit,
) -> (String, impl Fn(usize) -> usize) {
    let count = line.chars().count();
    let until = |end: usize| line[..floor(line, end)].chars().count();
    let first = if count <= room || until(focus.end) < room {
        0
    } else {
        until(focus.start).saturating_sub(room / 4).min(count - room)
    };
    let mut text = String::new();
    // (byte of `line`, byte of `text`) of each character shown, ascending in both.
    let mut places = Vec::new();
    if first > 0 {
        text.push(cut);
    }
    for (column, (offset, c)) in line.char_indices().skip(first).take(room).enumerate() {
        places.push((offset, text.len()));
        match c {
            '\t' => text.push_str(&"    "[column % 4..]),
            _ => text.push(shown(c)),
        }
    }
    let end = places.last().map_or(0, |&(offset, _)| offset + line[offset..].chars().next().map_or(0, char::len_utf8));
    places.push((end, text.len()));
    if first + room < count {
        text.push(cut);
    }
    (text, move |offset| {
        let after = places.partition_point(|&(from, _)| from < offset);
        places[after.min(places.len() - 1)].1
    })
}

/// Marks that do not overlap, by place: a secondary mark gives way to a primary one, a later to an earlier.
fn disjoint(mut marks: Vec<Mark>) -> Vec<Mark> {
    marks.sort_by_key(|m| !m.primary);
    let mut kept: Vec<Mark> = Vec::new();
    for mut mark in marks {
        while let Some(over) = kept.iter_mut().find(|k| overlap(k, &mark)) {
            if mark.start < over.start {
                mark.end = over.start;
            } else if mark.end > over.end {
                mark.start = over.end;
            } else {
                join(&mut over.text, &mark.text);
                mark.text.clear();
                mark.end = mark.start;
                break;
            }
        }
        let swallowed = mark.text.is_empty() && kept.iter().any(|k| k.start <= mark.start && mark.end <= k.end);
        if !swallowed {
            kept.push(mark);
        }
    }
    kept.sort_by_key(|m| (m.start, m.end));
    kept
}

fn overlap(a: &Mark, b: &Mark) -> bool {
    (a.start, a.end) == (b.start, b.end) || (a.start < b.end && b.start < a.end)
}

fn join(text: &mut String, more: &str) {
    if !text.is_empty() && !more.is_empty() && text != more {
        text.push_str("; ");
    }
    if text != more {
        text.push_str(more);
    }
}

/// Consecutive rows as miette draws them, without its heading and frame.
fn draw_run(rows: &[Row], look: &Look, level: Level) -> String {
    let text: String = rows.iter().flat_map(|row| [&row.text, "\n"]).collect();
    let mut labels = Vec::new();
    let mut primary = Vec::new();
    let mut base = 0;
    for row in rows {
        for mark in &row.marks {
            let label = (!mark.text.is_empty()).then(|| mark.text.clone());
            labels.push(LabeledSpan::new(label, base + mark.start, mark.end - mark.start));
            primary.push(mark.primary);
        }
        base += row.text.len() + 1;
    }
    let run = Run { text, line: rows[0].number - 1, labels };
    let handler = GraphicalReportHandler::new_themed(theme(look, level, &primary))
        .with_links(false)
        .without_syntax_highlighting()
        .with_wrap_lines(false)
        .with_width(usize::MAX);
    let mut drawn = String::new();
    if handler.render_report(&mut drawn, &run).is_err() {
        return run.text;
    }
    // A line for the (empty) message, the frame's head, the rows, the frame's foot.
    let lines: Vec<&str> = drawn.lines().collect();
    lines.get(2..lines.len().saturating_sub(1)).map_or_else(String::new, |rows| rows.join("\n"))
}

/// Characters and colours, from the look alone: miette's default would ask the environment.
fn theme(look: &Look, level: Level, primary: &[bool]) -> GraphicalTheme {
    let characters = if look.unicode {
        ThemeCharacters::unicode()
    } else {
        ThemeCharacters { vbar_break: '|', underbar: '^', ..ThemeCharacters::ascii() }
    };
    let mut styles = if look.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
    let (main, other) = match level {
        Level::Error => (styles.error, styles.advice),
        Level::Warning => (styles.warning, styles.advice),
        Level::Note => (styles.advice, styles.linum),
    };
    if !primary.is_empty() {
        styles.highlights = primary.iter().map(|&p| if p { main } else { other }).collect();
    }
    GraphicalTheme { characters, styles }
}

/// A few lines of a file for miette to draw.
#[derive(Debug)]
struct Run {
    text: String,
    /// Lines of the file before these.
    line: usize,
    labels: Vec<LabeledSpan>,
}

impl std::fmt::Display for Run {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Run {}

impl miette::Diagnostic for Run {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

impl SourceCode for Run {
    /// The whole run, whatever part of it is asked for: it is no longer than what is to be shown.
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, miette::MietteError> {
        let whole = SourceSpan::from(0..self.text.len());
        let lines = self.text.lines().count();
        Ok(Box::new(MietteSpanContents::new(self.text.as_bytes(), whole, self.line, 0, lines)))
    }
}
