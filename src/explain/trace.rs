//! [`trace`]: what every unit holds for one row, layer by layer.

use super::Row;
use super::pass::Pass;
use super::why::mean_loss;
use crate::catalog::activations::{Activation, Traits};
use crate::engine::Machine;
use crate::ir::Program;

/// A row's way through the network.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Each layer, in order.
    pub layers: Vec<Layer>,
    /// The row's loss.
    pub loss: f64,
}

/// What one layer made of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Its place among the network's nodes.
    pub node: usize,
    /// Its name.
    pub name: String,
    /// What it is: `dense 16 tanh`.
    pub what: String,
    /// Its activation's name, where it has one that changes anything.
    pub activation: Option<&'static str>,
    /// z, where the layer has weighted sums or an activation.
    pub weighted_sum: Option<Vec<f64>>,
    /// What it hands on.
    pub activated: Vec<f64>,
    /// Units with something to be said of them, in order.
    pub marks: Vec<(usize, Mark)>,
}

/// What is to be said of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Its activation is dead at this sum: the slope is 0, nothing behind it learns from this row. Other rows may
    /// well bring it to life.
    Zero,
    /// Its activation is saturated at this sum: the slope is below 7 % of the largest.
    Saturated,
}

impl Mark {
    /// As people read it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Zero => "0 for this row",
            Self::Saturated => "saturated",
        }
    }

    /// As programs read it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Zero => "zero",
            Self::Saturated => "saturated",
        }
    }

    /// What an activation's unit with this weighted sum is.
    pub fn of(traits: &Traits, z: f64) -> Option<Self> {
        if traits.dies_below.is_some_and(|dead| z <= dead) {
            return Some(Self::Zero);
        }
        let saturated = traits.saturates.is_some_and(|(low, high)| z < low || z > high);
        saturated.then_some(Self::Saturated)
    }
}

/// Follows one row.
pub fn trace(program: &Program, machine: &mut Machine<'_, f64>, row: &Row) -> Trace {
    let loss = mean_loss(program, machine, std::slice::from_ref(row));
    let pass = Pass::new(machine, &row.inputs);
    let nodes = program.network.nodes.iter().enumerate().skip(1);
    let layers = nodes.map(|(n, node)| {
        let activated = pass.values(n).to_vec();
        let sums = pass.sums(n).map(<[f64]>::to_vec);
        let traits = node.activation().map(Activation::traits);
        let mark = |(unit, &z): (usize, &f64)| Some((unit, Mark::of(traits.as_ref()?, z)?));
        let marks = sums.iter().flatten().enumerate().filter_map(mark).collect();
        let has_sums = node.is_linear() || node.activation().is_some();
        let weighted_sum = sums.or_else(|| has_sums.then(|| activated.clone()));
        let activation = node.activation().filter(|a| !a.is_linear()).map(Activation::name);
        Layer { node: n, name: node.label.clone(), what: node.describe(), activation, weighted_sum, activated, marks }
    });
    Trace { layers: layers.collect(), loss }
}
