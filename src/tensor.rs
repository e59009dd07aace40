//! Numbers in memory: precisions, shapes, matrices over flat slices, the kernels, and random streams.
//! The only folder that names nalgebra and the product kernels. Not for meaning: no layer lives here.
//!
//! A batch is stored as columns: one row of data is one contiguous column of `width` numbers, so a smaller
//! last batch is a prefix of the same buffer. A dense layer's weights are `out × in`, column-major as nalgebra
//! has them (model files hold them row-major).

#![allow(clippy::inline_always, reason = "a loop is compiled for wide vectors only where all of it is inlined")]

mod arena;
mod elementwise;
mod product;
mod random;
mod real;
mod reduce;
mod shape;
mod solve;
mod team;
mod view;
mod wide;

pub use arena::{Arena, ArenaRows, Inputs};
pub use elementwise::{exp, sigmoid, softmax, tanh};
pub use product::{
    ABREAST, Abreast, affine, affine_abreast, bias_gradient, gradients_abreast, input_gradient, input_gradient_abreast,
    is_row_independent, lay_abreast, lay_in_rows, weight_gradient, weight_gradient_together,
};
pub use random::{GOLDEN, Purpose, Stream, scramble};
pub(crate) use real::in_precision;
pub use real::{Dtype, Real};
pub use reduce::{is_all_finite, sum, sum_of_squares};
pub use shape::Shape;
pub use solve::{largest_eigenvalue, solve_symmetric};
pub use team::Team;
pub use view::{View, ViewMut, split_columns, split_rows, view, view_mut};
#[cfg(test)]
pub(crate) use wide::width;
pub use wide::{combine, map, update, wide, zip};
