//! The commands end to end: what scripts rely on.

use crate::common::{Folder, done, nn, root, run};
use nn::data::{DataFile, Sides, SplitRule};
use nn::train::model::TrainedOn;
use serde_json::Value;
use std::io::Write;
use std::process::Stdio;

const XOR: &str = "examples/xor.nn";

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

#[test]
fn the_same_program_gives_the_same_file_for_any_number_of_threads() {
    let folder = Folder::new();
    for example in ["xor", "digits", "penguins"] {
        let program = format!("examples/{example}.nn");
        let train = |model: &str, threads: &str| {
            let done = run(&[
                "train",
                &program,
                "-q",
                "--threads",
                threads,
                "-o",
                &folder.text(model),
                "--set",
                "train.epochs=4",
            ]);
            assert_eq!(done.code, 0, "{}", done.err);
            std::fs::read(folder.path(model)).expect("a model")
        };
        let one = train("a.safetensors", "1");
        assert!(one == train("a.safetensors", "1"), "{example}: run after run");
        assert!(one == train("a.safetensors", "2"), "{example}: two threads");
        assert!(one == train("a.safetensors", "3"), "{example}: three threads");
    }
}

#[test]
fn predictions_reproduce_the_evaluation_that_training_printed() {
    let folder = Folder::new();
    let model = folder.text("iris.safetensors");
    let log = folder.text("log.jsonl");
    let trained = run(&["train", "examples/iris.nn", "-q", "-o", &model, "--log", &log]);
    assert_eq!(trained.code, 0, "{}", trained.err);
    let log = std::fs::read_to_string(folder.path("log.jsonl")).expect("the log");
    let last = json(log.lines().last().expect("a line"));
    let own = json(&run(&["eval", &model, "--format", "json"]).out);
    assert_eq!(own["loss"], last["test_loss"]);
    assert_eq!(own["metrics"], last["test_metrics"]);
    // The whole file, judged by `eval` and by hand from what `predict` writes.
    let data = "examples/iris.csv";
    let judged = json(&run(&["eval", &model, data, "--format", "json"]).out);
    let predicted = run(&["predict", &model, data]);
    assert_eq!(predicted.code, 0, "{}", predicted.err);
    let file = std::fs::read_to_string(root().join(data)).expect("the data");
    let truth: Vec<&str> = file.lines().skip(1).map(|l| l.rsplit(',').next().expect("a cell")).collect();
    let mut lines = predicted.out.lines();
    assert_eq!(lines.next(), Some("prediction,probability_setosa,probability_versicolor,probability_virginica"));
    let rows: Vec<&str> = lines.collect();
    assert_eq!(rows.len(), truth.len());
    let right = rows.iter().zip(&truth).filter(|(row, truth)| row.split(',').next() == Some(truth)).count();
    let accuracy = judged["metrics"]["accuracy"].as_f64().expect("a number");
    assert!((accuracy - right as f64 / truth.len() as f64).abs() < 1e-12);
    let loss: f64 = rows
        .iter()
        .zip(&truth)
        .map(|(row, truth)| {
            let class = ["setosa", "versicolor", "virginica"].iter().position(|c| c == truth).expect("a class");
            -row.split(',').nth(class + 1).expect("a probability").parse::<f64>().expect("a number").ln()
        })
        .sum();
    let mean = loss / truth.len() as f64;
    assert!((judged["loss"].as_f64().expect("a number") - mean).abs() < 1e-5 * mean.max(1.0), "{judged} {mean}");
}

#[test]
fn predict_reads_standard_input_and_writes_files() {
    let folder = Folder::new();
    let model = folder.text("xor.safetensors");
    assert_eq!(run(&["train", XOR, "-q", "-o", &model]).code, 0);
    let mut child =
        nn().args(["predict", &model, "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("runs");
    child.stdin.take().expect("a pipe").write_all(b"b,a\n1,0\n1,1\n").expect("written");
    let out = done(&child.wait_with_output().expect("ends"));
    let classes: Vec<&str> = out.out.lines().map(|l| l.split(',').next().unwrap_or("")).collect();
    assert_eq!(classes, ["prediction", "1", "0"]);
    let folder = folder.with("rows.csv", "a,b\n0,1\n");
    let file = folder.text("out.csv");
    assert_eq!(run(&["predict", &model, &folder.text("rows.csv"), "-o", &file]).code, 0);
    assert!(std::fs::read_to_string(&file).expect("a file").starts_with("prediction,probability_0,probability_1\n1,"));
    // What does not fit leaves what was there.
    let folder = folder.with("wrong.csv", "a,c\n0,1\n");
    let wrong = run(&["predict", &model, &folder.text("wrong.csv"), "-o", &file]);
    assert_eq!(wrong.code, 1);
    assert!(wrong.err.contains("NN114") && wrong.err.contains('b'), "{}", wrong.err);
    assert!(std::fs::read_to_string(&file).expect("a file").starts_with("prediction"));
}

#[test]
fn a_value_target_comes_back_in_its_own_scale() {
    let rows: String = (0..40).map(|i| format!("{i},{}\n", 1000.0 + 50.0 * f64::from(i))).collect();
    let folder = Folder::new().with("line.csv", format!("x,price\n{rows}"));
    let folder = folder.with(
        "line.nn",
        "data \"line.csv\" {\n target = price\n scale = standard\n target_scale = standard\n}\nnetwork {\n dense 1\n}\ntrain {\n loss = mse\n optimizer = sgd\n learning_rate = 0.1\n epochs = 200\n batch = all\n}\n",
    );
    let model = folder.text("line.safetensors");
    let trained = run(&["train", &folder.text("line.nn"), "-q"]);
    assert_eq!(trained.code, 0, "{}", trained.err);
    let out = run(&["predict", &model, &folder.text("line.csv")]).out;
    let mut lines = out.lines();
    assert_eq!(lines.next(), Some("price"));
    for (i, line) in lines.enumerate() {
        let price: f64 = line.parse().expect("a number");
        assert!((price - (1000.0 + 50.0 * i as f64)).abs() < 1.0, "row {i}: {price}");
    }
}

#[test]
fn the_log_holds_what_is_promised() {
    let folder = Folder::new();
    let log = folder.text("log.jsonl");
    let done = run(&[
        "train",
        "examples/iris.nn",
        "-q",
        "-o",
        &folder.text("m.safetensors"),
        "--log",
        &log,
        "--set",
        "train.epochs=3",
    ]);
    assert_eq!(done.code, 0, "{}", done.err);
    let text = std::fs::read_to_string(&log).expect("the log");
    let lines: Vec<Value> = text.lines().map(json).collect();
    assert_eq!(lines.len(), 4);
    for (i, line) in lines[..3].iter().enumerate() {
        assert_eq!(line["event"], "epoch");
        assert_eq!(line["epoch"], i as u64 + 1);
        for key in ["step", "learning_rate", "train_loss", "validation_loss", "seconds"] {
            assert!(line[key].is_number(), "{key} in {line}");
        }
        assert!(line["metrics"]["accuracy"].is_number() && line["validation_metrics"]["accuracy"].is_number());
    }
    assert_eq!(lines[3]["event"], "done");
    assert_eq!(lines[3]["reason"], "epochs");
    assert!(lines[3]["test_loss"].is_number() && lines[3]["model"].is_string());
}

#[test]
fn a_divergence_says_where_and_keeps_the_old_model() {
    let folder = Folder::new();
    let model = folder.text("model.safetensors");
    assert_eq!(run(&["train", "examples/diabetes.nn", "-q", "-o", &model, "--set", "train.epochs=1"]).code, 0);
    let before = std::fs::read(&model).expect("a model");
    let log = folder.text("log.jsonl");
    let rows: String = (0..20).map(|i| format!("{},{}\n", i * 100, i * 250)).collect();
    let folder = folder.with("steep.csv", format!("x,y\n{rows}")).with(
        "steep.nn",
        "data \"steep.csv\" {\n target = y\n}\nnetwork {\n dense 8 relu\n dense 1\n}\ntrain {\n # nn: allow(NN501, NN505, NN601) it is meant to diverge\n loss = mse\n learning_rate = 10\n epochs = 50\n}\n",
    );
    let done = run(&["train", &folder.text("steep.nn"), "-q", "-o", &model, "--log", &log]);
    assert_eq!(done.code, 1, "{}", done.err);
    assert!(done.err.contains("NN801") && done.err.contains("learning_rate = 10"), "{}", done.err);
    assert!(std::fs::read(&model).expect("still there") == before);
    let text = std::fs::read_to_string(&log).expect("the log");
    assert_eq!(json(text.lines().last().expect("a line"))["reason"], "diverged");
}

#[test]
fn an_interrupt_saves_what_was_reached() {
    let folder = Folder::new();
    let model = folder.text("model.safetensors");
    let log = folder.text("log.jsonl");
    let args = [
        "train",
        "examples/digits.nn",
        "-q",
        "-o",
        &model,
        "--log",
        &log,
        "--set",
        "train.epochs=100000",
        "--set",
        "train.stop=early(100000)",
    ];
    let mut child = nn().args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("runs");
    // Some epochs in: the log is written in blocks, so its first bytes mean that many are done.
    while std::fs::metadata(&log).map_or(0, |m| m.len()) == 0 {
        assert!(child.try_wait().expect("a child").is_none(), "it ended by itself");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let killed =
        std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(killed.success());
    let done = done(&child.wait_with_output().expect("ends"));
    assert_eq!(done.code, 130, "{}", done.err);
    assert!(run(&["eval", &model]).code == 0, "the model that was reached is of use");
    let text = std::fs::read_to_string(&log).expect("the log");
    assert_eq!(json(text.lines().last().expect("a line"))["reason"], "interrupted");
}

#[test]
fn exit_codes_tell_faults_from_wrong_usage() {
    assert_eq!(run(&[]).code, 0);
    assert!(run(&[]).out.contains("nn train"));
    assert_eq!(run(&["--version"]).code, 0);
    assert_eq!(run(&["frobnicate"]).code, 2);
    assert_eq!(run(&["train"]).code, 2);
    assert_eq!(run(&["train", XOR, "--set", "nonsense"]).code, 2);
    assert_eq!(run(&["train", XOR, "--set", "depth=3"]).code, 2);
    assert_eq!(run(&["train", XOR, "--plot", "x.bmp"]).code, 2);
    assert_eq!(run(&["check", "no/such/file.nn"]).code, 1);
    assert_eq!(run(&["check", "examples"]).code, 1);
    assert_eq!(run(&["eval", XOR]).code, 1);
    assert_eq!(run(&["train", XOR, "-q", "-o", "no/such/folder/model.safetensors"]).code, 1);
}

#[test]
fn a_model_that_is_damaged_is_refused() {
    let folder = Folder::new();
    let model = folder.text("model.safetensors");
    assert_eq!(run(&["train", XOR, "-q", "-o", &model]).code, 0);
    let bytes = std::fs::read(&model).expect("a model");
    // Cut short at every length up to the header's middle, and with each of its bytes changed: a report or a sound
    // model, never a panic.
    let step = bytes.len() / 60;
    for cut in (0..bytes.len()).step_by(step) {
        let folder = Folder::new().with("cut.safetensors", &bytes[..cut]);
        let done = run(&["eval", &folder.text("cut.safetensors"), "examples/iris.csv"]);
        assert_eq!(done.code, 1, "cut at {cut}: {}", done.err);
        assert!(!done.err.contains("panicked"), "cut at {cut}: {}", done.err);
    }
    for at in (0..bytes.len()).step_by(step) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x15;
        let folder = Folder::new().with("changed.safetensors", &changed).with("rows.csv", "a,b,y\n0,1,1\n");
        let done = run(&["eval", &folder.text("changed.safetensors"), &folder.text("rows.csv")]);
        assert!(matches!(done.code, 0 | 1) && !done.err.contains("panicked"), "changed at {at}: {}", done.err);
    }
}

#[test]
fn bad_data_gets_a_report_and_exit_1() {
    let program = |source: &str| {
        format!(
            "data {source} {{\n target = y\n}}\nnetwork {{\n dense 1\n}}\ntrain {{\n loss = mse\n learning_rate = 0.1\n epochs = 1\n}}\n"
        )
    };
    let cases: &[(&str, &[u8], &str)] = &[
        ("empty", b"", "NN111"),
        ("header only", b"x,y\n", "NN111"),
        ("ragged", b"x,y\n1,2\n3\n", "NN111"),
        ("NaN", b"x,y\n1,2\nnan,3\n2,5\n", "NN503"),
        ("infinity", b"x,y\n1,2\ninf,3\n2,5\n", "NN503"),
        ("text in numbers", b"x,y\n1,2\n2,3\nthree,4\n4,5\n", "NN112"),
        ("duplicate columns", b"x,x,y\n1,2,3\n", "NN111"),
        ("no target", b"x,z\n1,2\n", "NN103"),
        ("not text", b"x,y\n1,2\n\xff\xfe,3\n", "NN111"),
    ];
    for (name, bytes, code) in cases {
        let folder = Folder::new().with("d.csv", bytes).with("p.nn", program("\"d.csv\""));
        let done = run(&["check", &folder.text("p.nn"), "--format", "json"]);
        assert_eq!(done.code, 1, "{name}: {}", done.out);
        let codes: Vec<Value> = done.out.lines().map(|l| json(l)["code"].clone()).collect();
        assert!(codes.iter().any(|c| c == code), "{name}: wanted {code}, got {}", done.out);
        let train = run(&["train", &folder.text("p.nn")]);
        assert_eq!(train.code, 1, "{name}");
    }
    let folder = Folder::new().with("p.nn", program("\"d.csv\""));
    assert!(run(&["check", &folder.text("p.nn")]).err.contains("NN110"), "no such file");
    std::fs::create_dir(folder.path("d.csv")).expect("a folder");
    assert!(run(&["check", &folder.text("p.nn")]).err.contains("NN110"), "a folder");
    let idx: &[(&str, &[u8])] =
        &[("nothing", b""), ("truncated", &[0, 0, 8, 1, 0, 0, 0, 9, 1]), ("wrong magic", b"PK\x03\x04zip")];
    for (name, bytes) in idx {
        let labels = [0, 0, 8, 1, 0, 0, 0, 2, 0, 1];
        let text = program("idx(\"x\", \"y\")").replace(" target = y\n", "");
        let folder = Folder::new().with("x", bytes).with("y", labels).with("p.nn", text);
        let done = run(&["check", &folder.text("p.nn")]);
        assert!(done.code == 1 && done.err.contains("NN11"), "{name}: {}", done.err);
    }
}

/// A target far from 0 beside its spread: learnt, judged and predicted by the digits that the file has.
#[test]
fn a_target_far_from_zero_keeps_its_digits() {
    let rows: String = (0..80).map(|k| format!("{k},{}\n", 100_000_000 + 3 * k)).collect();
    let program = "data \"t.csv\" {\n  target = y\n  scale = standard\n  target_scale = standard\n}\n\
        network {\n  dense 1\n}\n\
        train {\n  loss = mse\n  optimizer = adam\n  learning_rate = 0.05\n  epochs = 400\n  batch = 8\n  seed = 1\n}\n";
    let folder = Folder::new().with("t.csv", format!("x,y\n{rows}")).with("m.nn", program);
    let trained = run(&["train", &folder.text("m.nn"), "-q"]);
    assert_eq!(trained.code, 0, "{}", trained.err);
    let judged = run(&["eval", &folder.text("m.safetensors"), &folder.text("t.csv"), "--format", "json"]);
    let judged: Value = serde_json::from_str(&judged.out).expect("JSON");
    let metric = |name: &str| judged["metrics"][name].as_f64().expect("a number");
    assert!(metric("r2") > 0.999_999 && metric("rmse") < 0.05, "{judged}");
    let predicted = run(&["predict", &folder.text("m.safetensors"), &folder.text("t.csv")]);
    for (k, line) in predicted.out.lines().skip(1).enumerate() {
        let value: f64 = line.parse().expect("a number");
        assert!((value - (100_000_000 + 3 * k) as f64).abs() < 0.2, "row {k}: {line}");
    }
}

/// Rows are judged that training has never seen, whatever has become of the file: sorted, shortened or added to.
#[test]
fn data_that_changed_is_told_and_no_trained_row_judges() {
    let row = |k: u64| {
        // Labels are noise: what is learnt by heart shows as a score above chance.
        let mix = |n: u64| {
            let z = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
        };
        let inputs = (0..6).map(|c| format!("{:.4}", mix(k * 7 + c)));
        format!("{},{}\n", inputs.collect::<Vec<_>>().join(","), if mix(k * 7 + 6) < 0.5 { "u" } else { "v" })
    };
    let rows: Vec<String> = (1..=240).map(row).collect();
    let table = |rows: &[String]| format!("a,b,c,d,e,f,y\n{}", rows.concat());
    let program = "data \"t.csv\" {\n  target = y\n  scale = standard\n  test = 25%\n}\n\
        network {\n  dense 64 tanh\n  dense classes softmax\n}\n\
        train {\n  loss = cross_entropy\n  optimizer = adam\n  learning_rate = 0.02\n  epochs = 200\n  batch = 16\n  seed = 1\n}\n";
    let folder = Folder::new().with("t.csv", table(&rows)).with("m.nn", program);
    assert_eq!(run(&["train", &folder.text("m.nn"), "-q"]).code, 0);
    let judged = || {
        let done = run(&["eval", &folder.text("m.safetensors"), "--format", "json"]);
        assert_eq!(done.code, 0, "{}", done.err);
        let value: Value = serde_json::from_str(&done.out).expect("JSON");
        let said = done.err.split_whitespace().collect::<Vec<_>>().join(" ");
        (value["rows"].as_u64().expect("rows"), value["metrics"]["accuracy"].as_f64().expect("a share"), said)
    };
    let (all, honest, said) = judged();
    assert!((all, said.as_str()) == (60, ""), "{all} rows; {said}");
    assert!(honest < 0.7, "{honest}");
    let mut sorted = rows.clone();
    sorted.sort();
    std::fs::write(folder.path("t.csv"), table(&sorted)).expect("written");
    let (count, again, said) = judged();
    assert_eq!((count, again), (all, honest), "the same rows judge");
    assert!(said.contains("NN118") && said.contains("in another order"), "{said}");
    let longer: Vec<String> = sorted.iter().cloned().chain((1000..1040).map(row)).skip(10).collect();
    std::fs::write(folder.path("t.csv"), table(&longer)).expect("written");
    let (count, again, said) = judged();
    assert!((50..=75).contains(&count) && again < 0.7, "{count} rows, {again}");
    assert!(said.contains("270 rows where there were 240"), "{said}");
    let refused = run(&[
        "train",
        &folder.text("m.safetensors"),
        "--set",
        "data.split_seed=1",
        "-o",
        &folder.text("n.safetensors"),
    ]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("NN118"), "{}", refused.err);
}

#[test]
fn what_became_of_the_data_is_said_by_its_files_its_rows_and_what_they_say() {
    let file = |path: &str, sha256: &str| DataFile { path: path.into(), bytes: 9, sha256: sha256.into() };
    let sides = |content| Sides { rule: SplitRule { seed: 1, strata: Vec::new() }, content };
    let then = TrainedOn { files: vec![file("a.csv", "aa"), file("b.csv", "bb")], rows: 40, sides: Some(sides(7)) };
    let same = [file("b.csv", "bb"), file("a.csv", "aa")];
    let other = [file("b.csv", "cc"), file("a.csv", "aa")];
    let text = "data \"b.csv\" {\n  target = y\n  validation = \"v.csv\"\n  test = 20%\n}\n";
    let source = nn::source::Source::new("p.nn", text);
    let spec = nn::ir::lower::begin(&nn::syntax::parse(&source).0, &mut Vec::new()).data.expect("a data block");
    assert_eq!(then.changed(&spec, &same, 41, Some(&sides(8))), None, "files are known by what is in them");
    let held_out = then.changed(&spec, &[file("v.csv", "vv")], 40, Some(&sides(7))).expect("another file");
    let says = "its rows are held out; with all others there are 40 as before";
    assert_eq!(held_out.message, format!("`v.csv` is not as it was when the model was trained: {says}"));
    let cases = [
        (41, Some(sides(7)), "41 rows where there were 40"),
        (40, Some(sides(7)), "what its 40 rows say is the same, in another order or form"),
        (40, Some(sides(8)), "40 rows as before, and not all of them the same"),
        (40, None, "40 rows as before, and not all of them the same"),
    ];
    for (rows, now, says) in cases {
        let report = then.changed(&spec, &other, rows, now.as_ref()).expect("another file");
        assert_eq!(report.message, format!("`b.csv` is not as it was when the model was trained: {says}"));
    }
}
