//! An optimizer that only tests know.

use super::{MOST_SLOTS, Optimizer, OptimizerKind, Step, Update};
use crate::catalog::bind::Chosen;
use crate::catalog::signature::Family;
use crate::catalog::tests::signature;
use crate::tensor::{Real, zip};

pub(in crate::catalog) static OPTIMIZERS: &[&OptimizerKind] = &[&SIGNED];

static SIGNED: OptimizerKind =
    OptimizerKind { signature: signature("signed", Family::Optimizer, &[]), configure: |_| Box::new(Signed) };

/// w − η·sign(g): adaptive, its steps all of one size.
#[derive(Debug)]
struct Signed;

impl Optimizer for Signed {
    fn name(&self) -> &'static str {
        "signed"
    }
    fn slots(&self) -> usize {
        0
    }
    fn slot_names(&self) -> &'static [&'static str] {
        &[]
    }
    fn stability(&self) -> Option<f64> {
        None
    }
    fn is_bounded(&self) -> bool {
        true
    }
}

impl<R: Real> Update<R> for Signed {
    fn update(&self, w: &mut [R], g: &[R], _slots: [&mut [R]; MOST_SLOTS], step: Step) {
        let rate = R::of(step.learning_rate);
        zip(w, g, |w, g| {
            if g > R::ZERO {
                w - rate
            } else if g < R::ZERO {
                w + rate
            } else {
                w
            }
        });
    }
}

/// Two steps with the default arguments, from w = 1 by gradients 0.5 and −0.25, η = 0.1.
fn stepped(name: &str) -> [f64; 2] {
    let kind = super::find(name).expect("in the catalog");
    let optimizer = (kind.configure)(&Chosen::default(&kind.signature).arguments);
    let (mut w, mut first, mut second) = ([1.0f64], [0.0], [0.0]);
    [0.5, -0.25].map(|g| {
        let step = Step { learning_rate: 0.1, done: u64::from(g < 0.0) };
        optimizer.update(&mut w, &[g], [&mut first, &mut second], step);
        w[0]
    })
}

#[test]
fn two_steps_are_those_of_the_formulas() {
    let near = |found: [f64; 2], known: [f64; 2], name: &str| {
        assert!(found.iter().zip(known).all(|(a, b)| (a - b).abs() < 1e-12), "{name}: {found:?} and not {known:?}");
    };
    near(stepped("sgd"), [0.95, 0.975], "sgd");
    // After one step the corrected moments are g and g².
    let first = 1.0 - 0.1 * 0.5 / (0.5 + 1e-8);
    let mean = (0.9 * 0.05 - 0.1 * 0.25) / (1.0 - 0.81);
    let square = (0.999 * 0.001 * 0.25 + 0.001 * 0.0625) / (1.0 - 0.998_001);
    let second = |w: f64| w - 0.1 * mean / (f64::sqrt(square) + 1e-8);
    near(stepped("adam"), [first, second(first)], "adam");
    // Every weight shrinks by η · 0.01 before that.
    let first = first - 0.001;
    near(stepped("adamw"), [first, second(first) - 0.001 * first], "adamw");
    let v = 0.1 * 0.25;
    let first = 1.0 - 0.1 * 0.5 / (f64::sqrt(v) + 1e-8);
    let v = 0.9 * v + 0.1 * 0.0625;
    near(stepped("rmsprop"), [first, first + 0.1 * 0.25 / (f64::sqrt(v) + 1e-8)], "rmsprop");
}

#[test]
fn each_optimizer_states_what_is_true_of_it() {
    let known = ["sgd", "adam", "adamw", "rmsprop", "signed"].map(|name| {
        let kind = super::find(name).expect("in the catalog");
        (kind.configure)(&Chosen::default(&kind.signature).arguments)
    });
    assert_eq!(known.each_ref().map(|o| o.is_bounded()), [false, true, true, true, true]);
    assert_eq!(known.each_ref().map(|o| o.decoupled_decay()), [0.0, 0.0, 0.01, 0.0, 0.0]);
    assert_eq!(known.each_ref().map(|o| o.is_plain()), [true, false, false, false, false]);
    assert_eq!(known.each_ref().map(|o| o.stability()), [Some(2.0), None, None, None, None]);
    assert_eq!(known.each_ref().map(|o| o.slots()), [0, 2, 2, 1, 0]);
}

#[test]
fn what_an_optimizer_remembers_has_a_name_each() {
    let known: [(&str, &[&str]); 10] = [
        ("sgd", &[]),
        ("adam", &["first_moment", "second_moment"]),
        ("adamw", &["first_moment", "second_moment"]),
        ("rmsprop", &["mean_square"]),
        ("adagrad", &["sum_of_squares"]),
        ("adadelta", &["mean_square", "mean_square_step"]),
        ("nadam", &["first_moment", "second_moment"]),
        ("adamax", &["first_moment", "largest"]),
        ("lion", &["momentum"]),
        ("lbfgs", &[]),
    ];
    for (name, slots) in known {
        let kind = super::find(name).expect("in the catalog");
        let optimizer = (kind.configure)(&Chosen::default(&kind.signature).arguments);
        assert_eq!((optimizer.name(), optimizer.slot_names()), (name, slots));
    }
}
