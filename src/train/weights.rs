//! A machine's tensors to and from safetensors: `LABEL.weight` (out × in, row-major), `LABEL.bias`, running statistics.

use crate::catalog::Precision;
use crate::diagnostic::{Diagnostic, codes, suggest};
use crate::engine::Machine;
use crate::tensor::{Dtype, Shape};
use safetensors::tensor::{SafeTensors, TensorView};

/// A tensor as a model file holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// `hidden.weight`
    pub name: String,
    /// Dimensions; the values are row-major.
    pub shape: Shape,
    /// Little-endian bytes.
    pub bytes: Vec<u8>,
    /// Their precision.
    pub dtype: Dtype,
}

/// Where a tensor lies in a machine.
struct Spot {
    name: String,
    shape: Shape,
    start: usize,
    state: bool,
    /// What no value of it can be below.
    least: f64,
}

impl Spot {
    /// Its numbers, as they lie.
    fn values<'m, R: Precision>(&self, machine: &'m Machine<'_, R>) -> &'m [R] {
        let arena = if self.state { &machine.state } else { &machine.parameters };
        &arena[self.start..self.start + self.shape.size()]
    }
}

/// Every tensor of a machine: trained ones, then running statistics.
fn spots<R: Precision>(machine: &Machine<'_, R>) -> Vec<Spot> {
    let nodes = &machine.network().nodes;
    let mut spots = Vec::new();
    for (node, tensor, range) in &machine.plan().tensors {
        let tensor = &nodes[*node].tensors[*tensor];
        let name = format!("{}.{}", nodes[*node].label, tensor.name);
        spots.push(Spot {
            name,
            shape: tensor.shape.clone(),
            start: range.start,
            state: false,
            least: f64::NEG_INFINITY,
        });
    }
    for (node, place) in nodes.iter().zip(&machine.plan().places) {
        let mut start = place.state.start;
        for state in &node.state {
            let name = format!("{}.{}", node.label, state.name);
            spots.push(Spot { name, shape: Shape::vector(state.size), start, state: true, least: state.least });
            start += state.size;
        }
    }
    spots
}

/// The machine's tensors, to be written.
pub fn store<R: Precision>(machine: &Machine<'_, R>) -> Vec<Stored> {
    let dtype = Dtype::of::<R>();
    let stored = spots(machine).into_iter().map(|spot| {
        let values = spot.values(machine);
        let mut bytes = Vec::with_capacity(std::mem::size_of_val(values));
        for k in 0..values.len() {
            let value = values[spot.shape.in_memory(k)].f64();
            match dtype {
                Dtype::F32 => bytes.extend_from_slice(&(value as f32).to_le_bytes()),
                Dtype::F64 => bytes.extend_from_slice(&value.to_le_bytes()),
            }
        }
        Stored { name: spot.name, shape: spot.shape, bytes, dtype }
    });
    stored.collect()
}

/// Where the tensors of two machines of one network differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The first tensor that is another.
    pub tensor: String,
    /// Its first element that is another, by its indices in a file.
    pub element: Vec<usize>,
    /// The element as it was saved.
    pub saved: f64,
    /// As it was trained again.
    pub trained: f64,
    /// The bits of the one.
    pub saved_bits: u64,
    /// The bits of the other.
    pub trained_bits: u64,
    /// How many numbers differ, in all tensors.
    pub count: usize,
}

impl Difference {
    /// `dense1.weight[0,3]`
    pub fn place(&self) -> String {
        let element: Vec<String> = self.element.iter().map(ToString::to_string).collect();
        format!("{}[{}]", self.tensor, element.join(","))
    }
}

/// Compares tensors that were saved with those that were trained again, to the bit; `None` where they are the same.
pub fn difference<R: Precision>(saved: &Machine<'_, R>, trained: &Machine<'_, R>) -> Option<Difference> {
    let mut found: Option<Difference> = None;
    for spot in spots(trained) {
        let (saved, trained) = (spot.values(saved), spot.values(trained));
        for k in 0..trained.len() {
            let at = spot.shape.in_memory(k);
            let (saved, trained) = (saved[at], trained[at]);
            if saved.bits() != trained.bits() {
                let first = || Difference {
                    tensor: spot.name.clone(),
                    element: spot.shape.indices(k),
                    saved: saved.f64(),
                    trained: trained.f64(),
                    saved_bits: saved.bits(),
                    trained_bits: trained.bits(),
                    count: 0,
                };
                found.get_or_insert_with(first).count += 1;
            }
        }
    }
    found
}

/// Puts the tensors of a file in; `path` is how reports call it.
///
/// # Errors
/// A diagnostic (NN115) for each name or shape that does not fit, and for values that are not finite. Running
/// statistics may be absent.
pub fn restore<R: Precision>(
    machine: &mut Machine<'_, R>,
    file: &SafeTensors<'_>,
    path: &str,
) -> Result<(), Vec<Diagnostic>> {
    let mut faults = Vec::new();
    let spots = spots(machine);
    for spot in &spots {
        match file.tensor(&spot.name) {
            Ok(view) => {
                if let Err(fault) = restore_one(machine, spot, &view, path) {
                    faults.push(fault);
                }
            }
            Err(_) if spot.state => {}
            Err(_) => faults.push(absent(spot, file, path)),
        }
    }
    for name in file.names() {
        if !spots.iter().any(|s| s.name == name) {
            let report = Diagnostic::error(
                codes::MODEL_FILE,
                format!("`{path}` has a tensor `{name}`, and the network has none of that name"),
            );
            faults.push(match suggest::nearest(name, spots.iter().map(|s| s.name.as_str())) {
                Some(near) => report.note_that(format!("the nearest of the network's is `{near}`")),
                None => report,
            });
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn absent(spot: &Spot, file: &SafeTensors<'_>, path: &str) -> Diagnostic {
    let report =
        Diagnostic::error(codes::MODEL_FILE, format!("`{path}` lacks the tensor `{}` ({})", spot.name, spot.shape));
    let mut names = file.names();
    names.sort_unstable();
    names.truncate(12);
    report.note_that(format!("it has {}", names.join(", ")))
}

fn restore_one<R: Precision>(
    machine: &mut Machine<'_, R>,
    spot: &Spot,
    view: &TensorView<'_>,
    path: &str,
) -> Result<(), Diagnostic> {
    let name = &spot.name;
    if view.shape() != spot.shape.dimensions() {
        let found = Shape::new(view.shape());
        return Err(Diagnostic::error(
            codes::MODEL_FILE,
            format!("`{name}` is {found} in `{path}`, and {} in the network", spot.shape),
        ));
    }
    let values: Vec<f64> = match view.dtype() {
        safetensors::Dtype::F32 => {
            view.data().as_chunks().0.iter().map(|b| f64::from(f32::from_le_bytes(*b))).collect()
        }
        safetensors::Dtype::F64 => view.data().as_chunks().0.iter().map(|b| f64::from_le_bytes(*b)).collect(),
        other => {
            return Err(Diagnostic::error(
                codes::MODEL_FILE,
                format!("`{name}` is stored as {other:?} in `{path}`; F32 and F64 are read"),
            ));
        }
    };
    if let Some(k) = values.iter().position(|v| !R::of(*v).is_finite() || *v < spot.least) {
        let report = format!("value {k} of `{name}` in `{path}` is {}", values[k]);
        let report = Diagnostic::error(codes::MODEL_FILE, report);
        let below = values[k] < spot.least;
        return Err(if below { report.note_that(format!("it cannot be below {}", spot.least)) } else { report });
    }
    let arena = if spot.state { &mut machine.state } else { &mut machine.parameters };
    for (k, value) in values.into_iter().enumerate() {
        arena[spot.start + spot.shape.in_memory(k)] = R::of(value);
    }
    Ok(())
}
