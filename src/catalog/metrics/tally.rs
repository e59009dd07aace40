//! [`Tally`]: counts over rows, taken one row at a time in flat memory, from which every metric follows.

use super::scores::Scores;

/// Counts over rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// The counts.
    pub counts: Counts,
    /// Of two classes the one that is called positive; training knows nothing of it.
    pub positive: usize,
    /// How many of the greatest outputs `top_k` looks at.
    pub top: usize,
    /// The rows themselves, where a metric asks for them.
    pub scores: Option<Scores>,
}

/// What is counted, by what is predicted.
#[derive(Clone, Debug, PartialEq)]
pub enum Counts {
    /// Rows by true class (outer) and predicted class (inner).
    Classes(Vec<Vec<u64>>),
    /// For each yes-or-no output.
    Labels(Vec<Hits>),
    /// For each output, in the target's own scale.
    Values(Vec<Errors>),
}

/// Rows of one label, or of one class against the rest: true and predicted no, then yes: `[tn, fp, fn, tp]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hits(pub [u64; 4]);

impl Hits {
    /// Rows that are of the class.
    pub fn rows(self) -> u64 {
        let [_, _, misses, tp] = self.0;
        misses + tp
    }

    /// Rows that were called so.
    pub fn called(self) -> u64 {
        let [_, fp, _, tp] = self.0;
        fp + tp
    }

    /// Whether the class occurs or was predicted; of one that did neither there is nothing to say.
    pub fn is_met(self) -> bool {
        self.rows() + self.called() > 0
    }

    /// Of the rows called so, the share that is; 0 where none was.
    pub fn precision(self) -> f64 {
        share(self.0[3], self.called())
    }

    /// Of the rows that are, the share called so; 0 where there is none.
    pub fn recall(self) -> f64 {
        share(self.0[3], self.rows())
    }

    /// The harmonic mean of the two.
    pub fn f1(self) -> f64 {
        let [_, fp, misses, tp] = self.0;
        share(2 * tp, 2 * tp + fp + misses)
    }

    /// By true (outer) and predicted (inner) answer, no before yes.
    pub fn table(self) -> [[u64; 2]; 2] {
        let [tn, fp, misses, tp] = self.0;
        [[tn, fp], [misses, tp]]
    }
}

/// A part of a whole; none of nothing is 0.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Sums over one value target.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Errors {
    /// Rows.
    pub rows: u64,
    /// Σ(a − t)²
    pub squared: f64,
    /// Σ|a − t|
    pub absolute: f64,
    /// The first t. What follows is taken from here, so that a spread about a far mean keeps its digits, without a
    /// division for each row.
    pub origin: f64,
    /// Σ(t − origin)
    offset: f64,
    /// Σ(t − origin)²
    offset_squared: f64,
}

impl Errors {
    /// Counts a row: what is predicted, and the truth.
    fn count(&mut self, a: f64, t: f64) {
        if self.rows == 0 {
            self.origin = t;
        }
        self.rows += 1;
        self.squared += (a - t) * (a - t);
        self.absolute += (a - t).abs();
        self.offset += t - self.origin;
        self.offset_squared += (t - self.origin) * (t - self.origin);
    }

    fn save(&self) -> [u64; 6] {
        let &Self { rows, squared, absolute, origin, offset, offset_squared } = self;
        let [squared, absolute, origin, offset, offset_squared] =
            [squared, absolute, origin, offset, offset_squared].map(f64::to_bits);
        [rows, squared, absolute, origin, offset, offset_squared]
    }

    fn restored(next: &mut impl FnMut() -> u64) -> Self {
        let rows = next();
        let [squared, absolute, origin, offset, offset_squared] = std::array::from_fn(|_| f64::from_bits(next()));
        Self { rows, squared, absolute, origin, offset, offset_squared }
    }

    /// Σ(t − mean of t)²; `None` where all targets are equal, one row included: there is no variance to explain.
    fn spread(&self) -> Option<f64> {
        let spread = self.offset_squared - self.offset * self.offset / self.rows as f64;
        (self.offset_squared > 0.0 && spread > 0.0).then_some(spread)
    }

    /// The mean squared error.
    pub fn mse(&self) -> f64 {
        self.squared / self.rows as f64
    }

    /// Its root.
    pub fn rmse(&self) -> f64 {
        self.mse().sqrt()
    }

    /// The mean absolute error.
    pub fn mae(&self) -> f64 {
        self.absolute / self.rows as f64
    }

    /// The share of the variance that is explained, where there is any.
    pub fn r2(&self) -> Option<f64> {
        self.spread().map(|spread| 1.0 - self.squared / spread).filter(|r2| r2.is_finite())
    }
}

impl Tally {
    pub(super) const fn of(counts: Counts) -> Self {
        Self { counts, positive: 0, top: 1, scores: None }
    }

    /// An empty tally of so many classes; of two, `positive` is the positive one.
    pub fn classes(count: usize, positive: usize) -> Self {
        Self { positive, ..Self::of(Counts::Classes(vec![vec![0; count]; count])) }
    }

    /// An empty tally of so many yes-or-no outputs.
    pub fn labels(count: usize) -> Self {
        Self::of(Counts::Labels(vec![Hits::default(); count]))
    }

    /// An empty tally of so many values.
    pub fn values(count: usize) -> Self {
        Self::of(Counts::Values(vec![Errors::default(); count]))
    }

    /// Forgets all, and keeps its memory.
    pub fn clear(&mut self) {
        match &mut self.counts {
            Counts::Classes(counts) => counts.iter_mut().for_each(|row| row.fill(0)),
            Counts::Labels(hits) => hits.fill(Hits::default()),
            Counts::Values(errors) => errors.fill(Errors::default()),
        }
        if let Some(scores) = &mut self.scores {
            scores.clear();
        }
    }

    /// Everything counted, to be kept: as many words for every tally of a kind and width, and the rows behind them
    /// where they are kept.
    pub fn save(&self) -> Vec<u64> {
        let mut words = self.counts();
        words.extend(self.scores.iter().flat_map(Scores::save));
        words
    }

    fn counts(&self) -> Vec<u64> {
        match &self.counts {
            Counts::Classes(counts) => counts.concat(),
            Counts::Labels(hits) => hits.iter().flat_map(|h| h.0).collect(),
            Counts::Values(errors) => errors.iter().flat_map(Errors::save).collect(),
        }
    }

    /// Puts back what was kept of a tally of the same kind and width; whether it was.
    pub fn restore(&mut self, words: &[u64]) -> bool {
        let Some((words, rows)) = words.split_at_checked(self.counts().len()) else { return false };
        let fits = match &mut self.scores {
            Some(scores) => scores.restore(rows),
            None => rows.is_empty(),
        };
        if fits {
            let mut words = words.iter().copied();
            let mut next = || words.next().unwrap_or_default();
            match &mut self.counts {
                Counts::Classes(counts) => counts.iter_mut().flatten().for_each(|count| *count = next()),
                Counts::Labels(hits) => hits.iter_mut().flat_map(|h| &mut h.0).for_each(|count| *count = next()),
                Counts::Values(errors) => errors.iter_mut().for_each(|e| *e = Errors::restored(&mut next)),
            }
        }
        fits
    }

    /// Whether it has counted just so many rows.
    pub fn is_of(&self, rows: u64) -> bool {
        let sum = |counts: &[u64]| counts.iter().try_fold(0_u64, |sum, &count| sum.checked_add(count));
        let counted = match &self.counts {
            Counts::Classes(counts) => sum(&counts.concat()) == Some(rows),
            Counts::Labels(hits) => hits.iter().all(|hits| sum(&hits.0) == Some(rows)),
            Counts::Values(errors) => errors.iter().all(|errors| errors.rows == rows),
        };
        counted && self.scores.as_ref().is_none_or(|scores| scores.rows().len() as u64 == rows)
    }

    /// Counts one row by class.
    pub fn count_class(&mut self, truth: usize, predicted: usize) {
        if let Counts::Classes(counts) = &mut self.counts {
            counts[truth][predicted] += 1;
        }
    }

    /// Counts rows of one output, a label or a value: what is predicted, and the truth.
    pub fn count_output(&mut self, output: usize, rows: impl Iterator<Item = (f64, f64)>) {
        match &mut self.counts {
            Counts::Classes(_) => {}
            Counts::Labels(hits) => {
                for (a, t) in rows {
                    hits[output].0[usize::from(t >= 0.5) * 2 + usize::from(a >= 0.5)] += 1;
                }
            }
            Counts::Values(errors) => {
                let mut e = errors[output];
                for (a, t) in rows {
                    e.count(a, t);
                }
                errors[output] = e;
            }
        }
    }

    /// For each class against the rest, or each label.
    pub fn hits(&self) -> Option<Vec<Hits>> {
        match &self.counts {
            Counts::Classes(counts) => Some((0..counts.len()).map(|class| one_against_rest(counts, class)).collect()),
            Counts::Labels(hits) => Some(hits.clone()),
            Counts::Values(_) => None,
        }
    }

    /// For each value target the rows in which it is 0, where the rows are kept.
    pub fn zeros(&self) -> Option<Vec<u64>> {
        let scores = self.scores.as_ref().filter(|_| self.errors().is_some())?;
        let zeros = |at| scores.column(at).iter().filter(|(_, t)| *t == 0.0).count() as u64;
        Some((0..scores.width()).map(zeros).collect())
    }

    /// For each value target.
    pub fn errors(&self) -> Option<&[Errors]> {
        if let Counts::Values(errors) = &self.counts { Some(errors) } else { None }
    }
}

fn one_against_rest(counts: &[Vec<u64>], class: usize) -> Hits {
    let tp = counts[class][class];
    let misses = counts[class].iter().sum::<u64>() - tp;
    let fp = counts.iter().map(|row| row[class]).sum::<u64>() - tp;
    let all: u64 = counts.iter().flatten().sum();
    Hits([all - tp - misses - fp, fp, misses, tp])
}
