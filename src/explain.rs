//! What a network does with one row, in numbers that can be checked by hand: every unit's value ([`trace`]), and the
//! gradient of the loss for one weight as the sum over every path from it to the loss ([`why`]). And what a network
//! makes of one or two of its inputs over their range ([`Surface`]), in the precision that it was trained in.
//!
//! What is said of one row is computed in f64, in the network's inference form: dropout hands its values on, and
//! `batch_norm` uses its running statistics, since in training its rows act on each other. Rows come as plain data
//! ([`Row`]); weights are those of the machine that the caller hands in. Not for printing or drawing: results are plain
//! data too.
//!
//! A *stage* is one step of a node's work on a row: its weighted sums, and what its activation makes of them (one stage
//! where there is no activation but the identity). A path goes from unit to unit, stage by stage, and each of its
//! factors is one entry of a stage's Jacobian.

mod axes;
mod difference;
mod jacobian;
mod pass;
mod paths;
mod stages;
mod surface;
mod target;
mod trace;
mod update;
mod why;

pub use axes::{Axes, NoAxes};
pub use pass::Pass;
pub use stages::{StageKind, Stages};
pub use surface::{Held, Surface};
pub use target::{NoSuchWeight, Weight};
pub use trace::{Layer, Mark, Trace, trace};
pub use update::{Term, Update};
pub use why::{Factor, Kink, Path, Question, Rest, Why, why};

/// One row, ready for the network.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number in the data, from 0.
    pub number: usize,
    /// What enters the network.
    pub inputs: Vec<f64>,
    /// What the loss compares the output with.
    pub targets: Vec<f64>,
    /// What its loss weighs (1, or its class's weight).
    pub weight: f64,
}
