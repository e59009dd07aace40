//! The programs in `cases/`: faulty ones draw what they should, their repaired twins and the examples nothing. What
//! each is taken from stands in `cases/README.md`.

use std::fs;
use std::path::Path;

use nn::check::check;
use nn::data::Memory;
use nn::diagnostic::{Level, codes};
use nn::source::Source;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Program, and what it must draw; no other warning or error of starts and rates may stand beside that.
const CASES: &[(&str, &[(&str, Level)])] = &[
    ("d1", &[("NN601", Level::Error)]),
    ("d2", &[("NN601", Level::Error), ("NN501", Level::Warning)]),
    ("d3", &[("NN601", Level::Error)]),
    ("d4", &[("NN601", Level::Warning)]),
    ("d5", &[("NN501", Level::Warning), ("NN505", Level::Warning), ("NN407", Level::Warning)]),
    ("d6", &[("NN304", Level::Error)]),
    ("d7", &[("NN301", Level::Error)]),
    ("d8_constant", &[("NN401", Level::Error)]),
    ("d8_wide", &[("NN403", Level::Note)]),
    // By first loss, gain and end as good as the default start: off its scheme, and no more.
    ("d8_wide_quarter", &[("NN405", Level::Note)]),
    ("d8_tenfold", &[("NN505", Level::Note)]),
    ("d8_sigmoid", &[("NN304", Level::Error)]),
    ("d8_loss", &[("NN305", Level::Error)]),
    ("d8_loss_labels", &[("NN305", Level::Error)]),
    ("d8_fast", &[("NN601", Level::Warning)]),
    ("d8_slow", &[("NN602", Level::Warning)]),
    ("d8_raw", &[("NN501", Level::Warning)]),
    ("d8_penalty", &[("NN606", Level::Warning)]),
    // One hidden layer often leaves a start near 0; a run of all steps shows that this one does not.
    ("d9_narrow", &[("NN402", Level::Warning)]),
    ("d9_wide", &[("NN403", Level::Warning)]),
    ("d9_equal", &[("NN401", Level::Error)]),
    ("d9_zeros", &[("NN401", Level::Error)]),
    ("d9_fast", &[("NN601", Level::Warning)]),
];

#[test]
fn faulty_programs_draw_what_they_should() {
    let mut wrong = Vec::new();
    for (name, expected) in CASES {
        let found = findings(&Path::new(ROOT).join(format!("tests/cases/{name}.nn")));
        for (code, level) in *expected {
            if codes::find(code).is_none() {
                wrong.push(format!("{name}: there is no rule {code}"));
            }
            if !found.iter().any(|(c, l)| c == code && l == level) {
                wrong.push(format!("{name}: no {} {code} among {found:?}", level.name()));
            }
        }
        let ours = |code: &str| code.starts_with("NN4") || code.starts_with("NN6");
        for (code, level) in found.iter().filter(|(c, l)| ours(c) && *l >= Level::Warning) {
            if !expected.iter().any(|(c, _)| c == code) {
                wrong.push(format!("{name}: {} {code} besides", level.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sound_programs_draw_neither_errors_nor_warnings() {
    let mut wrong = Vec::new();
    for folder in ["tests/cases", "examples"] {
        let entries = fs::read_dir(Path::new(ROOT).join(folder)).expect("the folder is there");
        for path in entries.map(|e| e.expect("readable").path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let sound = folder == "examples" || name.ends_with("_ok.nn");
            if !sound || path.extension().is_none_or(|e| e != "nn") {
                continue;
            }
            let loud: Vec<_> = findings(&path).into_iter().filter(|(_, l)| *l >= Level::Warning).collect();
            if !loud.is_empty() {
                wrong.push(format!("{name}: {loud:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Codes and levels of all findings on a program, with every file beside it at hand.
fn findings(path: &Path) -> Vec<(String, Level)> {
    let source = Source::new("case.nn", fs::read_to_string(path).expect("the program is there"));
    let folder = path.parent().expect("in a folder");
    let mut files = Memory::new();
    for entry in fs::read_dir(folder).expect("the folder is there").map(|e| e.expect("readable").path()) {
        if entry.extension().is_some_and(|e| e == "csv") {
            let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files = files.with(name, fs::read(&entry).expect("readable"));
        }
    }
    let checked = check(&source, &[], &files).expect("no overrides");
    checked.diagnostics.iter().map(|d| (d.code.to_string(), d.level)).collect()
}
