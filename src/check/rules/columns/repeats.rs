//! NN506 and NN507: rows that are met again with another target, and an input that is the target itself, or is it in
//! another unit.

use super::features::{Features, column_span};
use super::monotone::rises_with;
use super::scale::ignore;
use crate::catalog::losses::Outputs as Form;
use crate::check::rules::{Subject, say};
use crate::check::with_rows;
use crate::data::{Dataset, InputKind, Inputs, Targets, folded, glanced, recurring};
use crate::diagnostic::{Diagnostic, EvidenceKind, codes};
use crate::ir::spec::TargetFacts;
use crate::syntax::spell;
use crate::tensor::Real;
use std::collections::HashMap;

/// Numbers that are hashed, at the most.
const MOST_NUMBERS: usize = 20_000_000;
/// The same in the quick form.
const MOST_QUICK: usize = 500_000;
/// Rows that a copy of the target needs to be more than chance.
const TELLING_ROWS: usize = 20;
/// Inputs beside which a number that rises with the target is no question by itself: alone it may be the curve to
/// learn.
const OTHERS: usize = 3;
/// What there is to say of another unit.
const UNITS: &str = "if the one is computed from the other, it is not known where the target is not known";

/// Whether there are few enough numbers to look at each.
pub(super) fn affordable(subject: &Subject<'_>) -> bool {
    let facts = &subject.program.facts;
    let rows = facts.training_rows + facts.validation_rows + facts.test_rows;
    rows.saturating_mul(facts.input.size()) <= if subject.quick { MOST_QUICK } else { MOST_NUMBERS }
}

/// The training rows whose inputs others have too, equal ones together.
fn repeated<R: Real>(data: &Dataset<R>) -> Vec<Vec<u32>> {
    let glances: Vec<u64> = data.train.iter().map(|&row| glanced(data.row(row))).collect();
    let mut close: Vec<u32> = recurring(&glances).into_iter().flatten().map(|n| data.train[n as usize]).collect();
    close.sort_unstable();
    let hashes: Vec<u64> = close.iter().map(|&row| folded(data.row(row))).collect();
    let rows = recurring(&hashes).into_iter().map(|group| group.into_iter().map(|n| close[n as usize]).collect());
    let mut groups: Vec<Vec<u32>> = rows
        .flat_map(|rows: Vec<u32>| {
            let alike = rows.chunk_by(|&a, &b| data.row(a) == data.row(b));
            alike.filter(|rows| rows.len() > 1).map(<[u32]>::to_vec).collect::<Vec<_>>()
        })
        .collect();
    groups.sort();
    groups
}

/// The target of one row, as numbers.
fn target<R: Real>(targets: &Targets<R>, row: u32) -> Vec<f64> {
    match targets {
        Targets::Classes(classes) => vec![f64::from(classes[row as usize])],
        Targets::Values { width, values } => values[row as usize * width..][..*width].iter().map(|v| v.f64()).collect(),
    }
}

/// NN506
pub(super) fn contradictions(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    if !affordable(subject) || subject.program.facts.training_rows < 2 {
        return;
    }
    let found = with_rows!(subject.data, data => contradicting(data));
    let Some(found) = found else { return };
    let classes = matches!(subject.program.facts.target, TargetFacts::Classes { .. });
    let loss = subject.program.training.loss.as_ref();
    let data = &subject.program.data;
    let rows = subject.program.facts.training_rows;
    let message =
        format!("{} have inputs that other rows have too, with another target", say::count(found.rows, "training row"));
    let note = match loss.outputs(subject.program.network.output().shape.size()) {
        Form::Any if !classes && loss.second_derivative().is_some() => Some((loss.name(), found.variance)),
        Form::Probabilities | Form::Distribution if classes && loss.is_surprise() => {
            Some(("cross-entropy", found.entropy))
        }
        Form::Any | Form::Positive | Form::Probabilities | Form::Distribution => None,
    };
    let mut diagnostic = Diagnostic::note(codes::CONTRADICTION, message)
        .at(data.source_span, format!("{} of {rows} rows", found.rows))
        .and_if(data.target_span, "not a function of the inputs");
    let mut values = vec![("rows", found.rows as f64)];
    if let Some((name, floor)) = note.filter(|_| subject.program.training.class_weights.is_none()) {
        diagnostic =
            diagnostic.note_that(format!("no network's {name} on the training rows goes below {}", say::number(floor)));
        values.push(("floor", floor));
    }
    out.push(diagnostic.resting_on(EvidenceKind::Proof, format!("{rows} training rows"), values));
}

/// Rows that contradict each other.
struct Contradictions {
    rows: usize,
    /// The mean over all rows and outputs of the targets' variance among rows with equal inputs.
    variance: f64,
    /// The mean over all rows of the entropy of the classes among rows with equal inputs.
    entropy: f64,
}

fn contradicting<R: Real>(data: &Dataset<R>) -> Option<Contradictions> {
    let mut found = Contradictions { rows: 0, variance: 0.0, entropy: 0.0 };
    let all = data.train.len() as f64;
    for rows in repeated(data) {
        let targets: Vec<Vec<f64>> = rows.iter().map(|&r| target(&data.targets, r)).collect();
        if targets.iter().all(|t| *t == targets[0]) {
            continue;
        }
        found.rows += rows.len();
        let (count, width) = (rows.len() as f64, targets[0].len());
        for unit in 0..width {
            let mean = targets.iter().map(|t| t[unit]).sum::<f64>() / count;
            let squares: f64 = targets.iter().map(|t| (t[unit] - mean) * (t[unit] - mean)).sum();
            found.variance += squares / width as f64 / all;
        }
        let mut counts: HashMap<u64, f64> = HashMap::new();
        for t in &targets {
            *counts.entry(folded(t)).or_default() += 1.0;
        }
        let mut counts: Vec<f64> = counts.into_values().collect();
        counts.sort_by(f64::total_cmp);
        found.entropy += counts.iter().map(|c| -c * (c / count).ln()).sum::<f64>() / all;
    }
    (found.rows > 0).then_some(found)
}

/// How an input is the target.
enum Likeness {
    /// Number for number.
    Equal,
    /// In another unit: it rises with the target without an exception.
    Rises,
    /// In another unit: it falls without one.
    Falls,
}

/// NN507: an input column that is the target, number for number or in another unit.
pub(super) fn target_as_input(subject: &Subject<'_>, features: &Features, out: &mut Vec<Diagnostic>) {
    let facts = &subject.program.facts;
    let inputs = features.numbers.len() + features.categories.len();
    if inputs < 2 || facts.training_rows < TELLING_ROWS || features.alike {
        return;
    }
    let copies = with_rows!(subject.data, data => copies(data));
    for (input, target, likeness) in copies {
        let rows = facts.training_rows;
        let (what, note) = match likeness {
            Likeness::Equal => (
                format!("the input `{input}` equals the target `{target}` in each of the {rows} training rows"),
                "the network can copy it, and has nothing to copy where the target is not known",
            ),
            Likeness::Rises | Likeness::Falls if inputs < OTHERS => continue,
            Likeness::Rises => (
                format!(
                    "the input `{input}` rises with the target `{target}` from row to row of all {rows}, as one number in two units does"
                ),
                UNITS,
            ),
            Likeness::Falls => (
                format!(
                    "the input `{input}` falls as the target `{target}` rises, from row to row of all {rows}, as one number in two units does"
                ),
                UNITS,
            ),
        };
        let mut diagnostic = Diagnostic::warning(codes::LEAKAGE, what)
            .at(column_span(subject, &input), "the answer")
            .and_if(subject.program.data.target_span, "the question")
            .note_that(note)
            .resting_on(
                EvidenceKind::Estimate,
                format!("{} training rows", facts.training_rows),
                vec![("rows", facts.training_rows as f64)],
            )
            .help(format!("write `ignore = {}` in `data`", spell::list([input.as_str()])));
        diagnostic.fixes.extend(ignore(subject, &input));
        out.push(diagnostic);
    }
}

/// Pairs of an input and a target that are equal in every training row, or the same in two units.
fn copies<R: Real>(data: &Dataset<R>) -> Vec<(String, String, Likeness)> {
    let Inputs::Columns(columns) = &data.preparation.inputs else { return Vec::new() };
    let rule = &data.preparation.target;
    let mut found = Vec::new();
    let mut index = 0;
    for column in columns {
        let at = index;
        index += column.kind.width();
        for (unit, name) in rule.columns().iter().enumerate() {
            let same = |&row: &u32| match (&column.kind, &data.targets) {
                (InputKind::Number { scaling, statistics, .. }, Targets::Values { width, .. }) => {
                    let x = scaling.undo(data.row(row)[at].f64());
                    // Beside the column's own spread: large numbers that hardly differ are not equal for that.
                    (x - data.exact[row as usize * width + unit]).abs() <= 1e-5 * (statistics.max - statistics.min)
                }
                (InputKind::Number { scaling, statistics, .. }, Targets::Classes(classes)) => {
                    let x = scaling.undo(data.row(row)[at].f64());
                    let is_near = |y: f64| (x - y).abs() <= 1e-5 * (statistics.max - statistics.min);
                    class_name(data, classes[row as usize]).parse().is_ok_and(is_near)
                }
                (InputKind::Category { names, .. }, Targets::Classes(classes)) => {
                    let own = data.row(row)[at..index].iter().position(|&v| v == R::ONE);
                    own.is_some_and(|own| names[own] == class_name(data, classes[row as usize]))
                }
                (InputKind::Category { .. }, Targets::Values { .. }) => false,
            };
            let varies = match &column.kind {
                InputKind::Number { statistics, .. } => statistics.min < statistics.max,
                InputKind::Category { names, .. } => names.len() > 1,
            };
            if varies && data.train.iter().all(same) {
                found.push((column.name.clone(), (*name).to_owned(), Likeness::Equal));
            } else if let (InputKind::Number { scaling, .. }, Targets::Values { width, .. }) =
                (&column.kind, &data.targets)
            {
                let x = |row: u32| scaling.undo(data.row(row)[at].f64());
                let y = |row: u32| data.exact[row as usize * width + unit];
                let likeness =
                    rises_with(&data.train, x, y).map(|up| if up { Likeness::Rises } else { Likeness::Falls });
                found.extend(likeness.map(|likeness| (column.name.clone(), (*name).to_owned(), likeness)));
            }
        }
    }
    found
}

fn class_name<R>(data: &Dataset<R>, class: u32) -> &str {
    match &data.facts.target {
        TargetFacts::Classes { names, .. } => names.get(class as usize).map_or("", String::as_str),
        TargetFacts::Values { .. } => "",
    }
}
