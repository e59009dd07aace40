//! NN301–NN311: the output, its loss and its targets. Ranges and targets prove most of it: a loss that cannot fall
//! below a floor however long training goes on is an error, with the floor.

mod family;
mod head;
mod logits;
mod range;

use super::{Cause, Check, Needs, Shared, Subject, answers, say};
use crate::catalog::losses::{Loss, Outputs as OutputForm, TargetRows};
use crate::diagnostic::{Code, Diagnostic, EvidenceKind, codes};
pub(super) use head::Head;
pub(super) use head::{has_effect, name};
use std::cell::OnceCell;

/// The family's checks.
pub(super) static CHECKS: &[Check] = &[
    check(&[codes::SOFTMAX_ONE], |all, out| logits::softmax_of_one(&all.outputs, out)),
    check(&[codes::DOUBLE_SOFTMAX], |all, out| logits::double(&all.outputs, out)),
    check(&[codes::LOG_DOMAIN], |all, out| logits::domain(&all.outputs, out)),
    check(&[codes::UNNORMALISED], |all, out| logits::unnormalised(&all.outputs, out)),
    check(&[codes::RELU_OUTPUT], |all, out| range::relu(&all.outputs, out)),
    check(&[codes::TARGET_RANGE], |all, out| range::target(&all.outputs, out)),
    check(&[codes::ASYMPTOTE], |all, out| range::asymptote(&all.outputs, out)),
    check(&[codes::LOSS_FAMILY], |all, out| family::loss(&all.outputs, out)),
    check(&[codes::OUTPUT_LABELS], |all, out| family::labels(&all.outputs, out)),
];

const fn check(reports: &'static [Code], look: fn(&Shared<'_>, &mut Vec<Diagnostic>)) -> Check {
    Check { reports, needs: Needs::Program, silenced_by: &[], look }
}

/// An output that is proved wrong: it spoils whatever a batch or a run would show.
pub(super) const PROVED: Cause = Cause::proved(&[
    codes::SOFTMAX_ONE,
    codes::DOUBLE_SOFTMAX,
    codes::LOG_DOMAIN,
    codes::TARGET_RANGE,
    codes::LOSS_FAMILY,
    codes::OUTPUT_LABELS,
    codes::UNNORMALISED,
    codes::RELU_OUTPUT,
    codes::ASYMPTOTE,
]);

/// A program's end, and its targets once they are asked for.
pub(super) struct Outputs<'a> {
    subject: &'a Subject<'a>,
    head: Head<'a>,
    answers: OnceCell<TargetRows>,
    base: OnceCell<f64>,
}

impl<'a> Outputs<'a> {
    /// Nothing is computed yet.
    pub(super) fn of(subject: &'a Subject<'a>) -> Self {
        let head = Head::of(&subject.program.network);
        Self { subject, head, answers: OnceCell::new(), base: OnceCell::new() }
    }

    fn answers(&self) -> &TargetRows {
        self.answers.get_or_init(|| answers::of(self.subject))
    }

    fn loss(&self) -> &dyn Loss {
        self.subject.program.training.loss.as_ref()
    }

    /// The least loss where every output lies within `low..=high`, free of the others.
    fn within(&self, low: f64, high: f64) -> f64 {
        self.loss().least_within(self.answers(), low, high)
    }

    /// What the loss takes.
    fn form(&self) -> OutputForm {
        self.loss().outputs(self.head.output.shape.size())
    }

    /// The least loss there can be, whatever the outputs are.
    fn least(&self) -> f64 {
        self.loss().least(self.answers())
    }

    /// Whether a floor is so far up that it hinders: a share of what the best constant is above the least loss.
    fn is_telling(&self, floor: f64) -> bool {
        /// Below it is one row a hair beyond the range.
        const TELLING: f64 = 0.01;
        floor - self.least() >= TELLING * (self.base() - self.least())
    }

    /// The loss of the best constant.
    fn base(&self) -> f64 {
        *self.base.get_or_init(|| self.loss().constant(self.answers()))
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
        let compared = if floor.is_finite() && floor >= 0.0 && base > 0.0 {
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
pub(super) fn lowest(subject: &Subject<'_>) -> f64 {
    let training = &subject.program.training;
    let range = subject.program.network.output().range;
    if training.fused
        || training.loss.outputs(subject.program.network.output().shape.size()) == OutputForm::Distribution
    {
        return 0.0;
    }
    training.loss.least_within(&answers::of(subject), range.low, range.high)
}
