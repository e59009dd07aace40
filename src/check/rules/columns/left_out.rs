//! NN510: rows of the files that are left out because a cell of theirs is missing: how many, and for which columns.

use crate::check::rules::{Subject, say};
use crate::diagnostic::{Applicability, Diagnostic, EvidenceKind, codes};
use crate::ir::spec::LeftOut;
use crate::text;

/// Columns told of.
const SHOWN: usize = 3;

/// NN510
pub(super) fn run(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let (program, left_out) = (subject.program, &subject.program.facts.left_out);
    if left_out.rows() == 0 {
        return;
    }
    let spec = &program.data;
    let all = program.source_rows() + left_out.source;
    let place = spec.missing.span.unwrap_or(spec.source_span);
    let facts = &program.facts;
    let of_files = facts.training_rows + facts.validation_rows + facts.test_rows + left_out.rows();
    let counts = vec![("left_out", left_out.rows() as f64), ("rows", of_files as f64)];
    let mut report = Diagnostic::note(codes::LEFT_OUT, message(left_out, all))
        .at(place, "leaves out each row that lacks a cell")
        .resting_on(EvidenceKind::Proof, format!("all {} of its files", say::count(of_files, "row")), counts);
    let sides = [("validation", left_out.validation, facts.validation_rows), ("test", left_out.test, facts.test_rows)];
    for (side, rows, kept) in sides.into_iter().filter(|(_, rows, _)| *rows > 0) {
        report = report.note_that(format!("so are {rows} of the {} of `{side}`", say::count(rows + kept, "row")));
    }
    let without_target = left_out.lacks_target || left_out.validation + left_out.test > 0;
    report = report.help(if without_target {
        "`missing = mean`, `median` or `mode` fill the inputs and keep such rows; rows without a target are to be taken out of the file first"
    } else {
        "`missing = mean`, `median` or `mode` fill such cells from the training rows and keep the rows"
    });
    if !without_target && let Some(span) = spec.missing.span {
        report = report.fix(Applicability::Unsafe, "write `mean`", span, "mean");
    }
    out.push(report);
}

/// What is left out, and what most of it lacks.
fn message(left_out: &LeftOut, all: usize) -> String {
    if left_out.source == 0 {
        return format!("{} of files that are held out are left out", say::count(left_out.rows(), "row"));
    }
    let mut columns: Vec<_> = left_out.lacking.iter().collect();
    columns.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    let mut lacks: Vec<String> =
        columns.iter().take(SHOWN).map(|(name, rows)| format!("`{}` in {rows}", text::shorten(name, 60))).collect();
    lacks.extend((columns.len() > SHOWN).then(|| format!("{} more columns", columns.len() - SHOWN)));
    let are = if left_out.source == 1 { "is" } else { "are" };
    format!("{} of {} {are} left out for a missing cell: {}", left_out.source, say::count(all, "row"), lacks.join(", "))
}
