//! Outputs never take the place of an input, nor of one another, and are known to be writable before any work is done.

use crate::common::{Folder, run};
use std::path::Path;

const PROGRAM: &str = "\
data \"t.csv\" {
  target = y
  validation = \"held.csv\"
}
network {
  dense classes softmax
}
train {
  loss          = cross_entropy
  learning_rate = 0.1
  epochs        = 2
}
";

const ROWS: &str = "x,y\n0.1,a\n0.9,b\n0.2,a\n0.8,b\n0.3,a\n0.7,b\n";

/// A folder with a program, its data, a model of it and start weights.
fn folder() -> Folder {
    let folder =
        Folder::new().with("m.nn", PROGRAM).with("t.csv", ROWS).with("held.csv", ROWS).with("new.csv", "x\n0.4\n");
    let done = run(&["train", &folder.text("m.nn"), "-q", "-o", &folder.text("made.safetensors")]);
    assert_eq!(done.code, 0, "{}", done.err);
    std::fs::copy(folder.path("made.safetensors"), folder.path("w.safetensors")).expect("a copy");
    folder
}

/// Every file of a folder with what it holds.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path());
    let mut all: Vec<_> = files
        .filter(|path| path.is_file())
        .map(|path| (path.display().to_string(), std::fs::read(&path).expect("a file")))
        .collect();
    all.sort();
    all
}

/// Arguments (names in the folder begin with `@`), and what is said.
const REFUSED: &[(&[&str], &[&str])] = &[
    (&["train", "@m.nn", "-o", "@m.nn"], &["would replace the program", "m.nn"]),
    (&["train", "@m.nn", "-o", "@t.csv"], &["would replace the data", "t.csv"]),
    (&["train", "@m.nn", "-o", "@held.csv"], &["would replace the data", "held.csv"]),
    (&["train", "@m.nn", "-o", "@sub/../t.csv"], &["would replace the data"]),
    (&["train", "@m.nn", "-o", "@hard.csv"], &["would replace the data", "hard.csv"]),
    (&["train", "@m.nn", "-o", "@soft.csv"], &["would replace the data", "soft.csv"]),
    (&["train", "@m.nn", "--log", "@t.csv"], &["`--log", "would replace the data"]),
    (&["train", "@m.nn", "--log", "@m.nn"], &["`--log", "would replace the program"]),
    (&["train", "@m.nn", "--plot", "@soft.svg"], &["`--plot", "would replace the data"]),
    (&["train", "@m.nn", "--weights", "@w.safetensors", "-o", "@w.safetensors"], &["would replace the weights"]),
    (&["train", "@made.safetensors"], &["`-o", "would replace the model"]),
    (&["train", "@made.safetensors", "-o", "@m.nn"], &["would replace the program"]),
    (&["train", "@m.nn", "-o", "@x.svg", "--plot", "@x.svg"], &["`-o", "`--plot", "are one file"]),
    (&["train", "@m.nn", "-o", "@x", "--log", "@sub/../x"], &["`-o", "`--log", "are one file"]),
    (&["train", "@m.nn", "-o", "@x", "--log", "@nowhere"], &["`-o", "`--log", "are one file"]),
    (&["predict", "@made.safetensors", "@new.csv", "-o", "@new.csv"], &["would replace the data"]),
    (&["predict", "@made.safetensors", "@new.csv", "-o", "@made.safetensors"], &["would replace the model"]),
    (&["predict", "@made.safetensors", "@new.csv", "-o", "@m.nn"], &["would replace the program"]),
    (&["predict", "@made.safetensors", "@new.csv", "-o", "@t.csv"], &["would replace the data"]),
    (&["sweep", "@m.nn", "--vary", "train.epochs=1,2", "--log", "@t.csv"], &["`--log", "would replace the data"]),
    (&["sweep", "@m.nn", "--vary", "train.epochs=1,2", "--save-best", "@m.nn"], &["would replace the program"]),
    (&["sweep", "@m.nn", "--vary", "train.epochs=1,2", "--plot", "@x.svg", "--log", "@x.svg"], &["are one file"]),
    (&["sweep", "@m.nn", "--vary", "train.epochs=1,2", "--plot", "@x.jpg"], &["draws .svg and .png"]),
    (&["trace", "@m.nn", "--plot", "@soft.svg"], &["`--plot", "would replace the data"]),
    (&["why", "@m.nn", "dense1.weight[0,0]", "--plot", "@soft.svg"], &["`--plot", "would replace the data"]),
    (&["trace", "@m.nn", "--plot", "@x.txt"], &["`--plot` draws .svg and .png"]),
];

/// Arguments that name a place where nothing can be written: the folder is at fault, and exit 1 says so.
const UNWRITABLE: &[(&[&str], &str)] = &[
    (&["train", "@m.nn", "-o", "@none/m.safetensors"], "there is no folder"),
    (&["train", "@m.nn", "--log", "@none/l.jsonl"], "there is no folder"),
    (&["train", "@m.nn", "--plot", "@none/p.svg"], "there is no folder"),
    (&["train", "@m.nn", "-o", "@t.csv/m.safetensors"], "is no folder"),
    (&["train", "@m.nn", "-o", "@sub"], "it is a folder"),
    (&["train", "@m.nn", "--log", "@sub"], "it is a folder"),
    (&["predict", "@made.safetensors", "@new.csv", "-o", "@none/p.csv"], "there is no folder"),
    (&["sweep", "@m.nn", "--vary", "train.epochs=1,2", "--log", "@none/l.jsonl"], "there is no folder"),
    (&["sweep", "@m.nn", "--vary", "train.epochs=1,2", "--save-best", "@none/b"], "there is no folder"),
    (&["sweep", "@m.nn", "--vary", "train.epochs=1,2", "--plot", "@none/b.svg"], "there is no folder"),
    (&["trace", "@m.nn", "--plot", "@none/x.svg"], "there is no folder"),
    (&["why", "@m.nn", "dense1.weight[0,0]", "--plot", "@none/x.svg"], "there is no folder"),
];

fn in_folder(folder: &Folder, args: &[&str]) -> Vec<String> {
    args.iter().map(|arg| arg.strip_prefix('@').map_or_else(|| (*arg).to_owned(), |name| folder.text(name))).collect()
}

#[cfg(unix)]
#[test]
fn an_output_replaces_no_input_and_no_other_output() {
    let folder = folder();
    std::fs::create_dir(folder.path("sub")).expect("a folder");
    std::fs::hard_link(folder.path("t.csv"), folder.path("hard.csv")).expect("a link");
    for (link, to) in [("soft.csv", "t.csv"), ("soft.svg", "held.csv"), ("nowhere", "x")] {
        std::os::unix::fs::symlink(to, folder.path(link)).expect("a link");
    }
    let before = contents(&folder.path(""));
    let check = |args: &[&str], code: i32, says: &[&str]| {
        let own = in_folder(&folder, args);
        let done = run(&own.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(done.code, code, "{args:?}: {}", done.err);
        for text in says {
            assert!(done.err.contains(text), "{args:?} does not say {text:?}: {}", done.err);
        }
        // Before any work: one sentence, and every file is as it was.
        assert_eq!((done.err.lines().count(), done.out.as_str()), (1, ""), "{args:?}: {}", done.err);
        assert!(contents(&folder.path("")) == before, "{args:?} changed a file");
    };
    for (args, says) in REFUSED {
        check(args, 2, says);
    }
    for (args, says) in UNWRITABLE {
        check(args, 1, &[says]);
    }
}

#[cfg(unix)]
#[test]
fn an_output_goes_through_a_link_and_devices_take_several() {
    let folder = folder();
    std::os::unix::fs::symlink("far.safetensors", folder.path("link.safetensors")).expect("a link");
    let done = run(&["train", &folder.text("m.nn"), "-q", "-o", &folder.text("link.safetensors")]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(folder.path("far.safetensors").is_file() && folder.path("link.safetensors").is_symlink());
    let done = run(&["train", &folder.text("m.nn"), "-q", "-o", "/dev/null", "--log", "/dev/null"]);
    assert_eq!(done.code, 0, "{}", done.err);
}

#[cfg(unix)]
#[test]
fn a_program_behind_a_link_finds_its_data_beside_either() {
    let folder = folder();
    std::fs::create_dir(folder.path("links")).expect("a folder");
    let link = folder.path("links/l.nn");
    std::os::unix::fs::symlink("../m.nn", &link).expect("a link");
    let path = link.display().to_string();
    let done = run(&["train", &path, "-q"]);
    assert_eq!(done.code, 0, "{}", done.err);
    // The model knows the way back to the data.
    let done = run(&["trace", &folder.text("links/l.safetensors")]);
    assert_eq!(done.code, 0, "{}", done.err);
    // What lies beside the link comes first.
    std::fs::write(folder.path("links/t.csv"), "x\n1\n").expect("a file");
    let done = run(&["check", &path]);
    assert!(done.code == 1 && done.err.contains("no column"), "{}", done.err);
    for name in ["links/t.csv", "t.csv"] {
        std::fs::remove_file(folder.path(name)).expect("removed");
    }
    let done = run(&["check", &path]);
    assert!(done.err.contains("links/t.csv` and `") && done.err.contains("looked for"), "{}", done.err);
}

#[test]
#[cfg(target_os = "linux")]
fn a_run_whose_log_is_cut_short_still_saves_its_model() {
    let folder = folder();
    let model = folder.text("cut.safetensors");
    let settings = ["--set", "train.epochs=30000", "--log", "/dev/full", "-o", &model];
    let done = run(&[&["train", &folder.text("m.nn"), "-q"], &settings[..]].concat());
    assert_eq!(done.code, 1, "{}", done.err);
    let said = "the log cannot be written any more: the disk is full; training goes on without it";
    assert_eq!(done.err.matches(said).count(), 1, "{}", done.err);
    assert!(done.out.contains("saved "), "{}", done.out);
    assert_eq!(run(&["eval", &model, &folder.text("t.csv")]).code, 0);
}
