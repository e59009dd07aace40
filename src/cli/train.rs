//! `nn train FILE`: checks, trains, evaluates, saves the model.

mod closing;
mod ending;
mod plot;

use super::breakdown;
use super::disk::{self, Disk, folder_of, reason};
use super::log::Log;
use super::memory;
use super::outputs::Outputs;
use super::progress::Progress;
use super::report::{self, Line};
use super::shell::{Exit, Shell};
use super::subject::{self, Subject, parse_override};
use crate::catalog::Precision;
use crate::catalog::metrics::Outcome;
use crate::check::{Checked, Depth, Loaded, OfModel, Options, Override, check_with, located};
use crate::data::{DataFile, Dataset, Digests, Original};
use crate::diagnostic::{Diagnostic, has_errors};
use crate::engine::Machine;
use crate::ir::Program;
use crate::ir::spec::DataSource;
use crate::source::Source;
use crate::tensor::Team;
use crate::text::exact;
use crate::train::history::Recorder;
use crate::train::model::{History, Record, TrainedOn};
use crate::train::predict::Writer;
use crate::train::terms::Parts;
use crate::train::{Control, Ended, Evaluation, Event, Run, Terms, model, weights};
use closing::Course;
use ending::Ending;
use plot::Plot;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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
        diagnostics.extend(model.record.data.changed(&files, rows, sides));
    }
    subject::locate_excerpts(&mut diagnostics, &disk);
    shell.report(&source, &diagnostics);
    let (Some(program), Some(data), false) = (program, data, has_errors(&diagnostics)) else { return Exit::Fault };
    if let Err(exit) = plot::check(&args.plot, &program, &data, shell) {
        return exit;
    }
    let start = match (&args.weights, model.map(|model| model.into_bytes())) {
        (Some(path), _) => match std::fs::read(path) {
            Ok(bytes) => Some((path.display().to_string(), bytes)),
            Err(error) => return shell.fault(&format!("`{}` cannot be read: {}", path.display(), reason(&error))),
        },
        (None, Some(bytes)) => Some((args.file.display().to_string(), bytes)),
        (None, None) => None,
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
    let job =
        Job { args, source: &source, overrides: &overrides, program: &program, disk: &disk, files, start, ending };
    match &data {
        Loaded::Single(data) => job.run(data, shell),
        Loaded::Double(data) => job.run(data, shell),
    }
}

/// One training, from its start to the saved model.
struct Job<'a> {
    args: &'a Args,
    source: &'a Source,
    overrides: &'a [Override],
    program: &'a Program,
    disk: &'a Disk,
    /// The data files, as they were read.
    files: Vec<DataFile>,
    /// Tensors to start from, and what reports call them.
    start: Option<(String, Vec<u8>)>,
    /// What explains a bad end, where the run begins as the program says.
    ending: Option<Ending<'a>>,
}

/// What each split came to.
struct Results {
    splits: Vec<Split>,
}

/// A split's name, what it came to, and its metrics.
type Split = (&'static str, Evaluation, Vec<(&'static str, Outcome)>);

impl Results {
    fn test(&self) -> Option<(&Evaluation, &[(&'static str, Outcome)])> {
        self.splits.iter().find(|(name, ..)| *name == "test").map(|(_, e, m)| (e, m.as_slice()))
    }
}

impl Job<'_> {
    fn run<R: Precision>(&self, data: &Dataset<R>, shell: &mut Shell) -> Exit {
        let mut log = match self.args.log.as_deref().map(|path| Log::create(path, Terms::of(self.program))).transpose()
        {
            Ok(log) => log,
            Err(error) => return shell.fault(&format!("the log cannot be written: {}", reason(&error))),
        };
        let training = &self.program.training;
        let plan = Run::<R>::plan(self.program, data.train.len());
        if let Err(why) = memory::enough(self.program, plan.bytes(size_of::<R>(), training.optimizer.slots())) {
            return shell.fault(&why);
        }
        let mut run = Run::new(self.program, data, Team::new(self.threads()));
        if let Err(faults) = self.restore(run.machine_mut()) {
            shell.report(self.source, &faults);
            return Exit::Fault;
        }
        let began = Instant::now();
        let (ended, recorder) = match self.train(&mut run, log.as_mut(), shell) {
            Ok(done) => done,
            Err(exit) => return exit,
        };
        if !self.args.quiet {
            let epochs = recorder.epochs();
            shell.err(&format!("{epochs} epochs, {} steps in {:.2} s\n", run.steps(), began.elapsed().as_secs_f64()));
        }
        self.conclude(&mut run, data, &ended, &recorder.history(), log, shell)
    }

    fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.args.threads.map_or_else(cores, usize::from)
    }

    fn restore<R: Precision>(&self, machine: &mut Machine<'_, R>) -> Result<(), Vec<Diagnostic>> {
        let Some((path, bytes)) = &self.start else { return Ok(()) };
        let tensors = model::tensors(bytes, path).map_err(|d| vec![d])?;
        weights::restore(machine, &tensors, path)
    }

    fn train<R: Precision>(
        &self,
        run: &mut Run<'_, R>,
        mut log: Option<&mut Log>,
        shell: &Shell,
    ) -> Result<(Ended, Recorder), Exit> {
        let stop = on_interrupt();
        let terms = Terms::of(self.program);
        let progress = Progress::new(self.args.quiet, self.program.training.epochs.value, shell);
        let mut recorder = Recorder::default();
        let mut failed = None;
        let ended = run.run(|event| {
            progress.event(&event, &terms, shell);
            if let Event::Epoch(epoch) = event {
                recorder.push(epoch);
                if let Some(Err(error)) = log.as_mut().map(|log| log.epoch(epoch)) {
                    failed = Some(error);
                }
            }
            let go_on = failed.is_none() && !stop.load(Ordering::Relaxed);
            if go_on { Control::Continue } else { Control::Stop }
        });
        progress.finish();
        match failed {
            Some(error) => Err(shell.fault(&format!("the log cannot be written: {}", reason(&error)))),
            None => Ok((ended, recorder)),
        }
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
            located(self.source, self.overrides, &mut found);
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
            .and_then(|bytes| disk::write(&path, &bytes).map_err(|e| reason(&e) + &rescued(&bytes)));
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
            return Exit::Interrupted;
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

    fn evaluate<R: Precision>(&self, run: &mut Run<'_, R>, data: &Dataset<R>) -> Results {
        let mut splits = Vec::new();
        for (name, rows) in [("training", &data.train), ("validation", &data.validation), ("test", &data.test)] {
            if !rows.is_empty() {
                let evaluation = run.evaluate(rows);
                let metrics = evaluation.metrics(&self.program.training.metrics);
                splits.push((name, evaluation, metrics));
            }
        }
        Results { splits }
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
            overrides: self.overrides.to_vec(),
            facts: self.program.facts.clone(),
            preparation: data.preparation.clone(),
            data: TrainedOn { files: self.files.clone(), rows: data.rows(), sides: data.sides.clone() },
            seed: self.program.training.seed,
            ended: ended.reason().to_owned(),
            steps: run.steps(),
            history: history.clone(),
        };
        model::bytes(&record, &weights::store(run.machine()))
    }

    fn tell<R: Precision>(
        &self,
        run: &mut Run<'_, R>,
        data: &Dataset<R>,
        results: &Results,
        ended: &Ended,
        path: &Path,
        shell: &mut Shell,
    ) {
        match ended {
            Ended::Early { best } => shell.out(&format!("stopped early; the weights of epoch {best} are back\n")),
            Ended::Interrupted => shell.out("interrupted; what was reached is saved\n"),
            Ended::Epochs | Ended::Diverged(_) => {}
        }
        // Early stopping brings the best weights back however a run ends.
        let last = run.train_loss().len() as u64;
        if let (Ended::Interrupted | Ended::Epochs, Some(best)) = (ended, run.best())
            && best != last
        {
            shell.out(&format!("the weights of epoch {best} are back\n"));
        }
        let lines: Vec<_> =
            results.splits.iter().map(|(name, evaluation, metrics)| Line { name, evaluation, metrics }).collect();
        let terms = Terms::of(self.program);
        shell.out(&report::splits(&lines, &terms));
        if let Some((name, evaluation, _)) = results.splits.last() {
            // `eval` lists classes besides; labels and targets have no number of their own in the table above.
            let each = (terms.parts != Parts::Classes).then(|| breakdown::table(name, &evaluation.tally, &terms));
            let tables = [each.flatten(), report::confusion(name, &evaluation.tally, &terms)];
            tables.into_iter().flatten().for_each(|table| shell.out(&format!("\n{table}")));
        }
        let shown = &self.program.training.metrics;
        let remarks: Vec<String> =
            results.splits.iter().flat_map(|(name, e, _)| breakdown::remarks(name, &e.tally, &terms, shown)).collect();
        if let Some(remarks) = breakdown::told(&remarks) {
            shell.out(&format!("\n{remarks}"));
        }
        if let Some(table) = self.small_table(run, data) {
            shell.out(&format!("\n{table}"));
        }
        shell.out(&format!("\nsaved {}\n", path.display()));
    }

    /// The predictions themselves, where the data is a small table in the program.
    fn small_table<R: Precision>(&self, run: &mut Run<'_, R>, data: &Dataset<R>) -> Option<String> {
        const MOST_ROWS: usize = 16;
        const MOST_COLUMNS: usize = 8;
        if !matches!(self.program.data.source, DataSource::Inline(_))
            || data.rows() > MOST_ROWS
            || data.features > MOST_COLUMNS
        {
            return None;
        }
        let writer = Writer::new(self.program, &data.preparation);
        let mut rows: Vec<Vec<String>> = Vec::new();
        for row in 0..data.rows() as u32 {
            let output = run.outputs(row);
            let originals = data.preparation.inputs.original(data.row(row));
            if rows.is_empty() {
                let names = originals.iter().map(|(name, _)| name.clone());
                rows.push(names.chain(writer.header()).collect());
            }
            let inputs = originals.iter().map(|(_, value)| match value {
                Original::Number(n) => exact(*n),
                Original::Category(name) => (*name).to_owned(),
                Original::Unseen => String::new(),
            });
            // The name of a class stays as it is, though it be a number.
            let names = usize::from(self.program.training.target.is_classes());
            let cells = writer.row(&output).into_iter().enumerate();
            let cells = cells.map(|(k, c)| if k < names { c } else { c.parse().map_or(c, report::short) });
            rows.push(inputs.chain(cells).collect());
        }
        Some(report::aligned(&rows))
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

/// Set once the user asks to stop; asked again, the program ends at once.
fn on_interrupt() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&stop);
    // Without a handler (a second run in one process) an interrupt ends the program, as everywhere.
    let _ = ctrlc::set_handler(move || {
        if set.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
    stop
}
