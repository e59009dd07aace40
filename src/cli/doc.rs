//! `nn doc [NAME]`: the catalog.

use super::shell::{Exit, Shell};
use crate::catalog::reference;

/// Options of `doc`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A layer, activation, initializer, loss, optimizer, schedule, metric, source, block or setting; without one, all
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// The whole reference as Markdown
    #[arg(long, conflicts_with_all = ["name", "rules"])]
    markdown: bool,
    /// Every rule that `nn check` knows
    #[arg(long, conflicts_with = "name")]
    rules: bool,
}

/// Shows the catalog, or one entry of it.
pub(crate) fn run(args: &Args, shell: &mut Shell) -> Exit {
    let look = shell.out_look;
    let heading = |text: &str| look.heading(text);
    let text = match &args.name {
        Some(name) => match reference::entry(name, &heading) {
            Ok(text) => text,
            Err(message) => return shell.usage(&message),
        },
        None if args.markdown => reference::markdown() + &commands(),
        None if args.rules => super::explain::list(),
        None => reference::overview(&heading),
    };
    shell.out(&text);
    Exit::Well
}

/// The commands with their options, and how each of them ends, as Markdown.
fn commands() -> String {
    let mut text = String::from(
        "\n## Commands\n\nResults go to standard output, reports and progress to standard error. Each command ends with 0 where all is well, \
         with 1 where the file, the data or the run is at fault (with `--deny warnings` also where there is a warning), with 2 \
         where it was called wrongly, and with 130 where it was interrupted, with what was reached saved. `--color always` and \
         `--color never` (or `NO_COLOR`, `CLICOLOR_FORCE`) say when output is coloured.\n",
    );
    let mut all = super::command();
    all.build();
    for command in all.get_subcommands().filter(|c| !c.is_hide_set() && c.get_name() != "help") {
        let alias: String = command.get_visible_aliases().map(|a| format!(" (also `nn {a}`)")).collect();
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        text += &format!(
            "\n### nn {}\n\n{about}{alias}.\n\n| argument | what | default |\n|---|---|---|\n",
            command.get_name()
        );
        let own = |a: &&clap::Arg| !a.is_hide_set() && !matches!(a.get_id().as_str(), "help" | "version" | "color");
        for argument in command.get_arguments().filter(own) {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            let defaults: Vec<_> = argument.get_default_values().iter().map(|v| v.to_string_lossy()).collect();
            let takes = argument.get_action().takes_values();
            let default = if takes { defaults.join(" ") } else { String::new() };
            let cells = [format!("`{}`", written(argument)), help, default].map(|cell| cell.replace('|', "\\|"));
            text += &format!("| {} |\n", cells.join(" | "));
        }
    }
    text
}

/// How an argument is written: `--log FILE`, `-q`, `FILE…`.
fn written(argument: &clap::Arg) -> String {
    let value = if argument.get_action().takes_values() {
        let names = argument.get_value_names().unwrap_or_default();
        let choices: Vec<_> = argument.get_possible_values().iter().map(|v| v.get_name().to_owned()).collect();
        if choices.is_empty() {
            names.iter().map(clap::builder::Str::as_str).collect::<Vec<_>>().join(" ")
        } else {
            choices.join("|")
        }
    } else {
        String::new()
    };
    let many =
        if argument.is_positional() && matches!(argument.get_action(), clap::ArgAction::Append) { "…" } else { "" };
    let names: Vec<_> = [argument.get_short().map(|s| format!("-{s}")), argument.get_long().map(|l| format!("--{l}"))]
        .into_iter()
        .flatten()
        .collect();
    format!("{} {value}{many}", names.join(", ")).trim().to_owned()
}
