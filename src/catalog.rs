//! The vocabulary: every layer, activation, initializer, loss, optimizer, schedule, metric, generator and
//! setting there is. One folder or file per family, one row or file per kind.
//!
//! The checker, did-you-mean, `nn doc`, the reference tables and the table-driven tests are loops over this.

pub mod bind;
pub mod signature;

pub use signature::{Default, Family, Kind, Parameter, Signature};
