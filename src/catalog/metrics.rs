//! Metrics: what is reported beside the loss, and the ways to be fair where there are several classes, labels or
//! targets. All are read off a [`Tally`].

mod tally;

use super::signature::{Family, Signature};
use tally::share;
pub use tally::{Counts, Errors, Hits, Tally};

/// What a metric is read off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Classes or labels.
    Classes,
    /// Values.
    Values,
}

/// What a metric comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// One number.
    Number(f64),
    /// The rows leave it undefined, as equal targets do for `r2`.
    Undefined,
    /// Counts by true (outer) and predicted (inner) class.
    Counts(Vec<Vec<u64>>),
    /// For each label, counts by true (outer) and predicted (inner) answer, no before yes.
    Tables(Vec<[[u64; 2]; 2]>),
}

/// One kind of metric.
#[derive(Debug)]
pub struct MetricKind {
    /// Its reference entry.
    pub signature: Signature,
    /// What it is read off.
    pub needs: Needs,
    /// Whether more is better.
    pub rising: bool,
    /// What else its reference says, each with a heading: which class it speaks of, what is averaged, when it is undefined.
    pub remarks: &'static [(&'static str, &'static str)],
    /// Whether its one number is of the positive of two classes, and the mean over several classes, labels or targets.
    pub averaged: bool,
    /// Whether it is reported where nobody asks for others.
    pub usual: bool,
    /// Reads it off; `None` where the tally is of another kind.
    pub read: fn(&Tally) -> Option<Outcome>,
}

impl MetricKind {
    const fn usual(mut self) -> Self {
        self.usual = true;
        self
    }
}

/// What is reported of a target where nobody asks for others.
pub fn usual(needs: Needs) -> impl Iterator<Item = &'static MetricKind> {
    METRICS.iter().filter(move |m| m.usual && m.needs == needs)
}

/// The kind with this name.
pub fn find(name: &str) -> Option<&'static MetricKind> {
    METRICS.iter().find(|m| m.signature.name == name)
}

/// What the reference of a metric says besides; nothing for other kinds.
pub fn remarks(signature: &Signature) -> &'static [(&'static str, &'static str)] {
    let metric = if signature.family == Family::Metric { find(signature.name) } else { None };
    metric.map_or(&[], |m| m.remarks)
}

/// A number of a class or label.
pub type OfAClass = fn(Hits) -> f64;

/// A number of a target; `None` where the rows leave it undefined.
pub type OfATarget = fn(&Errors) -> Option<f64>;

/// What a table has of each class and each label.
pub static OF_A_CLASS: [(&str, OfAClass); 3] =
    [("precision", Hits::precision), ("recall", Hits::recall), ("f1", Hits::f1)];

/// What a table has of each target.
pub static OF_A_TARGET: [(&str, OfATarget); 4] =
    [("mse", |e| Some(e.mse())), ("rmse", |e| Some(e.rmse())), ("mae", |e| Some(e.mae())), ("r2", Errors::r2)];

const CLASSES: (&str, &str) = (
    "classes",
    "of two: the one that `positive` in `data` names, else the second; of more: the mean over the classes, each \
     weighing the same (macro), without those that neither occur nor are predicted, which is then said",
);
const LABELS: (&str, &str) = ("labels", "each by itself, and their mean (macro)");
const TARGETS: (&str, &str) = ("targets", "each by itself, in its own scale, and their mean, which is called so");

const fn row(
    name: &'static str,
    summary: &'static str,
    formula: &'static str,
    range: &'static str,
    read: fn(&Tally) -> Option<Outcome>,
) -> MetricKind {
    let signature = Signature {
        name,
        family: Family::Metric,
        summary,
        formula,
        range,
        parameters: &[],
        example: "metrics = [accuracy, f1]",
        source: "",
    };
    MetricKind { signature, needs: Needs::Classes, rising: true, usual: false, remarks: &[], averaged: false, read }
}

/// A metric of the positive class, or a mean over classes or labels.
const fn of_classes(mut kind: MetricKind, remarks: &'static [(&'static str, &'static str)]) -> MetricKind {
    kind.averaged = true;
    kind.remarks = remarks;
    kind
}

/// A metric of values, less of which is better.
const fn of_values(mut kind: MetricKind) -> MetricKind {
    kind.needs = Needs::Values;
    kind.rising = false;
    kind.averaged = true;
    kind.remarks = &[TARGETS];
    kind.signature.example = "metrics = [rmse, r2]";
    kind
}

/// Every metric, in the order of the reference.
pub static METRICS: &[MetricKind] = &[
    row(
        "accuracy",
        "the share of rows (of labels, where there are many) that are right",
        "right / rows",
        "0…1",
        |t| {
            let (right, all) = match &t.counts {
                Counts::Classes(c) => ((0..c.len()).map(|i| c[i][i]).sum(), c.iter().flatten().sum()),
                Counts::Labels(l) => (l.iter().map(|h| h.0[0] + h.0[3]).sum(), l.iter().flat_map(|h| h.0).sum::<u64>()),
                Counts::Values(_) => return None,
            };
            Some(Outcome::Number(share(right, all)))
        },
    )
    .usual(),
    of_classes(
        row("precision", "of the rows called positive, the share that is", "tp / (tp + fp)", "0…1", |t| {
            over_classes(t, Hits::precision)
        }),
        &[CLASSES, LABELS, ("never", "a class that occurs and is never predicted has precision 0")],
    ),
    of_classes(
        row("recall", "of the rows that are positive, the share called so", "tp / (tp + fn)", "0…1", |t| {
            over_classes(t, Hits::recall)
        }),
        &[CLASSES, LABELS, ("never", "a class that is predicted and never occurs has recall 0")],
    ),
    of_classes(
        row("f1", "the harmonic mean of precision and recall", "2tp / (2tp + fp + fn)", "0…1", |t| {
            over_classes(t, Hits::f1)
        }),
        &[CLASSES, LABELS, ("never", "a class that occurs or is predicted, and is never right, has f1 0")],
    ),
    MetricKind {
        remarks: &[("labels", "a table for each, no before yes")],
        ..row("confusion", "rows by true and predicted class", "", "counts", |t| match &t.counts {
            Counts::Classes(counts) => Some(Outcome::Counts(counts.clone())),
            Counts::Labels(hits) => Some(Outcome::Tables(hits.iter().map(|h| h.table()).collect())),
            Counts::Values(_) => None,
        })
    },
    of_values(row("mse", "the mean squared error, in the target's own scale", "mean of (a − t)²", "≥ 0", |t| {
        over_values(t, |e| Some(e.mse()))
    })),
    of_values(row(
        "rmse",
        "the root of the mean squared error, in the target's own scale",
        "√(mean of (a − t)²)",
        "≥ 0",
        |t| over_values(t, |e| Some(e.rmse())),
    ))
    .usual(),
    of_values(row("mae", "the mean absolute error, in the target's own scale", "mean of |a − t|", "≥ 0", |t| {
        over_values(t, |e| Some(e.mae()))
    }))
    .usual(),
    MetricKind {
        rising: true,
        remarks: &[
            TARGETS,
            ("equal", "undefined where all targets are equal, or there is one row: null in JSON, `-` in tables"),
        ],
        ..of_values(row(
            "r2",
            "the share of the targets' variance that is explained",
            "1 − Σ(a − t)² / Σ(t − mean t)²",
            "≤ 1",
            |t| over_values(t, Errors::r2),
        ))
    }
    .usual(),
];

/// The positive one of two classes; else the mean over classes or labels that occur or are predicted.
fn over_classes(tally: &Tally, of: fn(Hits) -> f64) -> Option<Outcome> {
    let mut hits = tally.hits()?;
    if matches!(tally.counts, Counts::Classes(_)) && hits.len() == 2 {
        hits = vec![hits[tally.positive]];
    }
    hits.retain(|h| h.is_met());
    if hits.is_empty() {
        return Some(Outcome::Undefined);
    }
    Some(Outcome::Number(hits.iter().map(|&h| of(h)).sum::<f64>() / hits.len() as f64))
}

/// The mean over targets; undefined where that of one is.
fn over_values(tally: &Tally, of: fn(&Errors) -> Option<f64>) -> Option<Outcome> {
    let errors = tally.errors()?;
    let sum: Option<f64> = errors.iter().map(of).sum();
    Some(sum.map_or(Outcome::Undefined, |sum| Outcome::Number(sum / errors.len() as f64)))
}

#[cfg(test)]
mod tests;
