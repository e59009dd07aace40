//! `nn why FILE WEIGHT`: the chain rule for one weight, path by path.

mod human;
mod markdown;
mod picture;

use super::shell::{Exit, Shell};
use super::specimen::{self, Given, Specimen};
use crate::catalog::layers::LayerRole;
use crate::explain::{Path, Question, Row, Weight, Why, why};
use crate::ir::Node;
use serde::Serialize;
use std::path::PathBuf;

/// Options of `why`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    given: Given,
    /// The weight: LABEL.weight[TO,FROM] or LABEL.bias[UNIT], counted from 0
    #[arg(value_name = "WEIGHT")]
    weight: String,
    /// The row of the data, counted from 0, or `all` for the mean over the training rows
    #[arg(long, value_name = "N|all", default_value = "0", value_parser = parse_rows)]
    row: RowChoice,
    /// How many paths to list, the largest first
    #[arg(long, value_name = "K", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    top: u32,
    /// How the answer is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Draw the network with the listed paths lit
    #[arg(long, visible_alias = "svg", value_name = "FILE.svg|png")]
    plot: Option<PathBuf>,
}

/// Which rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowChoice {
    One(u32),
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON object
    Json,
    /// For a page
    Markdown,
}

fn parse_rows(text: &str) -> Result<RowChoice, String> {
    match text {
        "all" => Ok(RowChoice::All),
        _ => text
            .parse()
            .map(RowChoice::One)
            .map_err(|_| "write the number of a row, counted from 0, or `all`".to_owned()),
    }
}

/// What the writers of an answer need.
struct Answer<'a> {
    specimen: &'a Specimen,
    weight: Weight,
    rows: Vec<Row>,
    why: Why,
}

impl Answer<'_> {
    /// The one row, or `None` where the mean over several is explained.
    fn row(&self) -> Option<u32> {
        if let [row] = self.rows.as_slice() { Some(row.number as u32) } else { None }
    }

    /// Notes on what the numbers stand for.
    fn notes(&self) -> Vec<String> {
        let (program, mut notes) = (&self.specimen.program, Vec::new());
        let output = program.network.output();
        let loss = &program.training.loss;
        if program.training.fused
            && let Some(activation) = output.activation()
        {
            let slope = loss.fused_slope(output.shape.size());
            notes.push(format!("{} and {} are one step: ∂L/∂z = {slope}", activation.name(), loss.name()));
        }
        let drops = |n: &&Node| matches!(n.role(), Some(LayerRole::Drop { .. }));
        if let Some(node) = program.network.nodes[self.weight.node..].iter().find(drops) {
            let kind = node.kind();
            notes.push(format!(
                "{kind} is explained as it predicts: its factor is 1; in training it is 0 or 1/(1 - rate)"
            ));
        }
        let couples = |n: &&Node| n.layer.as_ref().is_some_and(|l| l.couples_rows());
        if let Some(node) = program.network.nodes.iter().find(couples) {
            let kind = node.kind();
            notes.push(format!(
                "{kind} is explained as it predicts, by its running statistics; in training its rows act on each other"
            ));
        }
        for kink in &self.why.kinks {
            let row = if self.rows.len() > 1 { format!(" in row {}", kink.row) } else { String::new() };
            notes.push(format!(
                "{} is exactly {}{row}: there the activation has a kink. Backpropagation takes the slope on one side, a central difference the mean of both",
                kink.sum, kink.at
            ));
        }
        notes
    }
}

/// Explains one weight.
pub(crate) fn run(args: &Args, shell: &mut Shell) -> Exit {
    match explain(args, shell) {
        Ok(()) => Exit::Well,
        Err(exit) => exit,
    }
}

fn explain(args: &Args, shell: &mut Shell) -> Result<(), Exit> {
    let specimen = specimen::open(&args.given, args.plot.as_deref(), shell)?;
    let numbers = match args.row {
        RowChoice::One(row) => vec![specimen.row(row, shell)?],
        RowChoice::All => specimen.data.train.clone(),
    };
    let mut machine = specimen.machine(numbers.len(), shell)?;
    let weight = Weight::find(&args.weight, &machine).map_err(|e| {
        shell.usage(&e.message);
        shell.err(&format!("help: {}\n", e.help));
        Exit::Usage
    })?;
    let rows = specimen.rows(&mut machine, &numbers);
    let question = Question {
        program: &specimen.program,
        input_names: &specimen.program.facts.input_names,
        weight: &weight,
        rows: &rows,
        top: args.top as usize,
    };
    let why = why(&question, &mut machine).map_err(|e| shell.fault(&e))?;
    let answer = Answer { specimen: &specimen, weight, rows, why };
    let text = match args.format {
        Format::Json => json(&answer),
        Format::Human => human::write(&answer, shell.out_look),
        Format::Markdown => markdown::write(&answer),
    };
    shell.out(&text);
    let Some(path) = &args.plot else { return Ok(()) };
    specimen::save(&picture::draw(&answer, &machine), path, shell)
}

/// The object that scripts rely on.
#[derive(Serialize)]
struct Object<'a> {
    weight: &'a str,
    row: serde_json::Value,
    loss: f64,
    gradient: f64,
    backpropagation: f64,
    central_difference: f64,
    count: u128,
    paths: Vec<PathObject<'a>>,
    rest: RestObject,
    update: UpdateObject<'a>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct PathObject<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<usize>,
    neurons: &'a [String],
    factors: Vec<FactorObject<'a>>,
    product: f64,
}

#[derive(Serialize)]
struct FactorObject<'a> {
    name: &'a str,
    value: f64,
}

#[derive(Serialize)]
struct RestObject {
    count: u128,
    sum: f64,
}

#[derive(Serialize)]
struct UpdateObject<'a> {
    old: f64,
    gradient: f64,
    learning_rate: f64,
    new: f64,
    optimizer: &'static str,
    terms: Vec<FactorObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight_decay: Option<f64>,
    memory: serde_json::Map<String, serde_json::Value>,
}

fn json(answer: &Answer<'_>) -> String {
    let why = &answer.why;
    let several = answer.rows.len() > 1;
    let update = &why.update;
    let object = Object {
        weight: &why.weight,
        row: answer.row().map_or_else(|| "all".into(), Into::into),
        loss: why.loss,
        gradient: why.gradient,
        backpropagation: why.backpropagation,
        central_difference: why.central_difference,
        count: why.count,
        paths: why.paths.iter().map(|p| path_object(p, several)).collect(),
        rest: RestObject { count: why.rest.count, sum: why.rest.sum },
        update: UpdateObject {
            old: update.old,
            gradient: update.gradient,
            learning_rate: update.learning_rate,
            new: update.new,
            optimizer: update.optimizer,
            terms: update.terms.iter().map(|t| FactorObject { name: &t.name, value: t.value }).collect(),
            weight_decay: update.weight_decay,
            memory: update.memory.iter().map(|&(name, value)| (name.to_owned(), value.into())).collect(),
        },
        notes: answer.notes(),
    };
    serde_json::to_string(&object).map_or_else(|_| String::new(), |text| text + "\n")
}

fn path_object(path: &Path, several: bool) -> PathObject<'_> {
    let factors = path.factors.iter().map(|f| FactorObject { name: &f.name, value: f.value }).collect();
    PathObject { row: several.then_some(path.row), neurons: &path.neurons, factors, product: path.product }
}
