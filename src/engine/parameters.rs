//! The parameters of all layers at once, in parts for a team: their gradients after the rows' own backward pass, and
//! their update. Where nothing must be known of all gradients together, a part is moved while its gradient is still
//! near.

use super::plan::Plan;
use super::row_chunk::{SEQUENTIAL, kept};
use super::step::UpdateRule;
use crate::catalog::Precision;
use crate::catalog::layers::{Gradients, Layer};
use crate::catalog::optimizers::{MOST_SLOTS, Optimizer, Step};
use crate::ir::Network;
use crate::tensor::{Arena, Team, zip};
use std::ops::Range;

/// Most parts that are handed out together.
const MOST_PARTS: usize = 64;
/// The fewest parameters whose update is worth handing to another thread: some hundreds of nanoseconds.
const WORTH: usize = 2048;

/// What a batch left behind in the nodes, and who works.
#[derive(Clone, Copy, Debug)]
pub(super) struct BatchResults<'m, R> {
    pub(super) network: &'m Network,
    pub(super) plan: &'m Plan,
    pub(super) values: &'m Arena<R>,
    pub(super) d_values: &'m Arena<R>,
    pub(super) kept: &'m Arena<R>,
    pub(super) team: &'m Team,
    pub(super) batch: usize,
}

/// A stretch of all parameters, their gradients and what the optimizer remembers of them.
#[derive(Debug)]
pub(super) struct ParameterSlice<'m, R> {
    pub(super) weights: &'m mut [R],
    pub(super) gradients: &'m mut [R],
    pub(super) slots: [&'m mut [R]; MOST_SLOTS],
}

impl<'m, R> ParameterSlice<'m, R> {
    /// All parameters; `slots` holds one stretch of as many after the other.
    pub(super) fn all(weights: &'m mut [R], gradients: &'m mut [R], slots: &'m mut [R]) -> Self {
        let mut slots = slots.chunks_exact_mut(weights.len().max(1));
        Self { slots: std::array::from_fn(|_| slots.next().unwrap_or_default()), weights, gradients }
    }

    /// Takes the first `count` off.
    fn take(&mut self, count: usize) -> Self {
        let (weights, rest_weights) = std::mem::take(&mut self.weights).split_at_mut(count);
        let (gradients, rest_gradients) = std::mem::take(&mut self.gradients).split_at_mut(count);
        (self.weights, self.gradients) = (rest_weights, rest_gradients);
        let slots = self.slots.each_mut().map(|slot| {
            // A slot that the optimizer does not use is empty.
            let own = count.min(slot.len());
            let (first, rest) = std::mem::take(slot).split_at_mut(own);
            *slot = rest;
            first
        });
        Self { weights, gradients, slots }
    }
}

/// Some columns of one node's parameters.
struct Part<'m, R> {
    node: usize,
    columns: Range<usize>,
    /// Where in all parameters it lies.
    range: Range<usize>,
    /// Where among its node's columns it starts: 0 … 1.
    share: f32,
    stretch: ParameterSlice<'m, R>,
}

impl<R: Precision> BatchResults<'_, R> {
    /// Writes ∂L/∂parameters of every node, and makes the `moves`.
    pub(super) fn step(&self, mut all: ParameterSlice<'_, R>, moves: Option<&UpdateRule<'_>>) {
        let mut parts = [const { None }; MOST_PARTS];
        let (mut count, mut at) = (0, 0);
        for (node, place) in self.plan.places.iter().enumerate() {
            let Some(layer) = self.layer(node) else { continue };
            let columns = R::kernel(layer).columns(self.batch);
            for first in (0..columns.count).step_by(columns.together) {
                let range = first..columns.count.min(first + columns.together);
                // What lies behind the columns goes with the last.
                let whole = range.end == columns.count;
                let end = if whole { place.parameters.end } else { place.parameters.start + range.end * columns.size };
                let stretch = all.take(end - at);
                let share = first as f32 / columns.count as f32;
                parts[count] = Some(Part { node, columns: range, range: at..end, share, stretch });
                (at, count) = (end, count + 1);
                if count == MOST_PARTS {
                    self.compute(&mut parts, moves);
                    count = 0;
                }
            }
        }
        self.compute(&mut parts[..count], moves);
    }

    fn layer(&self, node: usize) -> Option<&dyn Layer> {
        self.network.nodes[node].layer.as_deref().filter(|_| !self.plan.places[node].parameters.is_empty())
    }

    fn compute(&self, parts: &mut [Option<Part<'_, R>>], moves: Option<&UpdateRule<'_>>) {
        // Each thread takes a stretch of the parts: of every layer an equal one, so that it comes back to what lies
        // in its cache, and seldom takes over from another.
        parts.sort_unstable_by(|a, b| {
            let key = |part: &Option<Part<'_, R>>| part.as_ref().map_or((0.0, 0), |p| (p.share, p.node));
            let ((a, first), (b, second)) = (key(a), key(b));
            a.total_cmp(&b).then(first.cmp(&second))
        });
        self.team.each(parts, |_, part| {
            let Some(Part { node, columns, range, stretch, .. }) = part.take() else { return };
            let (Some(layer), place) = (self.layer(node), &self.plan.places[node]) else { return };
            R::kernel(layer).gradients(&mut Gradients {
                team: &SEQUENTIAL,
                batch: self.batch,
                x: self.values.inputs(&place.inputs, self.batch),
                dy: self.d_values.matrix(node, self.batch),
                saved: self.kept.matrix(kept(node).1, self.batch),
                columns,
                gradients: stretch.gradients,
            });
            if let Some(moves) = moves {
                penalise(self.plan, stretch.gradients, stretch.weights, &range, (moves.l1, moves.l2));
                R::update(moves.optimizer).update(stretch.weights, stretch.gradients, stretch.slots, moves.step);
            }
        });
    }
}

/// Adds the gradients of `l1·Σ|w| + l2·Σw²` to those of the parameters in `range`, as far as they are penalised.
pub(super) fn penalise<R: Precision>(
    plan: &Plan,
    gradients: &mut [R],
    weights: &[R],
    range: &Range<usize>,
    (l1, l2): (f64, f64),
) {
    if l1 == 0.0 && l2 == 0.0 {
        return;
    }
    let (l1, twice) = (R::of(l1), R::of(2.0 * l2));
    for penalised in &plan.penalised {
        let (first, end) = (penalised.start.max(range.start), penalised.end.min(range.end));
        if first >= end {
            continue;
        }
        let own = first - range.start..end - range.start;
        zip(&mut gradients[own.clone()], &weights[own], |g, w| {
            let above = if w > R::ZERO { l1 } else { R::ZERO };
            let below = if w < R::ZERO { l1 } else { R::ZERO };
            g + (twice * w + (above - below))
        });
    }
}

/// l1·Σ|w| + l2·Σw² over the penalised parameters.
pub(super) fn penalty<R: Precision>(plan: &Plan, weights: &[R], (l1, l2): (f64, f64)) -> f64 {
    if l1 == 0.0 && l2 == 0.0 {
        return 0.0;
    }
    let penalised = plan.penalised.iter().flat_map(|range| &weights[range.clone()]);
    let (sizes, squares) = penalised.fold((0.0, 0.0), |(sizes, squares), w| {
        let w = w.f64();
        (sizes + w.abs(), squares + w * w)
    });
    l1 * sizes + l2 * squares
}

/// Updates all parameters by their gradients.
pub(super) fn update<R: Precision>(team: &Team, mut all: ParameterSlice<'_, R>, optimizer: &dyn Optimizer, step: Step) {
    let count = all.weights.len();
    let width = count.div_ceil(MOST_PARTS).next_multiple_of(64).max(WORTH);
    if team.threads() == 1 || width >= count {
        return R::update(optimizer).update(all.weights, all.gradients, all.slots, step);
    }
    let mut parts = [const { None }; MOST_PARTS];
    for (k, part) in parts[..count.div_ceil(width)].iter_mut().enumerate() {
        *part = Some(all.take(width.min(count - k * width)));
    }
    team.each(&mut parts[..count.div_ceil(width)], |_, part| {
        if let Some(ParameterSlice { weights, gradients, slots }) = part.take() {
            R::update(optimizer).update(weights, gradients, slots, step);
        }
    });
}
