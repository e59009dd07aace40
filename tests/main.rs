//! The integration tests, in one binary.

mod bless;
mod goldens;
mod programs;
mod reference;
