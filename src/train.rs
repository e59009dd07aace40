//! Training as a sequence of events. [`run`] moves the weights and tells what happens; the progress bar, the log, the
//! plot and the tests are its listeners. [`model`] writes what came of it to a file and reads it back.

pub mod batch;
pub mod divergence;
pub mod evaluate;
pub mod history;
pub mod model;
pub mod predict;
pub mod profile;
pub mod run;
mod sound;
pub mod weights;

pub use evaluate::{Evaluation, evaluate};
pub use model::Model;
pub use run::{Control, Ended, Epoch, Event, Run};
