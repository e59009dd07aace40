//! `circle`: two rings, one in the other.

use super::generator::{Entry, Generator, OF_PLANE, PLANE, SAMPLES, SEED, noise, noisy, turn};
use crate::tensor::Stream;
use std::f64::consts::TAU;

/// Two rings.
pub(super) static CIRCLE: Generator = Generator {
    source: Entry {
        name: "circle",
        summary: "two classes: a disc, and the ring around it",
        formula: "radius below ½ of the ring's, or on it",
        parameters: &[SAMPLES, noise(0.1), SEED],
        example: "data circle(samples=300, noise=0.1) { }",
        remarks: OF_PLANE,
        names: &[],
    }
    .source(|arguments| CIRCLE.configure(arguments)),
    columns: PLANE,
    classes: 2,
    point,
};

/// Two rings around the origin: class 0 of radius 1, class 1 of radius ½.
fn point(row: usize, rows: usize, noise: f64, stream: &mut Stream) -> [f64; 3] {
    let (class, _) = turn(row, rows, 2);
    let (radius, angle) = (if class == 0 { 1.0 } else { 0.5 }, stream.uniform(0.0, TAU));
    noisy(radius * angle.cos(), radius * angle.sin(), class as f64, noise, stream)
}
