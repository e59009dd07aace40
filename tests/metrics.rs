//! Metrics end to end: which class they speak of, what is averaged and what is left out, and that what is undefined is
//! never printed as a number.

use crate::common::{Folder, run};
use serde_json::{Value, json};

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

/// A program over `t.csv`.
fn program(data: &str, output: &str, train: &str) -> String {
    format!(
        "data \"t.csv\" {{\n{data}\n}}\nnetwork {{\n  dense 4 tanh\n  {output}\n}}\ntrain {{\n{train}\n  optimizer = \
         adam\n  learning_rate = 0.05\n  epochs = 3\n  batch = 8\n  seed = 1\n}}\n"
    )
}

/// Rows of two numbers and what `of` makes of them.
fn table(head: &str, rows: usize, of: impl Fn(usize, f64, f64) -> String) -> String {
    let number = |i: usize, k: usize| ((i * k + 3) * 7919 % 2003) as f64 / 1001.0 - 1.0;
    let row = |i: usize| {
        let (x, z) = (number(i, 37), number(i, 101));
        format!("{x:.3},{z:.3},{}\n", of(i, x, z))
    };
    format!("x,z,{head}\n") + &(0..rows).map(row).collect::<String>()
}

/// A trained program: its folder, what training printed, its log.
fn trained(program: &str, table: &str) -> (Folder, String, Vec<Value>) {
    let folder = Folder::new().with("t.csv", table).with("m.nn", program);
    let done = run(&["train", &folder.text("m.nn"), "-q", "--log", &folder.text("l.jsonl")]);
    assert_eq!(done.code, 0, "{}", done.err);
    let log = std::fs::read_to_string(folder.path("l.jsonl")).expect("a log");
    for text in [&done.out, &log] {
        assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
    }
    let lines = log.lines().map(parse).collect();
    (folder, done.out, lines)
}

fn evaluated(folder: &Folder, file: &str) -> (String, Value) {
    let (model, file) = (folder.text("m.safetensors"), folder.text(file));
    let human = run(&["eval", &model, &file]);
    assert_eq!(human.code, 0, "{}", human.err);
    assert!(!human.out.contains("NaN") && !human.out.contains("inf"), "{}", human.out);
    (human.out, parse(&run(&["eval", &model, &file, "--format", "json"]).out))
}

const THREE: &str = "  loss = binary_cross_entropy\n  metrics = [precision, recall, f1]";

/// Precision, recall and f1 of a class, counted from what `predict` writes.
fn counted(folder: &Folder, class: &str) -> [f64; 3] {
    let predicted = run(&["predict", &folder.text("m.safetensors"), &folder.text("t.csv")]).out;
    let table = std::fs::read_to_string(folder.path("t.csv")).expect("the table");
    let truth = table.lines().skip(1).map(|l| l.rsplit(',').next() == Some(class));
    let called = predicted.lines().skip(1).map(|l| l.split(',').next() == Some(class));
    let (mut both, mut either) = (0.0, [0.0, 0.0]);
    for (truth, called) in truth.zip(called) {
        both += f64::from(u8::from(truth && called));
        either[0] += f64::from(u8::from(called));
        either[1] += f64::from(u8::from(truth));
    }
    [both / either[0], both / either[1], 2.0 * both / (either[0] + either[1])]
}

#[test]
fn the_positive_class_is_named_and_training_does_not_know_it() {
    let named = table("kind", 60, |i, x, z| if x + z > 0.0 || i % 9 == 0 { "fraud" } else { "usual" }.to_owned());
    let numbers = table("kind", 60, |i, x, z| u8::from(x + z > 0.0 || i % 9 == 0).to_string());
    for (rows, first, second) in [(&named, "fraud", "usual"), (&numbers, "0", "1")] {
        for output in ["dense 1 sigmoid", "dense classes softmax"] {
            let loss = if output.ends_with("softmax") { THREE.replace("binary_", "") } else { THREE.to_owned() };
            let mut weights = Vec::new();
            for (setting, positive) in [
                (String::new(), second),
                (format!("\n  positive = {first}"), first),
                (format!("\n  positive = \"{second}\""), second),
            ] {
                let (folder, out, log) = trained(&program(&format!("  target = kind{setting}"), output, &loss), rows);
                for metric in ["precision", "recall", "f1"] {
                    assert!(out.contains(&format!("{metric} ({positive})")), "{out}");
                }
                assert_eq!(log[0]["metrics"]["positive"], json!(positive));
                let (human, result) = evaluated(&folder, "t.csv");
                assert!(human.contains(&format!("precision ({positive})")), "{human}");
                assert_eq!(result["metrics"]["positive"], json!(positive));
                for class in [first, second] {
                    for (metric, known) in ["precision", "recall", "f1"].into_iter().zip(counted(&folder, class)) {
                        let found = result["per_class"][class][metric].as_f64().expect("a number");
                        assert!((found - known).abs() < 1e-12, "{metric} of {class}: {found}, counted {known}");
                        if class == positive {
                            assert_eq!(result["metrics"][metric], result["per_class"][class][metric]);
                        }
                    }
                }
                weights.push(run(&["predict", &folder.text("m.safetensors"), &folder.text("t.csv")]).out);
            }
            assert!(weights.windows(2).all(|w| w[0] == w[1]), "the second class is 1, whichever is positive");
        }
    }
}

#[test]
fn a_positive_class_of_a_loss_for_numbers_is_an_error() {
    let numbers = table("kind", 20, |_, x, _| u8::from(x > 0.0).to_string());
    let text = program("  target = kind\n  positive = 1", "dense 1", "  loss = mse");
    let folder = Folder::new().with("t.csv", numbers).with("m.nn", text);
    let done = run(&["check", &folder.text("m.nn")]);
    assert_eq!(done.code, 1);
    assert!(done.err.contains("NN107") && done.err.contains("takes the classes as numbers"), "{}", done.err);
}

#[test]
fn means_over_classes_are_called_so_and_say_what_they_leave_out() {
    let rows = table("kind", 90, |i, x, _| ["ant", "bee", "cow"][(i % 2) + usize::from(x > 0.5)].to_owned());
    let text = program("  target = kind", "dense classes softmax", &THREE.replace("binary_", ""));
    let (folder, out, log) = trained(&text, &rows);
    assert!(out.contains("precision (macro)  recall (macro)  f1 (macro)"), "{out}");
    assert_eq!(log[0]["metrics"]["average"], json!("macro"));
    assert_eq!(log[0]["metrics"]["positive"], Value::Null);
    // One row: of the other classes one at the most is predicted, and the third is left out.
    let one = rows.lines().take(2).collect::<Vec<_>>().join("\n");
    let folder = folder.with("one.csv", one);
    let (human, result) = evaluated(&folder, "one.csv");
    assert!(human.contains("not in the file rows and never predicted; left out of the means"), "{human}");
    let classes = result["per_class"].as_object().expect("classes");
    assert_eq!(classes.len(), 3);
    let met: Vec<f64> = classes.values().filter_map(|c| c["f1"].as_f64()).collect();
    assert!(met.len() < 3, "{result}");
    let mean = met.iter().sum::<f64>() / met.len() as f64;
    assert!((result["metrics"]["f1"].as_f64().expect("a number") - mean).abs() < 1e-12);
    assert_eq!(classes.values().filter_map(|c| c["rows"].as_u64()).sum::<u64>(), 1);
}

#[test]
fn labels_have_a_table_each() {
    let rows = table("sunny,warm", 60, |_, x, z| format!("{},{}", u8::from(x > 0.0), u8::from(x + z > 0.0)));
    let metrics = "  loss = binary_cross_entropy\n  metrics = [accuracy, precision, recall, f1, confusion]";
    let text = program("  target = [sunny, warm]", "dense 2 sigmoid", metrics);
    let (folder, out, log) = trained(&text, &rows);
    assert!(out.contains("true `sunny`, then predicted") && out.contains("true `warm`, then predicted"), "{out}");
    assert_eq!(log[0]["metrics"]["average"], json!("macro"));
    let (human, result) = evaluated(&folder, "t.csv");
    assert!(human.contains("by label") && human.contains("mean (macro)"), "{human}");
    for label in ["sunny", "warm"] {
        let cell = |t: usize, p: usize| result["metrics"]["confusion"][label][t][p].as_f64().expect("a count");
        assert!((cell(0, 0) + cell(0, 1) + cell(1, 0) + cell(1, 1) - 60.0).abs() < 1e-12);
        let precision = cell(1, 1) / (cell(1, 1) + cell(0, 1)).max(1.0);
        assert!((result["per_label"][label]["precision"].as_f64().expect("a number") - precision).abs() < 1e-12);
    }
}

#[test]
fn several_targets_are_measured_each_in_its_own_scale() {
    let rows = table("price,count", 60, |_, x, z| format!("{:.3},{:.3}", 1000.0 + 100.0 * x, x - z));
    let text = program("  target = [price, count]\n  target_scale = standard", "dense 2", "  loss = mse");
    let (folder, out, log) = trained(&text, &rows);
    assert!(out.contains("rmse (mean)  mae (mean)  r2 (mean)") && out.contains("training rows, by target"), "{out}");
    assert_eq!(log[0]["metrics"]["average"], json!("mean"));
    let (_, result) = evaluated(&folder, "t.csv");
    let of = |target: &str, metric: &str| result["per_target"][target][metric].as_f64().expect("a number");
    for metric in ["rmse", "mae", "r2"] {
        let mean = f64::midpoint(of("price", metric), of("count", metric));
        assert!((result["metrics"][metric].as_f64().expect("a number") - mean).abs() < 1e-9, "{metric}");
    }
    assert!(of("price", "rmse") > 10.0 * of("count", "rmse"), "each in its own scale: {result}");
    // By hand, from the predictions.
    let predicted = run(&["predict", &folder.text("m.safetensors"), &folder.text("t.csv")]).out;
    let numbers = |text: &str, skip: usize| -> Vec<f64> {
        text.lines().skip(1).map(|l| l.split(',').nth(skip).and_then(|c| c.parse().ok()).expect("a number")).collect()
    };
    for (k, target) in ["price", "count"].into_iter().enumerate() {
        let errors = numbers(&predicted, k).into_iter().zip(numbers(&rows, k + 2)).map(|(a, t)| a - t);
        let mse = errors.map(|e| e * e).sum::<f64>() / 60.0;
        assert!((of(target, "mse") / mse - 1.0).abs() < 1e-4, "{target}: {} and not {mse}", of(target, "mse"));
    }
}

#[test]
fn what_there_is_nothing_to_explain_of_has_no_r2() {
    for scale in ["", "\n  target_scale = standard", "\n  target_scale = minmax"] {
        let constant = table("y", 12, |_, _, _| "5".to_owned());
        let text = program(&format!("  target = y{scale}"), "dense 1", "  loss = mse");
        let (folder, out, log) = trained(&text, &constant);
        assert!(out.contains("r2 of `y` is undefined: it is 5 in each of the 12 training rows"), "{out}");
        assert_eq!(log[0]["metrics"]["r2"], Value::Null);
        let (_, result) = evaluated(&folder, "t.csv");
        assert_eq!((&result["metrics"]["r2"], &result["per_target"]["y"]["r2"]), (&Value::Null, &Value::Null));
        assert!(result["metrics"]["rmse"].is_number());
    }
    let varied = table("y", 12, |_, x, _| format!("{x:.3}"));
    let (folder, ..) = trained(&program("  target = y", "dense 1", "  loss = mse"), &varied);
    let (human, result) = evaluated(&folder.with("one.csv", "x,z,y\n2,0,6\n"), "one.csv");
    assert!(human.contains("r2 of `y` is undefined: 1 file row has no variance"), "{human}");
    assert!(human.lines().nth(1).is_some_and(|line| line.ends_with(" -")), "{human}");
    assert_eq!(result["metrics"]["r2"], Value::Null);
}

#[test]
fn the_reference_says_which_class_and_which_mean() {
    for name in ["precision", "recall", "f1"] {
        let text = run(&["doc", name]).out;
        for words in ["`positive`", "macro", "labels", "neither occur nor", "never"] {
            assert!(text.contains(words), "{name}: {words}");
        }
    }
}
