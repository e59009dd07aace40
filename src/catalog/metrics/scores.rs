//! [`Scores`]: outputs and truths row by row, for metrics that ask for the order or the size of outputs. They are kept
//! only where such a metric is asked for.

/// Outputs and truths, one row contiguous.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// Numbers in one row; 1 where one output stands for the second of two classes.
    width: usize,
    outputs: Vec<f64>,
    truths: Vec<f64>,
}

impl Scores {
    /// None yet, of rows with so many outputs.
    pub const fn new(width: usize) -> Self {
        Self { width, outputs: Vec::new(), truths: Vec::new() }
    }

    /// Forgets all, and keeps its memory.
    pub fn clear(&mut self) {
        self.outputs.clear();
        self.truths.clear();
    }

    /// Everything in it, to be kept.
    pub fn save(&self) -> impl Iterator<Item = u64> + '_ {
        self.outputs.iter().chain(&self.truths).map(|value| value.to_bits())
    }

    /// Puts back what was kept of rows of the same width; whether it was.
    pub fn restore(&mut self, words: &[u64]) -> bool {
        let fits = words.len().is_multiple_of(2 * self.width.max(1));
        if fits {
            let (outputs, truths) = words.split_at(words.len() / 2);
            let values = |words: &[u64]| words.iter().map(|&word| f64::from_bits(word)).collect();
            (self.outputs, self.truths) = (values(outputs), values(truths));
        }
        fits
    }

    /// Adds rows, output by output: what is predicted, and the truth.
    pub fn extend(&mut self, pairs: impl Iterator<Item = (f64, f64)>) {
        for (output, truth) in pairs {
            self.outputs.push(output);
            self.truths.push(truth);
        }
    }

    /// Numbers in one row.
    pub(super) const fn width(&self) -> usize {
        self.width
    }

    /// Each row's outputs and truths.
    pub(super) fn rows(&self) -> impl ExactSizeIterator<Item = (&[f64], &[f64])> {
        self.outputs.chunks_exact(self.width).zip(self.truths.chunks_exact(self.width))
    }

    /// One output over all rows, and its truths.
    pub(super) fn column(&self, at: usize) -> Vec<(f64, f64)> {
        self.rows().map(|(outputs, truths)| (outputs[at], truths[at])).collect()
    }
}

/// The share of pairs of a row that is and a row that is not in which the first has the higher score, equal scores
/// counting half (Mann and Whitney). `None` without such a pair.
pub(super) fn auc(scores: &[(f64, bool)]) -> Option<f64> {
    let (mut below, mut doubled) = (0u128, 0u128);
    for [yes, no] in ties(scores) {
        doubled += u128::from(yes) * (2 * below + u128::from(no));
        below += u128::from(no);
    }
    let positives = scores.iter().filter(|(_, is)| *is).count() as u128;
    let pairs = 2 * positives * below;
    (pairs > 0).then(|| doubled as f64 / pairs as f64)
}

/// Σ over thresholds, from the highest, of the precision there times the recall that it adds; rows of equal score come
/// together. `None` where no row is.
pub(super) fn average_precision(scores: &[(f64, bool)]) -> Option<f64> {
    let positives = scores.iter().filter(|(_, is)| *is).count() as f64;
    let (mut hits, mut called, mut sum) = (0u64, 0u64, 0.0);
    for [yes, no] in ties(scores).into_iter().rev() {
        hits += yes;
        called += yes + no;
        sum += yes as f64 * (hits as f64 / called as f64);
    }
    (positives > 0.0).then(|| sum / positives)
}

/// From the lowest score up, how many rows of that score are, and how many are not.
fn ties(scores: &[(f64, bool)]) -> Vec<[u64; 2]> {
    let mut sorted = scores.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let count = |run: &[(f64, bool)]| {
        let yes = run.iter().filter(|(_, is)| *is).count();
        [yes as u64, (run.len() - yes) as u64]
    };
    sorted.chunk_by(|a, b| a.0 == b.0).map(count).collect()
}
