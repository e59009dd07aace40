//! Tables as people have them, end to end: however a file is written, its rows are the same rows, for training, for a
//! new file, and in what `show` says.

use crate::common::{Done, Folder, done, nn, run};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::process::Stdio;

const NETWORK: &str = "network {\n  dense 4 tanh\n  dense 1\n}\ntrain {\n  loss = mse\n  optimizer = adam\n  learning_rate = 0.01\n  epochs = 5\n  batch = 8\n  seed = 1\n}\n";

fn program(file: &str, settings: &str) -> String {
    format!("data \"{file}\" {{\n  target = y\n{settings}\n}}\n{NETWORK}")
}

/// Rows of two inputs and a target, as numbers: thousands with a fraction, and small ones.
fn rows() -> Vec<[f64; 3]> {
    (0..24).map(f64::from).map(|n| [1000.5 + 37.25 * n, 0.25 * n - 3.0, 0.5 * n - 4.0]).collect()
}

/// The rows as a file.
fn table(head: &str, separator: &str, number: impl Fn(f64) -> String) -> String {
    let row = |row: &[f64; 3]| row.iter().map(|&v| number(v)).collect::<Vec<_>>().join(separator);
    let lines: Vec<String> = rows().iter().map(row).collect();
    format!("{head}{}\n", lines.join("\n"))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("to memory");
    encoder.finish().expect("to memory")
}

/// `1234,5` for 1234.5, with a mark between thousands.
fn german(value: f64, mark: &str) -> String {
    let text = format!("{:.2}", value.abs());
    let (whole, fraction) = text.split_once('.').expect("a point");
    let sign = if value < 0.0 { "-" } else { "" };
    let at = whole.len().saturating_sub(3);
    let whole = if at > 0 { format!("{}{mark}{}", &whole[..at], &whole[at..]) } else { whole.to_owned() };
    format!("{sign}{whole},{fraction}")
}

/// Trains on a file and predicts for it; what is printed.
fn predicted(folder: &Folder, file: &str, settings: &str) -> String {
    let (path, model) = (folder.text("m.nn"), folder.text("m.safetensors"));
    std::fs::write(&path, program(file, settings)).expect("a file");
    let trained = run(&["train", &path, "-q", "-o", &model]);
    assert_eq!(trained.code, 0, "{file}, {settings}: {}", trained.err);
    let judged = run(&["eval", &model, &folder.text(file), "--format", "json"]);
    assert_eq!(judged.code, 0, "{file}: {}", judged.err);
    let done = run(&["predict", &model, &folder.text(file)]);
    assert_eq!(done.code, 0, "{file}: {}", done.err);
    done.out + &judged.out
}

#[test]
fn however_a_file_is_written_its_rows_are_the_same() {
    let plain = |v: f64| v.to_string();
    let folder = Folder::new().with("plain.csv", table("a,b,y\n", ",", plain));
    let expected = predicted(&folder, "plain.csv", "");
    let tabs = table("a\tb\ty\n", "\t", plain);
    for (file, bytes, settings) in [
        ("a.tsv", tabs.clone().into_bytes(), ""),
        ("a.tsv.gz", gzip(tabs.as_bytes()), ""),
        ("a.csv.gz", gzip(table("a,b,y\n", ",", plain).as_bytes()), ""),
        ("a.txt", tabs.into_bytes(), "separator = \"\\t\""),
        ("b.data", table("a b y\n", "   ", plain).into_bytes(), "separator = \" \""),
        (
            "c.txt",
            table("a|b|y\r\n", "|", plain).replace('\n', "\r\n").replace("\r\r", "\r").into_bytes(),
            "separator = \"|\"",
        ),
        ("d.csv", table("a;b;y\n", ";", |v| german(v, "")).into_bytes(), "separator = \";\"\ndecimal = \",\""),
        (
            "e.csv",
            table("a;b;y\n", ";", |v| german(v, ".")).into_bytes(),
            "separator = \";\"\ndecimal = \",\"\nthousands = \".\"",
        ),
        (
            "f.csv",
            table("a;b;y\n", ";", |v| german(v, "\u{202f}")).into_bytes(),
            "separator = \";\"\ndecimal = \",\"\nthousands = \" \"",
        ),
        ("g.csv", table("# lab 3\n\na,b,y\n", ",", plain).into_bytes(), "skip_lines = 2"),
        ("h.csv", table("", ",", plain).into_bytes(), "header = [a, b, y]"),
        ("i.csv", table("a,b,y\n", ",", |v| format!("\"{v}\"")).into_bytes(), ""),
    ] {
        let folder = Folder::new().with(file, bytes);
        assert_eq!(predicted(&folder, file, settings), expected, "{file}");
    }
}

#[test]
fn a_file_without_a_header_has_columns_by_number() {
    let text = table("", ",", |v| v.to_string());
    let folder = Folder::new().with("a.csv", text);
    let text = format!("data \"a.csv\" {{\n  target = c2\n  header = false\n}}\n{NETWORK}");
    std::fs::write(folder.path("m.nn"), text).expect("a file");
    let shown = run(&["show", &folder.text("m.nn")]);
    assert!(shown.out.contains("c0, c1") && shown.out.contains("header"), "{}{}", shown.out, shown.err);
}

#[test]
fn missing_markers_and_fills_are_those_of_training() {
    let text = "a,b,y\n1,p,1\n-999,q,2\n3,unknown,3\n8,p,4\n\"NA\",p,5\n";
    let folder = Folder::new().with("a.csv", text).with("new.csv", "a,b\n-999,p\n4,unknown\n");
    let settings = |missing: &str| format!("missing_values = [-999, unknown, \"NA\"]\nmissing = {missing}");
    let at = |missing: &str, value: &str| {
        // The model that fills a missing cell gives what it gives for that value.
        let all = predicted(&folder, "a.csv", &settings(missing));
        std::fs::write(folder.path("full.csv"), format!("a,b\n{value},p\n4,p\n")).expect("a file");
        let model = folder.text("m.safetensors");
        let new = run(&["predict", &model, &folder.text("new.csv")]);
        let full = run(&["predict", &model, &folder.text("full.csv")]);
        assert_eq!((new.code, &new.out), (0, &full.out), "{missing}: {}{all}", new.err);
    };
    at("mean", "4");
    at("median", "3");
    at("constant(7.5)", "7.5");
}

#[test]
fn a_cell_in_quotes_is_a_text_and_never_a_marker() {
    let text = "country,y\n\"NA\",1\nDE,2\n\"NA\",3\nFR,4\nDE,5\n";
    let folder = Folder::new().with("a.csv", text).with("m.nn", program("a.csv", ""));
    let shown = run(&["show", &folder.text("m.nn"), "--format", "json"]);
    assert!(shown.out.contains("country=NA"), "{}{}", shown.out, shown.err);
    let folder = Folder::new().with("a.csv", text.replace('"', "")).with("m.nn", program("a.csv", ""));
    assert_eq!(run(&["check", &folder.text("m.nn")]).code, 1, "without quotes it is missing");
}

#[test]
fn dates_are_days_and_their_parts() {
    let row = |n: usize| format!("2024-{:02}-{:02} {:02}:30,{n}\n", 1 + n % 12, 1 + n, n);
    let text: String = (0..20).map(row).collect();
    let folder = Folder::new().with("a.csv", format!("day,y\n{text}"));
    let text = program("a.csv", "date = parts(day)\nscale = standard");
    std::fs::write(folder.path("m.nn"), text).expect("a file");
    let shown = run(&["show", &folder.text("m.nn"), "--format", "json"]);
    for name in ["\"day\"", "\"day.year\"", "\"day.month\"", "\"day.weekday\"", "\"day.hour\""] {
        assert!(shown.out.contains(name), "{name}: {}{}", shown.out, shown.err);
    }
    predicted(&folder, "a.csv", "date = parts(day)\nscale = standard");
    let bad = Folder::new().with("a.csv", "day,y\n2024-01-01,1\n2024-02-30,2\n2024-03-01,3\n");
    std::fs::write(bad.path("m.nn"), program("a.csv", "date = day")).expect("a file");
    let checked = run(&["check", &bad.text("m.nn")]);
    assert!(checked.err.contains("`2024-02-30` in column `day` is not a date"), "{}", checked.err);
}

#[test]
fn the_order_of_days_and_months_is_kept_for_new_files() {
    let text = "day,y\n01/02/2021,1\n13/02/2021,2\n05/03/2021,3\n07/04/2021,4\n";
    let folder =
        Folder::new().with("a.csv", text).with("one.csv", "day\n05/03/2021\n").with("iso.csv", "day\n2021-03-05\n");
    predicted(&folder, "a.csv", "date = day\nscale = standard");
    let model = folder.text("m.safetensors");
    let predict = |file: &str| run(&["predict", &model, &folder.text(file)]).out;
    assert_eq!(predict("one.csv"), predict("iso.csv"));
}

#[test]
fn an_unseen_category_is_an_input_of_its_own() {
    let text = "c,y\nred,1\nblue,2\nred,3\nblue,4\n";
    let folder = Folder::new().with("a.csv", text).with("new.csv", "c\nmauve\nred\n");
    predicted(&folder, "a.csv", "unseen = unknown");
    let model = folder.text("m.safetensors");
    let done = run(&["predict", &model, &folder.text("new.csv")]);
    assert_eq!((done.code, done.out.lines().count()), (0, 3), "{}", done.err);
    assert!(run(&["show", &model]).out.contains("c unseen"));
    predicted(&folder, "a.csv", "");
    assert_eq!(run(&["predict", &model, &folder.text("new.csv")]).code, 1, "an error where nothing is said");
}

/// Runs a command with a text on standard input.
fn piped(args: &[&str], text: &str, folder: &Folder) -> Done {
    let mut command = nn();
    command
        .args(args)
        .current_dir(folder.path("."))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary runs");
    // A command that refuses its arguments ends without reading.
    match child.stdin.take().expect("a pipe").write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => panic!("{error}"),
        Ok(()) | Err(_) => {}
    }
    done(&child.wait_with_output().expect("it ends"))
}

#[test]
fn a_program_may_come_by_standard_input() {
    let folder = Folder::new().with("a.csv", table("a,b,y\n", ",", |v| v.to_string()));
    let text = program("a.csv", "scale = standard");
    assert_eq!(piped(&["check", "-"], &text, &folder).code, 0);
    let trained = piped(&["train", "-", "-q", "-o", "m.safetensors"], &text, &folder);
    assert_eq!(trained.code, 0, "{}", trained.err);
    assert!(folder.path("m.safetensors").exists());
    assert_eq!(piped(&["train", "-", "-q"], &text, &folder).code, 2, "where would the model go?");
    assert_eq!(piped(&["check", "-", "--fix"], &text, &folder).code, 2, "where would the fixes go?");
}

#[test]
fn an_archive_that_claims_to_be_endless_is_no_danger() {
    let folder = Folder::new().with("a.csv.gz", gzip(&vec![b'a'; 40 << 20])).with("m.nn", program("a.csv.gz", ""));
    let checked = run(&["check", &folder.text("m.nn")]);
    assert!(checked.err.contains("is longer than 16 megabytes"), "{}", checked.err);
    let folder = Folder::new().with("a.csv.gz", &gzip(b"a,b,y\n1,2,3\n")[..20]).with("m.nn", program("a.csv.gz", ""));
    let checked = run(&["check", &folder.text("m.nn")]);
    assert!(checked.err.contains("cannot be read"), "{}", checked.err);
}

#[test]
fn carriage_returns_alone_are_one_error() {
    let text = program("a.csv", "scale = standard").replace('\n', "\r");
    let folder = Folder::new().with("a.csv", table("a,b,y\n", ",", |v| v.to_string())).with("m.nn", text);
    let checked = run(&["check", &folder.text("m.nn")]);
    assert!(
        checked.err.contains("end in a carriage return alone") && checked.err.contains("1 error\n"),
        "{}",
        checked.err
    );
}

#[test]
fn a_row_of_weight_two_counts_as_two_and_one_of_weight_zero_not_at_all() {
    let base: [(f64, f64); 6] = [(-1.0, 0.3), (-0.4, 0.9), (0.1, -0.2), (0.5, 0.7), (0.9, 1.1), (1.2, 0.2)];
    let counts = [1, 2, 1, 3, 0, 1];
    let rows = |times: &dyn Fn(usize) -> usize, with: &dyn Fn(usize) -> String| {
        let row = |n: usize| format!("{},{}{}\n", base[n].0, base[n].1, with(n)).repeat(times(n));
        (0..base.len()).map(row).collect::<String>()
    };
    let folder = Folder::new()
        .with("w.csv", format!("x,y,w\n{}", rows(&|_| 1, &|n| format!(",{}", counts[n]))))
        .with("r.csv", format!("x,y\n{}", rows(&|n| counts[n], &|_| String::new())))
        .with("new.csv", "x\n-1\n0.2\n0.9\n");
    let of = |file: &str, settings: &str| {
        let text = program(file, settings).replace("batch = 8", "batch = all").replace("epochs = 5", "epochs = 40");
        std::fs::write(folder.path("m.nn"), text).expect("a file");
        let model = folder.text("m.safetensors");
        let trained = run(&["train", &folder.text("m.nn"), "-q", "-o", &model, "--set", "train.precision=f64"]);
        assert_eq!(trained.code, 0, "{}", trained.err);
        let out = run(&["predict", &model, &folder.text("new.csv")]).out;
        out.lines().skip(1).map(|l| l.parse::<f64>().expect("a number")).collect::<Vec<_>>()
    };
    let (weighted, repeated) = (of("w.csv", "weight = w\nscale = none"), of("r.csv", ""));
    assert_eq!(weighted.len(), 3);
    assert!(weighted.iter().zip(&repeated).all(|(a, b)| (a - b).abs() < 1e-9), "{weighted:?} {repeated:?}");
    let even = of("r.csv", "ignore = []");
    assert_eq!(even, repeated);
    std::fs::write(folder.path("w.csv"), "x,y,w\n1,2,-1\n2,3,1\n").expect("a file");
    std::fs::write(folder.path("m.nn"), program("w.csv", "weight = w")).expect("a file");
    let checked = run(&["check", &folder.text("m.nn")]);
    assert!(checked.err.contains("1 of 2 cells of the column of weights `w` are below 0"), "{}", checked.err);
}
