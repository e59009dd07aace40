//! `nn check FILE…`

use super::shell::{Exit, Shell};
use super::subject::{self, Subject, parse_override};
use crate::check::{Checked, Override, check};
use crate::diagnostic::{Diagnostic, Level, human, machine};
use crate::source::Source;
use std::path::PathBuf;

/// Options of `check`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Programs (or saved models) to check
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How findings are written; all but `human` go to standard output
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// A level that also fails the command
    #[arg(long, value_name = "LEVEL")]
    deny: Option<Deny>,
    /// Only these rules, by code or the start of one: NN1,NN304
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    select: Vec<String>,
    /// Put a value in place of what the file says: a `let`, or a setting such as train.epochs
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = parse_override)]
    overrides: Vec<Override>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON object a line
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// GitHub workflow commands
    Github,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Deny {
    /// Warnings fail the command
    Warnings,
}

/// Checks each file.
pub(crate) fn run(args: &Args, shell: &mut Shell) -> Exit {
    let mut found: Vec<(Source, Vec<Diagnostic>)> = Vec::new();
    let mut exit = Exit::Well;
    for path in &args.files {
        let (source, disk, overrides) = match subject::read(path, shell) {
            Ok(Subject::Program(source, disk)) => (source, disk, args.overrides.clone()),
            Ok(Subject::Model(model, disk)) => (model.source(), disk, model.record.overrides.clone()),
            Err(fault) => {
                exit = fault;
                continue;
            }
        };
        let Checked { mut diagnostics, .. } = match check(&source, &overrides, &disk) {
            Ok(checked) => checked,
            Err(message) => return shell.usage(&message),
        };
        subject::locate_excerpts(&mut diagnostics, path);
        diagnostics.retain(|d| selected(&args.select, d));
        found.push((source, diagnostics));
    }
    write(args.format, &found, shell);
    let least = if args.deny.is_some() { Level::Warning } else { Level::Error };
    if found.iter().flat_map(|(_, d)| d).any(|d| d.level >= least) {
        exit = Exit::Fault;
    }
    exit
}

fn selected(select: &[String], diagnostic: &Diagnostic) -> bool {
    let code = diagnostic.code.to_string();
    select.is_empty() || select.iter().any(|s| code.starts_with(&s.to_ascii_uppercase()))
}

fn write(format: Format, found: &[(Source, Vec<Diagnostic>)], shell: &mut Shell) {
    match format {
        Format::Human => {
            for (source, diagnostics) in found {
                if diagnostics.is_empty() {
                    shell.err(&format!("{}: nothing to report\n", source.name()));
                } else {
                    shell.err(&human::render(source, diagnostics, &shell.look, Some(human::CAP)));
                }
            }
        }
        Format::Json => found.iter().for_each(|(source, diagnostics)| shell.out(&machine::json(source, diagnostics))),
        Format::Github => {
            found.iter().for_each(|(source, diagnostics)| shell.out(&machine::github(source, diagnostics)))
        }
        Format::Sarif => shell.out(&machine::sarif(found)),
    }
}
