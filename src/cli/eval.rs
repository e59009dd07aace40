//! `nn eval MODEL [DATA]`: metrics on the model's own test rows, or on another file.

use super::disk::Disk;
use super::foreign::no_rows;
use super::log::metrics_value;
use super::report::{self, Line};
use super::shell::{Exit, Format, Shell};
use super::subject::{self, Subject};
use crate::catalog::Precision;
use crate::data::{NewData, TargetRule, Use, load};
use crate::diagnostic::Diagnostic;
use crate::engine::{Machine, Plan};
use crate::ir::spec::TargetFacts;
use crate::tensor::Team;
use crate::train::batch::Filling;
use crate::train::divergence;
use crate::train::evaluate::{Evaluation, Score, add_batch, evaluate};
use crate::train::model::Model;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Rows at a time.
const BATCH: usize = 256;

/// Options of `eval`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A saved model
    #[arg(value_name = "MODEL")]
    model: PathBuf,
    /// Rows with targets: a .csv or .tsv file, or IDX inputs and targets; without it, the model's own test rows
    #[arg(value_name = "DATA", num_args = 0..=2)]
    data: Vec<String>,
    /// How the result is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

/// Evaluates one model.
pub(crate) fn run(args: &Args, shell: &mut Shell) -> Exit {
    let (model, disk) = match subject::read(&args.model, shell) {
        Ok(Subject::Model(model, disk)) => (model, disk),
        Ok(Subject::Program(source, _)) => {
            return shell.fault(&format!("`{0}` is a program, not a model: `nn train {0}` makes one", source.name()));
        }
        Err(exit) => return exit,
    };
    if let Some((data, form)) = args.data.iter().find_map(|data| Some((data, no_rows(Path::new(data))?))) {
        return shell.fault(&format!("`{data}` {}", form.as_rows()));
    }
    let evaluated = if model.program.training.double {
        judge::<f64>(&model, &disk, &args.data)
    } else {
        judge::<f32>(&model, &disk, &args.data)
    };
    let evaluation = match evaluated {
        Ok(evaluation) => evaluation,
        Err(mut faults) => {
            if args.data.is_empty() {
                subject::locate_excerpts(&mut faults, &disk);
            }
            shell.report(&model.source(), &faults);
            return Exit::Fault;
        }
    };
    let metrics = evaluation.metrics(&model.program.training.metrics);
    match args.format {
        Format::Json => {
            let line = json!({"rows": evaluation.rows, "loss": evaluation.loss, "metrics": metrics_value(&metrics)});
            shell.out(&format!("{line}\n"));
        }
        Format::Human => {
            let name = if args.data.is_empty() { "test" } else { "file" };
            shell.out(&report::splits(&[Line { name, evaluation: &evaluation, metrics: &metrics }]));
            if let TargetRule::Classes { names, .. } = &model.record.preparation.target
                && let Some(table) = report::confusion(name, &evaluation.tally, names)
            {
                shell.out(&format!("\n{table}"));
            }
        }
    }
    Exit::Well
}

fn judge<R: Precision>(model: &Model, disk: &Disk, data: &[String]) -> Result<Evaluation, Vec<Diagnostic>> {
    let program = &model.program;
    let plan = Plan::new(&program.network, BATCH, false);
    let mut machine = Machine::<R>::new(&program.network, plan, None, program.training.seed, Team::solo());
    model.restore(&mut machine)?;
    let filling = Filling::new(program);
    let preparation = &model.record.preparation;
    let Some(path) = data.first() else {
        let (dataset, faults) = load::<R>(&program.data, disk, program.training.seed);
        let dataset = dataset.ok_or(faults)?;
        if dataset.preparation.inputs.names() != preparation.inputs.names()
            || !same_targets(&dataset.facts.target, &program.facts.target)
        {
            let text = format!("the data that `{}` was trained on has other columns or classes now", model.path());
            return Err(vec![
                Diagnostic::error(crate::diagnostic::codes::MODEL_FILE, text).help("train it again: `nn train`"),
            ]);
        }
        if dataset.test.is_empty() {
            let text = format!("the program of `{}` holds out no test rows", model.path());
            return Err(vec![
                Diagnostic::error(crate::diagnostic::codes::DATA_SPLIT, text)
                    .help("name a file: `nn eval MODEL DATA.csv`"),
            ]);
        }
        return whole(evaluate(program, &mut machine, &dataset, &filling, &dataset.test), model, &machine);
    };
    let new = match data.get(1) {
        Some(targets) => NewData::Idx { inputs: path, targets: Some(targets) },
        None => NewData::Delimited(path),
    };
    let here = Disk::folder(PathBuf::new());
    let mut batches = preparation.open::<R>(new, &here, Use::Evaluate)?;
    let mut score = Score::new(program, preparation);
    while let Some(batch) = batches.read(BATCH)? {
        let Some(targets) = &batch.targets else { break };
        filling.fill_all(&mut machine, &batch.inputs, targets, batch.rows);
        add_batch(program, &mut machine, &mut score);
    }
    whole(score.finish(), model, &machine)
}

/// Whether outputs stand for the same things.
fn same_targets(a: &TargetFacts, b: &TargetFacts) -> bool {
    match (a, b) {
        (TargetFacts::Classes { names: a, .. }, TargetFacts::Classes { names: b, .. })
        | (TargetFacts::Values { names: a, .. }, TargetFacts::Values { names: b, .. }) => a == b,
        (TargetFacts::Classes { .. }, TargetFacts::Values { .. })
        | (TargetFacts::Values { .. }, TargetFacts::Classes { .. }) => false,
    }
}

/// What rows came to, where the model gives numbers for them.
fn whole<R: Precision>(
    evaluation: Evaluation,
    model: &Model,
    machine: &Machine<'_, R>,
) -> Result<Evaluation, Vec<Diagnostic>> {
    if evaluation.loss.is_finite() {
        return Ok(evaluation);
    }
    if evaluation.rows == 0 {
        let text = "the data has no rows to evaluate".to_owned();
        return Err(vec![Diagnostic::error(crate::diagnostic::codes::DATA_FORMAT, text)]);
    }
    Err(vec![divergence::of_model(&model.program, machine, model.path())])
}
