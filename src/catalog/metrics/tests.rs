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
    assert!((found - known).abs() <= 1e-14 * known.abs().max(1.0), "{found} and not {known}");
}

fn classes(counts: &[&[u64]], positive: usize) -> Tally {
    Tally { positive, ..Tally::of(Counts::Classes(counts.iter().map(|row| row.to_vec()).collect())) }
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

/// A tally with its rows, output by output.
fn scored(mut tally: Tally, width: usize, pairs: &[(f64, f64)]) -> Tally {
    let mut scores = Scores::new(width);
    scores.extend(pairs.iter().copied());
    tally.scores = Some(scores);
    tally
}

/// One output for two classes, with ties.
fn two_classes(positive: usize) -> Tally {
    let truths = [0., 1., 1., 0., 1., 0., 0., 1., 1., 0., 0., 1.];
    let outputs = [0.1, 0.4, 0.35, 0.4, 0.8, 0.4, 0.2, 0.8, 0.9, 0.8, 0.05, 0.35];
    let pairs: Vec<_> = outputs.into_iter().zip(truths).collect();
    scored(Tally::classes(2, positive), 1, &pairs)
}

/// The same with an output for each class.
fn one_hot(tally: &Tally) -> Tally {
    let (outputs, truths): (Vec<f64>, Vec<f64>) = tally.scores.as_ref().expect("rows").column(0).into_iter().unzip();
    let pairs: Vec<_> = outputs.iter().zip(truths).flat_map(|(&a, t)| [(1.0 - a, 1.0 - t), (a, t)]).collect();
    scored(Tally::classes(2, tally.positive), 2, &pairs)
}

fn three_classes() -> Tally {
    let truths = [0, 2, 1, 1, 0, 2, 2, 1];
    let outputs: [[f64; 3]; 8] = [
        [0.5, 0.25, 0.25],
        [0.25, 0.25, 0.5],
        [0.25, 0.5, 0.25],
        [0.4, 0.4, 0.2],
        [0.1, 0.8, 0.1],
        [0.6, 0.2, 0.2],
        [0.2, 0.4, 0.4],
        [0.25, 0.25, 0.5],
    ];
    let hot = |(row, class): (&[f64; 3], usize)| [0, 1, 2].map(|k| (row[k], f64::from(u8::from(k == class))));
    let pairs: Vec<_> = outputs.iter().zip(truths).flat_map(hot).collect();
    scored(Tally::classes(3, 0), 3, &pairs)
}

#[test]
fn metrics_of_probabilities_are_scikit_learn_s() {
    let known: [(&str, [f64; 3]); 4] = [
        ("auc", [0.75, 0.75, 0.572_222_222_222_222_1]),
        ("average_precision", [0.734_126_984_126_984_1, 0.799_242_424_242_424_2, 0.460_978_835_978_836]),
        ("log_loss", [0.548_205_760_040_285_4, 0.548_205_760_040_285_4, 1.151_292_546_497_022_7]),
        ("brier", [0.192_291_666_666_666_67, 0.192_291_666_666_666_67, 0.7025]),
    ];
    for (name, [second, first, three]) in known {
        for positive in [0, 1] {
            let known = if positive == 1 { second } else { first };
            near(number(name, &two_classes(positive)), known);
            near(number(name, &one_hot(&two_classes(positive))), known);
        }
        near(number(name, &three_classes()), three);
    }
    for (top, known) in [(1, 0.625), (2, 0.875), (3, 1.0), (9, 1.0)] {
        near(number("top_k", &Tally { top, ..three_classes() }), known);
    }
    near(number("top_k", &two_classes(1)), 8.0 / 12.0);
    near(number("top_k", &Tally { top: 2, ..two_classes(1) }), 1.0);
    // A probability of 0 for what is true counts as the least above it.
    let sure = [(0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.5, 0.0)];
    near(number("log_loss", &scored(Tally::classes(2, 1), 1, &sure)), 18.195_113_489_698_564);
    let all_sure = scored(Tally::classes(2, 1), 1, &[(1.0, 1.0), (0.0, 0.0)]);
    assert_eq!(number("log_loss", &all_sure), -(1.0 - f64::EPSILON).ln(), "and one of 1 as the most below it");
}

#[test]
fn metrics_of_probabilities_are_means_over_labels() {
    let truths = [1., 0., 0., 0., 1., 1., 0., 1., 1., 0., 0., 1.];
    let outputs = [0.9, 0.5, 0.5, 0.1, 0.5, 0.5, 0.2, 0.7, 0.5, 0.7, 0.4, 0.9];
    let labels = scored(Tally::labels(2), 2, &outputs.into_iter().zip(truths).collect::<Vec<_>>());
    near(number("auc", &labels), 0.833_333_333_333_333_4);
    near(number("average_precision", &labels), 0.794_444_444_444_444_4);
    near(number("log_loss", &labels), 0.506_369_531_093_172_8);
    near(number("brier", &labels), 0.171_666_666_666_666_7);
    assert_eq!((find("top_k").expect("a metric").read)(&labels), None);
}

#[test]
fn an_order_needs_both_sides() {
    let one_sided = scored(Tally::classes(2, 1), 1, &[(0.2, 0.0), (0.7, 0.0)]);
    assert_eq!(read("auc", &one_sided), Outcome::Undefined);
    assert_eq!(read("average_precision", &one_sided), Outcome::Undefined);
    let all = scored(Tally::classes(2, 1), 1, &[(0.2, 1.0), (0.7, 1.0)]);
    assert_eq!((read("auc", &all), read("average_precision", &all)), (Outcome::Undefined, Outcome::Number(1.0)));
    let equal = scored(Tally::classes(2, 1), 1, &[(0.5, 1.0), (0.5, 0.0), (0.5, 0.0)]);
    near(number("auc", &equal), 0.5);
}

#[test]
fn mape_leaves_out_targets_of_zero() {
    let whole = scored(Tally::values(1), 1, &[(2.5, 3.0), (0.0, -0.5), (2.0, 2.0), (8.0, 7.0)]);
    near(number("mape", &whole), 0.327_380_952_380_952_4);
    let two = [(2.5, 3.0), (11.0, 10.0), (0.0, -0.5), (19.0, 20.0), (2.0, 2.0), (-5.0, -4.0)];
    near(number("mape", &scored(Tally::values(2), 2, &two)), 0.261_111_111_111_111_1);
    let zeros = scored(Tally::values(1), 1, &[(2.5, 3.0), (1.0, 0.0), (2.0, 2.0), (8.0, 0.0)]);
    assert_eq!(read("mape", &zeros), Outcome::Without(0.5 / 3.0 / 2.0, 2));
    assert_eq!(zeros.zeros(), Some(vec![2]));
    assert_eq!(read("mape", &scored(Tally::values(1), 1, &[(1.0, 0.0)])), Outcome::Undefined);
}

#[test]
fn what_was_counted_is_put_back_whole_or_not_at_all() {
    let mut counted = [Tally::classes(2, 1), Tally::labels(2), Tally::values(2), Tally::values(1)];
    assert_eq!(counted[0].positive, 1);
    counted[0].count_class(1, 0);
    for (tally, output) in [(1, 0), (1, 1), (2, 1), (3, 0)] {
        counted[tally].count_output(output, [(0.75, 0.5), (0.25, 3.0), (0.5, 0.0)].into_iter());
    }
    for (tally, width) in [(2, 2), (3, 1)] {
        let mut scores = Scores::new(width);
        scores.extend([(0.75, 0.5), (0.25, 3.0)].into_iter());
        counted[tally].scores = Some(scores);
    }
    for tally in counted {
        let mut empty = tally.clone();
        empty.clear();
        assert_ne!(empty, tally);
        let words = tally.save();
        let (mut longer, mut again) = (words.clone(), empty.clone());
        longer.push(0);
        assert!(!again.restore(&longer) && !again.restore(&words[..words.len() - 1]) && !again.restore(&[]));
        assert_eq!(again, empty, "nothing is changed by what does not fit");
        assert!(again.restore(&words));
        assert_eq!(again, tally);
    }
}

#[test]
fn sums_over_a_target_are_what_they_are_called() {
    let mut tally = Tally::values(1);
    tally.count_output(0, [(1.5, 1.0), (2.0, 3.0), (8.0, 5.0)].into_iter());
    let errors = tally.errors().expect("values")[0];
    assert_eq!((errors.rows, errors.squared, errors.absolute, errors.origin), (3, 10.25, 4.5, 1.0));
    near(errors.mse(), 10.25 / 3.0);
    near(errors.rmse(), (10.25f64 / 3.0).sqrt());
    near(errors.mae(), 1.5);
    // Σ(t − 3)² = 8.
    near(errors.r2().expect("a variance"), 1.0 - 10.25 / 8.0);
}
