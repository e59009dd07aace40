//! `moons`: two half circles, each reaching into the other.

use super::generator::{Entry, Generator, OF_PLANE, PLANE, SAMPLES, SEED, noise, noisy, turn};
use crate::tensor::Stream;
use std::f64::consts::PI;

/// Two half circles.
pub(super) static MOONS: Generator = Generator {
    source: Entry {
        name: "moons",
        summary: "two classes: two interleaved half circles",
        formula: "(cos t, sin t) and (1 − cos t, ½ − sin t), 0 ≤ t ≤ π",
        parameters: &[SAMPLES, noise(0.1), SEED],
        example: "data moons(samples=300, noise=0.1) { }",
        remarks: OF_PLANE,
        names: &["two_moons"],
    }
    .source(|arguments| MOONS.configure(arguments)),
    columns: PLANE,
    classes: 2,
    point,
};

/// Two half circles, each reaching into the other: (cos t, sin t) and (1 − cos t, ½ − sin t), t in [0, π].
fn point(row: usize, rows: usize, noise: f64, stream: &mut Stream) -> [f64; 3] {
    let (class, along) = turn(row, rows, 2);
    let t = PI * along;
    let (x, y) = if class == 0 { (t.cos(), t.sin()) } else { (1.0 - t.cos(), 0.5 - t.sin()) };
    noisy(x, y, class as f64, noise, stream)
}
