//! NN605: an epsilon that drowns the gradients it divides by, or that its precision cannot hold.

use crate::catalog::optimizers::EPSILON;
use crate::check::evidence::short;
use crate::check::rules::Subject;
use crate::diagnostic::{Applicability, Diagnostic, EvidenceKind, codes};
use crate::tensor::Dtype;

/// An epsilon above so many times the median |gradient| makes the optimizer a slow gradient descent.
const DROWNS: f64 = 1.0;

/// Judges an epsilon that the user wrote.
pub(super) fn run(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let training = &subject.program.training;
    let choice = &training.optimizer_choice;
    if !choice.kind.parameters.iter().any(|p| p.name == "epsilon") {
        return;
    }
    let Some(epsilon) = choice.arguments.number(EPSILON) else { return };
    let Some(span) = epsilon.span else { return };
    let value = epsilon.value;
    let repair = |report: Diagnostic| {
        report.help("write `epsilon=1e-8`").fix(Applicability::Unsafe, "write `1e-8`", span, "1e-8")
    };
    if training.precision == Dtype::F32 && value as f32 == 0.0 {
        let message = format!("an epsilon of {} is 0 in f32: a weight without a gradient becomes 0/0", short(value));
        let report = Diagnostic::error(codes::EPSILON, message).at(span, "0 in this precision");
        out.push(repair(report).resting_on(EvidenceKind::Proof, "the precision", vec![("epsilon", value)]));
        return;
    }
    let Some(start) = subject.evidence.start() else { return };
    if start.gradient_median > 0.0 && value > DROWNS * start.gradient_median && value > 1e-6 {
        let message = format!(
            "an epsilon of {} is {} times the median gradient: `{}` steps are that much shorter",
            short(value),
            short(value / start.gradient_median),
            choice.kind.name
        );
        let report = Diagnostic::note(codes::EPSILON, message)
            .at(span, format!("gradients are near {}", short(start.gradient_median)));
        out.push(repair(report).resting_on(
            EvidenceKind::Estimate,
            subject.evidence.batch_basis(),
            vec![("epsilon", value), ("gradient_median", start.gradient_median)],
        ));
    }
}
