//! A pair of IDX files: inputs without names, in the shape that the files say, and labels or values.

use super::{NewReader, NewRows, Reader};
use crate::data::dataset::{Batch, Dataset, Targets};
use crate::data::excerpt::listed;
use crate::data::files::Files;
use crate::data::filled::Filled;
use crate::data::idx::{Idx, broken};
use crate::data::keys;
use crate::data::loading::{Beside, Loading, finish};
use crate::data::model_reader::Use;
use crate::data::preparation::{Inputs, Preparation, Scaling, TargetRule, Unnamed, statistics};
use crate::data::reader::MOST_CLASSES;
use crate::data::size::{Room, Size};
use crate::data::target::{self, Answers};
use crate::diagnostic::{Diagnostic, codes, has_errors};
use crate::ir::dialect::Dialect;
use crate::ir::spec::{LeftOut, Missing, Scale, Statistics};
use crate::tensor::{Real, Shape};

/// How labels become numbers from 0 on.
const NUMBERED: &str = "number the classes from 0 without gaps: with NumPy `np.unique(labels, return_inverse=True)[1].astype('u1')`, type 0x08";
/// Rows read at a time.
const BATCH: usize = 1024;

/// Two files by their paths; to predict, the second may be left out.
pub(super) struct Pair<'a> {
    pub(super) inputs: &'a str,
    pub(super) targets: Option<&'a str>,
}

impl Reader for Pair<'_> {
    fn load<R: Real>(self, loading: &mut Loading<'_>) -> Option<Dataset<R>> {
        let Self { inputs, targets: Some(targets) } = self else { return None };
        match open(inputs, targets, loading.files) {
            Ok((inputs, targets)) => loading.arrays(inputs, targets),
            Err(reports) => {
                for report in reports {
                    loading.fail::<()>(report);
                }
                None
            }
        }
    }
}

impl Loading<'_> {
    /// All rows of a pair.
    fn arrays<R: Real>(&mut self, inputs: Idx, targets: Idx) -> Option<Dataset<R>> {
        let rows = inputs.rows();
        let (shape, width) = (inputs.shape(), inputs.width);
        let classes = targets.element.is_whole() && targets.width == 1;
        let path = targets.path.clone();
        let outputs = targets.width;
        let raw = self.all::<R>(inputs);
        let answers = self.all::<f64>(targets);
        let (mut raw, answers) = (raw?, answers?);
        let answers = if classes {
            self.labels(&answers, &path)?
        } else {
            if let Some(row) = answers.iter().position(|v| v.abs() > R::LARGEST.f64()) {
                return self.fail(too_large(row / outputs, &path));
            }
            Answers::Values { names: names(outputs), values: answers }
        };
        if has_errors(self.reports) {
            return None;
        }
        let keys = self.holds_out().then(|| match &answers {
            Answers::Classes { ids, .. } => {
                let ids: Vec<f64> = ids.iter().map(|&id| f64::from(id)).collect();
                keys::of_block(&raw, width, &ids, 1)
            }
            Answers::Values { values, .. } => keys::of_block(&raw, width, values, outputs),
        });
        let split = self.split(rows, keys, &answers)?;
        let (target, block) = match self.prior.map(|prior| prior.preparation) {
            None => {
                let block = fit(&raw, width, shape, &split.0.train, self.spec.scale.value);
                (self.answer(answers, &split.0)?, block)
            }
            Some(Preparation { inputs: Inputs::Block(block), target, .. }) if block.shape == shape => {
                (target::by_rule(target.clone(), answers, &split.0.train), block.clone())
            }
            Some(_) => {
                let text = format!("the model does not take rows of shape {}", Shape::new(shape));
                return self.fail(Diagnostic::error(codes::DATA_FIT, text));
            }
        };
        for (place, value) in raw.iter_mut().enumerate() {
            *value = R::of(block.scaling[place % width % block.scaling.len()].apply(value.f64()));
        }
        let how = (Missing::Error, Dialect::default());
        let beside = Beside { weights: None, groups: None, filled: Filled::default(), left_out: LeftOut::default() };
        Some(finish((Inputs::Block(block), raw), target, how, split, beside))
    }

    /// Labels as classes `0` to the largest. Those that no row is of are told of, for each is an output.
    fn labels(&mut self, labels: &[f64], path: &str) -> Option<Answers> {
        if let Some(label) = labels.iter().find(|&&label| label < 0.0 || label >= MOST_CLASSES as f64) {
            let text =
                format!("`{path}` holds the label {label}: labels are whole numbers from 0 to {}", MOST_CLASSES - 1);
            let report = Diagnostic::error(codes::DATA_VALUE, text).help(format!("{NUMBERED}; numbers that are to be predicted as such are saved as 32-bit floats (`astype('>f4')`, type 0x0d)"));
            return self.fail(report);
        }
        let ids: Vec<u32> = labels.iter().map(|&label| label as u32).collect();
        let most = ids.iter().copied().max().unwrap_or(0) as usize;
        let mut met = vec![false; most + 1];
        for &id in &ids {
            met[id as usize] = true;
        }
        let names: Vec<String> = (0..=most).map(|id| id.to_string()).collect();
        let absent: Vec<&String> = names.iter().zip(&met).filter(|(_, met)| !**met).map(|(name, _)| name).collect();
        if met.iter().filter(|met| **met).count() > 1 && !absent.is_empty() && self.prior.is_none() {
            let text = format!(
                "no row of `{path}` is of {} {}",
                if absent.len() == 1 { "the class" } else { "the classes" },
                listed(&absent)
            );
            let report =
                Diagnostic::warning(codes::IMBALANCE, text).at(self.spec.source_span, format!("labels up to {most}"));
            self.reports.push(
                report
                    .note_that("each class up to the largest label is an output, and these are never right")
                    .help(NUMBERED),
            );
        }
        Some(Answers::Classes { column: "label".to_owned(), names, numeric: true, binary_numbers: false, ids })
    }

    /// All values of a file. Grows as the file gives them, whatever its header claims.
    fn all<R: Real>(&mut self, mut file: Idx) -> Option<Vec<R>> {
        let mut values = Vec::new();
        let batch = (BATCH * 1024 / file.width).max(1);
        let (room, width, number) = (Room::enough(), file.width, size_of::<R>());
        loop {
            let read = file.read(batch, &mut values).and_then(|rows| {
                room.holds(Size { inputs: values.len(), targets: 0, rows: values.len() / width, number })?;
                Ok(rows)
            });
            match read {
                Ok(0) => return Some(values),
                Ok(_) => {}
                Err(report) => return self.fail(report),
            }
        }
    }
}

fn names(outputs: usize) -> Vec<String> {
    match outputs {
        1 => vec!["value".to_owned()],
        _ => (0..outputs).map(|n| format!("value{n}")).collect(),
    }
}

/// What the training rows say of the inputs. raw: width × rows.
fn fit<R: Real>(raw: &[R], width: usize, shape: Vec<usize>, train: &[u32], scale: Scale) -> Unnamed {
    let mut statistics = statistics(raw, width, train);
    if shape.len() > 1 {
        statistics = vec![whole(&statistics)];
    }
    let scaling: Vec<Scaling> = statistics.iter().map(|s| Scaling::fit(scale, s)).collect();
    Unnamed { shape, statistics, scaling }
}

/// The statistics of all places together: each has as many values.
fn whole(places: &[Statistics]) -> Statistics {
    let mean_of = |f: &dyn Fn(&Statistics) -> f64| places.iter().map(f).sum::<f64>() / places.len() as f64;
    let mean = mean_of(&|s| s.mean);
    Statistics {
        min: places.iter().map(|s| s.min).fold(f64::INFINITY, f64::min),
        max: places.iter().map(|s| s.max).fold(f64::NEG_INFINITY, f64::max),
        mean,
        std: mean_of(&|s| s.std * s.std + (s.mean - mean) * (s.mean - mean)).sqrt(),
    }
}

/// Opens the two files of a set and sees that they have equally many rows.
fn open(inputs: &str, targets: &str, files: &dyn Files) -> Result<(Idx, Idx), Vec<Diagnostic>> {
    match (Idx::open(inputs, files), Idx::open(targets, files)) {
        (Ok(x), Ok(y)) if x.rows() == y.rows() => Ok((x, y)),
        (Ok(x), Ok(y)) => {
            let text = format!("`{inputs}` holds {} rows and `{targets}` holds {}", x.rows(), y.rows());
            Err(vec![*broken(text)])
        }
        (x, y) => Err(x.err().into_iter().chain(y.err()).map(|d| *d).collect()),
    }
}

impl NewReader for Pair<'_> {
    fn open<'p, R: Real>(
        self,
        preparation: &'p Preparation,
        files: &dyn Files,
        purpose: Use,
    ) -> Result<Box<dyn NewRows<R> + 'p>, Vec<Diagnostic>> {
        let Self { inputs, targets } = self;
        let misfit = |text: String| vec![Diagnostic::error(codes::DATA_FIT, text)];
        let block = match &preparation.inputs {
            Inputs::Block(block) => block,
            Inputs::Columns(columns) => {
                let names: Vec<_> = columns.iter().map(|c| &c.name).collect();
                let text = format!("the model takes named columns, and `{inputs}` is an IDX file");
                let note = format!("its columns are {}", listed(&names));
                return Err(vec![Diagnostic::error(codes::DATA_FIT, text).note_that(note)]);
            }
        };
        let (inputs, targets) = match targets.filter(|_| purpose != Use::Predict) {
            Some(targets) => open(inputs, targets, files).map(|(x, y)| (x, Some(y)))?,
            None if purpose == Use::Predict => (Idx::open(inputs, files).map_err(|d| vec![*d])?, None),
            None => return Err(misfit(format!("the targets of `{inputs}` are not given"))),
        };
        if inputs.shape() != block.shape {
            let (has, wants) = (Shape::new(inputs.shape()), Shape::new(block.shape.clone()));
            let known = if purpose == Use::HoldOut { "the rows to train on have" } else { "the model takes" };
            return Err(misfit(format!("the rows of `{}` have the shape {has}, and {known} {wants}", inputs.path)));
        }
        Ok(Box::new(NewPair { preparation, inputs, targets, purpose, done: 0 }))
    }
}

/// A pair that a model reads.
struct NewPair<'p> {
    preparation: &'p Preparation,
    inputs: Idx,
    targets: Option<Idx>,
    purpose: Use,
    /// Rows read.
    done: usize,
}

impl<R: Real> NewRows<R> for NewPair<'_> {
    fn read(&mut self, most: usize) -> Result<Batch<R>, Vec<Diagnostic>> {
        self.next(most).map_err(|report| vec![*report])
    }
}

impl NewPair<'_> {
    fn next<R: Real>(&mut self, most: usize) -> Result<Batch<R>, Box<Diagnostic>> {
        let mut raw: Vec<f64> = Vec::new();
        let rows = self.inputs.read(most, &mut raw)?;
        let width = self.inputs.width;
        let mut inputs = vec![R::ZERO; raw.len()];
        for (row, (raw, out)) in raw.chunks_exact(width).zip(inputs.chunks_exact_mut(width)).enumerate() {
            self.preparation.inputs.encode(raw, out);
            if out.iter().any(|value| !value.is_finite()) {
                return Err(too_large(self.done + row, &self.inputs.path));
            }
        }
        let (targets, exact) = match &mut self.targets {
            None => (None, Vec::new()),
            Some(file) => {
                let mut values: Vec<f64> = Vec::new();
                file.read(rows, &mut values)?;
                let (targets, exact) = answers(&self.preparation.target, file, (self.done, values), self.purpose)?;
                (Some(targets), exact)
            }
        };
        self.done += rows;
        Ok(Batch { inputs, targets, exact, filled: Filled::default(), rows })
    }
}

fn too_large(row: usize, path: &str) -> Box<Diagnostic> {
    let text = format!("row {row} of `{path}` holds a value too large for the precision of the run");
    Box::new(Diagnostic::error(codes::NON_FINITE, text))
}

/// New targets, those from row `first` on, as the model's own are.
fn answers<R: Real>(
    rule: &TargetRule,
    file: &Idx,
    (first, exact): (usize, Vec<f64>),
    purpose: Use,
) -> Result<(Targets<R>, Vec<f64>), Box<Diagnostic>> {
    let misfit = |text: String| Box::new(Diagnostic::error(codes::DATA_FIT, text));
    let held_out = purpose == Use::HoldOut;
    match rule {
        TargetRule::Classes { names, .. } => {
            if file.width != 1 || !file.element.is_whole() {
                let known = if held_out { "the rows to train on are of classes" } else { "the model predicts classes" };
                return Err(misfit(format!(
                    "{known}, and `{}` does not hold labels: one whole number a row",
                    file.path
                )));
            }
            match exact.iter().find(|&&label| label < 0.0 || label >= names.len() as f64) {
                Some(label) => {
                    let text = format!("`{}` holds the label {label}, which no training row has", file.path);
                    Err(Diagnostic::error(codes::DATA_VALUE, text).into())
                }
                None => Ok((Targets::Classes(exact.iter().map(|&label| label as u32).collect()), Vec::new())),
            }
        }
        TargetRule::Values(columns) if columns.len() == file.width => {
            let values = rule.scale::<R>(&exact);
            match values.iter().position(|value| !value.is_finite()) {
                Some(at) => Err(too_large(first + at / file.width, &file.path)),
                None => Ok((Targets::Values { width: file.width, values }, exact)),
            }
        }
        TargetRule::Values(columns) => {
            let known = if held_out { "the rows to train on have" } else { "the model predicts" };
            let (path, width, wanted) = (&file.path, file.width, columns.len());
            Err(misfit(format!("`{path}` holds {width} values a row, and {known} {wanted}")))
        }
    }
}

#[cfg(test)]
mod tests;
