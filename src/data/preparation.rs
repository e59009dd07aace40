//! [`Preparation`]: everything that was learnt from the training rows and that a new row needs to become the
//! network's input. It is saved with the model. Not for reading: rows come as numbers and numbered categories.

use serde::{Deserialize, Serialize};

use super::reader::UNSEEN;
use crate::ir::dialect::Dialect;
use crate::ir::spec::{Missing, Scale, Statistics};
use crate::tensor::{Real, Shape, wide};

/// How rows are prepared, learnt from training rows alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preparation {
    /// The inputs.
    pub inputs: Inputs,
    /// The target.
    pub target: TargetRule,
    /// What happens to missing cells.
    pub missing: Missing,
    /// How the file was written; new files are read so too.
    #[serde(default)]
    pub dialect: Dialect,
}

/// How inputs are prepared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Inputs {
    /// Named columns, in order; a new file's columns are found by name.
    Columns(Vec<InputColumn>),
    /// Rows of an IDX file.
    Block(Unnamed),
}

/// One input column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InputColumn {
    /// Its name in the header.
    pub name: String,
    /// What it holds.
    pub kind: InputKind,
}

/// What an input column holds, and how that becomes inputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum InputKind {
    /// Numbers: one input.
    Number {
        /// Over the training rows, missing cells filled, before scaling.
        statistics: Statistics,
        /// What a missing cell becomes where it is filled, before scaling.
        fill: Option<f64>,
        /// How it is scaled.
        scaling: Scaling,
    },
    /// Distinct values: one input each, 1 for the row's own value and 0 for the others, never scaled.
    Category {
        /// Their names, in order.
        names: Vec<String>,
        /// Whether cells are told apart as numbers.
        numeric: bool,
        /// What a missing cell becomes where it is filled: the most frequent value's number.
        fill: Option<usize>,
        /// Whether any other value is one more input, which no training row sets.
        #[serde(default)]
        unknown: bool,
    },
}

/// Inputs without names: pictures and plain vectors of an IDX file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unnamed {
    /// The dimensions of one row.
    pub shape: Vec<usize>,
    /// Over the training rows, before scaling: one for a picture, else one for each place.
    pub statistics: Vec<Statistics>,
    /// As many as there are statistics. A picture is scaled as a whole: its pixels share their unit, and a
    /// pixel that is nearly always black is not blown up.
    pub scaling: Vec<Scaling>,
}

/// How numbers are scaled.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Scaling {
    /// As they are.
    None,
    /// A column that is constant over the training rows becomes 0.
    Constant {
        /// Its value there.
        value: f64,
    },
    /// (x − shift) / divisor.
    Affine {
        /// What is taken off.
        shift: f64,
        /// What divides the rest; above 0.
        divisor: f64,
    },
}

/// What is predicted, and how its numbers are to be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TargetRule {
    /// One of these classes.
    Classes {
        /// The column.
        column: String,
        /// Their names, in order.
        names: Vec<String>,
        /// Whether cells are told apart as numbers.
        numeric: bool,
        /// Whether the column holds numbers, zeros and ones only: it may also be a value.
        binary_numbers: bool,
    },
    /// Numbers.
    Values(Vec<ValueColumn>),
}

/// One target column of numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueColumn {
    /// Its name.
    pub name: String,
    /// Over the training rows, before scaling.
    pub statistics: Statistics,
    /// How it is scaled; predictions are scaled back.
    pub scaling: Scaling,
}

/// An input as the data has it.
#[derive(Clone, Debug, PartialEq)]
pub enum Original<'p> {
    /// A number, before scaling, to the digits that survive.
    Number(f64),
    /// A category's name.
    Category(&'p str),
    /// None of the categories.
    Unseen,
}

impl Scaling {
    /// The scaling that `scale` asks for, given what is known of the training rows.
    pub fn fit(scale: Scale, known: &Statistics) -> Self {
        let constant = known.min == known.max;
        match scale {
            Scale::None => Self::None,
            Scale::Standard | Scale::Minmax if constant => Self::Constant { value: known.min },
            Scale::Standard => Self::Affine { shift: known.mean, divisor: known.std },
            Scale::Minmax => Self::Affine { shift: known.min, divisor: known.max - known.min },
        }
    }

    /// The scaled number.
    #[inline]
    pub fn apply(self, value: f64) -> f64 {
        match self {
            Self::None => value,
            Self::Constant { .. } => 0.0,
            Self::Affine { shift, divisor } => (value - shift) / divisor,
        }
    }

    /// The number that was scaled; for a constant column the constant, whatever `value` is.
    #[inline]
    pub fn undo(self, value: f64) -> f64 {
        match self {
            Self::None => value,
            Self::Constant { value } => value,
            Self::Affine { shift, divisor } => value * divisor + shift,
        }
    }

    /// The number that was scaled, to the digits that survive: a column far from 0 keeps more of them than its scaled
    /// numbers have, for their precision is that of the distance to the shift.
    fn written<R: Real>(self, scaled: R) -> f64 {
        let relative = if size_of::<R>() == 4 { 1e-6 } else { 1e-14 };
        let value = self.undo(scaled.f64());
        let unit = match self {
            Self::Constant { value } => return value,
            Self::None => value.abs(),
            Self::Affine { divisor, .. } => (value - self.undo(0.0)).abs().max(divisor),
        };
        let digits = (value.abs() / (unit * relative)).log10().floor();
        // What is nearer to 0 than its precision is 0.
        if digits >= 1.0 { round(value, digits.min(17.0) as usize) } else { 0.0 }
    }
}

/// To so many significant digits.
fn round(value: f64, digits: usize) -> f64 {
    format!("{value:.*e}", digits.max(1) - 1).parse().unwrap_or(value)
}

impl InputKind {
    /// How many inputs it gives.
    pub fn width(&self) -> usize {
        match self {
            Self::Number { .. } => 1,
            Self::Category { names, unknown, .. } => names.len() + usize::from(*unknown),
        }
    }

    /// What a missing number becomes, before scaling; NaN where nothing is filled in.
    pub(super) fn fills(&self) -> f64 {
        match self {
            Self::Number { fill, .. } => fill.unwrap_or(f64::NAN),
            Self::Category { .. } => f64::NAN,
        }
    }

    #[inline]
    fn encode<R: Real>(&self, raw: f64, out: &mut [R]) {
        match self {
            Self::Number { fill, scaling, .. } => {
                let raw = if raw.is_finite() { raw } else { fill.unwrap_or(f64::NAN) };
                out[0] = R::of(scaling.apply(raw));
            }
            Self::Category { names, fill, unknown, .. } => {
                out.fill(R::ZERO);
                let id = if raw.is_finite() { raw } else { fill.map_or(UNSEEN, |id| id as f64) };
                let place = if id >= 0.0 { Some(id as usize) } else { unknown.then_some(names.len()) };
                if let Some(place) = place.and_then(|place| out.get_mut(place)) {
                    *place = R::ONE;
                }
            }
        }
    }
}

impl Inputs {
    /// The shape of one prepared row.
    pub fn shape(&self) -> Shape {
        match self {
            Self::Columns(columns) => Shape::vector(columns.iter().map(|c| c.kind.width()).sum()),
            Self::Block(block) => Shape::new(block.shape.clone()),
        }
    }

    /// The prepared inputs' names, where they are columns: a number's own, `island=Dream` for a category.
    pub fn names(&self) -> Vec<String> {
        let Self::Columns(columns) = self else { return Vec::new() };
        let named = |c: &InputColumn| match &c.kind {
            InputKind::Number { .. } => vec![c.name.clone()],
            InputKind::Category { names, unknown, .. } => {
                let other = unknown.then(|| format!("{} unseen", c.name));
                names.iter().map(|n| format!("{}={n}", c.name)).chain(other).collect()
            }
        };
        columns.iter().flat_map(named).collect()
    }

    /// The columns, and how many inputs each gives; none where the inputs are no columns.
    pub fn widths(&self) -> Vec<(String, usize)> {
        let Self::Columns(columns) = self else { return Vec::new() };
        columns.iter().map(|c| (c.name.clone(), c.kind.width())).collect()
    }

    /// Prepares one row. raw: columns (or places); out: prepared inputs.
    pub(super) fn encode<R: Real>(&self, raw: &[f64], out: &mut [R]) {
        match self {
            Self::Columns(columns) => {
                let mut rest = out;
                for (column, &raw) in columns.iter().zip(raw) {
                    let (own, after) = rest.split_at_mut(column.kind.width());
                    column.kind.encode(raw, own);
                    rest = after;
                }
            }
            Self::Block(block) => {
                for (place, (out, &raw)) in out.iter_mut().zip(raw).enumerate() {
                    *out = R::of(block.scaling[place % block.scaling.len()].apply(raw));
                }
            }
        }
    }

    /// One prepared row as the data has it: names and values before scaling. Numbers are rounded to the digits
    /// that survive the row's precision. Inputs without names are called by their place.
    pub fn original<R: Real>(&self, row: &[R]) -> Vec<(String, Original<'_>)> {
        match self {
            Self::Columns(columns) => {
                let mut rest = row;
                let mut originals = Vec::new();
                for column in columns {
                    let (own, after) = rest.split_at(column.kind.width().min(rest.len()));
                    rest = after;
                    let original = match &column.kind {
                        InputKind::Number { scaling, .. } => {
                            Original::Number(scaling.written(own.first().copied().unwrap_or(R::ZERO)))
                        }
                        InputKind::Category { names, .. } => own
                            .iter()
                            .position(|&v| v == R::ONE)
                            .and_then(|id| names.get(id))
                            .map_or(Original::Unseen, |name| Original::Category(name)),
                    };
                    originals.push((column.name.clone(), original));
                }
                originals
            }
            Self::Block(block) => row
                .iter()
                .enumerate()
                .map(|(place, v)| {
                    let value = block.scaling[place % block.scaling.len()].written(*v);
                    (place.to_string(), Original::Number(value))
                })
                .collect(),
        }
    }
}

impl TargetRule {
    /// The names of what is predicted: the class column, or the value columns.
    pub fn columns(&self) -> Vec<&str> {
        match self {
            Self::Classes { column, .. } => vec![column],
            Self::Values(columns) => columns.iter().map(|c| c.name.as_str()).collect(),
        }
    }

    /// A predicted number in the target's own scale, where its digits outgrow the run's precision: of a target far
    /// from 0 beside its spread, to a hundred-millionth of that. `None` where the precision holds it. `output` counts
    /// the columns.
    pub fn undo_far<R: Real>(&self, output: usize, value: R) -> Option<f64> {
        const FAR: f64 = 64.0;
        let Self::Values(columns) = self else { return None };
        match columns.get(output)?.scaling {
            Scaling::Affine { shift, divisor } if size_of::<R>() == 4 && shift.abs() > FAR * divisor => {
                let undone = value.f64() * divisor + shift;
                let unit = 10f64.powi(divisor.log10().floor() as i32 - 8);
                let steps = (undone / unit).round();
                // Divided by a power of ten that f64 holds, so that few digits stay few.
                let whole = if unit < 1.0 { steps / unit.recip().round() } else { steps * unit };
                Some(if steps.abs() < (1u64 << 53) as f64 { whole } else { undone })
            }
            Scaling::None | Scaling::Constant { .. } | Scaling::Affine { .. } => None,
        }
    }

    /// A predicted number in the target's own scale. `output` counts the value columns.
    pub fn undo(&self, output: usize, value: f64) -> f64 {
        match self {
            Self::Classes { .. } => value,
            Self::Values(columns) => columns.get(output).map_or(value, |c| c.scaling.undo(value)),
        }
    }
}

/// What is known of each of `width` columns over `rows`. values: width × all rows, one row contiguous. NaN is passed
/// over; a column with nothing else is all zeros.
pub(super) fn statistics<R: Real>(values: &[R], width: usize, rows: &[u32]) -> Vec<Statistics> {
    statistics_of(width, &InMemory { values, width, rows })
}

/// Rows that are gone through more than once.
pub(super) trait Passes<R> {
    /// Hands over each row.
    fn pass(&self, take: impl FnMut(&[R]));
}

struct InMemory<'v, R> {
    values: &'v [R],
    width: usize,
    rows: &'v [u32],
}

impl<R> Passes<R> for InMemory<'_, R> {
    #[allow(clippy::inline_always, reason = "a loop is compiled for wide vectors only where all of it is inlined")]
    #[inline(always)]
    fn pass(&self, mut take: impl FnMut(&[R])) {
        for &row in self.rows {
            take(&self.values[row as usize * self.width..][..self.width]);
        }
    }
}

/// As [`statistics`], of rows wherever they are.
pub(super) fn statistics_of<R: Real>(width: usize, rows: &impl Passes<R>) -> Vec<Statistics> {
    let mut sums = Sums::new(width);
    wide(
        #[inline(always)]
        || {
            rows.pass(
                #[inline(always)]
                |row| sums.add(row),
            );
        },
    );
    let means = sums.means();
    let mut squares = vec![0.0; width];
    wide(
        #[inline(always)]
        || {
            rows.pass(
                #[inline(always)]
                |row| {
                    for ((sum, &value), &mean) in squares.iter_mut().zip(row).zip(&means) {
                        let off = value.f64() - mean;
                        *sum += if off.is_finite() { off * off } else { 0.0 };
                    }
                },
            );
        },
    );
    let known = |k: usize| {
        let count = sums.count[k];
        let std = (squares[k] / count).sqrt();
        let statistics = Statistics { min: sums.min[k], max: sums.max[k], mean: means[k], std };
        if count > 0.0 { statistics } else { Statistics::default() }
    };
    (0..width).map(known).collect()
}

/// Sums over the finite values of each column, one vector for each kind of sum so that columns fill the processor's.
struct Sums {
    count: Vec<f64>,
    total: Vec<f64>,
    min: Vec<f64>,
    max: Vec<f64>,
}

impl Sums {
    fn new(width: usize) -> Self {
        let all = |value: f64| vec![value; width];
        Self { count: all(0.0), total: all(0.0), min: all(f64::INFINITY), max: all(f64::NEG_INFINITY) }
    }

    #[allow(clippy::inline_always, reason = "a loop is compiled for wide vectors only where all of it is inlined")]
    #[inline(always)]
    fn add<R: Real>(&mut self, row: &[R]) {
        let lows = self.min.iter_mut().zip(&mut self.max);
        let sums = self.count.iter_mut().zip(&mut self.total).zip(lows);
        for (&value, ((count, total), (min, max))) in row.iter().zip(sums) {
            let value = value.f64();
            let finite = value.is_finite();
            *count += if finite { 1.0 } else { 0.0 };
            *total += if finite { value } else { 0.0 };
            *min = if finite && value < *min { value } else { *min };
            *max = if finite && value > *max { value } else { *max };
        }
    }

    /// A mean that rounding put outside the column's own range would make a constant column vary.
    fn means(&self) -> Vec<f64> {
        let mean = |k: usize| (self.total[k] / self.count[k]).clamp(self.min[k], self.max[k]);
        (0..self.count.len()).map(|k| if self.count[k] > 0.0 { mean(k) } else { 0.0 }).collect()
    }
}

#[cfg(test)]
mod tests;
