//! `nn check FILE…`

use super::save;
use super::shell::{Exit, Shell};
use super::subject::{self, Subject, parse_override};
use crate::check::{Depth, Mended, Options, Override, Trial, check_with, mend, trial};
use crate::diagnostic::codes::Code;
use crate::diagnostic::{Diagnostic, Level, codes, human, machine_readable};
use crate::source::Source;
use crate::text::short;
use std::path::{Path, PathBuf};

/// Options of `check`.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
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
    /// Only these rules, by name, code or the start of one: NN1,NN304,target-range
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    select: Vec<String>,
    /// Only what needs neither large data nor a probe
    #[arg(long)]
    quick: bool,
    /// Rules of taste too
    #[arg(long)]
    pedantic: bool,
    /// Apply fixes that keep what the program means
    #[arg(long)]
    fix: bool,
    /// Apply fixes that change what the program computes, too
    #[arg(long)]
    unsafe_fixes: bool,
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
    if let Some(unknown) = args.select.iter().find(|s| !names_rules(s)) {
        return shell.usage(&format!("`--select`: no rule is called `{unknown}`, and no code begins so"));
    }
    let mut found: Vec<(Source, Vec<Diagnostic>)> = Vec::new();
    let mut exit = Exit::Well;
    for path in &args.files {
        match file(args, path, shell) {
            Ok(checked) => found.push(checked),
            Err(Exit::Usage) => return Exit::Usage,
            Err(fault) => exit = fault,
        }
    }
    write(args.format, &found, shell);
    let least = if args.deny.is_some() { Level::Warning } else { Level::Error };
    if found.iter().flat_map(|(_, d)| d).any(|d| d.level >= least) {
        exit = Exit::Fault;
    }
    exit
}

/// Checks one file, and mends it where that is asked for.
fn file(args: &Args, path: &Path, shell: &mut Shell) -> Result<(Source, Vec<Diagnostic>), Exit> {
    let mends = args.fix || args.unsafe_fixes;
    if mends && subject::is_standard_input(path) {
        return Err(shell.usage("fixes are written into a file: `--fix` does not go with a program on standard input"));
    }
    let (source, disk, overrides) = match subject::read(path, shell)? {
        Subject::Program(source, disk) => (source, disk, args.overrides.clone()),
        Subject::Model(_, _) if mends => {
            return Err(shell.usage(&format!("`{}` is a saved model: fixes are for programs", path.display())));
        }
        Subject::Model(model, disk) => (model.source(), disk, model.record.overrides.clone()),
    };
    let depth = if args.quick { Depth::Quick } else { Depth::Full };
    let options = Options { depth, pedantic: args.pedantic, model: None };
    let check = |source: &Source| {
        let mut diagnostics = check_with(source, &overrides, &disk, options)?.diagnostics;
        diagnostics.retain(|d| selected(&args.select, d));
        Ok(diagnostics)
    };
    let (source, mut diagnostics) = if mends {
        let before = source.text().to_owned();
        let Mended { source, applied, left, gave_up } =
            mend(source, args.unsafe_fixes, check).map_err(|e: String| shell.usage(&e))?;
        if source.text() != before {
            save::edit(path, source.text().as_bytes()).map_err(|e| {
                shell.fault(&format!("`{}` cannot be written: {}", path.display(), super::disk::reason(&e)))
            })?;
        }
        for title in &applied {
            shell.err(&format!("{}: {title}\n", path.display()));
        }
        if args.unsafe_fixes && source.text() != before {
            let tried = |source: &Source| trial(source, &overrides, &disk);
            let before = Source::new(source.name(), before);
            if let Some(said) = tried(&before).zip(tried(&source)).map(|(before, after)| expected(before, after)) {
                shell.err(&format!("{}: {said}\n", path.display()));
            }
        }
        if gave_up {
            let path = path.display();
            shell.err(&format!("{path}: further fixes mend nothing, one after the other, and are left out\n"));
        }
        (source, left)
    } else {
        let diagnostics = check(&source).map_err(|e| shell.usage(&e))?;
        (source, diagnostics)
    };
    subject::locate_excerpts(&mut diagnostics, &disk);
    Ok((source, diagnostics))
}

/// What fixes do to a run, in words. A loss is compared with itself alone: of another loss, or of scaled targets, what
/// is left of the best constant output's is told.
fn expected(before: Trial, after: Trial) -> String {
    let same_loss = (before.constant - after.constant).abs() <= 1e-6 * before.constant.abs();
    let said = |trial: Trial| match (trial.loss.is_finite(), same_loss) {
        (false, _) => "diverged".to_owned(),
        (true, true) => short(trial.loss, 3),
        (true, false) => format!("{}%", short(100.0 * trial.left, 3)),
    };
    let (from, to) = (said(before), said(after));
    let what = if same_loss { "the training loss" } else { "what is left of the best constant output's loss" };
    let steps = |trial: Trial| format!("{} {}", if trial.is_whole { "all" } else { "the first" }, trial.steps);
    if before.steps == after.steps {
        format!("{what} after {} steps: {from} → {to}", steps(after))
    } else {
        format!("{what}: {from} after {} steps → {to} after {}", steps(before), steps(after))
    }
}

fn selected(select: &[String], diagnostic: &Diagnostic) -> bool {
    select.is_empty() || select.iter().any(|s| names(s, diagnostic.code))
}

/// Whether `text` is a rule's name, its code, or the start of its code.
fn names(text: &str, code: Code) -> bool {
    code.to_string().starts_with(&text.to_ascii_uppercase()) || codes::find(text).is_some_and(|rule| rule.code == code)
}

fn names_rules(text: &str) -> bool {
    codes::RULES.iter().any(|rule| names(text, rule.code))
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
        Format::Json => {
            for (source, diagnostics) in found {
                shell.out(&machine_readable::json(source, diagnostics));
            }
        }
        Format::Github => {
            for (source, diagnostics) in found {
                shell.out(&machine_readable::github(source, diagnostics));
            }
        }
        Format::Sarif => shell.out(&machine_readable::sarif(found)),
    }
}
