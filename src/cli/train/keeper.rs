//! [`Keeper`]: a run kept in a checkpoint from time to time, and when it is interrupted; and how it is found again.

use crate::catalog::Precision;
use crate::cli::disk::reason;
use crate::cli::save;
use crate::cli::subject::read_tensors;
use crate::train::checkpoint::{Checkpoint, Origin};
use crate::train::{Run, State};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How often a run is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Every {
    /// After so many steps.
    Steps(u64),
    /// After so many epochs.
    Epochs(u64),
    /// After so long.
    Time(Duration),
}

/// `100 steps`, `1 epoch`, `30s`, `10m`, `2h`
pub(super) fn parse(text: &str) -> Result<Every, String> {
    let wrong = || "write so many steps, epochs or minutes: `100 steps`, `1 epoch`, `30s`, `10m`, `2h`".to_owned();
    let text = text.trim();
    let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?);
    let count: u64 = digits.parse().ok().filter(|count| *count > 0).ok_or_else(wrong)?;
    let seconds = |each: u64| count.checked_mul(each).map(|s| Every::Time(Duration::from_secs(s))).ok_or_else(wrong);
    match unit.trim() {
        "step" | "steps" => Ok(Every::Steps(count)),
        "epoch" | "epochs" => Ok(Every::Epochs(count)),
        "s" | "sec" | "second" | "seconds" => seconds(1),
        "m" | "min" | "minute" | "minutes" => seconds(60),
        "h" | "hour" | "hours" => seconds(3600),
        _ => Err(wrong()),
    }
}

/// Where the checkpoint of a model lies: beside it.
pub(super) fn beside(model: &Path) -> PathBuf {
    model.with_extension("checkpoint")
}

/// What keeps a run.
#[derive(Debug)]
pub(super) struct Keeper<'a> {
    path: PathBuf,
    every: Option<Every>,
    origin: &'a Origin,
    /// When it was last kept.
    kept: Instant,
}

impl<'a> Keeper<'a> {
    pub(super) fn new(path: PathBuf, every: Option<Every>, origin: &'a Origin) -> Self {
        Self { path, every, origin, kept: Instant::now() }
    }

    /// Steps that may be taken before the run may have to be kept.
    pub(super) fn room<R: Precision>(&self, run: &Run<'_, R>) -> u64 {
        match self.every {
            Some(Every::Steps(steps)) => steps - run.steps() % steps,
            _ => u64::MAX,
        }
    }

    /// Whether the run is to be kept now; `epoch` is the one that has just been closed, if one was.
    pub(super) fn is_due<R: Precision>(&self, run: &Run<'_, R>, epoch: Option<u64>) -> bool {
        match self.every {
            Some(Every::Steps(steps)) => epoch.is_none() && run.steps().is_multiple_of(steps),
            Some(Every::Epochs(epochs)) => epoch.is_some_and(|epoch| epoch.is_multiple_of(epochs)),
            Some(Every::Time(time)) => self.kept.elapsed() >= time,
            None => false,
        }
    }

    /// Keeps the run as it is. The checkpoint before stays whole until this one is.
    pub(super) fn keep<R: Precision>(&mut self, run: &Run<'_, R>) -> Result<(), String> {
        self.kept = Instant::now();
        let Some(state) = run.state() else { return Ok(()) };
        let bytes = Checkpoint { origin: self.origin.clone(), state }.bytes()?;
        save::write(&self.path, &bytes).map_err(|error| reason(&error))
    }

    /// The run is over: its last state stays for one that goes on longer, where checkpoints were asked for.
    pub(super) fn conclude<R: Precision>(&mut self, run: &Run<'_, R>, was_resumed: bool) -> Result<(), String> {
        if self.every.is_some() {
            return self.keep(run);
        }
        if was_resumed {
            // Nothing can be resumed any more; a file that cannot be removed does no harm.
            let _ = std::fs::remove_file(&self.path);
        }
        Ok(())
    }

    /// How reports call the checkpoint.
    pub(super) fn shown(&self) -> String {
        self.path.display().to_string()
    }

    /// Whether a checkpoint is there.
    pub(super) fn is_there(&self) -> bool {
        self.path.is_file()
    }

    /// The run that was kept.
    pub(super) fn find<R: Precision>(&self, extends: bool) -> Result<State<R>, String> {
        let shown = self.shown();
        let bytes = read_tensors(&self.path).map_err(|error| {
            if error.kind() == std::io::ErrorKind::NotFound {
                let when = "a run leaves one where it is interrupted, or with `--checkpoint`";
                return format!("there is no run to go on with: no `{shown}` ({when})");
            }
            format!("`{shown}` cannot be read: {}", reason(&error))
        })?;
        let checkpoint = Checkpoint::<R>::read(&bytes, &shown).map_err(|report| {
            let notes: Vec<&str> = report.notes.iter().map(String::as_str).collect();
            format!("{}: {}", report.message, notes.join("; "))
        })?;
        let differences = checkpoint.origin.differences(self.origin, extends);
        if differences.is_empty() {
            return Ok(checkpoint.state);
        }
        let hint = if extends { "" } else { "\n  `--extend` lets it have more epochs or another `stop`" };
        Err(format!("`{shown}` is of another run:\n  {}{hint}", differences.join("\n  ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        let minutes = |m: u64| Every::Time(Duration::from_secs(60 * m));
        for (text, every) in [
            ("100 steps", Every::Steps(100)),
            ("1step", Every::Steps(1)),
            (" 2 epochs ", Every::Epochs(2)),
            ("10m", minutes(10)),
            ("2 h", minutes(120)),
            ("90 seconds", Every::Time(Duration::from_secs(90))),
        ] {
            assert_eq!(parse(text), Ok(every), "{text}");
        }
        for text in [
            "",
            "10",
            "m",
            "0 steps",
            "-1 epoch",
            "1.5h",
            "10 rows",
            "99999999999999999999 steps",
            "18446744073709551615h",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
