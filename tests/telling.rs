//! What commands say to people: warnings under `-q`, names as they are, what went badly, files of other programs.

use crate::common::{Folder, nn, run};
use serde_json::Value;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// A program over `t.csv` with classes called `1` and `2`.
const NUMBERED: &str = "\
data {
  target   = y
  category = [y]
  table {
    x    y
    0.1  1
    0.9  2
    0.2  1
    0.8  2
  }
}
network {
  hidden: dense 3 tanh
  dense classes softmax
}
train {
  loss          = cross_entropy
  learning_rate = 0.1
  epochs        = 20
  batch         = all
}
";

/// Training with other settings.
fn train(folder: &Folder, settings: &[&str]) -> crate::common::Done {
    let mut args =
        vec!["train".to_owned(), folder.text("m.nn"), "-q".into(), "-o".into(), folder.text("m.safetensors")];
    args.extend(settings.iter().flat_map(|s| ["--set".to_owned(), (*s).to_owned()]));
    run(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn quiet_hides_progress_alone() {
    let folder = Folder::new().with("m.nn", NUMBERED.replace("learning_rate = 0.1", "learning_rate = 1e-9"));
    let loud = run(&["train", &folder.text("m.nn"), "-o", &folder.text("m.safetensors")]);
    let quiet = train(&folder, &[]);
    assert!(loud.err.contains("epoch ") && !quiet.err.contains("epoch "), "{}", quiet.err);
    for told in loud.err.lines().filter(|l| l.contains("[NN")) {
        assert!(quiet.err.contains(told), "`-q` hides {told}");
    }
    assert!(quiet.err.contains("[NN604]"), "{}", quiet.err);
    assert_eq!(loud.out, quiet.out);
}

#[test]
fn a_class_called_by_a_number_keeps_its_name() {
    let folder = Folder::new().with("m.nn", NUMBERED);
    let done = train(&folder, &[]);
    let rows: Vec<&str> = done.out.lines().skip_while(|l| !l.starts_with("x ")).skip(1).take(4).collect();
    assert_eq!(rows.len(), 4, "{}", done.out);
    for (row, class) in rows.iter().zip(["1", "2", "1", "2"]) {
        assert_eq!(row.split_whitespace().nth(1), Some(class), "{}", done.out);
    }
}

#[test]
fn a_unit_at_zero_is_so_for_its_row_alone() {
    let folder = Folder::new().with("m.nn", NUMBERED.replace("dense 3 tanh", "dense 3 relu bias_init=constant(-5)"));
    let traced = run(&["trace", &folder.text("m.nn")]);
    assert!(traced.out.contains("0 for this row") && !traced.out.contains("dead"), "{}", traced.out);
    let traced = run(&["trace", &folder.text("m.nn"), "--format", "json"]);
    let trace: Value = serde_json::from_str(&traced.out).expect("JSON");
    assert_eq!(trace["layers"][0]["zero"], serde_json::json!([0, 1, 2]));
}

#[test]
fn a_run_that_did_badly_says_so_and_one_that_did_well_does_not() {
    let folder = Folder::new().with("m.nn", NUMBERED);
    let cases = [
        (&["train.learning_rate=1e-9"][..], Some("the best constant output has 0.693")),
        (&["train.learning_rate=0.05", "train.epochs=60"], Some("still falling at the end")),
        (&["train.learning_rate=1", "train.epochs=400"], None),
    ];
    for (settings, says) in cases {
        let done = train(&folder, settings);
        assert_eq!(done.code, 0, "{}", done.err);
        let told = ["best constant output", "still falling", "validation loss was least"];
        let found: Vec<_> = told.iter().filter(|t| done.err.contains(**t)).collect();
        assert_eq!(found.len(), usize::from(says.is_some()), "{settings:?}: {}", done.err);
        assert!(says.is_none_or(|says| done.err.contains(says)), "{settings:?}: {}", done.err);
    }
}

#[test]
fn files_of_other_programs_are_called_what_they_are() {
    let folder = Folder::new().with("wine.csv", "a,b\n1,2\n").with("rows.json", "[]").with("m.nn", NUMBERED);
    train(&folder, &[]);
    let (model, table, json) = (folder.text("m.safetensors"), folder.text("wine.csv"), folder.text("rows.json"));
    let cases: [(&[&str], &str); 5] = [
        (&["check", &table], "is a table, not a program: a program names it, as `data \"wine.csv\" {"),
        (&["train", &json], "is JSON: a program is a .nn file"),
        (&["predict", &table, &table], "is a table, not a program"),
        (&["predict", &model, &json], "is JSON: rows are read from .csv"),
        (&["eval", &model, &json], "is JSON: rows are read from .csv"),
    ];
    for (args, says) in cases {
        let done = run(args);
        assert_eq!((done.code, done.err.lines().count()), (1, 1), "{args:?}: {}", done.err);
        assert!(done.err.contains(says), "{args:?}: {}", done.err);
    }
}

#[test]
fn names_from_data_move_no_cursor() {
    let program = |data: &str, rest: &str| {
        format!(
            "data \"{data}\" {{\n target = y\n{rest}}}\nnetwork {{\n dense classes softmax\n}}\ntrain {{\n loss = cross_entropy\n learning_rate = 0.1\n epochs = 2\n}}\n"
        )
    };
    let mut text = "\"x\u{1b}[31m\",c,y\n".to_owned();
    for row in 0..20 {
        text +=
            &format!("{row},{},{}\n", ["\u{7}p", "q\u{202e}"][row % 2], ["\"no\nway\"", "\u{1b}[31mred"][row / 2 % 2]);
    }
    let folder = Folder::new()
        .with("m.nn", program("t.csv", ""))
        .with("t.csv", text)
        .with("bad.nn", program("t.csv", " ignore = [z]\n"));
    let hidden = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    let (model, program) = (folder.text("m.safetensors"), folder.text("m.nn"));
    let trained = run(&["train", &program, "-q"]);
    assert!(trained.out.contains(r"no\nway") && trained.out.contains(r"\u{1b}[31mred"), "{}", trained.out);
    let commands: [&[&str]; 9] = [
        &["train", &program],
        &["eval", &model, &folder.text("t.csv")],
        &["show", &program],
        &["show", &program, "--graph", "svg"],
        &["show", &program, "--graph", "dot"],
        &["trace", &program, "--row", "1"],
        &["why", &program, "dense1.weight[0,0]", "--row", "1"],
        &["why", &program, "dense1.weight[0,1]", "--format", "markdown"],
        &["check", &folder.text("bad.nn"), "--format", "github"],
    ];
    for args in commands {
        let done = run(args);
        assert!(!done.out.contains(hidden) && !done.err.contains(hidden), "{args:?}: {:?} {:?}", done.out, done.err);
    }
}

#[test]
fn a_long_history_is_thinned_and_the_log_is_whole() {
    let folder = Folder::new().with("m.nn", NUMBERED);
    let (model, log) = (folder.text("m.safetensors"), folder.text("l.jsonl"));
    let done = run(&[
        "train",
        &folder.text("m.nn"),
        "-q",
        "--set",
        "train.epochs=20_000",
        "-o",
        &model,
        "--log",
        &log,
        "--plot",
        &folder.text("p.svg"),
    ]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(std::fs::metadata(&model).expect("a model").len() < 300_000);
    let bytes = std::fs::read(&model).expect("a model");
    let history = nn::train::Model::read(bytes, &model).expect("a model").record.history;
    let log = std::fs::read_to_string(&log).expect("a log");
    let epochs: Vec<Value> = log.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(epochs.len(), 20_001);
    assert!(history.place(1) == Some(0) && history.place(20_000).is_some() && history.train_loss.len() < 4000);
    for (epoch, loss) in history.points(&history.train_loss) {
        assert_eq!(epochs[epoch as usize - 1]["train_loss"].as_f64(), Some(loss), "epoch {epoch}");
    }
}

#[cfg(unix)]
#[test]
fn what_cannot_be_saved_is_not_lost_and_the_log_is_written_meanwhile() {
    let folder = Folder::new().with("m.nn", NUMBERED);
    for name in ["out", "here"] {
        std::fs::create_dir(folder.path(name)).expect("a folder");
    }
    let mut child = nn()
        .current_dir(folder.path("here"))
        .args([
            "train",
            "../m.nn",
            "-q",
            "--set",
            "train.epochs=100_000_000",
            "-o",
            "../out/m.safetensors",
            "--log",
            "../l",
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    // Lines are there while the run goes on, whole ones.
    let began = Instant::now();
    while std::fs::read(folder.path("l")).map_or(0, |l| l.len()) < 1000 {
        assert!(began.elapsed() < Duration::from_mins(1), "no line of the log within a minute");
        std::thread::sleep(Duration::from_millis(20));
    }
    std::fs::remove_dir_all(folder.path("out")).expect("removed");
    let stopped = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(stopped.is_ok_and(|s| s.success()));
    let code = child.wait().expect("it ends").code();
    let mut told = String::new();
    std::io::Read::read_to_string(child.stderr.as_mut().expect("piped"), &mut told).expect("UTF-8");
    assert!(code == Some(1) && told.contains("cannot be saved") && told.contains("instead"), "{code:?} {told}");
    let kept: Vec<_> = std::fs::read_dir(folder.path("here")).expect("a folder").collect();
    let path = kept[0].as_ref().expect("an entry").path();
    assert!(nn::train::Model::read(std::fs::read(path).expect("a file"), "kept").is_ok());
}
