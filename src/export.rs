//! A network in other forms. Each form is a leaf: it reads the IR and nothing reads it.

mod fold;
mod graph;

pub use graph::graph;
