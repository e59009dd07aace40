//! Pairs of IDX files as the rows that are held out, end to end: they judge and stop a run, a model knows them again,
//! and what does not fit is told with the files' names.

use crate::common::{Folder, nn, run};
use serde_json::Value;

/// What puts files into a folder.
type Files = Box<dyn Fn(Folder) -> Folder>;

const FLOAT: u8 = 0x0d;
const BYTE: u8 = 0x08;

const TRAIN: &str = "network {\n  flatten\n  dense 8 relu\n  dense classes softmax\n}\n\
    train {\n  loss = cross_entropy\n  optimizer = adam\n  learning_rate = 0.02\n  epochs = 60\n  batch = 16\n  seed = 1\n}\n";

fn program(settings: &str) -> String {
    format!("data idx(\"x.idx\", \"y.idx\") {{\n  scale = minmax\n{settings}}}\n{TRAIN}")
}

/// A program whose rows are held out in pairs of their own.
fn paired() -> String {
    program("  validation = idx(\"xv.idx\", \"yv.idx\")\n  test = idx(\"xt.idx\", \"yt.idx\")\n")
}

fn idx(element: u8, dimensions: &[usize], values: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, element, dimensions.len() as u8];
    bytes.extend(dimensions.iter().flat_map(|&d| (d as u32).to_be_bytes()));
    bytes.extend(values);
    bytes
}

/// Pictures of 4x4 dots and of which of three thirds the brightest is, most of them so.
fn rows(first: usize, count: usize) -> (Vec<u8>, Vec<u8>) {
    let dot = |n: usize| (n.wrapping_mul(2_654_435_761) >> 7) as u8 / 2;
    let (mut pictures, mut labels) = (Vec::new(), Vec::new());
    for row in first..first + count {
        let class = row % 3;
        let bright = |at: usize| if at / 5 == class { 100 } else { 0 };
        pictures.extend((0..16).map(|at| dot(row * 16 + at) + bright(at)));
        labels.push(if row % 11 == 0 { (class as u8 + 1) % 3 } else { class as u8 });
    }
    (pictures, labels)
}

/// 120 rows to train on, 40 to watch, 50 to judge.
fn folder(program: &str) -> Folder {
    let sides = [("", 0, 120), ("v", 120, 40), ("t", 160, 50)];
    sides.into_iter().fold(Folder::new().with("p.nn", program), |folder, (side, first, count)| {
        let (pictures, labels) = rows(first, count);
        folder
            .with(&format!("x{side}.idx"), idx(BYTE, &[count, 4, 4], &pictures))
            .with(&format!("y{side}.idx"), idx(BYTE, &[count], &labels))
    })
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The lines of a run's log: the epochs, and the last.
fn log(folder: &Folder) -> (Vec<Value>, Value) {
    let text = std::fs::read_to_string(folder.path("log.jsonl")).expect("a log");
    let mut lines: Vec<Value> = text.lines().map(json).collect();
    let last = lines.pop().expect("a last line");
    (lines, last)
}

fn trained(folder: &Folder, more: &[&str]) {
    let (program, log) = (folder.text("p.nn"), folder.text("log.jsonl"));
    let done = run(&[&["train", &program, "-q", "--log", &log], more].concat());
    assert_eq!(done.code, 0, "{}", done.err);
}

#[test]
fn a_pair_judges_and_a_model_knows_it_again() {
    let folder = folder(&paired());
    let model = folder.text("p.safetensors");
    let checked = run(&["check", &folder.text("p.nn")]);
    assert!(checked.code == 0 && checked.err.ends_with("nothing to report\n"), "{}", checked.err);
    trained(&folder, &[]);
    let (epochs, last) = log(&folder);
    assert!(epochs.iter().all(|epoch| epoch["validation_loss"].is_f64()));
    let own = json(&run(&["eval", &model, "--format", "json"]).out);
    assert_eq!((own["rows"].as_u64(), &own["loss"]), (Some(50), &last["test_loss"]));
    assert!(own["metrics"]["accuracy"].as_f64() > Some(0.7), "{own}");
    let (x, y) = (folder.text("xt.idx"), folder.text("yt.idx"));
    let named = json(&run(&["eval", &model, &x, &y, "--format", "json"]).out);
    assert_eq!((&named["loss"], &named["metrics"]), (&own["loss"], &own["metrics"]), "the same rows by their names");
    // The loss once more, from what is predicted for the file's rows and the labels beside them.
    let predicted = run(&["predict", &model, &x]).out;
    let labels = rows(160, 50).1;
    let surprise = |(line, &label): (&str, &u8)| {
        -line.split(',').nth(1 + usize::from(label)).and_then(|p| p.parse::<f64>().ok()).expect("a probability").ln()
    };
    let mean = predicted.lines().skip(1).zip(&labels).map(surprise).sum::<f64>() / 50.0;
    assert!((mean - own["loss"].as_f64().expect("a loss")).abs() < 1e-4, "{mean} and {own}");
}

#[test]
fn what_looks_into_a_program_looks_into_its_pairs() {
    let folder = folder(&paired());
    let program = folder.text("p.nn");
    let shown = json(&run(&["show", &program, "--format", "json"]).out);
    let data = &shown["data"];
    let counted = ["training_rows", "validation_rows", "test_rows"].map(|side| data[side].as_u64());
    assert_eq!(counted, [Some(120), Some(40), Some(50)]);
    let written = (data["validation"].as_str(), data["test"].as_str());
    assert_eq!(written, (Some("idx(\"xv.idx\", \"yv.idx\")"), Some("idx(\"xt.idx\", \"yt.idx\")")));
    assert!(run(&["show", &program]).out.contains("idx(\"xt.idx\", \"yt.idx\")"));
    // Rows are numbered through: 120 to train on, 40 to watch, then those of the test.
    let (pictures, labels) = rows(160, 50);
    let traced = json(&run(&["trace", &program, "--row", "165", "--format", "json"]).out);
    let inputs: Vec<f64> =
        traced["inputs"].as_array().expect("inputs").iter().filter_map(|i| i["data"].as_f64()).collect();
    let file: Vec<f64> = pictures[5 * 16..6 * 16].iter().map(|&dot| f64::from(dot)).collect();
    assert_eq!(inputs, file, "{traced}");
    assert_eq!(traced["target"]["label"].as_f64(), Some(f64::from(labels[5])));
    let why = run(&["why", &program, "dense1.weight[0,0]", "--row", "165", "--format", "json"]);
    let (paths, whole) = (json(&why.out)["gradient"].as_f64(), json(&why.out)["central_difference"].as_f64());
    assert!(paths.zip(whole).is_some_and(|(a, b)| (a - b).abs() < 1e-6), "{}", why.out);
}

#[test]
fn a_pair_stops_a_run_and_stands_beside_a_share() {
    let stop = |text: &str| text.replace("epochs = 60", "epochs = 4000\n  stop = early(patience=5)");
    let whole = folder(&stop(&paired()));
    trained(&whole, &[]);
    let (epochs, last) = log(&whole);
    let losses: Vec<f64> = epochs.iter().filter_map(|epoch| epoch["validation_loss"].as_f64()).collect();
    assert_eq!((last["reason"].as_str(), losses.len()), (Some("early_stop"), epochs.len()));
    let least = losses.iter().copied().fold(f64::INFINITY, f64::min);
    assert_eq!(
        losses.iter().position(|&loss| loss == least),
        Some(losses.len() - 6),
        "five epochs without a better one"
    );

    let mixed = folder(&program("  validation = idx(\"xv.idx\", \"yv.idx\")\n  test = 20%\n"));
    trained(&mixed, &[]);
    let own = json(&run(&["eval", &mixed.text("p.safetensors"), "--format", "json"]).out);
    assert_eq!(own["rows"].as_u64(), Some(24));
    let shown = json(&run(&["show", &mixed.text("p.nn"), "--format", "json"]).out)["data"].clone();
    let counted = ["training_rows", "validation_rows", "test_rows"].map(|side| shown[side].as_u64());
    assert_eq!(counted, [Some(96), Some(40), Some(24)]);

    let set = folder(&program(""));
    trained(&set, &["--set", "data.test=idx(\"xt.idx\", \"yt.idx\")"]);
    assert!(log(&set).1["test_loss"].is_f64(), "a setting of the command line");
}

#[test]
fn a_pair_that_changed_is_told_and_none_is_written_over() {
    let folder = folder(&paired());
    trained(&folder, &[]);
    let model = folder.text("p.safetensors");
    assert!(!run(&["eval", &model]).err.contains("NN118"), "nothing has changed");
    for file in ["xv.idx", "yt.idx"] {
        let before = std::fs::read(folder.path(file)).expect("a file");
        let mut after = before.clone();
        let last = after.len() - 1;
        after[last] = u8::from(after[last] == 0);
        std::fs::write(folder.path(file), after).expect("a file");
        for command in ["eval", "trace"] {
            let done = run(&[command, &model]);
            assert!(done.code == 0 && done.err.contains("NN118") && done.err.contains(file), "{command}: {}", done.err);
        }
        std::fs::write(folder.path(file), before).expect("a file");
    }
    for file in ["xv.idx", "yt.idx"] {
        let done = run(&["train", &folder.text("p.nn"), "-o", &folder.text(file)]);
        assert!(done.code == 2 && done.err.contains("never replaces an input"), "{}", done.err);
    }
}

#[test]
fn pairs_give_the_same_bits_on_any_number_of_threads() {
    let folder = folder(&paired());
    let models = ["1", "2", "3"].map(|threads| {
        let done = nn()
            .args(["train", &folder.text("p.nn"), "-q", "--threads", threads, "-o", &folder.text("m.safetensors")])
            .output()
            .expect("the binary runs");
        assert!(done.status.success());
        std::fs::read(folder.path("m.safetensors")).expect("a model")
    });
    assert!(models.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn what_does_not_fit_is_told_with_its_files() {
    let one = |folder: Folder| folder;
    let floats = |values: &[f32]| values.iter().flat_map(|v| v.to_be_bytes()).collect::<Vec<u8>>();
    let pictures = |count, side: usize| idx(BYTE, &[count, side, side], &vec![7; count * side * side]);
    let labels = |count: usize, most: u8| idx(BYTE, &[count], &vec![most; count]);
    let pair = "idx(\"a.idx\", \"b.idx\")";
    let held = |a: Vec<u8>, b: Vec<u8>| move |folder: Folder| folder.with("a.idx", &a).with("b.idx", &b);
    let cases: Vec<(&str, Files, &str, &[&str])> = vec![
        (pair, Box::new(held(pictures(3, 5), labels(3, 1))), "NN114", &["`a.idx`", "5x5", "4x4"]),
        (pair, Box::new(held(pictures(3, 4), labels(2, 1))), "NN111", &["`a.idx` holds 3 rows and `b.idx` holds 2"]),
        (pair, Box::new(held(pictures(3, 4), labels(3, 9))), "NN112", &["`b.idx` holds the label 9"]),
        (
            pair,
            Box::new(held(pictures(3, 4), idx(FLOAT, &[3], &floats(&[0.5, 1.0, 2.0])))),
            "NN114",
            &["`b.idx` does not hold labels"],
        ),
        (
            pair,
            Box::new(held(idx(FLOAT, &[3, 4, 4], &floats(&[f32::NAN; 48])), labels(3, 1))),
            "NN503",
            &["row 0 of `a.idx`"],
        ),
        (pair, Box::new(held(b"PNG".to_vec(), labels(3, 1))), "NN111", &["`a.idx` is not an IDX file"]),
        (pair, Box::new(one), "NN110", &["`a.idx` does not exist"]),
        ("idx(\"a.idx\")", Box::new(one), "NN106", &["`idx` needs `targets`"]),
        ("idy(\"a.idx\", \"b.idx\")", Box::new(one), "NN103", &["write `idx`"]),
        ("[\"a.idx\", \"b.idx\"]", Box::new(one), "NN105", &["a pair of files is written `idx(\"a.idx\", \"b.idx\")`"]),
        ("\"a.csv\"", Box::new(one), "NN107", &["`test` is a table", "write `test = idx(\"INPUTS\", \"TARGETS\")`"]),
        ("moons(samples=9)", Box::new(one), "NN107", &["not generated data", "`test = 20%`"]),
    ];
    for (written, with, code, says) in cases {
        let folder = with(folder(&program(&format!("  test = {written}\n"))));
        for command in ["check", "train"] {
            let done = run(&[command, &folder.text("p.nn")]);
            assert!(done.code == 1 && done.err.contains(code), "{command} {written}: {}", done.err);
            // Reports wrap their lines.
            let text = done.err.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(says.iter().all(|says| text.contains(says)), "{command} {written}: {says:?} in {}", done.err);
        }
    }
    let table = "data \"t.csv\" {\n  target = y\n  validation = idx(\"xv.idx\", \"yv.idx\")\n}\n";
    let folder =
        folder(&format!("{table}{}", TRAIN.replace("  flatten\n", ""))).with("t.csv", "a,y\n1,u\n2,v\n3,u\n4,v\n");
    let done = run(&["check", &folder.text("p.nn")]);
    assert!(
        done.err.contains("`validation` is IDX data") && done.err.contains("`validation = \"FILE.csv\"`"),
        "{}",
        done.err
    );
}

#[test]
fn values_are_held_out_in_pairs_too() {
    let floats = |values: Vec<f32>| values.into_iter().flat_map(f32::to_be_bytes).collect::<Vec<u8>>();
    let pair = |first: u16, count: u16| {
        let inputs: Vec<f32> = (first..first + count).flat_map(|n| [f32::from(n % 7), f32::from(n % 5)]).collect();
        let targets = inputs.chunks(2).map(|x| 100.0 + 3.0 * x[0] - 2.0 * x[1]).collect();
        let count = usize::from(count);
        (idx(FLOAT, &[count, 2], &floats(inputs)), idx(FLOAT, &[count], &floats(targets)))
    };
    let text = "data idx(\"x\", \"y\") {\n  scale = standard\n  target_scale = standard\n  test = idx(\"xt\", \"yt\")\n}\n\
        network {\n  dense 1\n}\n\
        train {\n  loss = mse\n  optimizer = adam\n  learning_rate = 0.05\n  epochs = 200\n  batch = 8\n}\n";
    let ((x, y), (xt, yt)) = (pair(0, 35), pair(35, 10));
    let folder = Folder::new().with("p.nn", text).with("x", x).with("y", y).with("xt", xt).with("yt", yt);
    trained(&folder, &[]);
    let own = json(&run(&["eval", &folder.text("p.safetensors"), "--format", "json"]).out);
    // In the target's own scale: the rule is a weighted sum, and is found.
    assert!(own["rows"].as_u64() == Some(10) && own["metrics"]["rmse"].as_f64() < Some(0.05), "{own}");
    let two = idx(FLOAT, &[10, 2], &floats(vec![1.0; 20]));
    std::fs::write(folder.path("yt"), two).expect("a file");
    let done = run(&["check", &folder.text("p.nn")]);
    assert!(done.err.contains("`yt` holds 2 values a row"), "{}", done.err);
}
