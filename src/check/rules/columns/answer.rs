//! NN502 of targets: a number that is the same in every training row, or in nearly every one.

use crate::check::rules::{Subject, say};
use crate::check::with_rows;
use crate::data::{Dataset, TargetRule, Targets};
use crate::diagnostic::{Diagnostic, EvidenceKind, codes};
use crate::ir::TargetUse;
use crate::source::Span;
use crate::tensor::Real;

/// Where a smaller share of the rows differs, predicting the one number is nearly always right.
const RARE: f64 = 0.05;
/// Fewer training rows say nothing of shares.
const FEW: usize = 20;

/// NN502
pub(super) fn constant(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    with_rows!(subject.data, data => columns(subject, data, out));
}

fn columns<R: Real>(subject: &Subject<'_>, data: &Dataset<R>, out: &mut Vec<Diagnostic>) {
    let (TargetRule::Values(columns), Targets::Values { width, values }) = (&data.preparation.target, &data.targets)
    else {
        return;
    };
    let rows = data.train.len();
    for (at, column) in columns.iter().enumerate().filter(|_| rows > 1) {
        let (value, count) = majority(|| data.train.iter().map(|&row| values[row as usize * width + at].f64()));
        let value = data.preparation.target.undo(at, value);
        let span = place(subject, &column.name);
        if count == rows {
            out.push(same(&column.name, value, data, span));
        } else if rows >= FEW
            && subject.program.training.target == TargetUse::Values
            && ((rows - count) as f64) < RARE * rows as f64
        {
            out.push(nearly(&column.name, value, (count, rows), span));
        }
    }
}

/// The number that more than half of all are, and how many are: whichever number where there is none such, and how many
/// that is. Numbers vote, each other one against the number in the lead (Boyer and Moore, 1981).
fn majority<I: Iterator<Item = f64>>(values: impl Fn() -> I) -> (f64, usize) {
    let (mut lead, mut votes) = (f64::NAN, 0usize);
    for value in values() {
        votes = match votes {
            0 => {
                lead = value;
                1
            }
            _ if value == lead => votes + 1,
            _ => votes - 1,
        };
    }
    (lead, values().filter(|&value| value == lead).count())
}

fn place(subject: &Subject<'_>, name: &str) -> Span {
    let data = &subject.program.data;
    let written = data.target.iter().find(|t| t.name == name).map(|t| t.span);
    written.or(data.target_span).unwrap_or(data.source_span)
}

fn same<R>(name: &str, value: f64, data: &Dataset<R>, span: Span) -> Diagnostic {
    let rows = data.train.len();
    let every = if data.validation.is_empty() && data.test.is_empty() { "every row" } else { "every training row" };
    let value = say::number(value);
    Diagnostic::warning(codes::CONSTANT, format!("{every} of `{name}` is {value}: nothing to learn"))
        .at(span, format!("one number in {rows} rows"))
        .note_that(format!("whatever the inputs, {value} is the best prediction; r2 is undefined"))
        .resting_on(EvidenceKind::Estimate, format!("statistics of {rows} training rows"), vec![("std", 0.0)])
        .help("predict a column that varies")
}

fn nearly(name: &str, value: f64, (count, rows): (usize, usize), span: Span) -> Diagnostic {
    let (share, value) = (count as f64 / rows as f64, say::number(value));
    Diagnostic::warning(
        codes::CONSTANT,
        format!(
            "{count} of {rows} training rows of `{name}` are {value}: always predicting {value} is right in {}",
            say::percent(share)
        ),
    )
    .at(span, if rows - count == 1 { "1 row differs".to_owned() } else { format!("{} rows differ", rows - count) })
    .note_that("a small error says little: compare it with that of the constant, as `r2` does")
    .resting_on(EvidenceKind::Estimate, format!("counts of {rows} training rows"), vec![("largest_share", share)])
    .help("gather more rows that differ, or ask first whether a row differs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_more_than_half_is_found() {
        for values in [&[1.0, 2.0, 2.0][..], &[2.0, 1.0, 2.0], &[2.0, 2.0, 1.0], &[2.0, 3.0, 2.0, 1.0, 2.0]] {
            let count = values.iter().filter(|&&v| v == 2.0).count();
            assert_eq!(majority(|| values.iter().copied()), (2.0, count), "{values:?}");
        }
    }
}
