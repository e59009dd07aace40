//! Small dense linear algebra in f64: eigenvalues of a symmetric matrix, and its systems of equations. For evidence
//! about a program, never for a training step.

use nalgebra::{Cholesky, DMatrix, SymmetricEigen};

/// The largest eigenvalue of a symmetric matrix (`size × size`, column-major) and its eigenvector, of length 1.
/// `None` for an empty matrix and one that is not finite.
///
/// # Panics
/// Where `matrix` holds fewer numbers.
pub fn largest_eigenvalue(matrix: &[f64], size: usize) -> Option<(f64, Vec<f64>)> {
    if size == 0 || !matrix.iter().all(|v| v.is_finite()) {
        return None;
    }
    let decomposed = SymmetricEigen::try_new(DMatrix::from_column_slice(size, size, &matrix[..size * size]), 1e-14, 0)?;
    let values = decomposed.eigenvalues.as_slice();
    let at = (0..size).max_by(|&a, &b| values[a].total_cmp(&values[b]))?;
    Some((values[at], decomposed.eigenvectors.column(at).iter().copied().collect()))
}

/// Solves `A X = B` for a symmetric positive definite A (`size × size`) and `columns` right-hand sides, all
/// column-major. `None` where A is not positive definite.
///
/// # Panics
/// Where a slice holds fewer numbers.
pub fn solve_symmetric(a: &[f64], b: &[f64], size: usize, columns: usize) -> Option<Vec<f64>> {
    let factor = Cholesky::new(DMatrix::from_column_slice(size, size, &a[..size * size]))?;
    let solved = factor.solve(&DMatrix::from_column_slice(size, columns, &b[..size * columns]));
    solved.iter().all(|v| v.is_finite()).then(|| solved.as_slice().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_eigenvalue_is_the_closed_form_of_a_two_by_two() {
        let (value, vector) = largest_eigenvalue(&[2.0, 1.0, 1.0, 2.0], 2).expect("symmetric");
        assert!((value - 3.0).abs() < 1e-12);
        assert!((vector[0].abs() - 0.5f64.sqrt()).abs() < 1e-12 && (vector[0] - vector[1]).abs() < 1e-12);
        assert!(largest_eigenvalue(&[f64::NAN], 1).is_none() && largest_eigenvalue(&[], 0).is_none());
    }

    #[test]
    fn a_system_is_solved_and_a_singular_one_refused() {
        let x = solve_symmetric(&[4.0, 1.0, 1.0, 3.0], &[1.0, 2.0], 2, 1).expect("positive definite");
        assert!((x[0] - 1.0 / 11.0).abs() < 1e-12 && (x[1] - 7.0 / 11.0).abs() < 1e-12);
        assert!(solve_symmetric(&[0.0], &[1.0], 1, 1).is_none());
    }
}
