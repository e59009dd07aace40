//! What is predicted: whether the target is a class or values, the order of classes, and what the training rows
//! say of it.

use std::collections::BTreeSet;

use super::dataset::Targets;
use super::excerpt::listed;
use super::preparation::{Scaling, TargetRule, ValueColumn, statistics};
use super::reader::{Kind, MOST_CLASSES, Target, Unseen};
use crate::diagnostic::{Applicability, Diagnostic, codes, has_errors, suggest};
use crate::ir::spec::{DataSpec, Scale, TargetFacts};
use crate::tensor::Real;

/// More different whole numbers are measured, not classes.
const MOST_WHOLE: usize = 1000;

/// The targets of all rows, classes numbered in their final order.
pub(super) enum Answers {
    Classes { column: String, names: Vec<String>, numeric: bool, binary_numbers: bool, ids: Vec<u32> },
    Values { names: Vec<String>, values: Vec<f64> },
}

/// Settles what the target is. classes and values: as they were read.
pub(super) fn answers(
    target: Target,
    mut classes: Vec<u32>,
    values: Vec<f64>,
    spec: &DataSpec,
    reports: &mut Vec<Diagnostic>,
) -> Option<Answers> {
    match target {
        Target::None => None,
        Target::Class(column) => {
            let Kind::Category(known, unseen) = column.kind else { return None };
            if unseen == Unseen::Overflowed {
                let text = format!("the target `{}` has more than {MOST_CLASSES} classes", column.name);
                let span = spec.target_span.unwrap_or(spec.source_span);
                reports.push(Diagnostic::error(codes::DATA_VALUE, text).at(span, "taken as classes"));
                return None;
            }
            let numeric = known.is_numeric();
            let mut names = known.names.clone();
            if spec.classes.is_none() {
                let order = known.sorted();
                let mut place = vec![0; order.len()];
                for (new, &old) in order.iter().enumerate() {
                    place[old as usize] = new as u32;
                }
                for class in &mut classes {
                    *class = place[*class as usize];
                }
                names = order.iter().map(|&id| known.names[id as usize].clone()).collect();
            }
            Some(Answers::Classes { column: column.name, names, numeric, binary_numbers: false, ids: classes })
        }
        Target::Values(columns) => {
            let names: Vec<String> = columns.into_iter().map(|c| c.name).collect();
            let binary = values.iter().all(|&v| v == 0.0 || v == 1.0);
            if names.len() == 1 && binary && spec.target_scale.value == Scale::None {
                let ids = values.iter().map(|&v| u32::from(v == 1.0)).collect();
                let column = names.into_iter().next().unwrap_or_default();
                let names = vec!["0".to_owned(), "1".to_owned()];
                return Some(Answers::Classes { column, names, numeric: true, binary_numbers: true, ids });
            }
            if let Some(span) = spec.stratify.span.filter(|_| spec.stratify.value) {
                let text = format!("`stratify` is given, and the target `{}` is not a class", names[0]);
                let report = Diagnostic::error(codes::EXCLUSIVE, text).at(span, "keeps the shares of classes");
                reports.push(report.and_if(spec.target_span, "holds numbers"));
            }
            Some(Answers::Values { names, values })
        }
    }
}

/// What there is to know of the targets.
pub(super) struct Learnt<R> {
    /// How targets are encoded.
    pub(super) rule: TargetRule,
    /// Those of all rows, as the network is to give them.
    pub(super) targets: Targets<R>,
    /// Values as the data has them.
    pub(super) exact: Vec<f64>,
    /// What is known of them.
    pub(super) facts: TargetFacts,
}

/// Learns from the training rows.
pub(super) fn learn<R: Real>(
    answers: Answers,
    train: &[u32],
    spec: &DataSpec,
    reports: &mut Vec<Diagnostic>,
) -> Option<Learnt<R>> {
    match answers {
        Answers::Classes { column, names, numeric, binary_numbers, ids } => {
            let mut counts = vec![0; names.len()];
            for &row in train {
                counts[ids[row as usize] as usize] += 1;
            }
            check_classes(&column, &names, &counts, &ids, spec, reports);
            if has_errors(reports) {
                return None;
            }
            let rule = TargetRule::Classes { column: column.clone(), names: names.clone(), numeric, binary_numbers };
            Some(by_rule(rule, Answers::Classes { column, names, numeric, binary_numbers, ids }, train))
        }
        Answers::Values { names, values: exact } => {
            let width = names.len();
            let before = statistics(&exact, width, train);
            let column = |(name, &statistics): (&String, &_)| {
                let scaling = Scaling::fit(spec.target_scale.value, &statistics);
                ValueColumn { name: name.clone(), statistics, scaling }
            };
            let rule = TargetRule::Values(names.iter().zip(&before).map(column).collect());
            Some(by_rule(rule, Answers::Values { names, values: exact }, train))
        }
    }
}

/// Targets as they were read by a model's own rule: classes are numbered as it numbers them.
pub(super) fn known(rule: &TargetRule, classes: Vec<u32>, values: Vec<f64>) -> Answers {
    match rule {
        TargetRule::Classes { column, names, numeric, binary_numbers } => Answers::Classes {
            column: column.clone(),
            names: names.clone(),
            numeric: *numeric,
            binary_numbers: *binary_numbers,
            ids: classes,
        },
        TargetRule::Values(columns) => {
            Answers::Values { names: columns.iter().map(|c| c.name.clone()).collect(), values }
        }
    }
}

/// The targets of all rows by a rule, and what the training rows say of them.
pub(super) fn by_rule<R: Real>(rule: TargetRule, answers: Answers, train: &[u32]) -> Learnt<R> {
    match answers {
        Answers::Classes { column, names, binary_numbers, ids, .. } => {
            let mut counts = vec![0; names.len()];
            for &row in train {
                counts[ids[row as usize] as usize] += 1;
            }
            let facts = TargetFacts::Classes { name: column, names, counts, binary_numbers };
            Learnt { rule, targets: Targets::Classes(ids), exact: Vec::new(), facts }
        }
        Answers::Values { names, values: exact } => {
            let width = names.len();
            let values = rule.scale::<R>(&exact);
            let whole = if width == 1 { whole(&exact) } else { None };
            let rows = || train.iter().map(|&r| &values[r as usize * width..][..width]);
            let is_one = |row: &[R]| (row.iter().map(|v| v.f64()).sum::<f64>() - 1.0).abs() <= 1e-6;
            let facts = TargetFacts::Values {
                statistics: statistics(&values, width, train),
                distribution: width > 1 && rows().all(|row| row.iter().all(|&v| v >= R::ZERO) && is_one(row)),
                binary: rows().flatten().all(|&v| v == R::ZERO || v == R::ONE),
                whole,
                names,
            };
            Learnt { rule, targets: Targets::Values { width, values }, exact, facts }
        }
    }
}

/// How many different values there are, where all are whole numbers and few enough to be classes.
fn whole<R: Real>(values: &[R]) -> Option<usize> {
    let mut distinct = BTreeSet::new();
    for value in values.iter().map(|v| v.f64()) {
        if value.fract() != 0.0 || value.abs() >= 9.0e15 {
            return None;
        }
        distinct.insert(value as i64);
        if distinct.len() > MOST_WHOLE {
            return None;
        }
    }
    Some(distinct.len())
}

/// Each class needs rows to train on, and there must be two of them at least.
fn check_classes(
    column: &str,
    names: &[String],
    counts: &[usize],
    ids: &[u32],
    spec: &DataSpec,
    reports: &mut Vec<Diagnostic>,
) {
    let mut total = vec![0; names.len()];
    for &id in ids {
        total[id as usize] += 1;
    }
    let met: Vec<&str> = names.iter().zip(&total).filter(|(_, n)| **n > 0).map(|(name, _)| name.as_str()).collect();
    let place = spec.target_span.unwrap_or(spec.source_span);
    if let [only] = met[..] {
        let text = format!("every row of the target `{column}` is of one class, `{only}`");
        reports.push(Diagnostic::error(codes::IMBALANCE, text).at(place, "nothing to tell apart"));
        return;
    }
    for (name, (&total, &count)) in names.iter().zip(total.iter().zip(counts)) {
        if total == 0 && spec.classes.is_some() {
            let text = format!("`classes` names `{name}`, and no row of `{column}` is of that class");
            let mut report =
                Diagnostic::error(codes::UNKNOWN, text).note_that(format!("the rows have {}", listed(&met)));
            if let Some(span) = spec.classes.as_ref().and_then(|c| c.span) {
                report = report.at(span, "no such class");
            }
            if let Some(near) = suggest::nearest(name, met.iter().copied()) {
                report = report.help(format!("write `{near}`"));
            }
            reports.push(report);
        } else if total > 0 && count == 0 {
            let text = format!("the split leaves no row of class `{name}` to train on");
            let mut report = Diagnostic::error(codes::DATA_SPLIT, text).at(place, "its classes");
            if let Some(span) = spec.stratify.span.filter(|_| !spec.stratify.value) {
                report = report.at(span, "classes are split as they fall");
                report = report.fix(Applicability::Unsafe, "keep the classes' shares", span, "true");
                report = report.help("`stratify = true` keeps rows of each class");
            }
            reports.push(report);
        }
    }
}

#[cfg(test)]
mod tests;
