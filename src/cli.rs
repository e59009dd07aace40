//! The command line: one file a command. Results go to standard output, reports and progress to standard error.
//! The only part of the crate that prints, opens paths and decides exit codes.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is where printing happens")]

use std::process::ExitCode;

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    ExitCode::from(2)
}
