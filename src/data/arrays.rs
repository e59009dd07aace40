//! The program's own IDX data: inputs without names, in the shape that the files say.

use super::dataset::Dataset;
use super::idx::{Element, Idx};
use super::keys;
use super::load::Load;
use super::preparation::{Block, Inputs, Preparation, Scaling, statistics};
use super::reader::{MOST_VALUES, too_many_values};
use super::target::{self, Answers};
use crate::diagnostic::{Diagnostic, codes, has_errors};
use crate::ir::dialect::Dialect;
use crate::ir::spec::{Holdout, Missing, Scale, Statistics};
use crate::source::Span;
use crate::tensor::Real;

/// Rows read at a time.
const BATCH: usize = 1024;

impl Load<'_> {
    /// Reads a pair of IDX files.
    pub(super) fn idx<R: Real>(&mut self, inputs: Idx, targets: Idx) -> Option<Dataset<R>> {
        self.refuse_settings();
        let rows = inputs.rows();
        let (shape, width) = (inputs.shape(), inputs.width);
        let classes = targets.element == Element::Byte && targets.width == 1;
        let outputs = targets.width;
        let raw = self.all::<R>(inputs);
        let answers = self.all::<R>(targets);
        let (mut raw, answers) = (raw?, answers?);
        let answers = if classes {
            labels(&answers)
        } else {
            Answers::Values { names: names(outputs), values: answers.iter().map(|v| v.f64()).collect() }
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
                let text = format!("the model does not take rows of shape {}", crate::tensor::Shape::new(shape));
                return self.fail(Diagnostic::error(codes::DATA_FIT, text));
            }
        };
        for (place, value) in raw.iter_mut().enumerate() {
            *value = R::of(block.scaling[place % width % block.scaling.len()].apply(value.f64()));
        }
        let how = (Missing::Error, Dialect::default());
        Some(self.finish((Inputs::Block(block), raw), target, how, split, (None, 0)))
    }

    /// All values of a file. Grows as the file gives them, whatever its header claims.
    fn all<R: Real>(&mut self, mut file: Idx) -> Option<Vec<R>> {
        let mut values = Vec::new();
        let batch = (BATCH * 1024 / file.width).max(1);
        loop {
            match file.read(batch, &mut values) {
                Ok(0) => return Some(values),
                Ok(_) if values.len() > MOST_VALUES => return self.fail(too_many_values()),
                Ok(_) => {}
                Err(report) => return self.fail(report),
            }
        }
    }

    /// Settings that name columns or cells, of which IDX files have none.
    fn refuse_settings(&mut self) {
        let spec = self.spec;
        let first = |names: &[crate::ir::spec::ColumnName]| names.first().map(|n| n.span);
        let missing = spec.missing.span.filter(|_| spec.missing.value != Missing::Error);
        let file = |holdout: &Option<crate::source::Spanned<Holdout>>| match holdout {
            Some(h) if matches!(h.value, Holdout::File(_)) => h.span,
            _ => None,
        };
        let refused: [(&str, Option<Span>, &str); 9] = [
            ("weight", spec.weight.as_ref().map(|n| n.span), "IDX files have no named columns"),
            ("target", spec.target_span.or(first(&spec.target)), "IDX files have no named columns"),
            ("inputs", spec.inputs.as_deref().and_then(first), "IDX files have no named columns"),
            ("ignore", first(&spec.ignore), "IDX files have no named columns"),
            ("category", first(&spec.category), "IDX files have no named columns"),
            ("classes", spec.classes.as_ref().and_then(|c| c.span), "IDX labels are numbers from 0"),
            ("missing", missing, "IDX files have no missing cells"),
            ("validation", file(&spec.validation), "IDX rows need two files"),
            ("test", file(&spec.test), "IDX rows need two files"),
        ];
        for (name, span, why) in refused {
            if let Some(span) = span {
                let text = format!("`{name}` does not go with IDX data");
                let report = Diagnostic::error(codes::EXCLUSIVE, text).at(span, why);
                self.reports.push(report.and(self.spec.source_span, "IDX data"));
            }
        }
    }
}

/// Byte labels as classes `0` to the largest.
fn labels<R: Real>(values: &[R]) -> Answers {
    let ids: Vec<u32> = values.iter().map(|v| v.f64() as u32).collect();
    let names = (0..=ids.iter().copied().max().unwrap_or(0)).map(|id| id.to_string()).collect();
    Answers::Classes { column: "label".to_owned(), names, numeric: true, binary_numbers: false, ids }
}

fn names(outputs: usize) -> Vec<String> {
    match outputs {
        1 => vec!["value".to_owned()],
        _ => (0..outputs).map(|n| format!("value{n}")).collect(),
    }
}

/// What the training rows say of the inputs. raw: width × rows.
fn fit<R: Real>(raw: &[R], width: usize, shape: Vec<usize>, train: &[u32], scale: Scale) -> Block {
    let mut statistics = statistics(raw, width, train);
    if shape.len() > 1 {
        statistics = vec![whole(&statistics)];
    }
    let scaling: Vec<Scaling> = statistics.iter().map(|s| Scaling::fit(scale, s)).collect();
    Block { shape, statistics, scaling }
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
