//! `nn completions SHELL` and `nn man`: what shells and `man` are told about the command line.

use super::shell::{Exit, Shell};

/// Options of `completions`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Which shell
    #[arg(value_name = "SHELL")]
    shell: clap_complete::Shell,
}

/// Writes the completion script.
pub(crate) fn run(args: &Args, shell: &mut Shell) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "nn", &mut script);
    shell.out(&String::from_utf8_lossy(&script));
    Exit::Well
}

/// Writes the manual page of `nn` and of each of its commands.
pub(crate) fn man(shell: &mut Shell) -> Exit {
    let mut command = super::command();
    command.build();
    let mut page = Vec::new();
    let commands: Vec<_> = command.get_subcommands().filter(|c| !c.is_hide_set() && c.get_name() != "help").collect();
    let written = clap_mangen::Man::new(command.clone()).render(&mut page).and_then(|()| {
        commands.into_iter().try_for_each(|c| {
            let man = clap_mangen::Man::new(c.clone().disable_help_flag(true));
            page.extend_from_slice(format!(".SH \"NN {}\"\n", c.get_name().to_uppercase()).as_bytes());
            man.render_description_section(&mut page)?;
            man.render_synopsis_section(&mut page)?;
            man.render_options_section(&mut page)
        })
    });
    match written {
        Ok(()) => {
            shell.out(&String::from_utf8_lossy(&page));
            Exit::Well
        }
        Err(error) => shell.fault(&format!("the manual page cannot be written: {error}")),
    }
}
