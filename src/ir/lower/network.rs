//! The `network` block: statements to nodes, each with its shape and range.

use crate::catalog::bind::{Arguments, Chosen, Written, bind, look_up};
use crate::catalog::initializers::{self, Start};
use crate::catalog::layers::{self, Add, Form, Identity, Layer, LayerKind, Role, Site, Tensor};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::scope::Scope;
use crate::catalog::{Family, Signature, activations, aliases, blocks};
use crate::diagnostic::{Applicability, Diagnostic, codes, has_errors};
use crate::ir::network::{Network, Node, NodeId, Parameter};
use crate::ir::spec::Facts;
use crate::source::Span;
use crate::syntax::tree::{Block, Item, Name, Setting, Statement};
use crate::tensor::Shape;
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
    let shape = input.clone().unwrap_or_else(|| Shape::vector(1));
    let node = Node {
        label: layers::input().to_owned(),
        span: source.unwrap_or(block.keyword.span),
        statement: source.unwrap_or(block.keyword.span),
        arguments: None,
        inputs: Vec::new(),
        layer: None,
        shape,
        sums: Values::ANY,
        range: Values::ANY,
        tensors: Vec::new(),
        state: Vec::new(),
    };
    let mut lowering = Lowering {
        stated: false,
        nodes: vec![node],
        known: input.is_some(),
        facts,
        source,
        counts: HashMap::new(),
        labels: HashMap::new(),
        init: None,
        bias_init: None,
        suffix: String::new(),
        branches: 0,
        overfull: false,
        scope,
        out,
    };
    lowering.items(&block.items);
    let nodes = lowering.nodes;
    let known = lowering.known;
    if nodes.len() == 1 && !has_errors(&out[before..]) && !block.items.iter().any(|i| matches!(i, Item::Broken(_))) {
        out.push(
            Diagnostic::error(codes::MISSING, "the network has no layers")
                .at(block.keyword.span, "nothing between its braces")
                .help("write at least an output layer, such as `dense classes softmax`"),
        );
    }
    // With a fault in it the network still serves to check what comes after: `finish` hands nothing on.
    let broken = block.items.iter().any(|i| matches!(i, Item::Broken(_)));
    (known && !broken && nodes.len() > 1).then_some(Network { nodes, span: block.keyword.span })
}

struct Lowering<'a> {
    /// Whether an `input` line stated the data's shape; a second one reshapes.
    stated: bool,
    nodes: Vec<Node>,
    /// Whether the last node's shape is known; where it is not, what depends on it stays silent.
    known: bool,
    facts: Option<&'a Facts>,
    source: Option<Span>,
    /// Layers of each kind so far.
    counts: HashMap<&'static str, usize>,
    /// Labels so far.
    labels: HashMap<String, Span>,
    init: Option<Chosen>,
    bias_init: Option<Chosen>,
    /// `_2` in the second turn of a `repeat`.
    suffix: String,
    /// `residual` blocks around the layer in hand.
    branches: usize,
    overfull: bool,
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
                // A line that could not be read: what follows it has an input of unknown shape.
                Item::Broken(_) => self.known = false,
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
        if let Some(layer) = kind_of_layer(&setting.key.text) {
            let example = layer.example;
            self.out.push(
                Diagnostic::error(codes::SYNTAX, format!("`{}` is a layer, not a setting", setting.key.text))
                    .at(setting.span, "no `=` after a layer's name")
                    .help(format!("write it so: `{example}`")),
            );
            self.known = false;
            return;
        }
        let written = Written { at: setting.span, positional: vec![], named: vec![(&setting.key, &setting.value)] };
        let settings = bind(&blocks::NETWORK, &written, self.scope, self.out);
        for (name, slot) in [("init", &mut self.init), ("bias_init", &mut self.bias_init)] {
            if let Some(chosen) = settings.one(name) {
                let role = if name == "init" { Role::Weight } else { Role::Bias };
                self.out.extend(fault(chosen, role));
                *slot = Some(chosen.clone());
            }
        }
    }

    fn statement(&mut self, statement: &Statement) {
        let Some((signature, written)) = self.kind(&statement.kind, statement) else {
            self.known = false;
            return;
        };
        let arguments = bind(signature, &written, self.scope, self.out);
        let kind = layers::find(signature.name);
        // A layer that still has a shape lets the layers after it be checked.
        let has_shape = kind.is_some_and(|k| k.says_shape(&arguments));
        if !arguments.is_sound() && !has_shape {
            self.known = false;
            return;
        }
        match kind.map_or(Form::Layer, LayerKind::form) {
            Form::Shape => self.input(statement, &arguments),
            Form::Repeat | Form::Residual => {
                self.out.push(
                    Diagnostic::error(codes::SYNTAX, format!("`{}` needs layers in braces", signature.name))
                        .at(statement.span, "no braces")
                        .help(format!("write it so: `{}`", signature.example)),
                );
                self.known = false;
            }
            Form::Layer => self.layer(statement, signature, &arguments),
        }
    }

    /// The layer or activation that a statement names.
    fn kind<'s>(&mut self, name: &Name, statement: &'s Statement) -> Option<(&'static Signature, Written<'s>)> {
        let written = Written {
            at: statement.kind.span,
            positional: statement.values.iter().collect(),
            named: statement.options.iter().map(|o| (&o.key, &o.value)).collect(),
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

    fn site(&self, at: Span) -> Site {
        let last = &self.nodes[self.nodes.len() - 1];
        let (before, before_name) = match last.layer {
            Some(_) => (Some(last.span), format!("`{}`", last.label)),
            None if !self.stated => (self.source, "the data".to_owned()),
            None => (Some(last.span), format!("`{}`", last.label)),
        };
        Site { input: last.shape.clone(), at, before, before_name }
    }

    fn layer(&mut self, statement: &Statement, signature: &'static Signature, arguments: &Arguments) {
        let at = statement.kind.span;
        let site = self.site(at);
        let kind = layers::find(signature.name);
        let configured = match kind {
            Some(kind) => kind.configure(arguments, &site),
            None => Ok(activation_layer(signature, arguments, &site)),
        };
        let layer = match configured {
            Ok(layer) => layer,
            Err(diagnostic) => {
                if self.known {
                    self.out.push(*diagnostic);
                }
                self.known = false;
                return;
            }
        };
        let before = NodeId(self.nodes.len() - 1);
        // A shape that does not depend on what reaches the layer: from here on shapes are known again.
        let known_again = kind.is_some_and(|k| k.says_shape(arguments));
        let tensors = self.tensors(layer.as_ref(), arguments);
        let place = Placed { label: statement.label.as_ref(), kind: signature.name, at, statement: statement.span };
        self.push(&place, vec![before], layer, tensors, Some(arguments.clone()));
        self.known |= known_again && self.facts.is_some();
    }

    fn push(
        &mut self,
        place: &Placed<'_>,
        inputs: Vec<NodeId>,
        layer: Box<dyn Layer>,
        tensors: Vec<Parameter>,
        arguments: Option<Arguments>,
    ) {
        let &Placed { label, kind, at, statement } = place;
        if self.nodes.len() >= MOST_NODES {
            if !self.overfull {
                self.out.push(
                    Diagnostic::error(codes::DOMAIN, format!("the network has more than {MOST_NODES} layers"))
                        .at(at, "one too many"),
                );
            }
            self.overfull = true;
            return;
        }
        let label = self.label(label, kind, at);
        let input = self.nodes[inputs[0].0].range;
        let sums = match inputs.get(1) {
            Some(other) => input.plus(self.nodes[other.0].range),
            None => layer.range(input),
        };
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
    }

    fn label(&mut self, label: Option<&Name>, kind: &'static str, at: Span) -> String {
        let count = self.counts.entry(kind).or_insert(0);
        *count += 1;
        let (text, span) = match label {
            Some(name) => (format!("{}{}", name.text, self.suffix), name.span),
            None => (format!("{kind}{count}"), at),
        };
        if let Some(earlier) = self.labels.insert(text.clone(), span)
            && earlier != span
        {
            self.out.push(
                Diagnostic::error(codes::DUPLICATE, format!("two layers are called `{text}`"))
                    .at(span, "again here")
                    .and(earlier, "first here")
                    .help("give each a label of its own"),
            );
        }
        text
    }

    /// How each tensor starts: the layer's own option, else the block's setting, else the layer's rule.
    fn tensors(&mut self, layer: &dyn Layer, arguments: &Arguments) -> Vec<Parameter> {
        let mut tensors = Vec::new();
        for tensor in layer.tensors() {
            let own = tensor.option.and_then(|name| arguments.one(name));
            self.out.extend(own.and_then(|chosen| fault(chosen, tensor.role)));
            let chosen = match tensor.role {
                Role::Weight => own.or(self.init.as_ref()),
                Role::Bias => own.or(self.bias_init.as_ref()),
                Role::Norm => None,
            };
            tensors.push(parameter(tensor, chosen));
        }
        tensors
    }

    /// `input 1x28x28`: states the data's shape, or gives the same values another one.
    fn input(&mut self, statement: &Statement, arguments: &Arguments) {
        let crate::catalog::bind::Bound::Shape(written) = arguments.get("shape") else { return };
        let shape = written.value.clone();
        let at = written.span.unwrap_or(statement.span);
        // In a branch it cannot speak of the data: the skip has the data's own shape.
        if self.nodes.len() > 1 || self.branches > 0 || self.stated {
            self.reshape(statement, shape, at);
            return;
        }
        self.stated = true;
        let Some(facts) = self.facts else {
            // Nothing to compare it with: taken at its word.
            self.nodes[0].shape = shape;
            return;
        };
        if facts.input.size() != shape.size() {
            let (have, want) = (facts.input.size(), shape.size());
            let mut diagnostic = Diagnostic::error(
                codes::INPUT_WIDTH,
                format!("the network states {want} inputs, and the data has {have}"),
            )
            .at(at, if shape.rank() > 1 { format!("{shape} is {want} values") } else { format!("{want} inputs") })
            .and_if(self.source, format!("{have} input columns{}", listed(&facts.input_names)));
            if shape.rank() == 1 {
                diagnostic = diagnostic.help(format!("write `input {have}`, or leave the line out")).fix(
                    Applicability::Unsafe,
                    format!("write `{have}`"),
                    at,
                    have.to_string(),
                );
            }
            self.out.push(diagnostic);
            self.known = false;
            return;
        }
        self.nodes[0].shape = shape;
        self.nodes[0].span = statement.kind.span;
        self.nodes[0].statement = statement.span;
        if let Some(label) = &statement.label {
            label.text.clone_into(&mut self.nodes[0].label);
        }
        self.source = Some(statement.kind.span);
    }

    fn reshape(&mut self, statement: &Statement, shape: Shape, at: Span) {
        let site = self.site(at);
        if site.input.size() != shape.size() {
            if self.known {
                let (have, want) = (site.input.size(), shape.size());
                self.out.push(
                    Diagnostic::error(
                        codes::RESHAPE,
                        format!("{shape} is {want} values, and {} gives {have}", site.before_name),
                    )
                    .at(at, format!("{want} values"))
                    .and_if(site.before, format!("gives {}", values(&site.input))),
                );
            }
            self.known = false;
            return;
        }
        let op = Op::Reshape { dimensions: shape.dimensions().to_vec() };
        let kind = layers::input();
        let layer = Box::new(Identity { kind, shape, op, activation: None });
        let before = NodeId(self.nodes.len() - 1);
        let place =
            Placed { label: statement.label.as_ref(), kind, at: statement.kind.span, statement: statement.span };
        self.push(&place, vec![before], layer, vec![], None);
    }

    fn block(&mut self, block: &Block) {
        let Some((signature, form)) = self.block_kind(block) else {
            self.known = false;
            return;
        };
        let written = Written { at: block.keyword.span, positional: block.values.iter().collect(), named: vec![] };
        let arguments = bind(signature, &written, self.scope, self.out);
        if form == Form::Repeat {
            self.repeat(block, &arguments);
        } else {
            self.residual(block);
        }
    }

    fn block_kind(&mut self, block: &Block) -> Option<(&'static Signature, Form)> {
        let name = &block.keyword;
        if crate::catalog::find(Family::Block, &name.text).is_some() {
            self.out.push(
                Diagnostic::error(codes::SYNTAX, format!("`{}` is a block of the top level", name.text))
                    .at(name.span, "inside `network`")
                    .help("close `network` with `}` before it"),
            );
            return None;
        }
        let signature = look_up(Family::Layer, name, self.out)?;
        let form = layers::find(signature.name).map_or(Form::Layer, LayerKind::form);
        if form.is_block() {
            return Some((signature, form));
        }
        self.out.push(
            Diagnostic::error(codes::SYNTAX, format!("`{}` takes no braces", signature.name))
                .at(block.open, "no block here")
                .help(format!("write it on one line, without braces, as in `{}`", signature.example)),
        );
        None
    }

    fn repeat(&mut self, block: &Block, arguments: &Arguments) {
        let Some(times) = arguments.count("times") else {
            self.known = false;
            return;
        };
        if let Some(label) = &block.label {
            self.out.push(
                Diagnostic::error(codes::SYNTAX, "`repeat` takes no label")
                    .at(label.span, "names nothing")
                    .help("label the layers in its braces; they become `LABEL_1`, `LABEL_2`, …"),
            );
        }
        let outer = self.suffix.clone();
        for turn in 1..=times.value {
            let (nodes, reports) = (self.nodes.len(), self.out.len());
            self.suffix = format!("{outer}_{turn}");
            self.items(&block.items);
            // A fault shows in the first turn; the others would only say it again. An empty body does nothing at all.
            if has_errors(&self.out[reports..]) || self.overfull || self.nodes.len() == nodes {
                break;
            }
            // Notes and warnings of the layers' own lines are the same in each turn.
            if turn > 1 {
                self.out.truncate(reports);
            }
        }
        self.suffix = outer;
    }

    fn residual(&mut self, block: &Block) {
        let skip = NodeId(self.nodes.len() - 1);
        let entered_known = self.known;
        let before = self.site(block.keyword.span);
        self.branches += 1;
        self.items(&block.items);
        self.branches -= 1;
        let inner = NodeId(self.nodes.len() - 1);
        if inner == skip {
            if self.known {
                self.out.push(
                    Diagnostic::error(codes::MISSING, "`residual` has no layers")
                        .at(block.keyword.span, "nothing between its braces")
                        .help("write the layers whose output is added to their input"),
                );
            }
            return;
        }
        let shape = self.nodes[skip.0].shape.clone();
        let last = &self.nodes[inner.0];
        if last.shape != shape {
            if self.known && entered_known {
                let message =
                    format!("the branch gives {}, and its input is {shape}: they cannot be added", last.shape);
                let mut diagnostic = Diagnostic::error(codes::OUTPUT_WIDTH, message)
                    .at(last.span, format!("gives {}", last.shape))
                    .and_if(before.before, format!("gives {shape}"));
                if shape.rank() == 1 && last.options().width.is_some() {
                    diagnostic = diagnostic.help(format!("end the branch with `{} {}`", last.kind(), shape.size()));
                }
                self.out.push(diagnostic);
            }
            self.known = false;
            return;
        }
        let at = block.keyword.span;
        let layer = Box::new(Add { shape });
        let place = Placed { label: block.label.as_ref(), kind: layer.kind(), at, statement: at };
        self.push(&place, vec![skip, inner], layer, vec![], None);
    }
}

/// What a statement says of a node besides what it computes.
struct Placed<'a> {
    label: Option<&'a Name>,
    kind: &'static str,
    at: Span,
    statement: Span,
}

/// The signature of a layer, or of an activation as a layer of its own.
fn kind_of_layer(name: &str) -> Option<&'static Signature> {
    crate::catalog::find(Family::Layer, name).or_else(|| crate::catalog::find(Family::Activation, name))
}

fn activation_layer(signature: &'static Signature, arguments: &Arguments, site: &Site) -> Box<dyn Layer> {
    let activation = activations::find(signature.name).map(|kind| (kind.configure)(arguments));
    Box::new(Identity { kind: signature.name, shape: site.input.clone(), op: Op::Identity, activation })
}

/// A tensor with its start settled.
fn parameter(tensor: Tensor, chosen: Option<&Chosen>) -> Parameter {
    let Tensor { name, shape, role, fans, start: usual, .. } = tensor;
    let start = chosen.and_then(|c| Start::chosen(c, fans)).unwrap_or(usual);
    let written = chosen.and_then(|c| c.span).map(|span| crate::ir::network::Written { span });
    let (fan_in, fan_out) = (fans.into, fans.out);
    Parameter {
        name,
        shape,
        role,
        start: start.distribution,
        written,
        initializer: start.name(),
        usual,
        fan_in,
        fan_out,
    }
}

/// What is wrong with an initializer's arguments together.
fn fault(chosen: &Chosen, role: Role) -> Option<Diagnostic> {
    let of_vector = || if role == Role::Weight { None } else { initializers::not_of_vectors(chosen) };
    initializers::find(chosen.kind.name).and_then(|kind| (kind.fault)(chosen).or_else(of_vector))
}

/// `16 values`, `4x4, 16 values`
fn values(shape: &Shape) -> String {
    if shape.rank() == 1 { format!("{} values", shape.size()) } else { format!("{shape}, {} values", shape.size()) }
}

/// `: a, b, c …`
fn listed(names: &[String]) -> String {
    match names.len() {
        0 => String::new(),
        1..=6 => format!(": {}", names.join(", ")),
        _ => format!(": {}, …", names[..5].join(", ")),
    }
}
