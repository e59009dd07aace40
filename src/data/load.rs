//! [`load`]: the data of a program, from its `data` block to rows ready for training, those of held-out files included.

use super::dataset::{Dataset, Targets};
use super::excerpt::listed;
use super::files::Files;
use super::held_out;
use super::layout;
use super::loading::{Loading, Prior, located};
use super::model_reader::Use;
use super::size::{Room, Size};
use super::sources::{self, NewData};
use crate::diagnostic::{Diagnostic, codes, has_errors};
use crate::ir::spec::{DataSource, DataSpec, Holdout};
use crate::source::Spanned;
use crate::tensor::Real;

/// Rows prepared at a time when a side has files of its own.
const BATCH: usize = 4096;

/// Reads the data of a program: for a program that is to learn from it, or, by a `prior`, for a model that did.
///
/// Gives every fault that was found; without an error among them, there is a dataset.
pub fn load<R: Real>(
    spec: &DataSpec,
    files: &dyn Files,
    prior: Option<Prior<'_>>,
) -> (Option<Dataset<R>>, Vec<Diagnostic>) {
    let mut reports = Vec::new();
    let mut loading = Loading { spec, files, prior, lacks_target: spec.lacks_target, reports: &mut reports };
    let mut dataset = sources::load(&spec.source, &mut loading);
    if loading.lacks_target {
        // The columns that there are could not be read.
        reports.push(layout::lacks_target(spec, None));
    }
    if let Some(dataset) = &mut dataset {
        complete(dataset, spec, files, &mut reports);
    }
    let dataset = dataset.filter(|_| !has_errors(&reports));
    (dataset, reports)
}

/// Adds the rows of held-out files, and looks at the whole.
fn complete<R: Real>(dataset: &mut Dataset<R>, spec: &DataSpec, files: &dyn Files, reports: &mut Vec<Diagnostic>) {
    let before = dataset.dropped;
    if let Some(rows) = own_rows(spec.validation.as_ref(), (spec, files), dataset, reports) {
        dataset.validation = rows;
    }
    dataset.facts.left_out.validation = dataset.dropped - before;
    if let Some(rows) = own_rows(spec.test.as_ref(), (spec, files), dataset, reports) {
        dataset.test = rows;
    }
    let left_out = &mut dataset.facts.left_out;
    left_out.test = dataset.dropped - before - left_out.validation;
    let rows = dataset.rows();
    if let Some(weights) = &mut dataset.weights {
        weights.resize(rows, R::ONE);
    }
    if let Some(fault) = dataset.preparation.fault() {
        let target = spec.target_span.filter(|_| fault.contains("the target"));
        let at = target.unwrap_or(spec.source_span);
        reports.push(Diagnostic::error(codes::DATA_VALUE, fault).at(at, "read from here"));
    } else if let Some(report) = dataset.preparation.beyond((&dataset.inputs, 0), Some(&dataset.targets)) {
        reports.push(report.at(spec.source_span, "read from here"));
    }
    dataset.facts.validation_rows = dataset.validation.len();
    dataset.facts.test_rows = dataset.test.len();
    held_out::check(dataset, spec, reports);
}

/// Appends the rows of a side's own files, where it has them; which rows they became.
fn own_rows<R: Real>(
    held: Option<&Spanned<Holdout>>,
    (spec, files): (&DataSpec, &dyn Files),
    dataset: &mut Dataset<R>,
    reports: &mut Vec<Diagnostic>,
) -> Option<Vec<u32>> {
    let Some(Spanned { value: Holdout::Source(source), span }) = held else { return None };
    let first = dataset.rows() as u32;
    let found = match append(source, files, dataset) {
        Ok(found) | Err(found) => found,
    };
    let span = span.unwrap_or(spec.source_span);
    reports.extend(found.into_iter().map(|r| located(r, span)));
    let rows: Vec<u32> = (first..dataset.rows() as u32).collect();
    if rows.is_empty() && !has_errors(reports) {
        let report = Diagnostic::error(codes::DATA_SPLIT, format!("{} has no rows", listed(&source.files())));
        reports.push(report.at(span, "holds out nothing"));
    }
    Some(rows)
}

/// Reads held-out rows; the warnings that they give.
fn append<R: Real>(
    source: &DataSource,
    files: &dyn Files,
    dataset: &mut Dataset<R>,
) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let Dataset { preparation, inputs, targets, exact, dropped, filled, .. } = dataset;
    let Some(new) = NewData::of(source) else { return Ok(Vec::new()) };
    let width = preparation.inputs.shape().size();
    let (room, number) = (Room::of(files), size_of::<R>());
    let (mut rows, before) = (0, (inputs.len(), exact.len()));
    let mut batches = preparation.open::<R>(new, files, Use::HoldOut)?;
    while let Some(batch) = batches.read(BATCH)? {
        filled.join(&batch.filled, inputs.len() / width);
        inputs.extend_from_slice(&batch.inputs);
        exact.extend_from_slice(&batch.exact);
        rows += batch.rows;
        let size = Size { inputs: inputs.len() - before.0, targets: exact.len() - before.1, rows, number };
        room.holds(size).map_err(|report| vec![*report])?;
        match (&mut *targets, batch.targets) {
            (Targets::Classes(all), Some(Targets::Classes(new))) => all.extend(new),
            (Targets::Values { values, .. }, Some(Targets::Values { values: new, .. })) => values.extend(new),
            (Targets::Classes(_) | Targets::Values { .. }, _) => {}
        }
    }
    *dropped += batches.dropped();
    Ok(batches.warnings())
}

#[cfg(test)]
mod tests;
