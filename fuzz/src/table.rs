//! A table of text: its first byte chooses how it is read, the rest is the file.

use super::given::{LANGUAGE, READY, Small, told};
use nn::check::{Loaded, OfModel, Options, check_with};
use nn::data::{Dataset, Memory, NewData, Preparation, Use};
use nn::source::Source;
use nn::tensor::Real;

/// Settings of `data`, by the first byte; all programs have the target `kind`, or the one that they name.
const SETTINGS: &[&str] = &[
    "",
    "missing = mean\n scale = standard\n test = 25%\n",
    "missing = drop\n validation = 20%\n stratify = false\n",
    "separator = \";\"\n decimal = \",\"\n thousands = \".\"\n",
    "separator = \" \"\n missing = constant(0)\n",
    "separator = \"\\t\"\n header = false\n target = c0\n",
    "header = [a, b, kind]\n missing = median\n",
    "date = [a, parts(date)]\n missing = mode\n",
    "date = [day_first(a), month_first(date)]\n ignore = [b]\n",
    "category = [a]\n unseen = unknown\n test = 30%\n",
    "target = [a, b]\n target_scale = standard\n missing = mean\n",
    "weight = a\n missing_values = [red, -1]\n",
    "skip_lines = 1\n inputs = [a, b]\n scale = minmax\n",
    "classes = [y, x]\n positive = y\n test = \"held.csv\"\n",
    "target = b\n thousands = \" \"\n validation = \"t.csv\"\n",
    "separator = \"|\"\n thousands = \",\"\n missing = error\n",
];

/// Rows that a program may hold out.
const HELD: &str = "a,b,kind\n0.5,1,x\n1.5,2,y\n";

/// Rows at a time.
const ROWS: usize = 5;

fn program(settings: &str) -> Source {
    let target = if settings.contains("target =") { "" } else { "target = kind\n " };
    let values = settings.contains("target = [") || settings.contains("target = b");
    let (last, loss) = if values { ("targets", "mse") } else { ("classes softmax", "cross_entropy") };
    let text = format!(
        "data \"t.csv\" {{\n {target}{settings}}}\nnetwork {{\n dense {last}\n}}\n\
         train {{\n loss = {loss}\n learning_rate = 0.1\n epochs = 1\n}}\n"
    );
    Source::new("p.nn", text)
}

/// Reads a table in one of many ways, and as new rows of a model; whether a program learns from it.
pub fn read(bytes: &[u8]) -> bool {
    let Some((&first, table)) = bytes.split_first() else { return false };
    let source = program(SETTINGS[first as usize % SETTINGS.len()]);
    let files = Small(Memory::new().with("t.csv", table).with("t.tsv", table).with("held.csv", HELD));
    let checked = check_with(&source, &[], &files, LANGUAGE).expect("no overrides");
    told(&source, &checked.diagnostics);
    if let Some(data) = &checked.data {
        match data {
            Loaded::F32(data) => whole(data),
            Loaded::F64(data) => whole(data),
        }
    }
    let new = NewData::Delimited(if first < 128 { "t.csv" } else { "t.tsv" });
    for ready in READY.iter() {
        match &ready.data {
            Loaded::F32(data) => taken::<f32>(&data.preparation, new, &files, &source),
            Loaded::F64(data) => taken::<f64>(&data.preparation, new, &files, &source),
        }
    }
    // Again, as the data of a program whose model there is: read by what was learnt from other rows.
    if let (Some(program), Some(Loaded::F32(data))) = (&checked.program, &checked.data) {
        let prior = nn::data::Prior { preparation: &data.preparation, split: None };
        let model = OfModel { spec: &program.data, prior, sides: data.sides.as_ref() };
        let again = check_with(&source, &[], &files, Options { model: Some(model), ..LANGUAGE }).expect("no overrides");
        told(&source, &again.diagnostics);
        // What learnt from a file reads it again.
        taken::<f32>(&data.preparation, new, &files, &source);
    }
    checked.program.is_some()
}

/// Whether rows are as many and as wide as they are said to be, and all numbers finite.
pub(crate) fn whole<R: Real>(data: &Dataset<R>) {
    let width = data.facts.input.size();
    for row in 0..data.rows() as u32 {
        let row = data.row(row);
        assert!(row.len() == width && row.iter().all(|value| value.is_finite()));
    }
    let held = data.train.len() + data.validation.len() + data.test.len();
    assert!(held <= data.rows() && data.train.iter().all(|&row| (row as usize) < data.rows()));
}

/// Reads rows as a model of another table does.
pub(crate) fn taken<R: Real>(preparation: &Preparation, new: NewData<'_>, files: &Small, source: &Source) {
    for purpose in [Use::Predict, Use::Evaluate, Use::HoldOut] {
        let mut batches = match preparation.open::<R>(new, files, purpose) {
            Ok(batches) => batches,
            Err(faults) => {
                told(source, &faults);
                continue;
            }
        };
        loop {
            match batches.read(ROWS) {
                Ok(Some(batch)) => {
                    assert!((1..=ROWS).contains(&batch.rows) && batch.inputs.len().is_multiple_of(batch.rows));
                    assert!(batch.inputs.iter().all(|value| value.is_finite()));
                }
                Ok(None) => break,
                Err(faults) => {
                    assert!(!faults.is_empty());
                    told(source, &faults);
                    break;
                }
            }
            told(source, &batches.warnings());
        }
    }
}
