//! The settings of `data`, each held once against what its source has, and against the others.

use crate::catalog::bind::{Arguments, Bound};
use crate::catalog::blocks::key;
use crate::catalog::sources::Topic;
use crate::diagnostic::{Diagnostic, codes};
use crate::ir::spec::{ColumnName, DataSpec, Holdout};
use crate::source::{Span, Spanned};
use crate::syntax::tree::{Block, Item};
use crate::text::percent;

/// Reports what does not go together, and notes whether a target is lacking.
pub(super) fn check(spec: &mut DataSpec, settings: &Arguments, block: &Block, out: &mut Vec<Diagnostic>) {
    accepted(spec, settings, out);
    spec.lacks_target = lacks_target(spec, settings, block);
    inputs_apart(spec, out);
    columns_apart(spec, out);
    held_out(spec, out);
    shares(spec, out);
}

/// Settings that speak of what the source does not have. One that says what holds anyway says nothing wrong.
fn accepted(spec: &DataSpec, settings: &Arguments, out: &mut Vec<Diagnostic>) {
    let kind = spec.source.kind();
    for topic in Topic::ALL.into_iter().filter(|topic| !kind.accepts.contains(topic)) {
        for name in topic.settings().iter().filter(|name| !settings.restates_default(name)) {
            let Some(span) = settings.named(name).span() else { continue };
            let report = Diagnostic::error(codes::EXCLUSIVE, topic.refusal(name, kind.called));
            let report = report.at(span, topic.lacking());
            let of_source = !matches!(topic, Topic::Text | Topic::File);
            let report = if of_source { report.and(spec.source_span, kind.called) } else { report };
            out.push(report.help("remove the line"));
        }
    }
}

/// Whether a target must be named, and none is. A line that is broken may have named it.
fn lacks_target(spec: &DataSpec, settings: &Arguments, block: &Block) -> bool {
    let is_broken = block.items.iter().any(|i| matches!(i, Item::Broken(_)));
    let is_absent = spec.target.is_empty() && matches!(settings.get(key::TARGET), Bound::Absent);
    is_absent && !is_broken && !spec.source.kind().has_own_target
}

/// A column that is an input is neither ignored nor the target.
fn inputs_apart(spec: &DataSpec, out: &mut Vec<Diagnostic>) {
    for input in spec.inputs.iter().flatten() {
        if let Some(ignored) = same(&spec.ignore, input) {
            out.push(
                Diagnostic::error(codes::EXCLUSIVE, format!("`{}` is an input and ignored", input.name))
                    .at(input.span, "an input here")
                    .and(ignored.span, "ignored here")
                    .help("remove it from one of the two"),
            );
        }
        if let Some(target) = same(&spec.target, input) {
            out.push(
                Diagnostic::error(codes::EXCLUSIVE, format!("`{}` is the target and an input", input.name))
                    .at(input.span, "an input here")
                    .and(target.span, "the target here")
                    .help("remove it from `inputs`"),
            );
        }
    }
}

/// Columns of one use that are not of another one too.
fn columns_apart(spec: &DataSpec, out: &mut Vec<Diagnostic>) {
    let inputs = spec.inputs.as_deref().unwrap_or_default();
    let (weight, weighs) = (spec.weight.as_slice(), "the rows' weight");
    let pairs = [
        (spec.target.as_slice(), "to be predicted", weight, weighs),
        (spec.category.as_slice(), "of categories", weight, weighs),
        (inputs, "an input", weight, weighs),
        (spec.target.as_slice(), "to be predicted", spec.ignore.as_slice(), "to be ignored"),
    ];
    for (firsts, is_first, seconds, is_second) in pairs {
        for second in seconds {
            let Some(first) = same(firsts, second) else { continue };
            let text = format!("the column `{}` is both {is_first} and {is_second}", second.name);
            let report = Diagnostic::error(codes::EXCLUSIVE, text).at(second.span, is_second);
            out.push(report.and(first.span, is_first).help("remove it from one of the two"));
        }
    }
}

fn same<'c>(columns: &'c [ColumnName], column: &ColumnName) -> Option<&'c ColumnName> {
    columns.iter().find(|c| c.name == column.name)
}

/// Rows of another source are held out beside those of their own form alone, and not where they are made up. What is
/// not is left out of the block, so that the rest of the data is read.
fn held_out(spec: &mut DataSpec, out: &mut Vec<Diagnostic>) {
    let own = spec.source.kind();
    for (name, held) in [("validation", &mut spec.validation), ("test", &mut spec.test)] {
        let Some(Spanned { value: Holdout::Source(source), span }) = held else { continue };
        let kind = source.kind();
        if kind.is_held_out && kind.form == own.form {
            continue;
        }
        let text = if kind.is_held_out {
            format!("`{name}` is {}, and what is trained on is {}", kind.called, own.called)
        } else {
            format!("`{name}` takes a share of the rows, or files, not {}", kind.called)
        };
        let report = Diagnostic::error(codes::EXCLUSIVE, text)
            .at(span.unwrap_or(spec.source_span), kind.called)
            .and(spec.source_span, format!("{}, trained on", own.called));
        out.push(report.help(format!("write `{name} = {}`, or a share of the rows: `{name} = 20%`", own.held_out_as)));
        *held = None;
    }
}

/// Shares must leave rows to train on; those that do not are left out of the block.
fn shares(spec: &mut DataSpec, out: &mut Vec<Diagnostic>) {
    let share = |held: &Option<Spanned<Holdout>>| -> Option<(f64, Span)> {
        match held {
            Some(Spanned { value: Holdout::Share(share), span }) => Some((*share, (*span)?)),
            Some(Spanned { value: Holdout::Source(_), .. }) | None => None,
        }
    };
    if let (Some((validation, at)), Some((test, and))) = (share(&spec.validation), share(&spec.test))
        && validation + test >= 1.0 - 1e-9
    {
        let all = percent(validation + test);
        let text = format!("the held-out shares sum to {all} and leave no row to train on");
        out.push(Diagnostic::error(codes::DATA_SPLIT, text).at(at, "held out").and(and, "held out"));
        (spec.validation, spec.test) = (None, None);
    }
}
