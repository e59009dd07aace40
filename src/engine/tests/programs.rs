//! Programs as text, lowered and with their rows at hand.

use std::fmt::Write;
use std::ops::Range;

use crate::catalog::Precision;
use crate::catalog::losses::Loss;
use crate::check::{Depth, Loaded, Options, check_with};
use crate::data::{Encoding, Memory};
use crate::engine::{Losses, Machine, Plan, UpdateRule};
use crate::ir::Program;
use crate::source::Source;
use crate::tensor::{Purpose, Stream, Team};

/// What the made-up data is to predict.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    /// So many numbers.
    Values(usize),
    /// One of so many classes.
    Classes(usize),
    /// A distribution over so many outputs.
    Distribution(usize),
    /// So many columns of 0 and 1.
    Labels(usize),
}

impl Target {
    /// Outputs of a network for it.
    pub(super) fn width(self) -> usize {
        match self {
            Self::Values(n) | Self::Classes(n) | Self::Distribution(n) | Self::Labels(n) => n,
        }
    }
}

/// A `data` block with a table of made-up rows: the same for the same sizes.
pub(super) fn table(features: usize, rows: usize, target: Target) -> String {
    let mut stream = Stream::new(5, Purpose::Generate);
    let columns = if matches!(target, Target::Classes(_)) { 1 } else { target.width() };
    let names: Vec<_> = (0..columns).map(|t| format!("t{t}")).collect();
    let mut text = format!("data {{\n  target = [{}]\n  table {{\n", names.join(", "));
    let inputs: Vec<_> = (0..features).map(|x| format!("x{x}")).collect();
    let _ = writeln!(text, "    {}  {}", inputs.join(" "), names.join(" "));
    for row in 0..rows {
        text.push_str("   ");
        for _ in 0..features {
            let _ = write!(text, " {:.4}", stream.uniform(-1.5, 1.5));
        }
        match target {
            Target::Values(n) => (0..n).for_each(|_| {
                let _ = write!(text, " {:.4}", stream.uniform(-1.0, 1.0));
            }),
            Target::Classes(n) => {
                let _ = write!(text, " c{}", row % n);
            }
            // One part nothing, the last what is left.
            Target::Distribution(n) => (0..n).for_each(|k| {
                let _ = write!(text, " {}", distribution(row, k, n));
            }),
            Target::Labels(n) => (0..n).for_each(|k| {
                let _ = write!(text, " {}", (row + k) % 2);
            }),
        }
        text.push('\n');
    }
    text + "  }\n}\n"
}

/// Parts of 1 in hundredths: 0 for one place, 0.1 for the others, the rest for the last.
fn distribution(row: usize, k: usize, n: usize) -> &'static str {
    match (k == row % n, k == (row + 1) % n, n) {
        (true, _, _) => "0",
        (_, true, 3) => "0.75",
        (_, true, _) => "1",
        (_, _, 3) => "0.25",
        _ => "0",
    }
}

/// A whole program.
pub(super) fn program(data: &str, network: &str, train: &str) -> String {
    let rest = if train.contains("learning_rate") { "" } else { "  learning_rate = 0.1\n" };
    format!(
        "{data}\nnetwork {{\n{network}\n}}\n\ntrain {{\n{train}\n{rest}  epochs = 10\n  batch = all\n  seed = 11\n  precision = f64\n}}\n"
    )
}

/// A lowered program and its rows.
pub(super) struct Case {
    pub(super) program: Program,
    pub(super) rows: usize,
    /// width × rows
    pub(super) inputs: Vec<f64>,
    /// width × rows
    pub(super) targets: Vec<f64>,
    /// One for each row; all differ.
    pub(super) weights: Vec<f64>,
}

/// Lowers a program that has no fault.
pub(super) fn case(text: &str) -> Case {
    let checked = {
        // Kinks and oddities are the point here: the rules of design are not asked.
        let options = Options { depth: Depth::Language, ..Options::default() };
        check_with(&Source::new("test.nn", text), &[], &Memory::new(), options).expect("no override")
    };
    let diagnostics = checked.diagnostics;
    let (Some(program), Some(Loaded::F64(data))) = (checked.program, checked.data) else {
        panic!("{text}\n{diagnostics:#?}");
    };
    let rows = data.inputs.len() / data.features;
    let mut targets = vec![0.0; program.network.output().shape.size() * rows];
    Encoding::new(&program).targets(&data.targets, 0..rows, &mut targets);
    let weights = (0..rows).map(|row| 0.5 + 0.3 * row as f64).collect();
    Case { program, rows, inputs: data.inputs, targets, weights }
}

impl Case {
    /// A machine that trains it, `capacity` rows at a time.
    pub(super) fn machine<R: Precision>(&self, capacity: usize, team: Team) -> Machine<'_, R> {
        let Program { network, training, .. } = &self.program;
        let plan = Plan::new(network, capacity, true);
        Machine::new(network, plan, Some(training.optimizer.as_ref()), training.seed, team)
    }

    pub(super) fn loss(&self) -> &dyn Loss {
        self.program.training.loss.as_ref()
    }

    /// Puts rows into a machine as its batch.
    pub(super) fn put<R: Precision>(&self, machine: &mut Machine<'_, R>, rows: Range<usize>) {
        machine.set_batch(rows.len());
        copy(machine.input_mut(), &self.inputs, self.rows, &rows);
        copy(machine.target_mut(), &self.targets, self.rows, &rows);
        copy(machine.weights_mut(), &self.weights, self.rows, &rows);
    }

    /// One step of training on these rows.
    pub(super) fn step<R: Precision>(&self, machine: &mut Machine<'_, R>, rows: Range<usize>, done: u64) -> Losses {
        let training = &self.program.training;
        self.put(machine, rows);
        machine.step(self.loss(), training.fused, &UpdateRule::of(training, training.learning_rate.value, done))
    }
}

fn copy<R: Precision>(to: &mut [R], from: &[f64], all: usize, rows: &Range<usize>) {
    let width = from.len() / all;
    for (to, &from) in to.iter_mut().zip(&from[rows.start * width..rows.end * width]) {
        *to = R::of(from);
    }
}
