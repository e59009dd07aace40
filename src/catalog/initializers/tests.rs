//! What each initializer draws, and what its arguments may be.

use super::*;
use crate::tensor::{Purpose, Stream};

/// Mean and variance over 10⁶ draws against the formulas as the reference writes them, and the bounds.
#[test]
fn draws_have_the_moments_of_the_formula_and_keep_the_bounds() {
    let fans = Fans { into: 30, out: 50 };
    let expected = [
        ("glorot_uniform", 6.0 / 80.0 / 3.0, Some((6.0f64 / 80.0).sqrt())),
        ("glorot_normal", 2.0 / 80.0, None),
        ("he_uniform", 6.0 / 30.0 / 3.0, Some((6.0f64 / 30.0).sqrt())),
        ("he_normal", 2.0 / 30.0, None),
        ("lecun_uniform", 3.0 / 30.0 / 3.0, Some((3.0f64 / 30.0).sqrt())),
        ("lecun_normal", 1.0 / 30.0, None),
    ];
    for (name, variance, bound) in expected {
        let kind = find(name).expect("in the catalog");
        let distribution = (kind.distribution)(&Chosen::default(&kind.signature).arguments, fans);
        check(name, distribution, 0.0, variance, bound.map(|b| (-b, b)));
    }
    check("uniform", Distribution::Uniform { low: -1.0, high: 3.0 }, 1.0, 16.0 / 12.0, Some((-1.0, 3.0)));
    check("normal", Distribution::Normal { mean: 2.0, std: 0.5 }, 2.0, 0.25, None);
    let cut = Distribution::TruncatedNormal { mean: 2.0, std: 0.5 };
    check("truncated_normal", cut, 2.0, 0.25 * 0.773_741_303_549_923_2, Some((1.0, 3.0)));
    check("constant", Distribution::Constant(0.7), 0.7, 0.0, Some((0.7, 0.7)));
}

fn check(name: &str, distribution: Distribution, mean: f64, variance: f64, bounds: Option<(f64, f64)>) {
    let mut draws = vec![0.0f64; 1_000_000];
    distribution.fill(&mut draws, &mut Stream::new(7, Purpose::Init(0)));
    let m = draws.iter().sum::<f64>() / 1e6;
    let v = draws.iter().map(|d| (d - m).powi(2)).sum::<f64>() / 1e6;
    assert!((m - mean).abs() <= 0.01 * variance.sqrt().max(1e-9), "{name}: mean {m}");
    assert!((v - variance).abs() <= 0.01 * variance.max(1e-9), "{name}: variance {v}, not {variance}");
    assert!((distribution.mean() - mean).abs() < 1e-12 && (distribution.variance() - variance).abs() < 1e-12);
    if let Some((low, high)) = bounds {
        assert!(draws.iter().all(|d| (low..=high).contains(d)), "{name}: out of bounds");
    }
}

#[test]
fn a_kind_is_itself_alone() {
    for (at, one) in INITIALIZERS.iter().enumerate() {
        assert!(INITIALIZERS.iter().enumerate().all(|(n, other)| (one == other) == (n == at)), "{one:?}");
    }
}
