//! Training as a sequence of events. [`stepper`] is the one loop that moves weights; [`run`] drives it through the
//! epochs and tells what happens: the progress bar, the log, the plot and the tests are its listeners. [`state`] is a
//! run as a value that can be kept and taken up again, [`checkpoint`] its file. [`model`] writes what came of it to a
//! file and reads it back.

pub mod batch;
pub mod checkpoint;
pub mod divergence;
pub mod evaluate;
pub mod event;
pub mod fingerprint;
mod hex;
pub mod history;
pub mod machines;
pub mod model;
pub mod predict;
pub mod profile;
mod record;
pub mod run;
mod sound;
pub mod state;
pub mod stepper;
pub mod stopping;
pub mod terms;
pub mod waiting;
pub mod weights;

pub use evaluate::{Evaluation, evaluate};
pub use event::{Control, Ended, Epoch, Event};
pub use model::Model;
pub use run::Run;
pub use state::State;
pub use terms::Terms;
