//! `sine`: a curve of one input.

use super::generator::{Entry, Generator, SAMPLES, SEED, noise, turn};
use crate::tensor::Stream;
use std::f64::consts::PI;

/// A sine.
pub(super) static SINE: Generator = Generator {
    source: Entry {
        name: "sine",
        summary: "one value: a sine of one input",
        formula: "y = sin x + noise, x over −π…π",
        parameters: &[SAMPLES, noise(0.0), SEED],
        example: "data sine(samples=200, noise=0.1) { }",
        remarks: &[("columns", "`x`, and the target `y`")],
        names: &[],
    }
    .source(|arguments| SINE.configure(arguments)),
    columns: &["x", "y"],
    classes: 0,
    point,
};

/// y = sin x for x evenly from −π to π; the noise is on y alone.
fn point(row: usize, rows: usize, noise: f64, stream: &mut Stream) -> [f64; 3] {
    let (_, along) = turn(row, rows, 1);
    let x = PI * (2.0 * along - 1.0);
    [x, x.sin() + noise * stream.normal(), 0.0]
}
