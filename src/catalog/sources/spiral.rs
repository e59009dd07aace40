//! `spiral`: two arms that wind around each other.

use super::generator::{Entry, Generator, OF_PLANE, PLANE, SAMPLES, SEED, noise, noisy, turn};
use crate::tensor::Stream;
use std::f64::consts::{PI, TAU};

/// Two spirals.
pub(super) static SPIRAL: Generator = Generator {
    source: Entry {
        name: "spiral",
        summary: "two classes: two interleaved spirals",
        formula: "r(cos t, sin t), t growing with r; the second turned by π",
        parameters: &[SAMPLES, noise(0.0), SEED],
        example: "data spiral(samples=300, noise=0.05) { }",
        remarks: OF_PLANE,
        names: &["spirals"],
    }
    .source(|arguments| SPIRAL.configure(arguments)),
    columns: PLANE,
    classes: 2,
    point,
};

/// Two arms of a spiral, from the centre to radius 1 in one and a half turns; the second is the first turned by π.
fn point(row: usize, rows: usize, noise: f64, stream: &mut Stream) -> [f64; 3] {
    let (class, along) = turn(row, rows, 2);
    let angle = 1.5 * TAU * along + PI * class as f64;
    noisy(along * angle.cos(), along * angle.sin(), class as f64, noise, stream)
}
