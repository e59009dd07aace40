//! NN608: trials that were left out because they would cost too much. Silence of the rules that rest on them is then no
//! sign that all is well.

use super::{Check, Needs, PHASES, Subject};
use crate::diagnostic::{Diagnostic, EvidenceKind, codes};
use crate::text;

/// Reports it, once the other rules have asked for all that they need.
pub(super) fn run(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    if !subject.evidence.is_short() {
        return;
    }
    let program = subject.program;
    let parameters = program.network.parameter_count();
    let products: u64 = program.network.nodes.iter().filter_map(|n| n.layer.as_ref()).map(|l| l.multiply_adds()).sum();
    let message = format!(
        "trials were left out, for they cost too much: {} parameters, {} multiply-adds a row",
        text::grouped(parameters as u64),
        text::grouped(products)
    );
    let trial = |check: &&Check| check.needs == Needs::Trial;
    let mut rules: Vec<_> = PHASES.into_iter().flatten().filter(trial).flat_map(|check| check.reports).collect();
    rules.sort_unstable();
    rules.dedup();
    let rules: Vec<String> = rules.into_iter().map(ToString::to_string).collect();
    out.push(
        Diagnostic::note(codes::UNTRIED, message)
            .at(program.network.span, "too large to be tried out in a check")
            .note_that(format!("these rules saw less than they ask for, or nothing: {}", rules.join(", ")))
            .help("`nn train` with few epochs shows whether the loss falls")
            .resting_on(
                EvidenceKind::Proof,
                "the network's shapes",
                vec![("parameters", parameters as f64), ("multiply_adds", products as f64)],
            ),
    );
}
