//! NN509: numbers so far from 0, beside their spread, that f32 does not tell them apart: a clock in seconds, an offset
//! of millions. Scaling is done in f64 before the network's precision rounds anything.

use super::features::{Features, column_span};
use super::scale::scaled;
use crate::check::Loaded;
use crate::check::rules::{Subject, edits, say};
use crate::data::{Scaling, TargetRule};
use crate::diagnostic::{Applicability, Diagnostic, Edit, EvidenceKind, Fix, codes};
use crate::ir::spec::{Scale, Statistics};

/// With fewer steps than these between the least and the largest number, rounding shows.
const FEW_STEPS: f64 = 1000.0;

/// Runs the rule.
pub(super) fn lost(subject: &Subject<'_>, features: &Features, out: &mut Vec<Diagnostic>) {
    let Loaded::F32(data) = subject.data else { return };
    let spec = &subject.program.data;
    if features.scale == Scale::None {
        for f in features.numbers.iter().filter(|f| !f.place) {
            if let Some(steps) = few_steps(&f.raw) {
                let report = report(subject, &f.name, &f.raw, steps, "scale = standard");
                let mut report = report.at(column_span(subject, &f.name), "rounded to f32");
                report.fixes.extend(scaled(subject));
                out.push(report);
            }
        }
    }
    let TargetRule::Values(columns) = &data.preparation.target else { return };
    for column in columns.iter().filter(|c| c.scaling == Scaling::None) {
        let Some(steps) = few_steps(&column.statistics) else { continue };
        let place = spec.target_span.unwrap_or(spec.source_span);
        let report = report(subject, &column.name, &column.statistics, steps, "target_scale = standard");
        let edit = match spec.target_scale.span {
            Some(span) => Some(Edit { span, text: "standard".to_owned() }),
            None => spec.target_span.map(|near| edits::setting_below(subject.source, near, "target_scale = standard")),
        };
        let fix = edit.map(|edit| Fix {
            title: "write `target_scale = standard`".to_owned(),
            applicability: Applicability::Unsafe,
            edits: vec![edit],
        });
        let mut report = report.at(place, "rounded to f32");
        report.fixes.extend(fix);
        out.push(report);
    }
}

/// The numbers that f32 has between the least and the largest, where they are few.
fn few_steps(known: &Statistics) -> Option<f64> {
    let largest = known.min.abs().max(known.max.abs());
    let range = known.max - known.min;
    // The distance of neighbours: 24 bits from the highest of the largest number.
    let step = 2f64.powi(largest.log2().floor() as i32 - 23);
    let steps = (range / step).floor() + 1.0;
    (range > 0.0 && steps < FEW_STEPS).then_some(steps)
}

fn report(subject: &Subject<'_>, name: &str, known: &Statistics, steps: f64, setting: &str) -> Diagnostic {
    let Statistics { min, max, .. } = *known;
    let rows = subject.program.facts.training_rows;
    let text = format!("`{name}` goes from {min} to {max}, where f32 has {}", say::count(steps as usize, "number"));
    Diagnostic::warning(codes::LOST_DIGITS, text)
        .note_that("numbers between them are rounded to the nearest of these; scaling comes before rounding")
        .resting_on(
            EvidenceKind::Proof,
            format!("statistics of {rows} training rows"),
            vec![("min", min), ("max", max), ("steps", steps)],
        )
        .help(format!("write `{setting}` in `data`, or `precision = f64` in `train`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_those_of_f32() {
        let between = |min: f64, max: f64| few_steps(&Statistics { min, max, mean: min, std: 1.0 });
        let counted = |min: f32, max: f32| f64::from(max.to_bits() - min.to_bits() + 1);
        for (min, max) in [(1.7e9, 1.700_000_8e9), (1e8, 1.000_002_4e8), (4096.0, 4096.25)] {
            assert_eq!(between(f64::from(min as f32), f64::from(max as f32)), Some(counted(min as f32, max as f32)));
        }
        assert_eq!((between(0.0, 1.0), between(5.0, 5.0), between(1e6, 2e6)), (None, None, None));
    }
}
