//! `nn show FILE`: the network as a table, all defaults filled in; as JSON, node by node, or as a picture.

use super::disk::Disk;
use super::memory;
use super::shell::{Exit, Format, Shell};
use super::subject::{self, Subject, parse_override};
use crate::catalog::Precision;
use crate::check::{Checked, Depth, Options, Override, check_with};
use crate::diagram;
use crate::engine::{Machine, Plan};
use crate::ir::Program;
use crate::ir::print::{Sheet, nodes};
use crate::source::Source;
use crate::tensor::{Dtype, Team, in_precision};
use crate::train::model::Model;
use crate::train::weights::{Stored, store};
use std::collections::HashMap;
use std::path::PathBuf;

/// Options of `show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The program, or a saved model
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How the table is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Show every node on a line of its own, as the compiler sees it
    #[arg(long, conflicts_with_all = ["format", "graph"])]
    ir: bool,
    /// Draw the network, as SVG or in the language of Graphviz or Mermaid; a model's weights colour the lines
    #[arg(long, value_name = "FORM", conflicts_with = "format")]
    graph: Option<Drawn>,
    /// Put a value in place of what the file says: a `let`, or a setting such as train.epochs
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = parse_override)]
    overrides: Vec<Override>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Drawn {
    /// A picture
    Svg,
    /// Graphviz
    Dot,
    /// Mermaid
    Mermaid,
}

/// Shows one program or model.
pub(crate) fn run(args: &Args, shell: &mut Shell) -> Exit {
    match subject::read(&args.file, shell) {
        // What a model says of its data is what it was trained on; changed settings need the data again.
        Ok(Subject::Model(model, _)) if args.overrides.is_empty() => {
            let weights = if args.graph.is_some() { self::weights(&model, shell) } else { Ok(HashMap::new()) };
            match weights {
                Ok(weights) => write(args, &model.source(), &model.program, &weights, shell),
                Err(exit) => exit,
            }
        }
        Ok(Subject::Model(model, disk)) => {
            let overrides = model.record.overrides.iter().chain(&args.overrides).cloned().collect::<Vec<_>>();
            checked(args, &model.source(), &overrides, &disk, shell)
        }
        Ok(Subject::Program(source, disk)) => checked(args, &source, &args.overrides, &disk, shell),
        Err(exit) => exit,
    }
}

fn checked(args: &Args, source: &Source, overrides: &[Override], disk: &Disk, shell: &mut Shell) -> Exit {
    let Checked { program, mut diagnostics, .. } =
        match check_with(source, overrides, disk, Options { depth: Depth::Language, ..Options::default() }) {
            Ok(checked) => checked,
            Err(message) => return shell.usage(&message),
        };
    let Some(program) = program else {
        subject::locate_excerpts(&mut diagnostics, disk);
        shell.report(source, &diagnostics);
        return Exit::Fault;
    };
    write(args, source, &program, &HashMap::new(), shell)
}

type Weights = HashMap<String, Vec<f64>>;

fn write(args: &Args, source: &Source, program: &Program, weights: &Weights, shell: &mut Shell) -> Exit {
    let look = shell.out_look;
    let text = match (args.graph, args.ir, args.format) {
        (Some(form), ..) => {
            let graph = diagram::graph(program, source.name(), &|name| weights.get(name).cloned());
            match form {
                Drawn::Svg => graph.draw().svg(),
                Drawn::Dot => graph.dot(),
                Drawn::Mermaid => graph.mermaid(),
            }
        }
        (None, true, _) => nodes(&program.network, source),
        (None, false, Format::Json) => Sheet::new(program, source).json() + "\n",
        (None, false, Format::Human) => Sheet::new(program, source).text(&|heading| look.heading(heading)),
    };
    shell.out(&text);
    Exit::Well
}

/// A model's weights by name.
fn weights(model: &Model, shell: &Shell) -> Result<Weights, Exit> {
    memory::enough_to_predict(&model.program, 1).map_err(|why| shell.fault(&why))?;
    let read = in_precision!(model.program.training.precision, R => tensors::<R>(model));
    read.map_err(|faults| {
        shell.report(&model.source(), &faults);
        Exit::Fault
    })
}

fn tensors<R: Precision>(model: &Model) -> Result<Weights, Vec<crate::diagnostic::Diagnostic>> {
    let network = &model.program.network;
    let mut machine = Machine::<R>::new(network, Plan::new(network, 1, false), None, 0, Team::solo());
    model.restore(&mut machine)?;
    Ok(store(&machine).into_iter().map(|t| (t.name.clone(), numbers(&t))).collect())
}

/// A tensor's numbers, in the file's order.
fn numbers(tensor: &Stored) -> Vec<f64> {
    let (fours, _) = tensor.bytes.as_chunks::<4>();
    let (eights, _) = tensor.bytes.as_chunks::<8>();
    match tensor.dtype {
        Dtype::F32 => fours.iter().map(|b| f64::from(f32::from_le_bytes(*b))).collect(),
        Dtype::F64 => eights.iter().map(|b| f64::from_le_bytes(*b)).collect(),
    }
}
