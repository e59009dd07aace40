//! [`Encoder`]: the rows of a table prepared by what was learnt, many at a time. What one row becomes is
//! [`Inputs::encode`]'s; here columns of numbers, which most tables are made of, go without a look at each one's kind.

use super::preparation::{InputKind, Inputs, Scaling};
use super::raw::Raw;
use crate::tensor::{Real, wide};

/// What prepares rows.
pub(super) struct Encoder<'p> {
    inputs: &'p Inputs,
    /// Where all columns are numbers.
    numbers: Option<Numbers>,
}

/// What each column of numbers takes.
#[derive(Default)]
struct Numbers {
    /// Instead of what is missing.
    fills: Vec<f64>,
    shifts: Vec<f64>,
    /// NaN where all becomes 0.
    divisors: Vec<f64>,
}

impl Numbers {
    fn of(inputs: &Inputs) -> Option<Self> {
        let Inputs::Columns(columns) = inputs else { return None };
        let mut numbers = Self::default();
        for column in columns {
            let InputKind::Number { scaling, .. } = &column.kind else { return None };
            let (shift, divisor) = match *scaling {
                Scaling::None => (0.0, 1.0),
                Scaling::Constant { .. } => (0.0, f64::NAN),
                Scaling::Affine { shift, divisor } => (shift, divisor),
            };
            numbers.fills.push(column.kind.fills());
            numbers.shifts.push(shift);
            numbers.divisors.push(divisor);
        }
        Some(numbers)
    }

    #[allow(clippy::inline_always, reason = "a loop is compiled for wide vectors only where all of it is inlined")]
    #[inline(always)]
    fn row<R: Real>(&self, raw: &[f64], out: &mut [R]) {
        let scales = self.shifts.iter().zip(&self.divisors);
        for (((out, &raw), &fill), (&shift, &divisor)) in out.iter_mut().zip(raw).zip(&self.fills).zip(scales) {
            let value = if raw.is_finite() { raw } else { fill };
            let scaled = (value - shift) / divisor;
            *out = R::of(if divisor.is_nan() { 0.0 } else { scaled });
        }
    }
}

impl<'p> Encoder<'p> {
    pub(super) fn new(inputs: &'p Inputs) -> Self {
        Self { inputs, numbers: Numbers::of(inputs) }
    }

    /// Prepares all rows, and lets go of them. out: prepared inputs × rows.
    pub(super) fn all<R: Real>(&self, raw: Raw, out: &mut [R]) {
        let width = self.inputs.shape().size();
        let Some(numbers) = &self.numbers else {
            return raw.consume(|at, row| self.inputs.encode(row, &mut out[at * width..][..width]));
        };
        wide(
            #[inline(always)]
            || {
                raw.consume(
                    #[inline(always)]
                    |at, row| numbers.row(row, &mut out[at * width..][..width]),
                );
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::cell_store::Row;
    use crate::data::preparation::InputColumn;
    use crate::ir::spec::Statistics;

    #[test]
    fn rows_are_prepared_as_each_by_itself() {
        let scalings = [
            Scaling::None,
            Scaling::Constant { value: 3.0 },
            Scaling::Affine { shift: -0.25, divisor: 1.75 },
            Scaling::Affine { shift: 1e9, divisor: 3e-3 },
        ];
        let number = |fill, scaling| InputKind::Number { statistics: Statistics::default(), fill, scaling };
        let kinds = scalings.into_iter().flat_map(|s| [number(None, s), number(Some(0.7), s)]);
        let columns: Vec<_> = kinds.map(|kind| InputColumn { name: "x".into(), kind }).collect();
        let width = columns.len();
        let inputs = Inputs::Columns(columns);
        let mut raw = Raw::new(width);
        let rows = [1.0, -0.0, 1e9 + 1.0 / 3.0, f64::NAN, -1e-30, 3.0].map(|value| vec![value; width]);
        for row in &rows {
            let mut read = Row::new(width);
            read.fill(row.iter().copied());
            raw.push(&mut read);
        }
        let (mut all, mut each) = (vec![0f32; 6 * width], vec![0f32; 6 * width]);
        rows.iter().zip(each.chunks_exact_mut(width)).for_each(|(row, out)| inputs.encode(row, out));
        Encoder::new(&inputs).all(raw, &mut all);
        let bits = |values: &[f32]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&all), bits(&each));
    }
}
