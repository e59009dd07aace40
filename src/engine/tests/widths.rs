//! Whole trainings with vectors of 32 bytes and of 64, on one thread and on three: the same losses and the same
//! weights, to the bit.

use super::programs::{Target, program, table};
use crate::catalog::Precision;
use crate::check::{Depth, Loaded, Options, check_with};
use crate::data::{Dataset, Memory};
use crate::ir::Program;
use crate::source::Source;
use crate::tensor::Team;
use crate::tensor::width::Width;
use crate::train::weights::store;
use crate::train::{Event, Run};

/// What a training leaves: each epoch's loss, and the tensors of its model file.
type Left = (Vec<u64>, Vec<(String, Vec<u8>)>);

fn trained<R: Precision>(program: &Program, data: &Dataset<R>, threads: usize) -> Left {
    let mut run = Run::new(program, data, Team::new(threads));
    let mut losses = Vec::new();
    while let Some(event) = run.advance(1) {
        if let Event::Epoch(epoch) = event {
            losses.push(epoch.train_loss.to_bits());
        }
    }
    (losses, store(run.machine()).into_iter().map(|tensor| (tensor.name, tensor.bytes)).collect())
}

/// Trains a program both ways.
fn compare(name: &str, text: &str, files: &Memory) {
    let options = Options { depth: Depth::Language, ..Options::default() };
    let checked = check_with(&Source::new(name, text), &[], files, options).expect("no override");
    let (Some(program), Some(data)) = (checked.program, checked.data) else {
        panic!("{name}: {:#?}", checked.diagnostics);
    };
    let train = |width: Width, threads| {
        width.during(|| match &data {
            Loaded::F32(data) => trained(&program, data, threads),
            Loaded::F64(data) => trained(&program, data, threads),
        })
    };
    let narrow = train(Width::Narrow, 1);
    assert!(narrow.0.len() > 1 && !narrow.1.is_empty(), "{name} trains");
    for (width, threads) in [(Width::Wide, 1), (Width::Wide, 3), (Width::Narrow, 2)] {
        let other = train(width, threads);
        assert_eq!(narrow.0, other.0, "{name}: losses, {width:?}, {threads} threads");
        assert!(narrow.1 == other.1, "{name}: tensors, {width:?}, {threads} threads");
    }
}

#[test]
fn examples_have_the_same_bits_at_every_width() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}{name}")).expect("an example");
    for (name, data) in [("iris", true), ("diabetes", true), ("breast_cancer", true), ("spiral", false)] {
        // A few epochs say as much as all.
        let fewer =
            |line: &str| if line.trim().starts_with("epochs") { "epochs = 5".to_owned() } else { line.to_owned() };
        let text: Vec<String> = read(&format!("{name}.nn")).lines().map(fewer).collect();
        let files = Memory::new();
        let csv = format!("{name}.csv");
        let files = if data { files.with(&csv, read(&csv)) } else { files };
        for precision in ["f32", "f64"] {
            let text = text.join("\n").replace("train {", &format!("train {{\n precision = {precision}"));
            compare(&format!("{name}, {precision}"), &text, &files);
        }
    }
}

/// Weights beyond what is read where it lies, and a last batch of a single row.
#[test]
fn large_products_have_the_same_bits_at_every_width() {
    let data = table(5, 23, Target::Values(2));
    let text = program(&data, "  dense 600 relu\n  dense 520 tanh\n  dense 2", "  loss = mse\n  optimizer = adam");
    let text = text.replace("epochs = 10", "epochs = 2").replace("batch = all", "batch = 11");
    for precision in ["f32", "f64"] {
        compare(precision, &text.replace("precision = f64", &format!("precision = {precision}")), &Memory::new());
    }
}
