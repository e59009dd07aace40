//! Model files that anybody may have written: whatever their bytes are, they are read or reported, never a panic.

#[cfg(target_os = "linux")]
use crate::common::{Folder, done};
use nn::catalog::Precision;
use nn::check::{Checked, Depth, Loaded, OfModel, Options, check_with};
use nn::data::{Dataset, Memory, NewData, Use, load};
use nn::engine::{Machine, Plan};
use nn::explain::{Question, Row, Weight, trace, why};
use nn::ir::print::Sheet;
use nn::source::Source;
use nn::tensor::Team;
use nn::train::batch::BatchLoader;
use nn::train::evaluate::{Exact, Score, add_batch, evaluate};
use nn::train::history::Recorder;
use nn::train::model::{self, Model, Record, TrainedOn};
use nn::train::predict::Writer;
use nn::train::{Control, Event, Run, weights};
use proptest::prelude::*;
use serde_json::Value;
use std::sync::LazyLock;

/// Programs of every kind of input and target, each over `t.csv` or what stands in it.
const PROGRAMS: &[&str] = &[
    "data \"t.csv\" {\n target = kind\n scale = standard\n missing = mean\n test = 25%\n ignore = [z, w]\n}
     network {\n dense 3 relu\n batch_norm\n dense classes softmax\n}
     train {\n loss = cross_entropy\n learning_rate = 0.01\n epochs = 2\n}",
    "data \"t.csv\" {\n target = [z, w]\n scale = minmax\n target_scale = standard\n missing = mode\n validation = 25%\n}
     network {\n dense 3 tanh\n layer_norm\n dense 2\n}
     train {\n loss = mse\n learning_rate = 0.01\n epochs = 2\n precision = f64\n}",
    "data \"t.csv\" {\n target = bit\n ignore = [kind, z, w]\n missing = mean\n test = 25%\n}
     network {\n dense 2 sigmoid\n dense 1 sigmoid\n}
     train {\n loss = binary_cross_entropy\n learning_rate = 0.01\n epochs = 2\n}",
    "data idx(\"x.idx\", \"y.idx\") {\n scale = standard\n}
     network {\n flatten\n dense 2 tanh\n dense classes softmax\n}
     train {\n loss = cross_entropy\n learning_rate = 0.01\n epochs = 2\n}",
];

fn files() -> Memory {
    let mut text = "x,c,kind,bit,z,w\n".to_owned();
    for row in 0..24 {
        let x = if row % 11 == 5 { String::new() } else { format!("{}", f64::from(row) / 7.0) };
        let (c, kind) = (["red", "green", ""][row as usize % 3], ["a", "b", "1"][row as usize / 2 % 3]);
        text += &format!("{x},{c},{kind},{},{},{}\n", row % 2, f64::from(row).sin(), row * row);
    }
    let mut pictures = vec![0, 0, 8, 3, 0, 0, 0, 6, 0, 0, 0, 2, 0, 0, 0, 2];
    pictures.extend((0..24).map(|v| v * 10));
    let labels = [0, 0, 8, 1, 0, 0, 0, 6, 0, 1, 2, 0, 1, 2];
    Memory::new().with("t.csv", text).with("x.idx", pictures).with("y.idx", labels)
}

fn trained(text: &str) -> Vec<u8> {
    let source = Source::new("p.nn", text);
    let options = Options { depth: Depth::Language, ..Options::default() };
    let Checked { program, data, diagnostics } = check_with(&source, &[], &files(), options).expect("no overrides");
    let (program, data) = program.zip(data).unwrap_or_else(|| panic!("{diagnostics:?}"));
    match &data {
        Loaded::F32(data) => saved(&source, &program, data),
        Loaded::F64(data) => saved(&source, &program, data),
    }
}

fn saved<R: Precision>(source: &Source, program: &nn::ir::Program, data: &Dataset<R>) -> Vec<u8> {
    let mut run = Run::new(program, data, Team::solo());
    let mut recorder = Recorder::default();
    let ended = run.run(|event| {
        if let Event::Epoch(epoch) = event {
            recorder.push(epoch);
        }
        Control::Continue
    });
    let record = Record {
        version: "0".into(),
        name: source.name().to_owned(),
        folder: String::new(),
        program: source.text().to_owned(),
        overrides: Vec::new(),
        facts: program.facts.clone(),
        preparation: data.preparation.clone(),
        data: TrainedOn { files: Vec::new(), rows: data.rows(), sides: data.sides.clone() },
        seed: program.training.seed,
        ended: ended.reason().to_owned(),
        steps: run.steps(),
        history: recorder.history(),
        start: None,
        continued: false,
    };
    model::bytes(&record, &weights::store(run.machine())).expect("a model")
}

static MODELS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| PROGRAMS.iter().map(|text| trained(text)).collect());

/// What a command could do with a model; whether it was taken for one.
fn used(bytes: Vec<u8>) -> bool {
    let Ok(model) = Model::read(bytes, "m.safetensors") else { return false };
    let done = if model.program.training.precision == nn::tensor::Dtype::F64 {
        used_in::<f64>(&model)
    } else {
        used_in::<f32>(&model)
    };
    let _ = Sheet::new(&model.program, &model.source()).json();
    looked_into(&model);
    done.is_some()
}

fn used_in<R: Precision>(model: &Model) -> Option<()> {
    let (program, preparation) = (&model.program, &model.record.preparation);
    let plan = Plan::new(&program.network, 64, false);
    let mut machine = Machine::<R>::new(&program.network, plan, None, 0, Team::solo());
    model.restore(&mut machine).ok()?;
    let (files, filling) = (files(), BatchLoader::new(program));
    let is_block = matches!(preparation.inputs, nn::data::Inputs::Block(_));
    let new = |targets| {
        if is_block { NewData::Idx { inputs: "x.idx", targets } } else { NewData::Delimited("t.csv") }
    };
    if let Ok(mut batches) = preparation.open::<R>(new(None), &files, Use::Predict) {
        let writer = Writer::new(program, preparation);
        assert!(!writer.header().is_empty());
        while let Ok(Some(batch)) = batches.read(64) {
            machine.set_batch(batch.rows);
            machine.input_mut().copy_from_slice(&batch.inputs);
            machine.forward(nn::catalog::layers::Mode::Inference);
            for output in machine.output().chunks_exact(machine.output_width()) {
                let mut line = Vec::new();
                let finite = writer.line(output, &mut line);
                assert_eq!(writer.row(output).len(), writer.header().len());
                assert!(!finite || !String::from_utf8_lossy(&line).contains("NaN"));
            }
        }
    }
    if let Ok(mut batches) = preparation.open::<R>(new(Some("y.idx")), &files, Use::Evaluate) {
        let mut score = Score::new(program, preparation);
        while let Ok(Some(batch)) = batches.read(64) {
            let Some(targets) = &batch.targets else { break };
            filling.load_consecutive(&mut machine, &batch.inputs, targets, batch.rows);
            add_batch(program, &mut machine, Exact { values: &batch.exact, rows: None }, &mut score);
        }
        let _ = score.finish().metrics(&program.training.metrics);
    }
    let own = load::<R>(&program.data, &files, Some(model.record.prior())).0;
    if let Some(own) = own {
        let _ = evaluate(program, &mut machine, &own, &filling, &own.test);
    }
    Some(())
}

/// As `trace` and `why` do: the program again over its data, and the file's tensors.
fn looked_into(model: &Model) -> Option<()> {
    let options = Options { depth: Depth::Language, model: Some(OfModel::from(model)), ..Options::default() };
    let checked = check_with(&model.source(), &model.record.overrides, &files(), options).ok()?;
    let program = checked.program?;
    let data = load::<f64>(&program.data, &files(), Some(model.record.prior())).0?;
    let plan = Plan::new(&program.network, 1, false);
    let optimizer = Some(program.training.optimizer.as_ref());
    let mut machine = Machine::<f64>::new(&program.network, plan, optimizer, program.training.seed, Team::solo());
    let tensors = model::tensors(model.bytes(), model.path()).ok()?;
    weights::restore(&mut machine, &tensors, model.path()).ok()?;
    BatchLoader::<f64>::new(&program).fill(&mut machine, &data, &[0]);
    let (inputs, targets) = (machine.input_mut().to_vec(), machine.target_mut().to_vec());
    let rows = [Row { number: 0, inputs, targets, weight: machine.weights_mut()[0] }];
    let _ = trace(&program, &mut machine, &rows[0]);
    let label = &program.network.nodes.get(1)?.label;
    let weight = ["dense1", label].iter().find_map(|l| Weight::find(&format!("{l}.weight[0,0]"), &machine).ok())?;
    let names = &program.facts.input_names;
    let question = Question { program: &program, input_names: names, weight: &weight, rows: &rows, top: 3 };
    let _ = why(&question, &mut machine);
    Some(())
}

/// Draws without a generator's state to carry around.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n.max(1)
    }
}

/// A model's header, as JSON, its record apart, and its tensors' bytes.
fn parts(bytes: &[u8]) -> (Value, Value, Vec<u8>) {
    let length = u64::from_le_bytes(bytes[..8].try_into().expect("eight bytes")) as usize;
    let header: Value = serde_json::from_slice(&bytes[8..8 + length]).expect("JSON");
    let record = serde_json::from_str(header["__metadata__"]["nn"].as_str().expect("a record")).expect("JSON");
    (header, record, bytes[8 + length..].to_vec())
}

fn joined(mut header: Value, record: &Value, tensors: &[u8]) -> Vec<u8> {
    if let Some(metadata) = header.get_mut("__metadata__").and_then(Value::as_object_mut) {
        metadata.insert("nn".into(), record.to_string().into());
    }
    let mut text = header.to_string();
    while !text.len().is_multiple_of(8) {
        text.push(' ');
    }
    [&(text.len() as u64).to_le_bytes()[..], text.as_bytes(), tensors].concat()
}

/// The places of every value under one.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Value::Object(object) => {
            let escape = |key: &String| key.replace('~', "~0").replace('/', "~1");
            object.iter().for_each(|(key, inner)| places(inner, &format!("{at}/{}", escape(key)), out));
        }
        Value::Array(array) => array.iter().enumerate().for_each(|(k, inner)| places(inner, &format!("{at}/{k}"), out)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Changes one value somewhere in a record.
fn change(record: &mut Value, draw: &mut Draw) {
    let mut all = Vec::new();
    places(record, "", &mut all);
    let (at, other) = (all[draw.below(all.len())].clone(), all[draw.below(all.len())].clone());
    let other = record.pointer(&other).cloned().unwrap_or(Value::Null);
    let Some(value) = record.pointer_mut(&at) else { return };
    match (draw.below(4), value) {
        (0, Value::Array(array)) => array.truncate(array.len() / 2),
        (1, Value::Array(array)) => array.extend(array.last().cloned()),
        (0, Value::Object(object)) => {
            let key = object.keys().nth(draw.below(object.len())).cloned().unwrap_or_default();
            object.remove(&key);
        }
        (0 | 1, Value::Number(number)) => {
            let by = [-1.0, 0.0, 2.0, 1e300][draw.below(4)];
            let new = number.as_f64().unwrap_or(0.0) * by;
            *number = serde_json::Number::from_f64(new).unwrap_or_else(|| 0.into());
        }
        (0, Value::String(text)) => text.push(['x', '\n', '\u{1b}', '0'][draw.below(4)]),
        (2, value) => *value = other,
        (_, value) => {
            let new: [Value; 11] = [
                Value::Null,
                0.into(),
                1.into(),
                (-1).into(),
                u64::MAX.into(),
                1e308.into(),
                "".into(),
                "a".into(),
                true.into(),
                Value::Array(Vec::new()),
                serde_json::json!({}),
            ];
            *value = new[draw.below(new.len())].clone();
        }
    }
}

/// Changes the numbers of tensors, their shapes, or any byte.
fn crafted(bytes: &[u8], draw: &mut Draw) -> Vec<u8> {
    let (mut header, mut record, mut tensors) = parts(bytes);
    for _ in 0..=draw.below(3) {
        match draw.below(8) {
            0 => {
                let at = draw.below(tensors.len() / 4) * 4;
                let new = [f32::NAN, f32::INFINITY, f32::MAX, -1.0, -f32::MAX, 0.0][draw.below(6)];
                tensors[at..at + 4].copy_from_slice(&new.to_le_bytes());
            }
            1 => change(&mut header, draw),
            _ => change(&mut record, draw),
        }
    }
    let mut bytes = joined(header, &record, &tensors);
    if draw.below(10) == 0 {
        let at = draw.below(bytes.len());
        bytes[at] = draw.below(256) as u8;
    }
    bytes
}

#[test]
fn what_was_saved_is_read_whole() {
    for bytes in MODELS.iter() {
        assert!(used(bytes.clone()));
        let (header, record, tensors) = parts(bytes);
        assert!(used(joined(header, &record, &tensors)), "put together again");
    }
}

/// A change of a record (JSON pointer, value) and what the report says.
type Change = (usize, &'static str, fn() -> Value, &'static str);

const FAULTS: &[Change] = &[
    (0, "/preparation/target/Classes/names", || serde_json::json!(["a", "b"]), "not of the same columns"),
    (0, "/facts/target/Classes/names", || serde_json::json!(["a", "b"]), "not of the same columns"),
    (0, "/facts/target/Classes/counts", || serde_json::json!([1]), "counts of rows"),
    (0, "/facts/training_rows", || u64::MAX.into(), "counts of rows"),
    (0, "/facts/input", || serde_json::json!([1]), "record of the inputs"),
    (0, "/facts/input", || serde_json::json!([u64::MAX, 2]), "record of the inputs"),
    (0, "/facts/input_names", || serde_json::json!(["x"]), "not of the same columns"),
    (0, "/preparation/inputs/Columns/1/kind/Category/fill", || 17.into(), "none of its values"),
    (1, "/preparation/target/Values", || serde_json::json!([]), "no target"),
    (1, "/preparation/target/Values/0/scaling/Affine/divisor", || 0.0.into(), "cannot be scaled"),
    (1, "/preparation/target/Values/0/scaling/Affine/divisor", || (-1.0).into(), "cannot be scaled"),
    (1, "/facts/target/Values/statistics", || serde_json::json!([]), "statistics of the target"),
    (1, "/history/train_loss", || serde_json::json!([0.1]), "history"),
    (1, "/history/epochs", || serde_json::json!([2, 1]), "history"),
    (3, "/preparation/inputs/Block/scaling", || serde_json::json!([]), "statistics and"),
    (0, "/name", || "../../x.nn".into(), "name"),
    (0, "/name", || "".into(), "name"),
    (0, "/folder", || "/etc".into(), "relative path"),
];

#[test]
fn what_does_not_hold_together_is_reported() {
    for (model, at, value, says) in FAULTS {
        let (header, mut record, tensors) = parts(&MODELS[*model]);
        if let Some(old) = record.pointer_mut(at) {
            *old = value();
        } else {
            let (outer, key) = at.rsplit_once('/').expect("a pointer");
            record.pointer_mut(outer).expect("an object")[key] = value();
        }
        let faults = Model::read(joined(header, &record, &tensors), "m").expect_err(at);
        let told = format!("{} {:?}", faults[0].message, faults[0].notes);
        assert!(faults[0].code.to_string() == "NN115" && told.contains(says), "{at}: {told}");
    }
}

#[test]
fn tensors_that_no_training_leaves_are_reported() {
    let (header, record, mut tensors) = parts(&MODELS[0]);
    let place = |name: &str| header[name]["data_offsets"][0].as_u64().expect("an offset") as usize;
    for (name, value) in
        [("batch_norm1.running_var", -1.0f32), ("dense1.weight", f32::NAN), ("dense1.bias", f32::INFINITY)]
    {
        let at = place(name);
        let kept = tensors[at..at + 4].to_vec();
        tensors[at..at + 4].copy_from_slice(&value.to_le_bytes());
        assert!(!used(joined(header.clone(), &record, &tensors)), "{name}");
        tensors[at..at + 4].copy_from_slice(&kept);
    }
    assert!(used(joined(header, &record, &tensors)));
}

/// A small file may claim a network whose values no memory holds: an allocation that fails would end the program.
#[test]
#[cfg(target_os = "linux")]
fn a_network_that_memory_has_no_room_for_is_refused() {
    const WIDTH: usize = 256;
    let program = PROGRAMS[3].replace("dense 2 tanh\n", "repeat 1000 {\n dropout 10%\n}\n");
    let (_, mut record, _) = parts(&MODELS[3]);
    record["program"] = program.into();
    record["facts"]["input"] = serde_json::json!([WIDTH, WIDTH]);
    record["preparation"]["inputs"]["Block"]["shape"] = serde_json::json!([WIDTH, WIDTH]);
    let weights = 4 * 3 * WIDTH * WIDTH;
    let header = serde_json::json!({
        "__metadata__": {},
        "dense1.bias": {"dtype": "F32", "shape": [3], "data_offsets": [0, 12]},
        "dense1.weight": {"dtype": "F32", "shape": [3, WIDTH * WIDTH], "data_offsets": [12, 12 + weights]},
    });
    let bytes = joined(header, &record, &vec![0; 12 + weights]);
    assert!(Model::read(bytes.clone(), "m").is_ok(), "it holds together");
    let one = (WIDTH as u32).to_be_bytes();
    let inputs = [&[0, 0, 8, 3, 0, 0, 0, 1][..], &one, &one, &vec![7; WIDTH * WIDTH]].concat();
    let labels = [0, 0, 8, 1, 0, 0, 0, 1, 0];
    let folder = Folder::new().with("m.safetensors", bytes).with("x.idx", inputs).with("y.idx", labels);
    for command in ["predict m.safetensors x.idx", "eval m.safetensors x.idx y.idx"] {
        let limited = format!("ulimit -v 4000000; exec \"$0\" {command}");
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &limited, env!("CARGO_BIN_EXE_nn")]).current_dir(folder.path(""));
        let done = done(&shell.output().expect("a shell runs"));
        assert!(done.code == 1 && done.err.contains("are free"), "{command}: {}{}", done.code, done.err);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]
    #[test]
    fn no_model_file_panics(which in 0..PROGRAMS.len(), seed in any::<u64>()) {
        let _ = used(crafted(&MODELS[which], &mut Draw(seed)));
    }
}
