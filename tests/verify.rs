//! `nn verify`: a model trained again is the same to the bit, or what differs first is named with its likely cause.

use crate::common::{Done, Folder, done, nn, root};
use serde_json::Value;
use std::fs;

/// A folder with a small table and a program.
fn folder(network: &str, train: &str) -> Folder {
    let rows = (0..90).map(|k| {
        let (x, y) = (f64::from(k % 13) / 6.0 - 1.0, f64::from(k * k % 17) / 8.0 - 1.0);
        format!("{x:.3},{y:.3},{}\n", if x * y > 0.0 { "same" } else { "other" })
    });
    let csv = format!("x,y,sign\n{}", rows.collect::<String>());
    let program = format!(
        "data \"d.csv\" {{\n  target = sign\n  validation = 20%\n}}\nnetwork {{\n  {network}\n  dense classes softmax\n}}\n\
         train {{\n  loss = cross_entropy\n  batch = 16\n  seed = 7\n  {train}\n}}\n"
    );
    Folder::new().with("d.csv", csv).with("m.nn", program)
}

fn command(folder: &Folder, args: &[&str]) -> Done {
    done(&nn().current_dir(folder.path("")).args(args).output().expect("the binary runs"))
}

fn trained(network: &str, train: &str) -> Folder {
    let folder = folder(network, train);
    let ended = command(&folder, &["train", "m.nn", "-q"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    folder
}

const ADAM: &str = "optimizer = adam\n  learning_rate = 0.02\n  epochs = 12";

/// What is done to a folder after training.
type Change<'c> = &'c dyn Fn(&Folder);

/// Puts other bytes of the same length into the model.
fn patch(folder: &Folder, from: &str, to: &str) {
    let mut bytes = fs::read(folder.path("m.safetensors")).expect("a model");
    let at = bytes.windows(from.len()).position(|w| w == from.as_bytes()).expect("what is to be replaced");
    bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    fs::write(folder.path("m.safetensors"), bytes).expect("a file");
}

#[test]
fn a_model_trained_again_is_the_same() {
    let cases = [
        ("dense 6 tanh", ADAM),
        ("dense 6 relu\n  batch_norm\n  dropout 20%", "optimizer = sgd\n  learning_rate = cosine(0.1)\n  epochs = 9"),
        ("dense 4 tanh", "optimizer = rmsprop\n  learning_rate = 0.05\n  epochs = 300\n  stop = early(patience=3)"),
        ("dense 4 tanh", "optimizer = adam\n  learning_rate = 0.01\n  epochs = 5\n  precision = f64"),
    ];
    for (network, train) in cases {
        let folder = trained(network, train);
        for threads in ["1", "3"] {
            let verified = command(&folder, &["verify", "m.safetensors", "-q", "--threads", threads]);
            assert_eq!((verified.code, verified.err.as_str()), (0, ""), "{network} {train}: {}", verified.out);
            assert!(verified.out.starts_with("m.safetensors: the same bits: "), "{}", verified.out);
        }
    }
}

#[test]
fn some_epochs_give_a_partial_answer_and_json_says_it() {
    let folder = trained("dense 6 tanh", ADAM);
    let verified = command(&folder, &["verify", "m.safetensors", "--epochs", "5", "-q"]);
    assert_eq!((verified.code, verified.out.as_str()), (0, "m.safetensors: the same bits so far: 5 epochs of 12\n"));
    let verified = command(&folder, &["verify", "m.safetensors", "--format", "json", "-q"]);
    let value: Value = serde_json::from_str(&verified.out).expect("JSON");
    assert_eq!(value["same"], true);
    assert_eq!((&value["epochs"], &value["first_epoch"], &value["cause"]), (&12.into(), &Value::Null, &Value::Null));
}

#[test]
fn data_and_model_that_moved_are_the_same() {
    let folder = trained("dense 6 tanh", ADAM);
    fs::create_dir(folder.path("data")).expect("a folder");
    fs::rename(folder.path("d.csv"), folder.path("data/d.csv")).expect("moved");
    let lost = command(&folder, &["verify", "m.safetensors", "-q"]);
    assert_eq!(lost.code, 1);
    assert!(lost.err.contains("d.csv"), "{}", lost.err);
    let found = command(&folder, &["verify", "m.safetensors", "-q", "--folder", "data"]);
    assert_eq!(found.code, 0, "{}{}", found.out, found.err);
}

#[test]
fn a_flipped_bit_is_named() {
    let folder = trained("dense 6 tanh", ADAM);
    let mut bytes = fs::read(folder.path("m.safetensors")).expect("a model");
    let last = bytes.len() - 2;
    bytes[last] ^= 1 << 3;
    fs::write(folder.path("m.safetensors"), bytes).expect("a file");
    let verified = command(&folder, &["verify", "m.safetensors", "-q"]);
    assert_eq!(verified.code, 1, "{}", verified.out);
    for part in [
        "all 12 epochs went as they did then; the weights in the file are others",
        "dense2.weight[1,5]: ",
        "; 1 of 32 numbers differ",
        "one bit of the file has flipped since: bit 19 of `dense2.weight[1,5]`",
    ] {
        assert!(verified.out.contains(part), "{part}\n{}", verified.out);
    }
}

#[test]
fn what_was_changed_is_the_likely_cause() {
    let data = |folder: &Folder| {
        let text = fs::read_to_string(folder.path("d.csv")).expect("data").replacen("-1.000", "-1.500", 1);
        fs::write(folder.path("d.csv"), text).expect("a file");
    };
    let seed = |folder: &Folder| patch(folder, "seed = 7", "seed = 8");
    let version = |folder: &Folder| {
        let ours = env!("CARGO_PKG_VERSION");
        patch(folder, &format!("\\\"version\\\":\\\"{ours}\\\""), &format!("\\\"version\\\":\\\"{}\\\"", "0.1.9"));
        patch(folder, "learning_rate = 0.02", "learning_rate = 0.03");
    };
    let rate = |folder: &Folder| patch(folder, "learning_rate = 0.02", "learning_rate = 0.03");
    let cases: [(Change<'_>, &str); 4] = [
        (&data, "`d.csv` is not as it was when the model was trained"),
        (&seed, "the model was trained with seed 7, and its program says 8"),
        (&version, "it was trained by nn 0.1.9, and this is nn 0.2.0"),
        (&rate, "the model's program or history was changed after training"),
    ];
    for (change, cause) in cases {
        let folder = trained("dense 6 tanh", ADAM);
        change(&folder);
        let verified = command(&folder, &["verify", "m.safetensors", "-q"]);
        assert_eq!(verified.code, 1, "{cause}: {}{}", verified.out, verified.err);
        assert!(verified.out.contains("the weights differ from epoch 1 of 12 on"), "{}", verified.out);
        assert!(verified.out.contains(cause), "{cause}\n{}", verified.out);
    }
}

#[test]
fn a_model_that_was_trained_on_needs_what_it_started_from() {
    let folder = trained("dense 6 tanh", ADAM);
    fs::rename(folder.path("m.safetensors"), folder.path("first.safetensors")).expect("moved");
    let more =
        command(&folder, &["train", "first.safetensors", "-o", "m.safetensors", "-q", "--set", "train.epochs=4"]);
    assert_eq!(more.code, 0, "{}", more.err);
    let alone = command(&folder, &["verify", "m.safetensors", "-q"]);
    assert_eq!(alone.code, 2);
    assert!(alone.err.contains("name their file by `--weights`"), "{}", alone.err);
    let with = |file: &str| command(&folder, &["verify", "m.safetensors", "-q", "--weights", file]);
    assert_eq!(with("first.safetensors").code, 0, "{}", with("first.safetensors").out);
    let wrong = with("d.csv");
    assert_eq!(wrong.code, 1);
    assert!(wrong.err.contains("is not the file that the training started from"), "{}", wrong.err);
}

#[test]
fn what_is_no_model_is_said() {
    let program = done(&nn().args(["verify", "examples/iris.nn"]).output().expect("the binary runs"));
    assert_eq!(program.code, 1);
    assert!(program.err.contains("is a program, not a model"), "{}", program.err);
    assert!(root().join("examples/iris.nn").exists());
}

#[test]
fn a_model_of_a_newer_version_is_told_by_it() {
    let folder = trained("dense 6 tanh", ADAM);
    let ours = env!("CARGO_PKG_VERSION");
    patch(&folder, &format!("\\\"version\\\":\\\"{ours}\\\""), "\\\"version\\\":\\\"0.9.9\\\"");
    let newer = command(&folder, &["eval", "m.safetensors"]);
    assert_eq!(newer.code, 1);
    let said = format!("`m.safetensors` was written by nn 0.9.9, which is newer than this, nn {ours}");
    assert!(newer.err.contains(&said), "{}", newer.err);
}
