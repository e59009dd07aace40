//! Which rows are trained on, and which are held out to watch training and to judge its result. A row's side follows
//! from what it says: see [`super::keys`].

use serde::{Deserialize, Serialize};

/// Row numbers, each list in ascending order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Split {
    pub(super) train: Vec<u32>,
    pub(super) validation: Vec<u32>,
    pub(super) test: Vec<u32>,
}

/// On which side of a split a row is, wherever it stands: saved with a model, so that a row which was trained on is
/// known for it in data that has changed since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitRule {
    /// The program's `split_seed`, on which ranks hang.
    pub seed: u64,
    /// The bounds of each class by its name, or one of no name for all rows.
    pub strata: Vec<Stratum>,
}

/// Bounds of ranks, which are 64-bit numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stratum {
    /// The class, where classes are split one by one.
    pub class: Option<String>,
    /// Rows of lower rank are test rows.
    pub test: u64,
    /// Other rows of lower rank are validation rows, and all others training rows.
    pub validation: u64,
}

impl Stratum {
    /// Rows of lower rank are held out.
    pub(super) fn held_out(&self) -> u64 {
        self.test.max(self.validation)
    }
}

/// The classes of rows, where they are to keep their shares.
#[derive(Clone, Copy, Debug)]
pub(super) struct Classes<'c> {
    /// One a row.
    pub(super) ids: &'c [u32],
    pub(super) names: &'c [String],
}

/// Divides rows by their ranks, the lowest to the test rows, those that follow to the validation rows. A share of s
/// holds out round(s · rows) of them, at least one where it is above 0, as long as a row of each class is left to
/// train on. With `classes` each class gives its share (largest remainders), otherwise all rows are one class. The
/// test rows do not depend on the validation share.
pub(super) fn split(
    ranks: &[u64],
    classes: Option<Classes<'_>>,
    (validation, test): (f64, f64),
    seed: u64,
) -> (Split, SplitRule) {
    let mut strata: Vec<Vec<u32>> = vec![Vec::new(); classes.map_or(1, |c| c.names.len())];
    for row in 0..ranks.len() {
        strata[classes.map_or(0, |c| c.ids[row] as usize)].push(row as u32);
    }
    let sizes: Vec<usize> = strata.iter().map(Vec::len).collect();
    let free: Vec<usize> = sizes.iter().map(|n| n.saturating_sub(1)).collect();
    let tested = allot(&sizes, &free, test);
    let free: Vec<usize> = free.iter().zip(&tested).map(|(f, t)| f - t).collect();
    let validated = allot(&sizes, &free, validation);
    let mut split = Split::default();
    let mut rule = SplitRule { seed, strata: Vec::new() };
    for (n, mut stratum) in strata.into_iter().enumerate() {
        let rank = |row: &u32| (ranks[*row as usize], *row);
        let mut bounds = [0; 2];
        let mut rest = &mut stratum[..];
        for (count, bound, held) in [(tested[n], 0, &mut split.test), (validated[n], 1, &mut split.validation)] {
            if let Some(first) =
                (count > 0 && count < rest.len()).then(|| rest.select_nth_unstable_by_key(count, rank).1)
            {
                bounds[bound] = ranks[*first as usize];
            }
            let (own, others) = rest.split_at_mut(count);
            held.extend_from_slice(own);
            rest = others;
        }
        split.train.extend_from_slice(rest);
        let class = classes.map(|c| c.names[n].clone());
        rule.strata.push(Stratum { class, test: bounds[0], validation: bounds[1] });
    }
    split.sort(ranks.len());
    (split, rule)
}

impl Split {
    /// Puts each list in order. The lists share `rows` rows among them.
    fn sort(&mut self, rows: usize) {
        let mut sides = vec![0u8; rows];
        self.validation.iter().for_each(|&row| sides[row as usize] = 1);
        self.test.iter().for_each(|&row| sides[row as usize] = 2);
        for (side, list) in [&mut self.train, &mut self.validation, &mut self.test].into_iter().enumerate() {
            list.clear();
            list.extend((0..rows as u32).filter(|&row| usize::from(sides[row as usize]) == side));
        }
    }
}

impl SplitRule {
    /// The sides of rows, other ones perhaps than those that the rule was made of. A class that it does not know has
    /// the bounds of the first.
    pub(super) fn divide(&self, ranks: &[u64], classes: Option<Classes<'_>>) -> Split {
        let bounds_of = |class: Option<&String>| {
            let own = self.strata.iter().find(|s| s.class.as_ref() == class);
            own.or(self.strata.first()).map_or((0, 0), |s| (s.test, s.validation))
        };
        let bounds: Vec<_> = match classes {
            Some(classes) => classes.names.iter().map(|name| bounds_of(Some(name))).collect(),
            None => vec![bounds_of(None)],
        };
        let mut split = Split::default();
        for (row, &rank) in ranks.iter().enumerate() {
            let (test, validation) = bounds[classes.map_or(0, |c| c.ids[row] as usize)];
            let side = match rank {
                _ if rank < test => &mut split.test,
                _ if rank < validation => &mut split.validation,
                _ => &mut split.train,
            };
            side.push(row as u32);
        }
        split
    }

    /// Whether classes are split one by one.
    pub(super) fn is_stratified(&self) -> bool {
        self.strata.iter().any(|s| s.class.is_some())
    }
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
    use crate::data::keys;

    fn ranked(rows: u64, seed: u64) -> Vec<u64> {
        keys::ranks((0..rows).map(crate::data::hash::mix).collect(), seed)
    }

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|n| n.to_string()).collect()
    }

    #[test]
    fn shares_are_exact_disjoint_and_stratified() {
        let (ids, names): (Vec<u32>, _) = ((0..150).map(|row| row / 50).collect(), names(3));
        let classes = Some(Classes { ids: &ids, names: &names });
        let split = |shares, seed| split(&ranked(150, seed), classes, shares, seed).0;
        let s = split((0.15, 0.15), 7);
        assert_eq!((s.train.len(), s.validation.len(), s.test.len()), (104, 23, 23));
        for class in 0..3 {
            let count = |rows: &[u32]| rows.iter().filter(|&&r| ids[r as usize] == class).count();
            assert!((7..=8).contains(&count(&s.test)) && (7..=8).contains(&count(&s.validation)));
        }
        let mut all = [&s.train[..], &s.validation, &s.test].concat();
        all.sort_unstable();
        assert_eq!(all, (0..150).collect::<Vec<u32>>());
        assert_eq!(s, split((0.15, 0.15), 7), "the same seed, the same rows");
        assert_ne!(s, split((0.15, 0.15), 8), "another seed, other rows");
        assert_eq!(s.test, split((0.4, 0.15), 7).test, "whatever the validation share");
    }

    #[test]
    fn small_data_keeps_a_row_of_each_class_to_train_on() {
        let s = |rows, classes, shares| split(&ranked(rows, 1), classes, shares, 1).0;
        let four = s(4, None, (0.1, 0.1));
        assert_eq!((four.train.len(), four.validation.len(), four.test.len()), (2, 1, 1));
        let names = names(2);
        let five = s(5, Some(Classes { ids: &[0, 0, 0, 0, 1], names: &names }), (0.0, 0.5));
        assert!(five.train.contains(&4), "the only row of its class");
        assert_eq!(five.test.len(), 3);
        let one = s(1, None, (0.5, 0.4));
        assert_eq!((one.train.len(), one.validation.len(), one.test.len()), (1, 0, 0));
        assert_eq!(s(0, None, (0.5, 0.4)), Split::default());
    }

    #[test]
    fn the_rule_gives_the_split_it_was_made_of_and_keeps_each_row_on_its_side() {
        let (ids, names): (Vec<u32>, _) = ((0..200).map(|row| row % 2).collect(), names(2));
        let classes = Some(Classes { ids: &ids, names: &names });
        let ranks = ranked(200, 3);
        let (made, rule) = split(&ranks, classes, (0.1, 0.25), 3);
        assert_eq!(rule.divide(&ranks, classes), made);
        // Rows dropped, and put in another order: what was trained on stays so.
        let kept: Vec<usize> = (0..200).rev().filter(|row| row % 3 != 0).collect();
        let (ranks, ids): (Vec<u64>, Vec<u32>) = kept.iter().map(|&r| (ranks[r], ids[r])).unzip();
        let again = rule.divide(&ranks, Some(Classes { ids: &ids, names: &names }));
        assert!(again.train.iter().all(|&row| made.train.contains(&(kept[row as usize] as u32))));
        assert!(again.test.iter().all(|&row| made.test.contains(&(kept[row as usize] as u32))));
    }

    #[test]
    fn shares_are_given_by_largest_remainders() {
        type Case<'c> = (&'c [usize], &'c [usize], f64, &'c [usize]);
        // Rows of each class, how many of them are free, the share, and what each gives.
        let cases: &[Case<'_>] = &[
            (&[10, 10], &[9, 9], 0.0, &[0, 0]),
            (&[10, 10], &[9, 9], -0.5, &[0, 0]),
            (&[], &[], 0.5, &[]),
            (&[0, 0], &[0, 0], 0.5, &[0, 0]),
            // At least one row, from the class that comes first.
            (&[3, 3], &[2, 2], 0.01, &[1, 0]),
            // 0.25 of 7, 6 and 5 are 1.75, 1.5 and 1.25: round(4.5) = 5 rows, the remainders' two to the first two.
            (&[7, 6, 5], &[6, 5, 4], 0.25, &[2, 2, 1]),
            (&[5, 6, 7], &[4, 5, 6], 0.25, &[1, 2, 2]),
            // What one class cannot give the others do, round after round.
            (&[2, 20], &[1, 19], 0.9, &[1, 19]),
            (&[9, 1, 1], &[8, 0, 0], 0.5, &[6, 0, 0]),
            (&[4, 4], &[1, 3], 0.75, &[1, 3]),
            (&[4, 4], &[0, 0], 0.75, &[0, 0]),
        ];
        for (sizes, free, share, given) in cases {
            assert_eq!(allot(sizes, free, *share), *given, "{share} of {sizes:?}, {free:?} free");
        }
    }

    #[test]
    fn the_lowest_ranks_are_tested_and_those_that_follow_watched() {
        let ranks = [50, 10, 40, 20, 30, 60, 80, 70];
        let (made, rule) = split(&ranks, None, (0.25, 0.25), 9);
        assert_eq!((&made.test[..], &made.validation[..]), (&[1, 3][..], &[2, 4][..]));
        assert_eq!(made.train, [0, 5, 6, 7]);
        assert_eq!(rule, SplitRule { seed: 9, strata: vec![Stratum { class: None, test: 30, validation: 50 }] });
        assert_eq!((rule.strata[0].held_out(), rule.is_stratified()), (50, false));
        let (_, tested) = split(&ranks, None, (0.0, 0.25), 9);
        assert_eq!((tested.strata[0].test, tested.strata[0].validation, tested.strata[0].held_out()), (30, 0, 30));
        // By class, and a class that the rule does not know, which has the bounds of the first.
        let (ids, known) = ([0, 1, 0, 1, 0, 1, 0, 1], names(2));
        let (_, rule) = split(&ranks, Some(Classes { ids: &ids, names: &known }), (0.0, 0.5), 9);
        let bounds: Vec<_> = rule.strata.iter().map(|s| (s.class.as_deref(), s.test, s.validation)).collect();
        assert_eq!((bounds, rule.is_stratified()), (vec![(Some("0"), 50, 0), (Some("1"), 60, 0)], true));
        let other = vec!["1".to_owned(), "x".to_owned()];
        let sides = rule.divide(&[59, 60, 49, 50], Some(Classes { ids: &[0, 0, 1, 1], names: &other }));
        assert_eq!((&sides.test[..], &sides.train[..]), (&[0, 2][..], &[1, 3][..]));
        assert_eq!(rule.divide(&[49, 50], None), Split { test: vec![0], train: vec![1], ..Split::default() });
        let none = SplitRule { seed: 0, strata: Vec::new() };
        assert_eq!(none.divide(&[0, 1], None).train, [0, 1]);
    }
}
