//! `nn eval MODEL [DATA]`: metrics on the model's own test rows, or on another file.

use super::breakdown;
use super::disk::Disk;
use super::foreign::no_rows;
use super::memory;
use super::report::{self, Line};
use super::shell::{Exit, Format, Shell};
use super::subject::{self, Subject};
use crate::catalog::Precision;
use crate::catalog::metrics::of_each;
use crate::data::{Digests, NewData, Use, load};
use crate::diagnostic::Diagnostic;
use crate::engine::{Machine, Plan};
use crate::tensor::{Team, in_precision};
use crate::text;
use crate::train::Terms;
use crate::train::batch::BatchLoader;
use crate::train::divergence;
use crate::train::evaluate::{Evaluation, Exact, Score, add_batch, evaluate};
use crate::train::model::Model;
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
    if let Err(why) = memory::enough_to_predict(&model.program, BATCH) {
        return shell.fault(&why);
    }
    let evaluated = in_precision!(model.program.training.precision, R => judge::<R>(&model, &disk, &args.data));
    let evaluation = match evaluated {
        Ok((evaluation, changed)) => {
            shell.report_plain(changed.as_slice());
            evaluation
        }
        Err(mut faults) => {
            if args.data.is_empty() {
                subject::locate_excerpts(&mut faults, &disk);
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

/// What rows came to, and whether they are still those that the model knows.
type Judged = (Evaluation, Option<Diagnostic>);

fn judge<R: Precision>(model: &Model, disk: &Disk, data: &[String]) -> Result<Judged, Vec<Diagnostic>> {
    let program = &model.program;
    let plan = Plan::new(&program.network, BATCH, false);
    let mut machine = Machine::<R>::new(&program.network, plan, None, program.training.seed, Team::solo());
    model.restore(&mut machine)?;
    let filling = BatchLoader::new(program);
    let preparation = &model.record.preparation;
    let Some(path) = data.first() else {
        let digests = Digests::new(disk);
        let (dataset, faults) = load::<R>(&program.data, &digests, Some(model.record.prior()));
        let dataset = dataset.ok_or(faults)?;
        let (files, sides) = (digests.seen(), dataset.sides.as_ref());
        let changed = model.record.data.changed(&program.data, &files, dataset.rows(), sides);
        if dataset.test.is_empty() {
            let text = format!("the program of `{}` holds out no test rows", model.path());
            return Err(vec![
                Diagnostic::error(crate::diagnostic::codes::DATA_SPLIT, text)
                    .help("name a file: `nn eval MODEL DATA.csv`"),
            ]);
        }
        let changed = changed.map(|report| {
            let count = dataset.test.len();
            let rows = text::plural(count, "row");
            report.note_that(match dataset.sides {
                Some(_) => {
                    format!("judged by {count} {rows} on the test side of its split: training has seen none of them")
                }
                None => format!("judged by the {count} {rows} that the program holds out"),
            })
        });
        let judged = whole(evaluate(program, &mut machine, &dataset, &filling, &dataset.test), model, &machine)?;
        return Ok((judged, changed));
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
        filling.load_consecutive(&mut machine, &batch.inputs, targets, batch.rows);
        add_batch(program, &mut machine, Exact { values: &batch.exact, rows: None }, &mut score);
    }
    Ok((whole(score.finish(), model, &machine)?, None))
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
