//! [`Survey`]: the first rows looked at before they are read: which columns hold numbers, and which hold numbers in a
//! form that is not read (NN117) and would become categories, or markers of missing values among numbers.

use std::collections::{BTreeMap, HashMap};

use super::cell::{self, Cell};
use super::excerpt::shown;
use super::forms::{self, Form};
use super::propose::{self, Setting};
use super::rows::{RowPlace, Rows};
use crate::diagnostic::{Diagnostic, Level, codes};
use crate::ir::spec::DataSpec;
use crate::syntax::spell;
use crate::text;

#[cfg(test)]
mod tests;

/// Rows that are looked at.
const HEAD: usize = 1000;
/// Cells shown of one kind.
const PLACES: usize = 3;
/// Different words kept of a column; a column of more is one of texts.
const WORDS: usize = 50;
/// Markers proposed at once.
const MARKERS: usize = 6;
/// Columns told of; the rest is counted.
const COLUMNS: usize = 20;
/// Of fewer cells than one in so many, that they are numbers is chance.
const SHARE: usize = 20;
/// Numbers that stand for nothing in some files.
const SENTINELS: [f64; 7] = [-999.0, -9999.0, -99999.0, -99.0, 999.0, 9999.0, 99999.0];

/// What the first rows show.
pub(super) struct Survey {
    /// Whether a column is read as numbers.
    pub(super) numeric: Vec<bool>,
    columns: Vec<Tally>,
    /// Whose cells were looked at closely.
    used: Vec<bool>,
    /// Rows looked at, and whether they are all.
    rows: usize,
    whole: bool,
}

/// Columns and words of which enough is said.
#[derive(Default)]
pub(super) struct Told(HashMap<usize, Option<Vec<String>>>);

/// What was met in one column.
#[derive(Default)]
struct Tally {
    numbers: usize,
    /// Whether a number had a decimal point.
    points: bool,
    forms: BTreeMap<Form, Cells>,
    words: BTreeMap<String, Cells>,
    /// Cells of further words.
    more_words: usize,
    sentinels: BTreeMap<usize, usize>,
    low: f64,
    high: f64,
}

/// Cells of one kind.
#[derive(Default)]
struct Cells {
    count: usize,
    first: String,
    places: Vec<RowPlace>,
    /// Not all have the suffix of the first.
    mixed: bool,
}

impl Told {
    /// Whether a cell that is no number needs no further report.
    pub(super) fn has(&self, column: usize, text: &[u8]) -> bool {
        match self.0.get(&column) {
            Some(None) => true,
            Some(Some(words)) => words.iter().any(|w| w.as_bytes() == text),
            None => false,
        }
    }
}

impl Survey {
    /// Looks at the first rows, and goes back to their start. `used`: the columns whose cells are looked at closely.
    pub(super) fn of(rows: &mut impl Rows, used: &[bool]) -> Result<Self, Box<Diagnostic>> {
        let mut columns: Vec<Tally> = used.iter().map(|_| Tally::new()).collect();
        let (mut count, mut whole) = (0, false);
        rows.hold();
        while count < HEAD && !rows.is_full() {
            if !rows.advance()? {
                whole = true;
                break;
            }
            count += 1;
            for (at, column) in columns.iter_mut().enumerate().take(rows.width()) {
                column.take(rows, at, used[at]);
            }
        }
        rows.rewind();
        // A column with nothing in it so far is one of numbers: texts that come later are then pointed at.
        let numeric = columns.iter().map(Tally::is_numeric).collect();
        Ok(Self { numeric, columns, used: used.to_vec(), rows: count, whole })
    }

    /// Reports on the columns of numbers that would not be read as such, each with its column; and which these are,
    /// told or not. Those that are refused count as numbers from here on.
    pub(super) fn report(&mut self, header: &[String], spec: &DataSpec) -> (Told, Vec<bool>, Vec<(usize, Diagnostic)>) {
        let mut told = Told::default();
        let points = self.columns.iter().any(|c| c.points);
        let commas = self.columns.iter().any(|c| c.forms.contains_key(&Form::DecimalComma));
        let mut spoken_of = vec![false; self.columns.len()];
        let mut found = Vec::new();
        for (at, column) in std::mem::take(&mut self.columns).into_iter().enumerate() {
            if !self.used[at] {
                continue;
            }
            let name = text::shorten(&shown(header[at].as_bytes()), 60);
            let file = Context { name: &name, column: &header[at], spec, rows: self.rows, whole: self.whole };
            let Some((report, words)) = column.settled(points, commas).report(&file) else { continue };
            if report.level == Level::Error {
                self.numeric[at] = true;
                told.0.insert(at, words);
            }
            spoken_of[at] = true;
            found.push((at, if report.primary.is_none() { report.at(spec.source_span, "") } else { report }));
        }
        let beyond = found.len().saturating_sub(COLUMNS);
        found.truncate(COLUMNS);
        if let Some((_, last)) = found.last_mut().filter(|_| beyond > 0) {
            last.notes.push(format!("and {beyond} more such columns"));
        }
        (told, spoken_of, found)
    }
}

/// What a report needs to know besides its column.
struct Context<'s> {
    name: &'s str,
    column: &'s str,
    spec: &'s DataSpec,
    rows: usize,
    whole: bool,
}

impl Tally {
    fn new() -> Self {
        Self { low: f64::INFINITY, high: f64::NEG_INFINITY, ..Self::default() }
    }

    fn take(&mut self, rows: &impl Rows, at: usize, closely: bool) {
        match rows.read(at) {
            Cell::Number(value) => {
                self.numbers += 1;
                if closely {
                    self.number(rows.cell(at), value);
                }
            }
            Cell::Infinite => self.numbers += 1,
            Cell::Missing => {}
            Cell::Text if closely => self.text(rows, at),
            Cell::Text => self.more_words += 1,
        }
    }

    fn number(&mut self, text: &[u8], value: f64) {
        self.points |= text.contains(&b'.');
        if let Some(which) = SENTINELS.iter().position(|&s| s == value) {
            *self.sentinels.entry(which).or_default() += 1;
        } else {
            (self.low, self.high) = (self.low.min(value), self.high.max(value));
        }
    }

    fn text(&mut self, rows: &impl Rows, at: usize) {
        let Ok(text) = std::str::from_utf8(rows.cell(at)) else {
            self.more_words += 1;
            return;
        };
        let place = |label: String| rows.place(Some(at), label);
        let written = forms::look(text).map(|w| (w.form, w.number)).or_else(|| {
            // A number elsewhere, but not by the marks that the program says.
            let plain = matches!(cell::read(text.as_bytes()), Cell::Number(_));
            plain.then_some((Form::EitherPoint, None))
        });
        if let Some((form, number)) = written {
            let cells = self.forms.entry(form).or_default();
            cells.mixed |=
                form == Form::Suffix && cells.count > 0 && forms::suffix(text) != forms::suffix(&cells.first);
            cells.add(text, || place(number.map_or_else(String::new, |n| format!("taken for {n}"))));
        } else if self.words.contains_key(text) || self.words.len() < WORDS {
            self.words.entry(text.to_owned()).or_default().add(text, || place("not a number".to_owned()));
        } else {
            self.more_words += 1;
        }
    }

    fn words(&self) -> usize {
        self.words.values().map(|c| c.count).sum::<usize>() + self.more_words
    }

    fn forms(&self) -> usize {
        self.forms.values().map(|c| c.count).sum()
    }

    fn is_numeric(&self) -> bool {
        self.numbers > self.words() + self.forms()
    }

    /// With commas told apart by the others of the column, then of the file; and suffixes of all kinds taken for names.
    fn settled(mut self, points: bool, commas: bool) -> Self {
        if self.forms.get(&Form::Suffix).is_some_and(|cells| cells.mixed)
            && let Some(cells) = self.forms.remove(&Form::Suffix)
        {
            self.more_words += cells.count;
        }
        let has = |form: &Form| self.forms.contains_key(form);
        let to = if has(&Form::DecimalComma) || has(&Form::PointThousands) {
            Form::DecimalComma
        } else if has(&Form::CommaThousands) || (points && !commas) {
            Form::CommaThousands
        } else if commas && !points {
            Form::DecimalComma
        } else {
            return self;
        };
        if let Some(either) = self.forms.remove(&Form::EitherComma) {
            self.forms.entry(to).or_default().join(either);
        }
        self
    }

    /// The report of the column, and the words that it tells of where it does not speak of the column as a whole.
    fn report(mut self, file: &Context<'_>) -> Option<(Diagnostic, Option<Vec<String>>)> {
        let (forms, words) = (self.forms(), self.words());
        let (like, all) = (self.numbers + forms, self.numbers + forms + words);
        let few = self.words.len() <= 2 && self.more_words == 0;
        if like == 0 || forms + words == 0 {
            return self.sentinel(file).map(|report| (report, None));
        }
        if forms == 0 && self.is_numeric() {
            return self.strays(file);
        }
        let only_markers = self.more_words == 0 && self.words.keys().all(|w| forms::is_marker(w));
        if like * SHARE < all && !(only_markers || few) {
            return None;
        }
        if forms == 0 {
            return Some((self.beside_words(file), None));
        }
        let certain: usize = self.forms.iter().filter(|(f, _)| !f.may_be_a_name()).map(|(_, c)| c.count).sum();
        let refused = self.is_numeric() || (2 * like >= all && 2 * certain >= forms);
        let level = if refused { Level::Error } else { Level::Warning };
        Some((self.written(file, level, all), None))
    }

    /// A column of numbers in a form that is not read.
    fn written(&mut self, file: &Context<'_>, level: Level, all: usize) -> Diagnostic {
        let mut kinds: Vec<(Form, Cells)> = std::mem::take(&mut self.forms).into_iter().collect();
        kinds.sort_by_key(|(_, cells)| std::cmp::Reverse(cells.count));
        let (main, cells) = kinds.remove(0);
        let text = format!("{} of {} of column `{}` are {}", cells.count, file.cells(all), file.name, main.describe());
        let text = if cells.count == 1 { text.replacen(" are ", " is one of ", 1) } else { text };
        let mut report = Diagnostic::new(codes::NUMBER_FORM, level, text);
        let first = cells.first.clone();
        report = cells.mark(report);
        for (form, cells) in &kinds {
            report = report.note_that(format!(
                "{} more are {}, the first `{}`",
                cells.count,
                form.describe(),
                shown(cells.first.as_bytes())
            ));
        }
        if self.numbers > 0 {
            report = report.note_that(format!("{} are numbers as they stand", self.numbers));
        }
        report = self.with_words(report);
        if level == Level::Warning {
            report = report.note_that("each different cell is taken as a category of its own");
        }
        let mut settings = settings(main, &first);
        for (form, cells) in &kinds {
            for setting in self::settings(*form, &cells.first) {
                if !settings.contains(&setting) {
                    settings.push(setting);
                }
            }
        }
        settings.extend(self.markers(file));
        report = advised(report, main, &first, &settings, file);
        report
    }

    /// Numbers with a few texts among them: markers of missing values, or one and the same word again and again.
    fn strays(&mut self, file: &Context<'_>) -> Option<(Diagnostic, Option<Vec<String>>)> {
        let one = self.words.len() == 1 && self.more_words == 0;
        let is_meant = |word: &str, cells: &Cells| forms::is_marker(word) || (one && cells.count > 1);
        self.words.retain(|word, cells| is_meant(word, cells));
        let words: Vec<String> = self.words.keys().cloned().collect();
        let [first, ..] = &words[..] else { return None };
        let count: usize = self.words.values().map(|c| c.count).sum();
        let listed = super::excerpt::listed(&words);
        let beside = format!("beside {} numbers", self.numbers);
        let text = format!(
            "{listed} in {count} of {} of column `{}`, {beside}: a missing value?",
            file.cells(count + self.numbers),
            file.name
        );
        let mut report = Diagnostic::error(codes::NUMBER_FORM, text);
        for cells in std::mem::take(&mut self.words).into_values().take(PLACES) {
            report = cells.mark(report);
        }
        let settings = [marker_setting(&words, file)];
        let help = format!(
            "write {} in `data` if `{}` means that nothing is known",
            propose::in_words(&settings),
            shown(first.as_bytes())
        );
        let help = format!("{help}; `missing` then says what becomes of such cells");
        Some((propose::fix(report.help(help), file.spec, &settings), Some(words)))
    }

    /// Texts with numbers among them, too few for a column of numbers.
    fn beside_words(&mut self, file: &Context<'_>) -> Diagnostic {
        let all = self.numbers + self.words();
        let text = format!(
            "{} of {} of column `{}` are numbers, and the others are texts",
            self.numbers,
            file.cells(all),
            file.name
        );
        let mut report = Diagnostic::warning(codes::NUMBER_FORM, text);
        report = self.with_words(report);
        report = report.note_that("each different number is taken as a category of its own");
        let markers = self.markers(file);
        for cells in std::mem::take(&mut self.words).into_values().take(PLACES) {
            report = cells.mark(report);
        }
        let category = category(file);
        match markers {
            Some(setting) => {
                let settings = [setting];
                let help = format!(
                    "write {} in `data` if nothing is known there, or {category} if its cells are names",
                    propose::in_words(&settings)
                );
                propose::fix(report.help(help), file.spec, &settings)
            }
            None => report
                .help(format!("write {category} in `data` if its cells are names; mend the texts if they are numbers")),
        }
    }

    fn with_words(&self, report: Diagnostic) -> Diagnostic {
        if self.words() == 0 {
            return report;
        }
        let words: Vec<&String> = self.words.keys().collect();
        let listed = super::excerpt::listed(&words);
        let more = if self.more_words > 0 { " and more" } else { "" };
        let are = if self.words() == 1 { "1 is a text".to_owned() } else { format!("{} are texts", self.words()) };
        if words.is_empty() { report.note_that(are) } else { report.note_that(format!("{are}: {listed}{more}")) }
    }

    /// The setting that takes a column's words for missing values, where they look like that.
    fn markers(&self, file: &Context<'_>) -> Option<Setting> {
        let is_few =
            self.words.len() <= 2 || (self.words.len() <= MARKERS && self.words.keys().all(|w| forms::is_marker(w)));
        let meant = !self.words.is_empty() && self.more_words == 0 && is_few;
        meant.then(|| marker_setting(&self.words.keys().cloned().collect::<Vec<_>>(), file))
    }

    /// Numbers that stand for nothing: far from all the others, and more than once.
    fn sentinel(&self, file: &Context<'_>) -> Option<Diagnostic> {
        let (&which, &count) = self.sentinels.iter().next().filter(|_| self.sentinels.len() == 1)?;
        let value = SENTINELS[which];
        let others = self.numbers - count;
        let (low, high) = (self.low, self.high);
        let far = if value < 0.0 {
            low > value + 3.0 * (high - low) && low > value / 2.0
        } else {
            high < value - 3.0 * (high - low) && high < value / 2.0
        };
        if count < 2 || others < 5 || !far {
            return None;
        }
        let text = format!(
            "{value} in {count} of {} of column `{}`, whose other numbers go from {low} to {high}",
            file.cells(self.numbers),
            file.name
        );
        let settings = [marker_setting(&[value.to_string()], file)];
        let report = Diagnostic::note(codes::NUMBER_FORM, text)
            .help(format!("write {} in `data` if it means that nothing is known", propose::in_words(&settings)));
        Some(propose::fix(report, file.spec, &settings))
    }
}

/// The report with its help: settings that have the cells read, or what to do where there are none.
fn advised(report: Diagnostic, main: Form, first: &str, settings: &[Setting], file: &Context<'_>) -> Diagnostic {
    let category = category(file);
    let names = format!("or {category} if its cells are names");
    let alone = forms::look(first).and_then(|w| w.number);
    match main {
        Form::EitherComma => report.help(format!(
            "write `thousands = \",\"` in `data` if the comma stands between thousands, `decimal = \",\"` if it stands before a fraction, {names}"
        )),
        Form::EitherPoint => report.help(format!("write `thousands = \".\"` in `data` if the point stands between thousands, {names}")),
        _ if reads(main) => {
            let help = format!("write {} in `data`, {names}", propose::in_words(settings));
            propose::fix(report.help(help), file.spec, settings)
        }
        Form::Date if forms::is_read_as_date(first) => {
            let dates: Vec<String> = file.spec.dates.iter().map(|d| spell::name(&d.name)).chain([spell::name(file.column)]).collect();
            let setting = [("date", if let [only] = &dates[..] { only.clone() } else { format!("[{}]", dates.join(", ")) })];
            let help = format!("write {} in `data` for days since 1970, {names}", propose::in_words(&setting));
            // A list that has words of its own around its columns is not written anew.
            let report = report.help(help);
            if file.spec.dates.is_empty() { propose::fix(report, file.spec, &setting) } else { report }
        }
        Form::Date => report.help(format!("write the date as a number in the file, such as days since a first day, {names}")),
        Form::Time => report.help(format!("write the time as a number in the file, such as hours, {names}")),
        _ => match alone {
            Some(number) => report.help(format!("write the numbers alone in the file, `{number}` for `{}`, {names}", shown(first.as_bytes()))),
            None => report.help(format!("write the numbers alone in the file, {names}")),
        },
    }
}

/// Whether a setting has numbers of a form read.
fn reads(form: Form) -> bool {
    matches!(form, Form::DecimalComma | Form::CommaThousands | Form::PointThousands | Form::Thousands(_))
}

/// The settings that have numbers of a form read.
fn settings(form: Form, first: &str) -> Vec<Setting> {
    let decimal = || ("decimal", spell::quoted(","));
    let thousands = |mark: char| ("thousands", spell::quoted(&mark.to_string()));
    match form {
        Form::DecimalComma => vec![decimal()],
        Form::CommaThousands => vec![thousands(',')],
        Form::PointThousands => vec![decimal(), thousands('.')],
        Form::Thousands(mark) if first.contains(',') => vec![decimal(), thousands(mark)],
        Form::Thousands(mark) => vec![thousands(mark)],
        _ => Vec::new(),
    }
}

fn marker_setting(words: &[String], file: &Context<'_>) -> Setting {
    ("missing_values", propose::markers_with(&file.spec.dialect.missing_values, words))
}

fn category(file: &Context<'_>) -> String {
    format!("`category = {}`", propose::list_with(&file.spec.category, file.column))
}

impl Context<'_> {
    /// So many cells, as they are counted: all of a column that are not missing, or those of the first rows.
    fn cells(&self, count: usize) -> String {
        let cells = text::count(count, "cell");
        if self.whole { cells } else { format!("the {cells} in the first {} rows", self.rows) }
    }
}

impl Cells {
    fn add(&mut self, text: &str, place: impl FnOnce() -> RowPlace) {
        if self.count == 0 {
            text.clone_into(&mut self.first);
        }
        self.count += 1;
        if self.places.len() < PLACES {
            self.places.push(place());
        }
    }

    fn join(&mut self, other: Self) {
        if self.count == 0 {
            self.first = other.first;
        }
        self.count += other.count;
        self.places.extend(other.places);
        self.places.truncate(PLACES);
    }

    fn mark(self, report: Diagnostic) -> Diagnostic {
        self.places.into_iter().fold(report, |report, place| place.mark(report))
    }
}
