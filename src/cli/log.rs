//! The JSONL log of a run: one object a line, as scripts rely on it.

use super::breakdown;
use crate::catalog::metrics::Outcome;
use crate::train::{Ended, Epoch, Evaluation, Terms};
use serde_json::{Map, Value, json};
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// An open log.
#[derive(Debug)]
pub(crate) struct Log {
    file: BufWriter<File>,
    /// What the metrics speak of.
    terms: Terms,
    /// What stands behind the metrics of every line: `,"positive":"fraud"`.
    key: Vec<u8>,
    /// Room for a line.
    line: Vec<u8>,
    /// Short epochs whose lines are not written yet.
    waiting: Vec<Epoch>,
    /// When lines last went to the file.
    flushed: Instant,
}

/// An epoch shorter than this is not interrupted by its line: a step of half a microsecond would find the processor's
/// caches full of digits.
const SHORT: f64 = 50e-6;
/// Most epochs whose lines wait.
const WAITING: usize = 128;
/// So long at most, an epoch besides, lines are held back from the file: it is watched while the run goes on, and is
/// all that is left of one that is killed.
const HELD: Duration = Duration::from_millis(200);

impl Log {
    /// Makes the file, or empties it.
    pub(crate) fn create(path: &Path, terms: Terms) -> io::Result<Self> {
        Ok(Self::to(File::create(path)?, terms))
    }

    /// Opens a log to go on behind its first `epochs` epochs; whatever follows them is done again.
    pub(crate) fn resume(path: &Path, terms: Terms, epochs: u64) -> io::Result<Self> {
        let text = std::fs::read(path)?;
        let kept = text.split_inclusive(|&b| b == b'\n').take(epochs as usize);
        let is_epoch = |(k, line): (usize, &[u8])| {
            line.starts_with(format!("{{\"event\":\"epoch\",\"epoch\":{},", k + 1).as_bytes()) && line.ends_with(b"\n")
        };
        if kept.clone().count() as u64 != epochs || !kept.clone().enumerate().all(is_epoch) {
            let what = format!("it does not have the {epochs} epochs that were done");
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        let length: usize = kept.map(<[u8]>::len).sum();
        let mut file = File::options().write(true).open(path)?;
        file.set_len(length as u64)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self::to(file, terms))
    }

    fn to(file: File, terms: Terms) -> Self {
        let key = terms.key().map_or_else(String::new, |(key, value)| format!(",\"{key}\":{}", json!(value)));
        Self {
            file: BufWriter::with_capacity(1 << 16, file),
            terms,
            key: key.into_bytes(),
            line: Vec::new(),
            waiting: Vec::new(),
            flushed: Instant::now(),
        }
    }

    /// Writes every line that is held back, and has the system keep them.
    pub(crate) fn settle(&mut self) -> io::Result<()> {
        self.write_waiting()?;
        self.file.flush()?;
        // A pipe or a device keeps nothing.
        let _ = self.file.get_ref().sync_data();
        Ok(())
    }

    /// Takes an epoch; lines of short ones are written some at a time.
    pub(crate) fn epoch(&mut self, epoch: &Epoch) -> io::Result<()> {
        self.waiting.push(epoch.clone());
        if epoch.seconds < SHORT && self.waiting.len() < WAITING { Ok(()) } else { self.write_waiting() }
    }

    fn write_waiting(&mut self) -> io::Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        waiting.iter().try_for_each(|epoch| self.write(epoch))?;
        if self.flushed.elapsed() >= HELD {
            self.file.flush()?;
            self.flushed = Instant::now();
        }
        Ok(())
    }

    /// An epoch's line, put together without a tree of values or a formatter in between: short epochs come by the
    /// hundred thousand a second.
    fn write(&mut self, epoch: &Epoch) -> io::Result<()> {
        let Self { line, terms, key, .. } = self;
        line.clear();
        line.extend_from_slice(b"{\"event\":\"epoch\",\"epoch\":");
        whole(line, epoch.epoch);
        line.extend_from_slice(b",\"step\":");
        whole(line, epoch.step);
        line.extend_from_slice(b",\"learning_rate\":");
        number(line, epoch.learning_rate);
        line.extend_from_slice(b",\"train_loss\":");
        number(line, epoch.train_loss);
        if let Some((loss, _)) = &epoch.validation {
            line.extend_from_slice(b",\"validation_loss\":");
            number(line, *loss);
        }
        if let Some(loss) = epoch.evaluated_loss {
            line.extend_from_slice(b",\"evaluated_loss\":");
            number(line, loss);
        }
        line.extend_from_slice(b",\"metrics\":");
        outcomes(line, &epoch.metrics, terms, key)?;
        if let Some((_, metrics)) = &epoch.validation {
            line.extend_from_slice(b",\"validation_metrics\":");
            outcomes(line, metrics, terms, key)?;
        }
        line.extend_from_slice(b",\"seconds\":");
        number(line, epoch.seconds);
        line.extend_from_slice(b"}\n");
        self.file.write_all(line)
    }

    /// The last line.
    pub(crate) fn done(
        &mut self,
        ended: &Ended,
        test: Option<(&Evaluation, &[(&'static str, Outcome)])>,
        model: Option<&str>,
    ) -> io::Result<()> {
        self.write_waiting()?;
        let mut line = Map::new();
        line.insert("event".into(), "done".into());
        line.insert("reason".into(), ended.reason().into());
        if let Some((evaluation, metrics)) = test {
            line.insert("test_loss".into(), json!(evaluation.loss));
            line.insert("test_metrics".into(), breakdown::metrics(metrics, &self.terms));
            line.insert("test".into(), breakdown::evaluation(evaluation, metrics, &self.terms));
        }
        line.insert("model".into(), model.map_or(Value::Null, Value::from));
        serde_json::to_writer(&mut self.file, &line)?;
        self.file.write_all(b"\n")?;
        self.file.flush()
    }
}

/// A number that reads back to the same f64; `null` where it is not finite.
fn number(line: &mut Vec<u8>, value: f64) {
    if value.is_finite() {
        line.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes());
    } else {
        line.extend_from_slice(b"null");
    }
}

/// A count in decimal digits.
fn whole(line: &mut Vec<u8>, mut value: u64) {
    let (mut digits, mut first) = ([0; 20], 20);
    loop {
        first -= 1;
        digits[first] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    line.extend_from_slice(&digits[first..]);
}

fn outcomes(line: &mut Vec<u8>, outcomes: &[(&'static str, Outcome)], terms: &Terms, key: &[u8]) -> io::Result<()> {
    line.push(b'{');
    for (k, (name, outcome)) in outcomes.iter().enumerate() {
        line.extend_from_slice(if k == 0 { b"\"" } else { b",\"" });
        line.extend_from_slice(name.as_bytes());
        line.extend_from_slice(b"\":");
        match outcome {
            Outcome::Number(value) => number(line, *value),
            Outcome::Without(value, rows) => {
                number(line, *value);
                line.extend_from_slice(b",\"");
                line.extend_from_slice(name.as_bytes());
                line.extend_from_slice(b"_left_out\":");
                whole(line, *rows);
            }
            Outcome::Undefined => line.extend_from_slice(b"null"),
            Outcome::Counts(counts) => serde_json::to_writer(&mut *line, counts)?,
            Outcome::Tables(_) => serde_json::to_writer(&mut *line, &breakdown::outcome(outcome, terms))?,
        }
    }
    line.extend_from_slice(key);
    line.push(b'}');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::terms::{Of, Parts};

    #[test]
    fn a_line_reads_back() {
        let mut line = Vec::new();
        let terms =
            Terms { names: vec!["a".into(), "b".into()], parts: Parts::Labels, of: Of::Macro, asked: true, top: None };
        let metrics = [("mae", Outcome::Number(0.1)), ("r2", Outcome::Undefined), ("mse", Outcome::Number(f64::NAN))];
        outcomes(&mut line, &metrics, &terms, br#","average":"mean""#).expect("writes");
        assert_eq!(line, br#"{"mae":0.1,"r2":null,"mse":null,"average":"mean"}"#);
        line.clear();
        let tables = Outcome::Tables(vec![[[1, 2], [3, 4]], [[5, 0], [0, 6]]]);
        outcomes(&mut line, &[("confusion", tables)], &terms, b"").expect("writes");
        assert_eq!(line, br#"{"confusion":{"a":[[1,2],[3,4]],"b":[[5,0],[0,6]]}}"#);
        for value in [0, 7, 10, 12_345, u64::MAX] {
            line.clear();
            whole(&mut line, value);
            assert_eq!(String::from_utf8_lossy(&line), value.to_string());
        }
        for value in [0.1, 1.0, -1e-300, 1e22, 5e-324] {
            line.clear();
            number(&mut line, value);
            assert_eq!(serde_json::from_slice::<f64>(&line).expect("a number"), value);
        }
    }
}
