//! The JSONL log of a run: one object a line, as scripts rely on it.

use crate::catalog::metrics::Outcome;
use crate::train::{Ended, Epoch, Evaluation};
use serde_json::{Map, Value, json};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// An open log.
#[derive(Debug)]
pub(crate) struct Log(BufWriter<File>);

impl Log {
    /// Makes the file, or empties it.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        Ok(Self(BufWriter::with_capacity(1 << 16, File::create(path)?)))
    }

    /// An epoch's line, written without a tree of values in between: short epochs come by the hundred thousand a second.
    pub(crate) fn epoch(&mut self, epoch: &Epoch) -> io::Result<()> {
        let out = &mut self.0;
        write!(out, "{{\"event\":\"epoch\",\"epoch\":{},\"step\":{},\"learning_rate\":", epoch.epoch, epoch.step)?;
        number(out, epoch.learning_rate)?;
        out.write_all(b",\"train_loss\":")?;
        number(out, epoch.train_loss)?;
        if let Some((loss, _)) = &epoch.validation {
            out.write_all(b",\"validation_loss\":")?;
            number(out, *loss)?;
        }
        out.write_all(b",\"metrics\":")?;
        outcomes(out, &epoch.metrics)?;
        if let Some((_, metrics)) = &epoch.validation {
            out.write_all(b",\"validation_metrics\":")?;
            outcomes(out, metrics)?;
        }
        out.write_all(b",\"seconds\":")?;
        number(out, epoch.seconds)?;
        out.write_all(b"}\n")
    }

    /// The last line.
    pub(crate) fn done(
        &mut self,
        ended: &Ended,
        test: Option<(&Evaluation, &[(&'static str, Outcome)])>,
        model: Option<&str>,
    ) -> io::Result<()> {
        let mut line = Map::new();
        line.insert("event".into(), "done".into());
        line.insert("reason".into(), ended.reason().into());
        if let Some((evaluation, metrics)) = test {
            line.insert("test_loss".into(), json!(evaluation.loss));
            line.insert("test_metrics".into(), metrics_value(metrics));
        }
        line.insert("model".into(), model.map_or(Value::Null, Value::from));
        serde_json::to_writer(&mut self.0, &line)?;
        self.0.write_all(b"\n")?;
        self.0.flush()
    }
}

/// A number that reads back to the same f64; `null` where it is not finite.
fn number(out: &mut impl Write, value: f64) -> io::Result<()> {
    serde_json::to_writer(out, &value).map_err(io::Error::from)
}

fn outcomes(out: &mut impl Write, outcomes: &[(&'static str, Outcome)]) -> io::Result<()> {
    let mut open = '{';
    for (name, outcome) in outcomes {
        write!(out, "{open}\"{name}\":")?;
        match outcome {
            Outcome::Number(value) => number(out, *value)?,
            Outcome::Counts(counts) => serde_json::to_writer(&mut *out, counts)?,
        }
        open = ',';
    }
    out.write_all(if open == '{' { b"{}" } else { b"}" })
}

/// Metrics as a JSON object.
pub(crate) fn metrics_value(metrics: &[(&'static str, Outcome)]) -> Value {
    let entry = |(name, outcome): &(&'static str, Outcome)| {
        let value = match outcome {
            Outcome::Number(value) => json!(value),
            Outcome::Counts(counts) => json!(counts),
        };
        ((*name).to_owned(), value)
    };
    Value::Object(metrics.iter().map(entry).collect())
}
