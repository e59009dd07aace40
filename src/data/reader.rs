//! From cells to numbers: reads each row's inputs and targets, by columns whose kinds are settled, straight
//! into the buffers they stay in. What a column's numbers become afterwards is [`super::preparation`]'s.

use super::categories::Categories;
use super::cell::{self, Cell};
use super::cell_store::{CellStore, Row};
use super::excerpt::listed;
use super::faults::{Fault, Faults, ROW};
use super::hash::of_text;
use super::lacking::Lacking;
use super::plain::{ByteRun, Lines, Want};
use super::raw::Raw;
use super::rows::Rows;
use super::size::{Room, Size};
use crate::diagnostic::Diagnostic;
use crate::ir::spec::Missing;
use crate::text;

/// The most distinct values of a text column that is an input.
pub(super) const MOST_CATEGORIES: usize = 1000;
/// The most classes.
pub(super) const MOST_CLASSES: usize = 10_000;
/// A raw category that is none of those known.
pub(super) const UNSEEN: f64 = -1.0;

/// Rows read cell by cell where a block of lines is not plain, before the next block is tried.
const SLOWLY: usize = 4096;
/// So many blocks in a row that are not plain, and none is tried again.
const TRIES: usize = 4;

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
    /// It is read as [`UNSEEN`], which is an input of its own.
    Take,
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
pub(super) struct Reader {
    /// The columns to learn from.
    pub(super) columns: Vec<Column>,
    /// The columns to predict.
    pub(super) target: Target,
    /// Cells in the header.
    pub(super) width: usize,
    /// What happens to missing inputs.
    pub(super) missing: Missing,
    /// Inputs as read, columns × rows: numbers, or numbers of categories; NaN where missing.
    pub(super) inputs: Raw,
    /// Classes as read, one a row.
    pub(super) classes: Vec<u32>,
    /// Value targets as read, targets × rows.
    pub(super) values: Vec<f64>,
    /// Rows kept.
    pub(super) rows: usize,
    /// A column that is no input and of which each row's text is to be known again, and its name.
    pub(super) group: Option<(usize, String)>,
    /// What the texts of that column are known by, one a row where there is one.
    pub(super) groups: Vec<u64>,
    /// Rows left out because a cell was missing.
    pub(super) dropped: usize,
    /// Which columns they lack.
    pub(super) lacking: Lacking,
    /// The largest number that the run's precision holds.
    largest: f64,
    /// The row under way.
    row: Vec<f64>,
    /// It as it is kept.
    kept: Row,
    /// Memory for plain lines.
    spare: Vec<ByteRun>,
    /// Blocks in a row that were not plain.
    refused: usize,
}

/// What became of a cell.
enum Outcome<T> {
    Value(T),
    Missing,
    Fault,
}

impl Reader {
    /// Nothing read yet. `largest` is the largest number that the run's precision holds.
    pub(super) fn new(columns: Vec<Column>, target: Target, width: usize, missing: Missing, largest: f64) -> Self {
        let kept = Row::new(columns.len());
        Self {
            inputs: Raw::new(columns.len()),
            columns,
            target,
            width,
            missing,
            largest,
            row: Vec::new(),
            kept,
            spare: Vec::new(),
            classes: Vec::new(),
            values: Vec::new(),
            rows: 0,
            group: None,
            groups: Vec::new(),
            dropped: 0,
            lacking: Lacking::default(),
            refused: 0,
        }
    }

    /// Has one more column read beside the others, before there is a row.
    pub(super) fn add(&mut self, column: Column) {
        self.columns.push(column);
        self.inputs = Raw::new(self.columns.len());
        self.kept = Row::new(self.columns.len());
    }

    /// Gives back what memory reading took, once there is no more to read.
    pub(super) fn done(&mut self) {
        self.spare = Vec::new();
    }

    /// Reads rows until there are `limit` more, or no more come.
    pub(super) fn read(
        &mut self,
        rows: &mut impl Rows,
        limit: usize,
        faults: &mut Faults,
        room: &Room<'_>,
    ) -> Result<(), Box<Diagnostic>> {
        let target = self.rows.saturating_add(limit);
        while self.rows < target {
            if self.refused < TRIES && self.block(rows, target - self.rows)? {
                self.refused = 0;
            } else {
                self.refused += usize::from(self.refused < TRIES);
                for _ in 0..SLOWLY {
                    if self.rows == target {
                        break;
                    }
                    if !rows.advance()? {
                        return Ok(());
                    }
                    self.row(rows, faults);
                    room.holds(self.size())?;
                }
            }
            room.holds(self.size())?;
        }
        Ok(())
    }

    /// What has been read.
    fn size(&self) -> Size {
        let number = if self.largest > f64::from(f32::MAX) { 8 } else { 4 };
        Size { inputs: self.inputs.len(), targets: self.values.len(), rows: self.rows, number }
    }

    /// Reads a block of plain lines; whether there was one, and nothing else in it.
    fn block(&mut self, rows: &mut impl Rows, most: usize) -> Result<bool, Box<Diagnostic>> {
        let Some((block, delimiter)) = rows.block(most)? else { return Ok(false) };
        let lines = self.lines(delimiter);
        let (mut bytes, mut taken, mut whole) = (0, 0, true);
        let mut spare = std::mem::take(&mut self.spare);
        for mut stretch in lines.read(block, &mut spare) {
            if whole {
                let count = self.take(&mut stretch, &lines, block);
                taken += count;
                bytes = stretch.starts[count];
                whole = stretch.whole && count + 1 == stretch.starts.len();
            }
            spare.push(stretch);
        }
        self.spare = spare;
        self.rows += taken;
        rows.pass(bytes, taken);
        Ok(whole)
    }

    /// What is wanted of a plain line. Categories are read as texts, the target's last.
    fn lines(&self, delimiter: u8) -> Lines {
        let mut wants = vec![Want::Skip; self.width];
        let mut texts = 0;
        for (n, column) in self.columns.iter().enumerate() {
            wants[column.at] = match &column.kind {
                Kind::Number => Want::Input(n),
                Kind::Category(..) => {
                    texts += 1;
                    Want::Text(texts - 1)
                }
            };
        }
        let mut values = 0;
        match &self.target {
            Target::None => {}
            Target::Class(column) => {
                wants[column.at] = Want::Text(texts);
                texts += 1;
            }
            Target::Values(columns) => {
                values = columns.len();
                columns.iter().enumerate().for_each(|(n, column)| wants[column.at] = Want::Value(n));
            }
        }
        if let Some((group, _)) = self.group {
            wants[group] = Want::Text(texts);
            texts += 1;
        }
        let fills = self.missing.fills();
        let (inputs, layout) = (self.columns.len(), self.inputs.layout());
        Lines { delimiter, wants, inputs, layout, values, texts, fills, largest: self.largest }
    }

    /// Takes the rows of a stretch over, up to the first whose texts are not all in order; how many.
    fn take(&mut self, stretch: &mut ByteRun, lines: &Lines, block: &[u8]) -> usize {
        let rows = stretch.starts.len() - 1;
        let mut taken = 0;
        while taken < rows && lines.texts > 0 {
            let texts = &stretch.texts[taken * lines.texts..][..lines.texts];
            if self.texts(texts, block, (&mut stretch.inputs, taken)).is_none() {
                break;
            }
            taken += 1;
        }
        if lines.texts == 0 {
            taken = rows;
        }
        self.inputs.extend(&stretch.inputs, taken);
        self.values.extend_from_slice(&stretch.values[..taken * lines.values]);
        taken
    }

    /// Reads the texts of a row into its inputs and classes; `None`, with nothing learnt of the row's class, where
    /// one is not in order.
    fn texts(
        &mut self,
        texts: &[std::ops::Range<usize>],
        block: &[u8],
        (inputs, row): (&mut CellStore, usize),
    ) -> Option<()> {
        let mut texts = texts.iter().map(|place| cell::trim(&block[place.clone()]));
        for (n, column) in self.columns.iter_mut().enumerate() {
            if let Kind::Category(known, unseen) = &mut column.kind {
                inputs.set(row, n, f64::from(known.take(texts.next()?, *unseen)?));
            }
        }
        if let Target::Class(Column { kind: Kind::Category(known, unseen), .. }) = &mut self.target {
            self.classes.push(known.take(texts.next()?, *unseen)?);
        }
        if self.group.is_some() {
            self.groups.push(of_text(texts.next()?));
        }
        Some(())
    }

    fn row(&mut self, rows: &impl Rows, faults: &mut Faults) {
        if rows.width() != self.width {
            let cells = |n: usize| text::count(n, "cell");
            let text = format!("{} where the header has {}", cells(rows.width()), cells(self.width));
            faults.add(Fault::Ragged, (ROW, ""), text.as_bytes(), |label| rows.place(None, label));
            return;
        }
        let before = (self.classes.len(), self.values.len());
        self.row.clear();
        match self.cells(rows, faults) {
            Outcome::Value(()) => {
                self.kept.fill(self.row.iter().copied());
                self.inputs.push(&mut self.kept);
                self.groups.extend(self.group.as_ref().map(|(at, _)| of_text(rows.cell(*at))));
                self.rows += 1;
            }
            Outcome::Missing | Outcome::Fault => {
                self.dropped += 1;
                self.classes.truncate(before.0);
                self.values.truncate(before.1);
            }
        }
    }

    /// Reads every cell of the row, so that each fault is found.
    fn cells(&mut self, rows: &impl Rows, faults: &mut Faults) -> Outcome<()> {
        let mut outcome = Outcome::Value(());
        let largest = self.largest;
        let inputs = self.columns.len();
        for (n, column) in self.columns.iter_mut().enumerate() {
            match column.read(rows, largest, faults) {
                Outcome::Value(value) => self.row.push(value),
                Outcome::Missing => match self.missing {
                    Missing::Error => {
                        let text = rows.cell(column.at);
                        let place = |label| rows.place(Some(column.at), label);
                        faults.add(Fault::Missing, (column.at, &column.name), text, place);
                        outcome = Outcome::Fault;
                    }
                    Missing::Drop => outcome = self.lacking.add(n, Outcome::Missing),
                    Missing::Mean | Missing::Mode | Missing::Median | Missing::Constant(_) => self.row.push(f64::NAN),
                },
                Outcome::Fault => outcome = Outcome::Fault,
            }
        }
        let mut read = |column: &mut Column| match column.read(rows, largest, faults) {
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
                Outcome::Value(id) => self.classes.push(id as u32),
                Outcome::Missing => outcome = self.lacking.add(inputs, Outcome::Missing),
                Outcome::Fault => outcome = Outcome::Fault,
            },
            Target::Values(columns) => {
                for (n, column) in columns.iter_mut().enumerate() {
                    match read(column) {
                        Outcome::Value(value) => self.values.push(value),
                        Outcome::Missing => outcome = self.lacking.add(inputs + n, Outcome::Missing),
                        Outcome::Fault => outcome = Outcome::Fault,
                    }
                }
            }
        }
        outcome
    }
}

impl Categories {
    /// The number of a value that is known or may be learnt; `None` where it is neither, or is missing.
    fn take(&mut self, text: &[u8], unseen: Unseen) -> Option<u32> {
        // A value in quotes may be called as a missing one is.
        self.find(text).filter(|_| !cell::is_missing(text)).or_else(|| {
            let learns = matches!(unseen, Unseen::Learn(most) if self.names.len() < most);
            let sound = !cell::is_missing(text) && std::str::from_utf8(text).is_ok();
            (learns && sound).then(|| self.learn(text))
        })
    }
}

impl Column {
    fn read(&mut self, rows: &impl Rows, largest: f64, faults: &mut Faults) -> Outcome<f64> {
        match &mut self.kind {
            Kind::Number => match rows.read(self.at) {
                Cell::Number(value) if value.abs() <= largest => return Outcome::Value(value),
                Cell::Number(_) | Cell::Infinite => self.fault(Fault::Infinite, rows, faults),
                Cell::Missing => return Outcome::Missing,
                Cell::Text if rows.is_date(self.at) => self.fault(Fault::NotDate, rows, faults),
                Cell::Text => self.fault(Fault::NotNumber, rows, faults),
            },
            Kind::Category(..) => return self.category(rows, faults),
        }
        Outcome::Fault
    }

    fn category(&mut self, rows: &impl Rows, faults: &mut Faults) -> Outcome<f64> {
        let text = rows.cell(self.at);
        let Kind::Category(known, unseen) = &mut self.kind else { return Outcome::Fault };
        if rows.is_missing(self.at) {
            return Outcome::Missing;
        }
        if let Some(id) = known.find(text) {
            return Outcome::Value(f64::from(id));
        }
        if std::str::from_utf8(text).is_err() {
            self.fault(Fault::Encoding, rows, faults);
            return Outcome::Fault;
        }
        match *unseen {
            Unseen::Learn(most) if known.names.len() < most => {
                return Outcome::Value(f64::from(known.learn(text)));
            }
            Unseen::Learn(_) | Unseen::Overflowed => *unseen = Unseen::Overflowed,
            Unseen::Refuse(fault) => {
                self.fault(fault, rows, faults);
                return Outcome::Fault;
            }
            Unseen::Warn => self.fault(Fault::HeldOutCategory, rows, faults),
            Unseen::Take => {}
        }
        Outcome::Value(UNSEEN)
    }

    fn fault(&self, fault: Fault, rows: &impl Rows, faults: &mut Faults) {
        let place = |label| rows.place(Some(self.at), label);
        let group = faults.add(fault, (self.at, &self.name), rows.cell(self.at), place);
        let Some(group) = group else { return };
        match (&self.kind, fault) {
            (Kind::Number, Fault::NotNumber) => {
                group.help = Some(super::forms::advice(rows.cell(self.at), &self.name));
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

#[cfg(test)]
mod tests;
