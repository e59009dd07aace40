//! [`Checkpoint`]: a run between two steps in a file, and what it is a run of, so that it is taken up again with the
//! same program, data and start, or not at all. The numbers are tensors of a safetensors file, to the bit; the rest
//! stands in its metadata, with a hash of the whole.

use super::model::tensors;
use super::state::State;
use crate::catalog::Precision;
use crate::data::{DataFile, hexadecimal};
use crate::diagnostic::{Diagnostic, codes};
use crate::ir::lower::Override;
use crate::syntax::significant;
use crate::tensor::Real;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// The metadata's keys.
const KEY: &str = "nn.checkpoint";
const HASH: &str = "nn.sha256";

/// What a run is a run of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The version of nn.
    pub version: String,
    /// The program's text.
    pub program: String,
    /// What `--set` put in place of what it says.
    pub overrides: Vec<Override>,
    /// The data files, as they were read.
    pub files: Vec<DataFile>,
    /// The SHA-256 of the file that the weights started from, where there was one.
    pub start: Option<String>,
}

/// The settings of `train` that a run that goes on may have otherwise.
const EXTENSIBLE: [&str; 2] = ["epochs", "stop"];

impl Origin {
    /// What keeps a run of this from being taken up as one of `now`, each as a sentence. A run that is extended may
    /// have more epochs or another stopping rule, and be of another version.
    pub fn differences(&self, now: &Self, extends: bool) -> Vec<String> {
        let mut found = Vec::new();
        if self.version != now.version && !extends {
            found.push(format!("it was begun by nn {}, and this is nn {}", self.version, now.version));
        }
        let (then, today) = (self.lines(extends), now.lines(extends));
        let different = then.iter().zip(&today).find(|(a, b)| a != b);
        found.extend(match different {
            Some((then, today)) => Some(format!("the program said `{then}` then, and says `{today}` now")),
            None if then.len() > today.len() => Some(format!("the program no longer says `{}`", then[today.len()])),
            None if then.len() < today.len() => Some(format!("the program did not say `{}` then", today[then.len()])),
            None => None,
        });
        for file in &now.files {
            match self.files.iter().find(|then| then.path == file.path) {
                Some(then) if then == file => {}
                Some(then) if then.bytes != file.bytes => {
                    found.push(format!("`{}` had {} bytes then, and has {} now", file.path, then.bytes, file.bytes));
                }
                Some(_) => found.push(format!("`{}` is not the same file as then", file.path)),
                None => found.push(format!("`{}` was not read then", file.path)),
            }
        }
        if self.start != now.start {
            found.push("it started from other weights".to_owned());
        }
        found
    }

    /// What the program says, a line each; overrides after it.
    fn lines(&self, extends: bool) -> Vec<String> {
        let free = |name: &str| extends && EXTENSIBLE.contains(&name);
        let said = significant(&self.program).into_iter();
        let said = said.filter(|line| !line.split_once(" = ").is_some_and(|(name, _)| free(name)));
        let set = self.overrides.iter().filter(|o| !o.name.strip_prefix("train.").is_some_and(free));
        said.chain(set.map(|o| format!("--set {}={}", o.name, o.value))).collect()
    }
}

/// A run and what it is of.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint<R> {
    /// What it is a run of.
    pub origin: Origin,
    /// The run.
    pub state: State<R>,
}

/// All but the numbers of a checkpoint, as the metadata holds it.
#[derive(Serialize, Deserialize)]
#[serde(bound = "R: Precision")]
struct Rest<R> {
    origin: Origin,
    /// With no numbers in it.
    state: State<R>,
}

impl<R: Precision> Checkpoint<R> {
    /// The file.
    ///
    /// # Errors
    /// What the format cannot hold, as a sentence.
    pub fn bytes(mut self) -> Result<Vec<u8>, String> {
        let mut numbers: Vec<(&str, Dtype, usize, Vec<u8>)> = Vec::new();
        for (name, values) in weights(&mut self.state) {
            let values = std::mem::take(values);
            let bytes = values.iter().flat_map(|v| v.bits().to_le_bytes().into_iter().take(size_of::<R>())).collect();
            numbers.push((name, dtype::<R>(), values.len(), bytes));
        }
        for (name, losses) in losses(&mut self.state) {
            let losses = std::mem::take(losses);
            numbers.push((name, Dtype::F64, losses.len(), losses.iter().flat_map(|l| l.to_le_bytes()).collect()));
        }
        let fingerprints = std::mem::take(&mut self.state.fingerprints);
        let bytes = fingerprints.iter().flat_map(|f| f.to_le_bytes()).collect();
        numbers.push(("fingerprints", Dtype::U64, fingerprints.len(), bytes));
        let order = std::mem::take(&mut self.state.steps.order);
        numbers.push(("order", Dtype::U32, order.len(), order.iter().flat_map(|row| row.to_le_bytes()).collect()));
        let rest = Rest { origin: self.origin, state: self.state };
        let text = serde_json::to_string(&rest).map_err(|e| e.to_string())?;
        numbers.sort_by_key(|(name, ..)| *name);
        let hash = hash(&text, numbers.iter().map(|(name, _, _, bytes)| (*name, bytes.as_slice())));
        let views: Result<Vec<_>, _> = numbers
            .iter()
            .map(|(name, dtype, count, bytes)| Ok((*name, TensorView::new(*dtype, vec![*count], bytes)?)))
            .collect();
        let views = views.map_err(|e: safetensors::SafeTensorError| e.to_string())?;
        let metadata = HashMap::from([(KEY.to_owned(), text), (HASH.to_owned(), hash)]);
        safetensors::serialize(views, Some(metadata)).map_err(|e| e.to_string())
    }

    /// Reads a checkpoint; `path` is how reports call it.
    ///
    /// # Errors
    /// NN115 where it is none, is damaged, or is of another precision.
    pub fn read(bytes: &[u8], path: &str) -> Result<Self, Diagnostic> {
        let wrong = |what: String| {
            Diagnostic::error(codes::MODEL_FILE, format!("`{path}` is not a checkpoint of nn")).note_that(what)
        };
        let file = tensors(bytes, path)?;
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|e| wrong(e.to_string()))?;
        let of = |key: &str| metadata.metadata().as_ref().and_then(|m| m.get(key)).cloned();
        let text = of(KEY).ok_or_else(|| wrong(format!("its metadata has no entry `{KEY}`")))?;
        let mut names: Vec<&str> = file.names();
        names.sort_unstable();
        let views: Result<Vec<_>, _> = names.iter().map(|name| Ok((*name, file.tensor(name)?))).collect();
        let views = views.map_err(|e: safetensors::SafeTensorError| wrong(e.to_string()))?;
        if of(HASH) != Some(hash(&text, views.iter().map(|(name, view)| (*name, view.data())))) {
            return Err(wrong("it is damaged: its hash is not that of what it holds".to_owned()));
        }
        let view = |name: &str, dtype: Dtype| match views.iter().find(|(known, _)| *known == name) {
            Some((_, view)) if view.dtype() == dtype => Ok(view.data()),
            Some((_, view)) => Err(wrong(format!("`{name}` holds {:?}, not {dtype:?}", view.dtype()))),
            None => Err(wrong(format!("it lacks `{name}`"))),
        };
        let rest: Rest<R> = serde_json::from_str(&text).map_err(|e| wrong(e.to_string()))?;
        let Rest { origin, mut state } = rest;
        for (name, values) in weights(&mut state) {
            let chunks = view(name, dtype::<R>())?.chunks_exact(size_of::<R>());
            *values = chunks
                .map(|chunk| R::of_bits(chunk.iter().rev().fold(0, |bits, b| bits << 8 | u64::from(*b))))
                .collect();
        }
        for (name, losses) in losses(&mut state) {
            let chunks = view(name, Dtype::F64)?.as_chunks::<8>().0;
            *losses = chunks.iter().map(|chunk| f64::from_le_bytes(*chunk)).collect();
        }
        let fingerprints = view("fingerprints", Dtype::U64)?.as_chunks::<8>().0;
        state.fingerprints = fingerprints.iter().map(|chunk| u64::from_le_bytes(*chunk)).collect();
        let rows = view("order", Dtype::U32)?.as_chunks::<4>().0;
        state.steps.order = rows.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect();
        Ok(Self { origin, state })
    }
}

fn dtype<R: Real>() -> Dtype {
    if size_of::<R>() == 8 { Dtype::F64 } else { Dtype::F32 }
}

/// The numbers of a run in its own precision.
fn weights<R>(state: &mut State<R>) -> Vec<(&'static str, &mut Vec<R>)> {
    let steps = &mut state.steps;
    let mut all = vec![
        ("parameters", &mut steps.parameters),
        ("layer_state", &mut steps.layer_state),
        ("slots", &mut steps.slots),
    ];
    if let Some(best) = state.stopping.as_mut().and_then(|stopping| stopping.best.as_mut()) {
        all.push(("best.parameters", &mut best.parameters));
        all.push(("best.layer_state", &mut best.layer_state));
    }
    all
}

fn losses<R>(state: &mut State<R>) -> [(&'static str, &mut Vec<f64>); 2] {
    [("train_loss", &mut state.train_loss), ("validation_loss", &mut state.validation_loss)]
}

/// The SHA-256 of everything, names and lengths included, in hexadecimal.
fn hash<'b>(text: &'b str, numbers: impl Iterator<Item = (&'b str, &'b [u8])>) -> String {
    let mut hash = Sha256::new();
    for (name, bytes) in std::iter::once(("", text.as_bytes())).chain(numbers) {
        hash.update((name.len() as u64).to_le_bytes());
        hash.update(name);
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
    hexadecimal(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(program: &str, overrides: &[(&str, &str)]) -> Origin {
        let set = |(name, value): &(&str, &str)| Override { name: (*name).to_owned(), value: (*value).to_owned() };
        Origin {
            version: "1.0.0".to_owned(),
            program: program.to_owned(),
            overrides: overrides.iter().map(set).collect(),
            files: vec![DataFile { path: "a.csv".to_owned(), bytes: 5, sha256: "00".to_owned() }],
            start: None,
        }
    }

    #[test]
    fn what_differs_is_told() {
        const TEXT: &str = "train {\n  loss = mse # of the rows\n  epochs = 5\n}\n";
        let then = origin(TEXT, &[]);
        let none: [&str; 0] = [];
        assert_eq!(then.differences(&origin("train { \nloss = mse\nepochs = 5\n}", &[]), false), none);
        let longer = origin(&TEXT.replace('5', "50"), &[]);
        assert_eq!(
            then.differences(&longer, false),
            ["the program said `epochs = 5` then, and says `epochs = 50` now"]
        );
        assert_eq!(then.differences(&longer, true), none);
        assert_eq!(then.differences(&origin(TEXT, &[("train.epochs", "9")]), true), none);
        let set = origin(TEXT, &[("train.loss", "mae")]);
        assert_eq!(then.differences(&set, true), ["the program did not say `--set train.loss=mae` then"]);
        assert_eq!(set.differences(&then, true), ["the program no longer says `--set train.loss=mae`"]);
        let mut other = origin(TEXT, &[]);
        other.version = "1.1.0".to_owned();
        other.start = Some("ff".to_owned());
        other.files[0].sha256 = "11".to_owned();
        other.files.push(DataFile { path: "b.csv".to_owned(), bytes: 0, sha256: "22".to_owned() });
        let told = [
            "it was begun by nn 1.0.0, and this is nn 1.1.0",
            "`a.csv` is not the same file as then",
            "`b.csv` was not read then",
            "it started from other weights",
        ];
        assert_eq!(then.differences(&other, false), told);
        assert_eq!(then.differences(&other, true), told[1..]);
        other.files[0].bytes = 6;
        assert_eq!(then.differences(&other, true)[0], "`a.csv` had 5 bytes then, and has 6 now");
    }
}
