//! The floors that reports print are true: however long training goes on, it ends at or above the floor, and
//! within 1 % of it, for every loss and every range of outputs that has one.

use crate::common::{Folder, run};
use serde_json::Value;
use std::collections::BTreeSet;

/// Data, output layers and loss of a program that ends on its floor, and its rule.
struct Case {
    code: &'static str,
    data: String,
    output: &'static str,
    loss: &'static str,
}

fn table(target: &str, head: &str, rows: impl Iterator<Item = String>) -> String {
    let rows: Vec<String> = rows.collect();
    format!("data {{\n  target = {target}\n  table {{\n    {head}\n    {}\n  }}\n}}\n", rows.join("\n    "))
}

/// x² and a number, over −2…2.
fn square(and: f64) -> String {
    let points = (0..=20).map(|i| f64::from(i) * 0.2 - 2.0);
    table("y", "x y", points.map(|x| format!("{x:.1} {:.2}", x * x + and)))
}

/// A line through 0: half of it below.
fn line() -> String {
    let points = (0..=20).map(|i| f64::from(i) * 0.2 - 2.0);
    table("y", "x y", points.map(|x| format!("{x:.1} {x:.1}")))
}

/// Rows of none, one, two or three labels of three, each told by the signs of a, b and c.
fn labels() -> String {
    let row = |i: u32| {
        let bits = [i & 1, i >> 1 & 1, i >> 2 & 1];
        let signs = bits.map(|b| if b == 1 { "1" } else { "-1" });
        format!("{} {} {} {} {} {}", signs[0], signs[1], signs[2], bits[0], bits[1], bits[2])
    };
    table("[p, q, r]", "a b c p q r", (0..8).map(row))
}

/// Three amounts a row, with a sum of 2.
fn amounts() -> String {
    let row = |i: i32| {
        let x = f64::from(i) * 0.2 - 2.0;
        let (p, q) = (0.6 + 0.3 * x.sin(), 0.5 + 0.3 * x.cos());
        format!("{x:.1} {p:.2} {q:.2} {:.2}", 2.0 - p - q)
    };
    table("[p, q, r]", "x p q r", (0..=20).map(row))
}

fn exclusive_or() -> String {
    let rows = ["0 0 0", "0 1 1", "1 0 1", "1 1 0", "0.1 0.9 1", "0.9 1 0"];
    table("y", "a b y", rows.map(str::to_owned).into_iter())
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |code, data: String, output, loss| cases.push(Case { code, data, output, loss });
    for loss in ["mse", "mae", "huber", "log_cosh", "quantile(0.3)"] {
        // Beyond the end of a range on all rows, or on some, the others being reached.
        add("NN304", square(1.5), "dense 1 sigmoid", loss);
        add("NN304", square(2.0), "dense 1 tanh", loss);
        add("NN304", line(), "dense 1 softplus", loss);
        add("NN308", line(), "dense 1 relu bias_init=constant(1)", loss);
        // F7
        add("NN301", exclusive_or(), "dense 1 softmax", loss);
    }
    add("NN304", amounts(), "dense 3 softmax", "mse");
    // F8: logits between 0 and 1, and −1 and 1.
    let blobs = || "data blobs(samples=60, noise=0.05) { }\n".to_owned();
    let moons = || "data moons(samples=60, noise=0.02) { }\n".to_owned();
    add("NN302", blobs(), "dense classes softmax\n  softmax", "cross_entropy");
    add("NN302", blobs(), "dense classes sigmoid\n  softmax", "cross_entropy");
    add("NN302", blobs(), "dense classes tanh\n  softmax", "cross_entropy");
    add("NN302", blobs(), "dense classes sigmoid\n  softmax", "cross_entropy(label_smoothing=0.1)");
    add("NN302", blobs(), "dense classes tanh\n  softmax", "kl_divergence");
    add("NN302", moons(), "dense 1 sigmoid\n  sigmoid", "binary_cross_entropy");
    add("NN302", moons(), "dense 1 tanh\n  sigmoid", "binary_cross_entropy");
    add("NN302", blobs(), "dense classes tanh\n  softmax", "focal");
    add("NN302", moons(), "dense 1 tanh\n  sigmoid", "focal(1)");
    // The sign of −1 is out of a sigmoid's reach.
    add("NN304", moons(), "dense 1 sigmoid", "hinge");
    add("NN304", blobs(), "dense classes softmax", "hinge");
    // Counts up to 5.5 and outputs up to 1: above what the counts alone cost.
    add("NN304", square(1.5), "dense 1 sigmoid", "poisson");
    // Each of the outputs is free, and the rows are told as shares.
    add("NN306", labels(), "dense 3 softmax", "mse");
    add("NN306", labels(), "dense 3 softmax", "binary_cross_entropy");
    cases
}

#[test]
fn training_ends_on_the_floor_and_never_below() {
    let cases = cases();
    let shown: BTreeSet<&str> = cases.iter().map(|c| c.loss.split('(').next().unwrap_or_default()).collect();
    assert_eq!(shown.len(), nn::catalog::losses::LOSSES.len(), "a loss has no floor here: {shown:?}");
    let wrong: Vec<String> = cases.iter().filter_map(|case| descend(case).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Trains one to its floor.
fn descend(Case { code, data, output, loss }: &Case) -> Result<(), String> {
    // A rate that falls to nothing: an absolute error's steps do not shrink by themselves.
    let program = format!(
        "# nn: allow({code}) its floor is measured\n\n{data}\nnetwork {{\n  dense 24 tanh\n  {output}\n}}\n\ntrain {{\n  loss = {loss}\n  \
         optimizer = adam\n  learning_rate = cosine(0.03)\n  epochs = 4000\n  batch = all\n  precision = f64\n  seed = 2\n}}\n"
    );
    let case = format!("{code} with {loss} after {output}");
    let folder = Folder::new().with("a.nn", &program).with("b.nn", program.split_once("\n\n").expect("a comment").1);
    let checked = run(&["check", "--quick", "--format", "json", &folder.text("b.nn")]);
    let reports = checked.out.lines().map(|l| serde_json::from_str::<Value>(l).expect("JSON"));
    let report = reports.into_iter().find(|r| r["code"] == *code).ok_or(format!("{case}: {}", checked.out))?;
    let floor = report["evidence"]["values"]["floor"].as_f64().ok_or(format!("{case}: {report}"))?;
    if report["level"] != "error" {
        return Err(format!("{case}: {}", report["level"]));
    }
    // A start may be unlucky; the first of some that ends there shows where the floor is.
    let mut ends = Vec::new();
    for seed in 1..=4 {
        let seed = format!("train.seed={seed}");
        let (log, model) = (folder.text("log"), folder.text("model"));
        let trained = run(&["train", "--quiet", &folder.text("a.nn"), "--set", &seed, "--log", &log, "-o", &model]);
        if trained.code != 0 {
            return Err(format!("{case}: {}", trained.err));
        }
        let log = std::fs::read_to_string(folder.path("log")).expect("the log");
        let losses = log.lines().filter_map(|l| serde_json::from_str::<Value>(l).ok()?["train_loss"].as_f64());
        let losses: Vec<f64> = losses.collect();
        if let Some(below) = losses.iter().find(|&&l| l < floor * (1.0 - 1e-9)) {
            return Err(format!("{case}: {below} is below the floor of {floor}"));
        }
        ends.push(*losses.last().expect("epochs"));
        if ends.last().is_some_and(|&end| end <= 1.01 * floor) {
            return Ok(());
        }
    }
    Err(format!("{case}: {ends:?} are above the floor of {floor}"))
}
