//! NN508: a column that names rows: row numbers, with gaps where rows were taken out, keys, addresses, names of which
//! no two are alike.

use super::features::{Feature, Features, column_span};
use super::scale::ignore;
use crate::check::rules::Subject;
use crate::check::with_rows;
use crate::data::{Dataset, InputKind, Inputs, Targets};
use crate::diagnostic::{Diagnostic, EvidenceKind, codes};
use crate::syntax::spell;
use crate::tensor::Real;
use std::collections::HashSet;

/// Fewer rows are told apart by any column.
const FEW: usize = 20;
/// Whole numbers of this size are addresses and keys rather than amounts.
const HUGE: f64 = 1e8;
/// Of neighbours whose differences are below this share of those of any rows, one follows the other.
const ALIKE: f64 = 0.5;
/// The classes looked at.
const MOST_JUDGED: u32 = 20;
/// Words that say so at the end of a column's name.
const WORDS: &[&str] = &[
    "id",
    "ids",
    "uid",
    "uuid",
    "guid",
    "idx",
    "index",
    "key",
    "ip",
    "rownum",
    "row",
    "rowname",
    "rownames",
    "rowid",
    "rownumber",
    "serial",
    "no",
    "nr",
    "number",
];
/// Words that say so at its beginning. `Unnamed: 0` is what pandas calls a column of row numbers that it wrote itself.
const FIRST: &[&str] = &["id", "ip", "unnamed"];
/// Names of two words that say so.
const PAIRS: &[[&str; 2]] = &[["row", "name"], ["row", "names"], ["row", "num"]];
/// Of a count of rows from which some were taken out, at least one number in so many is there.
const GAPS: f64 = 4.0;
/// A count from 0 or 1 starts no higher, though its first rows be taken out.
const START: f64 = 8.0;

/// NN508
pub(super) fn identifiers(subject: &Subject<'_>, features: &Features, out: &mut Vec<Diagnostic>) {
    let rows = subject.program.facts.training_rows;
    if rows < FEW {
        return;
    }
    for feature in features.numbers.iter().filter(|f| !f.place) {
        let values = with_rows!(subject.data, data => values(data, feature.index));
        // Large numbers lose their last digits in f32, and some become alike.
        let Some(values) = values.filter(|v| v.distinct as f64 >= 0.95 * rows as f64) else { continue };
        let named = is_named_so(&feature.name);
        let huge = feature.raw.mean.abs() >= HUGE;
        // Row numbers beside other columns; alone, such a column is the axis of a curve.
        let counts = values.counts && features.numbers.len() + features.categories.len() > 3;
        if !(named || huge || counts) {
            continue;
        }
        // Rows drawn at random stand between those to train on, so that the file's order tells of them what it tells of
        // no new row.
        let drawn = counts && feature.raw.min <= START && with_rows!(subject.data, data => data.sides.is_some());
        // A time or a place in an order measures something where the target follows it.
        if !named && !drawn && with_rows!(subject.data, data => target_follows(data, feature.index)) {
            continue;
        }
        let distinct = values.distinct;
        out.push(report(subject, &feature.name, &what(feature), distinct));
    }
    for category in &features.categories {
        if 2 * category.values > rows && !category.measures {
            let what = format!("{} different texts", category.values);
            out.push(report(subject, &category.name, &what, category.values));
        }
    }
}

fn what(feature: &Feature) -> String {
    format!("whole numbers from {} to {}, no two alike", feature.raw.min, feature.raw.max)
}

fn report(subject: &Subject<'_>, name: &str, what: &str, distinct: usize) -> Diagnostic {
    let rows = subject.program.facts.training_rows;
    let mut diagnostic =
        Diagnostic::warning(codes::IDENTIFIER, format!("the input `{name}` names the rows: {what} in {rows} of them"))
            .at(column_span(subject, name), "tells rows apart, and measures nothing")
            .note_that("what is learnt from it holds for the training rows alone")
            .resting_on(
                EvidenceKind::Estimate,
                format!("{rows} training rows"),
                vec![("distinct", distinct as f64), ("rows", rows as f64)],
            )
            .help(format!("write `ignore = {}` in `data`", spell::list([name])));
    diagnostic.fixes.extend(ignore(subject, name));
    diagnostic
}

/// Whether rows that are neighbours by an input have targets more alike than any two rows: by the mean square of the
/// differences, which is twice the variance where the order says nothing (von Neumann, 1941).
fn target_follows<R: Real>(data: &Dataset<R>, index: usize) -> bool {
    let mut order = data.train.clone();
    let value = |row: &u32| data.row(*row)[index].f64();
    order.sort_by(|a, b| value(a).total_cmp(&value(b)));
    let follows = |target: &dyn Fn(u32) -> f64| {
        let values: Vec<f64> = order.iter().map(|&row| target(row)).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let variance: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
        let steps: f64 = values.windows(2).map(|w| (w[1] - w[0]) * (w[1] - w[0])).sum();
        variance > 0.0 && steps < ALIKE * 2.0 * variance
    };
    match &data.targets {
        Targets::Values { width, values } => {
            (0..*width).any(|k| follows(&|row| values[row as usize * width + k].f64()))
        }
        Targets::Classes(classes) => {
            let most = classes.iter().copied().max().unwrap_or(0);
            (0..=most.min(MOST_JUDGED)).any(|class| follows(&|row| f64::from(u8::from(classes[row as usize] == class))))
        }
    }
}

/// Whether one of the words of a column's name says so: `row_id`, `userId`, `IP`.
fn is_named_so(name: &str) -> bool {
    let mut words = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && lower) {
            words.push(String::new());
        }
        lower = c.is_lowercase();
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
    }
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    WORDS.contains(last) || FIRST.contains(first) || PAIRS.iter().any(|pair| words.ends_with(pair))
}

/// What the training rows hold of a column of whole numbers, before scaling.
struct Whole {
    /// How many differ.
    distinct: usize,
    /// Whether they count the rows, of which some may be taken out: they rise with every row, and leave out no more
    /// than three of four.
    counts: bool,
}

/// `None` where not all are whole.
fn values<R: Real>(data: &Dataset<R>, index: usize) -> Option<Whole> {
    let Inputs::Columns(columns) = &data.preparation.inputs else { return None };
    let mut at = 0;
    let scaling = columns.iter().find_map(|column| {
        let own = at == index;
        at += column.kind.width();
        match &column.kind {
            InputKind::Number { scaling, .. } if own => Some(*scaling),
            _ => None,
        }
    })?;
    let mut seen = HashSet::new();
    // The last place of the largest number, which scaling keeps and takes back.
    let largest = data.train.iter().map(|&row| scaling.undo(data.row(row)[index].f64()).abs()).fold(0.0, f64::max);
    let spread = if largest >= HUGE { 4.0 * f64::from(f32::EPSILON) * largest } else { 0.0 };
    let mut counts = true;
    let mut first = None;
    let mut last = None;
    for &row in &data.train {
        let value = scaling.undo(data.row(row)[index].f64());
        let near = value.round();
        // What f32 cannot hold more exactly is as whole as it can be.
        if (value - near).abs() > (1e-3 * value.abs().clamp(1.0, 10.0)).max(spread) {
            return None;
        }
        seen.insert(near as i64);
        // Held-out rows between two have numbers of their own.
        let (place, number) = (f64::from(row), near);
        counts &= last.is_none_or(|(before, least)| number - least >= place - before);
        first.get_or_insert((place, number));
        last = Some((place, number));
    }
    let ((from, least), (to, most)) = (first?, last?);
    counts &= to > from && most - least <= GAPS * (to - from);
    Some(Whole { distinct: seen.len(), counts })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_identifiers_are_known_by_their_words() {
        for name in [
            "id",
            "ID",
            "row_id",
            "userId",
            "user id",
            "IP",
            "ip_address",
            "Index",
            "passenger_no",
            "rownames",
            "rowname",
            "row_names",
            "row.names",
            "Unnamed: 0",
            "Unnamed: 0.1",
        ] {
            assert!(is_named_so(name), "{name}");
        }
        for name in [
            "width",
            "rapid",
            "grid",
            "zip",
            "index_fund_price",
            "nose",
            "income",
            "names",
            "name",
            "rows",
            "arrow",
            "_",
        ] {
            assert!(!is_named_so(name), "{name}");
        }
    }
}
