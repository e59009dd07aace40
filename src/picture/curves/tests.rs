//! Pictures of curves as a whole: legible, well formed, bounded, whatever they are given.

use super::*;
use crate::picture::drawing::Shape;

fn series(name: &str, points: impl IntoIterator<Item = (f64, f64)>) -> Series {
    Series { name: name.into(), points: points.into_iter().collect(), ..Series::default() }
}

fn curves(series: Vec<Series>) -> Curves {
    Curves { title: "iris.nn".into(), x_name: "epoch".into(), y_name: "cross entropy".into(), series, ordered: false }
}

fn legible(curves: &Curves) -> String {
    let drawing = curves.draw();
    drawing.assert_legible();
    let svg = drawing.svg();
    roxmltree::Document::parse(&svg).expect("well formed");
    assert!(!svg.contains("NaN\"") && !svg.contains("inf"), "a coordinate is no number");
    svg
}

#[test]
fn names_do_not_meet_though_all_lines_end_alike() {
    let lines =
        (0..12).map(|i| series(&format!("learning_rate = {i}"), (1..50).map(|x| (f64::from(x), 1.0)))).collect();
    let svg = legible(&curves(lines));
    assert!(svg.contains("learning_rate = 11"));
}

#[test]
fn the_scale_follows_the_span() {
    let falling =
        |decades: f64| series("train", (0..=100).map(|i| (f64::from(i), 10f64.powf(-decades * f64::from(i) / 100.0))));
    assert!(!legible(&curves(vec![falling(1.9)])).contains("log scale"));
    assert!(legible(&curves(vec![falling(2.1)])).contains("log scale"));
    let mut signed = falling(4.0);
    signed.points.push((101.0, -0.5));
    assert!(!legible(&curves(vec![signed])).contains("log scale"));
}

#[test]
fn the_best_epoch_is_named() {
    let mut train = series("train", (1..=20).map(|x| (f64::from(x), 1.0 / f64::from(x))));
    for best in [0, 11, 19] {
        train.best = Some(best);
        let svg = legible(&curves(vec![train.clone()]));
        assert!(svg.contains(&format!("best: epoch {}, ", best + 1)), "{best}");
    }
    train.best = Some(99);
    assert!(!legible(&curves(vec![train])).contains("best:"));
}

#[test]
fn what_diverges_is_said_and_does_not_flatten_the_rest() {
    let good = series("0.1", (1..=50).map(|x| (f64::from(x), 1.0 - 0.01 * f64::from(x))));
    let bad = series("10", (1..=8).map(|x| (f64::from(x), if x < 8 { 10f64.powi(4 * x - 4) } else { f64::NAN })));
    let svg = legible(&curves(vec![good, bad]));
    assert!(svg.contains("not finite at epoch 8") && !svg.contains("log scale"), "{svg}");
}

#[test]
fn where_all_diverge_their_beginning_is_seen() {
    let lost = |x: i32| (f64::from(x), if x < 12 { 0.7 * 10f64.powi(x * x / 6) } else { f64::NAN });
    let svg = legible(&curves(vec![series("train", (1..=12).map(lost)), series("validation", (1..=12).map(lost))]));
    assert!(svg.contains(">1</text>") && !svg.contains("10²⁰"), "{svg}");
}

#[test]
fn a_loss_of_zero_lies_on_the_floor_of_a_log_scale() {
    let zero = series("train", [(1.0, 1.0), (2.0, 1e-3), (3.0, 1e-5), (4.0, 0.0)]);
    let drawing = curves(vec![zero]).draw();
    let low = drawing.shapes.iter().filter_map(|s| if let Shape::Circle { at, .. } = s { Some(at.1) } else { None });
    let floor = low.fold(0.0, f64::max);
    assert!(drawing.svg().contains("log scale") && floor < drawing.height - 50.0, "{floor}");
}

#[test]
fn nothing_breaks_on_few_or_hostile_points() {
    let nan = f64::NAN;
    let cases: Vec<Vec<(f64, f64)>> = vec![
        vec![],
        vec![(1.0, 0.5)],
        vec![(1.0, nan)],
        vec![(nan, 1.0), (f64::INFINITY, 2.0)],
        vec![(1.0, 0.0), (2.0, 0.0)],
        vec![(1.0, f64::MAX), (2.0, -f64::MAX)],
        vec![(1.0, 5e-324), (2.0, f64::MAX)],
        vec![(1.0, nan), (2.0, 1.0), (3.0, nan), (4.0, 2.0), (5.0, nan)],
        vec![(0.0, 1.0), (1e308, 2.0), (-1e308, 3.0)],
    ];
    legible(&curves(vec![]));
    for points in cases {
        legible(&curves(vec![series("<train> & \"x\"", points)]));
    }
}

#[test]
fn size_is_bounded() {
    let line =
        |n: u32| series(&"name".repeat(1000), (0..2000).map(move |x| (f64::from(x), f64::from((x * 7919 + n) % 101))));
    let svg = legible(&curves((0..450).map(line).collect()));
    assert!(svg.len() < 3_000_000, "{}", svg.len());
    let long = series("train", (0..200_000).map(|x| (f64::from(x), f64::from(x % 100))));
    let svg = legible(&curves(vec![long]));
    assert!(svg.len() < 60_000, "{}", svg.len());
}

#[test]
fn lines_of_splits_have_their_colours() {
    let mut train = series("training", [(1.0, 1.0), (2.0, 0.5)]);
    train.split = Some(Split::Training);
    let other = series("other", [(1.0, 2.0), (2.0, 1.5)]);
    let svg = legible(&curves(vec![train, other]));
    assert!(svg.contains("nn-training-line") && svg.contains("nn-s1-line") && !svg.contains("nn-s0"), "{svg}");
}
