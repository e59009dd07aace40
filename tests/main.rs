//! The integration tests, in one binary.

mod allocations;
mod bless;
mod commands;
mod common;
mod examples;
mod explain;
mod goldens;
mod house;
mod lesson;
mod programs;
mod readme;
mod reference;
mod show;
mod sweep;
