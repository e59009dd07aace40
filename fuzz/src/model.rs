//! A model file that anybody may have written: read or reported, and then used as `predict`, `eval`, `show`, `why`,
//! `trace` and `verify` use it.

use super::given::{LANGUAGE, files, told};
use nn::catalog::Precision;
use nn::catalog::layers::Mode;
use nn::check::{OfModel, Options, check_with};
use nn::data::{Digests, Inputs, NewData, Use, load};
use nn::diagram::graph;
use nn::engine::{Machine, Plan};
use nn::explain::{Question, Row, Weight, trace, why};
use nn::ir::print::{Sheet, nodes};
use nn::tensor::{Dtype, Team};
use nn::train::batch::BatchLoader;
use nn::train::evaluate::{Exact, Score, add_batch, evaluate};
use nn::train::fingerprint::fingerprint;
use nn::train::model::{self, Model};
use nn::train::predict::Writer;
use nn::train::{Terms, divergence, weights};

/// Rows at a time.
const ROWS: usize = 8;

/// Reads a model and uses it; whether it was one.
pub fn read(bytes: &[u8]) -> bool {
    let model = match Model::read(bytes.to_vec(), "m.safetensors") {
        Ok(model) => model,
        Err(faults) => {
            assert!(!faults.is_empty(), "refused, and not said why");
            return false;
        }
    };
    let done = match model.program.training.precision {
        Dtype::F32 => used::<f32>(&model),
        Dtype::F64 => used::<f64>(&model),
    };
    shown(&model);
    looked_into(&model);
    done.is_some()
}

/// As `predict` and `eval` do.
fn used<R: Precision>(model: &Model) -> Option<()> {
    let (program, preparation) = (&model.program, &model.record.preparation);
    let plan = Plan::new(&program.network, ROWS, false);
    let mut machine = Machine::<R>::new(&program.network, plan, None, program.training.seed, Team::solo());
    if let Err(faults) = model.restore(&mut machine) {
        told(&model.source(), &faults);
        return None;
    }
    let _ = fingerprint(&machine);
    let (files, filling, terms) = (files(), BatchLoader::new(program), Terms::of(program));
    let new = |targets| match preparation.inputs {
        Inputs::Block(_) => NewData::Idx { inputs: "x.idx", targets },
        Inputs::Columns(_) => NewData::Delimited("t.csv"),
    };
    if let Ok(mut batches) = preparation.open::<R>(new(None), &files, Use::Predict) {
        let writer = Writer::new(program, preparation);
        let columns = writer.header().len();
        while let Ok(Some(batch)) = batches.read(ROWS) {
            machine.set_batch(batch.rows);
            machine.input_mut().copy_from_slice(&batch.inputs);
            machine.forward(Mode::Inference);
            let mut finite = true;
            for output in machine.output().chunks_exact(machine.output_width()) {
                let mut line = Vec::new();
                finite &= writer.line(output, &mut line);
                assert_eq!(writer.row(output).len(), columns);
            }
            if !finite {
                told(&model.source(), &[divergence::of_model(program, &machine, model.path())]);
            }
        }
    }
    if let Ok(mut batches) = preparation.open::<R>(new(Some("y.idx")), &files, Use::Evaluate) {
        let mut score = Score::new(program, preparation);
        while let Ok(Some(batch)) = batches.read(ROWS) {
            let targets = batch.targets.as_ref().expect("rows to judge by have targets");
            filling.load_consecutive(&mut machine, &batch.inputs, targets, batch.rows);
            add_batch(program, &mut machine, Exact { values: &batch.exact, rows: None }, &mut score);
        }
        for (metric, _) in score.finish().metrics(&program.training.metrics) {
            assert!(!terms.title(metric).is_empty());
        }
    }
    let digests = Digests::new(&files);
    let (own, faults) = load::<R>(&program.data, &digests, Some(model.record.prior()));
    told(&model.source(), &faults);
    let own = own?;
    let changed = model.record.data.changed(&program.data, &digests.seen(), own.rows(), own.sides.as_ref());
    told(&model.source(), changed.as_slice());
    for rows in [&own.test, &own.validation, &own.train] {
        let _ = evaluate(program, &mut machine, &own, &filling, rows).metrics(&program.training.metrics);
    }
    Some(())
}

/// As `show` and `plot` do.
fn shown(model: &Model) {
    let (program, source) = (&model.program, model.source());
    let sheet = Sheet::new(program, &source);
    assert!(!sheet.json().is_empty() && !sheet.text(&|heading| heading.to_owned()).is_empty());
    assert!(!nodes(&program.network, &source).is_empty());
    let network = &program.network;
    let mut machine = Machine::<f64>::new(network, Plan::new(network, 1, false), None, 0, Team::solo());
    let stored = model.restore(&mut machine).map_or(Vec::new(), |()| weights::store(&machine));
    let numbers = |name: &str| {
        let tensor = stored.iter().find(|tensor| tensor.name == name)?;
        Some(tensor.bytes.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect())
    };
    let graph = graph(program, source.name(), &numbers);
    assert!(!graph.dot().is_empty() && !graph.mermaid().is_empty() && !graph.draw().svg().is_empty());
    let history = &model.record.history;
    for (epoch, _) in history.points(&history.train_loss).chain(history.points(&history.validation_loss)) {
        assert!(epoch <= history.last_epoch() && history.place(epoch).is_some());
    }
}

/// As `trace`, `why` and `train --weights` do: the program again over its data, and the file's tensors.
fn looked_into(model: &Model) -> Option<()> {
    let (source, files) = (model.source(), files());
    let options = Options { model: Some(OfModel::from(model)), ..LANGUAGE };
    let checked = check_with(&source, &model.record.overrides, &files, options).ok()?;
    told(&source, &checked.diagnostics);
    let program = checked.program?;
    let data = load::<f64>(&program.data, &files, Some(model.record.prior())).0?;
    let plan = Plan::new(&program.network, 1, false);
    let optimizer = Some(program.training.optimizer.as_ref());
    let mut machine = Machine::<f64>::new(&program.network, plan, optimizer, program.training.seed, Team::solo());
    model::restore(&mut machine, model.bytes(), model.path()).ok()?;
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
