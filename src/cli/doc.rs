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
        None if args.markdown => reference::markdown(),
        None if args.rules => super::explain::list(),
        None => reference::overview(&heading),
    };
    shell.out(&text);
    Exit::Well
}
