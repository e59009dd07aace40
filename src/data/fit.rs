//! What is learnt from the training rows: fills, categories, scales. And the whole matrix prepared by it, in place.

use super::categories::Categories;
use super::forms::are_numbers;
use super::preparation::{InputColumn, InputKind, Inputs, Scaling, statistics};
use super::reader::{Column, Kind, MOST_CATEGORIES, UNSEEN, Unseen, listed};
use crate::diagnostic::{Diagnostic, codes, has_errors};
use crate::ir::spec::{Missing, Scale};
use crate::tensor::Real;

/// The most input values once categories are spread out: 1 GiB of f32.
const MOST_WIDENED: usize = 1 << 28;
/// From so many rows on, a text column with a value of its own in every row is taken for an identifier.
const IDENTIFIER_ROWS: usize = 10;

/// Learns how columns are prepared from the rows `train`, and prepares all rows. raw: columns × rows, becomes
/// features × rows. What stands in the way is reported; `None` where that is an error.
pub(super) fn columns<R: Real>(
    columns: Vec<Column>,
    raw: &mut Vec<R>,
    train: &[u32],
    scale: Scale,
    (missing, unknown): (Missing, bool),
    reports: &mut Vec<Diagnostic>,
) -> Option<Inputs> {
    let width = columns.len();
    let mut kinds = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let mut values = Values { raw, width, at };
        if !train.iter().any(|&r| values.get(r).is_finite()) {
            let text = format!("column `{}` has no value in any training row", column.name);
            let report = Diagnostic::error(codes::NON_FINITE, text);
            reports.push(report.help(format!("leave it out: `ignore = [{}]`", column.name)));
            continue;
        }
        kinds.push(match &column.kind {
            Kind::Number => number(&mut values, train, missing),
            Kind::Category(known, unseen) => {
                category(&mut values, &column.name, (known, *unseen), train, (missing, unknown), reports)
            }
        });
    }
    if has_errors(reports) {
        return None;
    }
    // With the missing filled in, numbers are known as they will be scaled.
    let known = statistics(raw, width, train);
    for (kind, known) in kinds.iter_mut().zip(known) {
        if let InputKind::Number { statistics, scaling, .. } = kind {
            *statistics = known;
            *scaling = Scaling::fit(scale, &known);
        }
    }
    let named = columns.into_iter().zip(kinds).map(|(column, kind)| InputColumn { name: column.name, kind });
    let inputs = Inputs::Columns(named.collect());
    encode(&inputs, raw, width, reports).then_some(inputs)
}

/// Prepares every row in place. raw: columns × rows, becomes features × rows.
fn encode<R: Real>(inputs: &Inputs, raw: &mut Vec<R>, from: usize, reports: &mut Vec<Diagnostic>) -> bool {
    let to = inputs.shape().size();
    let rows = raw.len() / from;
    let most = MOST_WIDENED.max(raw.len() * 2);
    let Some(size) = rows.checked_mul(to).filter(|&size| size <= most) else {
        let text = format!("{rows} rows of {to} inputs are more than {most} values, the most that are made of them");
        let report = Diagnostic::error(codes::DATA_VALUE, text);
        reports
            .push(report.note_that(format!("{from} columns become {to} inputs: each value of a text column is one")));
        return false;
    };
    raw.resize(size, R::ZERO);
    let mut row = vec![R::ZERO; from];
    // A row grows (every column gives at least one input), so the last goes first.
    for r in (0..rows).rev() {
        row.copy_from_slice(&raw[r * from..][..from]);
        inputs.encode(&row, &mut raw[r * to..][..to]);
    }
    true
}

/// One column of the raw matrix.
struct Values<'m, R> {
    raw: &'m mut Vec<R>,
    width: usize,
    at: usize,
}

impl<R: Real> Values<'_, R> {
    fn get(&self, row: u32) -> R {
        self.raw[row as usize * self.width + self.at]
    }

    fn each(&mut self, mut change: impl FnMut(&mut R)) {
        self.raw.iter_mut().skip(self.at).step_by(self.width).for_each(&mut change);
    }
}

/// Fills the missing cells of a column of numbers; statistics and scale follow once all columns are filled.
fn number<R: Real>(values: &mut Values<'_, R>, train: &[u32], missing: Missing) -> InputKind {
    let present = || train.iter().map(|&r| values.get(r).f64()).filter(|v| v.is_finite());
    let fill = match missing {
        Missing::Error | Missing::Drop => None,
        Missing::Mean => Some(present().sum::<f64>() / present().count() as f64),
        Missing::Mode => Some(mode(present().collect())),
        Missing::Median => Some(median(present().collect())),
        Missing::Constant(value) => Some(value),
    };
    if let Some(fill) = fill {
        values.each(|v| {
            if !v.is_finite() {
                *v = R::of(fill);
            }
        });
    }
    InputKind::Number { statistics: crate::ir::spec::Statistics::default(), fill, scaling: Scaling::None }
}

/// The most frequent number; among equals the smallest.
fn mode(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let mut best = (0, 0.0);
    for run in values.chunk_by(|a, b| a == b) {
        if run.len() > best.0 {
            best = (run.len(), run[0]);
        }
    }
    best.1
}

/// The middle number; of two, their mean.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { values[middle - 1].midpoint(values[middle]) }
}

/// Puts a column's categories in order, keeps those of training rows, and renumbers the cells.
fn category<R: Real>(
    values: &mut Values<'_, R>,
    name: &str,
    (known, unseen): (&Categories, Unseen),
    train: &[u32],
    (missing, unknown): (Missing, bool),
    reports: &mut Vec<Diagnostic>,
) -> InputKind {
    let ignore = || format!("leave it out: `ignore = [{name}]`");
    if unseen == Unseen::Overflowed {
        let text = format!("column `{name}` holds texts, more than {MOST_CATEGORIES} different ones");
        let report = Diagnostic::error(codes::DATA_VALUE, text);
        reports.push(if are_numbers(&known.names) { report } else { report.help(ignore()) });
    } else if known.names.len() == values.raw.len() / values.width
        && known.names.len() >= IDENTIFIER_ROWS
        && !are_numbers(&known.names)
    {
        let text = format!("column `{name}` has a value of its own in each of {} rows", known.names.len());
        reports.push(Diagnostic::warning(codes::DATA_VALUE, text).help(ignore()));
    }
    let mut counts = vec![0usize; known.names.len()];
    for &row in train {
        let id = values.get(row).f64();
        if id >= 0.0 {
            counts[id as usize] += 1;
        }
    }
    let (kept, lost): (Vec<u32>, Vec<u32>) = known.sorted().into_iter().partition(|&id| counts[id as usize] > 0);
    if !lost.is_empty() && unseen != Unseen::Overflowed && !unknown {
        let lost: Vec<_> = lost.iter().map(|&id| &known.names[id as usize]).collect();
        let text = format!("column `{name}` holds values that are in no training row: {}", listed(&lost));
        let note = "in the held-out rows such a cell is taken as none of the column's values";
        reports.push(Diagnostic::warning(codes::DATA_VALUE, text).note_that(note));
    }
    let fills = missing.fills();
    let most = (0..kept.len()).rev().max_by_key(|&id| counts[kept[id] as usize]);
    let fill = most.filter(|_| fills);
    let mut renumbered = vec![R::of(UNSEEN); known.names.len()];
    for (new, &old) in kept.iter().enumerate() {
        renumbered[old as usize] = R::of(new as f64);
    }
    values.each(|v| {
        let id = v.f64();
        if id >= 0.0 {
            *v = renumbered[id as usize];
        }
    });
    let names = kept.iter().map(|&id| known.names[id as usize].clone()).collect();
    InputKind::Category { names, numeric: known.is_numeric(), fill, unknown }
}
