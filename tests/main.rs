//! The integration tests, in one binary.

mod allocations;
mod commands;
mod common;
mod examples;
mod goldens;
mod house;
