//! The integration tests, in one binary.

mod allocations;
mod bless;
mod cases;
mod commands;
mod common;
mod evidence;
mod examples;
mod explain;
mod fixes;
mod floors;
mod formats;
mod goldens;
mod house;
mod lesson;
mod mutants;
mod pages;
mod programs;
mod readme;
mod reference;
mod show;
mod stalls;
mod sweep;
mod tables;
mod tokens;
