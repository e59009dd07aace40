//! The integration tests, in one binary.

mod allocations;
mod goldens;
