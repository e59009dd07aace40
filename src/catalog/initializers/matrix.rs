//! Starts of a whole matrix, whose elements hang on each other: orthonormal rows or columns, and ones on the diagonal.
//! Matrices are out × rest, column-major.

use crate::tensor::{Real, Stream};

/// Writes `gain` on the diagonal of a matrix of so many columns, and 0 elsewhere.
pub(super) fn identity<R: Real>(gain: f64, columns: usize, tensor: &mut [R]) {
    tensor.fill(R::ZERO);
    let rows = tensor.len() / columns.max(1);
    for k in 0..rows.min(columns) {
        tensor[k * rows + k] = R::of(gain);
    }
}

/// Writes a matrix of so many columns with orthogonal rows or columns: of all such, each as likely as any other.
pub(super) fn orthogonal<R: Real>(gain: f64, columns: usize, tensor: &mut [R], stream: &mut Stream) {
    let rows = tensor.len() / columns.max(1);
    let (few, long) = (rows.min(columns), rows.max(columns));
    let mut vectors: Vec<f64> = (0..few * long).map(|_| stream.normal()).collect();
    orthonormalise(&mut vectors, long);
    for (i, vector) in vectors.chunks_exact(long.max(1)).enumerate() {
        for (j, &value) in vector.iter().enumerate() {
            let (row, column) = if rows <= columns { (i, j) } else { (j, i) };
            tensor[column * rows + row] = R::of(gain * value);
        }
    }
}

/// Makes vectors of this length orthonormal, the first keeping its direction: Gram and Schmidt's way, each vector
/// twice, which is as good as Householder's (Giraud et al. 2005). Draws that are normal are never in one plane.
fn orthonormalise(vectors: &mut [f64], length: usize) {
    for at in 0..vectors.len() / length.max(1) {
        let (before, rest) = vectors.split_at_mut(at * length);
        let vector = &mut rest[..length];
        for _ in 0..2 {
            for other in before.chunks_exact(length) {
                let along = dot(other, vector);
                vector.iter_mut().zip(other).for_each(|(v, o)| *v -= along * o);
            }
            let norm = dot(vector, vector).sqrt();
            for v in &mut *vector {
                *v /= norm;
            }
        }
    }
}

/// In eight sums, which processors take at once.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for k in 0..8 {
            sums[k] += a[k] * b[k];
        }
    }
    sums.iter().sum::<f64>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::initializers::Distribution;
    use crate::tensor::Purpose;

    fn filled(distribution: Distribution, count: usize) -> Vec<f64> {
        let mut tensor = vec![f64::NAN; count];
        distribution.fill(&mut tensor, &mut Stream::new(3, Purpose::Init(0)));
        tensor
    }

    #[test]
    fn the_fewer_of_rows_and_columns_are_orthogonal_and_as_long_as_the_gain() {
        for (rows, columns) in [(1, 1), (1, 7), (7, 1), (3, 5), (5, 3), (40, 40), (64, 100)] {
            let distribution = Distribution::Orthogonal { gain: 1.5, rows, columns };
            let w = filled(distribution, rows * columns);
            let (few, long) = (rows.min(columns), rows.max(columns));
            let at = |i: usize, j: usize| if rows <= columns { w[j * rows + i] } else { w[i * rows + j] };
            for a in 0..few {
                for b in 0..few {
                    let product: f64 = (0..long).map(|k| at(a, k) * at(b, k)).sum();
                    let expected = if a == b { 2.25 } else { 0.0 };
                    assert!((product - expected).abs() < 1e-14 * 100.0, "{rows}x{columns}: {a}·{b} = {product}");
                }
            }
            let square = w.iter().map(|w| w * w).sum::<f64>() / w.len() as f64;
            assert!((square - distribution.variance()).abs() < 1e-12, "{rows}x{columns}: {square}");
        }
    }

    /// Of 4000 draws of the plane's turns and mirrors, each element has a mean of 0 and a mean square of ½.
    #[test]
    fn no_direction_is_preferred() {
        let mut stream = Stream::new(5, Purpose::Init(0));
        let (mut sums, mut squares) = ([0.0; 4], [0.0; 4]);
        for _ in 0..4000 {
            let mut w = [0.0f64; 4];
            orthogonal(1.0, 2, &mut w, &mut stream);
            for k in 0..4 {
                sums[k] += w[k] / 4000.0;
                squares[k] += w[k] * w[k] / 4000.0;
            }
        }
        assert!(sums.iter().all(|s| s.abs() < 0.05), "{sums:?}");
        assert!(squares.iter().all(|s| (s - 0.5).abs() < 0.03), "{squares:?}");
    }

    #[test]
    fn the_diagonal_alone_is_not_zero() {
        assert_eq!(
            filled(Distribution::Identity { gain: 2.0, rows: 2, columns: 3 }, 6),
            [2.0, 0.0, 0.0, 2.0, 0.0, 0.0]
        );
        assert_eq!(
            filled(Distribution::Identity { gain: 1.0, rows: 3, columns: 2 }, 6),
            [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
        );
        let tall = Distribution::Identity { gain: 2.0, rows: 3, columns: 2 };
        assert!((tall.mean() - 4.0 / 6.0).abs() < 1e-15 && (tall.variance() - (8.0 / 6.0 - 16.0 / 36.0)).abs() < 1e-15);
    }
}
