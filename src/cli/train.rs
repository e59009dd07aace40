//! `nn train FILE`: checks, trains, evaluates, saves the model.

mod ending;

use super::disk::{self, Disk, folder_of};
use super::log::Log;
use super::number::digits;
use super::progress::Progress;
use super::report::{self, Line};
use super::shell::{Exit, Shell};
use super::subject::{self, Subject, parse_override, reason};
use crate::catalog::Precision;
use crate::catalog::metrics::Outcome;
use crate::check::{Checked, Depth, Loaded, Options, Override, check_with};
use crate::data::{Dataset, Original, TargetRule};
use crate::diagnostic::{Diagnostic, has_errors};
use crate::engine::Machine;
use crate::ir::Program;
use crate::ir::spec::DataSource;
use crate::picture::{Curves, Series};
use crate::source::Source;
use crate::tensor::Team;
use crate::train::model::{History, Record};
use crate::train::predict::Writer;
use crate::train::{Control, Ended, Evaluation, Event, Run, model, weights};
use ending::Ending;
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
    /// Draw the losses over the epochs
    #[arg(long, value_name = "FILE.svg|png")]
    plot: Option<PathBuf>,
    /// Show no progress
    #[arg(short, long)]
    quiet: bool,
}

/// Trains one program.
pub(crate) fn run(args: &Args, shell: &mut Shell) -> Exit {
    if let Some(plot) = &args.plot
        && !matches!(extension(plot).as_str(), "svg" | "png")
    {
        return shell.usage("`--plot` draws .svg and .png");
    }
    if subject::is_standard_input(&args.file) && args.output.is_none() {
        return shell
            .usage("a program on standard input has no name to save the model by: write `-o MODEL.safetensors`");
    }
    let (source, disk, start, mut overrides) = match subject::read(&args.file, shell) {
        Ok(Subject::Program(source, disk)) => (source, disk, None, Vec::new()),
        Ok(Subject::Model(model, disk)) => {
            let (source, overrides) = (model.source(), model.record.overrides.clone());
            (source, disk, Some(model.into_bytes()), overrides)
        }
        Err(exit) => return exit,
    };
    overrides.extend(args.overrides.iter().cloned());
    let Checked { program, data, mut diagnostics } =
        match check_with(&source, &overrides, &disk, Options { depth: Depth::Training, ..Options::default() }) {
            Ok(checked) => checked,
            Err(message) => return shell.usage(&message),
        };
    subject::locate_excerpts(&mut diagnostics, &args.file);
    if !args.quiet || has_errors(&diagnostics) {
        shell.report(&source, &diagnostics);
    }
    let (Some(program), Some(data), false) = (program, data, has_errors(&diagnostics)) else { return Exit::Fault };
    let start = match (&args.weights, start) {
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
    let job = Job { args, source: &source, overrides: &overrides, program: &program, disk: &disk, start, ending };
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
        let mut log = match self.args.log.as_deref().map(Log::create).transpose() {
            Ok(log) => log,
            Err(error) => return shell.fault(&format!("the log cannot be written: {}", reason(&error))),
        };
        let mut run = Run::new(self.program, data, Team::new(self.threads()));
        if let Err(faults) = self.restore(&mut run.machine) {
            shell.report(self.source, &faults);
            return Exit::Fault;
        }
        let began = Instant::now();
        let (ended, history) = match self.train(&mut run, log.as_mut(), shell) {
            Ok(done) => done,
            Err(exit) => return exit,
        };
        if !self.args.quiet {
            let epochs = history.train_loss.len();
            shell.err(&format!("{epochs} epochs, {} steps in {:.2} s\n", run.steps(), began.elapsed().as_secs_f64()));
        }
        self.conclude(&mut run, data, &ended, &history, log, shell)
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
    ) -> Result<(Ended, History), Exit> {
        let stop = on_interrupt();
        let progress = Progress::new(self.args.quiet, self.program.training.epochs.value, shell);
        let mut history = History::default();
        let mut failed = None;
        let ended = run.run(|event| {
            progress.event(&event, shell);
            if let Event::Epoch(epoch) = event {
                history.train_loss.push(epoch.train_loss);
                history.validation_loss.extend(epoch.validation.as_ref().map(|v| v.0));
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
            None => Ok((ended, history)),
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
            let found = self.ending.map_or_else(|| vec![(**diagnostic).clone()], |ending| ending.diverged(diagnostic));
            shell.report(self.source, &found);
            let drawn = self.plot(history, ended, shell);
            let logged = log.as_mut().map_or(Ok(()), |log| log.done(ended, None, None));
            return logged.map_or_else(
                |e| shell.fault(&format!("the log cannot be written: {}", reason(&e))),
                |()| drawn.err().unwrap_or(Exit::Fault),
            );
        }
        let results = self.evaluate(run, data);
        let path = self.args.output.clone().unwrap_or_else(|| self.args.file.with_extension("safetensors"));
        let saved = self
            .record(run, data, ended, history, &path)
            .and_then(|bytes| disk::write(&path, &bytes).map_err(|e| reason(&e)));
        if let Err(why) = saved {
            return shell.fault(&format!("the model cannot be saved as `{}`: {why}", path.display()));
        }
        self.tell(run, data, &results, ended, &path, shell);
        if let Err(exit) = self.plot(history, ended, shell) {
            return exit;
        }
        let shown = path.display().to_string();
        if let Some(Err(error)) = log.as_mut().map(|log| log.done(ended, results.test(), Some(&shown))) {
            return shell.fault(&format!("the log cannot be written: {}", reason(&error)));
        }
        if matches!(ended, Ended::Interrupted) {
            return Exit::Interrupted;
        }
        self.explain(&results, shell);
        Exit::Well
    }

    /// Says why a run came to nothing, where a rule knows.
    fn explain(&self, results: &Results, shell: &Shell) {
        let loss = results.splits.first().map_or(0.0, |(_, evaluation, _)| evaluation.loss);
        let Some(ending) = self.ending.filter(|_| !self.args.quiet) else { return };
        let Some(base) = ending.nothing_learnt(loss) else { return };
        let found = ending.explained();
        if !found.is_empty() {
            let (loss, base) = (digits(loss, 4), digits(base, 4));
            shell.err(&format!("\nthe training loss ends at {loss}; the best constant output has {base}\n"));
            shell.report(self.source, &found);
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
            seed: self.program.training.seed,
            ended: ended.reason().to_owned(),
            steps: run.steps(),
            history: history.clone(),
        };
        model::bytes(&record, &weights::store(&run.machine))
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
        let lines: Vec<_> =
            results.splits.iter().map(|(name, evaluation, metrics)| Line { name, evaluation, metrics }).collect();
        shell.out(&report::splits(&lines));
        if let (Some((name, evaluation, _)), TargetRule::Classes { names, .. }) =
            (results.splits.last(), &data.preparation.target)
            && let Some(table) = report::confusion(name, &evaluation.tally, names)
        {
            shell.out(&format!("\n{table}"));
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
                Original::Number(n) => n.to_string(),
                Original::Category(name) => (*name).to_owned(),
                Original::Unseen => String::new(),
            });
            let cells = writer.row(&output).into_iter().map(|c| c.parse().map_or(c, report::short));
            rows.push(inputs.chain(cells).collect());
        }
        Some(report::aligned(&rows))
    }

    fn plot(&self, history: &History, ended: &Ended, shell: &Shell) -> Result<(), Exit> {
        let Some(path) = &self.args.plot else { return Ok(()) };
        let diverged = matches!(ended, Ended::Diverged(_));
        let best = if let Ended::Early { best } = ended { Some(*best as usize - 1) } else { None };
        let series = |name: &str, losses: &[f64]| Series {
            name: name.to_owned(),
            points: losses.iter().enumerate().map(|(i, &loss)| ((i + 1) as f64, loss)).collect(),
            diverged,
            ..Series::default()
        };
        let mut all = vec![series("training", &history.train_loss)];
        if !history.validation_loss.is_empty() {
            all.push(series("validation", &history.validation_loss));
        }
        if let Some(last) = all.last_mut() {
            last.best = best;
        }
        let title = format!("{}: {} over the epochs", file_name(self.source.name()), self.program.training.loss.name());
        let curves = Curves { title, x_name: "epoch".into(), y_name: "loss".into(), series: all, ordered: false };
        let drawing = curves.draw();
        let bytes = if extension(path) == "png" { drawing.png(2.0) } else { drawing.svg().into_bytes() };
        disk::write(path, &bytes)
            .map_err(|e| shell.fault(&format!("`{}` cannot be written: {}", path.display(), reason(&e))))
    }
}

fn extension(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
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
