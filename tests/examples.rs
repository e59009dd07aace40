//! Every example does what its first lines promise, over five seeds.

use crate::common::{Folder, root, run};
use serde_json::Value;
use std::sync::Mutex;

/// Example, metric, and the median over five seeds that its test rows (training rows without) must reach.
const PROMISES: &[(&str, &str, f64)] = &[
    ("iris", "accuracy", 0.93),
    ("breast_cancer", "accuracy", 0.95),
    ("digits", "accuracy", 0.96),
    ("penguins", "accuracy", 0.95),
    ("diabetes", "r2", 0.40),
    ("spiral", "accuracy", 0.97),
    ("xor", "accuracy", 1.0),
];

/// What a run reaches by a metric: from another seed, or from the example's own.
fn score(example: &str, metric: &str, seed: Option<u32>) -> f64 {
    let folder = Folder::new();
    let (program, model, log) =
        (format!("examples/{example}.nn"), folder.text("model.safetensors"), folder.text("log.jsonl"));
    let mut arguments = vec!["train", &program, "--quiet", "--threads=1", "-o", &model, "--log", &log];
    let seed = seed.map(|seed| format!("train.seed={seed}"));
    arguments.extend(seed.iter().flat_map(|seed| ["--set", seed]));
    let done = run(&arguments);
    assert_eq!(done.code, 0, "{example}: {}", done.err);
    let log = std::fs::read_to_string(folder.path("log.jsonl")).expect("the log");
    let lines: Vec<Value> = log.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    let last = lines.last().expect("a last line");
    let found = &last["test_metrics"][metric];
    let found = if found.is_null() { &lines[lines.len() - 2]["metrics"][metric] } else { found };
    found.as_f64().unwrap_or_else(|| panic!("{example}: no {metric} in {last}"))
}

#[test]
fn examples_reach_what_they_promise() {
    let work = Mutex::new(PROMISES.iter().flat_map(|p| (1..=5).map(move |seed| (p, seed))).collect::<Vec<_>>());
    let scores = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(((example, metric, _), seed)) = work.lock().expect("no panic").pop() else { return };
                    let score = score(example, metric, Some(seed));
                    scores.lock().expect("no panic").push((*example, score));
                }
            });
        }
    });
    let scores = scores.into_inner().expect("no panic");
    for (example, metric, least) in PROMISES {
        let mut of: Vec<f64> = scores.iter().filter(|(e, _)| e == example).map(|(_, s)| *s).collect();
        of.sort_by(f64::total_cmp);
        assert!(of.len() == 5 && of[2] >= *least, "{example}: the median {metric} of {of:?} is below {least}");
    }
}

/// The second line of an example says what its own run prints, on the rows that it prints it for.
#[test]
fn examples_print_what_their_comments_say() {
    for (example, metric, _) in PROMISES {
        let path = root().join(format!("examples/{example}.nn"));
        let text = std::fs::read_to_string(path).expect("a program");
        let rows = if text.contains("test ") { "test" } else { "training" };
        let line = text.lines().nth(1).expect("a second line");
        let said = line.strip_prefix(&format!("# Expect: {rows} {metric} ")).and_then(|rest| rest.split(',').next());
        let said: f64 = said.and_then(|n| n.parse().ok()).unwrap_or_else(|| panic!("{example} says `{line}`"));
        let found = score(example, metric, None);
        // A row of a hundred, for processors add up in different orders.
        assert!((found - said).abs() <= 0.015, "{example} says `{line}` and reaches {found}");
    }
}

#[test]
fn every_example_is_in_the_table_and_checks_clean() {
    for entry in std::fs::read_dir(root().join("examples")).expect("examples") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|e| e != "nn") {
            continue;
        }
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        assert!(PROMISES.iter().any(|(e, ..)| *e == name), "examples/{name}.nn promises nothing");
        let done = run(&["check", "--deny", "warnings", "--format", "json", &path.display().to_string()]);
        assert_eq!((done.code, done.out.as_str()), (0, ""), "{name}: {}", done.err);
    }
}
