//! NN504: classes so rare that predicting the others is nearly always right.

use crate::check::rules::{Subject, edits, say};
use crate::diagnostic::{Applicability, Diagnostic, EvidenceKind, Fix, codes};
use crate::ir::spec::TargetFacts;

/// A class with a smaller share than this of what equal classes would have is rare: 5 % of two.
const RARE: f64 = 0.1;
/// Fewer training rows say nothing of shares.
const FEW: usize = 20;

/// NN504
pub(super) fn imbalance(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let training = &subject.program.training;
    let TargetFacts::Classes { name, names, counts, .. } = &subject.program.facts.target else { return };
    let rows: usize = counts.iter().sum();
    let classes = names.len() as f64;
    let (Some((rarest, &least)), Some((common, &most))) =
        (counts.iter().enumerate().min_by_key(|(_, c)| **c), counts.iter().enumerate().max_by_key(|(_, c)| **c))
    else {
        return;
    };
    if rows < FEW || training.class_weights.is_some() {
        return;
    }
    let share = |count: usize| count as f64 / rows as f64;
    let entropy: f64 = counts.iter().filter(|c| **c > 0).map(|&c| -share(c) * share(c).ln()).sum();
    let effective = entropy.exp();
    if effective / classes >= 0.5 && share(least) >= RARE / classes {
        return;
    }
    let data = &subject.program.data;
    let mut diagnostic = Diagnostic::warning(
        codes::IMBALANCE,
        format!(
            "{} of {rows} training rows are `{}` and {}: always predicting `{}` is right in {}",
            most,
            names[common],
            if names.len() == 2 {
                format!("{least} are `{}`", names[rarest])
            } else {
                format!("only {least} are `{}`", names[rarest])
            },
            names[common],
            say::percent(share(most))
        ),
    )
    .at(data.target_span.unwrap_or(data.source_span), format!("`{name}`: {most} to {least}"))
    .and(training.span, "every row weighs the same")
    .note_that(format!("{} classes count as {} by their entropy", names.len(), say::number(effective)))
    .resting_on(
        EvidenceKind::Estimate,
        format!("counts of {rows} training rows"),
        vec![("largest_share", share(most)), ("smallest_share", share(least)), ("effective_classes", effective)],
    )
    .help("write `class_weights = balanced` in `train`, and `f1` among the `metrics`");
    if let Some(near) = training.loss_choice.span {
        diagnostic.fixes.push(Fix {
            title: "write `class_weights = balanced`".to_owned(),
            applicability: Applicability::Unsafe,
            edits: vec![edits::setting_below(subject.source, near, "class_weights = balanced")],
        });
    }
    out.push(diagnostic);
}
