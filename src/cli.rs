//! The command line: one file a command. Results go to standard output, reports and progress to standard error.
//! The only part of the crate that prints, opens paths and decides exit codes.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is where printing happens")]
#![allow(clippy::format_push_string, reason = "reports are written once; what reads best is best")]

mod breakdown;
mod check;
mod completions;
mod disk;
mod doc;
mod eval;
mod explain;
mod foreign;
mod interrupt;
mod lock;
mod log;
mod memory;
mod number;
mod outputs;
mod predict;
mod profile;
mod progress;
mod report;
mod save;
mod shell;
mod show;
mod specimen;
mod subject;
mod sweep;
mod tensors;
mod threads;
mod trace;
mod train;
mod usage;
mod verify;
mod why;

use clap::{CommandFactory, Parser, Subcommand};
use shell::{ColorChoice, Exit, Shell};
use std::process::ExitCode;

/// A compiler for neural networks that are declared: check, train, use and explain them from one small file.
#[derive(Debug, Parser)]
#[command(name = "nn", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// When to colour output
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Find every fault of language, shapes, data and design, in one run
    Check(check::Args),
    /// Check, train, evaluate, and save the model
    #[command(visible_alias = "run")]
    Train(train::Args),
    /// Metrics of a model on its own test rows, or on a file
    Eval(eval::Args),
    /// Rows in, predictions out
    Predict(predict::Args),
    /// The chain rule for one weight: every path from it to the loss
    Why(why::Args),
    /// What every neuron holds for one row, layer by layer
    Trace(trace::Args),
    /// Where the time goes, measured: layer by layer, forward, backward and update
    Profile(profile::Args),
    /// Many runs side by side: a table, a verdict for each, all curves in one picture
    Sweep(sweep::Args),
    /// Train again what a model carries, and say whether the bits are the same
    Verify(verify::Args),
    /// Show the network as a table, all defaults filled in; or as JSON, node by node, or as a picture
    Show(show::Args),
    /// What there is: every layer, loss, optimizer and setting, or all about one
    Doc(doc::Args),
    /// The page of a rule: what it finds, why, and how to mend it
    Explain(explain::Args),
    /// Completions for a shell
    Completions(completions::Args),
    /// The manual page
    #[command(hide = true)]
    Man,
}

/// What `nn` alone says.
const WELCOME: &str = "\
nn trains neural networks that are declared in a small file.

  nn check FILE.nn      find every fault before a number moves
  nn train FILE.nn      check, train, evaluate, save the model beside it
  nn predict MODEL CSV  rows in, predictions out
  nn show FILE.nn       the network as a table, all defaults filled in
  nn trace FILE.nn      what every neuron holds for one row
  nn why FILE.nn WEIGHT the chain rule for one weight, path by path
  nn doc                every layer, loss, optimizer and setting
  nn explain NN101      the page of a rule

Try `nn train examples/iris.nn`; `nn --help` lists every command.
";

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to standard output and are no fault; clap knows which is which.
            let _ = error.print();
            let arguments: Vec<String> =
                std::env::args_os().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
            if let Some(tip) = usage::tip(&error, &arguments) {
                eprint!("\n{tip}");
            }
            return if error.use_stderr() { Exit::Usage.into() } else { Exit::Well.into() };
        }
    };
    let mut shell = Shell::new(cli.color);
    let exit = match cli.command {
        None => {
            shell.out(WELCOME);
            Exit::Well
        }
        Some(Command::Check(args)) => check::run(&args, &mut shell),
        Some(Command::Train(args)) => train::run(&args, &mut shell),
        Some(Command::Eval(args)) => eval::run(&args, &mut shell),
        Some(Command::Predict(args)) => predict::run(&args, &mut shell),
        Some(Command::Why(args)) => why::run(&args, &mut shell),
        Some(Command::Trace(args)) => trace::run(&args, &mut shell),
        Some(Command::Profile(args)) => profile::run(&args, &mut shell),
        Some(Command::Sweep(args)) => sweep::run(&args, &mut shell),
        Some(Command::Verify(args)) => verify::run(&args, &mut shell),
        Some(Command::Show(args)) => show::run(&args, &mut shell),
        Some(Command::Doc(args)) => doc::run(&args, &mut shell),
        Some(Command::Explain(args)) => explain::run(&args, &mut shell),
        Some(Command::Completions(args)) => completions::run(&args, &mut shell),
        Some(Command::Man) => completions::man(&mut shell),
    };
    shell.close(exit).into()
}

/// The whole command line, for completions and the man page.
pub(crate) fn command() -> clap::Command {
    Cli::command()
}
