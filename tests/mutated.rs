//! Files that were damaged at random: ten thousand programs, tables, pairs of IDX files, models and checkpoints each.
//! All are read or reported; none panics, none takes long. The draws are the same in every run; `NN_MUTANTS=1000000`
//! draws so many of each.

use crate::common::root;
use nn::check::{Depth, Options, check_with, mend};
use nn::data::Memory;
use nn::diagnostic::has_errors;
use nn::source::Source;
use nn::tensor::{Purpose, Stream};
use nn::train::checkpoint::Checkpoint;
use nn::train::model::Model;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// What no file takes longer than.
const LONG: Duration = Duration::from_secs(5);

fn count() -> usize {
    std::env::var("NN_MUTANTS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000)
}

/// Pieces that have a meaning somewhere.
const PIECES: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "'",
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "=",
    "%",
    "-",
    "#",
    "0",
    "1e308",
    "-1e-320",
    "99999999999999999999",
    "NaN",
    "inf",
    "é",
    "\u{feff}",
    "\u{202e}",
    "\u{1b}[31m",
    "\0",
    "x",
    "repeat 1000000 {\n",
    "dense 999999999 relu\n",
    "residual {\n",
    "let a = a\n",
    "test = 99%\n",
    "{\"nn\":",
    ":null",
    ":-1",
    ":1e999",
    "[]",
];

struct Draws(Stream);

impl Draws {
    fn below(&mut self, bound: usize) -> usize {
        self.0.below(bound.max(1) as u64) as usize
    }

    fn of<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len())]
    }

    /// One to four changes: bytes turned, taken out, doubled, cut off, moved; pieces put in.
    fn damaged(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = bytes.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(out.len() + 1);
            let until = (at + 1 + self.below(12)).min(out.len());
            match self.below(8) {
                0 => out.truncate(at),
                1 => drop(out.drain(at..until)),
                2 => {
                    let piece = out[at..until].to_vec();
                    out.splice(at..at, piece);
                }
                3 => {
                    let piece = out[at..until].to_vec();
                    let to = self.below(out.len() + 1);
                    out.splice(to..to, piece);
                }
                4 | 5 if at < out.len() => out[at] ^= 1 << self.below(8),
                _ => {
                    let piece = self.of(PIECES).as_bytes();
                    out.splice(at..at, piece.iter().copied());
                }
            }
        }
        out
    }
}

/// Lets `read` have so many damaged files.
fn survive(name: &str, seeds: &[Vec<u8>], mut read: impl FnMut(Vec<u8>, &mut Draws)) {
    assert!(!seeds.is_empty(), "{name}");
    let mut draws = Draws(Stream::new(name.len() as u64, Purpose::Generate));
    let seeds: Vec<&[u8]> = seeds.iter().map(Vec::as_slice).collect();
    for number in 0..count() {
        let seed = draws.of(&seeds);
        let bytes = draws.damaged(seed);
        let began = Instant::now();
        let shown = bytes.clone();
        read(bytes, &mut draws);
        let taken = began.elapsed();
        assert!(taken < LONG, "{name} {number} took {taken:?}:\n{}", String::from_utf8_lossy(&shown));
    }
}

fn corpus(folder: &str, end: &str) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(root().join(folder)).expect("a folder").map(|e| e.expect("an entry").path());
    let mut paths: Vec<_> = entries.filter(|p| p.to_string_lossy().ends_with(end)).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| fs::read(path).expect("a file");
    paths.iter().map(read).filter(|bytes| bytes.len() < 4000).collect()
}

const TABLE: &str =
    "a,b,kind\n0.5,red,x\n1.5,green,y\n,red,x\n-2e3,blue,y\n0.25,green,x\n\"7\",red,\"y\"\n3,blue,x\n4,red,y\n";

fn language() -> Options<'static> {
    Options { depth: Depth::Language, ..Options::default() }
}

#[test]
fn programs() {
    let seeds =
        [corpus("tests/programs", ".nn"), corpus("examples", ".nn"), corpus("tests/goldens", "prelu.nn")].concat();
    let files = Memory::new().with("iris.csv", TABLE).with("t.csv", TABLE);
    survive("programs", &seeds, |bytes, draws| {
        let Ok(text) = String::from_utf8(bytes) else { return };
        let source = Source::new("p.nn", text);
        let check = |source: &Source| check_with(source, &[], &files, language()).map(|checked| checked.diagnostics);
        let found = check(&source).expect("no overrides");
        if draws.below(10) == 0 {
            let errors = |found: &[nn::diagnostic::Diagnostic]| {
                found.iter().filter(|d| d.level == nn::diagnostic::Level::Error).count()
            };
            let mended = mend(source, true, check).expect("no overrides");
            assert!(errors(&mended.left) <= errors(&found));
        }
    });
}

#[test]
fn tables() {
    let program = |settings: &str| {
        let text = format!(
            "data \"t.csv\" {{\n target = kind\n test = 25%\n{settings}}}\nnetwork {{\n dense classes softmax\n}}\n\
             train {{\n loss = cross_entropy\n learning_rate = 0.1\n epochs = 1\n}}\n"
        );
        Source::new("p.nn", text)
    };
    let programs =
        ["", " missing = mean\n scale = standard\n", " missing = drop\n", " separator = \";\"\n decimal = \",\"\n"];
    let programs = programs.map(program);
    let seeds = [
        TABLE.to_owned(),
        TABLE.replace(',', ";"),
        TABLE.replace('\n', "\r\n"),
        TABLE.replace("0.5", "0,5").replace(',', "\t"),
        format!("\u{feff}{TABLE}"),
        "date,b,kind\n2020-01-02,1,x\n03.04.2021,2,y\n5/6/22 07:08,3,x\n2020-01-05T10:00,4,y\n".to_owned(),
        "p,q,kind\n15%,$5,x\n1,234.5,7 kg,y\n(3),0x1F,x\n−4,1 000,y\n".to_owned(),
    ];
    survive("tables", &seeds.map(String::into_bytes), |bytes, draws| {
        let source = draws.of(&programs.each_ref());
        let files = Memory::new().with("t.csv", bytes);
        check_with(source, &[], &files, language()).expect("no overrides");
    });
}

#[test]
fn pairs() {
    let source = Source::new(
        "p.nn",
        "data idx(\"x\", \"y\") {\n scale = standard\n test = 25%\n}\nnetwork {\n flatten\n dense classes softmax\n}\n\
         train {\n loss = cross_entropy\n learning_rate = 0.1\n epochs = 1\n}\n",
    );
    let mut inputs = vec![0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, 2, 0, 0, 0, 2];
    inputs.extend(0..36);
    let labels = [0, 0, 8, 1, 0, 0, 0, 9, 0, 1, 2, 0, 1, 2, 0, 1, 2].to_vec();
    let floats = [&[0, 0, 0x0d, 1, 0, 0, 0, 9][..], &[0x3f, 0x80, 0, 0].repeat(9)].concat();
    survive("pairs", &[inputs.clone(), labels.clone(), floats], |bytes, draws| {
        let (x, y) = if draws.below(2) == 0 { (bytes, labels.clone()) } else { (inputs.clone(), bytes) };
        let files = Memory::new().with("x", x).with("y", y);
        check_with(&source, &[], &files, language()).expect("no overrides");
    });
}

/// A model and a checkpoint of the same run.
fn saved() -> (Vec<u8>, Vec<u8>) {
    let folder = crate::common::Folder::new().with("t.csv", TABLE.repeat(3).replace("\na,b,kind", "")).with(
        "m.nn",
        "data \"t.csv\" {\n target = kind\n missing = mean\n test = 20%\n}\nnetwork {\n dense 3 tanh\n batch_norm\n dense classes softmax\n}\n\
         train {\n loss = cross_entropy\n optimizer = adam\n learning_rate = 0.01\n epochs = 3\n stop = early(patience=2)\n}\n",
    );
    let done = crate::common::run(&["train", &folder.text("m.nn"), "-q", "--checkpoint", "1 epoch"]);
    assert_eq!(done.code, 0, "{}", done.err);
    let read = |path: &Path| fs::read(path).expect("a file");
    (read(&folder.path("m.safetensors")), read(&folder.path("m.checkpoint")))
}

#[test]
fn models_and_checkpoints() {
    let (model, checkpoint) = saved();
    survive("models", std::slice::from_ref(&model), |bytes, _| {
        if let Ok(model) = Model::read(bytes, "m.safetensors") {
            assert!(model.program.network.nodes.len() > 1);
        }
    });
    let mut whole = 0;
    survive("checkpoints", &[checkpoint], |bytes, _| {
        // The hash lets nothing pass but what was written.
        whole += usize::from(Checkpoint::<f32>::read(&bytes, "m.checkpoint").is_ok());
    });
    assert!(whole < count() / 50, "{whole} damaged checkpoints were taken");
    assert!(!has_errors(&[]) && Model::read(model, "m.safetensors").is_ok());
}
