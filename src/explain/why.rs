//! [`why`]: the gradient of the loss for one weight, as the sum over every path from it to the loss, beside what
//! backpropagation and a central difference give, and what one step of the optimizer makes of it.

use super::Row;
use super::difference::central;
use super::pass::Pass;
use super::paths::{Found, Graph, Reach, is_sums, largest};
use super::stages::Stages;
use super::target::Weight;
use super::update::Update;
use crate::catalog::Precision;
use crate::catalog::layers::{LayerRole, Mode};
use crate::catalog::op::Op;
use crate::engine::{Losses, Machine};
use crate::ir::Program;

/// What is asked.
#[derive(Debug)]
pub struct Question<'q> {
    /// The program that the machine was made for, with an optimizer.
    pub program: &'q Program,
    /// The names of the inputs; none where they are places of a picture.
    pub input_names: &'q [String],
    /// The weight.
    pub weight: &'q Weight,
    /// The rows whose mean loss is explained; at least one.
    pub rows: &'q [Row],
    /// How many paths to list.
    pub top: usize,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// The weight's name.
    pub weight: String,
    /// The mean loss of the rows.
    pub loss: f64,
    /// The sum over all paths.
    pub gradient: f64,
    /// What the engine's backward pass gives.
    pub backpropagation: f64,
    /// What function values alone give.
    pub central_difference: f64,
    /// How many paths there are; stays at the largest number that it can hold.
    pub count: u128,
    /// The largest of them by magnitude, largest first.
    pub paths: Vec<Path>,
    /// The others.
    pub rest: Rest,
    /// Each row's share of the gradient, where there are several rows.
    pub by_row: Vec<(usize, f64)>,
    /// Where the difference does not agree: units that stand exactly on a kink.
    pub kinks: Vec<Kink>,
    /// One step of the optimizer.
    pub update: Update,
}

/// One path from the weight to the loss.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The row it belongs to.
    pub row: usize,
    /// The neurons it goes through: (node, unit), from the weight to the output.
    pub units: Vec<(usize, usize)>,
    /// Their names.
    pub neurons: Vec<String>,
    /// From the loss back to the weight, as the chain rule is written.
    pub factors: Vec<Factor>,
    /// Their product.
    pub product: f64,
}

/// One factor of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// `tanh′(hidden.z[1])`
    pub name: String,
    /// Its value.
    pub value: f64,
    /// The unit that moves: (node, unit). `None` for the weight itself and for a row's share.
    pub from: Option<(usize, usize)>,
    /// The unit that is moved. `None` for the loss.
    pub to: Option<(usize, usize)>,
}

/// The paths that are not listed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rest {
    /// How many.
    pub count: u128,
    /// Their sum.
    pub sum: f64,
}

/// A unit that stands exactly where its activation has no single slope.
#[derive(Clone, Debug, PartialEq)]
pub struct Kink {
    /// Its row.
    pub row: usize,
    /// Its weighted sum, by name.
    pub sum: String,
    /// What the sum is.
    pub at: f64,
}

/// Beyond this relative difference two values do not agree.
const AGREE: f64 = 1e-6;

/// Explains one weight. The machine comes back with its weights as they were.
///
/// # Errors
/// A sentence, where the loss is not finite or a layer couples too many units.
pub fn why(question: &Question<'_>, machine: &mut Machine<'_, f64>) -> Result<Why, String> {
    let Question { program, weight, rows, .. } = *question;
    let loss = mean_loss(program, machine, rows);
    if !loss.is_finite() {
        return Err(format!("the loss of {} is {loss}: there is no gradient to explain", name_rows(rows)));
    }
    let stages = Stages::new(&program.network, question.input_names, program.training.fused);
    let listed = Listing::new(question, machine, &stages)?;
    mean_gradient(program, machine, rows);
    let backpropagation = machine.gradients[weight.place];
    let update = Update::new(program, machine, weight);
    let old = machine.parameters[weight.place];
    let central_difference = central(old, |w| {
        machine.parameters[weight.place] = w;
        mean_loss(program, machine, rows)
    });
    machine.parameters[weight.place] = old;
    let kinks =
        if agree(listed.gradient, central_difference) { Vec::new() } else { kinks(question, machine, &stages)? };
    let rest = Rest { count: listed.count.saturating_sub(listed.paths.len() as u128), sum: listed.rest };
    Ok(Why {
        weight: weight.name.clone(),
        loss,
        gradient: listed.gradient,
        backpropagation,
        central_difference,
        count: listed.count,
        paths: listed.paths,
        rest,
        by_row: if rows.len() > 1 { listed.by_row } else { Vec::new() },
        kinks,
        update,
    })
}

/// Whether two values are the same up to rounding.
fn agree(a: f64, b: f64) -> bool {
    (a - b).abs() <= AGREE * a.abs().max(b.abs()).max(1e-6)
}

fn name_rows(rows: &[Row]) -> String {
    match rows {
        [row] => format!("row {}", row.number),
        rows => format!("the {} rows", rows.len()),
    }
}

/// The paths of all rows.
struct Listing {
    gradient: f64,
    rest: f64,
    count: u128,
    paths: Vec<Path>,
    by_row: Vec<(usize, f64)>,
}

impl Listing {
    fn new(question: &Question<'_>, machine: &Machine<'_, f64>, stages: &Stages<'_>) -> Result<Self, String> {
        let total: f64 = question.rows.iter().map(|r| r.weight).sum();
        let (mut sum, mut count, mut by_row) = (0.0, 0u128, Vec::new());
        let mut best: Vec<(usize, Found)> = Vec::new();
        for (k, row) in question.rows.iter().enumerate() {
            let share = if question.rows.len() == 1 { 1.0 } else { row.weight / total };
            let pass = Pass::new(machine, &row.inputs);
            let graph = Graph::new(&pass, stages, question.weight.node, ends(question.program, &pass, row))?;
            let starts = starts(&pass, question.weight);
            let reach = Reach::new(&graph);
            let own = share * reach.sum(&graph, &starts);
            by_row.push((row.number, own));
            sum += own;
            count = count.saturating_add(reach.count(&graph, &starts));
            let least = if best.len() < question.top { 0.0 } else { best.last().map_or(0.0, |(_, f)| f.product.abs()) };
            let found = largest(&graph, &reach, &starts, share, question.top, least);
            best.extend(found.into_iter().map(|f| (k, f)));
            best.sort_by(|(_, a), (_, b)| b.product.abs().total_cmp(&a.product.abs()));
            best.truncate(question.top);
        }
        let listed: f64 = best.iter().map(|(_, f)| f.product).sum();
        let all = best.len() as u128 == count;
        let rest = if all { 0.0 } else { sum - listed };
        let paths = best.into_iter().map(|(k, found)| path(question, stages, machine, k, &found)).collect();
        Ok(Self { gradient: listed + rest, rest, count, paths, by_row })
    }
}

/// ∂L/∂(units of the last stage).
fn ends(program: &Program, pass: &Pass<'_, '_>, row: &Row) -> Vec<f64> {
    let a = pass.values(program.network.nodes.len() - 1);
    let mut ends = vec![0.0; a.len()];
    let objective = f64::objective(program.training.loss.as_ref());
    if program.training.fused {
        objective.fused_gradient(&mut ends, a, &row.targets, &[1.0], a.len());
    } else {
        objective.gradient(&mut ends, a, &row.targets, &[1.0], a.len());
    }
    ends
}

/// The units of the weight's own layer that it moves, each with ∂unit/∂weight.
fn starts(pass: &Pass<'_, '_>, weight: &Weight) -> Vec<(usize, f64)> {
    let machine = pass.machine;
    let place = &machine.plan().places[weight.node];
    let tensor = &machine.network().nodes[weight.node].tensors[weight.tensor];
    let is_dense = pass.layer(weight.node).is_some_and(|l| matches!(l.op(), Op::Gemm { .. }));
    if is_dense {
        let factor = weight.index.get(1).map_or(1.0, |&from| pass.values(place.inputs[0])[from]);
        return vec![(weight.index[0], factor)];
    }
    let own = weight.place - place.parameters.start;
    let factor = |unit: usize| {
        let mut dy = vec![0.0; place.width];
        dy[unit] = 1.0;
        pass.parameter_gradient(weight.node, &dy)[own]
    };
    // The numbers of a norm stand beside units, one for one.
    if tensor.shape.size() == place.width && weight.index.len() == 1 {
        return vec![(weight.index[0], factor(weight.index[0]))];
    }
    (0..place.width).map(|unit| (unit, factor(unit))).filter(|(_, f)| *f != 0.0).collect()
}

/// A path with its names.
fn path(question: &Question<'_>, stages: &Stages<'_>, machine: &Machine<'_, f64>, row: usize, found: &Found) -> Path {
    let unit = |&(stage, unit, _): &(usize, usize, f64)| (stages.all[stage].node, unit);
    let mut factors = Vec::new();
    if question.rows.len() > 1 {
        let total: f64 = question.rows.iter().map(|r| r.weight).sum();
        let name = format!("share of row {}", question.rows[row].number);
        factors.push(Factor { name, value: question.rows[row].weight / total, from: None, to: None });
    }
    if let Some(last) = found.steps.last() {
        let name = format!("∂L/∂{}", stages.quantity(last.0, last.1));
        factors.push(Factor { name, value: found.end, from: Some(unit(last)), to: None });
    }
    for pair in found.steps.windows(2).rev() {
        let name = stages.factor((pair[0].0, pair[0].1), (pair[1].0, pair[1].1));
        factors.push(Factor { name, value: pair[1].2, from: Some(unit(&pair[0])), to: Some(unit(&pair[1])) });
    }
    if let Some(first) = found.steps.first() {
        let name = start_name(question.weight, stages, machine, first);
        factors.push(Factor { name, value: first.2, from: None, to: Some(unit(first)) });
    }
    let mut units: Vec<(usize, usize)> = found.steps.iter().map(unit).collect();
    units.dedup();
    let neurons = units.iter().map(|&(node, unit)| stages.neuron(node, unit)).collect();
    Path { row: question.rows[row].number, units, neurons, factors, product: found.product }
}

/// What ∂unit/∂weight is called: the value that the weight multiplies, or 1 for a bias.
fn start_name(weight: &Weight, stages: &Stages<'_>, machine: &Machine<'_, f64>, first: &(usize, usize, f64)) -> String {
    let node = &machine.network().nodes[weight.node];
    match (node.role(), weight.index.as_slice()) {
        (Some(LayerRole::Linear), &[_, from]) => stages.quantity(stages.of_node[node.inputs[0].0].end - 1, from),
        (_, &[unit]) if node.tensors[weight.tensor].name == "weight" => {
            format!("normed {}", stages.neuron(weight.node, unit))
        }
        (_, &[_]) if node.tensors[weight.tensor].name == "bias" => {
            format!("∂{}/∂bias", stages.quantity(first.0, first.1))
        }
        _ => format!("∂{}/∂{}", stages.quantity(first.0, first.1), weight.name),
    }
}

/// Puts rows into the machine.
fn fill(machine: &mut Machine<'_, f64>, rows: &[Row]) {
    machine.set_batch(rows.len());
    let inputs = machine.input_mut();
    let width = inputs.len() / rows.len();
    for (to, row) in inputs.chunks_exact_mut(width).zip(rows) {
        to.copy_from_slice(&row.inputs);
    }
    let width = machine.output_width();
    for (to, row) in machine.target_mut().chunks_exact_mut(width).zip(rows) {
        to.copy_from_slice(&row.targets);
    }
    for (to, row) in machine.weights_mut().iter_mut().zip(rows) {
        *to = row.weight;
    }
}

fn forward(program: &Program, machine: &mut Machine<'_, f64>, rows: &[Row]) -> Losses {
    fill(machine, rows);
    machine.forward_loss(Mode::Inference, program.training.loss.as_ref(), program.training.fused)
}

/// The mean loss of rows, by the engine.
pub(super) fn mean_loss(program: &Program, machine: &mut Machine<'_, f64>, rows: &[Row]) -> f64 {
    let capacity = machine.plan().capacity;
    if rows.len() <= capacity {
        return forward(program, machine, rows).mean;
    }
    let (mut total, mut weight) = (0.0, 0.0);
    for rows in rows.chunks(capacity) {
        let losses = forward(program, machine, rows);
        total += losses.mean * losses.weight;
        weight += losses.weight;
    }
    total / weight
}

/// The gradients of the rows' mean loss, by the engine, left in the machine.
fn mean_gradient(program: &Program, machine: &mut Machine<'_, f64>, rows: &[Row]) {
    let capacity = machine.plan().capacity;
    let loss = program.training.loss.as_ref();
    let mut sums = vec![0.0; machine.gradients.len()];
    let mut weight = 0.0;
    for chunk in rows.chunks(capacity) {
        let losses = forward(program, machine, chunk);
        machine.backward(Mode::Inference, loss, program.training.fused, losses);
        if chunk.len() == rows.len() {
            return;
        }
        for (sum, g) in sums.iter_mut().zip(&machine.gradients) {
            *sum += g * losses.weight;
        }
        weight += losses.weight;
    }
    for (g, sum) in machine.gradients.iter_mut().zip(sums) {
        *g = sum / weight;
    }
}

/// The units downstream of the weight that stand exactly where an activation has a kink.
fn kinks(question: &Question<'_>, machine: &Machine<'_, f64>, stages: &Stages<'_>) -> Result<Vec<Kink>, String> {
    const MOST: usize = 8;
    let mut kinks = Vec::new();
    for row in question.rows {
        let pass = Pass::new(machine, &row.inputs);
        let graph = Graph::new(&pass, stages, question.weight.node, ends(question.program, &pass, row))?;
        let moved = graph.moved(&starts(&pass, question.weight));
        for (stage, moved) in moved.iter().enumerate() {
            let node = stages.all[stage].node;
            let bends = machine.network().nodes[node].activation().map_or(&[][..], |a| a.traits().kinks);
            let Some(sums) = pass.sums(node).filter(|_| is_sums(stages, stage)) else { continue };
            for (unit, &at) in sums.iter().enumerate().filter(|&(unit, z)| bends.contains(z) && moved[unit]) {
                kinks.push(Kink { row: row.number, sum: stages.quantity(stage, unit), at });
                if kinks.len() == MOST {
                    return Ok(kinks);
                }
            }
        }
    }
    Ok(kinks)
}
