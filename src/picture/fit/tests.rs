//! Pictures of a fit as a whole: legible, well formed, whatever they are given.

use super::*;
use crate::picture::drawing::Shape;

fn sine(outputs: usize) -> Fit {
    let curve =
        |k: usize| (0..200).map(|i| f64::from(i) / 100.0).map(move |x| (x, (6.0 * x).sin() + k as f64)).collect();
    let spot = |i: u32| {
        let x = f64::from(i % 100) / 50.0;
        let split = Split::ALL[(i % 3) as usize];
        Spot { x, y: (6.0 * x).sin(), of: i as usize % outputs.max(1), value: 0.0, split }
    };
    Fit {
        title: "sine.nn".into(),
        x: ("x".into(), -0.1, 2.1),
        y_name: "y".into(),
        outputs: (0..outputs).map(|k| Output { name: format!("output {k}"), curve: curve(k) }).collect(),
        points: (0..300).map(spot).collect(),
        rows: Split::ALL.map(|split| (split, 100)).into(),
        ..Fit::default()
    }
}

fn legible(fit: &Fit) -> Drawing {
    let drawing = fit.draw();
    drawing.assert_legible();
    let svg = drawing.svg();
    roxmltree::Document::parse(&svg).expect("well formed");
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "a coordinate is no number");
    assert!(!drawing.png(1.0).is_empty());
    drawing
}

#[test]
fn one_curve_lies_over_points_in_the_colours_of_their_splits() {
    let drawing = legible(&sine(1));
    let svg = drawing.svg();
    for words in
        ["training, 100 rows", "validation, 100 rows", "test, 100 rows", "nn-training", "nn-validation", "nn-test"]
    {
        assert!(svg.contains(words), "{words}");
    }
    let curve = drawing.shapes.iter().position(|s| matches!(s, Shape::Path { segments, .. } if segments.len() == 200));
    let point = drawing.shapes.iter().rposition(|s| matches!(s, Shape::Circle { radius, .. } if *radius < 4.5));
    assert!(curve > point, "the curve is on top");
}

#[test]
fn several_curves_have_colours_and_so_have_their_points() {
    let svg = legible(&sine(3)).svg();
    assert!(svg.contains("nn-s0-line") && svg.contains("nn-s2-line") && svg.contains("output 2"));
    assert!(!svg.contains("nn-training"));
}

#[test]
fn a_share_goes_from_0_to_1_and_its_level_is_marked() {
    let mut fit = sine(1);
    for point in &mut fit.points {
        point.y = f64::from(point.y > 0.0);
    }
    fit.outputs[0].curve.iter_mut().for_each(|p| p.1 = 0.5 + 0.5 * p.1);
    (fit.share, fit.level) = (true, Some((0.5, "0.5: the decision changes".into())));
    let svg = legible(&fit).svg();
    assert!(
        svg.contains(">0.5: the decision changes<") && svg.contains(">1</text>") && !svg.contains(">1.2<"),
        "{svg}"
    );
}

#[test]
fn nothing_breaks_on_few_or_hostile_numbers() {
    legible(&Fit::default());
    for values in [[f64::NAN, 1.0], [f64::MAX, -f64::MAX], [f64::INFINITY, 0.0], [5e-324, 0.0], [3.0, 3.0]] {
        let mut fit = sine(20);
        for (i, p) in fit.outputs[0].curve.iter_mut().enumerate() {
            p.1 = values[i % 2];
        }
        for (i, p) in fit.points.iter_mut().enumerate() {
            (p.x, p.y) = (values[(i + 1) % 2], values[i % 2]);
        }
        (fit.x.1, fit.x.2) = (values[0].min(values[1]), values[0].max(values[1]));
        fit.x.0 = "name".repeat(400);
        fit.notes = vec!["a long note ".repeat(60); 30];
        legible(&fit);
    }
}
