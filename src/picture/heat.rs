//! Pictures of areas: which classes are taken for which ([`Confusion`]), and where a network of two inputs decides
//! what ([`Regions`]). Not for large matrices of weights.

mod confusion;
mod contour;
mod field;
mod regions;

pub use confusion::Confusion;
pub use field::Field;
pub use regions::Regions;
