//! `nn profile FILE|MODEL`: where the time goes, measured.

use super::report::{aligned, short};
use super::shell::{Exit, Format, Shell};
use super::subject::{self, Subject, parse_override};
use super::tensors::Tensors;
use super::threads::threads;
use crate::catalog::Precision;
use crate::check::{Checked, Override, check, with_rows};
use crate::data::Dataset;
use crate::engine::Plan;
use crate::ir::Program;
use crate::source::Source;
use crate::tensor::{Team, in_precision};
use crate::text;
use crate::train::machines::{ROWS, predictor, trainer};
use crate::train::profile::{self, LayerTime, Profile};
use serde_json::{Value, json};
use std::path::PathBuf;

/// The most bytes that the numbers of a profiled network may take.
const MOST_BYTES: usize = 16 << 30;

/// Options of `profile`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The program, or a saved model
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Measure a call that predicts, instead of a step of training
    #[arg(long)]
    predict: bool,
    /// Rows in a step or a call [default: the program's batch]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=16_777_216))]
    batch: Option<u32>,
    /// Threads to share the work [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// Take these tensors; names and shapes must fit
    #[arg(long, value_name = "FILE.safetensors")]
    weights: Option<PathBuf>,
    /// How the result is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Put a value in place of what the file says: a `let`, or a setting such as train.batch
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = parse_override)]
    overrides: Vec<Override>,
}

/// Profiles one program or model.
pub(crate) fn run(args: &Args, shell: &mut Shell) -> Exit {
    match measured(args, shell) {
        Ok(profile) => {
            shell.out(&match args.format {
                Format::Human => text(&profile),
                Format::Json => format!("{}\n", object(&profile)),
            });
            Exit::Well
        }
        Err(exit) => exit,
    }
}

fn measured(args: &Args, shell: &Shell) -> Result<Profile, Exit> {
    let given = args.weights.as_deref().map(|path| Tensors::read(path, shell)).transpose()?;
    let (source, disk, overrides) = match subject::read(&args.file, shell)? {
        // What a model says of its data is what it was trained on; changed settings need the data again.
        Subject::Model(model, _) if args.overrides.is_empty() => {
            let source = model.source();
            let (program, preparation) = (&model.program, &model.record.preparation);
            let rows = rows(args, program, program.facts.training_rows);
            let drawn = rows.min(1 << 16);
            let own = || Tensors { path: model.path().to_owned(), bytes: model.bytes().to_vec() };
            let job = Job { args, source: &source, program, rows, start: Some(given.unwrap_or_else(own)) };
            return in_precision!(program.training.precision, R => {
                job.run::<R>(&Dataset::drawn(&program.facts, preparation, drawn), shell)
            });
        }
        Subject::Model(model, disk) => {
            let overrides = model.record.overrides.iter().chain(&args.overrides).cloned().collect();
            (model.source(), disk, overrides)
        }
        Subject::Program(source, disk) => (source, disk, args.overrides.clone()),
    };
    let Checked { program, data, mut diagnostics } =
        check(&source, &overrides, &disk).map_err(|message| shell.usage(&message))?;
    let (Some(program), Some(data)) = (program, data) else {
        subject::locate_excerpts(&mut diagnostics, &disk);
        shell.report(&source, &diagnostics);
        return Err(Exit::Fault);
    };
    let rows = rows(args, &program, data.facts().training_rows);
    let job = Job { args, source: &source, program: &program, rows, start: given };
    with_rows!(&data, data => job.run(data, shell))
}

/// Rows in a step or a call.
fn rows(args: &Args, program: &Program, training_rows: usize) -> usize {
    args.batch.map_or_else(|| program.training.batch_rows(training_rows), |rows| rows as usize)
}

/// One measurement.
struct Job<'a> {
    args: &'a Args,
    source: &'a Source,
    program: &'a Program,
    rows: usize,
    /// Tensors to take.
    start: Option<Tensors>,
}

impl Job<'_> {
    fn run<R: Precision>(&self, data: &Dataset<R>, shell: &Shell) -> Result<Profile, Exit> {
        let training = &self.program.training;
        let (capacity, slots) =
            if self.args.predict { (self.rows.min(ROWS), 0) } else { (self.rows, training.optimizer.slots()) };
        let bytes = Plan::new(&self.program.network, capacity, false).bytes(size_of::<R>(), slots);
        if bytes > MOST_BYTES {
            let text = format!("a batch of {} rows takes {} GiB, more than is measured", self.rows, bytes >> 30);
            return Err(shell.fault(&text));
        }
        super::memory::enough(self.program, bytes).map_err(|why| shell.fault(&why))?;
        let team = Team::new(threads(self.args.threads));
        let mut machine = if self.args.predict {
            predictor::<R>(self.program, self.rows, team)
        } else {
            trainer::<R>(self.program, self.rows, team)
        };
        if let Some(Err(faults)) = self.start.as_ref().map(|start| start.restore(&mut machine)) {
            shell.report(self.source, &faults);
            return Err(Exit::Fault);
        }
        Ok(if self.args.predict {
            profile::prediction(&mut machine, data, self.rows)
        } else {
            profile::training(self.program, machine, data, self.rows)
        })
    }
}

/// The table, and a sentence that says where the time goes.
fn text(profile: &Profile) -> String {
    let what = if profile.predicts { "one call that predicts" } else { "one step of training" };
    let share = |time: f64| format!("{:.0} %", 100.0 * time / profile.parts());
    let mut head = vec!["", "forward µs"];
    head.extend((!profile.predicts).then_some("backward µs"));
    head.extend(["share", "GFLOP/s", "of the limit"]);
    let mut rows = vec![head.into_iter().map(str::to_owned).collect::<Vec<_>>()];
    for layer in &profile.layers {
        let mut row = vec![name(layer), short(layer.forward)];
        row.extend((!profile.predicts).then(|| short(layer.backward)));
        row.push(share(layer.total()));
        if let Some(rate) = layer.rate() {
            row.extend([short(rate), format!("{:.0} %", 100.0 * rate / profile.limit)]);
        }
        rows.push(row);
    }
    for (name, time) in others(profile) {
        let mut row = vec![name.to_owned(), short(time)];
        row.extend((!profile.predicts).then(String::new));
        row.push(share(time));
        rows.push(row);
    }
    let (head, table) = (conditions(profile), aligned(&rows));
    format!("{what}, {head}: {} µs\n\n{table}\n{}\n", short(profile.whole), verdict(profile))
}

fn conditions(profile: &Profile) -> String {
    let precision = if profile.bytes == 4 { "f32" } else { "f64" };
    format!("{}, {precision}, {}", text::count(profile.rows, "row"), text::count(profile.threads, "thread"))
}

/// A layer's label, and what it is unless the label says it.
fn name(layer: &LayerTime) -> String {
    format!("{}: {}", layer.name, layer.what)
}

/// What is not a layer's, by its name.
fn others(profile: &Profile) -> Vec<(&'static str, f64)> {
    let rows = ("rows in", profile.rows_in);
    if profile.predicts {
        return vec![rows];
    }
    vec![rows, ("loss", profile.loss), ("metrics", profile.metrics), ("optimizer", profile.optimizer)]
}

/// The part that takes most, how near it is to the limit, and what the limit is.
fn verdict(profile: &Profile) -> String {
    let share = |time: f64| format!("{:.0} %", 100.0 * time / profile.parts());
    let limit =
        format!("the {} GFLOP/s that this machine reaches in large products of this precision", short(profile.limit));
    let layer = profile.layers.iter().max_by(|a, b| a.total().total_cmp(&b.total()));
    let other = others(profile).into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
    if let Some((name, time)) = other
        && layer.is_none_or(|l| l.total() < time)
    {
        return format!(
            "Most of it, {}, is not a layer's: {name}. The whole runs at {:.1} % of {limit}.",
            share(time),
            100.0 * profile.rate() / profile.limit
        );
    }
    let Some(layer) = layer else { return "There is no layer to speak of.".to_owned() };
    let backward = if profile.predicts {
        String::new()
    } else {
        format!(" ({} of that backward)", percent_of(layer.backward, layer.total()))
    };
    let rate = layer.rate().map_or_else(
        || format!(", which has no products; the whole runs at {:.1} %", 100.0 * profile.rate() / profile.limit),
        |rate| format!(", at {:.0} %", 100.0 * rate / profile.limit),
    );
    format!("Most of it, {}, is `{}`{backward}{rate} of {limit}.", share(layer.total()), layer.name)
}

fn percent_of(part: f64, whole: f64) -> String {
    format!("{:.0} %", if whole > 0.0 { 100.0 * part / whole } else { 0.0 })
}

/// The same for programs.
fn object(profile: &Profile) -> Value {
    let rate = |operations: f64, time: f64| (operations > 0.0 && time > 0.0).then(|| operations / time / 1e3);
    let layers = profile.layers.iter().map(|layer| {
        let mut entry = json!({
            "name": layer.name,
            "what": layer.what,
            "forward_us": layer.forward,
            "share": layer.total() / profile.parts(),
            "forward_gflops": rate(layer.operations.0, layer.forward),
            "of_limit": layer.rate().map(|r| r / profile.limit),
        });
        if !profile.predicts {
            entry["backward_us"] = json!(layer.backward);
            entry["backward_gflops"] = json!(rate(layer.operations.1, layer.backward));
        }
        entry
    });
    let mut object = json!({
        "rows": profile.rows,
        "threads": profile.threads,
        "precision": if profile.bytes == 4 { "f32" } else { "f64" },
        "gflops": profile.rate(),
        "limit_gflops": profile.limit,
        "layers": layers.collect::<Vec<_>>(),
        "rows_in_us": profile.rows_in,
    });
    if profile.predicts {
        object["forward_us"] = json!(profile.whole);
    } else {
        object["step_us"] = json!(profile.whole);
        object["loss_us"] = json!(profile.loss);
        object["metrics_us"] = json!(profile.metrics);
        object["optimizer_us"] = json!(profile.optimizer);
    }
    object
}
