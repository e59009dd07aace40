//! [`TargetRows`]: targets in the form that losses take, and the constants that are nearest to them.

/// Targets of some rows, and what multiplies each row's loss.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetRows {
    /// Numbers in one row.
    pub width: usize,
    /// width × rows, one row contiguous.
    pub values: Vec<f64>,
    /// One for each row.
    pub weights: Vec<f64>,
}

impl TargetRows {
    /// Each row with its weight.
    pub fn rows(&self) -> impl Iterator<Item = (&[f64], f64)> {
        self.values.chunks_exact(self.width).zip(self.weights.iter().copied())
    }

    /// The weighted mean over the rows of what `f` makes of each.
    pub fn mean(&self, mut f: impl FnMut(&[f64]) -> f64) -> f64 {
        let (mut sum, mut whole) = (0.0, 0.0);
        for (row, weight) in self.rows() {
            sum += weight * f(row);
            whole += weight;
        }
        sum / whole
    }

    /// The smallest and the largest target.
    pub fn bounds(&self) -> (f64, f64) {
        self.values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &v| (low.min(v), high.max(v)))
    }

    /// Whether every target is 0 or 1.
    pub fn are_labels(&self) -> bool {
        self.values.iter().all(|&v| v == 0.0 || v == 1.0)
    }

    /// The targets of one output alone.
    #[must_use]
    pub fn output(&self, unit: usize) -> Self {
        let values = self.values.iter().skip(unit).step_by(self.width).copied().collect();
        Self { width: 1, values, weights: self.weights.clone() }
    }

    /// The least target of an output below which, itself included, is this share of the weight.
    pub fn quantile(&self, unit: usize, share: f64) -> f64 {
        let mut pairs: Vec<(f64, f64)> = self.rows().map(|(t, weight)| (t[unit], weight)).collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let part = share * pairs.iter().map(|p| p.1).sum::<f64>();
        let mut sum = 0.0;
        let at = pairs.iter().find(|(_, weight)| {
            sum += weight;
            sum >= part
        });
        at.map_or(0.0, |p| p.0)
    }
}

/// Where a convex function is least between two ends: thirds that cannot hold that place are cut off.
pub(super) fn least((mut low, mut high): (f64, f64), f: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..60 {
        let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        if f(a) < f(b) { high = b } else { low = a }
    }
    f64::midpoint(low, high)
}

/// The distribution nearest to `t` (Held, Wolfe and Crowder 1974): max(t − θ, 0) with θ such that it sums to 1.
pub(super) fn nearest_distribution(t: &[f64]) -> Vec<f64> {
    let mut sorted = t.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let (mut sum, mut theta) = (0.0, 0.0);
    for (count, value) in sorted.iter().enumerate() {
        sum += value;
        let candidate = (sum - 1.0) / (count + 1) as f64;
        if value - candidate > 0.0 {
            theta = candidate;
        }
    }
    t.iter().map(|v| (v - theta).max(0.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9 * b.abs().max(1.0), "{a} is not {b}");
    }

    #[test]
    fn the_nearest_distribution_is_one() {
        for t in [vec![0.2, 0.3], vec![3.0, 103.0, -5.0], vec![0.0; 5], vec![-2.0, -1.0]] {
            let p = nearest_distribution(&t);
            near(p.iter().sum(), 1.0);
            assert!(p.iter().all(|&v| v >= 0.0));
        }
    }

    #[test]
    fn bounds_and_labels_are_told_from_every_target() {
        let rows = |values: &[f64]| TargetRows { width: 1, values: values.to_vec(), weights: vec![1.0; values.len()] };
        assert_eq!((rows(&[2.0, 9.0, -3.0]).bounds(), rows(&[5.0]).bounds()), ((-3.0, 9.0), (5.0, 5.0)));
        let are_labels = [&[0.0, 1.0][..], &[0.0], &[1.0], &[1.0, 0.5], &[0.0, 2.0]].map(|v| rows(v).are_labels());
        assert_eq!(are_labels, [true, true, true, false, false]);
    }

    #[test]
    fn quantiles_weigh_rows() {
        let rows = TargetRows { width: 1, values: vec![3.0, 1.0, 2.0], weights: vec![1.0, 1.0, 4.0] };
        assert_eq!([0.1, 0.5, 0.9].map(|q| rows.quantile(0, q)), [1.0, 2.0, 3.0]);
        near(least((-3.0, 5.0), |x| (x - 1.25).powi(2)), 1.25);
    }
}
