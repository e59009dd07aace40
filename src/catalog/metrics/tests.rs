//! Against scikit-learn 1.9 (`precision_recall_fscore_support` with `zero_division=0`, and its regression metrics).

use super::*;

fn read(name: &str, tally: &Tally) -> Outcome {
    find(name).and_then(|m| (m.read)(tally)).unwrap_or_else(|| panic!("{name} cannot be read off"))
}

fn number(name: &str, tally: &Tally) -> f64 {
    let read = read(name, tally);
    if let Outcome::Number(number) = read { number } else { panic!("{name}: {read:?}") }
}

fn near(found: f64, known: f64) {
    assert!((found - known).abs() <= 1e-15 * known.abs().max(1.0), "{found} and not {known}");
}

fn classes(counts: &[&[u64]], positive: usize) -> Tally {
    Tally { counts: Counts::Classes(counts.iter().map(|row| row.to_vec()).collect()), positive }
}

fn expect(tally: &Tally, known: [f64; 3]) {
    for (name, known) in ["precision", "recall", "f1"].into_iter().zip(known) {
        near(number(name, tally), known);
    }
}

const FOUR: [&[u64]; 4] = [&[5, 1, 0, 2], &[2, 3, 0, 0], &[0, 0, 0, 0], &[0, 0, 0, 0]];

#[test]
fn several_classes_are_averaged() {
    let three = classes(&[&[5, 1, 0], &[2, 3, 1], &[0, 0, 4]], 1);
    near(number("accuracy", &three), 12.0 / 16.0);
    expect(&three, [0.754_761_904_761_904_7, 0.777_777_777_777_777_8, 0.752_706_552_706_552_7]);
    // One class is never predicted: its precision counts as 0.
    let never = classes(&[&[5, 0, 1], &[3, 0, 2], &[1, 0, 4]], 1);
    expect(&never, [0.375_661_375_661_375_64, 0.544_444_444_444_444_4, 0.444_444_444_444_444_4]);
    // The third neither occurs nor is predicted, and is left out; the fourth is predicted alone.
    expect(&classes(&FOUR, 1), [0.488_095_238_095_238_14, 0.408_333_333_333_333_4, 0.444_444_444_444_444_4]);
    let hits = classes(&FOUR, 1).hits().expect("classes");
    assert_eq!(hits.iter().map(|h| h.is_met()).collect::<Vec<_>>(), [true, true, false, true]);
    assert_eq!(hits.iter().map(|h| h.rows()).collect::<Vec<_>>(), [8, 5, 0, 0]);
    near(hits[0].recall(), 0.625);
    near(hits[1].f1(), 0.666_666_666_666_666_6);
}

#[test]
fn of_two_classes_one_is_positive() {
    let two: [&[u64]; 2] = [&[50, 10], &[5, 35]];
    expect(&classes(&two, 1), [0.777_777_777_777_777_8, 0.875, 0.823_529_411_764_706]);
    expect(&classes(&two, 0), [0.909_090_909_090_909_1, 0.833_333_333_333_333_4, 0.869_565_217_391_304_3]);
    let one_sided = classes(&[&[7, 0], &[0, 0]], 1);
    for name in ["precision", "recall", "f1"] {
        assert_eq!(read(name, &one_sided), Outcome::Undefined, "{name} of a class that is not there");
    }
    expect(&classes(&[&[7, 0], &[2, 0]], 1), [0.0, 0.0, 0.0]);
    expect(&classes(&[&[7, 2], &[0, 0]], 1), [0.0, 0.0, 0.0]);
}

#[test]
fn labels_are_averaged_and_have_a_table_each() {
    let truth = [[1, 0, 0], [1, 1, 0], [0, 1, 0], [1, 0, 0], [0, 0, 0], [1, 1, 0]];
    let found = [[1, 0, 0], [1, 0, 1], [0, 1, 0], [0, 0, 0], [1, 0, 0], [1, 1, 0]];
    let mut labels = Tally::labels(3);
    for label in 0..3 {
        let rows = found.iter().zip(&truth).map(|(a, t)| (f64::from(a[label]), f64::from(t[label])));
        labels.count_output(label, rows);
    }
    expect(&labels, [0.583_333_333_333_333_3, 0.472_222_222_222_222_15, 0.516_666_666_666_666_7]);
    assert_eq!(read("confusion", &labels), Outcome::Tables(vec![[[1, 1], [1, 3]], [[3, 0], [1, 2]], [[5, 1], [0, 0]]]));
    near(number("accuracy", &labels), 14.0 / 18.0);
}

fn values(columns: &[&[(f64, f64)]]) -> Tally {
    let mut tally = Tally::values(columns.len());
    for (k, rows) in columns.iter().enumerate() {
        tally.count_output(k, rows.iter().copied());
    }
    tally
}

#[test]
fn values_are_measured_target_by_target_and_averaged() {
    let near_targets: &[(f64, f64)] = &[(2.5, 3.0), (0.0, -0.5), (2.0, 2.0), (8.0, 7.0)];
    let wide: &[(f64, f64)] = &[(0.0, -0.5), (99.0, 100.25), (8.0, 7.0), (1001.5, 1000.0)];
    let known: [(&str, [f64; 2], f64); 4] = [
        ("mse", [0.375, 1.265_625], 0.820_312_5),
        ("rmse", [0.612_372_435_695_794_5, 1.125], 0.868_686_217_847_897_2),
        ("mae", [0.5, 1.0625], 0.781_25),
        ("r2", [0.948_608_137_044_967_9, 0.999_992_807_676_127_5], 0.974_300_472_360_547_7),
    ];
    let both = values(&[near_targets, wide]);
    for (name, each, mean) in known {
        near(number(name, &both), mean);
        near(number(name, &values(&[near_targets])), each[0]);
        let (_, of) = OF_A_TARGET.iter().find(|(n, _)| *n == name).expect("of a target");
        let errors = both.errors().expect("values");
        near(of(&errors[1]).expect("defined"), each[1]);
    }
}

#[test]
fn r2_of_equal_targets_is_undefined() {
    let equal: &[(f64, f64)] = &[(0.1, 0.3), (0.3, 0.3), (0.5, 0.3)];
    for rows in [equal, &[(1.0, 6.0)], &[(6.0, 6.0)], &[(0.3, 0.3), (0.3, 0.3)]] {
        assert_eq!(read("r2", &values(&[rows])), Outcome::Undefined, "{rows:?}");
        assert!(number("mae", &values(&[rows])).is_finite());
    }
    // Of two targets the mean is undefined where that of one is.
    let varied: &[(f64, f64)] = &[(0.1, 0.3), (0.3, 0.4), (0.5, 0.5)];
    assert_eq!(read("r2", &values(&[varied, equal])), Outcome::Undefined);
    // However little they vary beside their size, there is something to explain.
    let far: &[(f64, f64)] = &[(1e9, 1e9), (1e9 + 1e-6, 1e9 + 1e-6)];
    near(number("r2", &values(&[far])), 1.0);
}
