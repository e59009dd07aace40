//! nn, a compiler for neural networks that are declared.
//!
//! A person writes a small `.nn` file: where the data is, which layers and activations, how weights start, the loss,
//! the learning rate. This crate reads it, proves as much of it as can be proved, and runs it:
//!
//! ```text
//! text ──syntax──▶ tree ──ir──▶ typed program ──engine──▶ plan and machine ──train──▶ model
//!                   ▲             ▲    │
//!                grammar       catalog └──check──▶ diagnostics
//! ```
//!
//! # The map
//! Modules stand on floors and import downward alone; a test reads every `use crate::…` and holds them to it.
//!
//! | floor | module | what it is |
//! |---|---|---|
//! | 0 | [`source`] | text and spans: two integers, no file inside |
//! | 0 | [`text`] | numbers, counts, lists and tables as people read them |
//! | 0 | [`tensor`] | precisions, shapes, kernels over flat slices, threads, random streams; alone names nalgebra and pulp |
//! | 1 | [`picture`] | plain data to SVG and PNG |
//! | 1 | [`diagnostic`] | one type for every finding, the codes and their pages, rendering; alone names miette |
//! | 2 | [`syntax`] | grammar to tree, with recovery; alone names pest |
//! | 3 | [`catalog`] | the vocabulary: every layer, activation, initializer, loss, optimizer, schedule, metric, source and setting |
//! | 4 | [`ir`] | the typed program: nodes with shape and value range, lowered from the tree |
//! | 5 | [`data`] | readers, columns, scaling, splits |
//! | 5 | [`diagram`] | a program's network as boxes and lines, for [`picture`] |
//! | 5 | [`engine`] | the plan, and the machine that runs it forward and backward |
//! | 6 | [`train`] | runs as events, evaluation, model files |
//! | 7 | [`check`] | from text to a checked program; the rules of design |
//! | 7 | [`explain`] | one row looked into: every unit's value, and a weight's gradient path by path |
//! | 8 | [`cli`] | the command line, one file a command |
//!
//! # How a network runs
//! A [`ir::Network`] is a list of nodes, each after those that it takes values from, so that one walk along the list
//! computes it and one walk back gives every gradient. [`engine::Plan`] says where everything lies,
//! [`engine::Machine`] owns the memory: one piece each for all parameters, their gradients and the optimizer's slots;
//! and arenas for what belongs to the rows of a batch, in which a node has one matrix, width × rows, with a row's
//! numbers side by side. All of it is made once, for the largest batch. A step allocates nothing.
//!
//! - **Forward**, a node reads the matrices of its inputs and writes its own: z = layer(x), a = f(z). It keeps z, or
//!   whatever else its slope needs, in a matrix of its own, and only where training wants it.
//! - **Backward**, a node reads ∂L/∂a of its own matrix, gives its tensors their gradients, and is asked for the
//!   gradient of one input at a time. The last node that takes from a node writes there; the others add. Nothing else
//!   joins branches, and no node knows who else reads its inputs.
//! - **Rows are independent** except where a layer says that it couples them (`batch_norm`) or draws at random. So
//!   threads take chunks of rows through all layers, forward and backward. Then they take parts of the parameters: a
//!   gradient is summed over all rows of the batch, in their order, by one thread. The order of a sum is a matter of
//!   the batch, never of the threads, and so the bits are the same for any number of them.
//! - **The update** belongs to no layer: the optimizer sees one long vector, in the same parts.
//!
//! `train::stepper` is the only code that moves weights; a run, a trial of the checker, the profiler and a sweep
//! drive it.
//!
//! # What holds everywhere
//! - The grammar knows syntax and no vocabulary; names are looked up in the catalog.
//! - A number that the user wrote keeps its span, into the training loop: a loss that becomes NaN points at
//!   `learning_rate = 10` in the file.
//! - The library takes text and data and gives values and diagnostics. It does not print, exit, or open a path that the
//!   caller did not hand it a reader for ([`data::Files`]); [`cli`] alone does.
//! - What is checked is not checked again: the machine runs on shapes, ranges and names that are settled.
//! - Same file, data, seed and program: the same bits, whatever the number of threads and the width of the vectors.
//!
//! # To add a thing
//! A layer is a file in `src/catalog/layers/` and two lines in `src/catalog/layers.rs`; an activation, a loss or an
//! optimizer likewise; an initializer, a schedule or a metric is a row. A source is a file in `src/catalog/sources/`
//! (which settings it takes, and what is to be opened) and a reader in `src/data/sources/`, which the compiler asks
//! for. The documentation, did-you-mean and the gradient proofs find it in its list. Rules, lowering and explanations
//! ask it for facts (`traits`, `role`, `outputs`, `stability`) and never for its name: a test keeps the catalog's
//! names out of the other modules. A rule is a line in `src/diagnostic/codes.rs`, a page beside it, and the check
//! itself.

pub mod catalog;
pub mod check;
pub mod cli;
pub mod data;
pub mod diagnostic;
pub mod diagram;
pub mod engine;
pub mod explain;
pub mod ir;
pub mod picture;
pub mod source;
pub mod syntax;
pub mod tensor;
pub mod text;
pub mod train;
