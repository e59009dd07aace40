//! `blobs`: three clouds.

use super::generator::{Entry, Generator, OF_PLANE, PLANE, SAMPLES, SEED, noise, noisy, turn};
use crate::tensor::Stream;
use std::f64::consts::TAU;

/// Three clouds.
pub(super) static BLOBS: Generator = Generator {
    source: Entry {
        name: "blobs",
        summary: "three classes: three clouds",
        formula: "N(centre, noise²) around three centres",
        parameters: &[SAMPLES, noise(0.5), SEED],
        example: "data blobs(samples=300) { }",
        remarks: OF_PLANE,
        names: &[],
    }
    .source(|arguments| BLOBS.configure(arguments)),
    columns: PLANE,
    classes: 3,
    point,
};

/// Three clouds, their centres at distance 2 from the origin and from one another as corners of a triangle;
/// each a normal distribution of deviation `noise`.
fn point(row: usize, rows: usize, noise: f64, stream: &mut Stream) -> [f64; 3] {
    let (class, _) = turn(row, rows, 3);
    let angle = TAU * (class as f64 / 3.0 + 0.25);
    noisy(2.0 * angle.cos(), 2.0 * angle.sin(), class as f64, noise, stream)
}
