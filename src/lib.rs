//! nn, a compiler for neural networks that are declared.
pub mod catalog;
pub mod check;
pub mod cli;
pub mod data;
pub mod diagnostic;
pub mod engine;
pub mod explain;
pub mod ir;
pub mod picture;
pub mod source;
pub mod syntax;
pub mod tensor;
pub mod train;
