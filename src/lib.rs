//! nn, a compiler for neural networks that are declared.
//!
//! A person writes a small `.nn` file: where the data is, which layers and activations, how weights start, the loss, the
//! learning rate. This crate reads it, proves as much of it as can be proved, and runs it:
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
//! | 5 | [`engine`] | the plan, and the machine that runs it forward and backward |
//! | 6 | [`train`] | runs as events, evaluation, model files |
//! | 7 | [`check`] | from text to a checked program; the rules of design |
//! | 7 | [`explain`] | one row looked into: every unit's value, and a weight's gradient path by path |
//! | 8 | [`cli`] | the command line, one file a command |
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
//! optimizer likewise; an initializer, a schedule or a metric is a row. The documentation, did-you-mean and the gradient
//! proofs find it in its list. Rules, lowering and explanations ask it for facts (`traits`, `role`, `outputs`, `stability`)
//! and never for its name: a test keeps the catalog's names out of the other modules. A rule is a line in `src/diagnostic/codes.rs`, a page beside it, and the check itself.

pub mod catalog;
pub mod check;
pub mod cli;
pub mod data;
pub mod diagnostic;
pub mod engine;
pub mod explain;
pub mod export;
pub mod ir;
pub mod picture;
pub mod source;
pub mod syntax;
pub mod tensor;
pub mod text;
pub mod train;
