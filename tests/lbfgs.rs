//! `lbfgs` ends where that of `SciPy` ends from the same start: on three convex problems, whose least loss is one
//! number, and on two small networks. What it excludes is reported, and mended.

use crate::common::{Folder, run};
use serde_json::Value;

/// Target, network, loss, l2, and the last loss without its penalty: `SciPy` 1.17.1, `minimize(method="L-BFGS-B",
/// ftol=1e-16, gtol=1e-12)` on the gradients of JAX 0.10.2, from this program's own start.
const ENDS: [(&str, &str, &str, f64, f64); 5] = [
    ("values", "dense 1", "mse", 0.0, 0.009_839_030_261_770_9),
    ("two", "dense 1 sigmoid", "binary_cross_entropy", 0.01, 0.278_304_880_817_3),
    ("three", "dense classes softmax", "cross_entropy", 0.01, 0.332_433_096_824_0),
    ("values", "dense 4 tanh\n dense 1", "mse", 0.001, 0.000_149_447_285_9),
    ("three", "dense 5 tanh\n dense classes softmax", "cross_entropy", 0.003, 0.069_109_488_932_2),
];

/// 24 rows of two inputs and a target of one kind.
fn table(kind: &str) -> String {
    let row = |i: u32| {
        let (a, b) = (f64::from(7 * i % 24) / 12.0 - 1.0, f64::from((11 * i + 5) % 24) / 12.0 - 1.0);
        // What the file says, not what it was made from.
        let [a, b]: [f64; 2] = [a, b].map(|v| format!("{v:.4}").parse().expect("a number"));
        let target = match kind {
            "values" => format!("{:.4}", 0.8 * a - 0.5 * b + 0.3 * a * b + 0.2),
            "two" if a + 0.5 * b + if i.is_multiple_of(5) { 0.6 } else { 0.0 } > 0.1 => "yes".to_owned(),
            "two" => "no".to_owned(),
            _ if a > 0.2 && !i.is_multiple_of(7) => "p".to_owned(),
            _ if b > 0.0 => "q".to_owned(),
            _ => "r".to_owned(),
        };
        format!("{a:.4} {b:.4} {target}")
    };
    format!("data {{\n target = y\n table {{\na b y\n{}\n }}\n}}\n", (0..24).map(row).collect::<Vec<_>>().join("\n"))
}

fn program(kind: &str, network: &str, train: &str) -> String {
    let table = table(kind);
    format!(
        "{table}network {{\n{network}\n}}\ntrain {{\n optimizer = lbfgs\n learning_rate = 1\n seed = 5\n{train}\n}}\n"
    )
}

/// The loss of each epoch.
fn losses(text: &str, more: &[&str]) -> Vec<f64> {
    let folder = Folder::new().with("m.nn", text);
    let (file, log, model) = (folder.text("m.nn"), folder.text("log"), folder.text("model"));
    let args = [&["train", "--quiet", &file, "--log", &log, "-o", &model], more].concat();
    let done = run(&args);
    assert_eq!(done.code, 0, "{text}{}", done.err);
    let log = std::fs::read_to_string(folder.path("log")).expect("the log");
    log.lines().filter_map(|l| serde_json::from_str::<Value>(l).ok()?["train_loss"].as_f64()).collect()
}

#[test]
fn it_ends_where_scipy_ends() {
    for (kind, network, loss, l2, end) in ENDS {
        let train = format!(" loss = {loss}\n l2 = {l2}\n epochs = 400\n batch = all\n precision = f64");
        let losses = losses(&program(kind, network, &train), &[]);
        let last = losses.last().expect("epochs");
        assert!((last - end).abs() < 1e-6, "{network}: {last}, SciPy's {end}");
        let single = format!(" loss = {loss}\n l2 = {l2}\n epochs = 400\n batch = all");
        let last = *self::losses(&program(kind, network, &single), &[]).last().expect("epochs");
        assert!((last - end).abs() < 1e-4, "{network} in f32: {last}, SciPy's {end}");
    }
}

/// Of a quadratic in three weights, no more steps than a few: the line search is not steepest descent.
#[test]
fn a_quadratic_takes_a_few_steps() {
    let train = " loss = mse\n epochs = 8\n batch = all\n precision = f64";
    let losses = losses(&program("values", "dense 1", train), &[]);
    assert!((losses[7] - ENDS[0].4).abs() < 1e-9, "{losses:?}");
    assert!(losses.windows(2).all(|pair| pair[1] <= pair[0] + 1e-12), "{losses:?}");
}

#[test]
fn the_bits_are_the_same_for_any_number_of_threads() {
    let train = " loss = cross_entropy\n epochs = 12\n batch = all\n l1 = 0.0001";
    let network = "dense 300 tanh\n batch_norm\n dense 200 relu\n dense classes softmax";
    let text = program("three", network, train);
    assert_eq!(losses(&text, &["--threads", "1"]), losses(&text, &["--threads", "3"]));
}

#[test]
fn what_it_excludes_is_reported_and_mended() {
    for (network, train, said) in [
        ("dense 1", "", "takes all rows in each step"),
        ("dense 1", " batch = 8", "takes all rows in each step"),
        ("dense 4 tanh\n dropout 20%\n dense 1", " batch = all", "draws anew each time"),
        ("dense 1", " batch = all\n clip_norm = 1", "`clip_norm` changes it"),
    ] {
        refused(&program("values", network, &format!(" loss = mse\n epochs = 5\n{train}")), said);
    }
    let text = program("values", "dense 1", " loss = mse\n epochs = 5\n batch = all");
    refused(&text.replace("learning_rate = 1", "learning_rate = cosine(0.5)"), "takes no schedule");
}

/// Holds a program to one error, which its fix takes away.
fn refused(text: &str, said: &str) {
    let folder = Folder::new().with("m.nn", text);
    let reports = || {
        let checked = run(&["check", "--quick", "--format", "json", &folder.text("m.nn")]);
        let lines = checked.out.lines().map(|l| serde_json::from_str::<Value>(l).expect("JSON")).collect::<Vec<_>>();
        lines.into_iter().filter(|r| r["level"] == "error").collect::<Vec<_>>()
    };
    let found = reports();
    assert_eq!(found.len(), 1, "{said}: {found:?}");
    assert_eq!(found[0]["code"], "NN107", "{said}");
    assert!(found[0]["message"].as_str().is_some_and(|m| m.contains(said)), "{said}: {found:?}");
    let _ = run(&["check", "--quick", "--unsafe-fixes", &folder.text("m.nn")]);
    let left = reports();
    assert!(
        left.is_empty(),
        "{said}: {left:?}\n{}",
        std::fs::read_to_string(folder.path("m.nn")).expect("the program")
    );
}
