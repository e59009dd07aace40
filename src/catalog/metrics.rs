//! Metrics: what is reported beside the loss, and the ways to be fair where there are several classes, labels or
//! targets. All are read off a [`Tally`].

mod probable;
mod scores;
mod tally;

use super::signature::{DefaultValue, Family, Foreign, Key, Kind, Parameter, Signature};
pub use scores::Scores;
use tally::share;
pub use tally::{Counts, Errors, Hits, Tally};

/// How many classes are looked at.
pub(crate) const K: Key<u64> = Key::new("k");

/// What a metric is read off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Classes or labels.
    Classes,
    /// Classes that exclude each other.
    Exclusive,
    /// Values.
    Values,
}

/// What a metric asks of outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Counts over rows are enough.
    Counts,
    /// The rows are kept.
    Rows,
    /// The rows are kept, and outputs must be probabilities.
    Probabilities,
}

/// What rows may lack that a metric needs, so that it counts as 0, is undefined, or leaves something out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// It needs nothing but rows.
    Nothing,
    /// Rows that are called so.
    Called,
    /// Rows that are so, else it counts as 0.
    Rows,
    /// One of the two.
    Either,
    /// Rows that are so, else it is undefined.
    Positives,
    /// Rows that are so, and others.
    Both,
    /// Targets that differ.
    Variance,
    /// Targets other than 0.
    NotZero,
}

/// What a metric comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// One number.
    Number(f64),
    /// The rows leave it undefined, as equal targets do for `r2`.
    Undefined,
    /// A number that leaves out so many rows, as targets of 0 by `mape`.
    Without(f64, u64),
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
    /// What else its reference says, each with a heading: which class it speaks of, what is averaged, when it is
    /// undefined.
    pub remarks: &'static [(&'static str, &'static str)],
    /// Whether its one number is of the positive of two classes, and the mean over several classes, labels or targets.
    pub averaged: bool,
    /// Whether it is reported where nobody asks for others.
    pub usual: bool,
    /// What rows may lack for it.
    pub lack: Lack,
    /// What it asks of outputs.
    pub asks: Asks,
    /// Reads it off; `None` where the tally is of another kind.
    pub read: fn(&Tally) -> Option<Outcome>,
}

impl MetricKind {
    /// The same, with what other tools call it.
    const fn foreign(mut self, foreign: Foreign) -> Self {
        self.signature.foreign = foreign;
        self
    }

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

/// The metrics that tables have of each class, label and target.
pub fn of_each() -> impl Iterator<Item = &'static MetricKind> {
    OF_A_CLASS.iter().map(|(name, _)| *name).chain(OF_A_TARGET.iter().map(|(name, _)| *name)).filter_map(find)
}

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
        foreign: Foreign::NONE,
    };
    MetricKind {
        signature,
        needs: Needs::Classes,
        rising: true,
        usual: false,
        remarks: &[],
        averaged: false,
        lack: Lack::Nothing,
        asks: Asks::Counts,
        read,
    }
}

/// A metric of the positive class, or a mean over classes or labels.
const fn of_classes(mut kind: MetricKind, lack: Lack, remarks: &'static [(&'static str, &'static str)]) -> MetricKind {
    kind.averaged = true;
    kind.lack = lack;
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

/// A metric that is read off the rows themselves.
const fn of_rows(mut kind: MetricKind, example: &'static str, source: &'static str) -> MetricKind {
    if matches!(kind.asks, Asks::Counts) {
        kind.asks = Asks::Rows;
    }
    kind.signature.example = example;
    kind.signature.source = source;
    kind
}

/// A metric of probabilities, less of which is better.
const fn of_probabilities(mut kind: MetricKind, remarks: &'static [(&'static str, &'static str)]) -> MetricKind {
    kind.rising = false;
    kind.asks = Asks::Probabilities;
    kind.remarks = remarks;
    kind
}

const ABSENT: (&str, &str) =
    ("absent", "a class or label of which there are no rows is left out of the mean; undefined where none is left");
const MEAN_OF_LABELS: (&str, &str) = ("labels", "the mean over the labels");
const RANKED: (&str, &str) = (
    "classes",
    "of two: the one that `positive` in `data` names, else the second; of more: the mean over the classes, each \
     against the rest (macro)",
);

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
    .foreign(Foreign { names: &["acc"], ..Foreign::NONE })
    .usual(),
    of_classes(
        row("precision", "of the rows called positive, the share that is", "tp / (tp + fp)", "0…1", |t| {
            over_classes(t, Hits::precision)
        }),
        Lack::Called,
        &[CLASSES, LABELS, ("never", "a class that occurs and is never predicted has precision 0")],
    ),
    of_classes(
        row("recall", "of the rows that are positive, the share called so", "tp / (tp + fn)", "0…1", |t| {
            over_classes(t, Hits::recall)
        }),
        Lack::Rows,
        &[CLASSES, LABELS, ("never", "a class that is predicted and never occurs has recall 0")],
    ),
    of_classes(
        row("f1", "the harmonic mean of precision and recall", "2tp / (2tp + fp + fn)", "0…1", |t| {
            over_classes(t, Hits::f1)
        })
        .foreign(Foreign { names: &["f1_score"], ..Foreign::NONE }),
        Lack::Either,
        &[CLASSES, LABELS, ("never", "a class that occurs or is predicted, and is never right, has f1 0")],
    ),
    MetricKind {
        remarks: &[("labels", "a table for each, no before yes")],
        ..row("confusion", "rows by true and predicted class", "", "counts", |t| match &t.counts {
            Counts::Classes(counts) => Some(Outcome::Counts(counts.clone())),
            Counts::Labels(hits) => Some(Outcome::Tables(hits.iter().map(|h| h.table()).collect())),
            Counts::Values(_) => None,
        })
        .foreign(Foreign { names: &["confusion_matrix"], ..Foreign::NONE })
    },
    of_values(
        row("mse", "the mean squared error, in the target's own scale", "mean of (a − t)²", "≥ 0", |t| {
            over_values(t, |e| Some(e.mse()))
        })
        .foreign(Foreign { names: &["mean_squared_error"], ..Foreign::NONE }),
    ),
    of_values(
        row(
            "rmse",
            "the root of the mean squared error, in the target's own scale",
            "√(mean of (a − t)²)",
            "≥ 0",
            |t| over_values(t, |e| Some(e.rmse())),
        )
        .foreign(Foreign { names: &["root_mean_squared_error"], ..Foreign::NONE }),
    )
    .usual(),
    of_values(
        row("mae", "the mean absolute error, in the target's own scale", "mean of |a − t|", "≥ 0", |t| {
            over_values(t, |e| Some(e.mae()))
        })
        .foreign(Foreign { names: &["mean_absolute_error"], ..Foreign::NONE }),
    )
    .usual(),
    MetricKind {
        rising: true,
        lack: Lack::Variance,
        remarks: &[
            TARGETS,
            ("equal", "undefined where all targets are equal, or there is one row: null in JSON, `-` in tables"),
        ],
        ..of_values(
            row(
                "r2",
                "the share of the targets' variance that is explained",
                "1 − Σ(a − t)² / Σ(t − mean t)²",
                "≤ 1",
                |t| over_values(t, Errors::r2),
            )
            .foreign(Foreign { names: &["r2_score"], ..Foreign::NONE }),
        )
    }
    .usual(),
    of_rows(
        of_classes(
            row(
                "auc",
                "how often a row that is positive has a higher output than one that is not; equal ones count half",
                "(Σ [p⁺ > p⁻] + ½ [p⁺ = p⁻]) / (n⁺ n⁻)",
                "0…1",
                probable::area,
            ),
            Lack::Both,
            &[RANKED, LABELS, ABSENT],
        ),
        "metrics = [accuracy, auc]",
        "Mann and Whitney 1947; Hanley and McNeil 1982",
    )
    .foreign(Foreign { names: &["roc_auc", "auroc"], ..Foreign::NONE }),
    of_rows(
        of_classes(
            row(
                "average_precision",
                "the precision at each threshold, weighted by the recall that it adds",
                "Σ (Rₙ − Rₙ₋₁) Pₙ",
                "0…1",
                probable::precisions,
            ),
            Lack::Positives,
            &[RANKED, LABELS, ABSENT],
        ),
        "metrics = [average_precision]",
        "",
    )
    .foreign(Foreign { names: &["pr_auc", "auprc"], ..Foreign::NONE }),
    MetricKind {
        needs: Needs::Exclusive,
        ..of_rows(
            with_k(row(
                "top_k",
                "the share of rows whose class is among the k greatest outputs",
                "rows with the class among the k greatest / rows",
                "0…1",
                probable::top,
            )),
            "metrics = [accuracy, top_k(3)]",
            "",
        )
    }
    .foreign(Foreign { names: &["top_k_accuracy"], ..Foreign::NONE }),
    of_rows(
        of_probabilities(
            row(
                "log_loss",
                "the mean of −ln of the probability that is given to what is true, at least 2.2e-16",
                "mean of −ln p(true)",
                "≥ 0",
                probable::log_loss,
            ),
            &[MEAN_OF_LABELS],
        ),
        "metrics = [accuracy, log_loss]",
        "",
    ),
    of_rows(
        of_probabilities(
            row(
                "brier",
                "the mean squared distance of the probabilities from what is true",
                "mean of Σ (p − t)²",
                "0…2",
                probable::brier,
            ),
            &[
                ("classes", "of two classes (p − t)² of one of them, 0…1; of more the sum over the classes"),
                MEAN_OF_LABELS,
            ],
        ),
        "metrics = [accuracy, brier]",
        "Brier 1950",
    )
    .foreign(Foreign { names: &["brier_score"], ..Foreign::NONE }),
    of_rows(
        MetricKind {
            lack: Lack::NotZero,
            remarks: &[TARGETS, ("zeros", "rows whose target is 0 are left out, and it is said how many")],
            ..of_values(row(
                "mape",
                "the mean absolute error as a share of the target: 0.1 is 10%",
                "mean of |a − t| / |t|",
                "≥ 0",
                probable::relative,
            ))
        },
        "metrics = [rmse, mape]",
        "",
    )
    .foreign(Foreign { names: &["mean_absolute_percentage_error"], ..Foreign::NONE }),
];

const TAKES_K: &[Parameter] =
    &[Parameter::positional(K, Kind::Count(1), DefaultValue::Required, "how many of the greatest outputs")];

/// A metric that looks at the k greatest outputs.
const fn with_k(mut kind: MetricKind) -> MetricKind {
    kind.signature.parameters = TAKES_K;
    kind.remarks = &[("equal", "of equal outputs the later class comes first")];
    kind
}

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
