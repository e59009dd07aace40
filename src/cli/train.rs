//! `nn train FILE`: checks, trains, evaluates, saves the model.

mod closing;
mod ending;
mod keeper;
mod plot;
mod results;

use super::disk::{self, Disk, folder_of, reason};
use super::interrupt::Interrupts;
use super::lock::Lock;
use super::log::Log;
use super::memory;
use super::outputs::Outputs;
use super::progress::Progress;
use super::save;
use super::shell::{Exit, Shell};
use super::subject::{self, Subject, parse_override};
use super::tensors::Tensors;
use super::threads::threads;
use crate::catalog::Precision;
use crate::check::{Checked, Depth, OfModel, Options, Override, check_with, located, with_rows};
use crate::data::{Dataset, Digests, sha256};
use crate::diagnostic::has_errors;
use crate::ir::Program;
use crate::source::Source;
use crate::tensor::Team;
use crate::train::checkpoint::Origin;
use crate::train::history::Recorder;
use crate::train::model::{History, Record, TrainedOn};
use crate::train::{Ended, Event, Run, Terms, model, weights};
use closing::Course;
use ending::Ending;
use keeper::{Every, Keeper};
use plot::Plot;
use results::Results;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Options of `train`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The program (or a saved model, which goes on from its weights)
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Where the model is saved [default: FILE with .safetensors]
    #[arg(short, long, value_name = "MODEL")]
    output: Option<PathBuf>,
    /// Put a value in place of what the file says: a `let`, or a setting such as train.epochs
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = parse_override)]
    overrides: Vec<Override>,
    /// Start from these tensors; names and shapes must fit
    #[arg(long, value_name = "FILE.safetensors")]
    weights: Option<PathBuf>,
    /// Threads to share the work; the result does not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// Write one JSON object for each epoch
    #[arg(long, value_name = "FILE.jsonl")]
    log: Option<PathBuf>,
    /// Draw the losses over the epochs, or by `fit:FILE` what was learnt over the data's one or two inputs
    ///
    /// May be given more than once. `FILE` or `loss:FILE`: the losses. `fit:FILE`: for one input the fitted curve, for
    /// two the decision regions or a map of the value, with the rows of each split. `'fit(A,B):FILE'`: the same over
    /// these columns, all others held at their mean or most frequent category.
    #[arg(long, value_name = "FILE.svg|png", value_parser = plot::parse)]
    plot: Vec<Plot>,
    /// Keep the run every so often (`100 steps`, `1 epoch`, `10m`), beside the model, to go on with after a crash
    #[arg(long, value_name = "EVERY", value_parser = keeper::parse)]
    checkpoint: Option<Every>,
    /// Go on with the run that was interrupted, or with its last checkpoint: it ends with the same bits as if it had
    /// never stopped
    #[arg(long)]
    resume: bool,
    /// With `--resume`: the program may have more epochs, or another `stop`, than the run began with
    #[arg(long, requires = "resume")]
    extend: bool,
    /// Show no progress
    #[arg(short, long)]
    quiet: bool,
}

impl Args {
    /// Where the model goes.
    fn model(&self) -> PathBuf {
        self.output.clone().unwrap_or_else(|| self.file.with_extension("safetensors"))
    }

    fn outputs(&self, source: &Source, overrides: &[Override], disk: &Disk) -> Outputs {
        let read = Outputs::of_program(&self.file, source, overrides, disk);
        let read = self.weights.iter().fold(read, |read, weights| read.reads("the weights", weights));
        let outputs = read.writes("-o", Some(&self.model())).writes("--log", self.log.as_deref());
        let outputs = outputs.writes("--checkpoint", Some(&keeper::beside(&self.model())));
        self.plot.iter().fold(outputs, |outputs, plot| outputs.writes("--plot", Some(&plot.path)))
    }
}

/// Trains one program.
pub(crate) fn run(args: &Args, shell: &mut Shell) -> Exit {
    if subject::is_standard_input(&args.file) && args.output.is_none() {
        return shell
            .usage("a program on standard input has no name to save the model by: write `-o MODEL.safetensors`");
    }
    let (source, disk, model) = match subject::read(&args.file, shell) {
        Ok(Subject::Program(source, disk)) => (source, disk, None),
        Ok(Subject::Model(model, disk)) => (model.source(), disk, Some(model)),
        Err(exit) => return exit,
    };
    let mut overrides = model.as_ref().map_or_else(Vec::new, |model| model.record.overrides.clone());
    overrides.extend(args.overrides.iter().cloned());
    if let Err(exit) = args.outputs(&source, &overrides, &disk).settle(shell) {
        return exit;
    }
    let digests = Digests::new(&disk);
    let options = Options { depth: Depth::Training, model: model.as_deref().map(OfModel::from), ..Options::default() };
    let Checked { program, data, mut diagnostics } = match check_with(&source, &overrides, &digests, options) {
        Ok(checked) => checked,
        Err(message) => return shell.usage(&message),
    };
    let files = digests.seen();
    if let (Some(model), Some(data)) = (&model, &data) {
        let (sides, rows) = data.sides();
        diagnostics.extend(model.record.data.changed(&model.program.data, &files, rows, sides));
    }
    subject::locate_excerpts(&mut diagnostics, &disk);
    shell.report(&source, &diagnostics);
    let (Some(program), Some(data), false) = (program, data, has_errors(&diagnostics)) else { return Exit::Fault };
    if let Err(exit) = plot::check(&args.plot, &program, &data, shell) {
        return exit;
    }
    let _locks = match locks(args, shell) {
        Ok(locks) => locks,
        Err(exit) => return exit,
    };
    let is_of_model = model.is_some();
    let given = args.weights.as_deref().map(|path| Tensors::read(path, shell)).transpose();
    let start = match given {
        Ok(given) => given.or_else(|| model.map(|model| Tensors::of(*model))),
        Err(exit) => return exit,
    };
    let ending = Ending {
        source: &source,
        overrides: &overrides,
        disk: &disk,
        program: &program,
        data: &data,
        told: &diagnostics,
    };
    let ending = start.is_none().then_some(ending);
    let origin = Origin {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        program: source.text().to_owned(),
        overrides: overrides.clone(),
        files,
        start: start.as_ref().map(|start| sha256(&start.bytes)),
    };
    let job = Job { args, source: &source, program: &program, disk: &disk, origin, is_of_model, start, ending };
    with_rows!(&data, data => job.run(data, shell))
}

/// The locks of what a run writes: two runs do not write one model, nor one log.
fn locks(args: &Args, shell: &Shell) -> Result<Vec<Lock>, Exit> {
    let written = std::iter::once(args.model()).chain(args.log.clone());
    let taken = |path: PathBuf| {
        let busy = || shell.fault(&format!("another `nn train` is writing `{}`", path.display()));
        Lock::take(&path).ok_or_else(busy)
    };
    written.map(taken).collect()
}

/// One training, from its start to the saved model.
struct Job<'a> {
    args: &'a Args,
    source: &'a Source,
    program: &'a Program,
    disk: &'a Disk,
    /// What is trained: the program, its overrides, the data files as they were read.
    origin: Origin,
    /// Whether a model is trained on.
    is_of_model: bool,
    /// Tensors to start from.
    start: Option<Tensors>,
    /// What explains a bad end, where the run begins as the program says.
    ending: Option<Ending<'a>>,
}

impl Job<'_> {
    fn run<R: Precision>(&self, data: &Dataset<R>, shell: &mut Shell) -> Exit {
        let training = &self.program.training;
        let plan = Run::<R>::plan(self.program, data.train.len());
        if let Err(why) = memory::enough(self.program, plan.bytes(size_of::<R>(), training.optimizer.slots())) {
            return shell.fault(&why);
        }
        let mut keeper = Keeper::new(keeper::beside(&self.args.model()), self.args.checkpoint, &self.origin);
        let mut run = match self.begin(data, &keeper, shell) {
            Ok(run) => run,
            Err(exit) => return exit,
        };
        let (terms, epochs) = (|| Terms::of(self.program), run.train_loss().len() as u64);
        let log =
            self.args.log.as_deref().map(|path| {
                if self.args.resume { Log::resume(path, terms(), epochs) } else { Log::create(path, terms()) }
            });
        let mut log = match log.transpose() {
            Ok(log) => log,
            Err(error) => return shell.fault(&format!("the log cannot be written: {}", reason(&error))),
        };
        let (began, done) = (Instant::now(), run.steps());
        let interrupts = Interrupts::listen();
        let (ended, recorder) = self.train(&mut run, &mut log, &mut keeper, &interrupts, shell);
        if !self.args.quiet {
            let (epochs, steps) = (recorder.epochs(), run.steps() - done);
            let since =
                if done > 0 { format!(", {steps} steps since step {done}") } else { format!(", {steps} steps") };
            shell.err(&format!("{epochs} epochs{since} in {:.2} s\n", began.elapsed().as_secs_f64()));
        }
        let is_cut = self.args.log.is_some() && log.is_none();
        let mut exit = self.conclude(&mut run, data, &ended, &recorder.history(), log, shell);
        if let Ended::Interrupted = ended {
            return interrupts
                .status()
                .map_or(exit, |status| if exit == Exit::Well { Exit::Interrupted(status) } else { exit });
        }
        if exit == Exit::Well
            && let Err(why) = keeper.conclude(&run, self.args.resume)
        {
            return shell.fault(&format!("`{}` cannot be written: {why}", keeper.shown()));
        }
        if exit == Exit::Well && is_cut {
            exit = Exit::Fault;
        }
        exit
    }

    /// The run at its start, or where it was kept.
    fn begin<'r, R: Precision>(
        &'r self,
        data: &'r Dataset<R>,
        keeper: &Keeper<'_>,
        shell: &mut Shell,
    ) -> Result<Run<'r, R>, Exit> {
        let team = Team::new(threads(self.args.threads));
        if self.args.resume {
            let found = keeper.find(self.args.extend);
            let run = found.and_then(|state| Run::resume(self.program, data, team, state));
            return run.map_err(|why| shell.fault(&why));
        }
        if keeper.is_there() && !self.args.quiet {
            let shown = keeper.shown();
            shell.err(&format!("`{shown}` is of a run that was not finished; `--resume` goes on with it\n"));
        }
        let mut run = Run::new(self.program, data, team);
        if let Some(Err(faults)) = self.start.as_ref().map(|start| start.restore(run.machine_mut())) {
            shell.report(self.source, &faults);
            return Err(Exit::Fault);
        }
        Ok(run)
    }

    fn train<R: Precision>(
        &self,
        run: &mut Run<'_, R>,
        log: &mut Option<Log>,
        keeper: &mut Keeper<'_>,
        interrupts: &Interrupts,
        shell: &Shell,
    ) -> (Ended, Recorder) {
        let terms = Terms::of(self.program);
        let progress = Progress::new(self.args.quiet, self.program.training.epochs.value, shell);
        let mut recorder = Recorder::of(run.train_loss(), run.validation_loss(), run.fingerprints());
        // What was learnt is worth more than its log: a disk that is full ends the one and not the other.
        let told = |log: &mut Option<Log>, written: std::io::Result<()>| {
            if let Err(error) = written {
                let why = reason(&error);
                shell.err(&format!("the log cannot be written any more: {why}; training goes on without it\n"));
                *log = None;
            }
        };
        let ended = loop {
            let is_stopped = interrupts.status().is_some();
            let most = run.stride().min(keeper.room(run));
            let event = if is_stopped { None } else { run.advance(most) };
            let mut epoch = None;
            if let Some(event) = &event {
                progress.event(event, &terms, shell);
            }
            if let Some(Event::Epoch(closed)) = &event {
                recorder.push(closed);
                let written = log.as_mut().map_or(Ok(()), |log| log.epoch(closed));
                told(log, written);
                epoch = Some(closed.epoch);
            }
            let goes_on = event.is_some();
            if is_stopped || goes_on && keeper.is_due(run, epoch) {
                let written = log.as_mut().map_or(Ok(()), Log::settle);
                told(log, written);
                if let Err(why) = keeper.keep(run) {
                    shell.err(&format!("`{}` cannot be written: {why}\n", keeper.shown()));
                }
            }
            if !goes_on {
                break run.interrupt();
            }
        };
        progress.finish();
        (ended, recorder)
    }

    /// Evaluates, saves and tells.
    fn conclude<R: Precision>(
        &self,
        run: &mut Run<'_, R>,
        data: &Dataset<R>,
        ended: &Ended,
        history: &History,
        mut log: Option<Log>,
        shell: &mut Shell,
    ) -> Exit {
        if let Ended::Diverged(diagnostic) = ended {
            let mut found =
                self.ending.map_or_else(|| vec![(**diagnostic).clone()], |ending| ending.diverged(diagnostic));
            located(self.source, &self.origin.overrides, &mut found);
            shell.report(self.source, &found);
            let drawn = self.draw(run, data, history, ended, shell);
            let logged = log.as_mut().map_or(Ok(()), |log| log.done(ended, None, None));
            return logged.map_or_else(
                |e| shell.fault(&format!("the log cannot be written: {}", reason(&e))),
                |()| drawn.err().unwrap_or(Exit::Fault),
            );
        }
        let results = self.evaluate(run, data);
        let path = self.args.model();
        let saved = self
            .record(run, data, ended, history, &path)
            .and_then(|bytes| save::write(&path, &bytes).map_err(|e| reason(&e) + &rescued(&bytes)));
        if let Err(why) = saved {
            return shell.fault(&format!("the model cannot be saved as `{}`: {why}", path.display()));
        }
        self.tell(run, data, &results, ended, &path, shell);
        if let Err(exit) = self.draw(run, data, history, ended, shell) {
            return exit;
        }
        let shown = path.display().to_string();
        if let Some(Err(error)) = log.as_mut().map(|log| log.done(ended, results.test(), Some(&shown))) {
            return shell.fault(&format!("the log cannot be written: {}", reason(&error)));
        }
        if matches!(ended, Ended::Interrupted) {
            return Exit::Well;
        }
        self.explain(&results, ended, history, shell);
        Exit::Well
    }

    /// Says what went badly, and why a run came to nothing, where a rule knows.
    fn explain(&self, results: &Results, ended: &Ended, history: &History, shell: &Shell) {
        let loss = results.splits.first().map_or(0.0, |(_, evaluation, _)| evaluation.loss);
        let nothing = self.ending.and_then(|ending| ending.nothing_learnt(loss));
        let restored = matches!(ended, Ended::Early { .. });
        let Some(sentence) = (Course { history, loss, nothing, restored }).sentence() else { return };
        shell.err(&format!("\n{sentence}\n"));
        if let Some(ending) = self.ending.filter(|_| nothing.is_some()) {
            shell.report(self.source, &ending.explained());
        }
    }

    fn record<R: Precision>(
        &self,
        run: &Run<'_, R>,
        data: &Dataset<R>,
        ended: &Ended,
        history: &History,
        path: &Path,
    ) -> Result<Vec<u8>, String> {
        let record = Record {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            name: file_name(self.source.name()),
            folder: disk::way(&folder_of(path), self.disk.path()),
            program: self.source.text().to_owned(),
            overrides: self.origin.overrides.clone(),
            facts: self.program.facts.clone(),
            preparation: data.preparation.clone(),
            data: TrainedOn { files: self.origin.files.clone(), rows: data.rows(), sides: data.sides.clone() },
            seed: self.program.training.seed,
            ended: ended.reason().to_owned(),
            steps: run.steps(),
            history: history.clone(),
            start: self.origin.start.clone(),
            continued: self.is_of_model,
        };
        model::bytes(&record, &weights::store(run.machine()))
    }

    fn draw<R: Precision>(
        &self,
        run: &mut Run<'_, R>,
        data: &Dataset<R>,
        history: &History,
        ended: &Ended,
        shell: &Shell,
    ) -> Result<(), Exit> {
        let name = file_name(self.source.name());
        plot::draw(&self.args.plot, &plot::Done { name, program: self.program, data, history, ended }, run, shell)
    }
}

/// Weights that cost a run are not lost with the place they were to go to: where they are instead.
fn rescued(bytes: &[u8]) -> String {
    let rescue = |folder: PathBuf| {
        let mut file = tempfile::Builder::new().prefix("nn-").suffix(".safetensors").tempfile_in(folder).ok()?;
        file.write_all(bytes).and_then(|()| file.as_file().sync_all()).ok()?;
        file.keep().ok().map(|(_, path)| path)
    };
    let place = [PathBuf::from("."), std::env::temp_dir()].into_iter().find_map(rescue);
    place.map_or_else(String::new, |path| format!("; it is in `{}` instead", path.display()))
}

fn file_name(path: &str) -> String {
    Path::new(path).file_name().map_or_else(|| path.to_owned(), |n| n.to_string_lossy().into_owned())
}
