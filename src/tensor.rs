//! Numbers in memory: precisions, shapes, matrices over flat slices, the kernels, and random streams.
//! The only folder that names nalgebra and the product kernels. Not for meaning: no layer lives here.
//!
//! A batch is stored as columns: one row of data is one contiguous column of `width` numbers, so a smaller
//! last batch is a prefix of the same buffer. A dense layer's weights are `out × in`, column-major as nalgebra
//! has them (model files hold them row-major).

mod random;
mod real;
mod shape;

pub use random::{Purpose, Stream};
pub use real::Real;
pub use shape::Shape;
