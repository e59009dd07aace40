//! The integration tests, in one binary.

mod commands;
mod common;
mod examples;
mod goldens;
mod house;
