//! What is seen while a run goes on: a bar on a terminal, some plain lines elsewhere.

use super::report::short;
use super::shell::Shell;
use crate::catalog::metrics::Outcome;
use crate::train::{Epoch, Event, Terms};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Plain lines of a run, first and last among them.
const PLAIN_LINES: u64 = 10;

/// A run's progress.
pub(crate) enum Progress {
    /// Nothing is shown.
    Quiet,
    /// A bar.
    Bar(ProgressBar),
    /// Lines.
    Plain {
        /// Epochs in all.
        epochs: u64,
    },
}

impl Progress {
    /// What suits the shell.
    pub(crate) fn new(quiet: bool, epochs: u64, shell: &Shell) -> Self {
        if quiet {
            return Self::Quiet;
        }
        if !shell.terminal {
            return Self::Plain { epochs };
        }
        // A thousandth of an epoch is the bar's unit, so that long epochs move it too.
        let bar = ProgressBar::with_draw_target(Some(epochs * 1000), ProgressDrawTarget::stderr_with_hz(12));
        let style = ProgressStyle::with_template("{wide_bar} {msg}  {eta} left");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("━━ "));
        Self::Bar(bar)
    }

    /// Takes note of an event.
    pub(crate) fn event(&self, event: &Event<'_>, terms: &Terms, shell: &Shell) {
        match (self, event) {
            (Self::Bar(bar), Event::Progress { epoch, done, steps }) => {
                bar.set_position((epoch - 1) * 1000 + done * 1000 / steps);
            }
            (Self::Bar(bar), Event::Epoch(epoch)) => {
                bar.set_position(epoch.epoch * 1000);
                // Text is made when the bar is drawn, not for each of a hundred thousand epochs a second.
                if bar
                    .length()
                    .is_some_and(|l| epoch.epoch.is_multiple_of((l / 1000 / 200).max(1)) || epoch.epoch * 1000 == l)
                {
                    bar.set_message(describe(epoch, terms));
                }
            }
            (Self::Plain { epochs }, Event::Epoch(epoch)) => {
                let every = epochs.div_ceil(PLAIN_LINES);
                if epoch.epoch == 1 || epoch.epoch.is_multiple_of(every) || epoch.epoch == *epochs {
                    let width = epochs.to_string().len();
                    shell.err(&format!("epoch {:>width$}/{epochs}  {}\n", epoch.epoch, describe(epoch, terms)));
                }
            }
            (Self::Plain { .. }, Event::Progress { .. }) | (Self::Quiet, _) => {}
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn describe(epoch: &Epoch, terms: &Terms) -> String {
    let first = |metrics: &[(&'static str, Outcome)]| match metrics.first() {
        Some((name, Outcome::Number(value))) => format!(" {} {}", terms.title(name), short(*value)),
        _ => String::new(),
    };
    let mut text = format!("loss {}{}", short(epoch.train_loss), first(&epoch.metrics));
    if let Some(loss) = epoch.evaluated_loss {
        text.push_str(&format!("  evaluated loss {}", short(loss)));
    }
    if let Some((loss, metrics)) = &epoch.validation {
        text.push_str(&format!("  validation loss {}{}", short(*loss), first(metrics)));
    }
    text
}
