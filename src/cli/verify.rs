//! `nn verify MODEL`: trains again what a model carries, and says whether the bits are the same; where they are not,
//! what differs first and why that is likely.

mod cause;

use super::disk::Disk;
use super::memory;
use super::progress::Progress;
use super::shell::{Exit, Format, Shell};
use super::subject::{self, Subject};
use super::tensors::Tensors;
use super::threads::threads;
use crate::catalog::Precision;
use crate::check::{Checked, Depth, OfModel, Options, check_with, with_rows};
use crate::data::{Dataset, Digests, sha256};
use crate::diagnostic::has_errors;
use crate::engine::Machine;
use crate::ir::Program;
use crate::tensor::Team;
use crate::text::{count, exact, grouped};
use crate::train::machines::predictor;
use crate::train::model::Model;
use crate::train::weights::{self, Difference};
use crate::train::{Ended, Event, Run, Terms};
use cause::Evidence;
use serde_json::json;
use std::path::PathBuf;

/// Options of `verify`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A saved model
    #[arg(value_name = "MODEL")]
    model: PathBuf,
    /// Train so many epochs alone: a partial answer in their time
    #[arg(long, value_name = "N")]
    epochs: Option<u64>,
    /// The weights that the training started from, where it was given any
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// The folder that the program's paths start from, where the data has moved
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Threads to share the work; the result does not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// Show no progress
    #[arg(short, long)]
    quiet: bool,
    /// How the result is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

/// Verifies one model.
pub(crate) fn run(args: &Args, shell: &mut Shell) -> Exit {
    let (model, disk) = match subject::read(&args.model, shell) {
        Ok(Subject::Model(model, disk)) => (model, disk),
        Ok(Subject::Program(source, _)) => {
            let name = source.name();
            return shell.fault(&format!("`{name}` is a program, not a model: `nn check {name}` looks at it"));
        }
        Err(exit) => return exit,
    };
    if model.record.history.fingerprints.is_empty() && model.record.steps > 0 {
        return shell.fault(&format!(
            "`{}` keeps no fingerprints of its epochs (it is of nn {}): train it anew to have them",
            model.path(),
            model.record.version
        ));
    }
    let start = match start(args, &model, shell) {
        Ok(start) => start,
        Err(exit) => return exit,
    };
    let disk = args.folder.as_ref().map_or(disk, |folder| Disk::folder(folder.clone()));
    let digests = Digests::new(&disk);
    let before = match (&start, model.record.continued) {
        (Some(start), true) => match Model::read(start.bytes.clone(), &start.path) {
            Ok(before) => Some(before),
            Err(faults) => {
                shell.report_plain(&faults);
                return Exit::Fault;
            }
        },
        _ => None,
    };
    let options = Options { depth: Depth::Language, model: before.as_ref().map(OfModel::from), ..Options::default() };
    let (source, overrides) = (model.source(), &model.record.overrides);
    let Checked { program, data, mut diagnostics } = match check_with(&source, overrides, &digests, options) {
        Ok(checked) => checked,
        Err(message) => return shell.usage(&message),
    };
    let (Some(program), Some(data), false) = (program, data, has_errors(&diagnostics)) else {
        subject::locate_excerpts(&mut diagnostics, &disk);
        shell.report(&source, &diagnostics);
        return Exit::Fault;
    };
    let (sides, rows) = data.sides();
    let changed = model.record.data.changed(&program.data, &digests.seen(), rows, sides).map(|report| report.message);
    let job = Job { args, model: &model, program: &program, start, changed };
    with_rows!(&data, data => job.run(data, shell))
}

/// The weights that the training started from.
fn start(args: &Args, model: &Model, shell: &Shell) -> Result<Option<Tensors>, Exit> {
    let Some(hash) = &model.record.start else { return Ok(None) };
    let Some(path) = &args.weights else {
        return Err(shell.usage(&format!(
            "`{}` was trained on from other weights: name their file by `--weights` (its SHA-256 is {hash})",
            model.path()
        )));
    };
    let start = Tensors::read(path, shell)?;
    if sha256(&start.bytes) == *hash {
        return Ok(Some(start));
    }
    let shown = start.path;
    Err(shell.fault(&format!("`{shown}` is not the file that the training started from, whose SHA-256 is {hash}")))
}

/// One training, done again.
struct Job<'a> {
    args: &'a Args,
    model: &'a Model,
    program: &'a Program,
    start: Option<Tensors>,
    /// What has become of the data since.
    changed: Option<String>,
}

/// What the second training came to.
struct Outcome {
    /// Epochs done.
    epochs: u64,
    /// The first epoch after which the weights were others.
    first: Option<u64>,
    /// Whether it came to the end of the first training.
    is_whole: bool,
    /// Of the weights at the end.
    difference: Option<Difference>,
    /// All that a model holds.
    numbers: usize,
}

impl Outcome {
    fn is_same(&self) -> bool {
        self.first.is_none() && self.difference.is_none()
    }
}

impl Job<'_> {
    fn run<R: Precision>(&self, data: &Dataset<R>, shell: &mut Shell) -> Exit {
        let plan = Run::<R>::plan(self.program, data.train.len());
        let bytes = plan.bytes(size_of::<R>(), self.program.training.optimizer.slots());
        if let Err(why) = memory::enough(self.program, bytes) {
            return shell.fault(&why);
        }
        let mut saved = predictor::<R>(self.program, 1, Team::solo());
        let mut run = Run::new(self.program, data, Team::new(threads(self.args.threads)));
        let start = self.start.as_ref().map_or(Ok(()), |start| start.restore(run.machine_mut()));
        if let Err(faults) = start.and_then(|()| self.model.restore(&mut saved)) {
            shell.report_plain(&faults);
            return Exit::Fault;
        }
        let outcome = self.again(&mut run, &saved, shell);
        match self.args.format {
            Format::Human => self.tell(&outcome, shell),
            Format::Json => self.tell_json(&outcome, shell),
        }
        if outcome.is_same() { Exit::Well } else { Exit::Fault }
    }

    /// Trains, and compares on the way and at the end.
    fn again<R: Precision>(&self, run: &mut Run<'_, R>, saved: &Machine<'_, R>, shell: &Shell) -> Outcome {
        let record = &self.model.record;
        let terms = Terms::of(self.program);
        let progress = Progress::new(self.args.quiet, self.program.training.epochs.value, shell);
        let (last, most) = (record.history.last_epoch(), self.args.epochs.unwrap_or(u64::MAX));
        let was_interrupted = record.ended == Ended::Interrupted.reason();
        let (mut epochs, mut first) = (0, None);
        while epochs < most {
            // A run that was interrupted ended between any two steps.
            let left = if was_interrupted { record.steps.saturating_sub(run.steps()) } else { u64::MAX };
            if left == 0 && epochs >= last {
                break;
            }
            let Some(event) = run.advance(run.stride().min(left.max(1))) else { break };
            progress.event(&event, &terms, shell);
            let Event::Epoch(epoch) = event else { continue };
            epochs = epoch.epoch;
            let kept = record.history.place(epochs).and_then(|place| record.history.fingerprints.get(place));
            if first.is_none() && kept != Some(&epoch.fingerprint) && (kept.is_some() || epochs > last) {
                first = Some(epochs);
            }
        }
        let is_whole = most >= last;
        if first.is_none() && is_whole && epochs < last {
            first = Some(epochs + 1);
        }
        run.interrupt();
        progress.finish();
        let difference = if is_whole { weights::difference(saved, run.machine()) } else { None };
        let numbers = saved.parameters.len() + saved.state.len();
        Outcome { epochs, first, is_whole, difference, numbers }
    }

    fn cause(&self, outcome: &Outcome) -> String {
        let evidence = Evidence {
            record: &self.model.record,
            seed: self.program.training.seed,
            changed: self.changed.as_deref(),
            first: outcome.first,
            difference: outcome.difference.as_ref(),
        };
        evidence.cause()
    }

    fn tell(&self, outcome: &Outcome, shell: &mut Shell) {
        let (path, of) = (self.model.path(), self.model.record.history.last_epoch());
        let numbers = grouped(outcome.numbers as u64);
        if outcome.is_same() {
            let text = if outcome.is_whole {
                format!("the same bits: {} and all {numbers} numbers", count(outcome.epochs as usize, "epoch"))
            } else {
                format!("the same bits so far: {} of {of}", count(outcome.epochs as usize, "epoch"))
            };
            shell.out(&format!("{path}: {text}\n"));
            return;
        }
        let mut text = format!("{path}: other bits\n");
        if let Some(first) = outcome.first {
            text += &format!("  the weights differ from epoch {first} of {of} on\n");
        } else {
            text += &format!("  all {of} epochs went as they did then; the weights in the file are others\n");
        }
        if let Some(d) = &outcome.difference {
            text += &format!(
                "  {}: {} in the model, {} trained again; {} of {numbers} numbers differ\n",
                d.place(),
                exact(d.saved),
                exact(d.trained),
                grouped(d.count as u64)
            );
        }
        text += &format!("  likely cause: {}\n", self.cause(outcome));
        shell.out(&text);
    }

    fn tell_json(&self, outcome: &Outcome, shell: &mut Shell) {
        let difference = outcome.difference.as_ref().map(|d| {
            json!({
                "tensor": d.tensor, "element": d.element, "model": d.saved, "trained": d.trained, "numbers": d.count,
            })
        });
        let value = json!({
            "same": outcome.is_same(),
            "whole": outcome.is_whole,
            "epochs": outcome.epochs,
            "first_epoch": outcome.first,
            "difference": difference,
            "cause": (!outcome.is_same()).then(|| self.cause(outcome)),
        });
        shell.out(&format!("{value}\n"));
    }
}
