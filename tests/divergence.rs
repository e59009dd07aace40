//! A run that diverges says what happened where: the step, the setting or the layer to blame, and the numbers of it.
//! Each case is a small program whose numbers leave the finite ones in one known way.

use nn::check::{Depth, Loaded, Options, check_with};
use nn::data::Memory;
use nn::diagnostic::{Diagnostic, EvidenceKind};
use nn::source::Source;
use nn::tensor::Team;
use nn::train::{Control, Ended, Run};

const TWO: &str = " hidden: dense 2 relu\n out: dense 1";

/// A program over six rows, in single precision.
fn text(target: &str, network: &str, train: &str) -> String {
    let rows: String = [1, 2, 3, 4, 5, 6].map(|x| format!(" {x} {}\n", target.replace('x', &x.to_string()))).concat();
    format!(
        "data {{\n target = y\n table {{\n x y\n{rows} }}\n}}\nnetwork {{\n{network}\n}}\ntrain {{\n loss = mse\n \
         optimizer = sgd\n seed = 3\n epochs = 9\n shuffle = false\n{train}\n}}\n"
    )
}

/// The end of a run of it.
fn diverged(text: &str) -> Diagnostic {
    let source = Source::new("test.nn", text);
    let options = Options { depth: Depth::Language, ..Options::default() };
    let checked = check_with(&source, &[], &Memory::new(), options).expect("no override");
    let (Some(program), Some(Loaded::F32(data))) = (checked.program, checked.data) else {
        panic!("{text}\n{:#?}", checked.diagnostics)
    };
    match Run::new(&program, &data, Team::solo()).run(|_| Control::Continue) {
        Ended::Diverged(diagnostic) => *diagnostic,
        other @ (Ended::Epochs | Ended::Early { .. } | Ended::Interrupted) => panic!("{text}\n{other:?}"),
    }
}

/// What is expected of a report, each part as it reads.
struct Told {
    message: &'static str,
    /// The marked texts and what is said of each, the first one the blamed.
    labels: &'static [(&'static str, &'static str)],
    notes: &'static [&'static str],
    help: &'static str,
    basis: &'static str,
    values: &'static [(&'static str, f64)],
}

const SMALLER: &str = "scale the inputs: `scale = standard` in `data`; or start the weights smaller";
const UNMOVED: &str = "no weight had moved yet: the data, or the start of the weights, is too large";

#[test]
fn the_step_the_place_and_the_setting_are_named() {
    let cases = [
        // The squares of finite outputs overflow before any step: neither the rate nor a layer is to blame.
        (
            text("1e30", TWO, " learning_rate = 0.5"),
            Told {
                message: "the loss is not a finite number at step 1",
                labels: &[("table", "the data"), ("mse", "not finite here")],
                notes: &[UNMOVED, "every layer's output is finite, and the loss of it is not"],
                help: SMALLER,
                basis: "step 1, 0 of 6 rows with a finite loss",
                values: &[("step", 1.0), ("learning_rate", 0.5)],
            },
        ),
        // One of the three rows of the second batch overflows.
        (
            text("x", " init = constant(0)\n out: dense 1", " learning_rate = 0.7\n batch = 3")
                .replace("5 5", "5 1e30"),
            Told {
                message: "the loss is not a finite number at step 2",
                labels: &[("0.7", "the rate was 0.7 at that step"), ("mse", "not finite here")],
                notes: &["every layer's output is finite, and the loss of it is not"],
                help: "write a smaller learning rate, such as `learning_rate = 0.07`",
                basis: "step 2, 2 of 3 rows with a finite loss",
                values: &[("step", 2.0), ("learning_rate", 0.7)],
            },
        ),
        // The start of the second layer's weights is too large for the first one's outputs.
        (
            text("x", " first: dense 2 init=constant(1e20)\n out: dense 1 init=constant(1e30)", " learning_rate = 0.5"),
            Told {
                message: "the loss is not a finite number at step 1",
                labels: &[("dense", "first here")],
                notes: &[UNMOVED, "the output of `out` is the first that is not finite"],
                help: SMALLER,
                basis: "step 1, 0 of 6 rows with a finite loss",
                values: &[("step", 1.0), ("learning_rate", 0.5)],
            },
        ),
        // After one step the weights of the first layer are too large for the second step, whose rate is not the
        // setting's.
        (
            text(
                "9",
                " init = constant(1)\n first: dense 1\n out: dense 1",
                " learning_rate = step(1e25, every=1, factor=0.5)",
            ),
            Told {
                message: "the loss is not a finite number at step 2",
                labels: &[("1e25", "the rate was 5000000000000000000000000 at that step"), ("dense", "first here")],
                notes: &["the output of `out` is the first that is not finite"],
                help: "write a smaller learning rate, such as `learning_rate = 500000000000000000000000`",
                basis: "step 2, 0 of 6 rows with a finite loss",
                values: &[("step", 2.0), ("learning_rate", 5e24)],
            },
        ),
        // An update that overflows leaves weights that are not finite: they are named rather than what follows from
        // them.
        (
            text("9", " init = constant(1)\n first: dense 1\n out: dense 1", " learning_rate = 3e38\n batch = 3"),
            Told {
                message: "the loss is not a finite number at step 2",
                labels: &[
                    ("3e38", "the rate was 300000000000000000000000000000000000000 at that step"),
                    ("dense", "first here"),
                ],
                notes: &["the weights of `first` are the first that are not finite"],
                help: "write a smaller learning rate, such as `learning_rate = 30000000000000000000000000000000000000`",
                basis: "step 2, 0 of 3 rows with a finite loss",
                values: &[("step", 2.0), ("learning_rate", 3e38)],
            },
        ),
        // The same where no step follows in the epoch.
        (
            text("9", " init = constant(1)\n first: dense 1\n out: dense 1", " learning_rate = 3e38"),
            Told {
                message: "the weights of `first` are not finite after epoch 1",
                labels: &[
                    ("3e38", "the rate was 300000000000000000000000000000000000000 at that step"),
                    ("dense", "first here"),
                ],
                notes: &[],
                help: "write a smaller learning rate, such as `learning_rate = 30000000000000000000000000000000000000`",
                basis: "step 1",
                values: &[("step", 1.0)],
            },
        ),
    ];
    for (text, told) in cases {
        let report = diverged(&text);
        let labels: Vec<_> =
            report.primary.iter().chain(&report.labels).map(|l| (&text[l.span.range()], l.text.as_str())).collect();
        assert_eq!((report.message.as_str(), &labels[..]), (told.message, told.labels), "{text}");
        assert_eq!(
            (&report.notes[..], report.help.as_deref()),
            (&told.notes.iter().map(|&n| n.to_owned()).collect::<Vec<_>>()[..], Some(told.help)),
            "{text}"
        );
        let evidence = report.evidence.expect("evidence");
        assert_eq!((evidence.kind, evidence.basis.as_str()), (EvidenceKind::Proof, told.basis), "{text}");
        assert_eq!(evidence.values, told.values, "{text}");
    }
}
