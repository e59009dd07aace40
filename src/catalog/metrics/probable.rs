//! Metrics of probabilities and of their order: `auc`, `average_precision`, `top_k`, `log_loss`, `brier`; and `mape`,
//! which needs the rows too. As scikit-learn defines them.

use super::Outcome;
use super::scores::{Scores, auc, average_precision};
use super::tally::{Counts, Tally};

/// A probability is taken to be no nearer to 0 or 1 than this.
const NEAREST: f64 = f64::EPSILON;

/// One against the rest: of two classes the positive one, of more and of labels each.
fn columns(tally: &Tally, scores: &Scores) -> Option<Vec<Vec<(f64, bool)>>> {
    let is = |column: Vec<(f64, f64)>| column.into_iter().map(|(a, t)| (a, t >= 0.5)).collect();
    match &tally.counts {
        Counts::Values(_) => None,
        // One output stands for the second class; for the first its order is the reverse.
        Counts::Classes(_) if scores.width() == 1 && tally.positive == 0 => {
            Some(vec![scores.column(0).into_iter().map(|(a, t)| (-a, t < 0.5)).collect()])
        }
        Counts::Classes(_) if scores.width() == 2 => Some(vec![is(scores.column(tally.positive))]),
        Counts::Classes(_) | Counts::Labels(_) => Some((0..scores.width()).map(|at| is(scores.column(at))).collect()),
    }
}

/// The mean over those of which there is a number.
fn ranked(tally: &Tally, of: fn(&[(f64, bool)]) -> Option<f64>) -> Option<Outcome> {
    let columns = columns(tally, tally.scores.as_ref()?)?;
    Some(mean(columns.iter().filter_map(|column| of(column))))
}

fn mean(numbers: impl Iterator<Item = f64>) -> Outcome {
    let (mut count, mut sum) = (0u64, 0.0);
    for number in numbers {
        count += 1;
        sum += number;
    }
    if count == 0 { Outcome::Undefined } else { Outcome::Number(sum / count as f64) }
}

pub(super) fn area(tally: &Tally) -> Option<Outcome> {
    ranked(tally, auc)
}

pub(super) fn precisions(tally: &Tally) -> Option<Outcome> {
    ranked(tally, average_precision)
}

/// Whether the true class is among the `top` greatest outputs; of equal ones the later class comes first.
pub(super) fn top(tally: &Tally) -> Option<Outcome> {
    let (scores, Counts::Classes(_)) = (tally.scores.as_ref()?, &tally.counts) else { return None };
    let is_among = |outputs: &[f64], truths: &[f64]| {
        if outputs.len() == 1 {
            // One output for two classes.
            return tally.top > 1 || (outputs[0] >= 0.5) == (truths[0] >= 0.5);
        }
        let class = truths.iter().position(|&t| t >= 0.5).unwrap_or(0);
        let before = |&(k, &a): &(usize, &f64)| a > outputs[class] || (a == outputs[class] && k > class);
        outputs.iter().enumerate().filter(before).count() < tally.top
    };
    Some(mean(scores.rows().map(|(outputs, truths)| f64::from(u8::from(is_among(outputs, truths))))))
}

/// Whether the outputs of a row answer one yes-or-no question each.
fn yes_or_no(tally: &Tally, scores: &Scores) -> Option<bool> {
    match tally.counts {
        Counts::Classes(_) => Some(scores.width() == 1),
        Counts::Labels(_) => Some(true),
        Counts::Values(_) => None,
    }
}

/// −ln of the probability of what is true.
pub(super) fn log_loss(tally: &Tally) -> Option<Outcome> {
    let scores = tally.scores.as_ref()?;
    let loss = |p: f64| -p.clamp(NEAREST, 1.0 - NEAREST).ln();
    if yes_or_no(tally, scores)? {
        let pairs = scores.rows().flat_map(|(a, t)| a.iter().zip(t));
        return Some(mean(pairs.map(|(&a, &t)| loss(if t >= 0.5 { a } else { 1.0 - a }))));
    }
    Some(mean(scores.rows().map(|(a, t)| a.iter().zip(t).filter(|(_, t)| **t >= 0.5).map(|(&a, _)| loss(a)).sum())))
}

/// The squared distance of probabilities from what is true, summed over several classes.
pub(super) fn brier(tally: &Tally) -> Option<Outcome> {
    let scores = tally.scores.as_ref()?;
    let square = |(a, t): (&f64, &f64)| (a - t) * (a - t);
    let by_row = scores.rows().map(|(a, t)| a.iter().zip(t).map(square).sum::<f64>());
    let outcome = mean(by_row);
    // scikit-learn halves that of two classes, whichever way they are put out; labels are a mean.
    let share = match &tally.counts {
        Counts::Classes(classes) if classes.len() == 2 => {
            if yes_or_no(tally, scores)? {
                1.0
            } else {
                0.5
            }
        }
        Counts::Classes(_) => 1.0,
        Counts::Labels(labels) => 1.0 / labels.len() as f64,
        Counts::Values(_) => return None,
    };
    Some(if let Outcome::Number(sum) = outcome { Outcome::Number(sum * share) } else { outcome })
}

/// The mean over targets of |a − t| / |t|, rows of t = 0 left out and counted.
pub(super) fn relative(tally: &Tally) -> Option<Outcome> {
    let (scores, Counts::Values(_)) = (tally.scores.as_ref()?, &tally.counts) else { return None };
    let (mut sum, mut without) = (0.0, 0);
    for at in 0..scores.width() {
        let column = scores.column(at);
        let zeros = column.iter().filter(|(_, t)| *t == 0.0).count();
        without += zeros as u64;
        let shares = column.iter().filter(|(_, t)| *t != 0.0).map(|(a, t)| ((a - t) / t).abs());
        let Outcome::Number(of_one) = mean(shares) else { return Some(Outcome::Undefined) };
        sum += of_one;
    }
    let number = sum / scores.width() as f64;
    Some(if without == 0 { Outcome::Number(number) } else { Outcome::Without(number, without) })
}
