//! [`Machine`]: the memory of a network, and its passes over a batch. Not for what is done with some rows: that is
//! [`RowChunk`]'s.

use super::parameters::{self, BatchResults, ParameterSlice};
use super::plan::{NodeLayout, Plan};
use super::row_chunk::{Matrices, RowChunk, SEQUENTIAL, Shared};
use super::small::{self, Small};
use super::step::{Clipped, Left, Losses, Part, UpdateRule};
use crate::catalog::Precision;
use crate::catalog::layers::{Layer, Mode};
use crate::catalog::losses::Loss;
use crate::catalog::optimizers::{Optimizer, Step};
use crate::ir::Network;
use crate::tensor::{Arena, Purpose, Stream, Team, is_all_finite, map, sum_of_squares};

/// A network with its memory, in one precision.
#[derive(Debug)]
pub struct Machine<'a, R> {
    network: &'a Network,
    pub(super) plan: Plan,
    team: Team,
    /// Trained tensors, one after the other (a matrix column-major).
    pub parameters: Vec<R>,
    /// ∂L/∂parameters of the last backward pass.
    pub gradients: Vec<R>,
    /// Running statistics and their kin.
    pub state: Vec<R>,
    /// What the optimizer remembers: slots of the parameters' length.
    pub slots: Vec<R>,
    /// One stream for each node that needs one.
    pub streams: Vec<Stream>,
    /// Each node's values.
    pub(super) values: Arena<R>,
    /// ∂L/∂values; nothing where nobody trains.
    d_values: Arena<R>,
    /// Each node's weighted sums and what it keeps of the rows, in turns.
    kept: Arena<R>,
    /// One matrix, for a gradient that is added to another.
    scratch: Arena<R>,
    /// What nodes keep of a whole batch.
    fixed: Vec<R>,
    targets: Vec<R>,
    row_losses: Vec<R>,
    row_weights: Vec<R>,
    /// Whether threads can take rows of their own through the network, by [`Mode`].
    alone: [bool; 2],
    /// Where the optimizer looks at other weights: what the batch left behind at those of the step.
    pub(super) left: Option<Left<R>>,
    /// How a network of a few neurons is trained.
    small: Option<Small<R>>,
    pub(super) batch: usize,
}

/// Most stretches of rows that a batch is cut into.
const MOST_CHUNKS: usize = 16;
/// Multiply-adds of the forward pass worth a stretch of its own: some microseconds, many times what handing it over
/// takes.
const WORTH: usize = 128 * 1024;
/// Heights of stretches are multiples of this, the width of the kernels' tiles.
const GRAIN: usize = 8;

impl<'a, R: Precision> Machine<'a, R> {
    /// Makes all memory: for training where `optimizer` is given, else for predicting alone.
    pub fn new(network: &'a Network, plan: Plan, optimizer: Option<&dyn Optimizer>, seed: u64, team: Team) -> Self {
        let zeros = |count: usize| vec![R::ZERO; count];
        let trains = optimizer.is_some();
        let when_training = |count: usize| if trains { count } else { 0 };
        let width = plan.places.last().map_or(0, |p| p.width);
        let layers = || network.nodes.iter().filter_map(|n| n.layer.as_deref());
        // A random layer draws for one row after the other, and one that couples rows keeps state besides.
        let draws = |layer: &dyn Layer, mode| mode == Mode::Training && layer.is_random();
        let apart = |layer, mode| !draws(layer, mode) && !layer.couples_rows() && R::kernel(layer).is_row_independent();
        let alone = |mode| layers().all(|layer| apart(layer, mode));
        let arena = |width: fn(&NodeLayout) -> usize| Arena::new(plan.places.iter().map(width), plan.capacity);
        let streams = (0..plan.places.len()).map(|n| Stream::new(seed, Purpose::Dropout(n))).collect();
        let mut machine = Self {
            network,
            team,
            parameters: zeros(plan.parameters),
            gradients: zeros(when_training(plan.parameters)),
            state: zeros(plan.state),
            slots: zeros(optimizer.map_or(0, Optimizer::slots) * plan.parameters),
            streams,
            values: arena(|p| p.width),
            d_values: arena(if trains { |p| p.width } else { |_| 0 }),
            kept: Arena::new(plan.places.iter().flat_map(|p| [p.sums(), p.saved]), plan.capacity),
            scratch: Arena::new([when_training(plan.scratch)], plan.capacity),
            fixed: zeros(plan.fixed),
            targets: zeros(width * plan.capacity),
            row_losses: zeros(plan.capacity),
            row_weights: zeros(plan.capacity),
            alone: [alone(Mode::Training), alone(Mode::Inference)],
            left: optimizer.filter(|o| o.searches()).map(|_| Left::new(width * plan.capacity, plan.state)),
            small: Small::new(network, &plan).filter(|_| trains),
            batch: 0,
            plan,
        };
        machine.start(seed);
        machine
    }

    /// Starts every tensor from its distribution, each from a stream of its own, and every state from its value.
    fn start(&mut self, seed: u64) {
        for (k, (node, tensor, range)) in self.plan.tensors.iter().enumerate() {
            let start = self.network.nodes[*node].tensors[*tensor].start;
            start.fill(&mut self.parameters[range.clone()], &mut Stream::new(seed, Purpose::Init(k)));
        }
        for (node, place) in self.network.nodes.iter().zip(&self.plan.places) {
            let mut at = place.state.start;
            for state in &node.state {
                self.state[at..at + state.size].fill(R::of(state.start));
                at += state.size;
            }
        }
    }

    /// The layout.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Who shares the work.
    pub fn team(&self) -> &Team {
        &self.team
    }

    /// The network.
    pub fn network(&self) -> &'a Network {
        self.network
    }

    /// Takes a batch of this many rows; to be called before rows are put in.
    ///
    /// # Panics
    /// With more rows than the plan has room for.
    pub fn set_batch(&mut self, rows: usize) {
        assert!(rows <= self.plan.capacity, "{rows} rows in a plan for {}", self.plan.capacity);
        self.batch = rows;
    }

    /// Where the batch's input rows go: `width × batch`.
    pub fn input_mut(&mut self) -> &mut [R] {
        self.values.matrix_mut(0, self.batch)
    }

    /// Has the team put the batch's input rows in: `put` is given the number of a row and the place of it and those
    /// that follow, `width × rows`.
    pub fn put_in(&mut self, put: impl Fn(usize, &mut [R]) + Sync) {
        /// Numbers that are worth a stretch of their own.
        const WORTH: usize = 8 * 1024;
        let (batch, width) = (self.batch, self.input_width());
        let chunks = (batch * width / WORTH).clamp(1, self.team.threads().min(MOST_CHUNKS));
        let input = self.values.matrix_mut(0, batch);
        if chunks == 1 {
            return put(0, input);
        }
        let height = batch.div_ceil(chunks);
        let mut parts = [const { None }; MOST_CHUNKS];
        parts.iter_mut().zip(input.chunks_mut(width * height)).for_each(|(part, rows)| *part = Some(rows));
        self.team.each(&mut parts[..batch.div_ceil(height)], |i, rows| {
            if let Some(rows) = rows {
                put(i * height, rows);
            }
        });
    }

    /// Where the batch's targets go: `width × batch`.
    pub fn target_mut(&mut self) -> &mut [R] {
        let width = self.output_width();
        &mut self.targets[..width * self.batch]
    }

    /// Where the batch's row weights go.
    pub fn weights_mut(&mut self) -> &mut [R] {
        &mut self.row_weights[..self.batch]
    }

    /// Values of one row at the input.
    pub fn input_width(&self) -> usize {
        self.plan.places[0].width
    }

    /// Values of one row at the output.
    pub fn output_width(&self) -> usize {
        self.plan.places[self.plan.places.len() - 1].width
    }

    /// The network's output for the batch, `width × batch`.
    pub fn output(&self) -> &[R] {
        self.values_of(self.plan.places.len() - 1)
    }

    /// The network's output and the targets of the batch, both `width × batch`.
    pub fn output_and_targets(&self) -> (&[R], &[R]) {
        (self.output(), &self.targets[..self.output_width() * self.batch])
    }

    /// A node's values for the batch, `width × batch`.
    pub fn values_of(&self, node: usize) -> &[R] {
        self.values.matrix(node, self.batch)
    }

    /// ∂L/∂values of a node after a backward pass, where the plan asked for it. A node's own activation overwrites it
    /// with ∂L/∂z.
    pub fn deltas_of(&self, node: usize) -> &[R] {
        self.d_values.matrix(node, self.batch)
    }

    /// The loss of each row of the batch.
    pub fn row_losses(&self) -> &[R] {
        &self.row_losses[..self.batch]
    }

    /// How many stretches of rows the batch is cut into, and their height. A row's bits are the same either way.
    fn cut(&self, mode: Mode) -> (usize, usize) {
        let work = self.plan.multiply_adds as usize * self.batch;
        let chunks = if self.alone[mode as usize] { (work / WORTH).min(self.batch / GRAIN) } else { 1 };
        let chunks = chunks.clamp(1, self.team.threads().min(MOST_CHUNKS));
        let height = self.batch.div_ceil(chunks).next_multiple_of(if chunks > 1 { GRAIN } else { 1 }).max(1);
        (self.batch.div_ceil(height).max(1), height)
    }

    /// The batch in one row chunk, with everything that acts on all of its rows.
    fn whole(&mut self, mode: Mode) -> RowChunk<'_, R> {
        let batch = self.batch;
        RowChunk {
            network: self.network,
            places: &self.plan.places,
            parameters: &self.parameters,
            team: &self.team,
            mode,
            rows: Matrices {
                values: self.values.all(batch),
                d_values: self.d_values.all(batch),
                kept: self.kept.all(batch),
                scratch: self.scratch.all(batch),
            },
            targets: &self.targets,
            losses: &mut self.row_losses[..batch],
            weights: &mut self.row_weights[..batch],
            shared: Shared {
                state: &mut self.state,
                fixed: &mut self.fixed,
                streams: &mut self.streams,
                gradients: &mut self.gradients,
            },
        }
    }

    /// Has the team work through the batch: each its own rows where that gives the same bits, else all together layer
    /// by layer.
    fn chunks(&mut self, mode: Mode, work: impl Fn(&mut RowChunk<'_, R>) + Sync) {
        let (count, height) = self.cut(mode);
        if count == 1 {
            return work(&mut self.whole(mode));
        }
        let (batch, width) = (self.batch, self.output_width());
        let rows = self
            .values
            .cut(batch, height)
            .zip(self.d_values.cut(batch, height))
            .zip(self.kept.cut(batch, height))
            .zip(self.scratch.cut(batch, height));
        let targets = self.targets[..width * batch].chunks(width * height);
        let losses = self.row_losses[..batch].chunks_mut(height).zip(self.row_weights[..batch].chunks_mut(height));
        let mut chunks = [const { None }; MOST_CHUNKS];
        for (((chunk, rows), targets), (losses, weights)) in chunks.iter_mut().zip(rows).zip(targets).zip(losses) {
            let (((values, d_values), kept), scratch) = rows;
            *chunk = Some(RowChunk {
                network: self.network,
                places: &self.plan.places,
                parameters: &self.parameters,
                team: &SEQUENTIAL,
                mode,
                rows: Matrices { values, d_values, kept, scratch },
                targets,
                losses,
                weights,
                shared: Shared::default(),
            });
        }
        self.team.each(&mut chunks[..count], |_, chunk| {
            if let Some(chunk) = chunk {
                work(chunk);
            }
        });
    }

    /// The forward pass over the batch that was put in.
    pub fn forward(&mut self, mode: Mode) {
        self.chunks(mode, |chunk| chunk.forward(&mut |_| ()));
    }

    /// As [`Self::forward`], layer by layer; `watch` is told each node when it is done, for those who measure.
    pub fn forward_watched(&mut self, mode: Mode, mut watch: impl FnMut(usize)) {
        self.whole(mode).forward(&mut watch);
    }

    /// The forward pass and the loss of the batch. Where `fused`, the output's activation is computed with the loss.
    pub fn forward_loss(&mut self, mode: Mode, loss: &dyn Loss, fused: bool) -> Losses {
        self.chunks(mode, |chunk| chunk.forward_loss(loss, fused, &mut |_| ()));
        self.losses()
    }

    /// A training step up to the update: forward, the loss and backward over the batch that was put in. Of a small
    /// network, hidden layers' values are not left behind; see [`Self::forward_loss`].
    pub fn pass(&mut self, loss: &dyn Loss, fused: bool) -> Losses {
        let interleaved = self.steps_interleaved(fused);
        if let Some(small) = self.small.as_mut().filter(|_| interleaved) {
            let (batch, weights) = (self.batch, &self.row_weights[..self.batch]);
            let [output, input] = self.values.apart_of([self.plan.places.len() - 1, 0], batch);
            let weight: f64 = weights.iter().map(|w| w.f64()).sum();
            let mut batch = small::Batch {
                network: self.network,
                parameters: &self.parameters,
                gradients: &mut self.gradients,
                input,
                targets: &self.targets[..output.len()],
                weights,
                share: R::of(1.0 / weight),
                output,
                losses: &mut self.row_losses[..batch],
            };
            small.pass(&mut batch, loss, fused);
            return self.losses();
        }
        let losses = self.forward_loss(Mode::Training, loss, fused);
        self.backward(Mode::Training, loss, fused, losses);
        losses
    }

    /// A training step over the batch that was put in: [`Self::pass`] and the `moves`. Where the loss is not finite,
    /// nothing moves.
    pub fn step(&mut self, loss: &dyn Loss, fused: bool, moves: &UpdateRule<'_>) -> Losses {
        let apart = moves.clip_norm.is_none() && !moves.optimizer.searches();
        if apart && self.alone[Mode::Training as usize] && !self.steps_interleaved(fused) {
            let losses = self.forward_loss(Mode::Training, loss, fused);
            if losses.mean.is_finite() {
                self.backward_rows(loss, fused, losses);
                self.parts(Some(moves));
            }
            return losses;
        }
        let losses = self.pass(loss, fused);
        if losses.mean.is_finite() {
            self.bound(moves);
            self.conclude(loss, fused, moves, losses);
        }
        losses
    }

    /// As [`Self::step`], layer by layer; `watch` is told each part when it is done, for those who measure.
    pub fn step_watched(
        &mut self,
        loss: &dyn Loss,
        fused: bool,
        moves: &UpdateRule<'_>,
        mut watch: impl FnMut(Part),
    ) -> Losses {
        self.whole(Mode::Training).forward_loss(loss, fused, &mut |node| watch(Part::Forward(node)));
        let losses = self.losses();
        watch(Part::Loss);
        if losses.mean.is_finite() {
            let mut chunk = self.whole(Mode::Training);
            chunk.loss_gradient(loss, fused, losses);
            watch(Part::LossGradient);
            chunk.backward(fused, true, &mut |node| watch(Part::Backward(node)));
            self.bound(moves);
            watch(Part::Bounds);
            self.conclude(loss, fused, moves, losses);
            watch(Part::Update);
        }
        losses
    }

    /// Whether [`Self::pass`] takes the batch in hand through the network sixteen rows interleaved.
    pub fn steps_interleaved(&self, fused: bool) -> bool {
        self.small.as_ref().is_some_and(|s| s.takes(self.network, self.batch, fused))
    }

    /// What the rows' losses come to.
    fn losses(&self) -> Losses {
        let (mut total, mut weight) = (0.0, 0.0);
        for (&row, &w) in self.row_losses[..self.batch].iter().zip(&self.row_weights[..self.batch]) {
            total += row.f64() * w.f64();
            weight += w.f64();
        }
        Losses { mean: total / weight, weight }
    }

    /// The backward pass of the batch's mean loss; `losses` is what [`Self::forward_loss`] gave.
    pub fn backward(&mut self, mode: Mode, loss: &dyn Loss, fused: bool, losses: Losses) {
        if self.cut(mode).0 == 1 {
            let mut chunk = self.whole(mode);
            chunk.loss_gradient(loss, fused, losses);
            return chunk.backward(fused, true, &mut |_| ());
        }
        self.backward_rows(loss, fused, losses);
        self.parts(None);
    }

    /// The rows' own backward pass in training, to every node's weighted sums.
    fn backward_rows(&mut self, loss: &dyn Loss, fused: bool, losses: Losses) {
        self.chunks(Mode::Training, |chunk| {
            chunk.loss_gradient(loss, fused, losses);
            chunk.backward(fused, false, &mut |_| ());
        });
    }

    /// The parameters' gradients after the rows' own backward pass, and the `moves` where there are any.
    fn parts(&mut self, moves: Option<&UpdateRule<'_>>) {
        let passed = BatchResults {
            network: self.network,
            plan: &self.plan,
            values: &self.values,
            d_values: &self.d_values,
            kept: &self.kept,
            team: &self.team,
            batch: self.batch,
        };
        passed.step(ParameterSlice::all(&mut self.parameters, &mut self.gradients, &mut self.slots), moves);
    }

    /// The backward pass from ∂L/∂output, given for the batch: for explanations that ask about one output at a time.
    pub fn backward_from(&mut self, mode: Mode, gradient: &[R]) {
        let last = self.plan.places.len() - 1;
        self.d_values.matrix_mut(last, self.batch).copy_from_slice(gradient);
        self.whole(mode).backward(false, true, &mut |_| ());
    }

    /// Adds the gradients of `l1·Σ|w| + l2·Σw²` over the penalised tensors.
    pub fn penalise(&mut self, l1: f64, l2: f64) {
        let all = 0..self.parameters.len();
        parameters::penalise(&self.plan, &mut self.gradients, &self.parameters, &all, (l1, l2));
    }

    /// The norm of all gradients together.
    pub fn gradient_norm(&self) -> f64 {
        sum_of_squares(&self.gradients).sqrt()
    }

    /// Makes of the loss's gradients those that the optimizer takes: adds the penalties' and shrinks all together to
    /// their bound, where there is one.
    pub fn bound(&mut self, moves: &UpdateRule<'_>) -> Option<Clipped> {
        self.penalise(moves.l1, moves.l2);
        let bound = moves.clip_norm?;
        let norm = self.gradient_norm();
        let factor = if norm > bound { bound / norm } else { 1.0 };
        if norm > bound {
            let factor = R::of(factor);
            map(&mut self.gradients, |g| g * factor);
        }
        Some(Clipped { norm, factor })
    }

    /// Updates the parameters by their gradients: all from gradients taken at the old weights.
    pub fn update(&mut self, optimizer: &dyn Optimizer, step: Step) {
        let all = ParameterSlice::all(&mut self.parameters, &mut self.gradients, &mut self.slots);
        parameters::update(&self.team, all, optimizer, step);
    }

    /// Moves the parameters, whose loss and gradients are known.
    fn conclude(&mut self, loss: &dyn Loss, fused: bool, moves: &UpdateRule<'_>, losses: Losses) {
        if moves.optimizer.searches() {
            self.search(loss, fused, moves, losses);
        } else {
            self.update(moves.optimizer, moves.step);
        }
    }

    /// Whether every parameter is a finite number.
    pub fn is_finite(&self) -> bool {
        is_all_finite(&self.parameters) && is_all_finite(&self.state)
    }

    /// The first node whose values for the batch are not all finite, after [`Self::forward_loss`].
    pub fn first_non_finite(&self) -> Option<usize> {
        (0..self.plan.places.len()).find(|&node| !is_all_finite(self.values_of(node)))
    }
}
