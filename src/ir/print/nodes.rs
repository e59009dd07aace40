//! The network's nodes, one line each: what `nn show --ir` prints.
//!
//! ```text
//! %1 hidden = Gemm(%0) Tanh : 2 in -1…1 { weight 2x2 ~ uniform U(±1) @12:10, bias 2 ~ zeros 0 } @13:11
//! ```
//! That is: the node's number and label; its operator in ONNX's words with its attributes and the nodes it reads, and
//! its activation's operator; `:` the shape of one row's output, `in` the values it can take; its tensors, each with
//! shape, initializer, distribution and, where one was written, its line and column (a default has none); its state
//! with its start; and the line and column of the layer itself.

use std::fmt::Write as _;

use super::text::plain;
use crate::catalog::op::Op;
use crate::ir::network::{Network, Node, TrainedTensor};
use crate::source::{Source, Span};
use crate::text::written;

/// Each node on a line of its own, in topological order.
pub fn nodes(network: &Network, source: &Source) -> String {
    let mut text = String::new();
    for (id, node) in network.nodes.iter().enumerate() {
        let _ = write!(text, "%{id} {} = {} : {} in {}", plain(&node.label), computes(node), node.shape, node.range);
        let mut tensors: Vec<String> = node.tensors.iter().map(|t| tensor(t, source)).collect();
        tensors.extend(node.state.iter().map(|s| format!("{} {} = {}", s.name, s.size, s.start)));
        if !tensors.is_empty() {
            let _ = write!(text, " {{ {} }}", tensors.join(", "));
        }
        let _ = writeln!(text, " @{}", place(source, node.span));
    }
    text
}

fn computes(node: &Node) -> String {
    let Some(layer) = &node.layer else { return "Input".to_owned() };
    let inputs: Vec<String> = node.inputs.iter().map(|i| format!("%{}", i.0)).collect();
    let own = layer.op();
    let activation =
        node.activation().map(crate::catalog::activations::Activation::op).filter(|op| *op != Op::Identity);
    match activation {
        Some(activation) if own == Op::Identity => call(&activation, &inputs),
        Some(activation) => format!("{} {}", call(&own, &inputs), call(&activation, &[])),
        None => call(&own, &inputs),
    }
}

/// `Gemm(%0)`, `LeakyRelu[alpha=0.01]`.
fn call(op: &Op, inputs: &[String]) -> String {
    let (name, attributes) = words(op);
    let attributes = if attributes.is_empty() { String::new() } else { format!("[{attributes}]") };
    let inputs = if inputs.is_empty() { String::new() } else { format!("({})", inputs.join(", ")) };
    format!("{name}{attributes}{inputs}")
}

fn words(op: &Op) -> (&'static str, String) {
    match op {
        Op::Gemm { bias: true } => ("Gemm", String::new()),
        Op::Gemm { bias: false } => ("MatMul", String::new()),
        Op::Relu => ("Relu", String::new()),
        Op::PRelu => ("PRelu", String::new()),
        Op::LeakyRelu { alpha } => ("LeakyRelu", format!("alpha={}", written(*alpha))),
        Op::Elu { alpha } => ("Elu", format!("alpha={}", written(*alpha))),
        Op::Sigmoid => ("Sigmoid", String::new()),
        Op::Tanh => ("Tanh", String::new()),
        Op::Softmax => ("Softmax", String::new()),
        Op::Gelu => ("Gelu", String::new()),
        Op::Silu => ("Silu", String::new()),
        Op::Softplus => ("Softplus", String::new()),
        Op::Selu => ("Selu", String::new()),
        Op::Mish => ("Mish", String::new()),
        Op::Softsign => ("Softsign", String::new()),
        Op::HardSigmoid { alpha, beta } => {
            ("HardSigmoid", format!("alpha={}, beta={}", written(*alpha), written(*beta)))
        }
        Op::Clip { min, max } => ("Clip", format!("min={}, max={}", written(*min), written(*max))),
        Op::Sin => ("Sin", String::new()),
        Op::Step => ("Step", String::new()),
        Op::Identity => ("Identity", String::new()),
        Op::Flatten => ("Flatten", String::new()),
        Op::Reshape { dimensions } => ("Reshape", super::sheet::dimensions(dimensions)),
        Op::Dropout { ratio } => ("Dropout", format!("ratio={}", written(*ratio))),
        Op::BatchNormalization { epsilon, momentum } => {
            ("BatchNormalization", format!("epsilon={}, momentum={}", written(*epsilon), written(*momentum)))
        }
        Op::LayerNormalization { epsilon } => ("LayerNormalization", format!("epsilon={}", written(*epsilon))),
        Op::Add => ("Add", String::new()),
        Op::Mul => ("Mul", String::new()),
        Op::Concat { axis } => ("Concat", format!("axis={axis}")),
        Op::Gather { indices } => ("Gather", indices.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")),
    }
}

fn tensor(tensor: &TrainedTensor, source: &Source) -> String {
    let at = tensor.written.map(|w| format!(" @{}", place(source, w.span))).unwrap_or_default();
    format!("{} {} ~ {} {}{at}", tensor.name, tensor.shape, tensor.initializer, tensor.start)
}

fn place(source: &Source, span: Span) -> String {
    let position = source.position(span.start);
    format!("{}:{}", position.line, position.column)
}
