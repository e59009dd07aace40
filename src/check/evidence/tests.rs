//! Evidence against values known otherwise: closed forms, and `NumPy`'s (`tests/evidence/reference.py`).

use super::*;
use crate::check::{Depth, Options, check_with};
use crate::data::Memory;
use crate::source::Source;

/// A program over four points on the corners of a square, whose target is 3a − 2b + 1.
fn plane(network: &str, train: &str) -> String {
    let table = "a b y\n 1 1 2\n 1 -1 6\n -1 1 -4\n -1 -1 0";
    format!(
        "data {{\n target = y\n table {{\n {table}\n }}\n}}\nnetwork {{\n{network}\n}}\ntrain {{\n loss = mse\n optimizer = sgd\n\
         learning_rate = 0.1\n epochs = 40\n batch = all\n precision = f64\n{train}\n}}\n"
    )
}

/// Runs `look` on the evidence of a program.
fn on<T>(text: &str, look: impl FnOnce(&Evidence<'_>) -> T) -> T {
    let source = Source::new("case.nn", text);
    let options = Options { depth: Depth::Language, ..Options::default() };
    let checked = check_with(&source, &[], &Memory::default(), options).expect("no overrides");
    let (Some(program), Some(data)) = (&checked.program, &checked.data) else { panic!("{:?}", checked.diagnostics) };
    look(&Evidence::new(program, data, false))
}

fn near(found: f64, expected: f64, within: f64) {
    assert!((found - expected).abs() <= within * expected.abs().max(1e-12), "{found}, not {expected}");
}

#[test]
fn the_base_of_numbers_is_their_variance() {
    on(&plane("dense 1 init=zeros", ""), |e| {
        let start = e.start().expect("small");
        // Targets 2, 6, −4, 0: mean 1, variance 13, mean square 14.
        near(start.base, 13.0, 1e-12);
        near(start.loss, 14.0, 1e-12);
        assert_eq!(start.output_std, 0.0);
    });
}

#[test]
fn the_curvature_of_a_plane_is_two_everywhere() {
    on(&plane("dense 1", ""), |e| {
        // Columns and ones are orthogonal with mean square 1: H = 2I.
        let quadratic = e.quadratic().expect("linear, mse");
        near(quadratic.largest, 2.0, 1e-12);
        assert!(quadratic.seen && quadratic.rows == 4);
        near(e.curvature().expect("small").largest, 2.0, 1e-3);
    });
}

#[test]
fn a_penalty_adds_twice_itself_to_the_curvature() {
    on(&plane("dense 1", " l2 = 0.25"), |e| {
        near(e.quadratic().expect("linear, mse").largest, 2.5, 1e-12);
        // The bias is not penalised: 2 stands close below 2.5, and iteration ends a little early.
        near(e.curvature().expect("small").largest, 2.5, 5e-3);
    });
}

#[test]
fn no_other_network_is_called_a_quadratic() {
    for network in
        ["dense 2 tanh\ndense 1", "dense 2\ndense 1", "batch_norm\ndense 1", "dropout 0.5\ndense 1", "dense 1 tanh"]
    {
        on(&plane(network, ""), |e| assert!(e.quadratic().is_none(), "{network}"));
    }
}

#[test]
fn a_plane_is_fitted_and_exclusive_or_is_not() {
    on(&plane("dense 1", ""), |e| near(e.linear_fit().expect("narrow"), 1.0, 1e-6));
    let xor = plane("dense 1", "").replace("1 1 2", "1 1 0").replace("1 -1 6", "1 -1 1").replace("-1 1 -4", "-1 1 1");
    on(&xor, |e| assert!(e.linear_fit().expect("narrow").abs() < 1e-6));
}

#[test]
fn variances_follow_the_closed_forms_of_relu() {
    // He's normal start keeps E z² at 2·E x² in each layer, and χ at 1.
    on(&plane("init = he_normal\ndense 8 relu\ndense 8 relu\ndense 1", ""), |e| {
        let p = e.propagated();
        near(p.input, 1.0, 1e-12);
        assert_eq!(p.hidden, 2);
        for stage in &p.stages[1..3] {
            near(stage.q, 2.0, 1e-9);
            near(stage.square, 1.0, 1e-9);
        }
        near(p.gain, 1.0, 1e-7);
    });
}

#[test]
fn a_linear_network_has_the_product_of_its_spreads_for_a_gain() {
    on(&plane("init = normal(0, 0.1)\ndense 8\ndense 4\ndense 1", ""), |e| {
        // √(8·0.01 · 4·0.01)
        near(e.propagated().gain, 0.032f64.sqrt() * 0.1f64.sqrt(), 1e-9);
    });
}

#[test]
fn dropout_and_norms_change_variances_as_they_should() {
    on(&plane("init = normal(0, 0.5)\ndense 8\ndropout 0.5\ndense 4\nbatch_norm\ndense 1", ""), |e| {
        let p = e.propagated();
        near(p.stages[1].q, 2.0 * 0.25, 1e-12);
        near(p.stages[2].square, 1.0, 1e-12);
        near(p.stages[3].q, 8.0 * 0.25, 1e-12);
        near(p.stages[4].square, 1.0, 1e-12);
    });
}

#[test]
fn a_run_is_the_programs_own() {
    // Gradient descent on H = 2I from 0: the error shrinks by 1 − 0.2 a step, the loss is its square.
    on(&plane("dense 1 init=zeros", ""), |e| {
        let probe = e.probe().expect("small");
        assert_eq!((probe.steps, probe.all_steps), (PROBE_STEPS, 40));
        near(probe.last, 14.0 * 0.8f64.powi(60), 1e-6);
        let slow = e.steps_at(0.5, 10).expect("small");
        near(slow.last, 14.0 * 0.9f64.powi(20), 1e-9);
        assert_eq!(e.learns(), Some(true));
    });
}

/// A program of 5,000 generated rows and one wide layer, whose own step is too dear for a trial.
fn wide(rows: &str, rate: f64) -> String {
    format!(
        "data spiral(samples=5000, noise=0.05) {{}}\nnetwork {{\ndense 2000 tanh\ndense 1 sigmoid\n}}\ntrain {{\n\
         loss = binary_cross_entropy\noptimizer = sgd\nlearning_rate = {rate}\nepochs = 9\nbatch = {rows}\n}}\n"
    )
}

#[test]
fn steps_that_are_too_dear_are_tried_with_fewer_rows() {
    for rows in ["all", "4000"] {
        on(&wide(rows, 0.01), |e| {
            let probe = e.probe().expect("fewer rows");
            assert!(probe.fewer_rows.is_some_and(|rows| (100..1000).contains(&rows)), "{probe:?}");
            assert!(probe.last < probe.first && !e.is_short() && probe.basis().contains("rows each"), "{probe:?}");
        });
        on(&wide(rows, 1e4), |e| assert!(e.probe().is_some_and(|p| p.last > 10.0 * p.first)));
    }
    on(&wide("100", 0.01), |e| assert_eq!(e.probe().map(|p| p.fewer_rows), Some(None)));
}

#[test]
fn what_costs_too_much_is_left_out_and_that_is_known() {
    let text = wide("all", 0.01).replace("dense 2000 tanh", "dense 2500 tanh\ndense 2500 tanh");
    on(&text, |e| assert!(!e.is_short() && e.probe().is_none() && e.start().is_none() && e.is_short()));
}

#[test]
fn a_run_that_breaks_says_when() {
    let wild = plane("dense 1", "").replace("learning_rate = 0.1", "learning_rate = 1e200");
    on(&wild, |e| {
        let probe = e.probe().expect("small");
        assert!(probe.last.is_infinite() && probe.broke.is_some_and(|step| step <= 3), "{probe:?}");
    });
}

#[test]
fn limits_are_those_of_the_optimizer() {
    for (optimizer, expected) in [
        ("sgd", Some(2.0)),
        ("sgd(momentum=0.9)", Some(3.8)),
        ("sgd(momentum=0.9, nesterov=true)", Some(3.8 / 2.8)),
        ("adam", None),
    ] {
        let text = plane("dense 1", "").replace("optimizer = sgd", &format!("optimizer = {optimizer}"));
        on(&text, |e| assert_eq!(stability(e.program), expected, "{optimizer}"));
    }
}

/// The curvature of a tanh network at given weights, as `NumPy`'s eigenvalues of an exact Hessian have it.
#[test]
fn the_curvature_of_a_network_agrees_with_numpy() {
    let text = plane("dense 2 tanh init=constant(0.3) bias_init=constant(0.1)\ndense 1 init=constant(0.7)", "");
    on(&text, |e| near(e.curvature().expect("small").largest, NUMPY_CURVATURE, 2e-3));
}

/// `tests/evidence/reference.py`
const NUMPY_CURVATURE: f64 = 8.806_134;
