//! `nn predict MODEL DATA [-o OUT.csv]`: rows in, predictions out, in their order and in flat memory.

use super::disk::{Disk, reason};
use super::foreign::no_rows;
use super::memory;
use super::outputs::Outputs;
use super::shell::{Exit, Shell};
use super::subject::{self, Subject};
use super::threads::threads;
use crate::catalog::Precision;
use crate::catalog::layers::Mode;
use crate::data::{NewData, Use};
use crate::diagnostic::Diagnostic;
use crate::engine::Machine;
use crate::tensor::{Team, in_precision};
use crate::train::divergence;
use crate::train::machines::{ROWS, predictor};
use crate::train::model::Model;
use crate::train::predict::Writer;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Rows read at a time.
const READ: usize = 4096;
/// Rows that are written by one thread at a time.
const WRITTEN: usize = 64;

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
    /// Threads to share the work; the result does not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
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
    let (model, disk) = match subject::read(&args.model, shell) {
        Ok(Subject::Model(model, disk)) => (model, disk),
        Ok(Subject::Program(source, _)) => {
            return shell.fault(&format!("`{0}` is a program, not a model: `nn train {0}` makes one", source.name()));
        }
        Err(exit) => return exit,
    };
    if let Some(form) = no_rows(Path::new(&args.data)) {
        return shell.fault(&format!("`{}` {}", args.data, form.as_rows()));
    }
    if let Err(exit) = outputs(args, &model, &disk).settle(shell) {
        return exit;
    }
    if let Err(why) = memory::enough_to_predict(&model.program, ROWS) {
        return shell.fault(&why);
    }
    let done = if args.output == Path::new("-") {
        let out = shell.writer();
        predict_in(&model, args, out)
    } else {
        to_file(&model, args)
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

/// The rows, the model, and what the model was made from: none of them is what predictions go into.
fn outputs(args: &Args, model: &Model, disk: &Disk) -> Outputs {
    let read = Outputs::default()
        .reads("the model", &args.model)
        .reads("the program", &disk.path().join(&model.record.name))
        .reads_data_of(&model.source(), &model.record.overrides, disk);
    let read = if args.data == "-" { read } else { read.reads("the data", Path::new(&args.data)) };
    read.writes("-o", Some(args.output.as_path()).filter(|path| *path != Path::new("-")))
}

/// Writes beside the file and renames, so that a failure leaves what was there.
fn to_file(model: &Model, args: &Args) -> Result<(), Failure> {
    let path = &super::disk::real(&args.output);
    let is_device = std::fs::metadata(path).is_ok_and(|m| !m.is_file());
    if is_device {
        let file = std::fs::File::options().write(true).open(path).map_err(Failure::Output)?;
        return predict_in(model, args, file);
    }
    let mut file = super::save::temporary(path).map_err(Failure::Output)?;
    predict_in(model, args, &mut file)?;
    super::save::keep(file, path).map_err(Failure::Output)
}

fn predict_in(model: &Model, args: &Args, out: impl Write) -> Result<(), Failure> {
    in_precision!(model.program.training.precision, R => predict::<R>(model, args, out))
}

fn predict<R: Precision>(model: &Model, args: &Args, mut out: impl Write) -> Result<(), Failure> {
    let (program, data) = (&model.program, args.data.as_str());
    let mut machine = predictor::<R>(program, ROWS, Team::new(threads(args.threads)));
    model.restore(&mut machine)?;
    let preparation = &model.record.preparation;
    let new = match &preparation.inputs {
        crate::data::Inputs::Block(_) => NewData::Idx { inputs: data, targets: None },
        crate::data::Inputs::Columns(_) => NewData::Delimited(data),
    };
    let here = Disk::folder(PathBuf::new());
    let mut batches = preparation.open::<R>(new, &here, Use::Predict)?;
    let writer = Writer::new(program, preparation);
    let mut header = csv::Writer::from_writer(Vec::new());
    header.write_record(writer.header())?;
    out.write_all(&header.into_inner().map_err(|e| Failure::Output(e.into_error()))?).map_err(Failure::Output)?;
    let mut texts: Vec<Vec<u8>> = vec![Vec::new(); ROWS.div_ceil(WRITTEN)];
    while let Some(batch) = batches.read(READ)? {
        for inputs in batch.inputs.chunks(ROWS * machine.input_width()) {
            machine.set_batch(inputs.len() / machine.input_width());
            machine.input_mut().copy_from_slice(inputs);
            machine.forward(Mode::Inference);
            if !write(&machine, &writer, &mut texts, &mut out).map_err(Failure::Output)? {
                return Err(vec![divergence::of_model(program, &machine, model.path())].into());
            }
        }
    }
    out.flush().map_err(Failure::Output)
}

/// Writes the machine's outputs, if all are finite, and says whether they are; `texts` is room for the lines of
/// [`WRITTEN`] rows each.
fn write<R: Precision>(
    machine: &Machine<'_, R>,
    writer: &Writer,
    texts: &mut [Vec<u8>],
    out: &mut impl Write,
) -> io::Result<bool> {
    let width = machine.output_width();
    let (output, stretch) = (machine.output(), WRITTEN * width);
    let texts = &mut texts[..output.len().div_ceil(stretch)];
    let finite = AtomicBool::new(true);
    machine.team().each(texts, |i, text| {
        text.clear();
        let rows = &output[i * stretch..output.len().min((i + 1) * stretch)];
        // Nothing of a part is written once a number of it is not finite.
        if !rows.chunks_exact(width).all(|row| writer.line(row, text)) {
            finite.store(false, Ordering::Relaxed);
        }
    });
    let finite = finite.into_inner();
    if finite {
        texts.iter().try_for_each(|text| out.write_all(text))?;
    }
    Ok(finite)
}
