//! Training against the traces in `goldens/`, which an independent framework left on the same programs, start tensors
//! and data. What the numbers mean and how they were made stands in `goldens/README.md`.

use std::error::Error;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use safetensors::{Dtype, SafeTensors};
use serde_json::Value;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// What a trace may differ by. Losses and rates are relative, the others relative above 1 and absolute below.
const LOSS: f64 = 1e-9;
const RATE: f64 = 1e-12;
const TENSOR: f64 = 1e-8;
const PREDICTION: f64 = 1e-8;
const LOSS_F32: f64 = 1e-4;
const RATE_F32: f64 = 1e-6;

#[test]
fn every_trace_is_met_in_f64() -> Outcome {
    for_each_case(|case| {
        let run = case.train(&[])?;
        compare("train_loss", &run.column("train_loss")?, &numbers(&case.golden["train_loss"])?, LOSS, 0.0)?;
        compare("learning_rate", &run.column("learning_rate")?, &numbers(&case.golden["learning_rate"])?, RATE, 0.0)?;
        case.compare_tensors(&run.model)?;
        case.compare_predictions(&run)
    })
}

#[test]
fn every_loss_is_met_in_f32() -> Outcome {
    for_each_case(|case| {
        let run = case.train(&["--set", "train.precision=f32"])?;
        compare("train_loss", &run.column("train_loss")?, &numbers(&case.golden["train_loss"])?, LOSS_F32, 0.0)?;
        compare("learning_rate", &run.column("learning_rate")?, &numbers(&case.golden["learning_rate"])?, RATE_F32, 0.0)
    })
}

/// One program, where it stands, and the trace it must leave.
struct Case {
    program: PathBuf,
    golden: Value,
}

/// One training: its log, its model and the directory that holds both.
struct Run {
    log: Vec<Value>,
    model: PathBuf,
    directory: tempfile::TempDir,
}

/// Runs `check` on every case and fails with all that did not hold.
fn for_each_case(check: impl Fn(&Case) -> Outcome) -> Outcome {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
    let entries: Vec<PathBuf> = fs::read_dir(folder)?.map(|e| Ok(e?.path())).collect::<Outcome<_>>()?;
    let mut programs: Vec<PathBuf> = entries.into_iter().filter(|p| p.extension() == Some(OsStr::new("nn"))).collect();
    programs.sort();
    assert!(programs.len() >= 100, "only {} programs in tests/goldens", programs.len());
    let failures: Vec<String> = programs
        .iter()
        .filter_map(|program| {
            let outcome = Case::read(program).and_then(|case| check(&case));
            outcome.err().map(|e| format!("{}: {e}", program.file_stem().unwrap_or_default().display()))
        })
        .collect();
    assert!(failures.is_empty(), "{} of {} cases:\n{}", failures.len(), programs.len(), failures.join("\n"));
    Ok(())
}

impl Case {
    fn read(program: &Path) -> Outcome<Self> {
        let golden = serde_json::from_str(&fs::read_to_string(program.with_extension("json"))?)?;
        Ok(Self { program: program.to_owned(), golden })
    }

    fn train(&self, more: &[&str]) -> Outcome<Run> {
        let directory = tempfile::tempdir()?;
        let (model, log) = (directory.path().join("model.safetensors"), directory.path().join("log.jsonl"));
        let mut command = nn("train");
        command.arg(&self.program).arg("--weights").arg(self.program.with_extension("safetensors"));
        command.arg("--log").arg(&log).arg("-o").arg(&model).arg("--quiet").args(more);
        succeed(&mut command)?;
        let log = fs::read_to_string(&log)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        Ok(Run { log, model, directory })
    }

    /// Every tensor of the trace stands in the model, as f64.
    fn compare_tensors(&self, model: &Path) -> Outcome {
        let bytes = fs::read(model)?;
        let tensors = SafeTensors::deserialize(&bytes)?;
        for (name, golden) in self.golden["final"].as_object().ok_or("the trace has no final tensors")? {
            let tensor = tensors.tensor(name)?;
            if tensor.dtype() != Dtype::F64 {
                return Err(format!("{name} is saved as {:?}", tensor.dtype()).into());
            }
            let (values, _) = tensor.data().as_chunks::<8>();
            let values: Vec<f64> = values.iter().map(|&b| f64::from_le_bytes(b)).collect();
            compare(name, &values, &numbers(golden)?, TENSOR, TENSOR)?;
        }
        Ok(())
    }

    /// `nn predict` on the program's own rows, the targets left out.
    fn compare_predictions(&self, run: &Run) -> Outcome {
        let (data, out) = (run.directory.path().join("rows.csv"), run.directory.path().join("predictions.csv"));
        fs::write(&data, self.inputs()?)?;
        succeed(nn("predict").arg(&run.model).arg(&data).arg("-o").arg(&out))?;
        let golden = self.golden["predictions"].as_array().ok_or("the trace has no predictions")?;
        let golden: Vec<Vec<f64>> = golden.iter().map(numbers).collect::<Outcome<_>>()?;
        let ours = predictions(&out, golden.first().map_or(0, Vec::len))?;
        if ours.len() != golden.len() {
            return Err(format!("{} predictions for {} rows", ours.len(), golden.len()).into());
        }
        for (i, (ours, golden)) in ours.iter().zip(&golden).enumerate() {
            compare(&format!("prediction {i}"), ours, golden, PREDICTION, PREDICTION)?;
        }
        Ok(())
    }

    /// The input columns of the program's table, as CSV.
    fn inputs(&self) -> Outcome<String> {
        let text = fs::read_to_string(&self.program)?;
        let (_, table) = text.split_once("table {").ok_or("the program has no table")?;
        let (table, _) = table.split_once('}').ok_or("the table has no end")?;
        let mut rows = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).filter(|r| !r.is_empty());
        let header = rows.next().ok_or("the table is empty")?;
        let wanted = self.golden["inputs"].as_array().ok_or("the trace names no inputs")?;
        let kept: Vec<usize> = (0..header.len()).filter(|&i| wanted.iter().any(|w| w == header[i])).collect();
        let line = |row: &Vec<&str>| kept.iter().map(|&i| row[i]).collect::<Vec<_>>().join(",") + "\n";
        Ok(line(&header) + &rows.map(|row| line(&row)).collect::<String>())
    }
}

impl Run {
    /// A number of every epoch.
    fn column(&self, key: &str) -> Outcome<Vec<f64>> {
        let epochs = self.log.iter().filter(|line| line["event"] == "epoch");
        epochs.map(|line| line[key].as_f64().ok_or_else(|| format!("{key} is missing in {line}").into())).collect()
    }
}

/// The outputs of each row in a file of predictions: the probabilities where there are some (of the second class alone
/// where the network has one output), else the values.
fn predictions(path: &Path, width: usize) -> Outcome<Vec<Vec<f64>>> {
    let mut reader = csv::Reader::from_path(path)?;
    let header = reader.headers()?.clone();
    let mut kept: Vec<usize> = (0..header.len()).filter(|&i| header[i].starts_with("probability_")).collect();
    if kept.is_empty() {
        kept = (0..header.len()).collect();
    }
    let kept = kept.split_off(kept.len().saturating_sub(width));
    reader
        .records()
        .map(|record| {
            let record = record?;
            kept.iter().map(|&i| Ok(record[i].parse()?)).collect()
        })
        .collect()
}

fn nn(command: &str) -> Command {
    let mut nn = Command::new(env!("CARGO_BIN_EXE_nn"));
    nn.arg(command);
    nn
}

fn succeed(command: &mut Command) -> Outcome {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{}\n{}", output.status, String::from_utf8_lossy(&output.stderr).trim_end()).into())
}

fn numbers(list: &Value) -> Outcome<Vec<f64>> {
    let list = list.as_array().ok_or("a list is missing in the trace")?;
    list.iter().map(|n| n.as_f64().ok_or_else(|| format!("{n} is no number").into())).collect()
}

/// Fails at the first of `ours` that is further from its golden value than `relative` of it and `absolute`.
fn compare(what: &str, ours: &[f64], golden: &[f64], relative: f64, absolute: f64) -> Outcome {
    if ours.len() != golden.len() {
        return Err(format!("{what}: {} numbers, not {}", ours.len(), golden.len()).into());
    }
    for (i, (o, g)) in ours.iter().zip(golden).enumerate() {
        // Written so that NaN fails.
        let near = (o - g).abs() <= absolute.max(relative * g.abs());
        if !near {
            return Err(format!("{what}[{i}]: {o}, not {g} (off by {:.1e})", (o - g).abs()).into());
        }
    }
    Ok(())
}
