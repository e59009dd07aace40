//! [`Update`]: what one step of the program's optimizer does to one weight, term by term.

use super::target::Weight;
use crate::catalog::layers::Role;
use crate::engine::{Clipped, Machine};
use crate::ir::Program;
use crate::train::stepper::first_moves;

/// One weight's part of a step: the first one from here, with nothing remembered from steps before.
#[derive(Clone, Debug, PartialEq)]
pub struct Update {
    /// The weight before.
    pub old: f64,
    /// What makes the gradient that the optimizer takes: the loss's own, then penalties and clipping.
    pub terms: Vec<Term>,
    /// That gradient.
    pub gradient: f64,
    /// η of the step.
    pub learning_rate: f64,
    /// The optimizer's name.
    pub optimizer: &'static str,
    /// Its rule, as the reference writes it.
    pub rule: &'static str,
    /// λ, where the optimizer shrinks the weight apart from the gradient.
    pub weight_decay: Option<f64>,
    /// Whether the step is w − η·gradient and no more.
    pub plain: bool,
    /// What the optimizer now remembers of this weight, by name.
    pub memory: Vec<(&'static str, f64)>,
    /// The weight after.
    pub new: f64,
}

/// One part of the gradient that the optimizer takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// What it is, with its numbers: `l2: 2 · 0.01 · w`.
    pub name: String,
    /// What it adds, or for `clip` what it multiplies by.
    pub value: f64,
    /// Whether it multiplies.
    pub multiplies: bool,
}

impl Update {
    /// Takes the step with the gradients that stand in the machine, and takes it back.
    pub(super) fn new(program: &Program, machine: &mut Machine<'_, f64>, weight: &Weight) -> Self {
        let training = &program.training;
        let at = weight.place;
        let old = machine.parameters[at];
        let mut terms = vec![Term { name: "∂L/∂w".to_owned(), value: machine.gradients[at], multiplies: false }];
        let (l1, l2) = (training.l1.value, training.l2.value);
        let penalised = program.network.nodes[weight.node].tensors[weight.tensor].role == Role::Weight;
        if l2 != 0.0 && penalised {
            terms.push(Term { name: format!("l2: 2 · {l2} · w"), value: 2.0 * l2 * old, multiplies: false });
        }
        if l1 != 0.0 && penalised {
            let sign = if old == 0.0 { 0.0 } else { old.signum() };
            terms.push(Term { name: format!("l1: {l1} · sign w"), value: l1 * sign, multiplies: false });
        }
        let moves = first_moves(program);
        if let (Some(Clipped { norm, factor }), Some(bound)) = (machine.bound(&moves), moves.clip_norm) {
            let name = format!("clip: the norm of all gradients is {norm:.6}, its bound {bound}");
            terms.push(Term { name, value: factor, multiplies: true });
        }
        let gradient = machine.gradients[at];
        let before = machine.parameters.clone();
        let optimizer = moves.optimizer;
        machine.slots.fill(0.0);
        machine.update(optimizer, moves.step);
        let new = machine.parameters[at];
        let length = machine.parameters.len();
        let memory = optimizer
            .slot_names()
            .iter()
            .enumerate()
            .map(|(k, &name)| (name, machine.slots[k * length + at]))
            .collect();
        machine.parameters = before;
        let weight_decay = Some(optimizer.decoupled_decay());
        Self {
            old,
            terms,
            gradient,
            learning_rate: moves.step.learning_rate,
            optimizer: optimizer.name(),
            rule: training.optimizer_choice.kind.formula,
            weight_decay: weight_decay.filter(|&d| d != 0.0),
            plain: optimizer.is_plain(),
            memory,
            new,
        }
    }
}
