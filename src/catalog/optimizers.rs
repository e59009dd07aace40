//! Optimizers: how a step moves the weights, given their gradients. Each works on the whole parameter arena at once.

#![allow(clippy::inline_always, reason = "a loop is compiled for wide vectors only where all of it is inlined")]

mod adam;
mod rmsprop;
mod sgd;

use super::bind::Arguments;
use super::signature::Signature;
use crate::tensor::{self, Real, Team};
use std::fmt::Debug;

/// One kind of optimizer.
pub struct OptimizerKind {
    /// Its reference entry.
    pub signature: Signature,
    /// Makes it from sound arguments.
    pub configure: fn(&Arguments) -> Box<dyn Optimizer>,
}

/// Every optimizer, in the order of the reference.
pub static OPTIMIZERS: &[&OptimizerKind] = &[&sgd::SGD, &adam::ADAM, &adam::ADAMW, &rmsprop::RMSPROP];

/// The kind with this name.
pub fn find(name: &str) -> Option<&'static OptimizerKind> {
    OPTIMIZERS.iter().find(|o| o.signature.name == name).copied()
}

/// A configured optimizer.
pub trait Optimizer: Update<f32> + Update<f64> + Debug + Send + Sync {
    /// The kind's name.
    fn name(&self) -> &'static str;
    /// How many numbers it remembers for each parameter; all start at 0.
    fn slots(&self) -> usize;
    /// The names of what it remembers, in storage order: `momentum`, `first_moment`.
    fn slot_names(&self) -> &'static [&'static str];
}

/// One step's numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// η
    pub learning_rate: f64,
    /// Steps done before this one.
    pub done: u64,
}

/// The update in one precision.
pub trait Update<R: Real> {
    /// w ← w moved by g. `slots` holds [`Optimizer::slots`] stretches of w's length.
    fn update(&self, team: &Team, w: &mut [R], g: &[R], slots: &mut [R], step: Step);
}

/// The fewest parameters that are worth handing to another thread: some hundreds of nanoseconds.
const WORTH: usize = 2048;
/// The most pieces that the parameters are cut into.
const PIECES: usize = 32;

/// `(w, state) ← f(w, state, g)` for each parameter, shared out over the team. Each parameter is on its own, so the
/// bits do not depend on how.
fn sweep<R: Real, const N: usize>(
    team: &Team,
    w: &mut [R],
    g: &[R],
    slots: &mut [R],
    f: impl Fn(R, [R; N], R) -> (R, [R; N]) + Sync,
) {
    let count = w.len();
    let mut slots = slots.chunks_exact_mut(count.max(1));
    let mut state: [&mut [R]; N] = std::array::from_fn(|_| slots.next().unwrap_or_default());
    let width = count.div_ceil(PIECES).next_multiple_of(64).max(WORTH);
    if width >= count || team.threads() == 1 {
        return tensor::update(w, state, g, f);
    }
    let mut parts = [const { None }; PIECES];
    let mut state = state.each_mut().map(|s| s.chunks_mut(width));
    for ((part, w), g) in parts.iter_mut().zip(w.chunks_mut(width)).zip(g.chunks(width)) {
        *part = Some((w, state.each_mut().map(|s| s.next().unwrap_or_default()), g));
    }
    team.each(&mut parts[..count.div_ceil(width)], |_, part| {
        if let Some((w, state, g)) = part.take() {
            tensor::update(w, state, g, &f);
        }
    });
}
