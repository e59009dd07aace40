//! Whether a target is a class or a value, and the order of classes.

use crate::data::Targets;
use crate::data::tests::{bad, columns, csv, good, only, place, text};
use crate::diagnostic::codes;
use crate::ir::spec::{Scale, TargetFacts};
use crate::source::{Span, Spanned};

#[test]
fn targets_are_classes_or_values() {
    let d = good::<f32>(&csv("y"), &text("x,y\n1,10\n2,9\n3,2\n"));
    assert!(matches!(&d.facts.target, TargetFacts::Values { names, binary: false, .. } if names == &["y"]));
    let mut spec = csv("y");
    spec.category = columns(&["y"]);
    let d = good::<f32>(&spec, &text("x,y\n1,10\n2,9.0\n3,2\n4,9\n"));
    let TargetFacts::Classes { names, counts, binary_numbers: false, .. } = &d.facts.target else { panic!("classes") };
    assert_eq!((names, counts), (&vec!["2".into(), "9".into(), "10".into()], &vec![1, 2, 1]));
    assert_eq!(d.targets, Targets::Classes(vec![2, 1, 0, 1]));

    let mut spec = csv("y");
    spec.target_scale = Spanned::written(Scale::Standard, Span::new(300, 308));
    let d = good::<f64>(&spec, &text("x,y\n1,0\n2,1\n"));
    assert_eq!(d.targets, Targets::Values { width: 1, values: vec![-1.0, 1.0] }, "scaled, hence a value");
    only(&bad(&spec, &text("x,y\n1,a\n2,b\n")), codes::EXCLUSIVE, "`target_scale` is given");

    let mut spec = csv("y");
    spec.target = columns(&["p", "q"]);
    let d = good::<f32>(&spec, &text("p,x,q\n0.25,1,0.75\n1,2,0\n"));
    assert_eq!(d.targets, Targets::Values { width: 2, values: vec![0.25, 0.75, 1.0, 0.0] });
    assert!(matches!(d.facts.target, TargetFacts::Values { distribution: true, binary: false, .. }));
    let report = only(&bad(&spec, &text("p,x,q\na,1,2\nb,2,3\n")), codes::LABEL_DOMAIN, "`p` is one of many targets");
    assert_eq!(report.primary.map(|l| l.span), Some(Span::new(100, 101)));

    only(&bad(&csv("y"), &text("x,y\n1,a\n2,a\n")), codes::IMBALANCE, "of one class, `a`");
    only(&bad(&csv("y"), &text("x,y\n1,0\n2,0\n")), codes::IMBALANCE, "of one class, `0`");
}

#[test]
fn classes_fixes_their_order() {
    let mut spec = csv("y");
    let names = |names: &[&str]| Some(Spanned::written(names.iter().map(|&n| n.into()).collect(), Span::new(400, 420)));
    spec.classes = names(&["low", "mid", "high"]);
    let d = good::<f32>(&spec, &text("x,y\n1,high\n2,low\n3,mid\n"));
    assert_eq!(d.targets, Targets::Classes(vec![2, 0, 1]));
    let report = only(&bad(&spec, &text("x,y\n1,high\n2,low\n3,mid\n4,hihg\n")), codes::DATA_VALUE, "`hihg`");
    assert_eq!((place(&report), report.labels[0].span), ((5, 3, "hihg"), Span::new(400, 420)));
    spec.classes = names(&["low", "high", "med"]);
    let report = only(&bad(&spec, &text("x,y\n1,high\n2,low\n")), codes::UNKNOWN, "names `med`");
    assert_eq!(report.primary.map(|l| l.span), Some(Span::new(400, 420)));
    spec.classes = names(&["1", "0"]);
    let d = good::<f32>(&spec, &text("x,y\n1,1\n2,0\n3,1.0\n"));
    assert_eq!(d.targets, Targets::Classes(vec![0, 1, 0]), "numbers are told apart by value");
}
