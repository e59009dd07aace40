//! Tables of few rows: every number of them from 1 on is checked and trained, or reported; and every example is.

use crate::common::{Folder, root, run};
use nn::catalog::Precision;
use nn::check::{Checked, Depth, Loaded, Options, check_with};
use nn::data::{Dataset, Memory};
use nn::diagnostic::has_errors;
use nn::ir::Program;
use nn::source::Source;
use nn::tensor::Team;
use nn::train::{Control, Ended, Event, Run};

const SPLITS: &[&str] = &["", "test = 20%", "validation = 25%\n test = 25%", "test = 20%\n stratify = false"];

/// What is predicted: the cell of a row, and the rest of the program.
type Target = (fn(u32) -> String, &'static str);

const TARGETS: &[Target] = &[
    (|row| ["a", "b"][row as usize % 2].into(), "dense classes softmax\n}\ntrain {\n loss = cross_entropy"),
    (|row| ["a", "b", "c"][row as usize % 3].into(), "dense classes softmax\n}\ntrain {\n loss = cross_entropy"),
    (|row| (row % 2).to_string(), "dense 1 sigmoid\n}\ntrain {\n loss = binary_cross_entropy"),
    (|row| f64::from(row).sin().to_string(), "dense 1\n}\ntrain {\n loss = mse"),
    (|row| (row / 20).to_string(), "dense 1\n}\ntrain {\n loss = mae"),
];

fn program(rows: u32, split: &str, (cell, rest): &Target) -> (Source, Memory) {
    let mut table = "x,y,t\n".to_owned();
    for row in 0..rows {
        // Some rows are alike.
        table += &format!("{},{},{}\n", f64::from(row / 2) / 3.0, row % 5, cell(row));
    }
    let text = format!(
        "data \"t.csv\" {{\n target = t\n scale = standard\n {}\n}}\nnetwork {{\n dense 3 tanh\n {rest}\n learning_rate = 0.01\n epochs = 3\n batch = 4\n}}\n",
        if rest.contains("mse") || rest.contains("mae") {
            split.replace("\n stratify = false", "")
        } else {
            split.into()
        }
    );
    (Source::new("p.nn", text), Memory::new().with("t.csv", table))
}

/// Whether it trains; else its reports say why.
fn trains(source: &Source, files: &Memory, about: &str) -> bool {
    for depth in [Depth::Quick, Depth::Training] {
        check_with(source, &[], files, Options { depth, pedantic: true, model: None }).expect("no overrides");
    }
    let Checked { program, data, diagnostics } =
        check_with(source, &[], files, Options::default()).expect("no overrides");
    let Some((program, data)) = program.zip(data) else {
        assert!(has_errors(&diagnostics), "{about}: neither a program nor an error");
        return false;
    };
    match &data {
        Loaded::F32(data) => run_through(&program, data, about),
        Loaded::F64(data) => run_through(&program, data, about),
    }
    true
}

fn run_through<R: Precision>(program: &Program, data: &Dataset<R>, about: &str) {
    let mut run = Run::new(program, data, Team::solo());
    let mut epochs = 0;
    let ended = run.run(|event| {
        if let Event::Epoch(epoch) = event {
            epochs += 1;
            assert!(epoch.train_loss.is_finite(), "{about}");
        }
        Control::Continue
    });
    assert!(matches!(ended, Ended::Epochs) && epochs == 3, "{about}: {ended:?}");
    for rows in [&data.train, &data.validation, &data.test] {
        assert!(rows.is_empty() || run.evaluate(rows).loss.is_finite(), "{about}");
    }
}

#[test]
fn tables_of_few_rows_are_trained_or_reported() {
    for (k, target) in TARGETS.iter().enumerate() {
        for split in SPLITS {
            let trained: Vec<u32> = (0..=40)
                .filter(|&rows| {
                    let (source, files) = program(rows, split, target);
                    trains(&source, &files, &format!("target {k}, {rows} rows, {split:?}"))
                })
                .collect();
            // From some rows on each trains; without a split two rows of values do.
            assert!(trained.len() >= 20 && trained.contains(&40), "target {k}, {split:?}: only {trained:?}");
            if split.is_empty() && k != 4 {
                assert!(trained.contains(&4), "target {k}: {trained:?}");
            }
        }
    }
}

#[test]
fn every_example_is_checked_and_trained() {
    let folder = Folder::new();
    for under in ["examples", "examples/lesson"] {
        let entries = std::fs::read_dir(root().join(under)).expect("a folder");
        let mut programs: Vec<_> = entries.map(|e| e.expect("an entry").path()).collect();
        programs.retain(|path| path.extension().is_some_and(|e| e == "nn"));
        programs.sort();
        assert!(programs.len() >= 5, "{under}");
        for path in programs {
            let path = path.display().to_string();
            let checked = run(&["check", &path]);
            assert_eq!(checked.code, 0, "{path}: {}", checked.err);
            let done = run(&["train", &path, "-q", "--set", "train.epochs=2", "-o", &folder.text("m.safetensors")]);
            assert_eq!(done.code, 0, "{path}: {}", done.err);
        }
    }
}
