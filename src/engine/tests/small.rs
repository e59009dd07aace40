//! A small network's steps, sixteen rows interleaved, beside the machine's layer by layer.

use super::programs::{Case, Target, case, program, table};
use crate::catalog::Precision;
use crate::catalog::layers::Mode;
use crate::engine::{Machine, Plan};
use crate::tensor::Team;

fn machine<R: Precision>(case: &Case, capacity: usize) -> Machine<'_, R> {
    let training = &case.program.training;
    let plan = Plan::new(&case.program.network, capacity, false);
    Machine::new(&case.program.network, plan, Some(training.optimizer.as_ref()), 3, Team::solo())
}

/// Loss, output, the rows' losses and all gradients of one pass, interleaved and layer by layer.
fn both<R: Precision>(case: &Case, rows: usize) -> [Vec<f64>; 2] {
    let (loss, fused) = (case.loss(), case.program.training.fused);
    [true, false].map(|interleaved| {
        let mut machine = machine::<R>(case, case.rows);
        // What a larger batch left behind must not be seen.
        for rows in [case.rows, rows] {
            case.put(&mut machine, 0..rows);
            if interleaved {
                machine.pass(loss, fused);
            } else {
                let losses = machine.forward_loss(Mode::Training, loss, fused);
                machine.backward(Mode::Training, loss, fused, losses);
            }
        }
        assert_eq!(machine.steps_interleaved(fused), rows <= 64, "{rows} rows");
        let all = machine.output().iter().chain(machine.row_losses()).chain(&machine.gradients);
        all.map(|x| x.f64()).collect()
    })
}

fn compare(network: &str, target: Target, loss: &str) {
    let case = case(&program(&table(3, 70, target), network, &format!("  loss = {loss}")));
    for rows in [1, 2, 15, 16, 17, 33, 64, 65] {
        for (precision, tolerance, [interleaved, layered]) in
            [("f64", 1e-12, both::<f64>(&case, rows)), ("f32", 2e-5, both::<f32>(&case, rows))]
        {
            assert_eq!(interleaved.len(), layered.len());
            let scale = layered.iter().fold(1.0f64, |top, x| top.max(x.abs()));
            for (k, (a, l)) in interleaved.iter().zip(&layered).enumerate() {
                let near = (a - l).abs() <= tolerance * scale;
                assert!(near, "{network}, {loss}, {rows} rows, {precision}: {a} and {l} at {k} of {}", layered.len());
            }
        }
    }
}

#[test]
fn every_activation_and_loss_is_the_same_abreast() {
    for hidden in ["relu", "tanh", "sigmoid", "gelu", "silu", "elu", "leaky_relu", "softplus", "linear"] {
        compare(&format!("dense 5 {hidden}\n dense 2 bias=false\n dense 1"), Target::Values(1), "mse");
    }
    for loss in ["mse", "mae", "huber"] {
        compare("dense 7 tanh\n dense 3", Target::Values(3), loss);
        compare("dense 1 sigmoid", Target::Values(1), loss);
    }
    for loss in ["cross_entropy", "cross_entropy(label_smoothing=0.1)"] {
        compare("dense 16 relu\n dense 3 softmax", Target::Classes(3), loss);
        compare("dense 3 softmax", Target::Distribution(3), loss);
    }
    compare("dense 4 relu\n dense 1 sigmoid", Target::Classes(2), "binary_cross_entropy");
    compare("dense 17 silu\n dense 4 sigmoid", Target::Labels(4), "binary_cross_entropy");
}

#[test]
fn what_is_no_small_chain_is_stepped_layer_by_layer() {
    let too_many = "dense 90 relu\n dense 9 relu\n dense 3 softmax";
    let coupled = "dense 4 softmax\n dense 3 softmax";
    for network in [
        too_many,
        coupled,
        "dense 3 tanh\n layer_norm\n dense 3 softmax",
        "residual { dense 3 tanh }\n dense 3 softmax",
    ] {
        let case = case(&program(&table(3, 20, Target::Classes(3)), network, "  loss = cross_entropy"));
        let mut machine = machine::<f32>(&case, 20);
        case.put(&mut machine, 0..20);
        assert!(!machine.steps_interleaved(true), "{network}");
    }
    // A softmax apart from the loss is bent row by row.
    let case = case(&program(&table(3, 20, Target::Classes(3)), "dense 3 softmax", "  loss = mse"));
    let mut machine = machine::<f32>(&case, 20);
    case.put(&mut machine, 0..20);
    assert!(!machine.steps_interleaved(false));
}
