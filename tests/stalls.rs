//! Runs that diverge or come to nothing end with the rules that explain it.

use crate::common::{Done, Folder, root, run};

/// Trains a faulty program, changed.
fn train(name: &str, change: impl Fn(String) -> String) -> Done {
    let text = std::fs::read_to_string(root().join(format!("tests/programs/{name}.nn"))).expect("the program");
    let folder = Folder::new().with("a.nn", change(text));
    run(&["train", &folder.text("a.nn")])
}

/// Of errors and warnings, in the order of reports.
fn codes(done: &Done) -> Vec<&str> {
    let heads = done.err.lines().filter(|l| l.starts_with("error[") || l.starts_with("warning["));
    heads.filter_map(|l| Some(l.split_once('[')?.1.split_once(']')?.0)).collect()
}

fn allowed(codes: &'static str) -> impl Fn(String) -> String {
    move |text| format!("# nn: allow({codes}) to see what its run comes to\n\n{text}")
}

#[test]
fn a_run_that_comes_to_nothing_ends_with_the_rule_that_explains_it() {
    for (name, code) in [
        ("602_learning_rate_low", "NN602"),
        ("602_adam", "NN602"),
        ("408_dead_units", "NN408"),
        ("402_init_narrow", "NN402"),
        ("606_penalty", "NN606"),
    ] {
        let done = train(name, |text| text);
        assert_eq!((done.code, codes(&done)), (0, vec![code]), "{name}: {}", done.err);
        assert!(done.err.contains("the training loss ends at"), "{name}: {}", done.err);
    }
}

#[test]
fn what_was_allowed_explains_a_run_all_the_same() {
    for (name, code) in [("401_still", "NN401"), ("602_learning_rate_low", "NN602")] {
        let done = train(name, allowed(code));
        assert_eq!((done.code, codes(&done)), (0, vec![code]), "{name}: {}", done.err);
    }
}

#[test]
fn a_run_that_diverges_ends_with_the_rate_that_the_curvature_allows() {
    for name in ["601_risen", "601_broken"] {
        let done = train(name, |text| text);
        assert_eq!((done.code, codes(&done)), (1, vec!["NN801", "NN601"]), "{name}: {}", done.err);
        assert!(
            done.err.contains("at the start allows a learning rate up to 0.1") || name != "601_risen",
            "{}",
            done.err
        );
        assert_eq!(done.err.matches("= help:").count(), 1, "one way out: {}", done.err);
    }
    // A proof stands before the run; allowed, it stands behind it.
    let done = train("601_learning_rate_high", allowed("NN601"));
    assert_eq!((done.code, codes(&done)), (1, vec!["NN801", "NN601"]), "{}", done.err);
    assert!(done.err.contains("never converges"), "{}", done.err);
}

#[test]
fn a_run_that_learns_ends_without_a_word() {
    for name in ["602_learning_rate_low.good", "408_dead_units.good", "606_penalty.good"] {
        let done = train(name, |text| text);
        assert_eq!((done.code, codes(&done)), (0, vec![]), "{name}: {}", done.err);
        assert!(!done.err.contains("the training loss ends at"), "{name}: {}", done.err);
    }
}
