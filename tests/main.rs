//! The integration tests, in one binary.

mod allocations;
mod bless;
mod cases;
mod commands;
mod common;
mod examples;
mod goldens;
mod house;
mod programs;
mod readme;
mod reference;
mod show;
