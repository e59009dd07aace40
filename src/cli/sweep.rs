//! `nn sweep FILE --vary KEY=…`: many runs side by side, each with the bits of the single `nn train`.

mod grid;
mod verdict;
mod write;

use super::disk::Disk;
use super::interrupt::Interrupts;
use super::memory;
use super::outputs::{Outputs, picture};
use super::save;
use super::shell::{Exit, Shell};
use super::specimen;
use super::subject::{self, Subject, parse_override};
use super::threads::threads;
use crate::catalog::Precision;
use crate::check::{Checked, Depth, Loaded, Options, Override, check_with, stability_limit, with_rows};
use crate::data::Dataset;
use crate::diagnostic::Diagnostic;
use crate::ir::Program;
use crate::source::Source;
use crate::tensor::Team;
use crate::train::{Control, Ended, Event, Run};
use clap::{Args as _, FromArgMatches};
use grid::{Vary, combinations};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;
use verdict::Verdict;

/// Options of `sweep`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The program
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A setting, a `let` or a layer's option, and its values: KEY=V1,V2,… or KEY=log(1e-4,1,9) or KEY=linear(1,9,5);
    /// given more than once, every combination is run
    #[arg(long, required = true, value_name = "KEY=VALUES", value_parser = Vary::parse)]
    vary: Vec<Vary>,
    /// Run only so many combinations, drawn at random
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    random: Option<u32>,
    /// Run each combination with so many seeds: the program's and those after it
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    seeds: u32,
    /// Put a value in place of what the file says, in every run
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = parse_override)]
    overrides: Vec<Override>,
    /// Runs at a time; the results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// How the table is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Draw the losses of all runs in one picture
    #[arg(long, value_name = "FILE.svg|png")]
    plot: Option<PathBuf>,
    /// Write one JSON object for each run, with its losses by epoch
    #[arg(long, value_name = "FILE.jsonl")]
    log: Option<PathBuf>,
    /// Save the model of the best run
    #[arg(long, value_name = "MODEL")]
    save_best: Option<PathBuf>,
    /// Show no progress
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON object
    Json,
    /// One line a run
    Csv,
}

/// One run to do.
#[derive(Clone, Debug)]
struct Planned {
    /// Which combination it belongs to.
    combination: usize,
    /// What the combination sets.
    varied: Vec<Override>,
    /// Its seed, where there are several.
    seed: Option<u64>,
}

/// One run done.
#[derive(Clone, Debug, Default)]
struct Done {
    /// By epoch.
    train_losses: Vec<f64>,
    /// By epoch, where there are validation rows.
    validation_losses: Vec<f64>,
    /// What it ended with over the training rows; NaN where it diverged.
    train_loss: f64,
    /// What it ended with over the validation rows, where there are any.
    validation_loss: Option<f64>,
    /// `epochs`, `early_stop`, `diverged`.
    reason: &'static str,
    /// The step, from 1, that left the finite numbers.
    diverged_at: Option<u64>,
    steps: u64,
    seconds: f64,
}

impl Done {
    /// What the table is sorted by.
    fn score(&self) -> f64 {
        if self.diverged_at.is_some() { f64::INFINITY } else { self.validation_loss.unwrap_or(self.train_loss) }
    }
}

/// Why a run could not begin.
enum Refused {
    Usage(String),
    Fault(String),
    Faults(Vec<Diagnostic>),
}

/// All of a sweep.
struct Sweep<'a> {
    args: &'a Args,
    runs: Vec<(Planned, Done, Verdict)>,
    /// How many runs were to be done.
    planned: usize,
    /// Combinations in the order of the table: their runs.
    order: Vec<Vec<usize>>,
    /// The learning rate above which first steps cannot settle, where rates are varied and it is known.
    limit: Option<f64>,
}

/// Sweeps over one program.
pub(crate) fn run(args: &Args, shell: &mut Shell) -> Exit {
    match sweep(args, shell) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn sweep(args: &Args, shell: &mut Shell) -> Result<Exit, Exit> {
    let Subject::Program(source, disk) = subject::read(&args.file, shell)? else {
        return Err(
            shell.fault(&format!("`{}` is a model; a sweep starts its runs from a program", args.file.display()))
        );
    };
    let overrides = args.overrides.clone();
    picture(args.plot.as_deref(), "--plot", shell)?;
    Outputs::of_program(&args.file, &source, &overrides, &disk)
        .writes("--save-best", args.save_best.as_deref())
        .writes("--log", args.log.as_deref())
        .writes("--plot", args.plot.as_deref())
        .settle(shell)?;
    let combinations = combinations(&args.vary, args.random.map(|n| n as usize)).map_err(|e| shell.usage(&e))?;
    let planned = plan(args, &source, &overrides, &disk, combinations, shell)?;
    let all = planned.len();
    let interrupts = Interrupts::listen();
    let done = go(args, &source, &overrides, &disk, &planned, &interrupts, shell)?;
    let interrupted = interrupts.status().filter(|_| done.len() < all);
    if interrupted.is_some() {
        shell.err(&format!("interrupted: {} of {all} runs are done\n", done.len()));
    }
    if let Some(status) = interrupted.filter(|_| done.is_empty()) {
        return Ok(Exit::Interrupted(status));
    }
    let mut sweep = Sweep::new(args, done, all);
    if let Some((first, ..)) = sweep.runs.first().filter(|_| sweep.of_rate()) {
        let settings: Vec<Override> = overrides.iter().cloned().chain(first.settings()).collect();
        let prepared = prepare(&source, &settings, &disk).ok();
        sweep.limit = prepared.and_then(|(program, data)| stability_limit(&program, &data));
    }
    let text = match args.format {
        Format::Human => write::human(&sweep),
        Format::Json => write::json(&sweep),
        Format::Csv => write::csv(&sweep),
    };
    shell.out(&text);
    if let Some(path) = &args.log {
        save::told(path, write::log(&sweep).as_bytes(), shell)?;
    }
    if let Some(path) = &args.plot {
        specimen::save(&write::curves(&sweep, source.name()).draw(), path, shell)?;
    }
    match interrupted {
        Some(status) => Ok(Exit::Interrupted(status)),
        None => save_best(&sweep, shell),
    }
}

/// Every combination with every seed.
fn plan(
    args: &Args,
    source: &Source,
    overrides: &[Override],
    disk: &Disk,
    combinations: Vec<Vec<Override>>,
    shell: &Shell,
) -> Result<Vec<Planned>, Exit> {
    if combinations.len().saturating_mul(args.seeds as usize) > grid::MOST_RUNS {
        return Err(shell.usage(&format!("more than {} runs", grid::MOST_RUNS)));
    }
    let first = if args.seeds > 1 { base_seed(source, overrides, disk, shell)? } else { 0 };
    let seeds = |k: u32| (args.seeds > 1).then(|| first.wrapping_add(u64::from(k)));
    let runs = combinations.into_iter().enumerate().flat_map(|(combination, varied)| {
        (0..args.seeds).map(move |k| Planned { combination, varied: varied.clone(), seed: seeds(k) })
    });
    Ok(runs.collect())
}

/// The program's own seed.
fn base_seed(source: &Source, overrides: &[Override], disk: &Disk, shell: &Shell) -> Result<u64, Exit> {
    match prepare(source, overrides, disk) {
        Ok((program, _)) => Ok(program.training.seed),
        Err(refused) => Err(refuse(disk, source, refused, shell)),
    }
}

fn refuse(disk: &Disk, source: &Source, refused: Refused, shell: &Shell) -> Exit {
    match refused {
        Refused::Usage(message) => shell.usage(&message),
        Refused::Fault(message) => shell.fault(&message),
        Refused::Faults(mut faults) => {
            subject::locate_excerpts(&mut faults, disk);
            shell.report(source, &faults);
            Exit::Fault
        }
    }
}

fn prepare(source: &Source, overrides: &[Override], disk: &Disk) -> Result<(Program, Loaded), Refused> {
    // A rate that cannot settle is a result of a sweep, not a fault of it.
    let options = Options { depth: Depth::Language, ..Options::default() };
    let Checked { program, data, diagnostics } =
        check_with(source, overrides, disk, options).map_err(Refused::Usage)?;
    program.zip(data).ok_or(Refused::Faults(diagnostics))
}

impl Planned {
    /// What it sets, seed included.
    fn settings(&self) -> Vec<Override> {
        let seed = self.seed.map(|s| Override { name: "train.seed".to_owned(), value: s.to_string() });
        self.varied.iter().cloned().chain(seed).collect()
    }

    /// What it sets, in a line.
    fn name(&self) -> String {
        self.settings().iter().map(|o| format!("{}={}", o.name, o.value)).collect::<Vec<_>>().join(" ")
    }
}

/// Does all runs, as many at a time as there are threads; those that were done when the program was interrupted.
fn go(
    args: &Args,
    source: &Source,
    overrides: &[Override],
    disk: &Disk,
    planned: &[Planned],
    interrupts: &Interrupts,
    shell: &Shell,
) -> Result<Vec<(Planned, Done)>, Exit> {
    let workers = threads(args.threads).min(planned.len()).max(1);
    let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let finished: Mutex<Vec<(usize, Result<Done, Refused>)>> = Mutex::new(Vec::new());
    let is_over = || stopped.load(Ordering::Relaxed) || interrupts.status().is_some();
    let tell = |number: usize, index: usize, done: &Done| {
        if !args.quiet {
            let loss = if done.diverged_at.is_some() {
                "diverged".to_owned()
            } else {
                format!("loss {}", super::number::short(done.score()))
            };
            shell.err(&format!("run {number}/{}  {}  {loss}\n", planned.len(), planned[index].name()));
        }
    };
    let work = || {
        while !is_over() {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(plan) = planned.get(index) else { return };
            let settings: Vec<Override> = overrides.iter().cloned().chain(plan.settings()).collect();
            let done = prepare(source, &settings, disk)
                .and_then(|(program, data)| with_rows!(&data, data => train(&program, data, workers, interrupts)));
            let Some(done) = done.transpose() else { return };
            let Ok(mut finished) = finished.lock() else { return };
            match &done {
                Ok(done) => tell(finished.len() + 1, index, done),
                Err(_) => stopped.store(true, Ordering::Relaxed),
            }
            finished.push((index, done));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..workers {
            scope.spawn(work);
        }
        work();
    });
    let mut finished = finished.into_inner().unwrap_or_default();
    finished.sort_by_key(|(index, _)| *index);
    let paired = |(index, done): (usize, Result<Done, Refused>)| match done {
        Ok(done) => Ok((planned[index].clone(), done)),
        Err(refused) => Err(refuse(disk, source, refused, shell)),
    };
    finished.into_iter().map(paired).collect()
}

/// One run, alone on its thread, one of so many at a time: the bits do not depend on the number of threads. `None`
/// where it was interrupted.
fn train<R: Precision>(
    program: &Program,
    data: &Dataset<R>,
    workers: usize,
    interrupts: &Interrupts,
) -> Result<Option<Done>, Refused> {
    let needed = Run::<R>::plan(program, data.train.len()).bytes(size_of::<R>(), program.training.optimizer.slots());
    memory::enough(program, needed.saturating_mul(workers)).map_err(Refused::Fault)?;
    let began = Instant::now();
    let mut run = Run::new(program, data, Team::solo());
    let mut done = Done::default();
    let ended = run.run(|event| {
        if let Event::Epoch(epoch) = event {
            done.train_losses.push(epoch.train_loss);
            done.validation_losses.extend(epoch.validation.as_ref().map(|v| v.0));
        }
        if interrupts.status().is_some() { Control::Stop } else { Control::Continue }
    });
    done.seconds = began.elapsed().as_secs_f64();
    (done.reason, done.steps) = (ended.reason(), run.steps());
    match ended {
        Ended::Interrupted => return Ok(None),
        Ended::Diverged(_) => {
            done.diverged_at = Some(run.steps() + 1);
            done.train_loss = f64::NAN;
            return Ok(Some(done));
        }
        Ended::Epochs | Ended::Early { .. } => {}
    }
    done.train_loss = run.evaluate(&data.train).loss;
    done.validation_loss = (!data.validation.is_empty()).then(|| run.evaluate(&data.validation).loss);
    Ok(Some(done))
}

impl<'a> Sweep<'a> {
    fn new(args: &'a Args, runs: Vec<(Planned, Done)>, planned: usize) -> Self {
        let done = || runs.iter().map(|(_, done)| done);
        let lowest = |d: &Done| d.train_losses.iter().copied().filter(|l| l.is_finite()).fold(f64::INFINITY, f64::min);
        let reached = done().filter(|d| d.diverged_at.is_none()).map(lowest).fold(f64::INFINITY, f64::min);
        let began = done().filter_map(|d| d.train_losses.first().copied()).fold(f64::INFINITY, f64::min);
        let judged = |(plan, done): (Planned, Done)| {
            let verdict = Verdict::of(&done, began, reached);
            (plan, done, verdict)
        };
        let runs: Vec<_> = runs.into_iter().map(judged).collect();
        let combinations = runs.last().map_or(0, |(p, ..)| p.combination + 1);
        let mut order: Vec<Vec<usize>> = vec![Vec::new(); combinations];
        for (k, (plan, ..)) in runs.iter().enumerate() {
            order[plan.combination].push(k);
        }
        // A combination of which nothing is done is not shown.
        order.retain(|runs| !runs.is_empty());
        let mut sweep = Self { args, runs, planned, order: Vec::new(), limit: None };
        order.sort_by(|a, b| sweep.mean(a).total_cmp(&sweep.mean(b)));
        sweep.order = order;
        sweep
    }

    /// The mean score of a combination's runs: infinite where one diverged.
    fn mean(&self, runs: &[usize]) -> f64 {
        let mean = runs.iter().map(|&r| self.runs[r].1.score()).sum::<f64>() / runs.len() as f64;
        if mean.is_nan() { f64::INFINITY } else { mean }
    }

    /// Whether learning rates are what is varied.
    fn of_rate(&self) -> bool {
        matches!(self.args.vary.as_slice(), [one] if one.key == "train.learning_rate")
    }

    /// The arguments of `nn train` that do a run again, from its own start.
    fn arguments(&self, plan: &Planned) -> Vec<String> {
        let mut arguments = vec![self.args.file.display().to_string()];
        for Override { name, value } in self.args.overrides.iter().chain(&plan.settings()) {
            arguments.extend(["--set".to_owned(), format!("{name}={value}")]);
        }
        arguments
    }

    /// The command line that does a run again.
    fn command(&self, plan: &Planned) -> String {
        let safe = |c: char| c.is_ascii_alphanumeric() || "-_./=+%,:@".contains(c);
        let quote = |a: String| if a.chars().all(safe) { a } else { format!("'{}'", a.replace('\'', r"'\''")) };
        let arguments: Vec<String> = self.arguments(plan).into_iter().map(quote).collect();
        format!("nn train {}", arguments.join(" "))
    }
}

/// Does the best run again as `nn train` would, which gives the same bits, and saves its model.
fn save_best(sweep: &Sweep<'_>, shell: &mut Shell) -> Result<Exit, Exit> {
    let Some(path) = &sweep.args.save_best else { return Ok(Exit::Well) };
    let finite = sweep.runs.iter().filter(|(_, done, _)| done.score().is_finite());
    let Some((plan, ..)) = finite.min_by(|a, b| a.1.score().total_cmp(&b.1.score())) else {
        return Err(shell.fault("every run diverged: there is no model to save"));
    };
    let mut arguments = vec!["train".to_owned()];
    arguments.extend(sweep.arguments(plan));
    arguments.extend(["--quiet".to_owned(), "-o".to_owned(), path.display().to_string()]);
    let command = super::train::Args::augment_args(clap::Command::new("train"));
    let matches = command.try_get_matches_from(arguments).map_err(|e| shell.usage(&e.to_string()))?;
    let train = super::train::Args::from_arg_matches(&matches).map_err(|e| shell.usage(&e.to_string()))?;
    if sweep.args.format == Format::Human {
        shell.out("\nThe best run:\n");
        return Ok(super::train::run(&train, shell));
    }
    // Its report would stand in the way of what scripts read.
    Ok(shell.muted(|shell| super::train::run(&train, shell)))
}
