//! What each fuzz target does with its bytes, and how bytes that have a form of their own are changed within it. Not
//! for libFuzzer, which `fuzz_targets/` alone names: `tests/fuzzed.rs` includes this file, and runs the seeds.

pub mod checkpoint;
pub mod container;
pub mod given;
pub mod model;
pub mod pair;
pub mod program;
pub mod table;
