//! From cells to numbers: reads each row's inputs and targets, by columns whose kinds are settled, straight
//! into the buffers they stay in. What a column's numbers become afterwards is [`super::preparation`]'s.

use super::categories::Categories;
use super::cell::{self, Cell};
use super::faults::{Fault, Faults, ROW};
use super::rows::Rows;
use crate::diagnostic::{Diagnostic, codes};
use crate::ir::spec::Missing;
use crate::tensor::Real;

/// The most input values that are read into memory: 4 GiB of f32.
pub(super) const MOST_VALUES: usize = 1 << 30;
/// The most distinct values of a text column that is an input.
pub(super) const MOST_CATEGORIES: usize = 1000;
/// The most classes.
pub(super) const MOST_CLASSES: usize = 10_000;
/// A raw category that is none of those known.
pub(super) const UNSEEN: f64 = -1.0;

/// A column to read.
pub(super) struct Column {
    /// Its place in the row.
    pub(super) at: usize,
    /// Its name in the header.
    pub(super) name: String,
    /// What its cells are read as.
    pub(super) kind: Kind,
}

/// What a column's cells are read as.
pub(super) enum Kind {
    /// Numbers.
    Number,
    /// Numbered distinct values.
    Category(Categories, Unseen),
}

/// What happens to a value that is not among the known ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Unseen {
    /// It becomes known, up to so many.
    Learn(usize),
    /// It is a fault of this kind.
    Refuse(Fault),
    /// It is read as [`UNSEEN`], with a warning.
    Warn,
    /// It is read as [`UNSEEN`]; there were too many, which is reported.
    Overflowed,
}

/// What is predicted, as it is read.
pub(super) enum Target {
    /// Nothing: new rows are only predicted.
    None,
    /// One column of classes.
    Class(Column),
    /// Numbers.
    Values(Vec<Column>),
}

/// Reads rows into memory.
pub(super) struct Reader<R> {
    /// The columns to learn from.
    pub(super) columns: Vec<Column>,
    /// The columns to predict.
    pub(super) target: Target,
    /// Cells in the header.
    pub(super) width: usize,
    /// What happens to missing inputs.
    pub(super) missing: Missing,
    /// Inputs as read, columns × rows: numbers, or numbers of categories; NaN where missing.
    pub(super) inputs: Vec<R>,
    /// Classes as read, one a row.
    pub(super) classes: Vec<u32>,
    /// Value targets as read, targets × rows.
    pub(super) values: Vec<R>,
    /// Rows kept.
    pub(super) rows: usize,
    /// Rows left out because a cell was missing.
    pub(super) dropped: usize,
}

/// What became of a cell.
enum Outcome<T> {
    Value(T),
    Missing,
    Fault,
}

impl<R: Real> Reader<R> {
    /// Nothing read yet.
    pub(super) fn new(columns: Vec<Column>, target: Target, width: usize, missing: Missing) -> Self {
        Self {
            columns,
            target,
            width,
            missing,
            inputs: Vec::new(),
            classes: Vec::new(),
            values: Vec::new(),
            rows: 0,
            dropped: 0,
        }
    }

    /// Reads rows until there are `limit` more, or no more come.
    pub(super) fn read(
        &mut self,
        rows: &mut impl Rows,
        limit: usize,
        faults: &mut Faults,
    ) -> Result<(), Box<Diagnostic>> {
        let target = self.rows.saturating_add(limit);
        while self.rows < target && rows.advance()? {
            self.row(rows, faults);
            if self.inputs.len().max(self.values.len()) > MOST_VALUES {
                return Err(too_many_values());
            }
        }
        Ok(())
    }

    fn row(&mut self, rows: &impl Rows, faults: &mut Faults) {
        if rows.width() != self.width {
            let cells = |n: usize| format!("{n} cell{}", if n == 1 { "" } else { "s" });
            let text = format!("{} where the header has {}", cells(rows.width()), cells(self.width));
            faults.add(Fault::Ragged, (ROW, ""), text.as_bytes(), |label| rows.place(None, label));
            return;
        }
        let before = (self.inputs.len(), self.classes.len(), self.values.len());
        match self.cells(rows, faults) {
            Outcome::Value(()) => self.rows += 1,
            Outcome::Missing | Outcome::Fault => {
                self.dropped += 1;
                self.inputs.truncate(before.0);
                self.classes.truncate(before.1);
                self.values.truncate(before.2);
            }
        }
    }

    /// Reads every cell of the row, so that each fault is found.
    fn cells(&mut self, rows: &impl Rows, faults: &mut Faults) -> Outcome<()> {
        let mut outcome = Outcome::Value(());
        for column in &mut self.columns {
            match column.read(rows, faults) {
                Outcome::Value(value) => self.inputs.push(value),
                Outcome::Missing => match self.missing {
                    Missing::Error => {
                        let text = rows.cell(column.at);
                        let place = |label| rows.place(Some(column.at), label);
                        faults.add(Fault::Missing, (column.at, &column.name), text, place);
                        outcome = Outcome::Fault;
                    }
                    Missing::Drop => outcome = Outcome::Missing,
                    Missing::Mean | Missing::Mode => self.inputs.push(R::of(f64::NAN)),
                },
                Outcome::Fault => outcome = Outcome::Fault,
            }
        }
        let mut read = |column: &mut Column| match column.read(rows, faults) {
            Outcome::Missing if self.missing != Missing::Drop => {
                let place = |label| rows.place(Some(column.at), label);
                faults.add(Fault::MissingTarget, (column.at, &column.name), rows.cell(column.at), place);
                Outcome::Fault
            }
            Outcome::Value(value) => Outcome::Value(value),
            Outcome::Missing => Outcome::Missing,
            Outcome::Fault => Outcome::Fault,
        };
        match &mut self.target {
            Target::None => {}
            Target::Class(column) => match read(column) {
                Outcome::Value(id) => self.classes.push(R::f64(id) as u32),
                Outcome::Missing => outcome = Outcome::Missing,
                Outcome::Fault => outcome = Outcome::Fault,
            },
            Target::Values(columns) => {
                for column in columns {
                    match read(column) {
                        Outcome::Value(value) => self.values.push(value),
                        Outcome::Missing => outcome = Outcome::Missing,
                        Outcome::Fault => outcome = Outcome::Fault,
                    }
                }
            }
        }
        outcome
    }
}

/// The report of more data than is read into memory.
pub(super) fn too_many_values() -> Box<Diagnostic> {
    Box::new(Diagnostic::error(
        codes::DATA_FORMAT,
        format!("the data holds more than {MOST_VALUES} values, the most that are read"),
    ))
}

impl Column {
    fn read<R: Real>(&mut self, rows: &impl Rows, faults: &mut Faults) -> Outcome<R> {
        let text = rows.cell(self.at);
        match &mut self.kind {
            Kind::Number => match cell::read(text) {
                Cell::Number(value) if R::of(value).is_finite() => return Outcome::Value(R::of(value)),
                Cell::Number(_) | Cell::Infinite => self.fault(Fault::Infinite, rows, faults),
                Cell::Missing => return Outcome::Missing,
                Cell::Text => self.fault(Fault::NotNumber, rows, faults),
            },
            Kind::Category(..) => return self.category(rows, faults),
        }
        Outcome::Fault
    }

    fn category<R: Real>(&mut self, rows: &impl Rows, faults: &mut Faults) -> Outcome<R> {
        let text = rows.cell(self.at);
        let Kind::Category(known, unseen) = &mut self.kind else { return Outcome::Fault };
        if let Some(id) = known.find(text) {
            return Outcome::Value(R::of(f64::from(id)));
        }
        if cell::is_missing(text) {
            return Outcome::Missing;
        }
        if std::str::from_utf8(text).is_err() {
            self.fault(Fault::Encoding, rows, faults);
            return Outcome::Fault;
        }
        match *unseen {
            Unseen::Learn(most) if known.names.len() < most => {
                return Outcome::Value(R::of(f64::from(known.learn(text))));
            }
            Unseen::Learn(_) | Unseen::Overflowed => *unseen = Unseen::Overflowed,
            Unseen::Refuse(fault) => {
                self.fault(fault, rows, faults);
                return Outcome::Fault;
            }
            Unseen::Warn => self.fault(Fault::HeldOutCategory, rows, faults),
        }
        Outcome::Value(R::of(UNSEEN))
    }

    fn fault(&self, fault: Fault, rows: &impl Rows, faults: &mut Faults) {
        let place = |label| rows.place(Some(self.at), label);
        let group = faults.add(fault, (self.at, &self.name), rows.cell(self.at), place);
        let Some(group) = group else { return };
        match (&self.kind, fault) {
            (Kind::Number, Fault::NotNumber) => {
                group.help = Some(format!("`category = [{}]` if its values are classes", self.name));
            }
            (Kind::Category(known, _), Fault::Category | Fault::HeldOutCategory) => {
                group.notes.push(format!("the training rows have {}", listed(&known.names)));
            }
            (Kind::Category(known, _), Fault::Class) => {
                group.notes.push(format!("the classes are {}", listed(&known.names)));
            }
            _ => {}
        }
    }
}

/// Names for a report, the first few of them: `` `a`, `b`, and 7 more ``.
pub(super) fn listed<S: AsRef<str>>(names: &[S]) -> String {
    const SHOWN: usize = 8;
    let shown = |s: &S| format!("`{}`", super::excerpt::head(s.as_ref(), 40));
    match names {
        [] => "none".into(),
        [one] => shown(one),
        _ if names.len() > SHOWN + 1 => {
            let first: Vec<_> = names[..SHOWN].iter().map(shown).collect();
            format!("{}, and {} more", first.join(", "), names.len() - SHOWN)
        }
        [first, last] => format!("{} and {}", shown(first), shown(last)),
        [first @ .., last] => {
            format!("{}, and {}", first.iter().map(shown).collect::<Vec<_>>().join(", "), shown(last))
        }
    }
}
