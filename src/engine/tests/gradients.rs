//! Backward against central differences in f64, over everything that the catalog lists: a new layer, activation or
//! loss is met here through its example, and fails until its gradient is right.

use super::programs::{Case, Target, case, program, table};
use crate::catalog::activations::ACTIVATIONS;
use crate::catalog::layers::{LAYERS, Mode};
use crate::catalog::losses::{LOSSES, Targets};
use crate::engine::Machine;
use crate::tensor::{Purpose, Stream, Team};

/// Largest relative error.
const BOUND: f64 = 1e-6;
/// Step of the differences.
const STEP: f64 = 1e-4;

/// A case whose machine stands at weights with nothing special about them.
struct Probe<'a> {
    case: &'a Case,
    machine: Machine<'a, f64>,
    streams: Vec<Stream>,
    mode: Mode,
    fused: bool,
}

impl<'a> Probe<'a> {
    fn new(case: &'a Case, mode: Mode, fused: bool) -> Self {
        let mut machine = case.machine::<f64>(case.rows, Team::solo());
        let mut stream = Stream::new(2, Purpose::Generate);
        for w in &mut machine.parameters {
            *w += stream.uniform(-0.2, 0.2);
        }
        for running in &mut machine.state {
            *running += stream.uniform(0.0, 0.3);
        }
        let streams = machine.streams.clone();
        Self { case, machine, streams, mode, fused }
    }

    /// What is minimised, with one input moved.
    fn objective(&mut self, input: Option<(usize, f64)>) -> f64 {
        let training = &self.case.program.training;
        self.machine.streams.clone_from(&self.streams);
        self.case.put(&mut self.machine, 0..self.case.rows);
        if let Some((at, by)) = input {
            self.machine.input_mut()[at] += by;
        }
        let losses = self.machine.forward_loss(self.mode, self.case.loss(), self.fused);
        let penalised = self.machine.plan().penalised.iter().flat_map(|r| &self.machine.parameters[r.clone()]);
        let penalty: f64 = penalised.map(|w| training.l1.value * w.abs() + training.l2.value * w * w).sum();
        losses.mean + penalty
    }

    /// ∂objective/∂parameters and ∂loss/∂inputs by backpropagation.
    fn backward(&mut self) -> (Vec<f64>, Vec<f64>) {
        let training = &self.case.program.training;
        self.machine.streams.clone_from(&self.streams);
        self.case.put(&mut self.machine, 0..self.case.rows);
        let losses = self.machine.forward_loss(self.mode, self.case.loss(), self.fused);
        self.machine.backward(self.mode, self.case.loss(), self.fused, losses);
        self.machine.penalise(training.l1.value, training.l2.value);
        (self.machine.gradients.clone(), self.machine.deltas_of(0).to_vec())
    }

    fn compare(&mut self, what: &str) {
        let saved = self.machine.state.clone();
        let (parameters, inputs) = self.backward();
        let differences = (0..parameters.len())
            .map(|k| {
                let old = self.machine.parameters[k];
                let slope = difference(|by| {
                    self.machine.parameters[k] = old + by;
                    self.machine.state.clone_from(&saved);
                    self.objective(None)
                });
                self.machine.parameters[k] = old;
                slope
            })
            .collect::<Vec<_>>();
        agree(what, "parameter", &parameters, &differences);
        let differences: Vec<_> = (0..inputs.len())
            .map(|k| {
                difference(|by| {
                    self.machine.state.clone_from(&saved);
                    self.objective(Some((k, by)))
                })
            })
            .collect();
        agree(what, "input", &inputs, &differences);
    }
}

/// The central difference, its first error term removed by a second one over twice the step.
fn difference(mut f: impl FnMut(f64) -> f64) -> f64 {
    let (near, far) = (f(STEP) - f(-STEP), f(2.0 * STEP) - f(-2.0 * STEP));
    (8.0 * near - far) / (12.0 * STEP)
}

fn agree(what: &str, kind: &str, backward: &[f64], differences: &[f64]) {
    let largest = differences.iter().fold(0.0f64, |m, d| m.max(d.abs()));
    assert!(largest > 1e-4, "{what}: no {kind} matters");
    for (k, (b, d)) in backward.iter().zip(differences).enumerate() {
        // Slopes far below the largest drown in the rounding of the loss itself.
        let error = (b - d).abs() / d.abs().max(1e-4 * largest);
        assert!(error <= BOUND, "{what}\n{kind} {k}: backward {b:e}, difference {d:e}, error {error:e}");
    }
}

/// Both modes, the output's activation fused with the loss and apart.
fn prove(text: &str) {
    let case = case(text);
    for mode in [Mode::Training, Mode::Inference] {
        for fused in if case.program.training.fused { &[true, false][..] } else { &[false] } {
            Probe::new(&case, mode, *fused).compare(&format!("{text}\n{mode:?}, fused: {fused}"));
        }
    }
}

fn values(network: &str) -> String {
    program(&table(6, 7, Target::Values(2)), network, "  loss = mse")
}

#[test]
fn every_layer() {
    for kind in LAYERS {
        let signature = kind.signature();
        let network = match signature.name {
            // Its example is a picture's.
            "input" => "input 2x3\n flatten\n dense 4 tanh\n input 1x4\n flatten\n dense 2".to_owned(),
            // Its example is of columns.
            "select" => "first: select [x3, x0] from=input\n dense 4 tanh\n dense 2".to_owned(),
            // Its example is of branches.
            _ if signature.labels().is_some() => {
                format!("left: dense 4 tanh\n right: dense 4 silu from=input\n {}\n dense 2", signature.example)
            }
            _ => {
                format!("dense 16 tanh\n {0}\n dense 16 silu\n {0}\n dense 2", signature.example).replace("hidden:", "")
            }
        };
        prove(&values(&network));
    }
}

/// Branches of every form: an output that several take, one that is taken twice by one, joins of joins, joins of the
/// input, of three, of sequences and of pictures, and a residual block in a branch.
#[test]
fn branches() {
    for network in [
        "a: dense 4 tanh\n b: dense 4 silu from=input\n c: dense 4 from=a\n add a b c\n dense 2",
        "a: dense 4 tanh\n b: dense 4 silu from=input\n multiply a b a\n dense 2",
        "a: dense 4 tanh\n both: add a a\n multiply both a both\n dense 2",
        "a: dense 6 tanh\n b: multiply a input\n c: concat input a b\n d: dense 3 silu\n concat d c\n dense 2",
        "a: dense 4 tanh\n residual {\n dense 4 silu\n b: dense 4 from=a\n add dense2 b\n }\n concat a residual1 input\n dense 2",
        "input 3x2\n a: tanh\n b: sin from=input\n c: concat a b input\n flatten\n dense 2",
        "input 2x1x3\n a: tanh\n b: input 1x1x6 from=a\n c: input 3x1x2\n d: flatten from=a\n e: flatten from=b\n \
         multiply d e\n dense 2\n f: flatten from=c\n g: dense 2\n add dense1 g",
        "input 2x1x3\n a: tanh\n b: sin from=input\n concat a b\n layer_norm\n flatten\n dense 2",
        "a: select [x5, x0] from=input\n b: select [x0, x1, x2] from=input\n c: dense 3 tanh from=a\n add b c\n dense 2",
    ] {
        prove(&values(network));
    }
}

#[test]
fn every_activation_of_a_dense_layer() {
    for kind in ACTIVATIONS {
        let (name, example) = (kind.signature.name, kind.signature.example);
        let example = if example.contains("classes") { format!("dense 5 {name}") } else { example.to_owned() };
        prove(&values(&format!("dense 5 {name}\n {example}\n dense 2 {name}")));
    }
}

#[test]
fn every_activation_as_a_layer() {
    for kind in ACTIVATIONS {
        let name = kind.signature.name;
        prove(&values(&format!("{name}\n dense 4\n {name}\n dense 2 tanh\n {name}")));
    }
    prove(&values("dense 4\n leaky_relu 0.3\n dense 3\n elu alpha=0.4\n dense 2"));
}

/// The data and the output activations that suit what a loss takes for targets.
fn suited(targets: Targets) -> &'static [(Target, &'static [&'static str])] {
    match targets {
        Targets::Values => &[(Target::Values(2), &["linear", "tanh"]), (Target::Classes(3), &["sigmoid", "softmax"])],
        Targets::Distribution => {
            &[(Target::Classes(3), &["softmax", "sigmoid"]), (Target::Distribution(3), &["softmax", "sigmoid"])]
        }
        Targets::Labels => &[
            (Target::Labels(2), &["sigmoid"]),
            (Target::Labels(1), &["sigmoid"]),
            (Target::Classes(2), &["sigmoid", "softmax"]),
        ],
    }
}

fn prove_loss(loss: &str, targets: Targets, more: &str) {
    for &(target, activations) in suited(targets) {
        for activation in activations {
            let network = format!("dense 5 tanh\n dense {} {activation}", target.width());
            prove(&program(&table(4, 7, target), &network, &format!("  {loss}\n{more}")));
        }
    }
}

#[test]
fn every_loss() {
    for kind in LOSSES {
        // A distribution over classes suits every loss.
        let train = format!("  {}", kind.signature.example);
        let targets = case(&program(&table(4, 6, Target::Classes(3)), "dense 3 softmax", &train)).loss().targets();
        prove_loss(kind.signature.example, targets, "");
    }
    prove_loss("loss = cross_entropy(label_smoothing=0.1)", Targets::Distribution, "");
    prove_loss("loss = huber(0.3)", Targets::Values, "");
}

#[test]
fn one_output_for_two_classes() {
    for loss in ["mse", "mae", "huber", "binary_cross_entropy"] {
        let data = table(4, 6, Target::Classes(2));
        prove(&program(&data, "dense 4 tanh\n dense 1 sigmoid", &format!("  loss = {loss}")));
    }
}

#[test]
fn penalties() {
    for penalty in ["l1 = 0.01", "l2 = 0.02", "l1 = 0.003\n  l2 = 0.001"] {
        for network in ["dense 4 tanh\n batch_norm\n layer_norm\n dense 3 softmax", "dense 3 softmax"] {
            let train = format!("  loss = cross_entropy\n  {penalty}");
            prove(&program(&table(5, 6, Target::Classes(3)), network, &train));
        }
    }
}

#[test]
fn mixed_networks() {
    for network in [
        "repeat 3 { dense 6 tanh }\n dense 3 softmax",
        "repeat 2 { dense 5 relu\n batch_norm }\n dense 3 softmax",
        "repeat 2 { residual { dense 6 silu } }\n dense 3 softmax",
        "residual { dense 6 tanh\n residual { dense 6 gelu } }\n dense 3 softmax",
        "residual { residual { dense 6 tanh } }\n dense 3 softmax",
        "residual { residual { dense 6 elu }\n dense 6 }\n layer_norm\n dense 3 softmax",
        "dense 6 relu\n residual { batch_norm\n relu\n dense 6 }\n dense 3 softmax",
        "batch_norm\n dense 5 leaky_relu\n dropout 30%\n dense 3 softmax",
        "dropout 50%\n dense 8 tanh\n dropout 20%\n residual { dropout 20% }\n dense 3 softmax",
        "input 2x3\n layer_norm\n residual { layer_norm }\n tanh\n flatten\n dense 3 softmax",
        "input 2x3\n flatten\n residual { tanh }\n dense 3 softmax",
        "dense 7 softplus bias=false\n batch_norm\n softmax\n dense 4 sigmoid bias=false\n dense 3 softmax",
        "dense 5\n dense 4 linear\n softmax\n dense 3\n softmax",
        "residual { input 2x3\n layer_norm\n flatten }\n dense 3\n batch_norm\n softmax",
    ] {
        prove(&program(&table(6, 8, Target::Classes(3)), network, "  loss = cross_entropy(label_smoothing=0.05)"));
        prove(&program(&table(6, 8, Target::Classes(3)), network, "  loss = mse\n  l2 = 0.001"));
    }
}

/// A backward pass from a gradient of the output, as explanations ask for it.
#[test]
fn backward_from_one_output() {
    let case = case(&values("residual { dense 6 tanh }\n layer_norm\n dense 2 softmax"));
    let mut machine = case.machine::<f64>(case.rows, Team::solo());
    case.put(&mut machine, 0..case.rows);
    machine.forward(Mode::Inference);
    let mut gradient = vec![0.0; machine.output().len()];
    gradient[3] = 1.0;
    machine.backward_from(Mode::Inference, &gradient);
    let backward = machine.deltas_of(0).to_vec();
    let differences: Vec<_> = (0..backward.len())
        .map(|k| {
            difference(|by| {
                case.put(&mut machine, 0..case.rows);
                machine.input_mut()[k] += by;
                machine.forward(Mode::Inference);
                machine.output()[3]
            })
        })
        .collect();
    agree("backward from an output", "input", &backward, &differences);
}
