//! A new file, prepared as the training rows were, a batch of rows at a time: memory stays flat however many
//! rows come. The file's columns are found by name; others in it, and blank lines, are passed over.

use super::categories::Categories;
use super::dataset::{Batch, Targets};
use super::delimited::Delimited;
use super::excerpt::listed;
use super::faults::{Fault, Faults};
use super::files::Files;
use super::filled::Filled;
use super::header;
use super::idx::IdxRows;
use super::preparation::{InputKind, Inputs, Preparation, TargetRule};
use super::reader::{Column, Kind, Reader, Target, Unseen};
use super::view::View;
use crate::diagnostic::{Diagnostic, codes, suggest};
use crate::ir::spec::Missing;
use crate::tensor::Real;

/// What rows are read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// To predict: no target is needed, and no row may be left out.
    Predict,
    /// To judge: targets are needed; rows with missing cells are left out if the model says so.
    Evaluate,
    /// As [`Self::Evaluate`], for held-out rows of the program itself: a category that no training row has
    /// is a warning, and is taken as none of the known ones.
    HoldOut,
}

/// Where new rows come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewData<'a> {
    /// A file of rows with a header: tabs where its name ends in `.tsv`, else commas.
    Delimited(&'a str),
    /// IDX files; targets may be left out to predict.
    Idx {
        /// Inputs.
        inputs: &'a str,
        /// Labels or values.
        targets: Option<&'a str>,
    },
}

/// A new file, read a batch at a time.
pub struct Batches<'p, R> {
    preparation: &'p Preparation,
    rows: RowsOf,
    precision: std::marker::PhantomData<R>,
    purpose: Use,
    /// Warnings met so far, and not yet taken.
    warnings: Vec<Diagnostic>,
}

enum RowsOf {
    Delimited(Box<(View<Delimited>, Reader)>),
    Idx(Box<IdxRows>),
}

impl Preparation {
    /// Opens a new file and sees whether its columns fit (NN114 where they do not).
    pub fn open<R: Real>(
        &self,
        data: NewData<'_>,
        files: &dyn Files,
        purpose: Use,
    ) -> Result<Batches<'_, R>, Vec<Diagnostic>> {
        let rows = match (data, &self.inputs) {
            (NewData::Delimited(path), Inputs::Columns(_)) => {
                let rows = Delimited::open(path, files, &self.dialect).map_err(|d| vec![*d])?;
                let mut rows = View::new(rows, &self.dialect);
                let header = header::of_new_file(&mut rows, &format!("`{path}`"), &self.dialect.header)?;
                let (header, reports) = rows.settle(header, &self.dialect.dates).map_err(|d| vec![*d])?;
                if !reports.is_empty() {
                    return Err(reports);
                }
                let width = header.len() - rows.made();
                let reader = self.reader(&format!("`{path}`"), &header, width, purpose, R::LARGEST.f64())?;
                RowsOf::Delimited(Box::new((rows, reader)))
            }
            (NewData::Idx { inputs, targets }, Inputs::Block(block)) => {
                let targets = targets.filter(|_| purpose != Use::Predict);
                if targets.is_none() && purpose != Use::Predict {
                    let text = format!("the targets of `{inputs}` are not given");
                    return Err(vec![Diagnostic::error(codes::DATA_FIT, text)]);
                }
                RowsOf::Idx(Box::new(IdxRows::open(inputs, targets, &block.shape, files)?))
            }
            (NewData::Delimited(path), Inputs::Block(block)) => {
                let shape = crate::tensor::Shape::new(block.shape.clone());
                let text = format!("the model takes inputs of shape {shape} from IDX files, and `{path}` is a table");
                return Err(vec![Diagnostic::error(codes::DATA_FIT, text)]);
            }
            (NewData::Idx { inputs, .. }, Inputs::Columns(columns)) => {
                let names: Vec<_> = columns.iter().map(|c| &c.name).collect();
                let text = format!("the model takes named columns, and `{inputs}` is an IDX file");
                let note = format!("its columns are {}", listed(&names));
                return Err(vec![Diagnostic::error(codes::DATA_FIT, text).note_that(note)]);
            }
        };
        Ok(Batches { preparation: self, rows, precision: std::marker::PhantomData, purpose, warnings: Vec::new() })
    }

    /// How the columns of a new file are read.
    pub(super) fn reader(
        &self,
        what: &str,
        header: &[String],
        width: usize,
        purpose: Use,
        largest: f64,
    ) -> Result<Reader, Vec<Diagnostic>> {
        let Inputs::Columns(inputs) = &self.inputs else { return Err(Vec::new()) };
        let mut lacking = Vec::new();
        let mut find = |name: &str, kind| {
            let at = header.iter().position(|h| h == name);
            if at.is_none() {
                lacking.push(name.to_owned());
            }
            at.map(|at| Column { at, name: name.to_owned(), kind })
        };
        let unseen = if purpose == Use::HoldOut { Unseen::Warn } else { Unseen::Refuse(Fault::Category) };
        let columns = inputs.iter().filter_map(|column| {
            let kind = match &column.kind {
                InputKind::Number { .. } => Kind::Number,
                InputKind::Category { names, numeric, unknown, .. } => {
                    let unseen = if *unknown { Unseen::Take } else { unseen };
                    Kind::Category(Categories::known(names, *numeric), unseen)
                }
            };
            find(&column.name, kind)
        });
        let columns: Vec<_> = columns.collect();
        let target = match &self.target {
            _ if purpose == Use::Predict => Target::None,
            TargetRule::Classes { column, names, numeric, .. } => {
                let kind = Kind::Category(Categories::known(names, *numeric), Unseen::Refuse(Fault::Class));
                find(column, kind).map_or(Target::None, Target::Class)
            }
            TargetRule::Values(columns) => {
                Target::Values(columns.iter().filter_map(|c| find(&c.name, Kind::Number)).collect())
            }
        };
        if !lacking.is_empty() {
            return Err(vec![lacks(what, header, &lacking)]);
        }
        let missing = match self.missing {
            Missing::Drop if purpose == Use::Predict => Missing::Error,
            Missing::Error | Missing::Drop | Missing::Mean | Missing::Mode | Missing::Median | Missing::Constant(_) => {
                self.missing
            }
        };
        Ok(Reader::new(columns, target, width, missing, largest))
    }
}

fn lacks(what: &str, header: &[String], lacking: &[String]) -> Diagnostic {
    let columns = if lacking.len() == 1 { "the column" } else { "the columns" };
    let text = format!("{what} lacks {columns} {}", listed(lacking));
    let mut report = Diagnostic::error(codes::DATA_FIT, text).note_that(format!("it has {}", listed(header)));
    for name in lacking.iter().take(8) {
        if let Some(near) = suggest::nearest(name, header.iter().map(String::as_str)) {
            report = report.note_that(format!("`{near}` is near `{name}`"));
        }
    }
    report
}

impl<R: Real> Batches<'_, R> {
    /// The next rows, `most` at most; `None` at the end. All faults of these rows are reported.
    pub fn read(&mut self, most: usize) -> Result<Option<Batch<R>>, Vec<Diagnostic>> {
        let batch = match &mut self.rows {
            RowsOf::Delimited(delimited) => {
                let (rows, reader) = &mut **delimited;
                reader.inputs.clear();
                reader.classes.clear();
                reader.values.clear();
                reader.rows = 0;
                let mut faults = if self.purpose == Use::HoldOut { Faults::default() } else { Faults::of_new_file() };
                let read = reader.read(rows, most, &mut faults);
                let fatal = faults.fatal;
                let mut reports = faults.finish();
                reports.extend(read.err().map(|d| *d));
                if fatal || crate::diagnostic::has_errors(&reports) {
                    return Err(reports);
                }
                self.warnings.extend(reports);
                self.preparation.prepare(reader)
            }
            RowsOf::Idx(rows) => rows.read(self.preparation, most).map_err(|d| vec![*d])?,
        };
        Ok((batch.rows > 0).then_some(batch))
    }

    /// The warnings met so far.
    pub fn warnings(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.warnings)
    }

    /// Rows left out so far because a cell was missing.
    pub fn dropped(&self) -> usize {
        match &self.rows {
            RowsOf::Delimited(delimited) => delimited.1.dropped,
            RowsOf::Idx(_) => 0,
        }
    }
}

impl Preparation {
    fn prepare<R: Real>(&self, read: &Reader) -> Batch<R> {
        let to = self.inputs.shape().size();
        let mut inputs = vec![R::ZERO; read.rows * to];
        let mut rest = inputs.chunks_exact_mut(to);
        read.inputs.each(|raw| {
            if let Some(out) = rest.next() {
                self.inputs.encode(raw, out);
            }
        });
        let targets = match &read.target {
            Target::None => None,
            Target::Class(_) => Some(Targets::Classes(read.classes.clone())),
            Target::Values(columns) => {
                let values = self.target.scale(&read.values);
                Some(Targets::Values { width: columns.len(), values })
            }
        };
        let filled = if read.missing.fills() { Filled::of(&read.inputs) } else { Filled::default() };
        Batch { inputs, targets, exact: read.values.clone(), filled, rows: read.rows }
    }
}

impl TargetRule {
    /// Value targets as the network is to give them. exact: targets × rows.
    pub(super) fn scale<R: Real>(&self, exact: &[f64]) -> Vec<R> {
        let Self::Values(columns) = self else { return Vec::new() };
        let scaled = exact.iter().zip(columns.iter().cycle());
        scaled.map(|(&value, column)| R::of(column.scaling.apply(value))).collect()
    }
}
