//! `nn predict MODEL DATA [-o OUT.csv]`: rows in, predictions out, in their order and in flat memory.

use super::disk::Disk;
use super::shell::{Exit, Shell};
use super::subject::{self, Subject, reason};
use crate::catalog::Precision;
use crate::catalog::layers::Mode;
use crate::data::{NewData, Use};
use crate::diagnostic::Diagnostic;
use crate::engine::{Machine, Plan};
use crate::tensor::Team;
use crate::train::model::Model;
use crate::train::predict::Writer;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Rows at a time.
const BATCH: usize = 512;

/// Options of `predict`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A saved model
    #[arg(value_name = "MODEL")]
    model: PathBuf,
    /// Rows: a .csv or .tsv file with the model's columns, an IDX file, or - for CSV on standard input
    #[arg(value_name = "DATA")]
    data: String,
    /// Where predictions go, as CSV; - is standard output
    #[arg(short, long, value_name = "OUT.csv", default_value = "-")]
    output: PathBuf,
}

/// What ends a prediction early.
enum Failure {
    Data(Vec<Diagnostic>),
    Output(io::Error),
}

impl From<Vec<Diagnostic>> for Failure {
    fn from(faults: Vec<Diagnostic>) -> Self {
        Self::Data(faults)
    }
}

impl From<csv::Error> for Failure {
    fn from(error: csv::Error) -> Self {
        Self::Output(error.into())
    }
}

/// Predicts for one file.
pub(crate) fn run(args: &Args, shell: &mut Shell) -> Exit {
    let model = match subject::read(&args.model, shell) {
        Ok(Subject::Model(model, _)) => model,
        Ok(Subject::Program(source, _)) => {
            return shell.fault(&format!("`{0}` is a program, not a model: `nn train {0}` makes one", source.name()));
        }
        Err(exit) => return exit,
    };
    let done = if args.output == Path::new("-") {
        let out = shell.writer();
        predict_in(&model, &args.data, out)
    } else {
        to_file(&model, &args.data, &args.output)
    };
    match done {
        Ok(()) => Exit::Well,
        Err(Failure::Data(faults)) => {
            shell.report(&model.source(), &faults);
            Exit::Fault
        }
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Well,
        Err(Failure::Output(error)) => {
            shell.fault(&format!("`{}` cannot be written: {}", args.output.display(), reason(&error)))
        }
    }
}

/// Writes beside the file and renames, so that a failure leaves what was there.
fn to_file(model: &Model, data: &str, path: &Path) -> Result<(), Failure> {
    let is_device = std::fs::metadata(path).is_ok_and(|m| !m.is_file());
    if is_device {
        let file = std::fs::File::options().write(true).open(path).map_err(Failure::Output)?;
        return predict_in(model, data, io::BufWriter::new(file));
    }
    let mut file = super::disk::temporary(path).map_err(Failure::Output)?;
    predict_in(model, data, io::BufWriter::new(&mut file))?;
    file.persist(path).map_err(|e| Failure::Output(e.error))?;
    Ok(())
}

fn predict_in(model: &Model, data: &str, out: impl Write) -> Result<(), Failure> {
    if model.program.training.double { predict::<f64>(model, data, out) } else { predict::<f32>(model, data, out) }
}

fn predict<R: Precision>(model: &Model, data: &str, out: impl Write) -> Result<(), Failure> {
    let program = &model.program;
    let plan = Plan::new(&program.network, BATCH, false);
    let mut machine = Machine::<R>::new(&program.network, plan, None, program.training.seed, Team::solo());
    model.restore(&mut machine)?;
    let preparation = &model.record.preparation;
    let new = match &preparation.inputs {
        crate::data::Inputs::Block(_) => NewData::Idx { inputs: data, targets: None },
        crate::data::Inputs::Columns(_) => NewData::Delimited(data),
    };
    let here = Disk::folder(PathBuf::new());
    let mut batches = preparation.open::<R>(new, &here, Use::Predict)?;
    let writer = Writer::new(program, preparation);
    let mut out = csv::Writer::from_writer(out);
    out.write_record(writer.header())?;
    while let Some(batch) = batches.read(BATCH)? {
        machine.set_batch(batch.rows);
        machine.input_mut().copy_from_slice(&batch.inputs);
        machine.forward(Mode::Inference);
        for output in machine.output().chunks_exact(machine.output_width()) {
            out.write_record(writer.row(output))?;
        }
    }
    out.flush().map_err(Failure::Output)
}
