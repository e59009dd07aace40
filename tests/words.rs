//! What is made of words: those of the field that nn lacks, misspelt ones, columns of any name, and settings of the
//! command line. A fix that is made without asking keeps what the program means.

use crate::common::{Folder, root, run};
use nn::catalog::Family;
use nn::catalog::known::{self, Position};
use nn::check::{Checked, Depth, Options, check_with, mend};
use nn::data::{Files, Memory};
use nn::diagnostic::{Applicability, Diagnostic, codes};
use nn::ir::print::Sheet;
use nn::source::Source;
use std::fs::File;
use std::io::Read;

/// A program without faults, its parts to be replaced.
const PROGRAM: &str = "data moons(samples=40) {
  missing = error
}
network {
  dense 4 relu init=he_uniform
  relu
  dense 1 sigmoid
}
train {
  loss = binary_cross_entropy
  optimizer = sgd
  learning_rate = cosine(0.1)
  epochs = 2
  stop = early
  metrics = accuracy
}
";

fn language(source: &Source, files: &dyn Files) -> Checked {
    check_with(source, &[], files, Options { depth: Depth::Language, ..Options::default() }).expect("no overrides")
}

/// The program with `word` where `place` has such words.
fn with(place: Position, word: &str) -> String {
    match place {
        Position::Kind(Family::Layer) => PROGRAM.replace("  relu\n", &format!("  {word}\n")),
        Position::Kind(Family::Activation) => PROGRAM.replace("4 relu", &format!("4 {word}")),
        Position::Kind(Family::Initializer) => PROGRAM.replace("he_uniform", word),
        Position::Kind(Family::Loss) => PROGRAM.replace("= binary_cross_entropy", &format!("= {word}")),
        Position::Kind(Family::Optimizer) => PROGRAM.replace("= sgd", &format!("= {word}")),
        Position::Kind(Family::Schedule) => PROGRAM.replace("cosine", word),
        Position::Kind(Family::Stop) => PROGRAM.replace("early", word),
        Position::Kind(Family::Metric) => PROGRAM.replace("= accuracy", &format!("= {word}")),
        Position::Kind(Family::Source) => PROGRAM.replace("moons(samples=40)", word),
        Position::Kind(Family::Block) => panic!("no block is known elsewhere"),
        Position::Choice("missing") => PROGRAM.replace("= error", &format!("= {word}")),
        Position::Choice(setting @ ("scale" | "target_scale")) => {
            PROGRAM.replace("missing = error", &format!("{setting} = {word}"))
        }
        Position::Choice(setting) => PROGRAM.replace("stop = early", &format!("{setting} = {word}")),
    }
}

#[test]
fn a_known_word_is_never_replaced_without_asking() {
    let files = Memory::default();
    assert!(language(&Source::new("a.nn", PROGRAM), &files).program.is_some(), "the program itself is sound");
    let mut tried = 0;
    for (place, name, row) in known::all() {
        let capitals: String = name.split('_').map(|p| p[..1].to_uppercase() + &p[1..]).collect();
        // Python's `None` is told of by the syntax, which knows no such value anywhere.
        for word in [name, &capitals].into_iter().filter(|word| *word != "None") {
            let source = Source::new("a.nn", with(place, word));
            let found = language(&source, &files).diagnostics;
            let about = |d: &&Diagnostic| d.primary.as_ref().is_some_and(|p| source.slice(p.span) == word);
            let report = found.iter().find(about).unwrap_or_else(|| panic!("{word} in {place:?}: {found:?}"));
            assert_eq!(report.code, codes::UNKNOWN, "{word} in {place:?}");
            assert!(report.notes.iter().any(|n| n.contains(row.what)) || report.help.is_some(), "{word} in {place:?}");
            let safe = found.iter().flat_map(|d| &d.fixes).filter(|f| f.applicability == Applicability::Safe);
            assert_eq!(safe.count(), 0, "{word} in {place:?}: {found:?}");
            tried += 1;
        }
    }
    assert!(tried > 500, "{tried}");
}

#[test]
fn a_misspelling_and_a_synonym_are_mended_without_asking() {
    let files = Memory::default();
    for (from, to, meant) in [
        ("4 relu", "4 rleu", "4 relu"),
        ("4 relu", "4 logistic", "4 sigmoid"),
        ("optimizer", "optimzer", "optimizer"),
        ("binary_cross_entropy", "binary_crossentropy", "binary_cross_entropy"),
        ("he_uniform", "kaiming_uniform", "he_uniform"),
        ("cosine", "cosin", "cosine"),
        ("missing = error", "scale = z_score", "scale = standard"),
        ("missing = error", "validation = 0.25", "validation = 25%"),
    ] {
        let source = Source::new("a.nn", PROGRAM.replacen(from, to, 1));
        let check = |s: &Source| Ok::<_, ()>(language(s, &files).diagnostics);
        let mended = mend(source, false, check).expect("no overrides");
        assert_eq!(mended.source.text(), PROGRAM.replacen(from, meant, 1), "{to}");
    }
}

/// The data files beside the faulty programs.
struct Beside(&'static str);

impl Files for Beside {
    fn open(&self, path: &str) -> std::io::Result<Box<dyn Read>> {
        Ok(Box::new(File::open(root().join(self.0).join(path))?))
    }
}

#[test]
fn a_safe_fix_of_a_program_that_stands_changes_nothing_that_it_says() {
    let mut compared = 0;
    for folder in ["tests/programs", "tests/cases", "examples"] {
        let files = Beside(folder);
        for entry in std::fs::read_dir(root().join(folder)).expect("programs") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|e| e != "nn") {
                continue;
            }
            let source = Source::new("a.nn", std::fs::read_to_string(&path).expect("a program"));
            let Some(before) = language(&source, &files).program else { continue };
            let check = |s: &Source| Ok::<_, ()>(language(s, &files).diagnostics);
            let mended = mend(source.clone(), false, check).expect("no overrides");
            if mended.applied.is_empty() {
                continue;
            }
            let after = language(&mended.source, &files).program.expect("a program as before");
            let (old, new) = (Sheet::new(&before, &source).json(), Sheet::new(&after, &mended.source).json());
            // Lines may move up where one is taken out.
            let still = |text: &str| {
                let lines = text.lines().filter(|line| !line.contains("\"line\":"));
                lines.collect::<Vec<_>>().join("\n")
            };
            let (old, new) = (still(&old), still(&new));
            assert!(old == new, "{}: {:?}", path.display(), mended.applied);
            compared += 1;
        }
    }
    assert!(compared > 0);
}

#[test]
fn whatever_a_column_is_called_the_fix_names_it() {
    let letters: Vec<char> = "abé\"\\ '|;#{}[]=$0\t\u{1}".chars().collect();
    let mut state = 7_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let mut mended_names = 0;
    for turn in 0..300 {
        let tail: String = (0..next() % 5).map(|_| letters[next() % letters.len()]).collect();
        let name = format!("column_{turn}{tail}end");
        let cell = name.replace('"', "\"\"");
        let data = format!("\"{cell}\",b,c\n0,1,2\n1,2,3\n0,2,2\n1,1,1\n");
        let files = Memory::default().with("t.csv", data);
        let wrong = name.replacen("column", "colum", 1);
        let program =
            |target: &str| PROGRAM.replace("moons(samples=40) {\n", &format!("\"t.csv\" {{\n  target = {target}\n"));
        let source = Source::new("a.nn", program(&nn::syntax::spell::name(&wrong)));
        let check = |s: &Source| Ok::<_, ()>(language(s, &files).diagnostics);
        let mended = mend(source, true, check).expect("no overrides");
        if mended.applied.is_empty() {
            // A name of several is a line that was cut wrongly, and is no name to offer.
            assert!(name.contains(['|', ';', ',', '\t']), "{name:?}: {:?}", mended.left);
            continue;
        }
        assert_eq!(mended.source.text(), program(&nn::syntax::spell::name(&name)), "{name:?}");
        assert!(mended.left.iter().all(|d| d.code != codes::UNKNOWN && d.code != codes::SYNTAX), "{:?}", mended.left);
        mended_names += 1;
    }
    assert!(mended_names > 150, "{mended_names}");
}

#[test]
fn a_setting_of_the_command_line_is_told_there_and_the_file_stays() {
    let folder = Folder::new().with("a.nn", PROGRAM);
    let path = folder.text("a.nn");
    for (set, marked) in [
        ("train.epochs=x", "x"),
        ("train.epohcs=5", "epohcs"),
        ("train.optimizer=radam", "radam"),
        ("train.optimizer=sgd(momentm=0.9)", "momentm"),
        ("train.learning_rate=-1", "-1"),
        ("data.scale=robust", "robust"),
        ("data.missing=knn", "knn"),
    ] {
        let done = run(&["check", "--unsafe-fixes", "--format", "json", "--set", set, &path]);
        assert_eq!(done.code, 1, "{set}: {}", done.err);
        let told = done.out.lines().map(|l| serde_json::from_str::<serde_json::Value>(l).expect("JSON"));
        let spans: Vec<_> = told.flat_map(|d| d["spans"].as_array().cloned().unwrap_or_default()).collect();
        let own = spans.iter().find(|s| s["file"] == "command line").unwrap_or_else(|| panic!("{set}: {}", done.out));
        let text = own["text"].as_str().unwrap_or_default();
        assert_eq!(text, format!("--set {set}"));
        let column = |key: &str| own[key].as_u64().unwrap_or(1) as usize - 1;
        let range: String = text.chars().skip(column("column")).take(column("end_column") - column("column")).collect();
        assert_eq!(range, marked, "{set}");
        assert_eq!(std::fs::read_to_string(folder.path("a.nn")).expect("the program"), PROGRAM, "{set}");
    }
}

#[test]
fn an_alias_is_set_as_the_setting_that_it_means() {
    let folder = Folder::new().with("a.nn", PROGRAM);
    let path = folder.text("a.nn");
    let shown = |set: &str| run(&["show", "--format", "json", "--set", set, &path]).out;
    assert_eq!(shown("train.epoch=7"), shown("train.epochs=7"));
    assert_eq!(shown("training.num_epochs=7"), shown("train.epochs=7"));
    assert_ne!(shown("train.epochs=7"), shown("train.epochs=2"));
    let noted = run(&["check", "--set", "train.epoch=7", &path]);
    assert!(noted.code == 0 && noted.err.contains("`epoch` is `epochs` here"), "{}", noted.err);
    let alone = run(&["check", "--set", "epochs=7", &path]);
    assert!(alone.code == 2 && alone.err.contains("the setting is `train.epochs`"), "{}", alone.err);
}

#[test]
fn a_setting_given_as_an_option_is_answered_with_set() {
    for (given, tip) in [
        (&["--epochs", "5"][..], "--set train.epochs=5"),
        (&["--lr=0.1"], "--set train.learning_rate=0.1"),
        (&["--batch-size", "16"], "--set train.batch=16"),
    ] {
        let done = run(&[&["train", "a.nn"], given].concat());
        assert!(done.code == 2 && done.err.contains(tip), "{}", done.err);
    }
    let other = run(&["predict", "a.safetensors", "b.csv", "--epochs", "5"]);
    assert!(other.code == 2 && !other.err.contains("--set"), "{}", other.err);
}

#[test]
fn doc_says_what_there_is_and_what_is_not() {
    for (name, code, said) in [
        ("let", 0, "let width = 64"),
        ("table", 0, "table {"),
        ("csv", 0, "rows.csv"),
        ("gpu", 0, "processor"),
        ("conv", 2, "lacks"),
        ("LSTM", 2, "lacks"),
        ("radam", 2, "what comes nearest is `adam`"),
        ("ffill", 2, "choice of `missing`"),
    ] {
        let done = run(&["doc", name]);
        assert_eq!(done.code, code, "{name}: {}{}", done.out, done.err);
        assert!(done.out.contains(said) || done.err.contains(said), "{name}: {}{}", done.out, done.err);
    }
}

#[test]
fn habits_of_other_tools_are_answered() {
    let folder = Folder::new().with("t.csv", "a,b,y\n0.1,2,1\n1,0.2,2\n2,2,3\n0,1,1\n1,1,2\n1.5,0,3\n2,1,1\n0,0,2\n");
    let program = |data: &str, network: &str, train: &str| {
        format!(
            "data \"t.csv\" {{\n  {data}\n}}\nnetwork {{\n  {network}\n}}\ntrain {{\n  {train}\n  learning_rate = 0.1\n  epochs = 2\n}}\n"
        )
    };
    let (data, network, train) = ("target = y", "dense 1", "loss = mse");
    let classes = "loss = cross_entropy";
    for (text, said, safe) in [
        (program("target: y", network, train), "`target` is followed by `:`", true),
        (program("target = y\n  test = 20", network, train), "write `20%`", false),
        (program("target = y\n  test = folder/t.csv", network, train), "write `\"folder/t.csv\"`", false),
        (program(data, network, train).replace("\"t.csv\"", "t.csv"), "stands without quotes", true),
        (program(data, network, train).replace("\"t.csv\"", "./t.csv"), "stands without quotes", true),
        (program(data, network, "loss = mse\n  optimizer = Adam(lr=0.1)"), "`learning_rate = 0.01` in `train`", true),
        (program(data, network, "loss = mse\n  optimizer = sgd(weight_decay=0.1)"), "adamw(weight_decay", false),
        (program(data, network, "loss = mse\n  optimizer = adam(weight_decay=0.1)"), "adamw(weight_decay", false),
        (program(data, "Conv2D(32, 3)", train), "no kind here is called `Conv2D`", false),
        (program(data, "dense 4 nn.GLU()", train), "none is called `GLU`", false),
        (program(data, "dense classes softmax", classes), "write `category = y`", false),
        (program(data, "dense 3 softmax", classes), "write `category = y`", false),
        (program(data, "dense 1 softmax", classes), "write `category = y`", false),
    ] {
        std::fs::write(folder.path("a.nn"), &text).expect("the program");
        let path = folder.text("a.nn");
        let done = run(&["check", &path]);
        let flat = done.err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(done.code == 1 && flat.contains(said), "{text}\n{}", done.err);
        run(&["check", "--fix", &path]);
        let after = std::fs::read_to_string(folder.path("a.nn")).expect("the program");
        assert_eq!(after != text, safe, "{text}\n{after}");
    }
}
