//! A program opened to be looked into, for `why` and `trace`: its weights in f64, and its rows as plain data.

use super::outputs::{Outputs, picture};
use super::shell::{Exit, Shell};
use super::subject::{self, Subject};
use super::tensors::Tensors;
use super::{memory, save};
use crate::check::{Checked, Depth, Loaded, OfModel, Options, Override, check_with};
use crate::data::{Dataset, Digests, Inputs, Original, TargetRule, Targets, load};
use crate::diagnostic::has_errors;
use crate::diagram::graph;
use crate::engine::{Machine, Plan};
use crate::explain::Row;
use crate::ir::Program;
use crate::picture::{Drawing, Graph};
use crate::source::Source;
use crate::tensor::{Dtype, Team};
use crate::text::exact;
use crate::train::batch::BatchLoader;
use crate::train::weights;
use std::path::{Path, PathBuf};

/// Rows at a time.
const BATCH: usize = 256;

/// What `why` and `trace` both take.
#[derive(Debug, clap::Args)]
pub(crate) struct Given {
    /// A program (its initial weights) or a saved model
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Use these tensors instead; names and shapes must fit
    #[arg(long, value_name = "FILE.safetensors")]
    pub weights: Option<PathBuf>,
    /// Put a value in place of what the file says: a `let`, or a setting such as train.epochs
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = subject::parse_override)]
    pub overrides: Vec<Override>,
}

/// An opened program.
pub(crate) struct Specimen {
    /// The program.
    pub program: Program,
    /// Its rows, in f64.
    pub data: Dataset<f64>,
    /// The program's text.
    pub source: Source,
    /// Tensors to use, and what reports call them; without them the weights are at their start.
    start: Option<Tensors>,
    /// What the weights are, in words.
    pub weights: String,
}

/// Reads and checks what was given; `plot` is where a picture will go. Faults are told.
pub(crate) fn open(given: &Given, plot: Option<&Path>, shell: &Shell) -> Result<Specimen, Exit> {
    picture(plot, "--plot", shell)?;
    let (source, disk, model) = match subject::read(&given.file, shell)? {
        Subject::Program(source, disk) => (source, disk, None),
        Subject::Model(model, disk) => (model.source(), disk, Some(model)),
    };
    let mut overrides = model.as_ref().map_or_else(Vec::new, |model| model.record.overrides.clone());
    overrides.extend(given.overrides.iter().cloned());
    let outputs = Outputs::of_program(&given.file, &source, &overrides, &disk);
    let outputs = given.weights.iter().fold(outputs, |outputs, weights| outputs.reads("the weights", weights));
    outputs.writes("--plot", plot).settle(shell)?;
    // A network that learns badly is what one looks into.
    let of_model = model.as_deref().map(OfModel::from);
    let options = Options { depth: Depth::Language, model: of_model, ..Options::default() };
    let digests = Digests::new(&disk);
    let Checked { program, data, mut diagnostics } =
        check_with(&source, &overrides, &digests, options).map_err(|e| shell.usage(&e))?;
    let failed = has_errors(&diagnostics) || program.is_none();
    if failed {
        subject::locate_excerpts(&mut diagnostics, &disk);
        shell.report(&source, &diagnostics);
    }
    let (Some(program), Some(data)) = (program, data) else { return Err(Exit::Fault) };
    let data = match data {
        Loaded::F64(data) => data,
        // Read again, since what was rounded to f32 stays rounded.
        Loaded::F32(_) => {
            let prior = of_model.filter(|model| *model.spec == program.data).map(|model| model.prior);
            load::<f64>(&program.data, &disk, prior).0.ok_or(Exit::Fault)?
        }
    };
    if let Some(model) = &model {
        let changed = model.record.data.changed(&program.data, &digests.seen(), data.rows(), data.sides.as_ref());
        shell.report_plain(changed.as_slice());
    }
    let mut start = model.map(|model| Tensors::of(*model));
    if let Some(path) = &given.weights {
        start = Some(Tensors::read(path, shell)?);
    }
    let weights = start
        .as_ref()
        .map_or_else(|| format!("initial, seed {}", program.training.seed), |start| format!("of {}", start.path));
    Ok(Specimen { program, data, source, start, weights })
}

/// Writes a picture, as PNG where the name says so.
pub(crate) fn save(drawing: &Drawing, path: &Path, shell: &Shell) -> Result<(), Exit> {
    let is_png = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("png"));
    let bytes = if is_png { drawing.png(2.0) } else { drawing.svg().into_bytes() };
    save::told(path, &bytes, shell)
}

impl Specimen {
    /// A machine with the weights that the program starts from (to the bits of its own precision), or those given.
    pub(crate) fn machine(&self, rows: usize, shell: &Shell) -> Result<Machine<'_, f64>, Exit> {
        let training = &self.program.training;
        let plan = Plan::new(&self.program.network, rows.clamp(1, BATCH), false);
        memory::enough(&self.program, plan.bytes(8, training.optimizer.slots())).map_err(|why| shell.fault(&why))?;
        let optimizer = Some(training.optimizer.as_ref());
        let mut machine = Machine::new(&self.program.network, plan, optimizer, training.seed, Team::solo());
        let Some(start) = &self.start else {
            if training.precision == Dtype::F32 {
                for w in machine.parameters.iter_mut().chain(machine.state.iter_mut()) {
                    *w = f64::from(*w as f32);
                }
            }
            return Ok(machine);
        };
        match start.restore(&mut machine) {
            Ok(()) => Ok(machine),
            Err(faults) => {
                shell.report_plain(&faults);
                Err(Exit::Fault)
            }
        }
    }

    /// Rows as the network takes them.
    pub(crate) fn rows(&self, machine: &mut Machine<'_, f64>, numbers: &[u32]) -> Vec<Row> {
        let filling = BatchLoader::<f64>::new(&self.program);
        let row = |&number: &u32| {
            filling.fill(machine, &self.data, &[number]);
            let inputs = machine.input_mut().to_vec();
            let (targets, weight) = (machine.target_mut().to_vec(), machine.weights_mut()[0]);
            Row { number: number as usize, inputs, targets, weight }
        };
        numbers.iter().map(row).collect()
    }

    /// The network as pictures take it, its lines coloured by the machine's weights.
    pub(crate) fn graph(&self, machine: &Machine<'_, f64>) -> Graph {
        let stored = weights::store(machine);
        let numbers = |name: &str| {
            let tensor = stored.iter().find(|t| t.name == name)?;
            Some(tensor.bytes.as_chunks().0.iter().map(|b| f64::from_le_bytes(*b)).collect())
        };
        graph(&self.program, self.source.name(), &numbers)
    }

    /// A row's number, if the data has it.
    pub(crate) fn row(&self, number: u32, shell: &Shell) -> Result<u32, Exit> {
        let rows = self.data.rows();
        if (number as usize) < rows {
            return Ok(number);
        }
        Err(shell
            .usage(&format!("the data has {rows} rows, 0 to {}; there is no row {number}", rows.saturating_sub(1))))
    }

    /// What a row is for: `training`, `validation`, `test`.
    pub(crate) fn split(&self, row: u32) -> &'static str {
        let splits = [("validation", &self.data.validation), ("test", &self.data.test)];
        splits.into_iter().find(|(_, rows)| rows.binary_search(&row).is_ok()).map_or("training", |(name, _)| name)
    }

    /// A row's inputs as the data has them: columns and their cells.
    pub(crate) fn originals(&self, row: u32) -> Vec<(String, String)> {
        let cell = |value: Original<'_>| match value {
            Original::Number(n) => exact(n),
            Original::Category(name) => name.to_owned(),
            Original::Unseen => "?".to_owned(),
        };
        let originals = self.data.preparation.inputs.original(self.data.row(row));
        originals.into_iter().map(|(name, value)| (name, cell(value))).collect()
    }

    /// The columns of a row whose cells were missing and are filled in.
    pub(crate) fn filled(&self, row: u32) -> Vec<&str> {
        let Inputs::Columns(columns) = &self.data.preparation.inputs else { return Vec::new() };
        let filled = columns.iter().enumerate().filter(|(at, _)| self.data.filled.has(row as usize, *at));
        filled.map(|(_, column)| column.name.as_str()).collect()
    }

    /// What a row's target is, as the data has it: columns and their cells.
    pub(crate) fn targets(&self, row: u32) -> Vec<(String, String)> {
        match (&self.data.targets, &self.data.preparation.target) {
            (Targets::Classes(classes), TargetRule::Classes { column, names, .. }) => {
                let class = classes[row as usize] as usize;
                vec![(column.clone(), names.get(class).cloned().unwrap_or_default())]
            }
            (Targets::Values { width, values }, rule) => {
                let own = &values[row as usize * width..][..*width];
                let cell =
                    |(k, (name, &v)): (usize, (&str, &f64))| (name.to_owned(), super::number::short(rule.undo(k, v)));
                rule.columns().into_iter().zip(own).enumerate().map(cell).collect()
            }
            (Targets::Classes(_), TargetRule::Values(_)) => Vec::new(),
        }
    }
}
