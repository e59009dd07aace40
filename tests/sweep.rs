//! `nn sweep`: each run is the single `nn train` to the bit, whatever the number of threads; refusals are plain.

use crate::common::{Folder, done, nn, run};
use serde_json::Value;

fn lines(path: &std::path::Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).expect("a log");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn each_run_has_the_bits_of_the_single_training() {
    let folder = Folder::new();
    let mut logs = Vec::new();
    for threads in ["1", "3"] {
        let log = folder.text(&format!("sweep{threads}.jsonl"));
        let vary =
            ["--vary", "train.learning_rate=log(1e-3,0.1,3)", "--vary", "train.optimizer=adam,sgd(momentum=0.9)"];
        let more = ["--seeds", "2", "--set", "train.epochs=4", "--quiet", "--threads", threads, "--log", &log];
        let done = run(&[["sweep", "examples/iris.nn"].as_slice(), &vary, &more].concat());
        assert_eq!(done.code, 0, "{}", done.err);
        logs.push(lines(&folder.path(&format!("sweep{threads}.jsonl"))));
    }
    assert_eq!(logs[0].len(), 12);
    for (one, three) in logs[0].iter().zip(&logs[1]) {
        for key in [
            "settings",
            "seed",
            "train_losses",
            "validation_losses",
            "train_loss",
            "validation_loss",
            "verdict",
            "command",
        ] {
            assert_eq!(one[key], three[key], "{key}");
        }
        let (command, single, model) =
            (one["command"].as_str().expect("a command"), folder.text("single.jsonl"), folder.text("m"));
        let args = command.strip_prefix("nn ").expect("nn").replace('\'', "");
        let more = ["--log", &single, "-o", &model, "--quiet", "--threads", "2"];
        let trained = done(&nn().args(args.split(' ')).args(more).output().expect("the binary runs"));
        assert_eq!(trained.code, 0, "{command}: {}", trained.err);
        let epochs: Vec<Value> =
            lines(&folder.path("single.jsonl")).into_iter().filter(|l| l["event"] == "epoch").collect();
        for (from, to) in [("train_loss", "train_losses"), ("validation_loss", "validation_losses")] {
            let losses: Vec<Value> = epochs.iter().map(|e| e[from].clone()).collect();
            assert_eq!(Value::from(losses), one[to], "{command}");
        }
    }
}

#[test]
fn the_best_model_is_saved_and_divergence_is_named() {
    let folder = Folder::new();
    let (best, single) = (folder.text("best.safetensors"), folder.text("single.safetensors"));
    let args = [
        "sweep",
        "examples/lesson/rate.nn",
        "--vary",
        "train.learning_rate=0.001,0.1,1",
        "--quiet",
        "--format",
        "json",
    ];
    let done = run(&[args.as_slice(), &["--save-best", &best, "--plot", &folder.text("plot.svg")]].concat());
    assert_eq!(done.code, 0, "{}", done.err);
    let answer: Value = serde_json::from_str(&done.out).expect("one JSON object");
    let runs = answer["runs"].as_array().expect("runs");
    assert_eq!(
        (&runs[0]["settings"]["train.learning_rate"], &runs[0]["verdict"]),
        (&Value::from(0.1), &Value::from("good"))
    );
    assert!(runs[2]["diverged_at"].as_u64().is_some() && runs[2]["reason"] == "diverged", "{}", runs[2]);
    let train = ["train", "examples/lesson/rate.nn", "--set", "train.learning_rate=0.1", "--quiet", "-o", &single];
    assert_eq!(run(&train).code, 0);
    assert_eq!(std::fs::read(&best).expect("a model"), std::fs::read(&single).expect("a model"));
    let plot = std::fs::read_to_string(folder.path("plot.svg")).expect("a picture");
    roxmltree::Document::parse(&plot).expect("well formed");
}

#[test]
fn what_cannot_be_swept_is_said() {
    for (vary, code, words) in [
        ("train.learning_rate", 2, "KEY=V1,V2"),
        ("train.learning_rate=log(0,1,3)", 2, "above 0"),
        ("train.learning_rate=log(1,2)", 2, "how many values"),
        ("nothing=1,2", 2, "no `let nothing`"),
        ("train.learning_rate=-1,1", 1, "outside its range"),
        ("train.learning_rate=linear(1,2,10000)", 2, "more than 10000 runs"),
    ] {
        let seeds = if vary.contains("10000") { "2" } else { "1" };
        let done = run(&["sweep", "examples/xor.nn", "--quiet", "--seeds", seeds, "--vary", vary]);
        assert_eq!(done.code, code, "{vary}: {}", done.err);
        assert!(done.err.contains(words), "{vary}: {}", done.err);
    }
}
