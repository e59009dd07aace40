//! `xor`: two classes in the square, by whether the signs of x and y differ.

use super::generator::{Entry, Generator, OF_PLANE, PLANE, SAMPLES, SEED, noise, noisy, turn};
use crate::tensor::Stream;

/// Two classes: the signs of two coordinates differ, or agree.
pub(super) static XOR: Generator = Generator {
    source: Entry {
        name: "xor",
        summary: "two classes: the signs of two coordinates differ, or agree",
        formula: "x₀, x₁ in ±1, label = [x₀x₁ < 0]",
        parameters: &[SAMPLES, noise(0.0), SEED],
        example: "data xor(samples=200, noise=0.1) { }",
        remarks: OF_PLANE,
        names: &["xor_data"],
    }
    .source(|arguments| XOR.configure(arguments)),
    columns: PLANE,
    classes: 2,
    point,
};

/// Uniform in the square [-1, 1]²; class 1 where the signs of x and y differ (before the noise).
fn point(row: usize, rows: usize, noise: f64, stream: &mut Stream) -> [f64; 3] {
    let (class, _) = turn(row, rows, 2);
    let (x, side) = (stream.uniform(-1.0, 1.0), stream.unit());
    let differ = if x < 0.0 { side } else { -side };
    noisy(x, if class == 1 { differ } else { -differ }, class as f64, noise, stream)
}
