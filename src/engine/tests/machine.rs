//! What a machine promises: one step is what the formulas say, from the old weights; buffers stay where they are; the
//! same bits for any team; training and inference as documented.

use super::programs::{Case, Target, case, program, table};
use crate::catalog::Precision;
use crate::catalog::layers::Mode;
use crate::engine::{Machine, Plan};
use crate::tensor::Team;

const XOR: &str = "data {\n target = y\n table {\n a b y\n 0 0 0\n 0 1 1\n 1 0 1\n 1 1 0\n }\n}";

/// 2-2-1 by hand: tanh, sigmoid, mse, each weight moved by its gradient at the old weights.
fn by_hand(p: &mut [f64; 9], rate: f64) -> f64 {
    let [w11, w21, w12, w22, b1, b2, v1, v2, c] = *p;
    let (mut gradient, mut loss) = ([0.0; 9], 0.0);
    for (x1, x2, y) in [(0.0, 0.0, 0.0), (0.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, 1.0, 0.0)] {
        let (h1, h2) = ((w11 * x1 + w12 * x2 + b1).tanh(), (w21 * x1 + w22 * x2 + b2).tanh());
        let a = 1.0 / (1.0 + (-(v1 * h1 + v2 * h2 + c)).exp());
        loss += (a - y) * (a - y) / 4.0;
        let out = 2.0 * (a - y) / 4.0 * a * (1.0 - a);
        let (d1, d2) = (out * v1 * (1.0 - h1 * h1), out * v2 * (1.0 - h2 * h2));
        let row = [d1 * x1, d2 * x1, d1 * x2, d2 * x2, d1, d2, out * h1, out * h2, out];
        gradient.iter_mut().zip(row).for_each(|(g, r)| *g += r);
    }
    p.iter_mut().zip(gradient).for_each(|(w, g)| *w -= rate * g);
    loss
}

#[test]
fn steps_are_what_the_chain_rule_says() {
    let train = "  loss = mse\n  learning_rate = 0.5";
    let mut case = case(&program(XOR, "init = uniform(-1, 1)\n dense 2 tanh\n dense 1 sigmoid", train));
    case.weights.fill(1.0);
    let mut machine = case.machine::<f64>(4, Team::solo());
    let mut hand: [f64; 9] = machine.parameters.clone().try_into().expect("nine parameters");
    for done in 0..200 {
        let losses = case.step(&mut machine, 0..4, done);
        let loss = by_hand(&mut hand, 0.5);
        assert_eq!(losses.weight, 4.0);
        assert!((losses.mean - loss).abs() < 1e-13, "step {done}: {} by machine, {loss} by hand", losses.mean);
        for (w, h) in machine.parameters.iter().zip(hand) {
            assert!((w - h).abs() < 1e-12, "step {done}: {:?} by machine, {hand:?} by hand", machine.parameters);
        }
    }
}

/// Updates of one layer do not leak into the gradient of another: with momentum, decay and penalties too.
#[test]
fn gradients_are_all_taken_at_the_old_weights() {
    for optimizer in ["sgd", "sgd(momentum=0.9)", "adam", "adamw", "rmsprop"] {
        let train = format!("  loss = cross_entropy\n  optimizer = {optimizer}\n  l2 = 0.01");
        let case = case(&program(&table(4, 6, Target::Classes(3)), "dense 5 tanh\n dense 3 softmax", &train));
        let mut machine = case.machine::<f64>(6, Team::solo());
        let old = machine.parameters.clone();
        case.step(&mut machine, 0..6, 0);
        let gradients = machine.gradients.clone();
        assert!(machine.parameters.iter().zip(&old).all(|(w, o)| w != o), "{optimizer}: every weight moves");
        // The same gradients, from a machine that never moved.
        let mut fresh = case.machine::<f64>(6, Team::solo());
        case.put(&mut fresh, 0..6);
        let losses = fresh.forward_loss(Mode::Training, case.loss(), true);
        fresh.backward(Mode::Training, case.loss(), true, losses);
        fresh.penalise(0.0, 0.01);
        assert_eq!(fresh.gradients, gradients);
        assert_eq!(fresh.parameters, old);
    }
}

const MIXED: &str =
    "dense 24 tanh\n batch_norm\n residual { dense 24 relu\n dropout 25% }\n layer_norm\n dense 3 softmax";

fn mixed() -> Case {
    case(&program(&table(5, 20, Target::Classes(3)), MIXED, "  loss = cross_entropy\n  optimizer = adam"))
}

#[test]
fn a_smaller_batch_uses_the_same_buffers() {
    let case = mixed();
    let mut machine = case.machine::<f64>(16, Team::solo());
    let mut small = case.machine::<f64>(4, Team::solo());
    case.put(&mut machine, 0..16);
    machine.forward_loss(Mode::Training, case.loss(), true);
    let places = |m: &mut Machine<'_, f64>| [m.input_mut().as_ptr(), m.target_mut().as_ptr(), m.output().as_ptr()];
    let before = places(&mut machine);
    machine.streams.clone_from(&small.streams);
    machine.state.clone_from(&small.state);
    let (large, own) = (case.step(&mut machine, 16..20, 0), case.step(&mut small, 16..20, 0));
    assert_eq!(places(&mut machine), before);
    assert_eq!(large, own);
    assert_eq!(machine.output(), small.output());
    assert_eq!(machine.gradients, small.gradients);
    assert_eq!(machine.parameters, small.parameters);
    assert_eq!(machine.row_losses().len(), 4);
}

#[test]
#[should_panic(expected = "17 rows in a plan for 16")]
fn a_batch_beyond_the_plan_is_refused() {
    mixed().machine::<f32>(16, Team::solo()).set_batch(17);
}

/// Twelve steps of training; parameters, state and losses as bits.
fn bits<R: Precision>(case: &Case, batch: usize, team: Team) -> Vec<u64> {
    let mut machine = case.machine::<R>(batch, team);
    let mut bits = Vec::new();
    for done in 0..12 {
        let first = (done as usize * batch) % case.rows;
        let losses = case.step(&mut machine, first..(first + batch).min(case.rows), done);
        bits.push(losses.mean.to_bits());
    }
    bits.extend(machine.parameters.iter().chain(&machine.state).chain(&machine.slots).map(|w| w.f64().to_bits()));
    bits
}

#[test]
fn the_same_bits_for_any_team_and_every_run() {
    let large = "dense 128 relu\n dense 64 relu\n dropout 10%\n dense 10 softmax";
    // Without dropout and batch norm, threads take rows of their own through all layers.
    let apart = "dense 128 gelu\n residual { dense 128 relu\n layer_norm }\n dense 64 relu\n dense 10 softmax";
    let cases = [(5, 20, 16, 3, MIXED), (64, 150, 64, 10, large), (64, 150, 61, 10, apart)];
    for (features, rows, batch, classes, network) in cases {
        for optimizer in ["adam", "sgd(momentum=0.9)"] {
            let train = format!("  loss = cross_entropy\n  optimizer = {optimizer}\n  l2 = 0.001\n  clip_norm = 0.5");
            let case = case(&program(&table(features, rows, Target::Classes(classes)), network, &train));
            let (single, double) = (bits::<f32>(&case, batch, Team::solo()), bits::<f64>(&case, batch, Team::solo()));
            for threads in [1, 2, 3] {
                assert!(bits::<f32>(&case, batch, Team::new(threads)) == single, "f32, {threads} threads");
                assert!(bits::<f64>(&case, batch, Team::new(threads)) == double, "f64, {threads} threads");
            }
        }
    }
}

#[test]
fn f32_agrees_with_f64() {
    let plain = "dense 16 relu\n dense 12 gelu\n residual { dense 12 silu }\n layer_norm\n dense 3 softmax";
    for optimizer in ["sgd", "sgd(momentum=0.9, nesterov=true)", "adam", "adamw", "rmsprop"] {
        let train = format!("  loss = cross_entropy\n  optimizer = {optimizer}\n  learning_rate = 0.01");
        let case = case(&program(&table(5, 20, Target::Classes(3)), plain, &train));
        let (mut single, mut double) = (case.machine::<f32>(20, Team::solo()), case.machine::<f64>(20, Team::solo()));
        for done in 0..20 {
            let (s, d) = (case.step(&mut single, 0..20, done), case.step(&mut double, 0..20, done));
            assert!((s.mean - d.mean).abs() <= 1e-4 * d.mean, "{optimizer}, step {done}: {} and {}", s.mean, d.mean);
        }
    }
}

/// Training, with the optimizer's memory, comes to the same with and without the input's gradient.
#[test]
fn the_input_gradient_changes_nothing_else() {
    let case = mixed();
    let training = &case.program.training;
    let plan = Plan::new(&case.program.network, 16, false);
    let optimizer = Some(training.optimizer.as_ref());
    let mut without = Machine::<f32>::new(&case.program.network, plan, optimizer, training.seed, Team::solo());
    let mut with = case.machine::<f32>(16, Team::solo());
    for done in 0..5 {
        assert_eq!(case.step(&mut without, 0..16, done), case.step(&mut with, 0..16, done));
    }
    assert_eq!(with.parameters, without.parameters);
    assert!(with.deltas_of(0).iter().any(|&d| d != 0.0));
}

#[test]
fn predicting_needs_no_memory_for_training() {
    let case = mixed();
    let plan = Plan::new(&case.program.network, 20, false);
    let mut machine = Machine::<f32>::new(&case.program.network, plan, None, 11, Team::solo());
    assert!(machine.gradients.is_empty() && machine.slots.is_empty());
    case.put(&mut machine, 0..20);
    machine.forward(Mode::Inference);
    let mut trained = case.machine::<f32>(20, Team::solo());
    case.put(&mut trained, 0..20);
    trained.forward(Mode::Inference);
    assert_eq!(machine.output(), trained.output());
    assert!(machine.is_finite() && machine.first_non_finite().is_none());
    // The loss from logits leaves the same output as the activation by itself.
    let output = trained.output().to_vec();
    case.put(&mut trained, 0..20);
    trained.forward_loss(Mode::Inference, case.loss(), true);
    for (fused, plain) in trained.output().iter().zip(output) {
        assert!((fused - plain).abs() < 1e-6);
    }
}

#[test]
fn batch_norm_keeps_running_statistics_and_predicts_by_them() {
    let case = case(&program(XOR, "batch_norm momentum=0.25 epsilon=0.01\n dense 1 sigmoid", "  loss = mse"));
    let mut machine = case.machine::<f64>(4, Team::solo());
    assert_eq!(machine.state, [0.0, 0.0, 1.0, 1.0]);
    case.put(&mut machine, 0..4);
    machine.forward(Mode::Training);
    // Both columns: mean 1/2, biased variance 1/4, unbiased 1/3.
    let normed = 0.5 / (0.25f64 + 0.01).sqrt();
    for (y, x) in machine.values_of(1).iter().zip(&case.inputs) {
        assert!((y - if *x > 0.5 { normed } else { -normed }).abs() < 1e-15);
    }
    let running = [0.125, 0.125, 0.75 + 0.25 / 3.0, 0.75 + 0.25 / 3.0];
    assert!(machine.state.iter().zip(running).all(|(s, r)| (s - r).abs() < 1e-15), "{:?}", machine.state);
    let state = machine.state.clone();
    machine.forward(Mode::Inference);
    assert_eq!(machine.state, state, "predicting moves nothing");
    for (y, x) in machine.values_of(1).iter().zip(&case.inputs) {
        assert!((y - (x - running[0]) / (running[2] + 0.01f64).sqrt()).abs() < 1e-15);
    }
    // A row's prediction does not depend on the rows beside it.
    let alone = machine.output()[2];
    case.put(&mut machine, 2..3);
    machine.forward(Mode::Inference);
    assert_eq!(machine.output(), [alone]);
}

#[test]
fn one_row_has_no_unbiased_variance() {
    let case = case(&program(XOR, "batch_norm\n dense 1 sigmoid", "  loss = mse"));
    let mut machine = case.machine::<f64>(4, Team::solo());
    case.step(&mut machine, 1..2, 0);
    assert_eq!(machine.state, [0.0, 0.1, 1.0, 1.0]);
    assert!(machine.is_finite());
}

#[test]
fn dropout_scales_what_it_keeps_and_predicts_without_it() {
    let case = case(&program(&table(40, 50, Target::Values(40)), "dropout 25%", "  loss = mse"));
    let mut machine = case.machine::<f64>(50, Team::solo());
    case.put(&mut machine, 0..50);
    machine.forward(Mode::Training);
    let dropped = machine.output().iter().filter(|y| **y == 0.0).count();
    assert!((400..600).contains(&dropped), "{dropped} of 2000 left out");
    for (y, x) in machine.output().iter().zip(&case.inputs) {
        assert!(*y == 0.0 || (y - x / 0.75).abs() < 1e-15);
    }
    let first = machine.output().to_vec();
    machine.forward(Mode::Training);
    assert!(machine.output() != first, "a new mask each step");
    machine.forward(Mode::Inference);
    assert_eq!(machine.output(), case.inputs);
}

/// A row of weight two counts as two rows, one of weight nothing not at all.
#[test]
fn row_weights_count_rows() {
    let text = program(&table(3, 4, Target::Values(1)), "dense 3 tanh\n dense 1", "  loss = mae");
    let (mut weighted, mut repeated) = (case(&text), case(&text));
    weighted.weights = vec![2.0, 1.0, 1.0, 0.0];
    let twice = |xs: &[f64], width: usize| [&xs[..width], &xs[..3 * width]].concat();
    repeated.inputs = twice(&weighted.inputs, 3);
    repeated.targets = twice(&weighted.targets, 1);
    repeated.weights.fill(1.0);
    let [weighted, repeated] = [weighted, repeated].map(|case| {
        let mut machine = case.machine::<f64>(4, Team::solo());
        let losses = case.step(&mut machine, 0..4, 0);
        assert_eq!(losses.weight, 4.0);
        [vec![losses.mean], machine.gradients.clone()].concat()
    });
    for (w, r) in weighted.iter().zip(&repeated) {
        assert!((w - r).abs() < 1e-15);
    }
}

#[test]
fn the_first_bad_layer_is_named() {
    let case = mixed();
    let mut machine = case.machine::<f32>(4, Team::solo());
    let range = machine.plan().places[3].parameters.clone();
    machine.parameters[range.start] = f32::NAN;
    assert!(!machine.is_finite());
    case.put(&mut machine, 0..4);
    machine.forward(Mode::Training);
    assert_eq!(machine.first_non_finite(), Some(3));
}
