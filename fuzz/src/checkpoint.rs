//! A checkpoint that anybody may have written: refused, or taken up and run to its end as `train --resume` does.

use super::container::{CHECKPOINT, parts};
use super::given::{READY, Ready};
use nn::catalog::Precision;
use nn::check::Loaded;
use nn::data::Dataset;
use nn::tensor::Team;
use nn::train::Run;
use nn::train::checkpoint::Checkpoint;

/// Events of a run that is taken up, at the most: no run of [`READY`] has as many.
const MOST_EVENTS: usize = 100;

/// Reads a checkpoint and goes on with each run that takes it; whether one did.
pub fn read(bytes: &[u8]) -> bool {
    let (mut single, mut double) = (None, None);
    let mut taken = false;
    for ready in READY.iter() {
        taken |= match &ready.data {
            Loaded::F32(data) => resumed(ready, data, single.get_or_insert_with(|| parsed(bytes)).as_ref()),
            Loaded::F64(data) => resumed(ready, data, double.get_or_insert_with(|| parsed(bytes)).as_ref()),
        };
    }
    taken
}

fn parsed<R: Precision>(bytes: &[u8]) -> Option<Checkpoint<R>> {
    let read = Checkpoint::<R>::read(bytes, "m.checkpoint");
    if let Err(report) = &read {
        assert!(!report.message.is_empty());
    }
    read.ok()
}

fn resumed<R: Precision>(ready: &Ready, data: &Dataset<R>, checkpoint: Option<&Checkpoint<R>>) -> bool {
    let Some(Checkpoint { origin, state }) = checkpoint else { return false };
    for extends in [false, true] {
        let differences = origin.differences(&ready.origin, extends);
        assert!(differences.iter().all(|sentence| !sentence.is_empty()));
    }
    // Also where it is of another program: what it says of itself is not to be relied on.
    let mut run = match Run::resume(&ready.program, data, Team::solo(), state.clone()) {
        Ok(run) => run,
        Err(sentence) => {
            assert!(!sentence.is_empty());
            return false;
        }
    };
    kept(ready, &run);
    let mut events = 0;
    while run.advance(1).is_some() {
        events += 1;
        assert!(events < MOST_EVENTS, "the run does not end");
    }
    kept(ready, &run);
    let _ = (run.best(), run.evaluate(&data.train).metrics(&ready.program.training.metrics));
    true
}

/// What is kept of a run is read back as it was.
fn kept<R: Precision>(ready: &Ready, run: &Run<'_, R>) {
    let Some(state) = run.state() else { return };
    let bytes = Checkpoint { origin: ready.origin.clone(), state }.bytes().expect("a checkpoint");
    let again = Checkpoint::<R>::read(&bytes, "m.checkpoint").expect("what was written is read");
    let again = again.bytes().expect("a checkpoint");
    // The metadata has no order.
    assert!(parts(&bytes, CHECKPOINT) == parts(&again, CHECKPOINT), "kept twice, a run is not the same");
}
