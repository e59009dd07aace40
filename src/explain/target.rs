//! [`Weight`]: the one number that a question is about, from its name: `hidden.weight[1,0]`, `hidden.bias[1]`.

use crate::diagnostic::suggest;
use crate::engine::Machine;
use crate::ir::{Network, Node};

/// One trained number of a network. Indices count from 0, as in a model file: `[out, in]` for a dense layer's weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weight {
    /// Its name, as nn writes it.
    pub name: String,
    /// Its node.
    pub node: usize,
    /// Its tensor among the node's.
    pub tensor: usize,
    /// Its place in the tensor.
    pub index: Vec<usize>,
    /// Its place in the machine's parameters.
    pub place: usize,
}

/// Why a name names no weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSuchWeight {
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: String,
}

impl Weight {
    /// Looks a name up.
    ///
    /// # Errors
    /// Says what the network has instead.
    pub fn find(text: &str, machine: &Machine<'_, f64>) -> Result<Self, NoSuchWeight> {
        let network = machine.network();
        let example = example(network);
        let wrong = |message: String, help: String| NoSuchWeight { message, help };
        let Some((path, index)) = split(text) else {
            return Err(wrong(
                format!("`{text}` is not the name of a weight"),
                format!("write LABEL.weight[TO,FROM] or LABEL.bias[UNIT], counted from 0{example}"),
            ));
        };
        let (label, tensor) = path.rsplit_once('.').unwrap_or((path, ""));
        let Some((node, found)) = network.find(label, tensor) else {
            let labels: Vec<&str> =
                network.nodes.iter().filter(|n| !n.tensors.is_empty()).map(|n| n.label.as_str()).collect();
            let help = match suggest::nearest(label, labels.iter().copied()) {
                Some(near) => format!("a name that is near: `{near}`"),
                None => format!("the layers with weights are {}", listed(&labels)),
            };
            return Err(wrong(format!("no layer is called `{label}`"), help));
        };
        let Some(k) = found.tensors.iter().position(|t| t.name == tensor) else {
            return Err(no_tensor(found, tensor, &example));
        };
        let dimensions = found.tensors[k].shape.dimensions();
        let name = format!("{label}.{tensor}");
        if index.len() != dimensions.len() {
            let forms = ["UNIT", "TO,FROM"];
            let form = forms
                .get(dimensions.len().wrapping_sub(1))
                .map_or_else(|| format!("{} numbers", dimensions.len()), |f| (*f).to_owned());
            return Err(wrong(
                format!(
                    "`{name}` is {}, so one of its numbers has {}, not {}",
                    found.tensors[k].shape,
                    indices(dimensions.len()),
                    index.len()
                ),
                format!("write {name}[{form}]: {}", ranges(dimensions)),
            ));
        }
        if index.iter().zip(dimensions).any(|(i, d)| i >= d) {
            return Err(wrong(
                format!("`{text}` is outside `{name}`, which is {}", found.tensors[k].shape),
                format!("indices count from 0: {}", ranges(dimensions)),
            ));
        }
        let start = machine
            .plan()
            .tensors
            .iter()
            .find(|(n, t, _)| *n == node.0 && *t == k)
            .map_or(0, |(.., range)| range.start);
        let shape = &found.tensors[k].shape;
        let offset = shape.in_memory(shape.place(&index));
        let shown: Vec<String> = index.iter().map(ToString::to_string).collect();
        Ok(Self { name: format!("{name}[{}]", shown.join(",")), node: node.0, tensor: k, index, place: start + offset })
    }
}

/// `hidden.weight` and its indices.
fn split(text: &str) -> Option<(&str, Vec<usize>)> {
    let (path, rest) = text.trim().split_once('[')?;
    let inner = rest.trim_end().strip_suffix(']')?;
    let index = inner.split(',').map(|i| i.trim().parse().ok()).collect::<Option<Vec<usize>>>()?;
    Some((path.trim(), index))
}

fn no_tensor(node: &Node, tensor: &str, example: &str) -> NoSuchWeight {
    let label = &node.label;
    let names: Vec<&str> = node.tensors.iter().map(|t| t.name).collect();
    if names.is_empty() {
        return NoSuchWeight {
            message: format!("`{label}` ({}) has no weights", node.kind()),
            help: format!("name a layer that has some{example}"),
        };
    }
    let message = if tensor.is_empty() {
        format!("`{label}` is a layer, not one of its weights")
    } else {
        format!("`{label}` has no tensor `{tensor}`")
    };
    NoSuchWeight { message, help: format!("it has {}", listed(&names)) }
}

fn listed(names: &[&str]) -> String {
    const MOST: usize = 12;
    let mut shown: Vec<String> = names.iter().take(MOST).map(|n| format!("`{n}`")).collect();
    if names.len() > MOST {
        shown.push(format!("and {} more", names.len() - MOST));
    }
    shown.join(", ")
}

fn indices(count: usize) -> &'static str {
    if count == 1 { "one index" } else { "two indices" }
}

fn ranges(dimensions: &[usize]) -> String {
    match dimensions {
        &[out, inputs] => format!("TO is 0 to {}, FROM is 0 to {}", out.saturating_sub(1), inputs.saturating_sub(1)),
        other => other.iter().map(|d| format!("0 to {}", d.saturating_sub(1))).collect::<Vec<_>>().join(", "),
    }
}

/// A weight that the network has, as an example.
fn example(network: &Network) -> String {
    network.tensors().next().map_or_else(String::new, |(node, tensor)| {
        let zeros = vec!["0"; tensor.shape.rank()];
        format!(", such as {}.{}[{}]", node.label, tensor.name, zeros.join(","))
    })
}
