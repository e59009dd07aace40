//! `nn check --fix` and `--unsafe-fixes`: over all faulty programs, and from the command line.

use crate::common::{Folder, root, run};
use nn::check::{check, mend};
use nn::data::Files;
use nn::diagnostic::{Applicability, Diagnostic, Level};
use nn::source::Source;
use std::fs::File;
use std::io::Read;

/// The data files beside the faulty programs.
struct Beside;

impl Files for Beside {
    fn open(&self, path: &str) -> std::io::Result<Box<dyn Read>> {
        Ok(Box::new(File::open(root().join("tests/programs").join(path))?))
    }
}

fn found(source: &Source) -> Result<Vec<Diagnostic>, String> {
    Ok(check(source, &[], &Beside)?.diagnostics)
}

fn errors(found: &[Diagnostic]) -> usize {
    found.iter().filter(|d| d.level == Level::Error).count()
}

fn comments(text: &str) -> usize {
    text.matches('#').count()
}

#[test]
fn mending_keeps_comments_never_adds_errors_and_ends() {
    let mut mended_programs = 0;
    for entry in std::fs::read_dir(root().join("tests/programs")).expect("the programs") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|e| e != "nn") {
            continue;
        }
        let shown = path.display();
        let source = Source::new("a.nn", std::fs::read_to_string(&path).expect("a program"));
        let before = found(&source).expect("no overrides");
        for all in [false, true] {
            let once = mend(source.clone(), all, found).expect("no overrides");
            assert!(errors(&once.left) <= errors(&before), "{shown}");
            // An allowance that silences nothing is a comment that goes.
            let may_go = usize::from(shown.to_string().contains("109_"));
            assert!(comments(once.source.text()) + may_go >= comments(source.text()), "{shown}");
            let twice = mend(once.source.clone(), all, found).expect("no overrides");
            assert_eq!(once.source.text(), twice.source.text(), "{shown}: mended twice");
            let left = once.left.iter().flat_map(|d| &d.fixes).filter(|f| f.applicability == Applicability::Safe);
            assert_eq!(left.count(), 0, "{shown}: safe fixes are left");
            mended_programs += usize::from(!once.applied.is_empty());
        }
    }
    assert!(mended_programs > 20, "{mended_programs}");
}

#[test]
fn what_is_mended_is_not_reported_again() {
    let (mut mended, mut left) = (0, Vec::new());
    for entry in std::fs::read_dir(root().join("tests/programs")).expect("the programs") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(code) = name.get(..3).and_then(|c| c.parse::<u16>().ok()) else { continue };
        if path.extension().is_none_or(|e| e != "nn") {
            continue;
        }
        let source = Source::new(name.as_str(), std::fs::read_to_string(&path).expect("a program"));
        let own = |d: &&Diagnostic| d.code.0 == code;
        let can = |d: Diagnostic| own(&&d) && d.fixes.iter().any(|f| f.applicability != Applicability::Placeholder);
        if !found(&source).expect("no overrides").into_iter().any(can) {
            continue;
        }
        mended += 1;
        if mend(source, true, found).expect("no overrides").left.iter().any(|d| own(&d)) {
            left.push(name);
        }
    }
    assert!(mended > 80 && left.is_empty(), "{mended} mended, and not {left:?}");
}

const PROGRAM: &str = "# nn: allow(NN701) not needed

data moons(samples=200, noise=0.1) { }   # generated

network {
  dense 8 bias=true   # before a norm
  batch_norm
  tanh
  dense 1 sigmoid
  sigmoid
}

train {
  loss          = binary_cross_entropy
  optimizer     = adam
  learning_rate = 0.02
  epochs        = 100
  batch         = 16
}
";

#[test]
fn the_command_mends_the_file_and_checks_it_again() {
    let folder = Folder::new().with("a.nn", PROGRAM);
    let path = folder.text("a.nn");
    let read = || std::fs::read_to_string(folder.path("a.nn")).expect("the program");
    let before = run(&["check", &path]);
    assert_eq!(before.code, 1, "{}", before.err);
    assert_eq!(read(), PROGRAM, "checking writes nothing");

    let safe = run(&["check", "--fix", &path]);
    assert_eq!(safe.code, 1, "the doubled sigmoid stays an error\n{}", safe.err);
    assert_eq!(read(), PROGRAM.replace("# nn: allow(NN701) not needed\n", "").replace("bias=true", "bias=false"));

    let all = run(&["check", "--unsafe-fixes", "--deny", "warnings", &path]);
    assert_eq!(all.code, 0, "{}", all.err);
    let mended = read();
    assert_eq!(mended.matches("sigmoid").count(), 1, "{mended}");
    assert!(mended.contains("# generated") && mended.contains("# before a norm"));
    let again = run(&["check", "--unsafe-fixes", &path]);
    assert_eq!((again.code, read()), (0, mended));
}

#[test]
fn findings_are_chosen_denied_and_allowed() {
    let folder = Folder::new().with("a.nn", PROGRAM);
    let path = folder.text("a.nn");
    let codes = |args: &[&str]| {
        let done = run(&[&["check", "--format", "json", path.as_str()][..], args].concat());
        let code = |line: &str| {
            serde_json::from_str::<serde_json::Value>(line).expect("JSON")["code"].as_str().map(str::to_owned)
        };
        (done.out.lines().filter_map(code).collect::<Vec<_>>(), done.code)
    };
    assert_eq!(codes(&["--select", "NN703"]), (vec!["NN703".to_owned()], 0));
    assert_eq!(codes(&["--select", "norm-bias", "--deny", "warnings"]), (vec!["NN703".to_owned()], 1));
    assert_eq!(codes(&["--select", "double-softmax"]), (vec!["NN302".to_owned()], 1));
    assert_eq!(codes(&["--quick"]).0, ["NN302", "NN109", "NN703"]);
    assert_eq!(codes(&["--select", "NN999"]).1, 2);

    let allowed = PROGRAM
        .replace("NN701", "NN302, double-activation")
        .replace("not needed", "for a lesson")
        .replace("# before", "# nn: allow(norm-bias) before");
    std::fs::write(folder.path("a.nn"), &allowed).expect("the program");
    assert_eq!(codes(&[]), (vec!["NN109".to_owned()], 0), "`double-activation` silences nothing");
    std::fs::write(folder.path("a.nn"), allowed.replace(" for a lesson", "")).expect("the program");
    assert_eq!(codes(&["--select", "NN302"]), (vec!["NN302".to_owned()], 1), "an error needs a reason");
}

/// Each fix is sound by itself and none of them brings the file nearer to a program.
#[test]
fn fixes_that_lead_nowhere_are_left_out() {
    let text = format!("network {{\n{}", "  residual {\n".repeat(200));
    let mended = mend(Source::new("deep.nn", text), false, found).expect("checks");
    assert!(mended.gave_up);
    let again = mend(mended.source.clone(), false, found).expect("checks");
    assert_eq!((again.source.text(), again.applied.len()), (mended.source.text(), 0));
}
