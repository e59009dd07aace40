//! NN301–NN311: the output, its loss and its targets. Ranges and targets prove most of it: a loss that cannot fall
//! below a floor however long training goes on is an error, with the floor.

mod family;
mod floor;
mod head;
mod logits;
mod range;

use super::Subject;
use super::answers::Answers;
use super::say;
use crate::diagnostic::{Diagnostic, EvidenceKind};
pub(super) use floor::Measure;
pub(super) use head::Head;
pub(super) use head::{has_effect, name};
use std::cell::OnceCell;

/// Runs the family.
pub(super) fn run(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let Some(measure) = Measure::of(&subject.program.training) else { return };
    let head = Head::of(&subject.program.network);
    let outputs = Outputs { subject, head, measure, answers: OnceCell::new(), base: OnceCell::new() };
    logits::softmax_of_one(&outputs, out);
    logits::double(&outputs, out);
    logits::domain(&outputs, out);
    logits::unnormalised(&outputs, out);
    range::relu(&outputs, out);
    range::target(&outputs, out);
    range::asymptote(&outputs, out);
    family::loss(&outputs, out);
    family::labels(&outputs, out);
}

/// A program's end, and its targets once they are asked for.
struct Outputs<'a> {
    subject: &'a Subject<'a>,
    head: Head<'a>,
    measure: Measure,
    answers: OnceCell<Answers>,
    base: OnceCell<f64>,
}

impl Outputs<'_> {
    fn answers(&self) -> &Answers {
        self.answers.get_or_init(|| Answers::of(self.subject))
    }

    /// The loss of the best constant.
    fn base(&self) -> f64 {
        *self.base.get_or_init(|| self.measure.constant(self.answers()))
    }

    /// The targets as a report names them.
    fn target(&self) -> String {
        let columns = match &self.subject.program.facts.target {
            crate::ir::spec::TargetFacts::Classes { name, .. } => std::slice::from_ref(name),
            crate::ir::spec::TargetFacts::Values { names, .. } => &names[..],
        };
        say::names(columns.iter().map(String::as_str))
    }

    /// Adds a floor to a report: its ratio to the best constant's loss, and both as evidence.
    fn with_floor(&self, diagnostic: Diagnostic, floor: f64, basis: &str) -> Diagnostic {
        let base = self.base();
        let compared = if floor.is_finite() && base > 0.0 {
            format!(
                "the least loss there can be is {}, {} the {} that the best constant prediction gives",
                say::number(floor),
                say::share(floor, base),
                say::number(base)
            )
        } else {
            format!("the best constant prediction gives a loss of {}", say::number(base))
        };
        let values = vec![("floor", floor), ("constant", base)];
        diagnostic.note_that(compared).resting_on(EvidenceKind::Proof, basis, values)
    }
}

/// The least loss that the output's range allows, where that is known.
pub(super) fn lowest(subject: &Subject<'_>, measure: Measure) -> f64 {
    let network = &subject.program.network;
    let range = network.output().range;
    if subject.program.training.fused || matches!(measure, Measure::Distribution(_)) {
        return 0.0;
    }
    measure.within(&Answers::of(subject), range.low, range.high)
}
