//! Layers: what stands between `network {` and `}`.
//!
//! A layer is two things: the declaration ([`LayerKind`]: signature, shape rule) and the configured instance
//! ([`Layer`]: parameters, ranges, the two passes, how it exports). To add one: a file in this folder, `mod` and a
//! row of [`LAYERS`] below; the gradient check, the documentation and the checker's loops find it there.

mod add;
mod batch_norm;
mod concat;
mod dense;
mod dropout;
mod flatten;
mod identity;
mod join;
mod layer_norm;
mod multiply;
mod norm;
mod select;
mod slopes;
mod structure;
#[cfg(test)]
pub(super) mod tests;

use super::activations::Activation;
use super::bind::Arguments;
use super::initializers::{Fans, Start};
use super::op::Op;
use super::range::Values;
use super::signature::{Key, Signature, held};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::tensor::{Inputs, Real, Shape, Stream, Team};
use crate::text;
use std::fmt::Debug;
use std::ops::Range;

pub use add::Add;
pub use identity::Identity;
pub use slopes::Slopes;
pub(crate) use structure::key::{SHAPE, TIMES};

/// Every layer, in the order of the reference. `input`, `repeat` and `residual` shape the network and are lowered by
/// the IR.
pub static LAYERS: &[&dyn LayerKind] = &[
    &dense::Dense,
    &dropout::Dropout,
    &flatten::Flatten,
    &batch_norm::BatchNorm,
    &layer_norm::LayerNorm,
    &concat::Concat,
    &add::Sum,
    &multiply::Multiply,
    &select::Select,
    &structure::INPUT,
    &structure::REPEAT,
    &structure::RESIDUAL,
];

/// The kind with this name.
pub fn find(name: &str) -> Option<&'static dyn LayerKind> {
    let known = LAYERS.iter();
    #[cfg(test)]
    let known = known.chain(tests::LAYERS);
    known.copied().find(|l| l.signature().name == name)
}

/// What the first node of every network is called, and a layer that gives its values another shape.
pub fn input() -> &'static str {
    structure::INPUT.signature().name
}

/// The kinds that make one output of several, as a report lists them: `` `concat`, `add` or `multiply` ``.
pub fn joins() -> String {
    let joins = LAYERS.iter().map(|kind| kind.signature()).filter(|signature| signature.labels().is_some());
    text::one_of(&text::quoted(joins.map(|signature| signature.name)))
}

/// Where a layer stands: what its shape rule may speak of.
#[derive(Clone, Debug)]
pub struct Site<'s> {
    /// What reaches it: at least one.
    pub inputs: Vec<Input<'s>>,
    /// The place of its name.
    pub at: Span,
}

/// One thing that reaches a layer.
#[derive(Clone, Debug)]
pub struct Input<'s> {
    /// Its shape.
    pub shape: Shape,
    /// What produced it, as a report says it: `the data`, `` `dense1` ``.
    pub name: String,
    /// The place of what produced it: a layer, or the data.
    pub at: Option<Span>,
    /// Where the layer that takes it names it, if it does.
    pub written: Option<Span>,
    /// The data's columns and how many values each gives, where it is the data's.
    pub columns: Option<&'s [(String, usize)]>,
}

impl Site<'_> {
    /// What reaches it first: for most layers all there is.
    pub fn first(&self) -> &Input<'_> {
        &self.inputs[0]
    }
}

/// One kind of layer.
pub trait LayerKind: Sync {
    /// Its reference entry.
    fn signature(&self) -> &'static Signature;
    /// What a statement or block of this kind does to the network.
    fn form(&self) -> Form {
        Form::Layer
    }
    /// Whether these arguments say the shape of its output whatever reaches it, and whatever else is wrong with them.
    fn says_shape(&self, _arguments: &Arguments) -> bool {
        false
    }
    /// Makes it for a place, from sound arguments; a shape that does not fit is a diagnostic.
    fn configure(&self, arguments: &Arguments, site: &Site<'_>) -> Result<Box<dyn Layer>, Box<Diagnostic>>;
}

/// What a statement or block does to the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A statement that adds a layer.
    Layer,
    /// A statement that gives the input, or what reaches it, a shape.
    Shape,
    /// A block whose layers are added so many times.
    Repeat,
    /// A block whose layers' output is added to their input.
    Residual,
}

impl Form {
    /// Whether it takes layers in braces.
    pub const fn is_block(self) -> bool {
        matches!(self, Self::Repeat | Self::Residual)
    }
}

/// What a layer does to its values, its activation aside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LayerRole {
    /// Weighted sums of them, and a bias.
    Linear,
    /// Hands them on, in another shape perhaps.
    PassThrough,
    /// Brings them to mean 0 and variance 1, over the rows of the batch where [`Layer::couples_rows`].
    Normalise {
        /// What is added to the variance.
        epsilon: f64,
    },
    /// Leaves some out in training, hands them on at inference.
    Drop {
        /// The share left out.
        rate: f64,
    },
    /// Multiplies what is below 0 by trained slopes.
    Rectify {
        /// What they start at.
        slope: f64,
    },
    /// Adds up its inputs.
    Add,
    /// Multiplies its inputs, place by place.
    Multiply,
    /// Puts its inputs end to end.
    Concat,
    /// Takes some of its input's values, as they are.
    Select,
}

impl LayerRole {
    /// Whether it makes one of several inputs.
    pub const fn is_join(self) -> bool {
        matches!(self, Self::Add | Self::Multiply | Self::Concat)
    }
}

/// How a layer's output units depend on the units of one of its inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coupling {
    /// By the numbers of its first tensor, out × in.
    Weights,
    /// Each is the one at its place, or that and others of other inputs.
    Same,
    /// Each depends on the one at its place alone.
    Each,
    /// Each unit of the input is one of the output, or none: which, for each.
    Placed(Vec<Option<usize>>),
    /// Each may depend on all.
    All,
}

/// The names of a kind's options that edits and reports have to find.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// How many units or channels it has.
    pub width: Option<Key<u64>>,
    /// Its activation.
    pub activation: Option<Key<held::One>>,
    /// Whether it has biases.
    pub bias: Option<Key<bool>>,
}

/// What a tensor of a layer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Multiplies inputs; started by `init`, penalised by `l1` and `l2`.
    Weight,
    /// Added to weighted sums; started by `bias_init`.
    Bias,
    /// Scale or shift of a norm: started by its own rule, not penalised.
    Norm,
    /// Slope of an activation: started by its own rule, not penalised.
    Slope,
}

/// One trained tensor of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Its name after the label: `weight`, `bias`.
    pub name: &'static str,
    /// Dimensions as model files hold them (row-major there; in memory a matrix is column-major).
    pub shape: Shape,
    /// What it is for.
    pub role: Role,
    /// Connections into and out of a unit.
    pub fans: Fans,
    /// How it starts where no option and no setting says so.
    pub start: Start,
    /// The layer's option that says how it starts.
    pub option: Option<Key<held::One>>,
}

/// One tensor that training moves without a gradient, such as running statistics.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Its name after the label.
    pub name: &'static str,
    /// How many numbers.
    pub size: usize,
    /// What it starts as.
    pub start: f64,
    /// What none of them can be below.
    pub least: f64,
}

/// Numbers that the forward pass keeps for the backward pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// For each row of the batch.
    pub per_row: usize,
    /// Whatever the batch.
    pub fixed: usize,
}

/// A configured layer: a function of one or more inputs, without its activation.
pub trait Layer: Kernel<f32> + Kernel<f64> + Debug + Send + Sync {
    /// The kind's name.
    fn kind(&self) -> &'static str;
    /// What it does to its values.
    fn role(&self) -> LayerRole;
    /// The options that others have to find.
    fn options(&self) -> Options {
        Options::default()
    }
    /// The shape of one row's output.
    fn output(&self) -> Shape;
    /// What is known of its output, given what is known of each input.
    fn range(&self, inputs: &[Values]) -> Values;
    /// Its trained tensors, in storage order.
    fn tensors(&self) -> Vec<Tensor> {
        Vec::new()
    }
    /// Its state, in storage order.
    fn state(&self) -> Vec<State> {
        Vec::new()
    }
    /// What it keeps between the passes.
    fn saved(&self) -> Saved {
        Saved::default()
    }
    /// Multiply-adds of the forward pass for one row.
    fn multiply_adds(&self) -> u64 {
        0
    }
    /// What it is in ONNX's words.
    fn op(&self) -> Op;
    /// Its activation, where it has one of its own.
    fn activation(&self) -> Option<&dyn Activation> {
        None
    }
    /// How its output at inference depends on one of its inputs, its activation aside.
    fn coupling(&self, _input: usize) -> Coupling {
        Coupling::All
    }
    /// Whether training needs a random stream for it.
    fn is_random(&self) -> bool {
        false
    }
    /// Whether rows of a batch act on each other in training.
    fn couples_rows(&self) -> bool {
        false
    }
}

/// Training or inference: dropout and batch norm differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Weights move.
    Training,
    /// Predicting.
    Inference,
}

/// What the forward pass hands a layer. Matrices are `width × batch`, one row of data contiguous.
#[derive(Debug)]
pub struct Forward<'a, R> {
    /// The threads that share the work.
    pub team: &'a Team,
    /// Training or inference.
    pub mode: Mode,
    /// Rows.
    pub batch: usize,
    /// The inputs.
    pub x: Inputs<'a, R>,
    /// Output, to be written whole.
    pub y: &'a mut [R],
    /// Trained tensors, in storage order.
    pub parameters: &'a [R],
    /// State, in storage order.
    pub state: &'a mut [R],
    /// What the backward pass will need of the whole batch.
    pub fixed: &'a mut [R],
    /// What the backward pass will need of the rows, row after row.
    pub saved: &'a mut [R],
    /// A stream of the layer's own, where training needs one.
    pub random: Option<&'a mut Stream>,
}

/// What the backward pass hands a layer for its parameters, before it asks for its inputs' gradients.
#[derive(Debug)]
pub struct Gradients<'a, R> {
    /// The threads that share the work.
    pub team: &'a Team,
    /// Rows.
    pub batch: usize,
    /// The inputs.
    pub x: Inputs<'a, R>,
    /// ∂L/∂y.
    pub dy: &'a [R],
    /// What the forward pass kept of the rows.
    pub saved: &'a [R],
    /// Which of its columns are asked for, see [`Kernel::columns`].
    pub columns: Range<usize>,
    /// ∂L/∂parameters of these columns, to be written whole; behind the last column's, those of what follows.
    pub gradients: &'a mut [R],
}

/// Parameters in columns, whose gradients threads can compute apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    /// How many.
    pub count: usize,
    /// Numbers in each.
    pub size: usize,
    /// How many are worth being computed together, by shape alone.
    pub together: usize,
}

/// What the backward pass hands a layer for one of its inputs.
#[derive(Debug)]
pub struct Backward<'a, R> {
    /// The threads that share the work.
    pub team: &'a Team,
    /// Training or inference (gradients of inference are for explanations).
    pub mode: Mode,
    /// Rows.
    pub batch: usize,
    /// Which of its inputs.
    pub input: usize,
    /// The inputs.
    pub x: Inputs<'a, R>,
    /// ∂L/∂y.
    pub dy: &'a [R],
    /// ∂L/∂x of that input, to be written whole.
    pub dx: &'a mut [R],
    /// Trained tensors, in storage order.
    pub parameters: &'a [R],
    /// ∂L/∂parameters, where rows act on each other; else it may be empty.
    pub gradients: &'a [R],
    /// What the forward pass kept of the whole batch.
    pub fixed: &'a [R],
    /// What the forward pass kept of the rows.
    pub saved: &'a [R],
}

/// The passes in one precision.
pub trait Kernel<R: Real> {
    /// y ← f(x)
    fn forward(&self, pass: &mut Forward<'_, R>);
    /// gradients ← dy, of some columns
    fn gradients(&self, _pass: &mut Gradients<'_, R>) {}
    /// How its parameters can be cut: not at all, if it says nothing.
    fn columns(&self, _batch: usize) -> Columns {
        Columns { count: 1, size: 0, together: 1 }
    }
    /// dx ← dy, of one input; called where somebody needs dx.
    fn backward(&self, pass: &mut Backward<'_, R>);
    /// Whether a row's values and dx are the same bits whichever rows are computed with it, where rows do not act on
    /// each other: then threads can take rows of their own through layer after layer.
    fn is_row_independent(&self) -> bool {
        true
    }
}
