//! [`Shell`]: the streams, how they look, and how a command ends.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::human::{self, Look};
use crate::source::Source;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

/// How a result that has no form of its own besides is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// One JSON object
    Json,
}

/// When output is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, as `NO_COLOR`, `CLICOLOR_FORCE` and `TERM` allow
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All well.
    Well,
    /// The file, the data or the run is at fault.
    Fault,
    /// Wrong usage.
    Usage,
    /// Interrupted, with what was reached saved; the status for the signal.
    Interrupted(u8),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Well => Self::SUCCESS,
            Exit::Fault => Self::from(1),
            Exit::Usage => Self::from(2),
            Exit::Interrupted(status) => Self::from(status),
        }
    }
}

/// Standard output and error, and how each looks.
#[derive(Debug)]
pub(crate) struct Shell {
    out: io::BufWriter<io::Stdout>,
    /// A reader that went away (`nn doc | head`) ends output without a fault; anything else is one.
    failed: Option<io::ErrorKind>,
    /// How reports on standard error look.
    pub look: Look,
    /// Whether standard error is a terminal, where progress may be drawn.
    pub terminal: bool,
    /// How results on standard output look.
    pub out_look: Look,
}

impl Shell {
    /// The process's own streams.
    pub(crate) fn new(choice: ColorChoice) -> Self {
        let terminal = io::stderr().is_terminal();
        Self {
            out: io::BufWriter::new(io::stdout()),
            failed: None,
            look: look(choice, terminal),
            terminal,
            out_look: look(choice, io::stdout().is_terminal()),
        }
    }

    /// Writes a result.
    pub(crate) fn out(&mut self, text: &str) {
        if self.failed.is_some() {
            return;
        }
        if let Err(error) = self.out.write_all(text.as_bytes()) {
            self.failed = Some(error.kind());
        }
    }

    /// Standard output, for results too long to hold.
    pub(crate) fn writer(&mut self) -> &mut impl Write {
        &mut self.out
    }

    /// Writes to standard error, where a failure has nowhere to be told.
    #[expect(clippy::unused_self, reason = "all that is written goes through the shell")]
    pub(crate) fn err(&self, text: &str) {
        let _ = io::stderr().write_all(text.as_bytes());
    }

    /// Writes reports to standard error.
    pub(crate) fn report(&self, source: &Source, diagnostics: &[Diagnostic]) {
        if !diagnostics.is_empty() {
            self.err(&human::render(source, diagnostics, &self.look, Some(human::CAP)));
        }
    }

    /// Reports faults that no program is to blame for.
    pub(crate) fn report_plain(&self, diagnostics: &[Diagnostic]) {
        self.report(&Source::new("", ""), diagnostics);
    }

    /// Tells of wrong usage.
    pub(crate) fn usage(&self, message: &str) -> Exit {
        self.err(&format!("error: {message}\n"));
        Exit::Usage
    }

    /// Tells of a fault outside any program.
    pub(crate) fn fault(&self, message: &str) -> Exit {
        self.err(&format!("error: {message}\n"));
        Exit::Fault
    }

    /// Does something whose results are not wanted here.
    pub(crate) fn muted<T>(&mut self, what: impl FnOnce(&mut Self) -> T) -> T {
        let failed = self.failed.replace(io::ErrorKind::BrokenPipe);
        let done = what(self);
        self.failed = failed;
        done
    }

    /// Flushes results; a result that could not be written is a fault.
    pub(crate) fn close(mut self, exit: Exit) -> Exit {
        if self.failed.is_none()
            && let Err(error) = self.out.flush()
        {
            self.failed = Some(error.kind());
        }
        match self.failed {
            None | Some(io::ErrorKind::BrokenPipe) => exit,
            Some(kind) => {
                self.err(&format!("error: standard output cannot be written: {kind}\n"));
                if exit == Exit::Well { Exit::Fault } else { exit }
            }
        }
    }
}

fn look(choice: ColorChoice, terminal: bool) -> Look {
    let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty() && v != "0");
    let dumb = std::env::var_os("TERM").is_some_and(|t| t == "dumb");
    let color = match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()) => false,
        ColorChoice::Auto if set("CLICOLOR_FORCE") || set("FORCE_COLOR") => true,
        ColorChoice::Auto => terminal && !dumb,
    };
    Look { color, unicode: !dumb, width: 100 }
}
