//! A network made to run: the [`Plan`] says where everything lies, the [`Machine`] owns the memory and executes.
//!
//! All memory is made once, when the machine is: one arena each for parameters, gradients, values, their gradients,
//! what is kept between the passes, and the optimizer's slots. A step allocates nothing. Not for what a run is made
//! of (epochs, splits, files): that is `train`'s.
//!
//! A step goes one of three ways, by the network's shape:
//! - a few neurons: sixteen rows interleaved through the whole network (`small`);
//! - layers whose rows do not act on each other, with weights near the processor: threads take row chunks of rows
//!   through all layers, forward and backward (`row chunk`), then parts of all parameters, their gradients and their
//!   update (`parameters`): two meetings of the threads in a pass, wherever there are few layers or many;
//! - else layer by layer, with the threads inside each product.

mod machine;
mod parameters;
mod plan;
mod row_chunk;
mod search;
mod small;
mod step;

pub use machine::Machine;
pub use plan::{NodeLayout, Plan};
pub use step::{Clipped, Losses, Part, UpdateRule};

#[cfg(test)]
mod tests;
