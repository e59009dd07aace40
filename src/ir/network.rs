//! [`Network`]: nodes with shapes, ranges and tensors.

use crate::catalog::activations::Activation;
use crate::catalog::bind::Arguments;
use crate::catalog::initializers::{Distribution, Start};
use crate::catalog::layers::{self, Layer, LayerRole, Options, Role, State};
use crate::catalog::range::Values;
use crate::source::Span;
use crate::tensor::Shape;

/// The index of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub usize);

/// Nodes in topological order; the first is the input, the last the output.
#[derive(Debug)]
pub struct Network {
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The block's name, for reports about the whole.
    pub span: Span,
}

/// One layer in its place.
#[derive(Debug)]
pub struct Node {
    /// Its label, or its kind and its count: `dense1`.
    pub label: String,
    /// Where it was written: the kind's name (the same place for each turn of a `repeat`).
    pub span: Span,
    /// The whole statement.
    pub statement: Span,
    /// What was written after its kind's name, checked; `None` for the input and for a residual sum.
    pub arguments: Option<Arguments>,
    /// Earlier nodes whose values it takes. Empty for the input.
    pub inputs: Vec<NodeId>,
    /// What it computes; `None` for the input.
    pub layer: Option<Box<dyn Layer>>,
    /// The shape of one row's output.
    pub shape: Shape,
    /// What is known of its weighted sums (its output, where it has no activation).
    pub sums: Values,
    /// What is known of its output.
    pub range: Values,
    /// Its trained tensors.
    pub tensors: Vec<TrainedTensor>,
    /// Its state.
    pub state: Vec<State>,
}

/// One trained tensor of a node.
#[derive(Clone, Debug)]
pub struct TrainedTensor {
    /// Its name after the label.
    pub name: &'static str,
    /// Dimensions as model files hold them.
    pub shape: Shape,
    /// What it is for.
    pub role: Role,
    /// How it starts.
    pub start: Distribution,
    /// The initializer as the user wrote it, with its place; `None` for a default.
    pub written: Option<Written>,
    /// The name of the initializer: `glorot_uniform`.
    pub initializer: &'static str,
    /// How it would start had nobody said anything: what suits the layer.
    pub usual: Start,
    /// Connections into a unit.
    pub fan_in: usize,
    /// Connections out of a unit.
    pub fan_out: usize,
}

/// Where an initializer was written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Written {
    /// The value's place.
    pub span: Span,
}

impl Node {
    /// Its activation, where it has one.
    pub fn activation(&self) -> Option<&dyn Activation> {
        self.layer.as_deref().and_then(Layer::activation)
    }

    /// Numbers in its trained tensors.
    pub fn parameter_count(&self) -> usize {
        self.tensors.iter().map(|t| t.shape.size()).sum()
    }

    /// Its kind's name: `input` for the input.
    pub fn kind(&self) -> &'static str {
        self.layer.as_ref().map_or(layers::input(), |l| l.kind())
    }

    /// What it does to its values; `None` for the input.
    pub fn role(&self) -> Option<LayerRole> {
        self.layer.as_ref().map(|l| l.role())
    }

    /// Whether it takes weighted sums of its values.
    pub fn is_linear(&self) -> bool {
        self.role() == Some(LayerRole::Linear)
    }

    /// The names of its options that others have to find.
    pub fn options(&self) -> Options {
        self.layer.as_ref().map_or_else(Options::default, |l| l.options())
    }

    /// Whether it is the sum at the end of a `residual` block.
    pub fn closes_block(&self) -> bool {
        self.inputs.len() > 1 && self.arguments.is_none()
    }

    /// Where its width was written.
    pub fn width_span(&self) -> Option<Span> {
        self.arguments.as_ref()?.count(self.options().width?)?.span
    }

    /// Its kind, width and activation, as a reader would say it: `dense 16 tanh`.
    pub fn describe(&self) -> String {
        let mut text = self.kind().to_owned();
        if self.options().width.is_some() {
            text = format!("{text} {}", self.shape);
        }
        // Of a selection, what is selected.
        if let Some(first) =
            self.arguments.as_ref().and_then(Arguments::first).filter(|_| self.role() == Some(LayerRole::Select))
        {
            text = format!("{text} {first}");
        }
        match self.activation() {
            Some(activation) if activation.name() != self.kind() => format!("{text} {}", activation.name()),
            _ => text,
        }
    }
}

impl Network {
    /// The input's shape.
    pub fn input(&self) -> &Shape {
        &self.nodes[0].shape
    }

    /// The last node.
    pub fn output(&self) -> &Node {
        &self.nodes[self.nodes.len() - 1]
    }

    /// Numbers in all trained tensors.
    pub fn parameter_count(&self) -> usize {
        self.nodes.iter().map(Node::parameter_count).sum()
    }

    /// What a node takes, where that is not just the node before it: `from input`, `left right`, `of h + dropout1`.
    pub fn takes(&self, id: NodeId) -> String {
        let node = &self.nodes[id.0];
        let labels: Vec<&str> = node.inputs.iter().map(|input| self.nodes[input.0].label.as_str()).collect();
        match labels[..] {
            _ if node.closes_block() => format!("of {}", labels.join(" + ")),
            [] => String::new(),
            [_] if node.inputs[0].0 + 1 == id.0 => String::new(),
            [label] => format!("from {label}"),
            _ => labels.join(" "),
        }
    }

    /// Each trained tensor with its node, in storage order.
    pub fn tensors(&self) -> impl Iterator<Item = (&Node, &TrainedTensor)> {
        self.nodes.iter().flat_map(|n| n.tensors.iter().map(move |t| (n, t)))
    }

    /// The node with this label; of a layer's two nodes the one that has the tensor, the first where none has.
    pub fn find(&self, label: &str, tensor: &str) -> Option<(NodeId, &Node)> {
        let called = || self.nodes.iter().enumerate().filter(|(_, n)| n.label == label);
        let having = called().find(|(_, n)| n.tensors.iter().any(|t| t.name == tensor));
        having.or_else(|| called().next()).map(|(i, n)| (NodeId(i), n))
    }
}
