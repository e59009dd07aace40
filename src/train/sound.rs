//! Whether what a model file says of itself holds together: anybody may have written it, and what is believed here is
//! indexed by everywhere else.

use super::model::Record;
use crate::catalog::MOST_UNITS;
use crate::data::{Inputs, TargetRule};
use crate::ir::spec::{Facts, Statistics, TargetFacts};
use std::path::{Component, Path};

/// What does not hold together in a record, as a sentence.
pub(super) fn fault(record: &Record) -> Option<String> {
    let facts = &record.facts;
    let sized = facts.input.checked_size().is_some_and(|size| size <= MOST_UNITS && size > 0);
    let widths = sized && widths_agree(record);
    if !widths {
        return Some("its record of the inputs is not consistent".to_owned());
    }
    if let Some(fault) = record.preparation.fault() {
        return Some(fault);
    }
    let agreed = names_agree(record) && targets_agree(&facts.target, &record.preparation.target);
    let faults = [
        (!agreed, "what it says of the data and how it prepares rows are not of the same columns"),
        (!rows_agree(facts), "its counts of rows are not consistent"),
        (!numbers_hold(&facts.target), "its statistics of the target are not consistent"),
        (!record.history.is_sound(), "its history is not consistent"),
        (!is_file_name(&record.name), "its program's name is no file's name"),
        (!is_way(&record.folder), "the way to its program's folder is no relative path"),
    ];
    faults.into_iter().find(|(wrong, _)| *wrong).map(|(_, text)| text.to_owned())
}

/// The inputs are as many as the columns and places of the preparation give.
fn widths_agree(record: &Record) -> bool {
    let width = match &record.preparation.inputs {
        Inputs::Columns(columns) => columns.iter().try_fold(0usize, |sum, c| sum.checked_add(c.kind.width())),
        Inputs::Block(block) => block.shape.iter().try_fold(1usize, |size, &d| size.checked_mul(d)),
    };
    width.is_some() && width == record.facts.input.checked_size()
}

fn names_agree(record: &Record) -> bool {
    let names = &record.facts.input_names;
    match &record.preparation.inputs {
        Inputs::Columns(_) => {
            *names == record.preparation.inputs.names()
                && record.facts.input_columns == record.preparation.inputs.widths()
        }
        Inputs::Block(_) => names.is_empty() && record.facts.input_columns.is_empty(),
    }
}

fn targets_agree(facts: &TargetFacts, rule: &TargetRule) -> bool {
    match (facts, rule) {
        (
            TargetFacts::Classes { name, names, binary_numbers, .. },
            TargetRule::Classes { column, names: classes, binary_numbers: zeros, .. },
        ) => name == column && names == classes && binary_numbers == zeros,
        (TargetFacts::Values { names, .. }, TargetRule::Values(columns)) => {
            names.iter().eq(columns.iter().map(|column| &column.name))
        }
        (TargetFacts::Classes { .. }, TargetRule::Values(_))
        | (TargetFacts::Values { .. }, TargetRule::Classes { .. }) => false,
    }
}

fn rows_agree(facts: &Facts) -> bool {
    let held = facts.validation_rows.checked_add(facts.test_rows);
    let rows = held.and_then(|held| held.checked_add(facts.training_rows));
    let counted = match &facts.target {
        TargetFacts::Classes { names, counts, .. } => {
            let all = counts.iter().try_fold(0usize, |sum, &n| sum.checked_add(n));
            names.len() == counts.len() && all == Some(facts.training_rows)
        }
        TargetFacts::Values { .. } => true,
    };
    counted && facts.training_rows > 0 && rows.is_some_and(|rows| u32::try_from(rows).is_ok())
}

fn numbers_hold(target: &TargetFacts) -> bool {
    let TargetFacts::Values { names, statistics, .. } = target else { return true };
    let whole = |s: &Statistics| [s.min, s.max, s.mean, s.std].iter().all(|v| v.is_finite()) && s.min <= s.max;
    names.len() == statistics.len() && statistics.iter().all(whole)
}

/// A name alone, so that reports and commands made of it stay where the model is.
fn is_file_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
}

/// A way from the model's folder. Files are looked for there, and never written.
fn is_way(folder: &str) -> bool {
    let mut parts = Path::new(folder).components().peekable();
    // Between two drives there is no relative path.
    let is_on_drive = matches!(parts.peek(), Some(Component::Prefix(_)));
    is_on_drive || parts.all(|part| !matches!(part, Component::RootDir))
}
