//! `nn trace FILE`: what every neuron holds for one row, layer by layer.

use super::number::short;
use super::shell::{Exit, Shell};
use super::specimen::{self, Given, Specimen};
use crate::engine::Machine;
use crate::explain::{Layer, Mark, Row, Stages, Trace, trace};
use crate::ir::NodeId;
use crate::ir::spec::TargetFacts;
use crate::picture::{Drawing, Valued, ValuedUnit};
use crate::source::visible;
use crate::text::{self, Align, Column, digits, exact, grouped};
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// Options of `trace`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    given: Given,
    /// The row of the data, counted from 0
    #[arg(long, value_name = "N", default_value_t = 0)]
    row: u32,
    /// List every unit of wide layers too
    #[arg(long)]
    all: bool,
    /// How the answer is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Draw the network: each unit coloured by its value, each edge by its weight
    #[arg(long, visible_alias = "svg", value_name = "FILE.svg|png")]
    plot: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON object
    Json,
    /// One line a unit
    Csv,
}

/// A layer that is wider is summarised.
const MOST_UNITS: usize = 16;

/// Traces one row.
pub(crate) fn run(args: &Args, shell: &mut Shell) -> Exit {
    match follow(args, shell) {
        Ok(()) => Exit::Well,
        Err(exit) => exit,
    }
}

fn follow(args: &Args, shell: &mut Shell) -> Result<(), Exit> {
    let specimen = specimen::open(&args.given, args.plot.as_deref(), shell)?;
    let number = specimen.row(args.row, shell)?;
    let mut machine = specimen.machine(1, shell)?;
    let rows = specimen.rows(&mut machine, &[number]);
    let seen =
        Seen { trace: trace(&specimen.program, &mut machine, &rows[0]), row: &rows[0], number, specimen: &specimen };
    let text = match args.format {
        Format::Human => seen.human(args.all),
        Format::Json => format!("{}\n", seen.json()),
        Format::Csv => seen.csv(),
    };
    let dumb = !shell.out_look.unicode;
    shell.out(&if dumb {
        text.replace('▁', "_").replace(|c| ('▂'..='█').contains(&c), "#").replace('…', "...")
    } else {
        text
    });
    let Some(path) = &args.plot else { return Ok(()) };
    specimen::save(&seen.draw(&machine), path, shell)
}

/// One row's trace with its surroundings.
struct Seen<'a> {
    trace: Trace,
    row: &'a Row,
    number: u32,
    specimen: &'a Specimen,
}

impl Seen<'_> {
    fn stages(&self) -> Stages<'_> {
        Stages::new(&self.specimen.program.network, &self.specimen.program.facts.input_names, false)
    }

    /// A unit's name: an input's own, an output's class or target, else its place.
    fn unit(&self, layer: &Layer, unit: usize) -> String {
        let stages = self.stages();
        let last = layer.node + 1 == self.specimen.program.network.nodes.len();
        let (TargetFacts::Classes { names, .. } | TargetFacts::Values { names, .. }) =
            &self.specimen.program.facts.target;
        let name = stages.neuron(layer.node, unit);
        if last && names.len() == layer.activated.len() { format!("{name}  {}", names[unit]) } else { name }
    }

    fn human(&self, all: bool) -> String {
        let mut text = format!("{}   weights {}\n", self.specimen.source.name(), self.specimen.weights);
        let targets = self.specimen.targets(self.number);
        let targets: Vec<String> = targets.iter().map(|(n, v)| visible(&format!("{n} = {v}")).into_owned()).collect();
        text += &format!("row {} ({})   {}\n\n", self.number, self.specimen.split(self.number), targets.join(", "));
        text += &self.inputs(all);
        for layer in &self.trace.layers {
            let takes = self.specimen.program.network.takes(NodeId(layer.node));
            text += format!("\n{}   {} {takes}", layer.name, layer.what).trim_end();
            text.push('\n');
            text += &if all || layer.activated.len() <= MOST_UNITS { self.units(layer) } else { summary(layer) };
        }
        text += &format!("\n{} {}\n", self.specimen.program.training.loss.name(), short(self.trace.loss));
        text
    }

    /// Inputs as the data has them, and as the network takes them where that differs.
    fn inputs(&self, all: bool) -> String {
        let values = &self.row.inputs;
        if !all && values.len() > MOST_UNITS {
            let mut text = format!("input   {} values\n", grouped(values.len() as u64));
            text += &spread(&[("scaled", values)]);
            return text;
        }
        let stages = self.stages();
        let originals = self.specimen.originals(self.number);
        let filled = self.specimen.filled(self.number);
        let mut rows = vec![["input", "in the data", "as it enters", ""].map(str::to_owned).to_vec()];
        for (unit, value) in values.iter().enumerate() {
            let name = stages.neuron(0, unit);
            let cell = self.original(&originals, &name, unit).map_or("", |(_, cell)| cell).to_owned();
            let mark = if self.is_filled(&filled, &originals, unit) { "was missing, filled in" } else { "" };
            rows.push(vec![name, cell, short(*value), mark.to_owned()]);
        }
        table(&rows)
    }

    /// The cell that an input comes from. One column of text may be many inputs: `island=Dream`.
    fn original<'o>(&self, originals: &'o [(String, String)], name: &str, unit: usize) -> Option<(&'o str, &'o str)> {
        let named = |name: &str| originals.iter().find(|(column, _)| column == name);
        let found = named(name).or_else(|| named(name.rsplit_once('=')?.0));
        let found = found.or_else(|| originals.get(unit).filter(|_| originals.len() == self.row.inputs.len()));
        found.map(|(column, cell)| (column.as_str(), cell.as_str()))
    }

    /// Whether an input's cell was missing.
    fn is_filled(&self, filled: &[&str], originals: &[(String, String)], unit: usize) -> bool {
        let original = || self.original(originals, &self.stages().neuron(0, unit), unit);
        !filled.is_empty() && original().is_some_and(|(column, _)| filled.contains(&column))
    }

    fn units(&self, layer: &Layer) -> String {
        let mut head = vec!["unit".to_owned()];
        let sums = layer.weighted_sum.as_ref();
        let both = sums.is_some() && layer.activation.is_some();
        if sums.is_some() {
            head.push("weighted sum z".to_owned());
        }
        match layer.activation {
            Some(activation) => head.push(format!("{activation}(z)")),
            None if !both && sums.is_none() => head.push("value".to_owned()),
            None => {}
        }
        head.push(String::new());
        let mut rows = vec![head];
        for (unit, a) in layer.activated.iter().enumerate() {
            let mut row = vec![self.unit(layer, unit)];
            if let Some(z) = sums {
                row.push(short(z[unit]));
            }
            if both || sums.is_none() {
                row.push(short(*a));
            }
            let mark = layer.marks.iter().find(|(u, _)| *u == unit).map_or("", |(_, m)| m.word());
            row.push(mark.to_owned());
            rows.push(row);
        }
        table(&rows)
    }

    fn json(&self) -> Value {
        let stages = self.stages();
        let originals = self.specimen.originals(self.number);
        let filled = self.specimen.filled(self.number);
        let input = |(unit, &scaled): (usize, &f64)| {
            let name = stages.neuron(0, unit);
            let data = self.original(&originals, &name, unit).map_or(Value::Null, |(_, cell)| value(cell));
            if self.is_filled(&filled, &originals, unit) {
                return json!({"name": name, "data": null, "filled": data, "scaled": scaled});
            }
            json!({"name": name, "data": data, "scaled": scaled})
        };
        let inputs: Vec<Value> = self.row.inputs.iter().enumerate().map(input).collect();
        let layers: Vec<Value> = self.trace.layers.iter().map(layer_object).collect();
        let targets: Map<String, Value> =
            self.specimen.targets(self.number).iter().map(|(n, v)| (n.clone(), value(v))).collect();
        json!({"row": self.number, "inputs": inputs, "target": targets, "layers": layers, "loss": self.trace.loss})
    }

    fn csv(&self) -> String {
        let mut text = "layer,unit,weighted_sum,activated,mark\n".to_owned();
        let stages = self.stages();
        let quoted = |name: String| {
            if name.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name }
        };
        let (originals, filled) = (self.specimen.originals(self.number), self.specimen.filled(self.number));
        for (unit, value) in self.row.inputs.iter().enumerate() {
            let mark = if self.is_filled(&filled, &originals, unit) { "filled" } else { "" };
            text += &format!("input,{},,{},{mark}\n", quoted(stages.neuron(0, unit)), exact(*value));
        }
        for layer in &self.trace.layers {
            for (unit, a) in layer.activated.iter().enumerate() {
                let z = layer.weighted_sum.as_ref().map_or_else(String::new, |z| exact(z[unit]));
                let mark = layer.marks.iter().find(|(u, _)| *u == unit).map_or("", |(_, m)| m.key());
                text += &format!("{},{unit},{z},{},{mark}\n", layer.name, exact(*a));
            }
        }
        text
    }

    /// Every neuron with its value; of wide layers those with the largest.
    fn draw(&self, machine: &Machine<'_, f64>) -> Drawing {
        let inputs = std::iter::once((0, self.row.inputs.as_slice(), &[][..]));
        let layers = self.trace.layers.iter().map(|l| (l.node, l.activated.as_slice(), l.marks.as_slice()));
        let units = inputs.chain(layers).flat_map(|(node, values, marks)| {
            values.iter().enumerate().map(move |(unit, &value)| {
                let mark = marks.iter().find(|(u, m)| *u == unit && *m != Mark::Zero);
                let mark = mark.map_or_else(String::new, |(_, m)| format!(" {}", m.word()));
                ValuedUnit { at: (node, unit), value, text: format!("{}{mark}", digits(value, 3)) }
            })
        });
        let loss =
            format!("row {}: {} {}", self.number, self.specimen.program.training.loss.name(), short(self.trace.loss));
        Valued { graph: self.specimen.graph(machine), units: units.collect(), notes: vec![loss] }.draw()
    }
}

/// Columns: the first to the left, numbers with their points in one column under a head to the right.
fn table(rows: &[Vec<String>]) -> String {
    let shown = |row: &Vec<String>| row.iter().map(|cell| visible(cell).into_owned()).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = rows.iter().map(shown).collect();
    let number = |at: usize| at > 0 && rows.iter().skip(1).any(|row| row[at].parse::<f64>().is_ok());
    let column = |at| if number(at) { Column::new(Align::Point, 3) } else { Column::new(Align::Left, 2) };
    let columns: Vec<Column> = (0..rows.first().map_or(0, Vec::len)).map(column).collect();
    text::table(&columns, &rows, usize::MAX).concat().into_iter().map(|line| line + "\n").collect()
}

/// A wide layer in a few lines.
fn summary(layer: &Layer) -> String {
    let mut stretches: Vec<(&str, &[f64])> = Vec::new();
    if let Some(z) = &layer.weighted_sum {
        stretches.push(("z", z));
    }
    if layer.weighted_sum.is_none() || layer.activation.is_some() {
        stretches.push((layer.activation.unwrap_or("value"), &layer.activated));
    }
    let mut text = spread(&stretches);
    for mark in [Mark::Zero, Mark::Saturated] {
        let units: Vec<String> = layer.marks.iter().filter(|(_, m)| *m == mark).map(|(u, _)| u.to_string()).collect();
        if !units.is_empty() {
            const MOST: usize = 12;
            let more = if units.len() > MOST { ", …" } else { "" };
            let shown = units[..units.len().min(MOST)].join(", ");
            text += &format!("  {} of {} units {}: {shown}{more}\n", units.len(), layer.activated.len(), mark.word());
        }
    }
    text
}

/// Least, mean and greatest of each stretch of numbers, and how they spread between.
fn spread(stretches: &[(&str, &[f64])]) -> String {
    let mut rows = vec![["", "min", "mean", "max", "from min to max"].map(str::to_owned).to_vec()];
    for (name, values) in stretches {
        let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &v| (l.min(v), h.max(v)));
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        rows.push(vec![
            (*name).to_owned(),
            digits(low, 4),
            digits(mean, 4),
            digits(high, 4),
            histogram(values, low, high),
        ]);
    }
    table(&rows)
}

/// How many values lie where between `low` and `high`, as a line of bars.
fn histogram(values: &[f64], low: f64, high: f64) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    const BINS: usize = 24;
    let mut counts = [0usize; BINS];
    for value in values {
        let share = if high > low { (value - low) / (high - low) } else { 0.5 };
        counts[((share * BINS as f64) as usize).min(BINS - 1)] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(1).max(1);
    // A bin that holds anything at all is seen.
    counts.iter().map(|&n| if n == 0 { ' ' } else { BARS[(n * 8).div_ceil(most).clamp(1, 8) - 1] }).collect()
}

fn layer_object(layer: &Layer) -> Value {
    let mut object = Map::new();
    object.insert("name".into(), layer.name.clone().into());
    object.insert("kind".into(), layer.what.clone().into());
    if let Some(z) = &layer.weighted_sum {
        object.insert("weighted_sum".into(), json!(z));
    }
    object.insert("activated".into(), json!(layer.activated));
    for mark in [Mark::Zero, Mark::Saturated] {
        let units: Vec<usize> = layer.marks.iter().filter(|(_, m)| *m == mark).map(|(u, _)| *u).collect();
        if !units.is_empty() {
            object.insert(mark.key().into(), json!(units));
        }
    }
    Value::Object(object)
}

/// A cell as JSON: a number where it is one.
fn value(cell: &str) -> Value {
    cell.parse::<f64>().map_or_else(|_| cell.into(), Value::from)
}
