//! The program `nn`: a shell over the library. All it does is in [`nn::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    nn::cli::main()
}
