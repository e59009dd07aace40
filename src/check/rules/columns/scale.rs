//! NN501 and NN502: columns on scales far apart, and columns that say nothing.

use super::features::{Feature, Features, column_span};
use super::trains;
use crate::catalog::layers::Role;
use crate::check::rules::{Subject, edits, say};
use crate::check::with_rows;
use crate::data::Dataset;
use crate::diagnostic::{Applicability, Diagnostic, Edit, EvidenceKind, Fix, codes};
use crate::ir::spec::{ColumnName, Scale, Statistics};
use crate::source::{Source, Span};
use crate::syntax::spell;
use crate::tensor::{Real, largest_eigenvalue};

/// Beyond these a run has to show that it learns all the same.
const MILD: Limits = Limits { ratio: 10.0, offset: 3.0, size: 10.0, small: 0.01 };
/// Beyond these no run is asked.
const STRONG: Limits = Limits { ratio: 100.0, offset: 30.0, size: 100.0, small: 0.0 };

/// What scaling must win to be worth a warning, as a share of the best constant's loss.
const HELPED: f64 = 0.1;

struct Limits {
    /// Of the largest standard deviation to the smallest.
    ratio: f64,
    /// Of the mean to the standard deviation.
    offset: f64,
    /// Of a value.
    size: f64,
    /// Of the largest value, which is less.
    small: f64,
}

/// What is wrong with the scales, worst first.
enum Fault<'a> {
    Ratio(&'a Feature, &'a Feature),
    Size(&'a Feature),
    Small(&'a Feature),
    Offset(&'a Feature),
}

/// NN501
pub(super) fn unscaled(subject: &Subject<'_>, features: &Features, out: &mut Vec<Diagnostic>) {
    if features.scale != Scale::None || features.numbers.is_empty() {
        return;
    }
    let pooled = features.pooled();
    let alone = features.numbers.iter().filter(|f| !f.place && f.prepared.std > 0.0 && !is_flag(f));
    let judged: Vec<&Feature> = alone.chain(&pooled).collect();
    let (fault, strong) = match (find(&judged, &STRONG), find(&judged, &MILD)) {
        (Some(fault), _) => (fault, true),
        (None, Some(fault)) => (fault, false),
        (None, None) => return,
    };
    if !strong && !subject.pedantic && (subject.quick || trains(subject) || !is_helped(subject, &fault)) {
        return;
    }
    out.push(report(subject, features, &fault));
}

/// Whether a run learns clearly more on standardised columns; so it does where that was not measured, and where nothing
/// is learnt on large ones as they are: something else may be wrong besides.
fn is_helped(subject: &Subject<'_>, fault: &Fault<'_>) -> bool {
    let evidence = &subject.evidence;
    let runs = evidence.run().and_then(|run| Some((run.share(), evidence.scaled(run)?.share())));
    let is_large = matches!(fault, Fault::Ratio(..) | Fault::Size(_));
    is_large && evidence.learns() == Some(false) || runs.is_none_or(|(raw, scaled)| raw - scaled >= HELPED)
}

/// Zeros and ones, or minus ones and ones: a flag needs no scale.
fn is_flag(feature: &Feature) -> bool {
    feature.prepared.min >= -1.0 && feature.prepared.max <= 1.0 && feature.prepared.max - feature.prepared.min >= 1.0
}

fn find<'a>(judged: &[&'a Feature], limits: &Limits) -> Option<Fault<'a>> {
    let largest = judged.iter().max_by(|a, b| size(&a.prepared).total_cmp(&size(&b.prepared)))?;
    let by_std = |a: &&&Feature, b: &&&Feature| a.prepared.std.total_cmp(&b.prepared.std);
    let (wide, narrow) = (judged.iter().max_by(by_std)?, judged.iter().min_by(by_std)?);
    if wide.prepared.std > limits.ratio * narrow.prepared.std && size(&wide.prepared) > 1.0 {
        return Some(Fault::Ratio(wide, narrow));
    }
    if size(&largest.prepared) > limits.size {
        return Some(Fault::Size(largest));
    }
    if size(&largest.prepared) < limits.small {
        return Some(Fault::Small(largest));
    }
    let offset = |f: &Feature| f.prepared.mean.abs() / f.prepared.std;
    let far = judged.iter().max_by(|a, b| offset(a).total_cmp(&offset(b)))?;
    (offset(far) > limits.offset && far.prepared.mean.abs() > 1.0).then_some(Fault::Offset(far))
}

fn size(known: &Statistics) -> f64 {
    known.min.abs().max(known.max.abs())
}

fn report(subject: &Subject<'_>, features: &Features, fault: &Fault<'_>) -> Diagnostic {
    let data = &subject.program.data;
    let quoted = |f: &Feature| if f.name.starts_with("the ") { f.name.clone() } else { format!("`{}`", f.name) };
    let plural = |f: &Feature| f.name.starts_with("the ");
    let reaches = |s: &Statistics| format!("from {} to {}", say::number(s.min), say::number(s.max));
    let (message, at, values) = match fault {
        Fault::Ratio(wide, narrow) => {
            let (large, small) = (wide.prepared.std, narrow.prepared.std);
            let message = format!(
                "{} {} a standard deviation of {} and {} of {}: {} times as much, and neither is scaled",
                quoted(wide),
                if plural(wide) { "have" } else { "has" },
                say::number(large),
                quoted(narrow),
                say::number(small),
                say::number(large / small)
            );
            (message, wide, vec![("largest_std", large), ("smallest_std", small)])
        }
        Fault::Size(f) | Fault::Small(f) => {
            let verbs = if plural(f) { ("reach", "are") } else { ("reaches", "is") };
            let message = format!("{} {} {} and {} not scaled", quoted(f), verbs.0, reaches(&f.prepared), verbs.1);
            (message, f, vec![("min", f.prepared.min), ("max", f.prepared.max)])
        }
        Fault::Offset(f) => {
            let (mean, std) = (f.prepared.mean, f.prepared.std);
            let message = format!(
                "{} {} around {} with a standard deviation of {}: {} of them from 0",
                quoted(f),
                if plural(f) { "lie" } else { "lies" },
                say::number(mean),
                say::number(std),
                say::number(mean.abs() / std)
            );
            (message, f, vec![("mean", mean), ("std", std)])
        }
    };
    let column = column_span(subject, &at.name);
    let place = data.scale.span.unwrap_or(column);
    let mut diagnostic = Diagnostic::warning(codes::UNSCALED, message).at(
        place,
        if plural(at) {
            format!("reach {}", reaches(&at.prepared))
        } else {
            format!("reaches {}", reaches(&at.prepared))
        },
    );
    if place != column {
        diagnostic = diagnostic.and(column, "the columns");
    }
    if let Some(first) = subject.program.network.nodes.iter().find(|n| !n.tensors.is_empty()) {
        diagnostic = diagnostic.and(first.span, "its weights start for inputs of about 1");
    }
    let mut values = values;
    if let Some((raw, scaled)) = curvatures(subject, features) {
        diagnostic = diagnostic.note_that(format!(
            "a linear layer under `mse` is stable up to a learning rate of {} on these columns, and of {} on standardised ones",
            say::number(1.0 / raw),
            say::number(1.0 / scaled)
        ));
        values.extend([("limit", 1.0 / raw), ("limit_scaled", 1.0 / scaled)]);
    }
    let mut diagnostic = diagnostic
        .resting_on(
            EvidenceKind::Estimate,
            format!("statistics of {} training rows", subject.program.facts.training_rows),
            values,
        )
        .help("write `scale = standard` in `data`");
    diagnostic.fixes.extend(scaled(subject));
    diagnostic
}

/// Has the inputs scaled.
pub(in crate::check::rules) fn scaled(subject: &Subject<'_>) -> Option<Fix> {
    let data = &subject.program.data;
    let edit = match data.scale.span {
        Some(span) => Edit { span, text: "standard".to_owned() },
        None => match data.target_span {
            Some(target) => edits::setting_below(subject.source, target, "scale = standard"),
            None => edits::first_setting(subject.source, data.source_span, "scale = standard")?,
        },
    };
    let title = "write `scale = standard`".to_owned();
    Some(Fix { title, applicability: Applicability::Unsafe, edits: vec![edit] })
}

/// The largest eigenvalues of E[x xᵀ] with a constant 1 for the bias, as the columns are and standardised: under `mse`
/// a linear layer's curvature is twice that, and gradient descent is stable up to 2 / curvature.
fn curvatures(subject: &Subject<'_>, features: &Features) -> Option<(f64, f64)> {
    with_rows!(subject.data, data => eigenvalues(data, features))
}

fn eigenvalues<R: Real>(data: &Dataset<R>, features: &Features) -> Option<(f64, f64)> {
    const MOST_ROWS: usize = 1000;
    const MOST_COLUMNS: usize = 64;
    let size = data.features + 1;
    let rows = data.train.len();
    if size > MOST_COLUMNS || rows == 0 {
        return None;
    }
    let step = rows.div_ceil(MOST_ROWS);
    let (mut raw, mut scaled) = (vec![0.0; size * size], vec![0.0; size * size]);
    let mut count = 0.0;
    let (mut x, mut z) = (vec![1.0; size], vec![1.0; size]);
    for &row in data.train.iter().step_by(step) {
        for (at, value) in data.row(row).iter().enumerate() {
            x[at] = value.f64();
        }
        z.copy_from_slice(&x);
        for f in &features.numbers {
            let Statistics { mean, std, .. } = f.prepared;
            z[f.index] = if std > 0.0 { (x[f.index] - mean) / std } else { 0.0 };
        }
        for (matrix, v) in [(&mut raw, &x), (&mut scaled, &z)] {
            for (column, a) in matrix.chunks_exact_mut(size).zip(v) {
                column.iter_mut().zip(v).for_each(|(m, b)| *m += a * b);
            }
        }
        count += 1.0;
    }
    let largest = |matrix: &[f64]| Some(largest_eigenvalue(matrix, size)?.0 / count);
    Some((largest(&raw)?, largest(&scaled)?))
}

/// NN502
pub(super) fn constant(subject: &Subject<'_>, features: &Features, out: &mut Vec<Diagnostic>) {
    if subject.program.facts.training_rows < 2 {
        return;
    }
    // Without biases in the first layer a column of ones is the bias.
    let first = subject.program.network.nodes.iter().find(|n| !n.tensors.is_empty());
    let biased = first.is_none_or(|n| n.tensors.iter().any(|t| t.role == Role::Bias));
    for f in features.numbers.iter().filter(|f| !f.place && f.raw.min == f.raw.max) {
        if !biased && f.prepared.mean != 0.0 {
            continue;
        }
        out.push(silent(subject, &f.name, &say::number(f.raw.min)));
    }
    for category in features.categories.iter().filter(|c| c.values == 1) {
        out.push(silent(subject, &category.name, "one value"));
    }
}

fn silent(subject: &Subject<'_>, name: &str, value: &str) -> Diagnostic {
    let rows = subject.program.facts.training_rows;
    let mut diagnostic = Diagnostic::warning(
        codes::CONSTANT,
        format!("the input `{name}` is {value} in each of the {rows} training rows"),
    )
    .at(column_span(subject, name), "says nothing of a row")
    .note_that("its weights act as one more bias; a row that differs would meet weights that never learnt")
    .resting_on(EvidenceKind::Estimate, format!("statistics of {rows} training rows"), vec![("std", 0.0)])
    .help(format!("write `ignore = {}` in `data`", spell::list([name])));
    diagnostic.fixes.extend(ignore(subject, name));
    diagnostic
}

/// The text behind a span, without the blanks before it.
fn following(source: &Source, span: Span) -> &str {
    source.text().get(span.end as usize..).unwrap_or_default().trim_start()
}

/// Leaves a column out.
pub(super) fn ignore(subject: &Subject<'_>, name: &str) -> Option<Fix> {
    let data = &subject.program.data;
    let written = spell::name(name);
    if data.inputs.is_some() {
        return None;
    }
    let edit = match data.ignore.last() {
        Some(ColumnName { span, .. }) if following(subject.source, *span).starts_with([',', ']']) => {
            Edit { span: Span::at(span.end as usize), text: format!(", {written}") }
        }
        Some(_) => return None,
        None => edits::setting_below(subject.source, data.target_span?, &format!("ignore = [{written}]")),
    };
    Some(Fix { title: format!("ignore `{name}`"), applicability: Applicability::Unsafe, edits: vec![edit] })
}
