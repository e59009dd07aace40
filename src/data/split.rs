//! Which rows are trained on, and which are held out to watch training and to judge its result.

use crate::tensor::{Purpose, Stream};

/// Row numbers, each list in ascending order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Split {
    pub(super) train: Vec<u32>,
    pub(super) validation: Vec<u32>,
    pub(super) test: Vec<u32>,
}

/// Divides `rows` rows. A share of s holds out round(s · rows) of them, at least one where it is above 0, as
/// long as a row of each class is left to train on. With `classes` (one a row), each class gives its share
/// (largest remainders), otherwise all rows are one class. The test rows do not depend on the validation share.
pub(super) fn split(rows: usize, classes: Option<&[u32]>, validation: f64, test: f64, seed: u64) -> Split {
    let mut stream = Stream::new(seed, Purpose::Split);
    let mut strata: Vec<Vec<u32>> = Vec::new();
    for row in 0..rows {
        let class = classes.map_or(0, |c| c[row] as usize);
        if strata.len() <= class {
            strata.resize(class + 1, Vec::new());
        }
        strata[class].push(row as u32);
    }
    let sizes: Vec<usize> = strata.iter().map(Vec::len).collect();
    let free: Vec<usize> = sizes.iter().map(|n| n.saturating_sub(1)).collect();
    let tested = allot(&sizes, &free, test);
    let free: Vec<usize> = free.iter().zip(&tested).map(|(f, t)| f - t).collect();
    let validated = allot(&sizes, &free, validation);
    let mut split = Split::default();
    for ((mut stratum, tested), validated) in strata.into_iter().zip(tested).zip(validated) {
        stream.shuffle(&mut stratum);
        let (test, rest) = stratum.split_at(tested);
        let (validation, train) = rest.split_at(validated);
        split.test.extend_from_slice(test);
        split.validation.extend_from_slice(validation);
        split.train.extend_from_slice(train);
    }
    split.test.sort_unstable();
    split.validation.sort_unstable();
    split.train.sort_unstable();
    split
}

/// How many rows each stratum gives: its share, rounded so that they sum to the share of all, and never more
/// than it has `free`.
fn allot(sizes: &[usize], free: &[usize], share: f64) -> Vec<usize> {
    let rows: usize = sizes.iter().sum();
    if share <= 0.0 || rows == 0 {
        return vec![0; sizes.len()];
    }
    let wanted = ((share * rows as f64).round() as usize).max(1);
    let exact: Vec<f64> = sizes.iter().map(|&n| share * n as f64).collect();
    let mut given: Vec<usize> = exact.iter().zip(free).map(|(e, &f)| (e.floor() as usize).min(f)).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by(|&a, &b| (exact[b] - exact[b].floor()).total_cmp(&(exact[a] - exact[a].floor())).then(a.cmp(&b)));
    let mut left = wanted.saturating_sub(given.iter().sum());
    while left > 0 {
        let before = left;
        for &stratum in &order {
            if left > 0 && given[stratum] < free[stratum] {
                given[stratum] += 1;
                left -= 1;
            }
        }
        if left == before {
            break;
        }
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_exact_disjoint_and_stratified() {
        let classes: Vec<u32> = (0..150).map(|row| row / 50).collect();
        let s = split(150, Some(&classes), 0.15, 0.15, 7);
        assert_eq!((s.train.len(), s.validation.len(), s.test.len()), (104, 23, 23));
        for class in 0..3 {
            let count = |rows: &[u32]| rows.iter().filter(|&&r| classes[r as usize] == class).count();
            assert!((7..=8).contains(&count(&s.test)) && (7..=8).contains(&count(&s.validation)));
        }
        let mut all = [&s.train[..], &s.validation, &s.test].concat();
        all.sort_unstable();
        assert_eq!(all, (0..150).collect::<Vec<u32>>());
        assert_eq!(s, split(150, Some(&classes), 0.15, 0.15, 7), "the same seed, the same rows");
        assert_ne!(s, split(150, Some(&classes), 0.15, 0.15, 8), "another seed, other rows");
        assert_eq!(s.test, split(150, Some(&classes), 0.4, 0.15, 7).test, "whatever the validation share");
    }

    #[test]
    fn small_data_keeps_a_row_of_each_class_to_train_on() {
        let s = split(4, None, 0.1, 0.1, 1);
        assert_eq!((s.train.len(), s.validation.len(), s.test.len()), (2, 1, 1));
        let s = split(5, Some(&[0, 0, 0, 0, 1]), 0.0, 0.5, 1);
        assert!(s.train.contains(&4), "the only row of its class");
        assert_eq!(s.test.len(), 3);
        let s = split(1, None, 0.5, 0.4, 1);
        assert_eq!((s.train.len(), s.validation.len(), s.test.len()), (1, 0, 0));
        assert_eq!(split(0, None, 0.5, 0.4, 1), Split::default());
    }
}
