//! NN606: a penalty on the weights that outweighs the loss.

use crate::check::evidence::{neat, short};
use crate::check::rules::Subject;
use crate::diagnostic::{Applicability, Diagnostic, EvidenceKind, codes};

/// Reports where the penalty pulls harder than the loss at the start and a run does not learn.
pub(super) fn run(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let training = &subject.program.training;
    let Some(start) = subject.evidence.start() else { return };
    let (penalty, loss) = start.penalty;
    if !(penalty > loss && loss > 0.0) || subject.evidence.learns() != Some(false) {
        return;
    }
    let l2 = training.l2.value > 0.0;
    let (name, setting) = if l2 { ("l2", training.l2) } else { ("l1", training.l1) };
    let Some(span) = setting.span else { return };
    let message = format!(
        "`{name} = {}` pulls the weights to 0 {} times as hard as the loss moves them",
        setting.value,
        short(penalty / loss)
    );
    let repair = neat(0.01 * setting.value * loss / penalty);
    let mut report = Diagnostic::warning(codes::PENALTY, message)
        .at(span, format!("its gradient has norm {}, the loss's {}", short(penalty), short(loss)));
    if let Some(run) = subject.evidence.run() {
        report = report.note_that(format!(
            "after {} steps the loss is {}; the best constant output has {}",
            run.steps,
            short(run.last),
            short(start.base)
        ));
    }
    out.push(
        report
            .help(format!("write `{name} = {repair}`"))
            .fix(Applicability::Unsafe, format!("write `{repair}`"), span, repair)
            .resting_on(
                EvidenceKind::Estimate,
                subject.evidence.batch_basis(),
                vec![("penalty_gradient", penalty), ("loss_gradient", loss)],
            ),
    );
}
