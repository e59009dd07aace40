//! The typed program: what the file means once every name is looked up, every number checked and every
//! default filled in.
//!
//! A [`Network`] is a list of [`Node`]s in topological order. Node 0 is the input; each other node names earlier
//! nodes alone as its inputs, so one pass over the list computes it. On every edge stand a
//! [`Shape`](crate::tensor::Shape) (one row's dimensions) and a range ([`Values`](crate::catalog::range::Values): an
//! interval that holds whatever training does to the weights). A node is a layer and, where it has one, the
//! activation applied to the layer's weighted sums: z = layer(x), a = f(z).
//!
//! Shapes are of one row; the batch is no dimension of the IR. What a node does to the rows of a batch together is a
//! fact of its layer (`couples_rows`), asked by the engine. What differs between training and use (`dropout`, running
//! statistics) is the pass's mode, not another network.
//!
//! A node may be read by several later nodes. Its value is computed once, and the gradients that its readers send back
//! add up; a residual sum, a branch and a chain are the same to everything downstream. Each node is needed for the
//! output: lowering reports those that nothing takes.
//!
//! A [`Training`] is the `train` block: every number with the span that the user wrote it at, or without one where
//! it is a default. [`spec::DataSpec`] is the `data` block.
//!
//! Lowering ([`lower`]) never stops at a fault: what is wrong is reported and left out, and what depends on it stays
//! silent. Nothing downstream checks again what is checked here.

pub mod dialect;
mod footprint;
pub mod lower;
pub mod network;
pub mod print;
pub mod spec;
pub mod training;

use crate::source::Spanned;
pub use footprint::Footprint;
pub use network::{Network, Node, NodeId};
pub use training::{TargetUse, Training};

/// A whole program, ready to plan.
#[derive(Debug)]
pub struct Program {
    /// The `data` block.
    pub data: spec::DataSpec,
    /// What the data turned out to be.
    pub facts: spec::Facts,
    /// The `network` block.
    pub network: Network,
    /// The `train` block.
    pub training: Training,
}

impl Program {
    /// The rows of the source that are used; those of files of their own, to watch or to judge, are not among them.
    pub fn source_rows(&self) -> usize {
        let own = |held: &Option<Spanned<spec::Holdout>>, rows| match held.as_ref().map(|held| &held.value) {
            Some(spec::Holdout::Source(_)) => 0,
            Some(spec::Holdout::Share(_)) | None => rows,
        };
        let facts = &self.facts;
        facts.training_rows + own(&self.data.validation, facts.validation_rows) + own(&self.data.test, facts.test_rows)
    }
}
