//! Rows of a file of lines.

use super::{NewReader, NewRows, Reader};
use crate::catalog::sources::is_table;
use crate::data::dataset::{Batch, Dataset, Targets};
use crate::data::delimited::Delimited;
use crate::data::faults::Faults;
use crate::data::files::Files;
use crate::data::filled::Filled;
use crate::data::header;
use crate::data::loading::Loading;
use crate::data::model_reader::Use;
use crate::data::preparation::{Inputs, Preparation};
use crate::data::reader::{self, Target};
use crate::data::size::Room;
use crate::data::view::View;
use crate::diagnostic::{Diagnostic, codes};
use crate::tensor::{Real, Shape};

/// A file, by its path.
pub(super) struct Lines<'a>(pub(super) &'a str);

impl Reader for Lines<'_> {
    fn load<R: Real>(self, loading: &mut Loading<'_>) -> Option<Dataset<R>> {
        let Self(path) = self;
        match Delimited::open(path, loading.files, loading.dialect()) {
            Ok(rows) => loading.table(rows, &format!("`{path}`"), loading.spec),
            Err(report) => loading.fail(report),
        }
    }
}

impl NewReader for Lines<'_> {
    fn open<'p, R: Real>(
        self,
        preparation: &'p Preparation,
        files: &dyn Files,
        purpose: Use,
    ) -> Result<Box<dyn NewRows<R> + 'p>, Vec<Diagnostic>> {
        let Self(path) = self;
        if let Inputs::Block(block) = &preparation.inputs {
            let shape = Shape::new(block.shape.clone());
            let what = if is_table(path).is_ok() { "is a table" } else { "is given without its targets" };
            let text = format!("the model takes inputs of shape {shape} from IDX files, and `{path}` {what}");
            return Err(vec![Diagnostic::error(codes::DATA_FIT, text)]);
        }
        let dialect = &preparation.dialect;
        let rows = Delimited::open(path, files, dialect).map_err(|d| vec![*d])?;
        let mut rows = View::new(rows, dialect);
        let header = header::of_new_file(&mut rows, &format!("`{path}`"), &dialect.header)?;
        let (header, reports) = rows.settle(header, &dialect.dates).map_err(|d| vec![*d])?;
        if !reports.is_empty() {
            return Err(reports);
        }
        let width = header.len() - rows.made();
        let reader = preparation.reader(&format!("`{path}`"), &header, width, purpose, R::LARGEST.f64())?;
        let faults = if purpose == Use::HoldOut { Faults::default() } else { Faults::of_new_file() };
        Ok(Box::new(NewLines { preparation, rows, reader, faults }))
    }
}

/// Lines that a model reads.
struct NewLines<'p> {
    preparation: &'p Preparation,
    rows: View<Delimited>,
    reader: reader::Reader,
    /// What was met so far, and is not yet told: one count of the whole file, however many rows are read at a time.
    faults: Faults,
}

impl NewLines<'_> {
    /// Forgets the rows that were read, and reads the next.
    fn next(&mut self, most: usize) -> Result<(), Box<Diagnostic>> {
        let reader = &mut self.reader;
        reader.inputs.clear();
        reader.classes.clear();
        reader.values.clear();
        reader.rows = 0;
        reader.read(&mut self.rows, most, &mut self.faults, &Room::enough())
    }
}

impl<R: Real> NewRows<R> for NewLines<'_> {
    fn read(&mut self, most: usize) -> Result<Batch<R>, Vec<Diagnostic>> {
        let mut read = self.next(most);
        // Of a file at fault, the rest is read too: what is told is told of all its rows.
        while read.is_ok() && self.faults.fatal && self.reader.rows == most {
            read = self.next(most);
        }
        if read.is_ok() && !self.faults.fatal {
            return Ok(prepare(self.preparation, &self.reader));
        }
        let mut reports = std::mem::take(&mut self.faults).finish();
        reports.extend(read.err().map(|d| *d));
        Err(reports)
    }

    fn warnings(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.faults).finish()
    }

    fn dropped(&self) -> usize {
        self.reader.dropped
    }
}

/// The rows that were read, as the network takes them.
fn prepare<R: Real>(preparation: &Preparation, read: &reader::Reader) -> Batch<R> {
    let to = preparation.inputs.shape().size();
    let mut inputs = vec![R::ZERO; read.rows * to];
    let mut rest = inputs.chunks_exact_mut(to);
    read.inputs.each(|raw| {
        if let Some(out) = rest.next() {
            preparation.inputs.encode(raw, out);
        }
    });
    let targets = match &read.target {
        Target::None => None,
        Target::Class(_) => Some(Targets::Classes(read.classes.clone())),
        Target::Values(columns) => {
            let values = preparation.target.scale(&read.values);
            Some(Targets::Values { width: columns.len(), values })
        }
    };
    let filled = if read.missing.fills() { Filled::of(&read.inputs) } else { Filled::default() };
    Batch { inputs, targets, exact: read.values.clone(), filled, rows: read.rows }
}
