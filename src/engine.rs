//! A network made to run: the [`Plan`] says where everything lies, the [`Machine`] owns the memory and executes.
//!
//! All memory is made once, when the machine is: one arena each for parameters, gradients, values, their gradients,
//! what is kept between the passes, and the optimizer's slots. A step allocates nothing. Not for what a run is made
//! of (epochs, splits, files): that is `train`'s.

mod machine;
mod parameters;
mod plan;
mod small;
mod strip;

pub use machine::{Losses, Machine, Moves};
pub use plan::{Place, Plan};

#[cfg(test)]
mod tests;
