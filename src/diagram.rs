//! A program's network as boxes and lines, which `picture` draws. Reads the IR alone.

mod fold;
mod graph;

pub use graph::graph;
