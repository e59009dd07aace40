//! The `network` block: statements to nodes, each with its shape and range.
//!
//! A statement takes the output of the one before it, or what its `from=` or its operands name, and becomes a node.
//! Where it is faulty its output has no known shape, and what depends on it stays silent: other branches do not.

mod blocks;
mod labels;
mod shapes;
mod starts;

use crate::catalog::activations::Activation;
use crate::catalog::bind::{Arguments, Chosen, Written, bind, look_up};
use crate::catalog::layers::{self, Form, Identity, Input, Layer, LayerKind, Site, Slopes};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::scope::Scope;
use crate::catalog::{Family, Signature, activations, aliases};
use crate::diagnostic::{Diagnostic, codes, has_errors};
use crate::ir::network::{Network, Node, NodeId, TrainedTensor};
use crate::ir::spec::Facts;
use crate::source::Span;
use crate::syntax::tree::{Block, Item, Name, Setting, Statement, ValueKind};
use crate::tensor::Shape;
use labels::{FROM, Labels};
use std::collections::HashMap;

/// The most nodes a network may have: repeats multiply.
const MOST_NODES: usize = 4096;

/// Lowers the block; `None` where its shapes are not known.
pub(super) fn lower(
    block: &Block,
    facts: Option<&Facts>,
    source: Option<Span>,
    scope: &Scope,
    out: &mut Vec<Diagnostic>,
) -> Option<Network> {
    let before = out.len();
    let input = facts.map(|f| f.input.clone());
    let known = input.is_some();
    let node = Node {
        label: layers::input().to_owned(),
        span: source.unwrap_or(block.keyword.span),
        statement: source.unwrap_or(block.keyword.span),
        arguments: None,
        inputs: Vec::new(),
        layer: None,
        shape: input.unwrap_or_else(|| Shape::vector(1)),
        sums: Values::ANY,
        range: Values::ANY,
        tensors: Vec::new(),
        state: Vec::new(),
    };
    let mut lowering = Lowering {
        stated: false,
        nodes: vec![node],
        current: Output { node: NodeId(0), known },
        is_used: vec![false],
        facts,
        source,
        counts: HashMap::new(),
        labels: Labels::new(&block.items),
        init: None,
        bias_init: None,
        residuals: 0,
        overfull: false,
        lost: Lost::Nothing,
        scope,
        out,
    };
    lowering.items(&block.items);
    lowering.unused();
    let Lowering { nodes, current, lost, .. } = lowering;
    let broken = lost == Lost::Line;
    if nodes.len() == 1 && !has_errors(&out[before..]) && !broken {
        out.push(
            Diagnostic::error(codes::MISSING, "the network has no layers")
                .at(block.keyword.span, "nothing between its braces")
                .help("write at least an output layer, such as `dense classes softmax`"),
        );
    }
    // With a fault in it the network still serves to check what comes after: `finish` hands nothing on.
    (current.known && !broken && nodes.len() > 1).then_some(Network { nodes, span: block.keyword.span })
}

/// What a layer or block gives to those after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Output {
    /// The node; of a faulty statement, the one that it would have taken.
    node: NodeId,
    /// Whether its shape is known; where it is not, what depends on it stays silent.
    known: bool,
}

impl Output {
    /// What a faulty statement gives that would have taken this.
    const fn lost(self) -> Self {
        Self { known: false, ..self }
    }
}

/// What is not known of the block as it was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lost {
    /// All is known.
    Nothing,
    /// Some label stands for nothing: whatever was meant, something takes it.
    Label,
    /// Some line could not be read.
    Line,
}

/// An output that a layer takes, and where the layer names it.
type Taken = (Output, Option<Span>);

struct Lowering<'a> {
    /// Whether an `input` line stated the data's shape; a second one reshapes.
    stated: bool,
    nodes: Vec<Node>,
    /// What the next layer takes, unless it says otherwise.
    current: Output,
    /// For each node, whether something takes its output.
    is_used: Vec<bool>,
    facts: Option<&'a Facts>,
    source: Option<Span>,
    /// Layers of each kind so far.
    counts: HashMap<&'static str, usize>,
    labels: Labels,
    init: Option<Chosen>,
    bias_init: Option<Chosen>,
    /// `residual` blocks around the layer in hand.
    residuals: usize,
    overfull: bool,
    lost: Lost,
    scope: &'a Scope,
    out: &'a mut Vec<Diagnostic>,
}

impl Lowering<'_> {
    fn items(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Statement(statement) => self.statement(statement),
                Item::Setting(setting) => self.setting(setting),
                Item::Block(block) => self.block(block),
                // What follows it has an input of unknown shape.
                Item::Broken(_) => {
                    self.lost = Lost::Line;
                    self.current = self.current.lost();
                }
                Item::Let(binding) => self.out.push(
                    Diagnostic::error(codes::SYNTAX, "`let` stands at the top level")
                        .at(binding.span, "inside `network`")
                        .help("move it above the blocks"),
                ),
                Item::Table(table) => self.out.push(
                    Diagnostic::error(codes::SYNTAX, "no table stands in `network`")
                        .at(table.keyword, "belongs in `data`"),
                ),
            }
        }
    }

    fn setting(&mut self, setting: &Setting) {
        let key = &setting.key.text;
        let call = if let ValueKind::Call(call) = &setting.value.kind { Some(call) } else { None };
        let called = call.and_then(|call| Some((kind_of_layer(&call.name.text)?, &call.arguments)));
        if let Some(layer) = kind_of_layer(key) {
            let example = layer.example;
            self.out.push(
                Diagnostic::error(codes::SYNTAX, format!("`{key}` is a layer, not a setting"))
                    .at(setting.span, "no `=` after a layer's name")
                    .help(format!("write it so: `{example}`")),
            );
            self.current = self.current.lost();
        } else if let Some((layer, arguments)) = called {
            for argument in arguments {
                self.mentioned(&argument.value);
            }
            let example = layer.example.split_once(": ").map_or(layer.example, |(_, statement)| statement);
            self.out.push(
                Diagnostic::error(codes::SYNTAX, format!("`{}` is a layer, not a value", layer.name))
                    .at(setting.span, "a label stands before a colon")
                    .help(format!("write it so: `{key}: {example}`")),
            );
            self.labels.define(key, self.current.lost());
            self.current = self.current.lost();
        } else {
            self.starts(setting);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        let from = self.from(statement);
        let before = from.unwrap_or((self.current, None));
        let output = self.lowered(statement, before).unwrap_or(before.0.lost());
        if let Some(label) = &statement.label {
            self.labels.define(&label.text, output);
        }
        self.current = output;
    }

    /// What a statement gives; `None` where nothing is known of it.
    fn lowered(&mut self, statement: &Statement, before: Taken) -> Option<Output> {
        let Some((signature, written)) = self.kind(&statement.kind, statement) else {
            self.is_used[before.0.node.0] = true;
            return None;
        };
        let arguments = bind(signature, &written, self.scope, self.out);
        let kind = layers::find(signature.name);
        let taken = self.taken(statement, &arguments, before)?;
        // A layer that still has a shape lets the layers after it be checked.
        if !arguments.is_sound() && !kind.is_some_and(|k| k.says_shape(&arguments)) {
            return None;
        }
        match kind.map_or(Form::Layer, LayerKind::form) {
            Form::Shape => self.input(statement, &arguments, before),
            Form::Repeat | Form::Residual => {
                self.out.push(
                    Diagnostic::error(codes::SYNTAX, format!("`{}` needs layers in braces", signature.name))
                        .at(statement.span, "no braces")
                        .help(format!("write it so: `{}`", signature.example)),
                );
                None
            }
            Form::Layer => self.layer(statement, signature, &arguments, &taken),
        }
    }

    /// What a layer takes: its operands, or what stands before it.
    fn taken(&mut self, statement: &Statement, arguments: &Arguments, before: Taken) -> Option<Vec<Taken>> {
        if !arguments.takes_labels() {
            self.is_used[before.0.node.0] = true;
            return Some(vec![before]);
        }
        if let Some(from) = statement.options.iter().find(|o| o.key.text == FROM) {
            let kind = &statement.kind.text;
            self.out.push(
                Diagnostic::error(codes::EXCLUSIVE, format!("`{kind}` names the layers that it takes"))
                    .at(from.key.span, "another one")
                    .help(format!("leave it out, or name that layer after `{kind}`")),
            );
        }
        let labels = arguments.labels()?;
        let taken: Vec<Option<Output>> = labels.iter().map(|label| self.resolve(label)).collect();
        taken.into_iter().zip(labels).map(|(output, label)| Some((output?, Some(label.span)))).collect()
    }

    /// The layer or activation that a statement names.
    fn kind<'s>(&mut self, name: &Name, statement: &'s Statement) -> Option<(&'static Signature, Written<'s>)> {
        let written = Written {
            at: statement.kind.span,
            positional: statement.values.iter().collect(),
            named: statement.options.iter().filter(|o| o.key.text != FROM).map(|o| (&o.key, &o.value)).collect(),
        };
        if let Some(signature) = kind_of_layer(&name.text) {
            return Some((signature, written));
        }
        let is_activation_alias =
            matches!(aliases::kind(Family::Activation, &name.text), Some(aliases::Meaning::Same(_)));
        let is_layer_alias = aliases::kind(Family::Layer, &name.text).is_some();
        if let Some(block) = crate::catalog::find(Family::Block, &name.text) {
            self.out.push(
                Diagnostic::error(codes::SYNTAX, format!("`{}` is a block of the top level", block.name))
                    .at(name.span, "inside `network`")
                    .help("close `network` with `}` before it"),
            );
            return None;
        }
        for signature in crate::catalog::kinds(Family::Block) {
            if signature.parameters.iter().any(|p| p.name == name.text) {
                self.out.push(
                    Diagnostic::error(codes::UNKNOWN, format!("`{}` is not a layer", name.text))
                        .at(name.span, format!("a setting of `{}`", signature.name))
                        .help(format!("write `{} = …` in `{}`", name.text, signature.name)),
                );
                return None;
            }
        }
        let family = if is_activation_alias && !is_layer_alias { Family::Activation } else { Family::Layer };
        look_up(family, name, self.out).map(|signature| (signature, written))
    }

    /// What a layer's shape rule may know of an output.
    fn known(&self, (output, written): Taken) -> Input<'_> {
        let node = &self.nodes[output.node.0];
        let (at, name) = match node.layer {
            None if !self.stated => (self.source, "the data".to_owned()),
            _ => (Some(node.span), format!("`{}`", node.label)),
        };
        let is_data = output.node == NodeId(0);
        let columns = self.facts.map(|f| f.input_columns.as_slice()).filter(|columns| is_data && !columns.is_empty());
        Input { shape: node.shape.clone(), name, at, written, columns }
    }

    fn layer(
        &mut self,
        statement: &Statement,
        signature: &'static Signature,
        arguments: &Arguments,
        taken: &[Taken],
    ) -> Option<Output> {
        let at = statement.kind.span;
        let site = Site { inputs: taken.iter().map(|&taken| self.known(taken)).collect(), at };
        let known = taken.iter().all(|(output, _)| output.known);
        let kind = layers::find(signature.name);
        let configured = match kind {
            Some(kind) => kind.configure(arguments, &site),
            None => Ok(activation_layer(signature, arguments, &site)),
        };
        let layer = match configured {
            Ok(layer) => layer,
            Err(diagnostic) => {
                if known {
                    self.out.push(*diagnostic);
                }
                return None;
            }
        };
        // A shape that does not depend on what reaches the layer: from here on shapes are known again.
        let known_again = kind.is_some_and(|k| k.says_shape(arguments)) && self.facts.is_some();
        let tensors = self.tensors(layer.as_ref(), arguments);
        let behind = trained(layer.as_ref(), arguments);
        let place = Placed {
            label: statement.label.as_ref(),
            kind: signature.name,
            at,
            statement: statement.span,
            behind: None,
        };
        let inputs = taken.iter().map(|(output, _)| output.node).collect();
        let mut node = self.push(&place, inputs, layer, tensors, Some(arguments.clone()))?;
        if let Some(layer) = behind {
            let (kind, tensors) = (layer.kind(), self.tensors(layer.as_ref(), arguments));
            node = self.push(&Placed { kind, behind: Some(node), ..place }, vec![node], layer, tensors, None)?;
        }
        Some(Output { node, known: known || known_again })
    }

    fn push(
        &mut self,
        place: &Placed<'_>,
        inputs: Vec<NodeId>,
        layer: Box<dyn Layer>,
        tensors: Vec<TrainedTensor>,
        arguments: Option<Arguments>,
    ) -> Option<NodeId> {
        let &Placed { label, kind, at, statement, behind } = place;
        if self.nodes.len() >= MOST_NODES {
            if !self.overfull {
                self.out.push(
                    Diagnostic::error(codes::DOMAIN, format!("the network has more than {MOST_NODES} layers"))
                        .at(at, "one too many"),
                );
            }
            self.overfull = true;
            return None;
        }
        for input in &inputs {
            self.is_used[input.0] = true;
        }
        let id = NodeId(self.nodes.len());
        let label = match behind {
            Some(node) => self.shared(node, id),
            None => self.label(label, kind, at, id),
        };
        let ranges: Vec<Values> = inputs.iter().map(|input| self.nodes[input.0].range).collect();
        let sums = layer.range(&ranges);
        let range = layer.activation().map_or(sums, |a| a.range(sums));
        let (shape, state) = (layer.output(), layer.state());
        self.nodes.push(Node {
            label,
            span: at,
            statement,
            arguments,
            inputs,
            layer: Some(layer),
            shape,
            sums,
            range,
            tensors,
            state,
        });
        self.is_used.push(false);
        Some(id)
    }

    /// The name of the node that this one belongs to: the two are one layer to whoever names it.
    fn shared(&mut self, node: NodeId, id: NodeId) -> String {
        let label = self.nodes[node.0].label.clone();
        self.labels.define(&label, Output { node: id, known: true });
        label
    }

    /// A node's name, unlike every other's.
    fn label(&mut self, label: Option<&Name>, kind: &'static str, at: Span, id: NodeId) -> String {
        let count = self.counts.entry(kind).or_insert(0);
        *count += 1;
        let (text, span) = match label {
            Some(name) => (self.labels.turn(name), name.span),
            None => (format!("{kind}{count}"), at),
        };
        if label.is_none() {
            self.labels.define(&text, Output { node: id, known: true });
        }
        if let Some(report) = self.labels.take(&text, span) {
            self.out.push(report);
        }
        text
    }
}

/// What a statement says of a node besides what it computes.
struct Placed<'a> {
    label: Option<&'a Name>,
    kind: &'static str,
    at: Span,
    statement: Span,
    /// The node that it belongs to, where it is the second of a layer's two.
    behind: Option<NodeId>,
}

/// What the activation that a layer names becomes behind it, where it has tensors to train.
fn trained(layer: &dyn Layer, arguments: &Arguments) -> Option<Box<dyn Layer>> {
    let chosen = arguments.one(layer.options().activation?)?;
    let kind = activations::find(chosen.kind.name)?;
    slopes((kind.configure)(&chosen.arguments), layer.output())
}

/// The layer that an activation becomes whose slopes are trained.
fn slopes(activation: Box<dyn Activation>, shape: Shape) -> Option<Box<dyn Layer>> {
    Slopes::new(activation, shape).map(|layer| Box::new(layer) as Box<dyn Layer>)
}

/// The signature of a layer, or of an activation as a layer of its own.
fn kind_of_layer(name: &str) -> Option<&'static Signature> {
    crate::catalog::find(Family::Layer, name).or_else(|| crate::catalog::find(Family::Activation, name))
}

fn activation_layer(signature: &'static Signature, arguments: &Arguments, site: &Site<'_>) -> Box<dyn Layer> {
    let activation = activations::find(signature.name).map(|kind| (kind.configure)(arguments));
    if let Some(layer) = activation.as_ref().and_then(|a| slopes(a.boxed(), site.first().shape.clone())) {
        return layer;
    }
    Box::new(Identity { kind: signature.name, shape: site.first().shape.clone(), op: Op::Identity, activation })
}
