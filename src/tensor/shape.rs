//! [`Shape`]: the dimensions of one row's value on an edge of the network, batch left out.

use std::fmt;

/// Dimensions, outermost first: `[4]` for four features, `[1, 28, 28]` for one 28×28 channel. Row-major in memory.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Shape(Vec<usize>);

impl Shape {
    /// A shape of these dimensions.
    pub fn new(dimensions: impl Into<Vec<usize>>) -> Self {
        Self(dimensions.into())
    }

    /// A plain vector.
    pub fn vector(width: usize) -> Self {
        Self(vec![width])
    }

    /// The dimensions.
    pub fn dimensions(&self) -> &[usize] {
        &self.0
    }

    /// How many dimensions.
    pub fn rank(&self) -> usize {
        self.0.len()
    }

    /// How many numbers one row holds.
    pub fn size(&self) -> usize {
        self.0.iter().product()
    }

    /// The number of values, unless it overflows.
    pub fn checked_size(&self) -> Option<usize> {
        self.0.iter().try_fold(1usize, |size, &d| size.checked_mul(d))
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, d) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("x")?;
            }
            write!(f, "{d}")?;
        }
        Ok(())
    }
}
