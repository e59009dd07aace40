//! Metrics: what is reported beside the loss. All are read off a [`Tally`], which takes rows one at a time in flat memory.

use super::signature::{Family, Signature};

/// Counts over rows, from which every metric follows.
#[derive(Clone, Debug, PartialEq)]
pub enum Tally {
    /// Rows by true class (outer) and predicted class (inner).
    Classes(Vec<Vec<u64>>),
    /// For each yes-or-no output: true and predicted no, then yes: `[tn, fp, fn, tp]`.
    Labels(Vec<[u64; 4]>),
    /// For each output, in the target's own scale.
    Values(Vec<Errors>),
}

/// Sums over one value target.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Errors {
    /// Rows.
    pub rows: u64,
    /// Σ(a − t)²
    pub squared: f64,
    /// Σ|a − t|
    pub absolute: f64,
    /// The first t. What follows is taken from here, so that a spread about a far mean keeps its digits, without a
    /// division for each row.
    origin: f64,
    /// Σ(t − origin)
    offset: f64,
    /// Σ(t − origin)²
    offset_squared: f64,
}

impl Errors {
    /// Counts a row: what is predicted, and the truth.
    fn count(&mut self, a: f64, t: f64) {
        if self.rows == 0 {
            self.origin = t;
        }
        self.rows += 1;
        self.squared += (a - t) * (a - t);
        self.absolute += (a - t).abs();
        self.offset += t - self.origin;
        self.offset_squared += (t - self.origin) * (t - self.origin);
    }

    /// Σ(t − mean of t)²
    fn spread(&self) -> f64 {
        (self.offset_squared - self.offset * self.offset / self.rows as f64).max(0.0)
    }
}

impl Tally {
    /// An empty tally of so many classes.
    pub fn classes(count: usize) -> Self {
        Self::Classes(vec![vec![0; count]; count])
    }

    /// An empty tally of so many yes-or-no outputs.
    pub fn labels(count: usize) -> Self {
        Self::Labels(vec![[0; 4]; count])
    }

    /// An empty tally of so many values.
    pub fn values(count: usize) -> Self {
        Self::Values(vec![Errors::default(); count])
    }

    /// Counts one row by class.
    pub fn count_class(&mut self, truth: usize, predicted: usize) {
        if let Self::Classes(counts) = self {
            counts[truth][predicted] += 1;
        }
    }

    /// Counts rows of one output, a label or a value: what is predicted, and the truth.
    pub fn count_output(&mut self, output: usize, rows: impl Iterator<Item = (f64, f64)>) {
        match self {
            Self::Classes(_) => {}
            Self::Labels(counts) => {
                for (a, t) in rows {
                    counts[output][usize::from(t >= 0.5) * 2 + usize::from(a >= 0.5)] += 1;
                }
            }
            Self::Values(errors) => {
                let mut e = errors[output];
                for (a, t) in rows {
                    e.count(a, t);
                }
                errors[output] = e;
            }
        }
    }
}

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
    /// Counts by true (outer) and predicted (inner) class.
    Counts(Vec<Vec<u64>>),
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

const fn row(
    name: &'static str,
    needs: Needs,
    rising: bool,
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
    MetricKind { signature, needs, rising, usual: false, read }
}

/// Every metric, in the order of the reference. Of two classes the second is the positive one; of more (and of
/// labels) precision, recall and f1 are means over classes, a class without rows counting 0.
pub static METRICS: &[MetricKind] = &[
    row(
        "accuracy",
        Needs::Classes,
        true,
        "the share of rows (of labels, where there are many) that are right",
        "right / rows",
        "0…1",
        |t| {
            let (right, all) = match t {
                Tally::Classes(c) => ((0..c.len()).map(|i| c[i][i]).sum(), c.iter().flatten().sum()),
                Tally::Labels(l) => (l.iter().map(|c| c[0] + c[3]).sum(), l.iter().flatten().sum::<u64>()),
                Tally::Values(_) => return None,
            };
            Some(Outcome::Number(share(right, all)))
        },
    )
    .usual(),
    row(
        "precision",
        Needs::Classes,
        true,
        "of what was called positive, the share that is",
        "tp / (tp + fp)",
        "0…1",
        |t| over_classes(t, |[_, fp, _, tp]| share(tp, tp + fp)),
    ),
    row(
        "recall",
        Needs::Classes,
        true,
        "of what is positive, the share that was called so",
        "tp / (tp + fn)",
        "0…1",
        |t| over_classes(t, |[_, _, misses, tp]| share(tp, tp + misses)),
    ),
    row(
        "f1",
        Needs::Classes,
        true,
        "the harmonic mean of precision and recall",
        "2tp / (2tp + fp + fn)",
        "0…1",
        |t| over_classes(t, |[_, fp, misses, tp]| share(2 * tp, 2 * tp + fp + misses)),
    ),
    row("confusion", Needs::Classes, true, "rows by true and predicted class", "", "counts", |t| match t {
        Tally::Classes(counts) => Some(Outcome::Counts(counts.clone())),
        Tally::Labels(labels) => Some(Outcome::Counts(labels.iter().map(|c| c.to_vec()).collect())),
        Tally::Values(_) => None,
    }),
    row(
        "mse",
        Needs::Values,
        false,
        "the mean squared error, in the target's own scale",
        "mean of (a − t)²",
        "≥ 0",
        |t| over_values(t, |e| e.squared / e.rows as f64),
    ),
    row(
        "rmse",
        Needs::Values,
        false,
        "the root of the mean squared error, in the target's own scale",
        "√(mean of (a − t)²)",
        "≥ 0",
        |t| match over_values(t, |e| e.squared / e.rows as f64)? {
            Outcome::Number(mse) => Some(Outcome::Number(mse.sqrt())),
            Outcome::Counts(_) => None,
        },
    )
    .usual(),
    row(
        "mae",
        Needs::Values,
        false,
        "the mean absolute error, in the target's own scale",
        "mean of |a − t|",
        "≥ 0",
        |t| over_values(t, |e| e.absolute / e.rows as f64),
    )
    .usual(),
    row(
        "r2",
        Needs::Values,
        true,
        "the share of the targets' variance that is explained",
        "1 − Σ(a − t)² / Σ(t − mean t)²",
        "≤ 1",
        |t| over_values(t, |e| 1.0 - e.squared / e.spread()),
    )
    .usual(),
];

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// `[tn, fp, fn, tp]` of one class of a confusion matrix.
fn one_against_rest(counts: &[Vec<u64>], class: usize) -> [u64; 4] {
    let tp = counts[class][class];
    let misses = counts[class].iter().sum::<u64>() - tp;
    let fp = counts.iter().map(|row| row[class]).sum::<u64>() - tp;
    let all: u64 = counts.iter().flatten().sum();
    [all - tp - misses - fp, fp, misses, tp]
}

fn over_classes(tally: &Tally, of: fn([u64; 4]) -> f64) -> Option<Outcome> {
    let counts = match tally {
        Tally::Classes(c) if c.len() == 2 => vec![one_against_rest(c, 1)],
        Tally::Classes(c) => (0..c.len()).map(|class| one_against_rest(c, class)).collect(),
        Tally::Labels(l) => l.clone(),
        Tally::Values(_) => return None,
    };
    Some(Outcome::Number(counts.iter().map(|&c| of(c)).sum::<f64>() / counts.len() as f64))
}

fn over_values(tally: &Tally, of: fn(&Errors) -> f64) -> Option<Outcome> {
    let Tally::Values(errors) = tally else { return None };
    Some(Outcome::Number(errors.iter().map(of).sum::<f64>() / errors.len() as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(name: &str, tally: &Tally) -> f64 {
        match find(name).and_then(|m| (m.read)(tally)) {
            Some(Outcome::Number(n)) => n,
            other => panic!("{name}: {other:?}"),
        }
    }

    /// Values worked out by hand (and by scikit-learn 1.5's macro averages).
    #[test]
    fn metrics_of_a_known_confusion_matrix() {
        let three = Tally::Classes(vec![vec![5, 1, 0], vec![2, 3, 1], vec![0, 0, 4]]);
        assert!((number("accuracy", &three) - 12.0 / 16.0).abs() < 1e-12);
        let precision = (5.0 / 7.0 + 3.0 / 4.0 + 4.0 / 5.0) / 3.0;
        assert!((number("precision", &three) - precision).abs() < 1e-12);
        assert!((number("recall", &three) - (5.0 / 6.0 + 0.5 + 1.0) / 3.0).abs() < 1e-12);
        let two = Tally::Classes(vec![vec![50, 10], vec![5, 35]]);
        assert!((number("precision", &two) - 35.0 / 45.0).abs() < 1e-12);
        assert!((number("recall", &two) - 35.0 / 40.0).abs() < 1e-12);
        assert!((number("f1", &two) - 70.0 / 85.0).abs() < 1e-12);
    }

    #[test]
    fn metrics_of_values() {
        let mut tally = Tally::values(1);
        for (a, t) in [(2.5, 3.0), (0.0, -0.5), (2.0, 2.0), (8.0, 7.0)] {
            tally.count_output(0, std::iter::once((a, t)));
        }
        assert!((number("mse", &tally) - 0.375).abs() < 1e-12);
        assert!((number("mae", &tally) - 0.5).abs() < 1e-12);
        assert!((number("r2", &tally) - 0.948_608_137_044_967_9).abs() < 1e-12);
    }
}
