//! What reports look like, and that no source or span upsets them.
use super::*;
use crate::diagnostic::{Applicability, EvidenceKind, Excerpt, codes};
use crate::source::Span;

const PROGRAM: &str = "\
data \"house.csv\" {
  target = price
  scale  = standard
}

network {
  hidden: dense 5 tanh
  out:    dense 1 sigmoid
}

train {
  loss      = mse
  optimiser = sgd
}
";

fn span(word: &str) -> Span {
    let at = PROGRAM.find(word).unwrap_or_default();
    Span::new(at, at + word.len())
}

fn source() -> Source {
    Source::new("house.nn", PROGRAM)
}

fn samples() -> Vec<Diagnostic> {
    vec![
        Diagnostic::error(codes::OUTPUT_WIDTH, "the output cannot reach `price`: it is at most 1, the target is 3 to 103")
            .at(span("sigmoid"), "outputs 0 to 1")
            .and(span("price"), "ranges from 3 to 103")
            .note_that("the loss cannot go below 2178.8, 2.4 times what predicting the mean of the target for every row would give")
            .help("write `linear`")
            .fix(Applicability::Unsafe, "replace `sigmoid` by `linear`", span("sigmoid"), "linear")
            .resting_on(EvidenceKind::Proof, "range", vec![("floor", 2178.8), ("variance", 906.712_345)]),
        Diagnostic::error(codes::UNKNOWN, "no setting of `train` is called `optimiser`")
            .at(span("optimiser"), "")
            .help("write `optimizer`")
            .fix(Applicability::Safe, "rename to `optimizer`", span("optimiser"), "optimizer"),
        Diagnostic::error(codes::DATA_VALUE, "`12,5` is not a number").at(span("\"house.csv\""), "read here").quoting(
            Excerpt {
                path: "house.csv".into(),
                line: 1207,
                column: 6,
                text: "3;4;\"12,5\";green".into(),
                start: 5,
                end: 9,
                label: "expected a number in column `price`".into(),
            },
        ),
        Diagnostic::warning(codes::DATA_FORMAT, "the file ends early").quoting(Excerpt {
            path: "x.idx".into(),
            line: 0,
            column: 0,
            text: String::new(),
            start: 0,
            end: 0,
            label: "4 of 784 bytes of row 12".into(),
        }),
    ]
}

#[test]
fn looks() {
    for look in [Look { color: false, unicode: true, width: 80 }, Look::PLAIN, Look { color: true, unicode: true, width: 80 }] {
        eprintln!("{}", render(&source(), &samples(), &look, None));
    }
}
