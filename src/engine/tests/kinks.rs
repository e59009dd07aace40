//! Where a slope has two sides: met on purpose, and the documented side taken. And numbers so large that a careless
//! formula overflows.

use super::programs::{case, program};
use crate::catalog::Precision;
use crate::catalog::activations::ACTIVATIONS;
use crate::catalog::layers::Mode;
use crate::engine::{Machine, Plan};
use crate::tensor::Team;

/// Value and slope of a pointwise activation at `z`, in precision R.
fn at<R: Precision>(activation: &str, z: f64) -> (f64, f64) {
    let data = "data {\n target = t\n table {\n x t\n 0 1\n 1 2\n }\n}";
    let case = case(&program(data, activation, "  loss = mse"));
    let plan = Plan::new(&case.program.network, 1, true);
    let optimizer = case.program.training.optimizer.as_ref();
    let mut machine = Machine::<R>::new(&case.program.network, plan, Some(optimizer), 0, Team::solo());
    machine.set_batch(1);
    machine.input_mut()[0] = R::of(z);
    machine.forward(Mode::Training);
    let value = machine.output()[0].f64();
    machine.backward_from(Mode::Training, &[R::ONE]);
    (value, machine.deltas_of(0)[0].f64())
}

fn slope(activation: &str, z: f64) -> f64 {
    at::<f64>(activation, z).1
}

#[test]
fn activations_with_a_kink_at_zero_take_the_slope_from_below() {
    assert_eq!(slope("relu", 0.0), 0.0);
    assert_eq!(slope("relu", -0.0), 0.0);
    assert_eq!(slope("leaky_relu", 0.0), 0.01);
    assert_eq!(slope("leaky_relu 0.3", 0.0), 0.3);
    assert_eq!(slope("leaky_relu slope=-0.3", 0.0), -0.3);
    assert_eq!(slope("elu", 0.0), 1.0);
    assert_eq!(slope("elu alpha=0.4", 0.0), 0.4);
    for kind in ACTIVATIONS {
        let name = kind.signature.name;
        let f = |z| at::<f64>(name, z).0;
        let below = (f(0.0) - f(-1e-7)) / 1e-7;
        assert!((slope(name, 0.0) - below).abs() < 1e-6, "{name}: {} at 0, {below} below", slope(name, 0.0));
    }
}

#[test]
fn activations_bear_huge_numbers() {
    for kind in ACTIVATIONS {
        let name = kind.signature.name;
        for z in [-1e30, -1e4, -100.0, -20.0, 20.0, 100.0, 1e4, 1e30] {
            for (value, slope) in [at::<f32>(name, z), at::<f64>(name, z)] {
                assert!(value.is_finite() && slope.is_finite(), "{name} at {z}: {value}, slope {slope}");
            }
        }
        for (value, _) in [at::<f32>(name, f64::NAN), at::<f64>(name, f64::NAN)] {
            assert!(value.is_nan(), "{name} hides a NaN");
        }
    }
}

/// ∂L/∂a of one row of one output, from a network that hands its input on.
fn loss_slope(loss: &str, a: f64, t: f64) -> f64 {
    let data = format!("data {{\n target = t\n table {{\n x t\n {a} {t}\n 9 7\n }}\n}}");
    let case = case(&program(&data, "linear", &format!("  loss = {loss}")));
    let mut machine = case.machine::<f64>(1, Team::solo());
    case.put(&mut machine, 0..1);
    let losses = machine.forward_loss(Mode::Training, case.loss(), false);
    machine.backward(Mode::Training, case.loss(), false, losses);
    machine.deltas_of(0)[0]
}

#[test]
fn losses_at_their_kinks() {
    assert_eq!(loss_slope("mae", 0.75, 0.75), 0.0);
    assert_eq!(loss_slope("mae", 0.75, 0.5), 1.0);
    assert_eq!(loss_slope("mae", 0.25, 0.5), -1.0);
    assert_eq!(loss_slope("huber", 1.5, 0.5), 1.0);
    assert_eq!(loss_slope("huber", -0.5, 0.5), -1.0);
    assert_eq!(loss_slope("huber(delta=0.25)", 0.75, 0.5), 0.25);
    assert_eq!(loss_slope("huber(delta=0.25)", 3.0, 0.5), 0.25);
    assert_eq!(loss_slope("huber(delta=0.25)", 0.625, 0.5), 0.125);
}

/// l1's slope at a weight of exactly 0 is 0: such a weight stays.
#[test]
fn l1_leaves_a_weight_of_zero_alone() {
    let data = "data {\n target = t\n table {\n x t\n 0 1\n 1 2\n }\n}";
    let case = case(&program(data, "dense 1 init=zeros", "  loss = mse\n  l1 = 0.5"));
    let mut machine = case.machine::<f64>(2, Team::solo());
    machine.gradients.fill(0.0);
    machine.penalise(0.5, 0.0);
    assert_eq!(machine.gradients, [0.0, 0.0]);
    machine.parameters[0] = -2.0;
    machine.parameters[1] = 3.0;
    machine.penalise(0.5, 0.25);
    assert_eq!(machine.gradients, [-0.5 - 1.0, 0.0], "a bias is not penalised");
}

/// A softmax or sigmoid fused with its cross-entropy cannot overflow, in f32 either.
#[test]
fn fused_losses_bear_huge_logits() {
    for (network, loss, names) in [
        ("dense 2 softmax", "cross_entropy", ["a", "b"]),
        ("dense 2 softmax", "cross_entropy(label_smoothing=0.1)", ["a", "b"]),
        ("dense 1 sigmoid", "binary_cross_entropy", ["a", "b"]),
    ] {
        let [a, b] = names;
        let data = format!("data {{\n target = t\n table {{\n x t\n 1 {a}\n -1 {b}\n }}\n}}");
        let case = case(&program(&data, network, &format!("  loss = {loss}")));
        let mut machine = case.machine::<f32>(2, Team::solo());
        for scale in [1e4, 1e30, -1e4, -1e30] {
            machine.parameters.fill(0.0);
            machine.parameters[0] = scale;
            case.put(&mut machine, 0..2);
            let losses = machine.forward_loss(Mode::Training, case.loss(), true);
            machine.backward(Mode::Training, case.loss(), true, losses);
            assert!(losses.mean.is_finite() && losses.mean >= 0.0, "{loss} {scale}: {losses:?}");
            assert!(machine.gradients.iter().all(|g| g.is_finite()), "{loss} {scale}: {:?}", machine.gradients);
            assert!(machine.output().iter().all(|a| (0.0..=1.0).contains(a)));
        }
    }
}
