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

    /// A tensor of this shape as a matrix: rows of its first dimension, columns of all others. Matrices are
    /// column-major in memory, tensors in files row-major; a vector is one column, and the same in both.
    pub fn matrix(&self) -> (usize, usize) {
        match self.0.as_slice() {
            [] => (1, 1),
            [rows, rest @ ..] => (*rows, rest.iter().product()),
        }
    }

    /// Where in memory the number stands that is the k-th of a file.
    pub fn in_memory(&self, k: usize) -> usize {
        let (rows, columns) = self.matrix();
        (k % columns) * rows + k / columns
    }

    /// Which number of a file stands at these indices, one for each dimension.
    pub fn place(&self, index: &[usize]) -> usize {
        index.iter().zip(&self.0).fold(0, |place, (i, dimension)| place * dimension + i)
    }

    /// The indices, one for each dimension, of the number that is the k-th of a file.
    pub fn indices(&self, k: usize) -> Vec<usize> {
        let mut rest = k;
        let mut indices: Vec<usize> = self
            .0
            .iter()
            .rev()
            .map(|d| {
                let index = rest % d;
                rest /= d;
                index
            })
            .collect();
        indices.reverse();
        indices
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_row_major_and_memory_column_major_for_any_rank() {
        assert_eq!((0..3).map(|k| Shape::vector(3).in_memory(k)).collect::<Vec<_>>(), [0, 1, 2]);
        // [[0, 1, 2], [3, 4, 5]], column by column.
        let matrix = Shape::new([2, 3]);
        assert_eq!((0..6).map(|k| matrix.in_memory(k)).collect::<Vec<_>>(), [0, 2, 4, 1, 3, 5]);
        let filters = Shape::new([2, 3, 2, 2]);
        assert_eq!((filters.matrix(), filters.place(&[1, 2, 0, 1])), ((2, 12), 21));
        // Filter 1, and in it channel 2, row 0, column 1: column 9 of 12.
        assert_eq!(filters.in_memory(21), 9 * 2 + 1);
        let mut all: Vec<usize> = (0..24).map(|k| filters.in_memory(k)).collect();
        all.sort_unstable();
        assert_eq!(all, (0..24).collect::<Vec<_>>());
    }

    #[test]
    fn indices_are_those_of_the_place() {
        let shape = Shape::new([2, 3, 4]);
        assert_eq!((shape.indices(0), shape.indices(23)), (vec![0, 0, 0], vec![1, 2, 3]));
        assert!((0..24).all(|k| shape.place(&shape.indices(k)) == k));
    }
}
