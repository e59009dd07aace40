//! Scaling there and back, and what is prepared of each kind of column.

use super::*;

#[test]
fn statistics_are_the_population_s() {
    let s = statistics(&[1.0f64, 0.1, 2.0, 0.1, 3.0, 0.1, 99.0, f64::NAN], 2, &[0, 1, 2]);
    assert_eq!(s[0], Statistics { min: 1.0, max: 3.0, mean: 2.0, std: (2.0f64 / 3.0).sqrt() });
    assert_eq!(s[1], Statistics { min: 0.1, max: 0.1, mean: 0.1, std: 0.0 });
    assert_eq!(Scaling::fit(Scale::Standard, &s[1]).apply(7.0), 0.0);
    let minmax = Scaling::fit(Scale::Minmax, &s[0]);
    assert_eq!((minmax.apply(1.0), minmax.apply(3.0), minmax.undo(0.5)), (0.0, 1.0, 2.0));
}

#[test]
fn a_row_is_encoded_and_read_back() {
    let number = |fill| InputKind::Number {
        statistics: Statistics::default(),
        fill,
        scaling: Scaling::Affine { shift: 5.8, divisor: 0.83 },
    };
    let names = vec!["a".to_owned(), "b".to_owned()];
    let column = |name: &str, kind| InputColumn { name: name.into(), kind };
    let inputs = Inputs::Columns(vec![
        column("x", number(Some(6.63))),
        column("c", InputKind::Category { names, numeric: false, fill: Some(1), unknown: false }),
    ]);
    assert_eq!((inputs.shape().size(), inputs.names()), (3, vec!["x".into(), "c=a".into(), "c=b".into()]));
    let mut out = [9.0f32; 3];
    inputs.encode(&[5.1, 0.0], &mut out);
    assert_eq!(out, [((5.1 - 5.8) / 0.83) as f32, 1.0, 0.0]);
    assert_eq!(inputs.original(&out), [("x".into(), Original::Number(5.1)), ("c".into(), Original::Category("a"))]);
    inputs.encode(&[f64::NAN, f64::NAN], &mut out);
    assert_eq!((out[1], out[2]), (0.0, 1.0));
    assert!((out[0] - 1.0).abs() < 1e-6);
    inputs.encode(&[5.1, UNSEEN], &mut out);
    assert_eq!(inputs.original(&out)[1].1, Original::Unseen);
}

#[test]
fn a_target_far_from_zero_is_undone_to_the_digits_that_its_spread_has() {
    let rule = |shift, divisor| {
        let column = |scaling| ValueColumn { name: "y".into(), statistics: Statistics::default(), scaling };
        TargetRule::Values(vec![column(Scaling::None), column(Scaling::Affine { shift, divisor })])
    };
    // Value, shift and divisor, and the number: rounded to a hundred-millionth of the divisor's power of ten.
    let cases = [
        (0.25f32, 1000.0, 0.5, Some(1000.125)),
        (0.1, 1000.0, 0.5, Some(1_000.050_000_001)),
        (0.1, -1000.0, 0.5, Some(-999.949_999_999)),
        (0.1, 1e12, 3e9, Some(1_000_300_000_000.0)),
        // Too many steps for whole numbers of f64: left as it is.
        (0.5, 1e9, 1e-9, Some(1e9 + 0.5 * 1e-9)),
        // Near enough for single precision.
        (0.1, 32.0, 0.5, None),
        (0.1, 33.0, 0.5, Some(33.050_000_001)),
    ];
    for (value, shift, divisor, number) in cases {
        assert_eq!(rule(shift, divisor).undo_far(1, value), number, "{value} · {divisor} + {shift}");
        assert_eq!(rule(shift, divisor).undo_far(1, f64::from(value)), None, "f64 holds it");
    }
    assert_eq!((rule(1000.0, 0.5).undo_far(0, 0.5f32), rule(1000.0, 0.5).undo_far(2, 0.5f32)), (None, None));
}

#[test]
fn a_block_is_read_back_place_by_place_or_as_a_whole() {
    let block = |shape: &[usize], scaling: &[Scaling]| {
        let statistics = vec![Statistics::default(); scaling.len()];
        Inputs::Block(Unnamed { shape: shape.to_vec(), statistics, scaling: scaling.to_vec() })
    };
    let [a, b] = [(1.0, 2.0), (10.0, 4.0)].map(|(shift, divisor)| Scaling::Affine { shift, divisor });
    let numbers = |inputs: Inputs, row: &[f64]| -> Vec<f64> {
        let number = |(_, original)| if let Original::Number(n) = original { n } else { f64::NAN };
        inputs.original(row).into_iter().map(number).collect()
    };
    assert_eq!(numbers(block(&[2], &[a, b]), &[0.5, 0.25]), [2.0, 11.0]);
    assert_eq!(numbers(block(&[1, 3], &[b]), &[0.5, 0.25, -1.0]), [12.0, 11.0, 6.0]);
}
