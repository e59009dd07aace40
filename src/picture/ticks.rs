//! Where an axis has its marks: round numbers, evenly spaced, few enough to read.

use super::drawing::{Anchor, Drawing, Frame, Stroke, Text};
use super::number;
use super::palette::Ink;

/// An axis' scale: from a value to its share of the axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    log: bool,
    /// Values to mark, with their labels; a label may be empty.
    pub(super) marks: Vec<(f64, String)>,
}

impl Axis {
    /// A linear axis over `low..=high`, its ends at marks if `to_marks`. `whole`: only integers are marked.
    pub(super) fn linear(low: f64, high: f64, most: usize, whole: bool, to_marks: bool) -> Self {
        let (low, high) = widened(low, high);
        let mut step = step(high - low, most);
        if whole {
            step = step.max(1.0);
        }
        let (first, last) = if to_marks {
            ((low / step).floor(), (high / step).ceil())
        } else {
            ((low / step - 1e-9).ceil(), (high / step + 1e-9).floor())
        };
        let count = (last - first).clamp(0.0, 1000.0) as usize;
        let marks: Vec<(f64, String)> =
            (0..=count).map(|i| (first + i as f64) * step).map(|value| (value, number::tick(value, step))).collect();
        let (low, high) = if to_marks { (first * step, last * step) } else { (low, high) };
        Self { low, high, log: false, marks }
    }

    /// A logarithmic axis over positive `low..=high`; few decades have marks at 2 and 5 as well.
    pub(super) fn log(low: f64, high: f64, most: usize) -> Self {
        let exponent = |value: f64| value.clamp(f64::MIN_POSITIVE, f64::MAX).log10();
        let (low, high) = (exponent(low), exponent(high));
        let (low, high) = if high - low < 1e-6 { (low - 0.5, high + 0.5) } else { (low, high) };
        let mut marks = Vec::new();
        let decades = (low.floor() as i32)..=(high.ceil() as i32);
        let stride = ((high - low) / most as f64).ceil().max(1.0) as i32;
        let parts: &[i32] = if high - low <= 0.5 * most as f64 { &[1, 2, 5] } else { &[1] };
        for decade in decades {
            for &part in parts {
                let value = f64::from(part) * 10f64.powi(decade);
                let at = value.log10();
                if decade.rem_euclid(stride) == 0 && at >= low - 1e-9 && at <= high + 1e-9 {
                    marks.push((value, number::power(part, decade)));
                }
            }
        }
        Self { low, high, log: true, marks }
    }

    /// Whether the scale is logarithmic.
    pub(super) fn is_log(&self) -> bool {
        self.log
    }

    /// Marks under a frame, and their labels but for those that would meet the one before.
    pub(super) fn draw_below(&self, drawing: &mut Drawing, plot: Frame) {
        let floor = plot.bottom();
        let mut taken = f64::NEG_INFINITY;
        for (value, label) in &self.marks {
            let x = plot.x + self.share(*value) * plot.width;
            drawing.line((x, floor), (x, floor + 5.0), Stroke::new(Ink::Axis, 1.0));
            let text = Text::new((x, floor + 19.0), label, 12.0, Ink::Muted).anchor(Anchor::Middle);
            if text.left() > taken + 6.0 {
                taken = text.frame().right();
                drawing.text(text);
            }
        }
    }

    /// The value's share of the axis: 0 at its low end, 1 at its high end, beyond outside of it.
    pub(super) fn share(&self, value: f64) -> f64 {
        let value = if self.log { value.max(f64::MIN_POSITIVE).log10() } else { value.clamp(-MOST, MOST) };
        (value - self.low) / (self.high - self.low)
    }
}

/// A quarter of the largest float, so that the difference of any two ends is finite.
const MOST: f64 = 4e307;

/// The smallest of 1, 2, 5 times a power of ten that cuts `span` into at most `most` parts.
fn step(span: f64, most: usize) -> f64 {
    let rough = (span / most.max(1) as f64).max(f64::MIN_POSITIVE);
    let power = 10f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|part| part * power).find(|s| *s >= rough * (1.0 - 1e-9)).unwrap_or(rough)
}

/// A span wide enough to divide, around the same middle, and finite.
fn widened(low: f64, high: f64) -> (f64, f64) {
    let (low, high) = (low.clamp(-MOST, MOST), high.clamp(-MOST, MOST));
    let least = 1e-9 * low.abs().max(high.abs());
    if high - low > least && high - low > 1e-300 {
        return (low, high);
    }
    let rim = if high == 0.0 { 1.0 } else { 0.1 * high.abs().max(1e-290) };
    (low - rim, high + rim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.marks.iter().map(|m| m.1.as_str()).collect()
    }

    #[test]
    fn marks_are_round_numbers() {
        assert_eq!(labels(&Axis::linear(0.03, 0.97, 5, false, true)), ["0", "0.2", "0.4", "0.6", "0.8", "1"]);
        assert_eq!(labels(&Axis::linear(1.0, 100.0, 6, true, false)), ["20", "40", "60", "80", "100"]);
        assert_eq!(labels(&Axis::linear(1.0, 3.0, 8, true, false)), ["1", "2", "3"]);
        assert_eq!(labels(&Axis::linear(-3.0, 4.0, 4, false, true)), ["−4", "−2", "0", "2", "4"]);
        assert_eq!(
            labels(&Axis::linear(1_000_000.0, 3_000_000.0, 4, false, true)),
            ["1,000,000", "1,500,000", "2,000,000", "2,500,000", "3,000,000"]
        );
    }

    #[test]
    fn decades_are_marked_and_thinned() {
        assert_eq!(labels(&Axis::log(0.001, 10.0, 7)), ["0.001", "0.01", "0.1", "1", "10"]);
        assert_eq!(labels(&Axis::log(0.9, 110.0, 6)), ["1", "2", "5", "10", "20", "50", "100"]);
        assert_eq!(labels(&Axis::log(1e-12, 1.0, 6)), ["10⁻¹²", "10⁻¹⁰", "10⁻⁸", "10⁻⁶", "0.0001", "0.01", "1"]);
    }

    #[test]
    fn any_span_gives_few_finite_marks() {
        let ends = [0.0, 1.0, -1.0, 1e-308, 5e-324, 1e308, f64::MAX, -f64::MAX, 1e-9, 123_456.789, 1.0 + 1e-15];
        for low in ends {
            for high in ends.into_iter().filter(|h| *h >= low) {
                for axis in [
                    Axis::linear(low, high, 6, false, true),
                    Axis::linear(low, high, 6, true, false),
                    Axis::log(low, high, 6),
                ] {
                    assert!(axis.marks.len() <= 12, "{low} {high} {axis:?}");
                    assert!(
                        axis.marks.iter().all(|(value, _)| axis.share(*value).is_finite()),
                        "{low} {high} {axis:?}"
                    );
                    assert!(axis.share(low).is_finite() && axis.share(high).is_finite(), "{low} {high} {axis:?}");
                }
            }
        }
    }
}
