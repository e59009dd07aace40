//! Faults of cells and rows, gathered by column and kind: one report for each, with the first few places and
//! the count of the rest. A million bad cells cost no more memory than five.

use std::collections::HashMap;

use super::excerpt::shown;
use super::rows::RowPlace;
use super::survey::Told;
use crate::diagnostic::suggest::near;
use crate::diagnostic::{Applicability, Code, Diagnostic, codes};
use crate::source::Span;
use crate::syntax::spell;
use crate::text;

/// Groups told of; further ones are only counted.
const GROUPS: usize = 100;
/// Places shown of one group.
const PLACES: usize = 5;
/// A longer cell is not written into a fix, in bytes.
const LONGEST: usize = 256;
/// The column of faults that concern a whole row.
pub(super) const ROW: usize = usize::MAX;

/// What becomes of a category that held-out rows alone have.
pub(super) const HELD_OUT_UNSEEN: &str =
    "in the held-out rows such a cell is taken as none of the column's values; in a new file it is an error";
/// What has it taken everywhere.
pub(super) const TAKE_UNSEEN: &str =
    "write `unseen = unknown` in `data` to have such cells taken in new files too, as an input of their own";

/// What to do with rows that have no target.
const WITHOUT_TARGET: &str =
    "take such rows out of the file; `missing = drop` leaves them out, and rows that lack an input as well";

/// What can be wrong with a cell or a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Fault {
    /// A text in a column of numbers.
    NotNumber,
    /// A text in a column of dates.
    NotDate,
    /// Infinite, or too large for the precision.
    Infinite,
    /// A missing input where that is an error.
    Missing,
    /// A missing target.
    MissingTarget,
    /// Not UTF-8.
    Encoding,
    /// A row with more or fewer cells than the header.
    Ragged,
    /// A class that is not among those known.
    Class,
    /// A text that no training row has, in an input column.
    Category,
    /// As [`Self::Category`], in rows that are only held out: taken as none of the categories.
    HeldOutCategory,
}

/// All faults of one kind in one column.
pub(super) struct Group {
    fault: Fault,
    name: String,
    first: String,
    /// The first cell as it stands, where it is text of a sensible length.
    exact: Option<String>,
    count: usize,
    places: Vec<RowPlace>,
    /// Facts to add.
    pub(super) notes: Vec<String>,
    /// What to do.
    pub(super) help: Option<String>,
    /// The listed class that its cells are near to and that no row has, and the list with theirs in its place.
    misspelt: Option<Misspelt>,
}

/// A listed class that no row has and that cells are near to.
struct Misspelt {
    name: String,
    /// Whether it is plainly theirs, misspelt.
    certain: bool,
    /// The list with theirs in its place.
    list: Option<String>,
}

/// The gathered faults.
#[derive(Default)]
pub(super) struct Faults {
    groups: Vec<Group>,
    /// Where the group of a fault in a column stands.
    found: HashMap<(Fault, usize), usize>,
    /// Faults beyond the groups told of.
    beyond: usize,
    /// The rows come from a new file: the program's settings are no help.
    new_file: bool,
    /// Whether any is more than a warning.
    pub(super) fatal: bool,
    /// Where the program fixes the classes.
    classes: Option<Span>,
    /// Cells of which enough is said.
    told: Told,
}

impl Faults {
    /// None yet; `classes` is where the program fixes the classes.
    pub(super) fn new(classes: Option<Span>) -> Self {
        Self { classes, ..Self::default() }
    }

    /// Without those of cells of which enough is said already.
    pub(super) fn without(self, told: Told) -> Self {
        Self { told, ..self }
    }

    /// None yet, of the rows of a new file.
    pub(super) fn of_new_file() -> Self {
        Self { new_file: true, ..Self::default() }
    }

    /// Adds a fault of the cell `text` in `column`, called `name`. `place` is asked only for the first few.
    /// Gives the group when it is new, to say more about it.
    pub(super) fn add(
        &mut self,
        fault: Fault,
        (column, name): (usize, &str),
        text: &[u8],
        place: impl FnOnce(String) -> RowPlace,
    ) -> Option<&mut Group> {
        self.fatal |= fault != Fault::HeldOutCategory;
        if fault == Fault::NotNumber && self.told.has(column, text) {
            return None;
        }
        if let Some(&at) = self.found.get(&(fault, column)) {
            let group = &mut self.groups[at];
            group.count += 1;
            if group.places.len() < PLACES {
                group.places.push(place(fault.label(&quoted(text))));
            }
            return None;
        }
        if self.groups.len() == GROUPS {
            self.beyond += 1;
            return None;
        }
        self.found.insert((fault, column), self.groups.len());
        let first = quoted(text);
        let places = vec![place(fault.label(&first))];
        let name = text::shorten(&shown(name.as_bytes()), 60);
        let exact = std::str::from_utf8(text).ok().filter(|text| text.len() <= LONGEST).map(str::to_owned);
        let (notes, help, misspelt) = (Vec::new(), None, None);
        self.groups.push(Group { fault, name, first, exact, count: 1, places, notes, help, misspelt });
        self.groups.last_mut()
    }

    /// Tells of listed classes that no row has: where the cells that are no class are near one, it is the list that is
    /// misspelt.
    pub(super) fn unmet(&mut self, listed: &[String], is_met: impl Fn(usize) -> bool) {
        for group in self.groups.iter_mut().filter(|g| g.fault == Fault::Class) {
            let unmet = listed.iter().enumerate().filter(|(k, _)| !is_met(*k)).map(|(_, name)| name.as_str());
            let Some(near) = near(&group.first, unmet) else { continue };
            let list = group.exact.as_deref().map(|exact| {
                spell::list(listed.iter().map(|name| if name == near.name { exact } else { name.as_str() }))
            });
            group.misspelt = Some(Misspelt { name: near.name.to_owned(), certain: near.certain, list });
        }
    }

    /// The reports, in the order of their first places.
    pub(super) fn finish(self) -> Vec<Diagnostic> {
        let report = |group: Group| {
            let is_unseen = group.fault == Fault::Category;
            let mut report = group.report(self.classes);
            report.help = report.help.filter(|_| !self.new_file || is_unseen);
            report
        };
        let mut reports: Vec<Diagnostic> = self.groups.into_iter().map(report).collect();
        if let Some(last) = reports.last_mut().filter(|_| self.beyond > 0) {
            last.notes.push(format!("and {} faults in other columns", self.beyond));
        }
        reports
    }
}

fn quoted(text: &[u8]) -> String {
    text::shorten(&shown(text), 40)
}

impl Fault {
    const fn code(self) -> Code {
        match self {
            Self::NotNumber | Self::NotDate | Self::Class | Self::Category | Self::HeldOutCategory => codes::DATA_VALUE,
            Self::Infinite | Self::Missing | Self::MissingTarget => codes::NON_FINITE,
            Self::Encoding | Self::Ragged => codes::DATA_FORMAT,
        }
    }

    /// What stands beside the cell.
    fn label(self, text: &str) -> String {
        match self {
            Self::NotNumber => "not a number".into(),
            Self::NotDate => "not a date".into(),
            Self::Infinite => "not finite".into(),
            Self::Missing | Self::MissingTarget if text.is_empty() => "nothing here".into(),
            Self::Missing | Self::MissingTarget => format!("`{text}` means a missing value"),
            Self::Encoding => "not UTF-8".into(),
            Self::Ragged => text.into(),
            Self::Class => "not a known class".into(),
            Self::Category | Self::HeldOutCategory => "in no training row".into(),
        }
    }

    fn one(self, name: &str, text: &str) -> String {
        match self {
            Self::NotNumber => format!("`{text}` in column `{name}` is not a number"),
            Self::NotDate => format!("`{text}` in column `{name}` is not a date"),
            Self::Infinite => format!("`{text}` in column `{name}` is not a finite number"),
            Self::Missing => format!("column `{name}` has a missing cell"),
            Self::MissingTarget => format!("the target `{name}` has a missing cell"),
            Self::Encoding => format!("a cell of column `{name}` is not UTF-8 text"),
            Self::Ragged => format!("a row has {text}"),
            Self::Class => format!("`{text}` in column `{name}` is not a known class"),
            Self::Category | Self::HeldOutCategory => format!("`{text}` in column `{name}` is in no training row"),
        }
    }

    fn many(self, name: &str, count: usize) -> String {
        match self {
            Self::NotNumber => format!("{count} cells of column `{name}` are not numbers"),
            Self::NotDate => format!("{count} cells of column `{name}` are not dates"),
            Self::Infinite => format!("{count} cells of column `{name}` are not finite numbers"),
            Self::Missing => format!("column `{name}` has {count} missing cells"),
            Self::MissingTarget => format!("the target `{name}` has {count} missing cells"),
            Self::Encoding => format!("{count} cells of column `{name}` are not UTF-8 text"),
            Self::Ragged => format!("{count} rows have more or fewer cells than the header"),
            Self::Class => format!("{count} cells of column `{name}` are not known classes"),
            Self::Category | Self::HeldOutCategory => {
                format!("{count} cells of column `{name}` hold values that are in no training row")
            }
        }
    }
}

impl Group {
    fn report(self, classes: Option<Span>) -> Diagnostic {
        let message = match self.count {
            1 => self.fault.one(&self.name, &self.first),
            count => self.fault.many(&self.name, count),
        };
        let mut report = match self.fault {
            Fault::HeldOutCategory => Diagnostic::warning(self.fault.code(), message)
                .note_that(HELD_OUT_UNSEEN)
                .help(TAKE_UNSEEN),
            Fault::Missing => Diagnostic::error(self.fault.code(), message).help(
                "`missing = drop` leaves such rows out, `missing = mean` and `missing = mode` fill such cells from the training rows",
            ),
            Fault::MissingTarget => {
                Diagnostic::error(self.fault.code(), message).help(WITHOUT_TARGET)
            }
            Fault::NotNumber => Diagnostic::error(self.fault.code(), message)
                .note_that(format!("`{}` is read as a column of numbers", self.name)),
            Fault::Category => Diagnostic::error(self.fault.code(), message)
                .help("leave such rows out, or train again: on rows that have the value, or with `unseen = unknown`, which takes such cells"),
            Fault::NotDate | Fault::Infinite | Fault::Encoding | Fault::Ragged | Fault::Class => {
                Diagnostic::error(self.fault.code(), message)
            }
        };
        let rest = self.count - self.places.len();
        for place in self.places {
            report = place.mark(report);
        }
        if let (Some(misspelt), Some(span)) = (&self.misspelt, classes) {
            let near = &misspelt.name;
            let rows = text::count(self.count, "row");
            report.message = format!("the class `{near}` is in no row, and `{}` is in {rows}", self.first);
            report =
                report.and(span, "the classes are fixed here").help(format!("write `{}` for `{near}`", self.first));
            if let Some(list) = &misspelt.list {
                let applicability = if misspelt.certain { Applicability::Safe } else { Applicability::Unsafe };
                report = report.fix(applicability, format!("write `{}`", self.first), span, list);
            }
        } else if self.fault == Fault::Class {
            report = report.and_if(classes, "the classes are fixed here");
        }
        if rest > 0 {
            report = report.note_that(format!("and {rest} more"));
        }
        report.notes.extend(self.notes);
        report.help = self.help.or(report.help);
        report
    }
}

#[cfg(test)]
mod tests;
