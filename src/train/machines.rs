//! The machines that programs run on: with what an optimizer remembers, to train; without, to predict.

use crate::catalog::Precision;
use crate::engine::{Machine, Plan};
use crate::ir::Program;
use crate::tensor::Team;

/// Rows that go through a network together when it predicts: enough to share out among threads, few enough that a
/// layer's output is still near the processor when the next layer reads it.
pub const ROWS: usize = 512;

/// A machine to predict with, for calls of `rows` rows.
pub fn predictor<R: Precision>(program: &Program, rows: usize, team: Team) -> Machine<'_, R> {
    let plan = Plan::new(&program.network, rows.min(ROWS), false);
    Machine::new(&program.network, plan, None, program.training.seed, team)
}

/// A machine to train with, with room for `rows` rows; the weights are at their start.
pub fn trainer<R: Precision>(program: &Program, rows: usize, team: Team) -> Machine<'_, R> {
    let training = &program.training;
    let plan = Plan::new(&program.network, rows, false);
    Machine::new(&program.network, plan, Some(training.optimizer.as_ref()), training.seed, team)
}
