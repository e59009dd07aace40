//! Single faults put into every example: how many of each kind `nn check` finds, and which of those it lets pass do
//! harm: they are trained, and compared with the example. `docs/mutants.md` is the table, which `NN_BLESS=1` writes.
//! The examples as they are give nothing at all.

#![allow(clippy::unnecessary_wraps, reason = "every kind of fault says whether a program has a place for it")]

use crate::common::{Folder, root, run};
use nn::check::check;
use nn::data::Files;
use nn::diagnostic::Level;
use nn::source::Source;
use serde_json::Value;
use std::fmt::Write;
use std::io::{Cursor, Read};

const EXAMPLES: &[&str] = &["xor", "iris", "spiral", "breast_cancer", "digits", "diabetes", "penguins"];

/// The example's data, as the fault leaves it.
struct Data(Option<fn(&str) -> String>);

impl Files for Data {
    fn open(&self, path: &str) -> std::io::Result<Box<dyn Read>> {
        let text = std::fs::read_to_string(root().join("examples").join(path))?;
        Ok(Box::new(Cursor::new(self.0.map_or(text.clone(), |change| change(&text)))))
    }
}

/// A kind of fault: how it changes a program (`None` where it has no place for it) and its data, and the codes that say
/// what is wrong.
struct Kind {
    name: &'static str,
    program: fn(&str) -> Option<String>,
    data: Option<fn(&str) -> String>,
    codes: &'static [u16],
}

const fn program(name: &'static str, program: fn(&str) -> Option<String>, codes: &'static [u16]) -> Kind {
    Kind { name, program, data: None, codes }
}

const fn data(name: &'static str, data: fn(&str) -> String, codes: &'static [u16]) -> Kind {
    Kind { name, program: has_file, data: Some(data), codes }
}

static KINDS: &[Kind] = &[
    program("learning rate × 1000", |p| rate(p, 1e3), &[403, 408, 409, 601]),
    program("learning rate ÷ 1000", |p| rate(p, 1e-3), &[602, 604, 505]),
    program("weights start × 1000", |p| init(p, "normal(0, 300)"), &[403, 407, 409, 601]),
    program("weights start ÷ 1000", |p| init(p, "normal(0, 0.0003)"), &[402, 405, 410, 602, 604]),
    program("constant start", |p| init(p, "constant(0.5)"), &[401, 404]),
    program("start at zero", |p| init(p, "zeros"), &[401]),
    program("start off centre", |p| init(p, "uniform(0, 1)"), &[403, 404, 407, 409]),
    program("hidden activations removed", no_activations, &[701]),
    program("one activation removed, a layer added", linear_layer, &[701]),
    program("output activation removed", |p| output(p, &[(" softmax", ""), (" sigmoid", "")]), &[303]),
    program(
        "output activation swapped",
        |p| output(p, &[(" softmax", " sigmoid"), (" sigmoid", " relu")]),
        &[303, 306, 307],
    ),
    program(
        "sigmoid on values",
        |p| p.contains("dense 1\n").then(|| p.replace("dense 1\n", "dense 1 sigmoid\n")),
        &[304],
    ),
    program(
        "relu on values",
        |p| p.contains("dense 1\n").then(|| p.replace("dense 1\n", "dense 1 relu\n")),
        &[308, 304],
    ),
    program("loss swapped", other_loss, &[202, 305, 306, 206]),
    program("output width changed", other_width, &[202]),
    program(
        "softmax of one unit",
        |p| output(p, &[("classes softmax", "1 softmax"), ("1 sigmoid", "1 softmax")]),
        &[202, 301],
    ),
    program("softmax doubled", doubled, &[302]),
    program("input scaling removed", |p| without_line(p, "  scale "), &[501, 601, 602, 604, 407]),
    program("target scaling removed", |p| without_line(p, "  target_scale "), &[505, 409, 601, 602, 604]),
    program("dropout on the output", |p| last_layer(p, "  dropout 20%\n"), &[705]),
    program("dropout of 90% before the output", |p| before_output(p, "  dense 2 tanh\n  dropout 90%\n"), &[706]),
    program("five sigmoid layers under sgd", deep, &[710, 402, 410, 602]),
    program(
        "batch norm, batches of one",
        |p| Some(setting(&before_output(p, "  batch_norm\n")?, "batch", "1")),
        &[708],
    ),
    program("one epoch", |p| Some(setting(p, "epochs", "1")), &[604, 602]),
    Kind { name: "a class nearly dropped", program: has_classes, data: Some(rare_class), codes: &[504, 113] },
    data("a constant column", |text| column(text, |_, _| "1".into(), "always"), &[502]),
    data("row numbers as an input", |text| column(text, |row, _| row.to_string(), "id"), &[508]),
    data("the target as an input", |text| column(text, |_, target| target.into(), "copy"), &[507]),
    data("a column × 100 000", large_column, &[501]),
    data("label noise: 3 of 10 targets moved to other rows", noise, &[506]),
];

#[test]
fn the_examples_give_nothing_and_the_table_of_mutants_is_kept() {
    let mut table = String::from(HEAD);
    let mut all = [0; 4];
    let examples: Vec<f64> = EXAMPLES.iter().map(|e| score(e, &text_of(e), &Data(None))).collect();
    for kind in KINDS {
        let (mut applied, mut found, mut noted) = (0, 0, 0);
        let (mut harmless, mut missed) = (Vec::new(), Vec::new());
        for (example, good) in EXAMPLES.iter().zip(&examples) {
            let Some(mutant) = (kind.program)(&text_of(example)) else { continue };
            // Scaling by the data's own statistics undoes what was done to a column.
            let mutant = if kind.codes == [501] {
                mutant.replace("= standard", "= none").replace("= minmax", "= none")
            } else {
                mutant
            };
            applied += 1;
            let level = level(&mutant, &Data(kind.data), kind.codes);
            if level >= Some(Level::Warning) {
                found += 1;
                continue;
            }
            noted += u32::from(level.is_some());
            let is_harmless = score(example, &mutant, &Data(kind.data)) >= good - HARM;
            if is_harmless { &mut harmless } else { &mut missed }.push(*example);
        }
        assert!(applied > 0, "{}: applies to nothing", kind.name);
        let codes: Vec<String> = kind.codes.iter().map(|c| format!("NN{c}")).collect();
        let numbers = [applied, found, noted, harmless.len() as u32];
        let _ = writeln!(
            table,
            "| {} | {} | {} | {} | {} |",
            kind.name,
            counted(numbers),
            codes.join(" "),
            missed.join(", "),
            harmless.join(", ")
        );
        all.iter_mut().zip(numbers).for_each(|(sum, n)| *sum += n);
    }
    let _ = writeln!(table, "| all | {} | | | |", counted(all));
    for example in EXAMPLES {
        assert_eq!(reports(&text_of(example), &Data(None)), Vec::new(), "{example} as it is");
    }
    let differs = crate::bless::compare(&root().join("docs/mutants.md"), &table).expect("the table");
    assert!(differs.is_none(), "{}", differs.unwrap_or_default());
}

/// The cells of a row that count: the last one is the share of those that do harm which are found.
fn counted([applied, found, noted, harmless]: [u32; 4]) -> String {
    let harmful = applied - harmless;
    let recall = if harmful == 0 { "–".to_owned() } else { format!("{:.2}", f64::from(found) / f64::from(harmful)) };
    format!("{applied} | {found} | {noted} | {harmless} | {recall}")
}

const HEAD: &str = "\
# Faults put into the examples

Each kind of fault is put into every example that has a place for it, one at a time. It counts as found where `nn check`
gives a warning or an error with one of the codes that say what is wrong, and as noted where only a note does. The examples
as they are give no error and no warning. Not every mutant is a fault that hurts: those not found are trained, and are
called harmless where the median score over three seeds (accuracy, or R² for values; on the test rows, where there are any)
is within 0.05 of the example's own. Recall is the share of the others that is found. A test writes this table
(`NN_BLESS=1 cargo test mutants`) and holds the checker to it.

| fault | programs | found | noted | harmless | recall | codes | missed | harmless in |
|---|---|---|---|---|---|---|---|---|
";

/// What a score may lose before the fault is said to do harm.
const HARM: f64 = 0.05;

fn text_of(example: &str) -> String {
    std::fs::read_to_string(root().join(format!("examples/{example}.nn"))).expect("an example")
}

/// The median score over three seeds.
fn score(example: &str, program: &str, files: &Data) -> f64 {
    let folder = Folder::new();
    if let Ok(mut reader) = files.open(&format!("{example}.csv")) {
        let mut text = String::new();
        reader.read_to_string(&mut text).expect("text");
        std::fs::write(folder.path(&format!("{example}.csv")), text).expect("a copy");
    }
    std::fs::write(folder.path("mutant.nn"), program).expect("a copy");
    let mut scores = [1, 2, 3].map(|seed| trained(&folder, seed));
    scores.sort_by(f64::total_cmp);
    scores[1]
}

/// One score; none at all where training breaks down.
fn trained(folder: &Folder, seed: u32) -> f64 {
    let (program, seed) = (folder.text("mutant.nn"), format!("train.seed={seed}"));
    let (model, log) = (folder.text("model.safetensors"), folder.text("log.jsonl"));
    let done = run(&["train", &program, "--quiet", "--threads=1", "--set", &seed, "-o", &model, "--log", &log]);
    if done.code != 0 {
        return f64::NEG_INFINITY;
    }
    let log = std::fs::read_to_string(folder.path("log.jsonl")).expect("the log");
    let lines: Vec<Value> = log.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    let of = |metrics: &Value| ["accuracy", "r2"].iter().find_map(|name| metrics[name].as_f64());
    let tested = lines.last().and_then(|last| of(&last["test_metrics"]));
    tested.or_else(|| lines.iter().rev().find_map(|line| of(&line["metrics"]))).unwrap_or(f64::NEG_INFINITY)
}

/// The weightiest report with one of the codes.
fn level(program: &str, files: &Data, codes: &[u16]) -> Option<Level> {
    reports(program, files).into_iter().filter(|(code, _)| codes.contains(code)).map(|(_, level)| level).max()
}

/// Codes and levels of the reports on a program.
fn reports(program: &str, files: &Data) -> Vec<(u16, Level)> {
    let checked = check(&Source::new("mutant.nn", program), &[], files).expect("no overrides");
    checked.diagnostics.iter().map(|d| (d.code.0, d.level)).collect()
}

fn has_file(program: &str) -> Option<String> {
    program.contains(".csv").then(|| program.to_owned())
}

fn has_classes(program: &str) -> Option<String> {
    has_file(program).filter(|p| p.contains("cross_entropy"))
}

fn line_of<'p>(program: &'p str, start: &str) -> Option<&'p str> {
    program.lines().find(|l| l.starts_with(start))
}

fn without_line(program: &str, start: &str) -> Option<String> {
    let line = line_of(program, start)?;
    Some(program.replace(&format!("{line}\n"), ""))
}

/// `key = value` in `train`, in place of what stands there.
fn setting(program: &str, key: &str, value: &str) -> String {
    let train = program.find("train {").expect("a train block");
    let (head, block) = program.split_at(train);
    match block.lines().find(|l| l.split_once('=').is_some_and(|(k, _)| k.trim() == key)) {
        Some(line) => format!("{head}{}", block.replace(line, &format!("  {key} = {value}"))),
        None => format!("{head}{}", block.replacen('{', &format!("{{\n  {key} = {value}"), 1)),
    }
}

fn rate(program: &str, factor: f64) -> Option<String> {
    let line = program.lines().find(|l| l.trim_start().starts_with("learning_rate"))?;
    let value = line.split_once('=')?.1.trim();
    let number: f64 = value.trim_start_matches("cosine(").split([',', ' ', ')']).next()?.parse().ok()?;
    Some(setting(program, "learning_rate", &format!("{}", number * factor)))
}

fn init(program: &str, initializer: &str) -> Option<String> {
    let program = without_line(program, "  init ").unwrap_or_else(|| program.to_owned());
    Some(program.replace("network {\n", &format!("network {{\n  init = {initializer}\n")))
}

/// The last layer's line.
fn output_line(program: &str) -> Option<&str> {
    let network = program.split_once("network {\n")?.1.split_once("\n}")?.0;
    network.lines().last()
}

fn output(program: &str, changes: &[(&str, &str)]) -> Option<String> {
    let line = output_line(program)?;
    let (from, to) = changes.iter().find(|(from, _)| line.contains(from))?;
    Some(program.replace(line, &line.replace(from, to)))
}

fn last_layer(program: &str, lines: &str) -> Option<String> {
    let line = output_line(program)?;
    Some(program.replace(&format!("{line}\n"), &format!("{line}\n{}\n", lines.trim_end())))
}

fn before_output(program: &str, lines: &str) -> Option<String> {
    let line = output_line(program)?;
    Some(program.replace(&format!("{line}\n"), &format!("{lines}{line}\n")))
}

fn no_activations(program: &str) -> Option<String> {
    let line = output_line(program)?;
    // With its line break: `dense 1` begins `dense 16` too.
    let line = &format!("{line}\n");
    let (head, tail) = program.split_once(line)?;
    Some(format!(
        "{}{line}{tail}",
        [" tanh", " relu", " gelu"].iter().fold(head.to_owned(), |text, a| text.replace(a, ""))
    ))
}

fn linear_layer(program: &str) -> Option<String> {
    before_output(program, "  dense 12\n")
}

fn other_loss(program: &str) -> Option<String> {
    let other = if program.contains("= binary_cross_entropy") {
        "mae"
    } else if program.contains("= cross_entropy") {
        "mse"
    } else {
        "cross_entropy"
    };
    Some(setting(program, "loss", other))
}

fn other_width(program: &str) -> Option<String> {
    output(program, &[("dense classes", "dense 7"), ("dense 1", "dense 5")])
}

fn doubled(program: &str) -> Option<String> {
    let line = output_line(program)?;
    let name = ["softmax", "sigmoid"].into_iter().find(|name| line.contains(name))?;
    last_layer(program, &format!("  {name}"))
}

fn deep(program: &str) -> Option<String> {
    let line = output_line(program)?;
    let (head, tail) = program.split_once("network {\n")?;
    let rest = tail.split_once(&format!("{line}\n"))?.1;
    Some(setting(&format!("{head}network {{\n  repeat 5 {{ dense 16 sigmoid }}\n{line}\n{rest}"), "optimizer", "sgd"))
}

/// Puts a column before the others; `cell` gets the row's number and its last cell.
fn column(text: &str, cell: impl Fn(usize, &str) -> String, name: &str) -> String {
    let target = target_column(text);
    let rows = text.lines().enumerate().map(|(row, line)| match row {
        0 => format!("{name},{line}"),
        _ => format!("{},{line}", cell(row, line.split(',').nth(target).unwrap_or_default())),
    });
    rows.collect::<Vec<_>>().join("\n")
}

/// Where the target stands: by its name.
fn target_column(text: &str) -> usize {
    let header = text.lines().next().unwrap_or_default();
    let names = ["species", "diagnosis", "digit", "progression"];
    header.split(',').position(|cell| names.contains(&cell.trim_matches('"'))).unwrap_or(0)
}

/// One row in sixty of the first row's class.
fn rare_class(text: &str) -> String {
    let target = target_column(text);
    let class = |line: &str| line.split(',').nth(target).map(str::to_owned);
    let dropped = text.lines().nth(1).and_then(class);
    let kept = text.lines().enumerate().filter(|(row, line)| *row == 0 || class(line) != dropped || row % 60 == 1);
    kept.map(|(_, line)| line).collect::<Vec<_>>().join("\n")
}

/// In three rows of ten the target of another of them.
fn noise(text: &str) -> String {
    let target = target_column(text);
    let (header, rows) = text.split_once('\n').unwrap_or((text, ""));
    let rows: Vec<Vec<&str>> = rows.lines().map(|line| line.split(',').collect()).collect();
    // Far apart, for the rows stand in the order of their classes.
    let other = |row: usize| if row * 7 % 10 < 3 { (row + rows.len() * 2 / 5) % rows.len() } else { row };
    let line = |(at, row): (usize, &Vec<&str>)| {
        let cell = |(k, cell): (usize, &&str)| if k == target { rows[other(at)][k] } else { cell }.to_owned();
        row.iter().enumerate().map(cell).collect::<Vec<_>>().join(",")
    };
    let lines: Vec<String> = rows.iter().enumerate().map(line).collect();
    format!("{header}\n{}\n", lines.join("\n"))
}

/// The first column of numbers that is not the target, in a far smaller unit.
fn large_column(text: &str) -> String {
    let target = target_column(text);
    let first = text.lines().nth(1).unwrap_or_default();
    let is_meant = |cell: &str| cell.parse::<f64>().is_ok_and(|v| v != 0.0);
    let at = first.split(',').enumerate().position(|(i, cell)| i != target && is_meant(cell)).unwrap_or(0);
    let change = |line: &str| {
        let cells = line.split(',').enumerate().map(|(i, cell)| match cell.parse::<f64>() {
            Ok(value) if i == at => (value * 1e5).to_string(),
            _ => cell.to_owned(),
        });
        cells.collect::<Vec<_>>().join(",")
    };
    text.lines().map(change).collect::<Vec<_>>().join("\n")
}
