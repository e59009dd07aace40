//! [`Distribution`]: what the elements of a tensor are drawn from, its moments, and the drawing.

use super::matrix;
use crate::tensor::{Real, Stream};
use crate::text::short;

/// What each element is drawn from, independently; or what a whole matrix is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Distribution {
    /// Every element is this.
    Constant(f64),
    /// Uniform in [low, high).
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// Normal.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        std: f64,
    },
    /// Normal, redrawn beyond two standard deviations.
    TruncatedNormal {
        /// Mean.
        mean: f64,
        /// Standard deviation before the ends are cut off.
        std: f64,
    },
    /// Orthogonal rows or columns, whichever are fewer.
    Orthogonal {
        /// Their length.
        gain: f64,
        /// Rows of the matrix.
        rows: usize,
        /// Its columns.
        columns: usize,
    },
    /// A number on the diagonal, 0 elsewhere.
    Identity {
        /// The number.
        gain: f64,
        /// Rows of the matrix.
        rows: usize,
        /// Its columns.
        columns: usize,
    },
}

/// How far a truncated normal distribution goes, in standard deviations.
const CUT: f64 = 2.0;
/// What is left of the variance: 1 − 2·CUT·φ(CUT)/(2Φ(CUT) − 1).
pub(super) const LEFT: f64 = 0.773_741_303_549_923_2;

impl Distribution {
    /// Uniform in ±bound.
    pub const fn symmetric(bound: f64) -> Self {
        Self::Uniform { low: -bound, high: bound }
    }

    /// Its mean, over all elements.
    pub fn mean(self) -> f64 {
        match self {
            Self::Constant(v) => v,
            Self::Uniform { low, high } => f64::midpoint(low, high),
            Self::Normal { mean, .. } | Self::TruncatedNormal { mean, .. } => mean,
            Self::Orthogonal { .. } => 0.0,
            Self::Identity { gain, rows, columns } => gain / rows.max(columns) as f64,
        }
    }

    /// Its variance, over all elements.
    pub fn variance(self) -> f64 {
        match self {
            Self::Constant(_) => 0.0,
            Self::Uniform { low, high } => (high - low).powi(2) / 12.0,
            Self::Normal { std, .. } => std * std,
            Self::TruncatedNormal { std, .. } => LEFT * std * std,
            Self::Orthogonal { gain, rows, columns } => gain * gain / rows.max(columns) as f64,
            Self::Identity { gain, rows, columns } => {
                let share = 1.0 / rows.max(columns) as f64;
                gain * gain * share * (1.0 - share)
            }
        }
    }

    /// Fills a tensor, element by element in storage order.
    pub fn fill<R: Real>(self, tensor: &mut [R], stream: &mut Stream) {
        match self {
            Self::Constant(v) => tensor.fill(R::of(v)),
            Self::Uniform { low, high } => {
                for e in tensor {
                    *e = R::of(stream.uniform(low, high));
                }
            }
            Self::Normal { mean, std } => {
                for e in tensor {
                    *e = R::of(mean + std * stream.normal());
                }
            }
            Self::TruncatedNormal { mean, std } => {
                let mut draw = || std::iter::repeat_with(|| stream.normal()).find(|z| z.abs() <= CUT).unwrap_or(0.0);
                for e in tensor {
                    *e = R::of(mean + std * draw());
                }
            }
            Self::Orthogonal { gain, columns, .. } => matrix::orthogonal(gain, columns, tensor, stream),
            Self::Identity { gain, columns, .. } => matrix::identity(gain, columns, tensor),
        }
    }
}

impl std::fmt::Display for Distribution {
    /// With at most four significant digits: `U(±0.5477)`, `N(0, 0.3536²)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let short = |value: f64| short(value, 4);
        match *self {
            Self::Constant(v) => f.write_str(&short(v)),
            Self::Uniform { low, high } if -low == high => write!(f, "U(±{})", short(high)),
            Self::Uniform { low, high } => write!(f, "U({}, {})", short(low), short(high)),
            Self::Normal { mean, std } => write!(f, "N({}, {}²)", short(mean), short(std)),
            Self::TruncatedNormal { mean, std } => {
                write!(f, "N({}, {}²) within ±{}", short(mean), short(std), short(CUT * std))
            }
            Self::Orthogonal { gain, .. } => write!(f, "{}·Q", short(gain)),
            Self::Identity { gain, .. } => write!(f, "{}·I", short(gain)),
        }
    }
}
