//! What is learnt from the training rows: fills, categories, scales. And the whole matrix prepared by it, in place.

use super::categories::Categories;
use super::encoder::Encoder;
use super::excerpt::listed;
use super::faults::{HELD_OUT_UNSEEN, TAKE_UNSEEN};
use super::forms::are_numbers;
use super::preparation::{InputColumn, InputKind, Inputs, Passes, Scaling, statistics_of};
use super::raw::Raw;
use super::reader::{Column, Kind, MOST_CATEGORIES, UNSEEN, Unseen};
use super::size::Room;
use crate::diagnostic::{Diagnostic, codes, has_errors};
use crate::ir::spec::{Missing, Scale};
use crate::syntax::spell;
use crate::tensor::Real;

/// The most input values once categories are spread out: 1 GiB of f32.
const MOST_WIDENED: usize = 1 << 28;
/// From so many rows on, a text column with a value of its own in every row is taken for an identifier.
const IDENTIFIER_ROWS: usize = 10;

/// What is asked for besides scales.
#[derive(Clone, Copy)]
pub(super) struct How<'r> {
    /// What becomes of missing cells.
    pub(super) missing: Missing,
    /// Whether a category that no training row has is one of its own.
    pub(super) unseen: bool,
    /// The memory that there is.
    pub(super) room: &'r Room<'r>,
}

/// Learns how columns are prepared from the rows `train`, and prepares all rows: features × rows. What stands in the
/// way is reported; `None` where that is an error.
pub(super) fn columns<R: Real>(
    columns: Vec<Column>,
    mut raw: Raw,
    train: &[u32],
    scale: Scale,
    How { missing, unseen: unknown, room }: How<'_>,
    reports: &mut Vec<Diagnostic>,
) -> Option<(Inputs, Vec<R>)> {
    let width = columns.len();
    let mut kinds = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let mut values = Values { raw: &mut raw, at };
        if !train.iter().any(|&r| values.get(r).is_finite()) {
            let text = format!("column `{}` has no value in any training row", column.name);
            let report = Diagnostic::error(codes::NON_FINITE, text);
            reports.push(report.help(format!("leave it out: `ignore = {}`", spell::list([column.name.as_str()]))));
            continue;
        }
        kinds.push(match &column.kind {
            Kind::Number => number(&values, train, missing),
            Kind::Category(known, unseen) => {
                category(&mut values, &column.name, (known, *unseen), train, (missing, unknown), reports)
            }
        });
    }
    if has_errors(reports) {
        return None;
    }
    // With the missing filled in, numbers are known as they will be scaled.
    let fills = kinds.iter().map(InputKind::fills).collect();
    let known = statistics_of(width, &Filled { raw: &raw, train, fills });
    for (kind, known) in kinds.iter_mut().zip(known) {
        if let InputKind::Number { statistics, scaling, .. } = kind {
            *statistics = known;
            *scaling = Scaling::fit(scale, &known);
        }
    }
    let named = columns.into_iter().zip(kinds).map(|(column, kind)| InputColumn { name: column.name, kind });
    let inputs = Inputs::Columns(named.collect());
    let prepared = encode(&inputs, raw, room, reports)?;
    Some((inputs, prepared))
}

/// Prepares every row: features × rows.
pub(super) fn encode<R: Real>(
    inputs: &Inputs,
    raw: Raw,
    room: &Room<'_>,
    reports: &mut Vec<Diagnostic>,
) -> Option<Vec<R>> {
    let (from, to, rows) = (raw.width(), inputs.shape().size(), raw.rows());
    let most = MOST_WIDENED.max(raw.len() * 2);
    let Some(size) = rows.checked_mul(to).filter(|&size| size <= most) else {
        let text = format!("{rows} rows of {to} inputs are more than {most} values, the most that are made of them");
        let report = Diagnostic::error(codes::DATA_VALUE, text);
        reports
            .push(report.note_that(format!("{from} columns become {to} inputs: each value of a text column is one")));
        return None;
    };
    let (bytes, held) = (size as u64 * size_of::<R>() as u64, raw.len() as u64 * 4);
    if let Err(report) = room.widens((rows, to), bytes, held) {
        reports.push(*report);
        return None;
    }
    let mut prepared = vec![R::ZERO; size];
    Encoder::new(inputs).all(raw, &mut prepared);
    Some(prepared)
}

/// The training rows with what is missing filled in.
struct Filled<'m> {
    raw: &'m Raw,
    train: &'m [u32],
    /// One a column; NaN where nothing is filled in.
    fills: Vec<f64>,
}

impl Passes<f64> for Filled<'_> {
    #[allow(clippy::inline_always, reason = "a loop is compiled for wide vectors only where all of it is inlined")]
    #[inline(always)]
    fn pass(&self, mut take: impl FnMut(&[f64])) {
        let mut filled = vec![0.0; self.fills.len()];
        self.raw.pick(
            self.train,
            #[inline(always)]
            |row| {
                for ((filled, &value), &fill) in filled.iter_mut().zip(row).zip(&self.fills) {
                    *filled = if value.is_finite() { value } else { fill };
                }
                take(&filled);
            },
        );
    }
}

/// One column of the raw matrix.
struct Values<'m> {
    raw: &'m mut Raw,
    at: usize,
}

impl Values<'_> {
    fn get(&self, row: u32) -> f64 {
        self.raw.get(row, self.at)
    }

    fn each(&mut self, change: impl Fn(f64) -> f64) {
        self.raw.change(self.at, change);
    }
}

/// What fills the missing cells of a column of numbers; statistics and scale follow once that is known of all columns.
fn number(values: &Values<'_>, train: &[u32], missing: Missing) -> InputKind {
    let present = || train.iter().map(|&r| values.get(r)).filter(|v| v.is_finite());
    let fill = match missing {
        Missing::Error | Missing::Drop => None,
        Missing::Mean => Some(present().sum::<f64>() / present().count() as f64),
        Missing::Mode => Some(mode(present().collect())),
        Missing::Median => Some(median(present().collect())),
        Missing::Constant(value) => Some(value),
    };
    InputKind::Number { statistics: crate::ir::spec::Statistics::default(), fill, scaling: Scaling::None }
}

/// The most frequent number; among equals the smallest.
fn mode(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let mut best = (0, 0.0);
    for run in values.chunk_by(|a, b| a == b) {
        if run.len() > best.0 {
            best = (run.len(), run[0]);
        }
    }
    best.1
}

/// The middle number; of two, their mean.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { values[middle - 1].midpoint(values[middle]) }
}

fn never_trained_on<S: AsRef<str>>(column: &str, values: &[S]) -> Diagnostic {
    let text = format!("column `{column}` holds values that are in no training row: {}", listed(values));
    Diagnostic::warning(codes::DATA_VALUE, text).note_that(HELD_OUT_UNSEEN).help(TAKE_UNSEEN)
}

/// Categories that were met beyond those of a model are none of its own, which is told.
pub(super) fn forget_unseen(columns: &[Column], inputs: &Inputs, raw: &mut Raw, reports: &mut Vec<Diagnostic>) {
    let Inputs::Columns(own) = inputs else { return };
    for (at, (column, own)) in columns.iter().zip(own).enumerate() {
        if let (Kind::Category(met, _), InputKind::Category { names, unknown, .. }) = (&column.kind, &own.kind)
            && met.names.len() > names.len()
        {
            if !unknown {
                reports.push(never_trained_on(&column.name, &met.names[names.len()..]));
            }
            raw.change(at, |id| if id >= names.len() as f64 { UNSEEN } else { id });
        }
    }
}

/// Puts a column's categories in order, keeps those of training rows, and renumbers the cells.
fn category(
    values: &mut Values<'_>,
    name: &str,
    (known, unseen): (&Categories, Unseen),
    train: &[u32],
    (missing, unknown): (Missing, bool),
    reports: &mut Vec<Diagnostic>,
) -> InputKind {
    let ignore = || format!("leave it out: `ignore = {}`", spell::list([name]));
    if unseen == Unseen::Overflowed {
        let text = format!("column `{name}` holds texts, more than {MOST_CATEGORIES} different ones");
        let report = Diagnostic::error(codes::DATA_VALUE, text);
        reports.push(if are_numbers(&known.names) { report } else { report.help(ignore()) });
    }
    let names_rows = unseen != Unseen::Overflowed
        && known.names.len() == values.raw.rows()
        && known.names.len() >= IDENTIFIER_ROWS
        && !are_numbers(&known.names);
    if names_rows {
        let text = format!("column `{name}` has a value of its own in each of {} rows", known.names.len());
        reports.push(Diagnostic::warning(codes::DATA_VALUE, text).help(ignore()));
    }
    let mut counts = vec![0usize; known.names.len()];
    for &row in train {
        let id = values.get(row);
        if id >= 0.0 {
            counts[id as usize] += 1;
        }
    }
    let (kept, lost): (Vec<u32>, Vec<u32>) = known.sorted().into_iter().partition(|&id| counts[id as usize] > 0);
    // Of a column that names rows it is said already.
    if !lost.is_empty() && unseen != Unseen::Overflowed && !unknown && !names_rows {
        let lost: Vec<_> = lost.iter().map(|&id| &known.names[id as usize]).collect();
        reports.push(never_trained_on(name, &lost));
    }
    let fills = missing.fills();
    let most = (0..kept.len()).rev().max_by_key(|&id| counts[kept[id] as usize]);
    let fill = most.filter(|_| fills);
    let mut renumbered = vec![UNSEEN; known.names.len()];
    for (new, &old) in kept.iter().enumerate() {
        renumbered[old as usize] = new as f64;
    }
    values.each(|id| if id >= 0.0 { renumbered[id as usize] } else { id });
    let names = kept.iter().map(|&id| known.names[id as usize].clone()).collect();
    InputKind::Category { names, numeric: known.is_numeric(), fill, unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten values that one row has each, in rows of which half are held out.
    #[test]
    fn values_in_held_out_rows_alone_are_told_of_but_where_they_are_an_input_of_their_own() {
        use crate::data::tests::{csv, share, text};
        let row = |n: u32| format!("{},{}\n", if n < 10 { format!("once{n}") } else { "often".to_owned() }, n % 2);
        let table = (0..60).map(row).fold("c,y\n".to_owned(), |all, row| all + &row);
        let mut spec = csv("y");
        spec.test = share(0.5);
        for unseen in [false, true] {
            spec.unseen = unseen;
            let (dataset, reports) = crate::data::load::<f64>(&spec, &text(table.as_str()), None);
            assert!(dataset.is_some());
            let told = reports.iter().any(|r| r.message.contains("values that are in no training row: `once"));
            assert_eq!(told, !unseen, "{reports:#?}");
        }
    }

    #[test]
    fn fills_are_the_middle_and_the_most_frequent_number() {
        let cases: &[(&[f64], f64, f64)] = &[
            (&[7.0], 7.0, 7.0),
            (&[9.0, 1.0], 5.0, 1.0),
            (&[9.0, 1.0, 4.0], 4.0, 1.0),
            (&[9.0, 1.0, 4.0, 9.0], 6.5, 9.0),
            (&[-2.0, 3.0, -2.0, 3.0, 8.0], 3.0, -2.0),
            (&[0.5, -1.0, 0.25, 0.75, 0.75, -1.0], 0.375, -1.0),
        ];
        for (values, middle, frequent) in cases {
            assert_eq!((median(values.to_vec()), mode(values.to_vec())), (*middle, *frequent), "{values:?}");
        }
    }
}
