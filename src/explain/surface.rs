//! [`Surface`]: what a network makes of one or two of its inputs over their range, all other inputs held still.

use super::axes::{Axes, Kind};
use crate::catalog::Precision;
use crate::catalog::layers::Mode;
use crate::data::Dataset;
use crate::engine::Machine;

/// The network's outputs over a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Surface {
    /// Each axis: its name, and from where to where it goes, in the data's own units.
    pub axes: Vec<(String, f64, f64)>,
    /// How many places there are along each axis.
    pub counts: Vec<usize>,
    /// How many outputs the network has.
    pub width: usize,
    /// The outputs at each place, as the network gives them; along the first axis first. Width × places.
    pub outputs: Vec<f64>,
    /// Columns that lie along no axis, and what they are held at.
    pub held: Vec<(String, Held)>,
}

/// What a column is held at.
#[derive(Clone, Debug, PartialEq)]
pub enum Held {
    /// The mean of the training rows.
    Mean(f64),
    /// The most frequent category of the training rows.
    Category(String),
}

/// Beyond the rows' own range, on both sides together, by this share of it.
const RIM: f64 = 0.1;

impl Surface {
    /// Looks at a trained network: `along` places along each axis. One axis goes from its first place to its last; of
    /// two, places are the middles of cells.
    pub fn new<R: Precision>(axes: &Axes, data: &Dataset<R>, machine: &mut Machine<'_, R>, along: usize) -> Self {
        let ranges: Vec<(f64, f64)> = axes.chosen.iter().map(|&c| range(axes, data, c)).collect();
        let (still, held) = still(axes, data);
        let flat = ranges.len() == 1;
        let places = along.pow(ranges.len() as u32);
        let width = machine.output_width();
        let mut outputs = Vec::with_capacity(places * width);
        let capacity = machine.plan().capacity;
        let mut rows: Vec<R> = Vec::with_capacity(capacity * data.features);
        for first in (0..places).step_by(capacity) {
            let count = capacity.min(places - first);
            rows.clear();
            for place in first..first + count {
                let at = rows.len();
                rows.extend_from_slice(&still);
                for (k, (&c, &(low, high))) in axes.chosen.iter().zip(&ranges).enumerate() {
                    let step = place / along.pow(k as u32) % along;
                    let share =
                        if flat { step as f64 / (along - 1) as f64 } else { (step as f64 + 0.5) / along as f64 };
                    let column = &axes.columns[c];
                    if let Kind::Number(scaling) = column.kind {
                        rows[at + column.place] = R::of(scaling.apply(low + (high - low) * share));
                    }
                }
            }
            machine.set_batch(count);
            machine.input_mut().copy_from_slice(&rows);
            machine.forward(Mode::Inference);
            outputs.extend(machine.output().iter().map(|v| v.f64()));
        }
        let named = axes.names().into_iter().zip(&ranges).map(|(name, &(low, high))| (name.to_owned(), low, high));
        Self { axes: named.collect(), counts: vec![along; ranges.len()], width, outputs, held }
    }

    /// The outputs at each place.
    pub fn places(&self) -> impl Iterator<Item = &[f64]> {
        self.outputs.chunks_exact(self.width)
    }
}

/// A row's number in a column, in the data's own units.
pub(super) fn own<R: Precision>(axes: &Axes, data: &Dataset<R>, column: usize, row: u32) -> f64 {
    let column = &axes.columns[column];
    let value = data.row(row)[column.place].f64();
    if let Kind::Number(scaling) = column.kind { scaling.undo(value) } else { value }
}

impl Axes {
    /// Where a row lies: its numbers along the axes, in the data's own units.
    pub fn place<R: Precision>(&self, data: &Dataset<R>, row: u32) -> Vec<f64> {
        self.chosen.iter().map(|&c| own(self, data, c, row)).collect()
    }
}

/// From where to where all rows lie, and a little beyond.
fn range<R: Precision>(axes: &Axes, data: &Dataset<R>, column: usize) -> (f64, f64) {
    let values = (0..data.rows() as u32).map(|row| own(axes, data, column, row)).filter(|v| v.is_finite());
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    if low > high {
        return (0.0, 1.0);
    }
    let rim = RIM / 2.0 * (high - low);
    // A column of one value is shown with some room around it.
    let rim = if rim > 0.0 { rim } else { 0.5 * low.abs().max(1.0) };
    (low - rim, high + rim)
}

/// A row with each input at the training rows' mean, or the most frequent category of its column; and what those are.
fn still<R: Precision>(axes: &Axes, data: &Dataset<R>) -> (Vec<R>, Vec<(String, Held)>) {
    let mut row = vec![R::ZERO; data.features];
    let means: Vec<f64> = data.input_statistics().iter().map(|s| s.mean).collect();
    let mut held = Vec::new();
    for (at, column) in axes.columns.iter().enumerate() {
        let said = match &column.kind {
            Kind::Number(scaling) => {
                row[column.place] = R::of(means[column.place]);
                Held::Mean(scaling.undo(means[column.place]))
            }
            Kind::Category(names) => {
                // The mean of a category's input is its share of the rows; the first of the largest.
                let own = &means[column.place..][..names.len()];
                let largest = own.iter().copied().fold(0.0, f64::max);
                let Some(most) = own.iter().position(|&share| share == largest && share > 0.0) else { continue };
                row[column.place + most] = R::ONE;
                Held::Category(names[most].clone())
            }
        };
        if !axes.chosen.contains(&at) {
            held.push((column.name.clone(), said));
        }
    }
    (row, held)
}
