//! `nn eval MODEL [DATA]`: metrics on the model's own test rows, or on another file.

use super::breakdown;
use super::disk::Disk;
use super::report::{self, Line};
use super::shell::{Exit, Format, Shell};
use super::subject::{self, Subject};
use crate::catalog::Precision;
use crate::catalog::metrics::of_each;
use crate::data::{NewData, Use, load};
use crate::diagnostic::Diagnostic;
use crate::engine::{Machine, Plan};
use crate::tensor::Team;
use crate::train::Terms;
use crate::train::batch::Filling;
use crate::train::evaluate::{Evaluation, Score, add_batch, evaluate};
use crate::train::model::Model;
use std::path::PathBuf;

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
    let evaluated = if model.program.training.double {
        judge::<f64>(&model, &disk, &args.data)
    } else {
        judge::<f32>(&model, &disk, &args.data)
    };
    let evaluation = match evaluated {
        Ok(evaluation) => evaluation,
        Err(mut faults) => {
            if args.data.is_empty() {
                subject::locate_excerpts(&mut faults, &args.model.join("..").join(&model.record.folder).join("x"));
            }
            shell.report(&model.source(), &faults);
            return Exit::Fault;
        }
    };
    let metrics = evaluation.metrics(&model.program.training.metrics);
    let terms = Terms::of(&model.program);
    match args.format {
        Format::Json => shell.out(&format!("{}\n", breakdown::evaluation(&evaluation, &metrics, &terms))),
        Format::Human => {
            let name = if args.data.is_empty() { "test" } else { "file" };
            let mut shown = model.program.training.metrics.clone();
            shown.extend(of_each());
            let line = Line { name, evaluation: &evaluation, metrics: &metrics };
            shell.out(&report::splits(&[line], &terms));
            let tables = [
                breakdown::table(name, &evaluation.tally, &terms),
                report::confusion(name, &evaluation.tally, &terms),
                breakdown::told(&breakdown::remarks(name, &evaluation.tally, &terms, &shown)),
            ];
            tables.into_iter().flatten().for_each(|table| shell.out(&format!("\n{table}")));
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
        if dataset.test.is_empty() {
            let text = format!("the program of `{}` holds out no test rows", model.path());
            return Err(vec![
                Diagnostic::error(crate::diagnostic::codes::DATA_SPLIT, text)
                    .help("name a file: `nn eval MODEL DATA.csv`"),
            ]);
        }
        return Ok(evaluate(program, &mut machine, &dataset, &filling, &dataset.test));
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
    Ok(score.finish())
}
