//! lbfgs: a quasi-Newton method. Each iteration looks along one direction, made of the last steps and of what they
//! did to the gradient, for weights that satisfy Wolfe's strong conditions.

mod line;

use super::{Landscape, MOST_SLOTS, Optimizer, OptimizerKind, Parts, Step, Update};
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Signature};
use crate::tensor::{Real, zip};
use line::{Found, Line};

/// The names of its parameters.
mod key {
    use crate::catalog::signature::Key;

    pub(super) const HISTORY: Key<u64> = Key::new("history");
}

pub(super) static LBFGS: OptimizerKind = OptimizerKind {
    signature: Signature {
        name: "lbfgs",
        family: Family::Optimizer,
        summary: "quasi-Newton on all rows at once: an epoch is an iteration, and learning_rate the length of the first step",
        formula: "w ← w − αHg, H from the last `history` steps s and changes y of the gradient; α by the strong Wolfe conditions: L(α) ≤ L + 10⁻⁴αL′, |L′(α)| ≤ 0.9|L′|",
        range: "",
        parameters: &[Parameter::positional(
            key::HISTORY,
            Kind::Count(1),
            DefaultValue::Number(10.0),
            "how many steps are remembered",
        )],
        example: "optimizer = lbfgs(history=20)",
        source: "Liu and Nocedal 1989; Nocedal and Wright 2006, algorithms 7.4, 3.5 and 3.6",
        foreign: Foreign {
            names: &["l_bfgs_b", "limited_memory_bfgs"],
            parameters: &[("history_size", "history"), ("maxcor", "history"), ("m", "history")],
            hints: &[
                ("max_iter", "an epoch is an iteration: `epochs = 100`"),
                ("maxiter", "an epoch is an iteration: `epochs = 100`"),
                ("line_search_fn", "the line search is by the strong Wolfe conditions: leave it out"),
                ("tolerance_grad", "write `stop = early(patience=10)` in `train`"),
                ("tolerance_change", "write `stop = early(patience=10)` in `train`"),
            ],
            ..Foreign::NONE
        },
    },
    configure: |arguments| {
        let history = arguments.count(key::HISTORY).map_or(10, |count| count.value);
        Box::new(Lbfgs { history: usize::try_from(history).unwrap_or(usize::MAX).min(MOST_HISTORY) })
    },
};

/// More steps than any problem has use for.
const MOST_HISTORY: usize = 1000;
/// Besides the steps and the changes of the gradient: weights and gradient before the step, its direction, and a number
/// for each remembered step.
const OTHERS: usize = 4;

#[derive(Debug)]
struct Lbfgs {
    history: usize,
}

impl Optimizer for Lbfgs {
    fn name(&self) -> &'static str {
        "lbfgs"
    }
    fn slots(&self) -> usize {
        2 * self.history + OTHERS
    }
    /// Nothing that belongs to one weight alone.
    fn slot_names(&self) -> &'static [&'static str] {
        &[]
    }
    fn stability(&self) -> Option<f64> {
        None
    }
    fn searches(&self) -> bool {
        true
    }
}

impl<R: Real> Update<R> for Lbfgs {
    /// The first step as it is tried first: down the gradient, as long as the learning rate.
    fn update(&self, w: &mut [R], g: &[R], _slots: [&mut [R]; MOST_SLOTS], step: Step) {
        let norm = dot(g, g).sqrt();
        if norm > 0.0 {
            let rate = R::of(step.learning_rate / norm);
            zip(w, g, |w, g| w - rate * g);
        }
    }

    fn search(&self, landscape: &mut dyn Landscape<R>, value: f64, step: Step) {
        let mut memory = Memory::of(self, landscape.parts());
        memory.begin();
        let mut slope = memory.aim(step.done);
        // No way down by what is remembered: forget it.
        if slope.is_nan() || slope >= 0.0 {
            memory.forget();
            slope = memory.aim(step.done);
        }
        if !(slope < 0.0 && slope.is_finite()) {
            return;
        }
        let known = memory.pairs(step.done).next().is_some();
        let length = dot(memory.direction, memory.direction).sqrt();
        let first = if known { 1.0 } else { step.learning_rate / length };
        let found = Line::new(value, slope).search(first, |alpha| {
            Memory::of(self, landscape.parts()).go(alpha);
            let value = landscape.evaluate();
            let memory = Memory::of(self, landscape.parts());
            (value, dot(memory.g, memory.direction))
        });
        let last = match found {
            Found::Here => true,
            // An earlier place was better than the last one looked at.
            Found::At(alpha) => {
                Memory::of(self, landscape.parts()).go(alpha);
                landscape.evaluate();
                true
            }
            Found::Nowhere => false,
        };
        let mut memory = Memory::of(self, landscape.parts());
        if last {
            memory.remember(step.done);
        } else {
            memory.go(0.0);
            memory.forget();
        }
    }
}

/// What is remembered, and the weights and gradients it is of.
struct Memory<'m, R> {
    w: &'m mut [R],
    g: &'m mut [R],
    /// Steps, one after the other; where there is none yet, zeros.
    steps: &'m mut [R],
    /// What each did to the gradient.
    changes: &'m mut [R],
    /// The weights before the step.
    start: &'m mut [R],
    /// The gradient there.
    slope: &'m mut [R],
    direction: &'m mut [R],
    /// A number for each remembered step.
    shares: &'m mut [R],
}

impl<'m, R: Real> Memory<'m, R> {
    fn of(lbfgs: &Lbfgs, parts: Parts<'m, R>) -> Self {
        let Parts { weights, gradient, memory } = parts;
        let n = weights.len();
        let (steps, rest) = memory.split_at_mut(lbfgs.history * n);
        let (changes, rest) = rest.split_at_mut(lbfgs.history * n);
        let (start, rest) = rest.split_at_mut(n);
        let (slope, rest) = rest.split_at_mut(n);
        let (direction, rest) = rest.split_at_mut(n);
        // More steps than weights say nothing new, so that a number for each fits.
        let used = lbfgs.history.min(n) * n;
        Self {
            w: weights,
            g: gradient,
            steps: &mut steps[..used],
            changes: &mut changes[..used],
            start,
            slope,
            direction,
            shares: rest,
        }
    }

    /// How many steps there is room for.
    fn room(&self) -> u64 {
        (self.steps.len() / self.w.len().max(1)).max(1) as u64
    }

    /// Keeps the weights and the gradient before the step.
    fn begin(&mut self) {
        self.start.copy_from_slice(self.w);
        self.slope.copy_from_slice(self.g);
    }

    /// The remembered steps after so many iterations, the latest first: where each is, and s·y > 0.
    fn pairs(&self, done: u64) -> impl DoubleEndedIterator<Item = (usize, f64)> {
        let (n, room) = (self.w.len(), self.room());
        let places = (1..=done.min(room)).map(move |back| ((done - back) % room) as usize);
        let along = move |at: usize| dot(&self.steps[at * n..][..n], &self.changes[at * n..][..n]);
        places.map(move |at| (at, along(at))).filter(|(_, along)| *along > 0.0)
    }

    /// Writes −Hg, and gives its slope along the gradient.
    fn aim(&mut self, done: u64) -> f64 {
        let n = self.w.len();
        let mut direction = std::mem::take(&mut self.direction);
        let mut shares = std::mem::take(&mut self.shares);
        zip(direction, self.slope, |_, g| -g);
        for (at, along) in self.pairs(done) {
            let share = dot(&self.steps[at * n..][..n], direction) / along;
            shares[at] = R::of(share);
            add(direction, -share, &self.changes[at * n..][..n]);
        }
        if let Some((at, along)) = self.pairs(done).next() {
            let y = &self.changes[at * n..][..n];
            let scale = R::of(along / dot(y, y));
            for d in &mut *direction {
                *d = scale * *d;
            }
        }
        for (at, along) in self.pairs(done).rev() {
            let back = dot(&self.changes[at * n..][..n], direction) / along;
            add(direction, shares[at].f64() - back, &self.steps[at * n..][..n]);
        }
        std::mem::swap(&mut self.direction, &mut direction);
        std::mem::swap(&mut self.shares, &mut shares);
        dot(self.direction, self.slope)
    }

    /// Puts the weights at a place on the line.
    fn go(&mut self, alpha: f64) {
        let alpha = R::of(alpha);
        for ((w, &start), &d) in self.w.iter_mut().zip(&*self.start).zip(&*self.direction) {
            *w = start + alpha * d;
        }
    }

    /// Keeps the step of an iteration, and what it did to the gradient.
    fn remember(&mut self, done: u64) {
        let (n, at) = (self.w.len(), (done % self.room()) as usize);
        let (step, change) = (&mut self.steps[at * n..][..n], &mut self.changes[at * n..][..n]);
        for k in 0..n {
            step[k] = self.w[k] - self.start[k];
            change[k] = self.g[k] - self.slope[k];
        }
    }

    fn forget(&mut self) {
        self.steps.fill(R::ZERO);
        self.changes.fill(R::ZERO);
    }
}

/// a ← a + share·b
fn add<R: Real>(a: &mut [R], share: f64, b: &[R]) {
    let share = R::of(share);
    zip(a, b, |a, b| a + share * b);
}

/// In f64, and in eight sums, which processors take at once.
fn dot<R: Real>(a: &[R], b: &[R]) -> f64 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for k in 0..8 {
            sums[k] += a[k].f64() * b[k].f64();
        }
    }
    sums.iter().sum::<f64>() + a_rest.iter().zip(b_rest).map(|(a, b)| a.f64() * b.f64()).sum::<f64>()
}
