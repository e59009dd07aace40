//! Held-out rows that lack a class: whatever is measured on them says nothing of it.

use super::dataset::{Dataset, Targets};
use super::excerpt::listed;
use crate::diagnostic::{Applicability, Diagnostic, codes};
use crate::ir::spec::{DataSpec, Holdout, TargetFacts};
use crate::source::Spanned;

/// Warns of each class that is trained on and that no validation or no test row is of.
pub(super) fn check<R>(dataset: &Dataset<R>, spec: &DataSpec, reports: &mut Vec<Diagnostic>) {
    let (Targets::Classes(classes), TargetFacts::Classes { names, counts, .. }) =
        (&dataset.targets, &dataset.facts.target)
    else {
        return;
    };
    let splits = [("validation", &dataset.validation, &spec.validation), ("test", &dataset.test, &spec.test)];
    for (split, rows, setting) in splits {
        let Some(setting) = setting.as_ref().filter(|_| !rows.is_empty()) else { continue };
        let mut met = vec![false; names.len()];
        for &row in rows {
            met[classes[row as usize] as usize] = true;
        }
        let lacking: Vec<usize> = (0..names.len()).filter(|&class| !met[class] && counts[class] > 0).collect();
        if !lacking.is_empty() {
            reports.push(report((split, rows.len()), setting, &lacking, (names, counts), spec));
        }
    }
}

fn report(
    (split, rows): (&str, usize),
    setting: &Spanned<Holdout>,
    lacking: &[usize],
    (names, counts): (&[String], &[usize]),
    spec: &DataSpec,
) -> Diagnostic {
    let named: Vec<&str> = lacking.iter().map(|&class| names[class].as_str()).collect();
    let what = if lacking.len() == 1 { "class" } else { "the classes" };
    let text = match rows {
        1 => format!("the only {split} row is not of {what} {}", listed(&named)),
        _ => format!("none of the {rows} {split} rows is of {what} {}", listed(&named)),
    };
    let trained: usize = lacking.iter().map(|&class| counts[class]).sum();
    let report = Diagnostic::warning(codes::DATA_SPLIT, text)
        .at(setting.span.unwrap_or(spec.source_span), "holds out none of it")
        .and_if(spec.target_span, format!("{trained} of its rows are trained on"))
        .note_that("what is measured on these rows says nothing of it");
    if let Some(span) = spec.stratify.span.filter(|_| !spec.stratify.value) {
        let report = report.help("`stratify = true` keeps the classes' shares");
        return report.fix(Applicability::Unsafe, "keep the classes' shares", span, "true");
    }
    match &setting.value {
        Holdout::Share(_) => report.help("hold out a larger share, or gather more rows of it"),
        Holdout::Source(source) => report.help(format!("add rows of it to {}", listed(&source.files()))),
    }
}
