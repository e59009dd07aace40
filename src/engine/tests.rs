//! Proofs of the engine on whole programs, written as text and lowered: gradients against central differences,
//! updates against their formulas, and what a machine promises.

mod gradients;
mod kinks;
mod machine;
mod programs;
mod schedules;
mod small;
mod updates;
mod widths;
