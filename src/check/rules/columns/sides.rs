//! NN507: rows that stand on two sides of a split: the same rows again, one file for two sides, or rows of one person,
//! device or the like. Not for an input that is the target: that is [`super::repeats`]'s.

use super::repeats::affordable;
use crate::check::rules::{Subject, say};
use crate::check::with_rows;
use crate::data::{Dataset, Inputs, Marks, Targets, folded, glanced, recurring, speaks_of_entities};
use crate::diagnostic::{Diagnostic, EvidenceKind, codes};
use crate::ir::spec::Holdout;
use crate::source::{Span, Spanned};
use crate::tensor::Real;
use std::collections::{HashMap, HashSet};

/// A smaller share of repeated rows changes a score by less than the split's own luck.
const TELLING_SHARE: f64 = 0.05;
/// Fewer rows than this may be met again by chance, and tell only where they are half of all.
const FEWEST_ROWS: usize = 3;
const HALF: f64 = 0.5;
/// So many times as many repeats as chance gives are no chance.
const BEYOND_CHANCE: f64 = 5.0;
/// Training rows by which chance is judged.
const MOST_JUDGED: usize = 4000;
/// Fewer entities are groups that a network may well learn one by one.
const FEWEST_ENTITIES: usize = 8;
/// Two sides of a split.
struct Pair<'s> {
    /// The rows that are to judge, and what they are called.
    held: &'s str,
    /// The rows that they should be apart from.
    from: &'s str,
    /// Where the first are asked for.
    span: Option<Span>,
}

/// Runs the rule.
pub(super) fn two_sides(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let spec = &subject.program.data;
    if !affordable(subject) {
        return;
    }
    let span = |holdout: &Option<Spanned<Holdout>>| holdout.as_ref().and_then(|h| h.span);
    let (at_validation, at_test) = (span(&spec.validation), span(&spec.test));
    let pairs = [
        Pair { held: "validation", from: "training", span: at_validation },
        Pair { held: "test", from: "training", span: at_test },
        Pair { held: "test", from: "validation", span: at_test },
    ];
    for pair in pairs {
        let found = with_rows!(subject.data, data => repeats(data, &pair));
        if let Some((shared, rows)) = found {
            out.push(report(subject, &pair, shared, rows));
            continue;
        }
        let found = with_rows!(subject.data, data => entities(data, &pair));
        out.extend(found.map(|found| of_entities(subject, &pair, &found)));
    }
}

fn rows_of<'d, R>(data: &'d Dataset<R>, side: &str) -> &'d [u32] {
    match side {
        "training" => &data.train,
        "validation" => &data.validation,
        _ => &data.test,
    }
}

fn report(subject: &Subject<'_>, pair: &Pair<'_>, shared: usize, rows: usize) -> Diagnostic {
    let spec = &subject.program.data;
    let share = shared as f64 / rows as f64;
    let path = |name: &str| {
        let holdout = if name == "test" { &spec.test } else { &spec.validation };
        let files = holdout.as_ref().map_or_else(Vec::new, |h| h.value.files());
        files.first().map(|&path| path.to_owned())
    };
    let Pair { held, from, span } = *pair;
    let of = path(held).map_or_else(String::new, |path| format!(" of `{path}`"));
    let (seen, note) = if from == "training" {
        ("seen in training", "a score on rows that were trained on says nothing of new ones")
    } else {
        (
            "watched in training",
            "what training is stopped or chosen by does not judge it: the score is the best of many",
        )
    };
    let help = match (path(held), from) {
        (Some(_), "training") => format!("write `{held} = 15%` to hold out rows that are not trained on"),
        (Some(_), _) => "write `validation = 15%` to watch rows that are not the test's".to_owned(),
        (None, _) => "take the repeats out of the data, so that each row is on one side".to_owned(),
    };
    let place = spec.source_span;
    let other = if from == "training" { place } else { spec.validation.as_ref().and_then(|v| v.span).unwrap_or(place) };
    Diagnostic::warning(codes::LEAKAGE, format!("{shared} of the {rows} {held} rows{of} are {from} rows too"))
        .at(span.unwrap_or(place), format!("{} {seen}", say::percent(share)))
        .and(other, if from == "training" { "trained on" } else { "watched" })
        .note_that(note)
        .resting_on(
            EvidenceKind::Estimate,
            format!("{rows} {held} rows"),
            vec![("shared", shared as f64), ("rows", rows as f64)],
        )
        .help(help)
}

/// How many held-out rows are met on the other side, of how many; `None` where that is no more than chance.
fn repeats<R: Real>(data: &Dataset<R>, pair: &Pair<'_>) -> Option<(usize, usize)> {
    let (held, from) = (rows_of(data, pair.held), rows_of(data, pair.from));
    let key = |r: &u32| folded(data.row(*r)) ^ target_key(&data.targets, *r);
    let glance = |r: &u32| glanced(data.row(*r)) ^ target_key(&data.targets, *r);
    // Of the rows that are many, few pass the marks of those that are few.
    let mut glances = Marks::new(held.len());
    for row in held {
        glances.mark(glance(row));
    }
    let mut asked: Vec<u64> = held.iter().map(key).collect();
    asked.sort_unstable();
    let mut met: Vec<u64> = from.iter().filter(|row| glances.has(glance(row))).map(key).collect();
    met.sort_unstable();
    let shared = asked.iter().filter(|key| met.binary_search(key).is_ok()).count();
    let share = shared as f64 / held.len().max(1) as f64;
    let telling = share >= TELLING_SHARE && shared >= FEWEST_ROWS || share >= HALF && shared >= 2;
    (telling && share > BEYOND_CHANCE * by_chance(data, from)).then_some((shared, held.len()))
}

/// One number for a row's target.
fn target_key<R: Real>(targets: &Targets<R>, row: u32) -> u64 {
    match targets {
        Targets::Classes(classes) => folded(&[f64::from(classes[row as usize])]),
        Targets::Values { width, values } => folded(&values[row as usize * width..][..*width]).rotate_left(32),
    }
}

/// An upper bound on the share of rows that meet their like among `others` where each row is drawn by itself: how often
/// two different rows agree in the two columns that tell rows apart best.
fn by_chance<R: Real>(data: &Dataset<R>, others: &[u32]) -> f64 {
    let mut seen = HashSet::new();
    let step = others.len().div_ceil(MOST_JUDGED).max(1);
    let judged: Vec<u32> = others.iter().step_by(step).copied().filter(|&r| seen.insert(folded(data.row(r)))).collect();
    let mut agreements: Vec<f64> = columns(data)
        .into_iter()
        .map(|columns| agreement(judged.iter().map(|&r| &data.row(r)[columns.clone()])))
        .collect();
    agreements.sort_by(f64::total_cmp);
    let pair: f64 = agreements.iter().take(2).product();
    (pair * others.len() as f64).min(1.0)
}

/// How often two of these rows are equal.
fn agreement<'v, R: Real>(rows: impl Iterator<Item = &'v [R]>) -> f64 {
    let hashes: Vec<u64> = rows.map(folded).collect();
    let pairs = |n: usize| n as f64 * (n as f64 - 1.0);
    let alike: f64 = recurring(&hashes).iter().map(|group| pairs(group.len())).sum();
    if hashes.len() < 2 { 1.0 } else { alike / pairs(hashes.len()) }
}

/// Where each column of the data stands among the prepared inputs.
fn columns<R>(data: &Dataset<R>) -> Vec<std::ops::Range<usize>> {
    match &data.preparation.inputs {
        Inputs::Block(_) => (0..data.features).map(|at| at..at + 1).collect(),
        Inputs::Columns(columns) => {
            let mut at = 0;
            let range = |width: usize| {
                at += width;
                at - width..at
            };
            columns.iter().map(|c| c.kind.width()).map(range).collect()
        }
    }
}

/// A column whose values are persons, devices or the like, met on both sides.
struct Entities {
    column: String,
    is_input: bool,
    shared: usize,
    rows: usize,
    distinct: usize,
}

/// A column that says of whom or what a row is, where rows of one of them stand on both sides.
fn entities<R: Real>(data: &Dataset<R>, pair: &Pair<'_>) -> Option<Entities> {
    let sides = (rows_of(data, pair.held), rows_of(data, pair.from));
    let unread = data.groups.as_ref().and_then(|groups| {
        // Rows from a file of their own have no keys.
        let known = sides.0.iter().chain(sides.1).all(|&row| (row as usize) < groups.keys.len());
        let key = |row: u32| groups.keys[row as usize];
        let found = known.then(|| shared(sides, key))?;
        found.map(|found| Entities { column: groups.column.clone(), is_input: false, ..found })
    });
    let Inputs::Columns(named) = &data.preparation.inputs else { return unread };
    let found = |(column, range): (&crate::data::InputColumn, std::ops::Range<usize>)| {
        let key = |row: u32| folded(&data.row(row)[range.clone()]);
        let found = speaks_of_entities(&column.name).then(|| shared(sides, key))?;
        found.map(|found| Entities { column: column.name.clone(), ..found })
    };
    unread.or_else(|| named.iter().zip(columns(data)).find_map(found))
}

/// What rows held out and trained on have in common by their keys, where that tells.
fn shared((held, from): (&[u32], &[u32]), key: impl Fn(u32) -> u64) -> Option<Entities> {
    let mut counts: HashMap<u64, usize> = HashMap::new();
    for &row in from {
        *counts.entry(key(row)).or_default() += 1;
    }
    let repeated = counts.values().filter(|&&count| count > 1).count();
    let shared = held.iter().filter(|&&row| counts.contains_key(&key(row))).count();
    let distinct = counts.len();
    let telling = distinct >= FEWEST_ENTITIES && 2 * repeated >= distinct && 2 * shared >= held.len() && shared > 1;
    telling.then(|| Entities { column: String::new(), is_input: true, shared, rows: held.len(), distinct })
}

fn of_entities(subject: &Subject<'_>, pair: &Pair<'_>, found: &Entities) -> Diagnostic {
    let Entities { column, is_input, shared, rows, distinct } = found;
    let Pair { held, from, span } = *pair;
    let spec = &subject.program.data;
    let message = format!("{shared} of the {rows} {held} rows are of a `{column}` that {from} rows are of too");
    Diagnostic::warning(codes::LEAKAGE, message)
        .at(span.unwrap_or(spec.source_span), format!("rows of one `{column}` on both sides"))
        .note_that(format!("the {from} rows are of {distinct}: what is learnt of one of them is not tried on new ones"))
        .resting_on(
            EvidenceKind::Estimate,
            format!("{rows} {held} rows"),
            vec![("shared", *shared as f64), ("rows", *rows as f64), ("distinct", *distinct as f64)],
        )
        .help(format!(
            "hold out a file of its own with every row of some `{column}`{}",
            if *is_input { ", and `ignore` the column" } else { "" }
        ))
}
