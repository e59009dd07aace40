//! [`Jacobian`]: how one stage's units move with those of the stage before. Dense layers and pointwise stages have
//! closed forms; for every other layer it is read off its kernel, one backward pass from a unit vector for each unit.

use super::pass::Pass;
use crate::catalog::Precision;
use crate::catalog::activations::Activation;
use crate::catalog::layers::Coupling;

/// ∂(units of a stage)/∂(units of an earlier one).
#[derive(Clone, Debug)]
pub(super) enum Jacobian<'m> {
    /// A dense layer's weights, out × in, column-major.
    Weights(&'m [f64]),
    /// Each unit is the one at its place.
    Same,
    /// Each unit of the earlier stage is one of the later, or none.
    Placed(Vec<Option<usize>>),
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
            Self::Placed(places) => places[from].map_or((0, &[]), |to| (to, &[1.0])),
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
    let inputs = pass.machine.plan().places[node].inputs.len();
    (0..inputs).map(|input| of_input(pass, node, input)).collect()
}

fn of_input<'m>(pass: &Pass<'m, '_>, node: usize, input: usize) -> Result<Jacobian<'m>, String> {
    let machine = pass.machine;
    let place = &machine.plan().places[node];
    let width = pass.values(place.inputs[input]).len();
    let coupling = pass.layer(node).map_or(Coupling::Same, |layer| layer.coupling(input));
    Ok(match coupling {
        Coupling::Weights => Jacobian::Weights(&machine.parameters[place.parameters.start..][..place.width * width]),
        Coupling::Same => Jacobian::Same,
        Coupling::Placed(places) => Jacobian::Placed(places),
        // Each row of the matrix has one entry, so that one pass from ones reads them all.
        Coupling::Each => Jacobian::Each(pass.input_gradient(node, input, &vec![1.0; place.width])),
        Coupling::All => {
            let mut full = vec![0.0; room(&machine.network().nodes[node].label, place.width, width)?];
            let mut unit = vec![0.0; place.width];
            for i in 0..place.width {
                unit[i] = 1.0;
                for (j, entry) in pass.input_gradient(node, input, &unit).into_iter().enumerate() {
                    full[j * place.width + i] = entry;
                }
                unit[i] = 0.0;
            }
            Jacobian::Full(full)
        }
    })
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
