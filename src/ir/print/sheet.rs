//! [`Sheet`]: everything that `nn show` says of a program, as plain data. `text` sets it in columns; its JSON
//! form is what `nn show --format json` prints.

use serde::Serialize;

use crate::catalog::Chosen;
use crate::catalog::activations::Activation;
use crate::catalog::initializers::Distribution;
use crate::catalog::layers::Role;
use crate::catalog::range::Values;
use crate::ir::network::{Network, Node, NodeId, TrainedTensor};
use crate::ir::spec::{DataSource, DataSpec, Holdout, LeftOut, Missing, Scale, TargetFacts};
use crate::ir::{Footprint, Program, TargetUse};
use crate::source::{Source, Span};
use crate::tensor::Shape;
use crate::text::{percent, written};

/// A program, all defaults filled in. Fields and their order are the JSON object's.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sheet {
    /// The program's name.
    pub file: String,
    /// Input first, output last.
    pub layers: Vec<Layer>,
    /// Over all layers.
    pub totals: Totals,
    /// The `data` block and what the data turned out to be.
    pub data: Data,
    /// The `train` block.
    pub training: Training,
}

/// A place in the program, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct At {
    /// Line.
    pub line: usize,
    /// Column, in characters.
    pub column: usize,
}

/// One node of the network.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Layer {
    /// Its label.
    pub name: String,
    /// Its kind: `dense`.
    pub kind: &'static str,
    /// Its activation: `tanh`.
    pub activation: Option<&'static str>,
    /// Kind, width and activation: `dense 16 tanh`.
    pub describe: String,
    /// The labels of the nodes it takes values from.
    pub inputs: Vec<String>,
    /// The same as a line of the table says it, where that is not just the layer before: `from input`.
    #[serde(skip)]
    pub takes: String,
    /// Dimensions of one row's output.
    pub shape: Vec<usize>,
    /// What is known of its output.
    pub range: Interval,
    /// Numbers that training moves.
    pub parameters: u64,
    /// Those, tensor by tensor.
    pub tensors: Vec<Tensor>,
    /// Numbers that training moves without a gradient.
    pub state: u64,
    /// Of the forward pass, for one row.
    pub multiply_adds: u64,
    /// In training: parameters, their gradients and the optimizer's memory of them; values, gradients and whatever is
    /// kept for the backward pass, for one batch.
    pub memory_bytes: u64,
    /// Where it was written.
    pub at: At,
}

/// An interval; an end that is not known is absent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// No value lies below.
    pub low: Option<f64>,
    /// No value lies above.
    pub high: Option<f64>,
    /// Each row is non-negative and sums to one.
    pub simplex: bool,
}

/// A trained tensor.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tensor {
    /// Its name in model files: `dense1.weight`.
    pub name: String,
    /// Dimensions.
    pub shape: Vec<usize>,
    /// `weight`, `bias` or `norm`.
    pub role: &'static str,
    /// The initializer's name.
    pub init: &'static str,
    /// What each number is drawn from.
    pub start: Start,
    /// Connections into a unit.
    pub fan_in: usize,
    /// Connections out of a unit.
    pub fan_out: usize,
    /// Where the initializer was written; absent for a default.
    pub written: Option<At>,
}

/// A distribution with its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "distribution", rename_all = "snake_case")]
pub enum Start {
    /// Always the same.
    Constant {
        /// The number.
        value: f64,
    },
    /// Uniform.
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// Normal.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        std: f64,
    },
    /// Normal, without what is beyond two standard deviations.
    TruncatedNormal {
        /// Mean.
        mean: f64,
        /// Standard deviation before the ends are cut off.
        std: f64,
    },
    /// Orthogonal rows or columns.
    Orthogonal {
        /// Their length.
        gain: f64,
    },
    /// A number on the diagonal, 0 elsewhere.
    Identity {
        /// The number.
        gain: f64,
    },
}

/// Over all layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Numbers that training moves.
    pub parameters: u64,
    /// Numbers that training moves without a gradient.
    pub state: u64,
    /// Of the forward pass, for one row.
    pub multiply_adds: u64,
    /// Of the layers in training, for one batch.
    pub memory_bytes: u64,
}

/// The data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Data {
    /// Where rows come from, as the program writes it.
    pub source: String,
    /// Its rows that are used; those of files of their own, to watch or to judge, are not among them.
    pub source_rows: usize,
    /// Rows to train on.
    pub training_rows: usize,
    /// Rows that watch training.
    pub validation_rows: usize,
    /// Rows that judge the result.
    pub test_rows: usize,
    /// Rows of the files that are not used, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<LeftOut>,
    /// Dimensions of one row's inputs.
    pub input_shape: Vec<usize>,
    /// The inputs' names, where they have names.
    pub inputs: Vec<String>,
    /// What is predicted.
    pub target: Target,
    /// How inputs are scaled.
    pub scale: &'static str,
    /// How value targets are scaled.
    pub target_scale: &'static str,
    /// What becomes of missing cells.
    pub missing: String,
    /// How the table is written and what else is made of its columns, where the program says so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub written: Vec<(&'static str, String)>,
    /// What is held out to watch training: a share, or a file.
    pub validation: Option<String>,
    /// What is held out to judge the result: a share, or a file.
    pub test: Option<String>,
    /// Whether splits keep the classes' shares.
    pub stratify: bool,
}

/// What is predicted.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Target {
    /// One of these classes.
    Classes {
        /// The column.
        name: String,
        /// In order.
        classes: Vec<Class>,
        /// Of two classes the one that metrics speak of.
        #[serde(skip_serializing_if = "Option::is_none")]
        positive: Option<String>,
    },
    /// Numbers.
    Values {
        /// In order.
        columns: Vec<Column>,
    },
}

/// One class.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// Training rows of it.
    pub rows: usize,
}

/// One value target, over the training rows, scaled as it is trained on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Mean.
    pub mean: f64,
    /// Standard deviation (population form).
    pub std: f64,
}

/// The training. Kinds are written with all their arguments: `adam(beta1=0.9, …)`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Training {
    /// What is minimised.
    pub loss: String,
    /// Whether it is computed from logits together with the output's activation.
    pub from_logits: bool,
    /// How targets meet outputs: `one_hot`, `binary`, `labels`, `distribution` or `values`.
    pub target_use: &'static str,
    /// How weights move.
    pub optimizer: String,
    /// The rate, or a schedule's first number.
    pub learning_rate: f64,
    /// The schedule, where there is one.
    pub schedule: Option<String>,
    /// How often every row is seen.
    pub epochs: u64,
    /// Rows of a step.
    pub batch: usize,
    /// Steps of an epoch.
    pub steps_per_epoch: u64,
    /// Of every random stream.
    pub seed: u64,
    /// Whether rows come in a new order each epoch.
    pub shuffle: bool,
    /// `f32` or `f64`.
    pub precision: &'static str,
    /// What is added for each |w|.
    pub l1: f64,
    /// What is added for each w².
    pub l2: f64,
    /// Bound on the norm of all gradients together.
    pub clip_norm: Option<f64>,
    /// What multiplies a row's loss, class by class.
    pub class_weights: Option<Vec<f64>>,
    /// When training ends early.
    pub stop: Option<String>,
    /// What is reported beside the loss.
    pub metrics: Vec<&'static str>,
}

impl Sheet {
    /// All about `program`, whose text is `source`.
    pub fn new(program: &Program, source: &Source) -> Self {
        let training = &program.training;
        let memory = Memory {
            batch: training.batch_rows(program.facts.training_rows),
            slots: training.optimizer.slots(),
            bytes: training.precision.bytes(),
        };
        let nodes = 0..program.network.nodes.len();
        let layers: Vec<Layer> = nodes.map(|n| layer(&program.network, NodeId(n), source, memory)).collect();
        let sum = |of: fn(&Layer) -> u64| layers.iter().map(of).fold(0, u64::saturating_add);
        Self {
            file: source.name().to_owned(),
            totals: Totals {
                parameters: sum(|l| l.parameters),
                state: sum(|l| l.state),
                multiply_adds: sum(|l| l.multiply_adds),
                memory_bytes: sum(|l| l.memory_bytes),
            },
            layers,
            data: data(program),
            training: self::training(program),
        }
    }

    /// One JSON object, indented. Its fields are this type's.
    pub fn json(&self) -> String {
        // Strings and numbers always have a JSON form, so there is no error to pass on.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// What a layer's memory in training depends on.
#[derive(Clone, Copy)]
struct Memory {
    batch: usize,
    /// Numbers that the optimizer remembers for each parameter.
    slots: usize,
    /// Of one number.
    bytes: usize,
}

impl Memory {
    fn of(self, node: &Node) -> u64 {
        Footprint::of(node).bytes(self.bytes, self.batch, self.slots) as u64
    }
}

fn state(node: &Node) -> u64 {
    node.state.iter().map(|s| s.size as u64).sum()
}

fn layer(network: &Network, id: NodeId, source: &Source, memory: Memory) -> Layer {
    let node = &network.nodes[id.0];
    Layer {
        name: node.label.clone(),
        kind: node.kind(),
        activation: node.activation().map(Activation::name),
        describe: node.describe(),
        inputs: node.inputs.iter().map(|i| network.nodes[i.0].label.clone()).collect(),
        takes: network.takes(id),
        shape: node.shape.dimensions().to_vec(),
        range: interval(node.range),
        parameters: node.parameter_count() as u64,
        tensors: node.tensors.iter().map(|t| tensor(node, t, source)).collect(),
        state: state(node),
        multiply_adds: node.layer.as_ref().map_or(0, |l| l.multiply_adds()),
        memory_bytes: memory.of(node),
        at: at(source, node.span),
    }
}

fn interval(values: Values) -> Interval {
    let known = |end: f64| end.is_finite().then_some(end);
    Interval { low: known(values.low), high: known(values.high), simplex: values.simplex }
}

impl Interval {
    /// As [`Values`] write it: `≥ 0`, `0…1, sum 1`.
    pub fn text(&self) -> String {
        let (low, high) = (self.low.unwrap_or(f64::NEG_INFINITY), self.high.unwrap_or(f64::INFINITY));
        Values { low, high, simplex: self.simplex }.to_string()
    }
}

fn tensor(node: &Node, tensor: &TrainedTensor, source: &Source) -> Tensor {
    Tensor {
        name: format!("{}.{}", node.label, tensor.name),
        shape: tensor.shape.dimensions().to_vec(),
        role: match tensor.role {
            Role::Weight => "weight",
            Role::Bias => "bias",
            Role::Norm => "norm",
            Role::Slope => "slope",
        },
        init: tensor.initializer,
        start: match tensor.start {
            Distribution::Constant(value) => Start::Constant { value },
            Distribution::Uniform { low, high } => Start::Uniform { low, high },
            Distribution::Normal { mean, std } => Start::Normal { mean, std },
            Distribution::TruncatedNormal { mean, std } => Start::TruncatedNormal { mean, std },
            Distribution::Orthogonal { gain, .. } => Start::Orthogonal { gain },
            Distribution::Identity { gain, .. } => Start::Identity { gain },
        },
        fan_in: tensor.fan_in,
        fan_out: tensor.fan_out,
        written: tensor.written.map(|w| at(source, w.span)),
    }
}

/// A shape's dimensions as text: `1x28x28`.
pub(super) fn dimensions(dimensions: &[usize]) -> String {
    Shape::new(dimensions).to_string()
}

fn at(source: &Source, span: Span) -> At {
    let position = source.position(span.start);
    At { line: position.line, column: position.column }
}

fn data(program: &Program) -> Data {
    let (spec, facts) = (&program.data, &program.facts);
    let held = |held: &Option<crate::source::Spanned<Holdout>>| held.as_ref().map(|h| holdout(&h.value));
    Data {
        source: self::source(&spec.source),
        source_rows: program.source_rows(),
        left_out: Some(&facts.left_out).filter(|left_out| left_out.rows() > 0).cloned(),
        training_rows: facts.training_rows,
        validation_rows: facts.validation_rows,
        test_rows: facts.test_rows,
        input_shape: facts.input.dimensions().to_vec(),
        inputs: facts.input_names.clone(),
        target: target(&facts.target, program.training.positive),
        scale: scale(spec.scale.value),
        target_scale: scale(spec.target_scale.value),
        missing: match spec.missing.value {
            Missing::Error => "error".to_owned(),
            Missing::Drop => "drop".to_owned(),
            Missing::Mean => "mean".to_owned(),
            Missing::Median => "median".to_owned(),
            Missing::Mode => "mode".to_owned(),
            Missing::Constant(value) => format!("constant({})", written(value)),
        },
        written: table_settings(spec),
        validation: held(&spec.validation),
        test: held(&spec.test),
        stratify: spec.stratify.value,
    }
}

/// The settings that say how a table is written and read, where they are given.
fn table_settings(spec: &DataSpec) -> Vec<(&'static str, String)> {
    let unseen = spec.unseen.then(|| ("unseen", "unknown".to_owned()));
    let weight = spec.weight.as_ref().map(|column| ("weight", column.name.clone()));
    spec.dialect.settings().into_iter().chain(unseen).chain(weight).collect()
}

fn source(source: &DataSource) -> String {
    match source {
        DataSource::Delimited { path } => path.clone(),
        DataSource::Idx { inputs, targets } => format!("idx({inputs:?}, {targets:?})"),
        DataSource::Generator { generator, samples, noise, seed } => {
            let name = generator.name();
            format!("{name}(samples={samples}, noise={}, seed={seed})", written(*noise))
        }
        DataSource::Inline(_) => "table".to_owned(),
    }
}

fn holdout(held: &Holdout) -> String {
    match held {
        Holdout::Share(share) => percent(*share),
        Holdout::Source(held) => source(held),
    }
}

const fn scale(scale: Scale) -> &'static str {
    match scale {
        Scale::None => "none",
        Scale::Standard => "standard",
        Scale::Minmax => "minmax",
    }
}

fn target(target: &TargetFacts, positive: Option<usize>) -> Target {
    match target {
        TargetFacts::Classes { name, names, counts, .. } => {
            let classes = names.iter().zip(counts).map(|(name, &rows)| Class { name: name.clone(), rows });
            Target::Classes {
                name: name.clone(),
                classes: classes.collect(),
                positive: positive.and_then(|class| names.get(class)).cloned(),
            }
        }
        TargetFacts::Values { names, statistics, .. } => {
            let columns = names.iter().zip(statistics).map(|(name, s)| Column {
                name: name.clone(),
                min: s.min,
                max: s.max,
                mean: s.mean,
                std: s.std,
            });
            Target::Values { columns: columns.collect() }
        }
    }
}

fn training(program: &Program) -> Training {
    let (training, rows) = (&program.training, program.facts.training_rows);
    Training {
        loss: training.loss_choice.to_string(),
        from_logits: training.fused,
        target_use: match training.target {
            TargetUse::OneHot => "one_hot",
            TargetUse::Binary => "binary",
            TargetUse::Labels => "labels",
            TargetUse::Distribution => "distribution",
            TargetUse::Values => "values",
        },
        optimizer: training.optimizer_choice.to_string(),
        learning_rate: training.learning_rate.value,
        schedule: training.schedule_choice.as_ref().map(Chosen::to_string),
        epochs: training.epochs.value,
        batch: training.batch_rows(rows),
        steps_per_epoch: training.steps_per_epoch(rows),
        seed: training.seed,
        shuffle: training.shuffle,
        precision: training.precision.name(),
        l1: training.l1.value,
        l2: training.l2.value,
        clip_norm: training.clip_norm.map(|c| c.value),
        class_weights: training.class_weights.as_ref().map(|w| w.value.clone()),
        stop: training.stop.map(|s| format!("early(patience={}, delta={})", s.patience, written(s.delta))),
        metrics: training.metrics.iter().map(|m| m.signature.name).collect(),
    }
}
