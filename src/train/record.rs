//! [`Record`]: what a model file says besides its tensors.

use super::history::History;
use crate::data::{DataFile, Preparation, Sides};
use crate::diagnostic::{Diagnostic, codes};
use crate::ir::lower::Override;
use crate::ir::spec::{DataSpec, Facts};
use serde::{Deserialize, Serialize};

/// What a model file says besides its tensors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The program's version that wrote it.
    pub version: String,
    /// The program's file name.
    pub name: String,
    /// The way from the model's folder to the program's, for paths in the program.
    pub folder: String,
    /// The program's text.
    pub program: String,
    /// What `--set` put in place of what it says.
    pub overrides: Vec<Override>,
    /// What the data turned out to be.
    pub facts: Facts,
    /// How rows are prepared.
    pub preparation: Preparation,
    /// Which data that was learnt from.
    pub data: TrainedOn,
    /// Of every random stream.
    pub seed: u64,
    /// Why training ended: `epochs`, `early_stop`, `interrupted`.
    pub ended: String,
    /// Steps done.
    pub steps: u64,
    /// Losses by epoch.
    pub history: History,
    /// The SHA-256 of the file that the weights started from, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// Whether rows were divided and prepared as that file says, being a model that was trained on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub continued: bool,
}

/// The data of a training.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainedOn {
    /// The files that were read.
    pub files: Vec<DataFile>,
    /// All rows, held-out ones included.
    pub rows: usize,
    /// Which rows were held out, where a share of them was.
    pub sides: Option<Sides>,
}

impl TrainedOn {
    /// What has become of the data of `spec` since (NN118); `None` where it is the same. `files`, `rows` and `sides`
    /// are as they are now.
    pub fn changed(
        &self,
        spec: &DataSpec,
        files: &[DataFile],
        rows: usize,
        sides: Option<&Sides>,
    ) -> Option<Diagnostic> {
        let same = |now: &&DataFile| self.files.iter().any(|then| then == *now);
        let changed: Vec<&str> = files.iter().filter(|now| !same(now)).map(|now| now.path.as_str()).collect();
        let first = changed.first()?;
        let (own, held_out) = (spec.source.files(), spec.held_out_files());
        let is_held_out = |path: &&str| held_out.contains(path) && !own.contains(path);
        let what = match (&self.sides, sides) {
            _ if rows != self.rows => format!("{rows} rows where there were {}", self.rows),
            // Sides speak of the rows of the source alone.
            _ if changed.iter().all(is_held_out) => {
                format!("its rows are held out; with all others there are {rows} as before")
            }
            (Some(then), Some(now)) if changed.iter().any(is_held_out) && then.content == now.content => {
                format!("{rows} rows as before, those to train on in another order or form")
            }
            (Some(then), Some(now)) if then.content == now.content => {
                format!("what its {rows} rows say is the same, in another order or form")
            }
            _ => format!("{rows} rows as before, and not all of them the same"),
        };
        let text = format!("`{first}` is not as it was when the model was trained: {what}");
        Some(Diagnostic::warning(codes::DATA_CHANGED, text))
    }
}
