//! [`Jacobian`]: how one stage's units move with those of the stage before. Dense layers and pointwise stages have
//! closed forms; for every other layer it is read off its kernel, one backward pass from a unit vector for each unit.

use super::pass::Pass;
use crate::catalog::Precision;
use crate::catalog::activations::Activation;
use crate::catalog::op::Op;

/// ∂(units of a stage)/∂(units of an earlier one).
#[derive(Clone, Debug)]
pub(super) enum Jacobian<'m> {
    /// A dense layer's weights, out × in, column-major.
    Weights(&'m [f64]),
    /// Each unit is the one at its place.
    Same,
    /// Each unit depends on the one at its place alone.
    Each(Vec<f64>),
    /// Every unit on every one: out × in, column-major.
    Full(Vec<f64>),
}

/// The most entries of a Jacobian that is written out.
const MOST_ENTRIES: usize = 1 << 25;

impl Jacobian<'_> {
    /// The units that unit `from` moves, each with its factor. `out` counts the units of the later stage.
    pub(super) fn column(&self, from: usize, out: usize) -> impl Iterator<Item = (usize, f64)> {
        let (first, factors): (usize, &[f64]) = match self {
            Self::Weights(w) => (0, &w[from * out..(from + 1) * out]),
            Self::Full(j) => (0, &j[from * out..(from + 1) * out]),
            Self::Same => (from, &[1.0]),
            Self::Each(slopes) => (from, &slopes[from..=from]),
        };
        factors.iter().enumerate().map(move |(i, &factor)| (first + i, factor))
    }
}

/// How a node's layer (without its activation) moves with each of its inputs.
///
/// # Errors
/// A sentence, where the matrix would be too large to write out.
pub(super) fn of_layer<'m>(pass: &Pass<'m, '_>, node: usize) -> Result<Vec<Jacobian<'m>>, String> {
    let machine = pass.machine;
    let place = &machine.plan().places[node];
    let Some(layer) = pass.layer(node) else { return Ok(Vec::new()) };
    let op = layer.op();
    if matches!(op, Op::Gemm { .. }) {
        let inputs = pass.values(place.inputs[0]).len();
        let weights = &machine.parameters[place.parameters.start..][..place.width * inputs];
        return Ok(vec![Jacobian::Weights(weights)]);
    }
    if is_identity(&op) {
        return Ok(place.inputs.iter().map(|_| Jacobian::Same).collect());
    }
    let each = matches!(op, Op::BatchNormalization { .. });
    let mut full = Vec::new();
    for &input in &place.inputs {
        full.push(vec![0.0; room(&machine.network().nodes[node].label, place.width, pass.values(input).len())?]);
    }
    let mut unit = vec![0.0; place.width];
    for i in 0..place.width {
        unit[i] = 1.0;
        let (rows, _) = pass.backward(node, &unit);
        unit[i] = 0.0;
        for (full, row) in full.iter_mut().zip(rows) {
            for (j, entry) in row.into_iter().enumerate() {
                full[j * place.width + i] = entry;
            }
        }
    }
    let diagonal = |full: Vec<f64>| Jacobian::Each((0..place.width).map(|i| full[i * place.width + i]).collect());
    Ok(full.into_iter().map(|f| if each { diagonal(f) } else { Jacobian::Full(f) }).collect())
}

fn is_identity(op: &Op) -> bool {
    matches!(op, Op::Identity | Op::Flatten | Op::Reshape { .. } | Op::Dropout { .. } | Op::Add)
}

/// How activated values move with the weighted sums.
///
/// # Errors
/// A sentence, where the matrix would be too large to write out.
pub(super) fn of_activation<'m>(
    label: &str,
    activation: &dyn Activation,
    z: &[f64],
    a: &[f64],
) -> Result<Jacobian<'m>, String> {
    let width = a.len();
    let compute = f64::compute(activation);
    if !activation.couples() {
        let mut slopes = vec![1.0; width];
        compute.backward(&mut slopes, z, a, width);
        return Ok(Jacobian::Each(slopes));
    }
    let mut full = vec![0.0; room(label, width, width)?];
    for i in 0..width {
        let mut row = vec![0.0; width];
        row[i] = 1.0;
        compute.backward(&mut row, z, a, width);
        for (j, entry) in row.into_iter().enumerate() {
            full[j * width + i] = entry;
        }
    }
    Ok(Jacobian::Full(full))
}

fn room(label: &str, out: usize, inputs: usize) -> Result<usize, String> {
    out.checked_mul(inputs)
        .filter(|&n| n <= MOST_ENTRIES)
        .ok_or_else(|| format!("`{label}` couples {out} units with {inputs}: more paths than can be followed"))
}
